//! From tests that must and must not hold to an event.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::facts::Facts;
use super::sample::candidates;
use crate::query::{FieldPath, Op, Schema, Subject, Test};

/// What one field must and must not satisfy.
#[derive(Default)]
struct Wanted<'t> {
    holds: Vec<&'t Op>,
    fails: Vec<&'t Op>,
}

/// An event for the facts, if values are found: one that makes all tests of a field hold and none
/// that must fail; where there is none, and the field may have several, one for each. Whether the
/// event is right is for the evaluator to say: fields inside one another may get in each other's
/// way.
pub(super) fn realise(facts: &Facts<'_>, schema: &dyn Schema) -> Option<Value> {
    let mut fields: IndexMap<&FieldPath, Wanted<'_>> = IndexMap::new();
    let mut anywhere = Wanted::default();
    for (test, holds) in facts.literals() {
        let wanted = match &test.subject {
            Subject::Field(path) => fields.entry(path).or_default(),
            Subject::Event => &mut anywhere,
        };
        if holds { &mut wanted.holds } else { &mut wanted.fails }.push(&test.op);
    }
    let mut event = Map::new();
    for (path, wanted) in fields {
        if wanted.holds.is_empty() {
            continue;
        }
        let mut values = values(path, &wanted, schema)?;
        let value = if values.len() == 1 { values.swap_remove(0) } else { Value::Array(values) };
        put(&mut event, path.as_str(), value);
    }
    for op in anywhere.holds {
        // Keywords may stand in any field.
        let value = candidates(&[op], &schema.facts(&KEYWORDS.into())).into_iter().next()?;
        put(&mut event, KEYWORDS, value);
    }
    Some(Value::Object(event))
}

/// The field that a keyword is put into.
const KEYWORDS: &str = "message";

fn values(path: &FieldPath, wanted: &Wanted<'_>, schema: &dyn Schema) -> Option<Vec<Value>> {
    let facts = schema.facts(path);
    let fits = |value: &Value, holds: &[&Op]| {
        let accepts = |op: &Op| accepts(op, value);
        holds.iter().all(|op| accepts(op)) && !wanted.fails.iter().any(|op| accepts(op))
    };
    let one = candidates(&wanted.holds, &facts).into_iter().find(|v| fits(v, &wanted.holds));
    if let Some(value) = one {
        return Some(vec![value]);
    }
    if facts.single {
        return None;
    }
    let each = wanted.holds.iter().map(|op| {
        let alone = std::slice::from_ref(op);
        candidates(alone, &facts).into_iter().find(|value| fits(value, alone))
    });
    each.collect()
}

fn accepts(op: &Op, value: &Value) -> bool {
    let mut event = Map::new();
    event.insert("value".to_owned(), value.clone());
    Test::field("value", op.clone()).eval(&Value::Object(event))
}

/// Writes a value at a path, with the objects on the way; where something else stands in the way,
/// under the dotted path, which means the same.
fn put(event: &mut Map<String, Value>, path: &str, value: Value) {
    let steps: Vec<&str> = path.split('.').collect();
    let Some((last, way)) = steps.split_last() else { return };
    if !is_free(event, way, last) {
        event.insert(path.to_owned(), value);
        return;
    }
    let mut place = event;
    for step in way {
        let next = place.entry((*step).to_owned()).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(object) = next else { return };
        place = object;
    }
    place.insert((*last).to_owned(), value);
}

/// Whether only objects stand on the way and nothing at its end.
fn is_free(event: &Map<String, Value>, way: &[&str], last: &str) -> bool {
    let mut place = event;
    for step in way {
        match place.get(*step) {
            None => return true,
            Some(Value::Object(object)) => place = object,
            Some(_) => return false,
        }
    }
    !place.contains_key(last)
}
