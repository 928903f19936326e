//! Writing detections: conditions as text, selections as an ordered tree for any YAML writer.

use serde_json::{Map, Number, Value as Json};

use super::ast::{Condition, Detection, Item, NamePattern, Quantifier, Selection, Value};
use super::escape;

/// The condition in Sigma's words, with as few parentheses as its grammar allows.
pub fn condition(condition: &Condition) -> String {
    written(condition, 0)
}

/// Binding strengths: `or` 0, `and` 1, `not` 2.
fn written(condition: &Condition, around: u8) -> String {
    let (own, text) = match condition {
        Condition::Name(name) => return name.value.clone(),
        Condition::Of(quantifier, pattern) => {
            let quantifier = match quantifier {
                Quantifier::One => "1",
                Quantifier::All => "all",
            };
            let pattern = match &pattern.value {
                NamePattern::Them => "them".to_owned(),
                NamePattern::Glob(glob) => escape(glob),
            };
            return format!("{quantifier} of {pattern}");
        }
        Condition::Not(inner) => return format!("not {}", written(inner, 2)),
        Condition::And(members) => (1, joined(members, " and ", 1)),
        Condition::Or(members) => (0, joined(members, " or ", 0)),
    };
    if own < around { format!("({text})") } else { text }
}

fn joined(members: &[Condition], word: &str, own: u8) -> String {
    // A junction inside one of its kind keeps its own parentheses, so that the tree reads back.
    members.iter().map(|member| written(member, own + 1)).collect::<Vec<_>>().join(word)
}

/// The whole section as an ordered mapping: selections, then `condition`.
pub fn detection(detection: &Detection) -> Json {
    let mut out = Map::new();
    for (name, selection) in &detection.selections {
        out.insert(name.value.clone(), self::selection(selection));
    }
    let mut conditions: Vec<Json> =
        detection.conditions.iter().map(|c| Json::String(condition(&c.value))).collect();
    let condition = match conditions.len() {
        1 => conditions.swap_remove(0),
        _ => Json::Array(conditions),
    };
    out.insert("condition".to_owned(), condition);
    Json::Object(out)
}

fn selection(selection: &Selection) -> Json {
    match selection {
        Selection::All(items) => match items.as_slice() {
            [item] if is_keyword(item) => {
                item.values.first().map_or(Json::Null, |v| value(&v.value))
            }
            _ => Json::Object(items.iter().map(|item| (key(item), values(item))).collect()),
        },
        Selection::Any(members) => Json::Array(members.iter().map(self::selection).collect()),
    }
}

/// A bare text in a list; keywords with modifiers are mappings with the key `|modifier`.
fn is_keyword(item: &Item) -> bool {
    item.field.is_none() && item.modifiers.is_empty() && !item.list
}

/// The key with its modifiers.
pub fn key(item: &Item) -> String {
    let mut key = item.field.as_ref().map_or(String::new(), |field| field.value.clone());
    for modifier in &item.modifiers {
        key.push('|');
        key.push_str(modifier.value.name());
    }
    key
}

fn values(item: &Item) -> Json {
    match item.values.as_slice() {
        [one] if !item.list => value(&one.value),
        many => Json::Array(many.iter().map(|one| value(&one.value)).collect()),
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::String(text.clone()),
        Value::Number(text) => number(text),
        Value::Bool(value) => Json::Bool(*value),
        Value::Null => Json::Null,
    }
}

fn number(text: &str) -> Json {
    let integer = text.parse::<i64>().ok().map(Number::from);
    let number = integer.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64));
    // `1.10` is compared by its digits, which a number would lose.
    let number = number.filter(|number| number.to_string() == text);
    number.map_or_else(|| Json::String(text.to_owned()), Json::Number)
}
