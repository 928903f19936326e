//! Events that an expression tells apart: its fields with values made of its own literals.

use std::collections::BTreeMap;

use crosswalk::query::{Expr, Op, Part, Pattern, Subject, Test};
use serde_json::{Value, json};

/// Some events with the fields of an expression, each with one value or absent.
pub(crate) fn events(expr: &Expr, count: usize) -> Vec<Value> {
    let values = candidates(expr);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut events = vec![json!({})];
    // The first values of all fields make conjunctions true.
    let first = values.iter().map(|(field, values)| ((*field).to_owned(), values[0].clone()));
    events.push(first.collect::<serde_json::Map<_, _>>().into());
    while events.len() < count {
        let mut event = serde_json::Map::new();
        for (field, values) in &values {
            if random(6) > 0 {
                event.insert((*field).to_owned(), values[random(values.len())].clone());
            }
        }
        events.push(event.into());
    }
    events
}

fn candidates(expr: &Expr) -> BTreeMap<&str, Vec<Value>> {
    let mut values: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for test in expr.tests() {
        if let Subject::Field(path) = &test.subject {
            values.entry(path.as_str()).or_default().extend(satisfying(test));
            if let Op::Field { other, .. } = &test.op {
                values.entry(other.as_str()).or_default().extend([json!("Same"), json!("same")]);
            }
        }
    }
    for values in values.values_mut() {
        values.extend([json!("other value"), json!("")]);
        values.dedup();
        values.truncate(30);
    }
    values
}

/// Values near the edge of a test.
fn satisfying(test: &Test) -> Vec<Value> {
    match &test.op {
        Op::Matches { pattern, .. } => {
            let texts = [filled(pattern, ""), filled(pattern, "any thing")];
            let cased = texts.iter().flat_map(|text| {
                [text.clone(), text.to_lowercase(), text.to_uppercase(), format!("{text}~")]
            });
            cased.map(Value::from).collect()
        }
        Op::Compare { number, .. } => {
            [0.0, 1.0, -1.0].into_iter().map(|step| json!(number.get() + step)).collect()
        }
        Op::Cidr(network) => {
            let net = network.net();
            [net.network().to_string(), net.broadcast().to_string(), "192.0.2.77".into()]
                .into_iter()
                .map(Value::from)
                .collect()
        }
        Op::Regex(regex) => {
            // The expression without its signs is often near to what it matches.
            let letters: String = regex
                .source()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '/' | '-' | '_' | ':' | '='))
                .collect();
            vec![json!(letters), json!(letters.to_lowercase()), json!("a1 b2")]
        }
        Op::Field { .. } => vec![json!("Same"), json!("same"), json!("Same and more")],
        Op::Time { .. } => vec![json!("2024-05-06T07:08:09Z"), json!("2024-12-31T23:59:59Z")],
        Op::Words(words) => vec![json!(words.join(" ")), json!(words.concat())],
        Op::Exists | Op::Null => vec![json!("x"), Value::Null],
    }
}

fn filled(pattern: &Pattern, any: &str) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "x".to_owned(),
        Part::Any => any.to_owned(),
    };
    pattern.parts().iter().map(part).collect()
}
