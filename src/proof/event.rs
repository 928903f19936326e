//! A counterexample as an event that people can read.

use serde_json::{Map, Value};

use super::theory::Model;
use crate::query::FieldPath;

/// Most values that are left out one by one.
const MINIMISED: usize = 64;

/// The smallest event within a model that still is what it has to be; `None` if not even all of
/// the model is. `plain` fields hold numbers and truth values, where they can.
pub(super) fn minimised(
    mut model: Model,
    keeps: &dyn Fn(&Value) -> bool,
    plain: &dyn Fn(&FieldPath) -> bool,
) -> Option<Value> {
    if !keeps(&flat(&model)) {
        return None;
    }
    if model.values().map(Vec::len).sum::<usize>() <= MINIMISED {
        without_fields(&mut model, keeps);
        without_values(&mut model, keeps);
    }
    for field in model.keys().filter(|field| plain(field)).cloned().collect::<Vec<_>>() {
        for at in 0..model.get(&field).map_or(0, Vec::len) {
            with_change(&mut model, keeps, |model| {
                if let Some(value) = model.get_mut(&field).and_then(|values| values.get_mut(at)) {
                    *value = plainly(value);
                }
            });
        }
    }
    let flat = flat(&model);
    Some(nested(&model).filter(keeps).unwrap_or(flat))
}

fn with_change(
    model: &mut Model,
    keeps: &dyn Fn(&Value) -> bool,
    change: impl Fn(&mut Model),
) -> bool {
    let mut changed = model.clone();
    change(&mut changed);
    let kept = keeps(&flat(&changed));
    if kept {
        *model = changed;
    }
    kept
}

fn without_fields(model: &mut Model, keeps: &dyn Fn(&Value) -> bool) {
    for field in model.keys().cloned().collect::<Vec<_>>() {
        with_change(model, keeps, |model| {
            model.remove(&field);
        });
    }
}

fn without_values(model: &mut Model, keeps: &dyn Fn(&Value) -> bool) {
    for field in model.keys().cloned().collect::<Vec<_>>() {
        let mut at = 0;
        while model.get(&field).is_some_and(|values| values.len() > 1 && at < values.len()) {
            let less = with_change(model, keeps, |model| {
                if let Some(values) = model.get_mut(&field) {
                    values.remove(at);
                }
            });
            at += usize::from(!less);
        }
    }
}

/// A text that is written like a number or a truth value, as that.
fn plainly(value: &Value) -> Value {
    let read = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    match read {
        Some(plain @ (Value::Number(_) | Value::Bool(_)))
            if value.as_str() == Some(&plain.to_string()) =>
        {
            plain
        }
        _ => value.clone(),
    }
}

fn one_or_list(values: &[Value]) -> Value {
    match values {
        [one] => one.clone(),
        many => Value::Array(many.to_vec()),
    }
}

/// With dotted keys, so that every field is for itself.
pub(super) fn flat(model: &Model) -> Value {
    let members = model.iter().map(|(field, values)| (field.to_string(), one_or_list(values)));
    Value::Object(members.collect())
}

/// With an object for each step of a path; `None` where one field would stand inside another.
fn nested(model: &Model) -> Option<Value> {
    let mut event = Map::new();
    for (field, values) in model {
        let mut at = &mut event;
        let mut steps = field.as_str().split('.').peekable();
        while let Some(step) = steps.next() {
            let last = steps.peek().is_none();
            let empty = || if last { one_or_list(values) } else { Value::Object(Map::new()) };
            if last && at.contains_key(step) {
                return None;
            }
            let next = at.entry(step).or_insert_with(empty);
            if last {
                break;
            }
            at = next.as_object_mut()?;
        }
    }
    Some(Value::Object(event))
}
