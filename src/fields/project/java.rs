//! Values as Java writes them, which is what `aws.cloudtrail.request_parameters` and its like hold.
//!
//! A map is written `{key=value, ...}` in the order of `java.util.HashMap`: a table of buckets, 16
//! at first and doubled when it is three quarters full; the bucket of a key is the lower bits of
//! its hash, whose upper half is mixed into the lower; keys of one bucket stand in the order in
//! which they came. Sources: the Java SE API (`String.hashCode`, `AbstractMap.toString`,
//! `Double.toString`) and OpenJDK's `HashMap`, held against the integration's own fixtures.
//!
//! The table does not shrink when keys are removed, so the order is that of all keys, also of
//! those whose values are dropped as empty. (Nine keys in one bucket of a large table become a
//! tree, which may move one of them to the front. That is not followed.)

use serde_json::{Map, Number, Value};

/// Buckets of a new table.
const BUCKETS: usize = 16;

/// So many keys in one bucket make a small table grow before it is full.
const CROWD: usize = 8;

/// The size from which on it does not for that reason.
const LARGE: usize = 64;

/// The text of a value without what is empty in it; `None` if it is empty itself.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(number(value)),
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(text).collect();
            (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
        }
        Value::Object(members) => map(members),
    }
}

fn map(members: &Map<String, Value>) -> Option<String> {
    let keys: Vec<&str> = members.keys().map(String::as_str).collect();
    let written = order(&keys).into_iter().filter_map(|index| {
        let key = *keys.get(index)?;
        Some(format!("{key}={}", text(members.get(key)?)?))
    });
    let written: Vec<String> = written.collect();
    (!written.is_empty()).then(|| format!("{{{}}}", written.join(", ")))
}

/// Places of distinct keys in the order in which a hash map gives them back.
fn order(keys: &[&str]) -> Vec<usize> {
    let hashes: Vec<u32> = keys.iter().map(|key| hash(key)).collect();
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); BUCKETS];
    for (index, hash) in hashes.iter().enumerate() {
        let size = buckets.len();
        let Some(bucket) = buckets.get_mut(*hash as usize & (size - 1)) else { continue };
        let crowded = bucket.len() >= CROWD && size < LARGE;
        bucket.push(index);
        if crowded {
            buckets = grown(&buckets, &hashes);
        }
        if index + 1 > buckets.len() / 4 * 3 {
            buckets = grown(&buckets, &hashes);
        }
    }
    buckets.into_iter().flatten().collect()
}

fn grown(buckets: &[Vec<usize>], hashes: &[u32]) -> Vec<Vec<usize>> {
    let size = buckets.len() * 2;
    let mut next = vec![Vec::new(); size];
    for index in buckets.iter().flatten() {
        let hash = hashes.get(*index).copied().unwrap_or_default();
        if let Some(bucket) = next.get_mut(hash as usize & (size - 1)) {
            bucket.push(*index);
        }
    }
    next
}

/// The hash of a text over its UTF-16 units, spread as the map does.
fn hash(text: &str) -> u32 {
    let hash =
        text.encode_utf16().fold(0u32, |h, unit| h.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

/// Whole numbers as they are; others as `Double.toString` writes them.
fn number(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => double(value),
        _ => number.to_string(),
    }
}

/// Plain between a thousandth and ten million, otherwise with an exponent; always with a fraction.
fn double(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let written = format!("{value:e}");
    match written.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        Some((digits, exponent)) => format!("{digits}E{exponent}"),
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_java_writes_them() {
        for (value, expected) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.001, "0.001"),
            (0.0009, "9.0E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (-1.25e-10, "-1.25E-10"),
            (1.5e300, "1.5E300"),
        ] {
            assert_eq!(double(value), expected);
        }
        assert_eq!(text(&json!(12_345_678_901_u64)), Some("12345678901".into()));
        assert_eq!(text(&json!(-7)), Some("-7".into()));
    }

    #[test]
    fn hashes_are_those_of_strings() {
        // "FB" and "Ea" are the well-known pair with one hash, and units beyond ASCII count as UTF-16.
        assert_eq!(hash("FB"), hash("Ea"));
        assert_eq!(hash("FB"), 2236);
        let pair = 0xd83du32 * 31 + 0xde00;
        assert_eq!(hash("\u{1f600}"), pair ^ (pair >> 16));
    }

    #[test]
    fn dropped_keys_keep_the_table_large() {
        let keys: Vec<String> = (0..13).map(|n| format!("key{n}")).collect();
        let full: Map<String, Value> = keys.iter().map(|k| (k.clone(), json!(1))).collect();
        let mut few = full.clone();
        few.iter_mut().skip(2).for_each(|(_, value)| *value = json!(""));
        let order = |members: &Map<String, Value>| map(members).unwrap_or_default();
        let first: Vec<String> =
            order(&full).split([',', '{', '}']).map(str::trim).map(Into::into).collect();
        let kept: Vec<&String> =
            first.iter().filter(|t| *t == "key0=1" || *t == "key1=1").collect();
        assert_eq!(order(&few), format!("{{{}, {}}}", kept[0], kept[1]));
    }

    #[test]
    fn what_is_empty_is_not_written() {
        let value = json!({"a": {"b": [null, "", {"c": []}]}, "d": [[1, [""]], true]});
        assert_eq!(text(&value), Some("{d=[[1], true]}".into()));
        assert_eq!(text(&json!({"a": {"b": ""}})), None);
        assert_eq!(text(&json!("text")), Some("text".into()));
    }
}
