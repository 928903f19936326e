//! Lists of objects of which ECS keeps one of each kind.

use serde_json::{Map, Value};

use super::{java, place};
use crate::fields::{List, Table};

/// Puts the list into the document: objects that agree in the fields which tell them apart become
/// the last of them, in the place of the first; what is no object is left out. Anything but a list
/// is taken as it is. (The pipeline gives them the order of a hash map, which no query can see.)
pub(super) fn put(table: &Table, list: &List, record: &Value, document: &mut Map<String, Value>) {
    let value = match place::at(record, &list.raw) {
        None => return,
        Some(Value::Array(items)) => Value::Array(distinct(table, list, items)),
        Some(other) => other.clone(),
    };
    place::put(document, &list.ecs, value);
}

fn distinct(table: &Table, list: &List, items: &[Value]) -> Vec<Value> {
    let mut kinds: indexmap::IndexMap<String, Value> = indexmap::IndexMap::new();
    for item in items.iter().filter_map(Value::as_object) {
        let kind = |name: &String| item.get(name).and_then(java::text).unwrap_or_default();
        let kind: Vec<String> = list.distinct_by.iter().map(kind).collect();
        kinds.insert(kind.join("_"), renamed(table, list, item));
    }
    kinds.into_values().collect()
}

/// The object with the names that the rows of the list's fields give; the others keep theirs.
fn renamed(table: &Table, list: &List, item: &Map<String, Value>) -> Value {
    let name = |key: &String| {
        let raw = format!("{}.{key}", list.raw);
        let ecs = table.fields.iter().find(|row| row.raw == raw)?.ecs.as_deref()?;
        Some(ecs.strip_prefix(&list.ecs)?.strip_prefix('.')?.to_owned())
    };
    let members = item.iter().map(|(key, value)| match name(key) {
        Some(name) => (name, value.clone()),
        None => (key.clone(), value.clone()),
    });
    Value::Object(members.collect())
}
