//! Events made of an expression's own literals, so that verdicts on them say something: what one
//! branch asks for, the same in other letters, with a field less, with a character more.

use crosswalk::query::{Expr, Op, Order, Part, Pattern, Subject, Test};
use serde_json::{Map, Value, json};

/// Most fields of an event that are taken away or changed in turn.
const VARIED: usize = 6;

/// Events for an expression; fields stand under their dotted names. `several` lets a field hold all
/// the values that a branch asks for; otherwise it holds the first.
pub fn events(expr: &Expr, several: bool) -> Vec<Value> {
    let mut events = vec![Map::new()];
    for branch in 0..3 {
        for fill in ["", "x"] {
            let mut event = Map::new();
            satisfy(expr, branch, fill, &mut event);
            vary(&event, &mut events);
        }
    }
    for test in expr.tests().into_iter().take(12) {
        let mut event = Map::new();
        note(test, "yz", &mut event);
        events.push(event);
    }
    let finished = |event: Map<String, Value>| {
        let value = |value: Value| match value {
            Value::Array(mut values) if !several || values.len() == 1 => values.swap_remove(0),
            other => other,
        };
        Value::Object(event.into_iter().map(|(key, values)| (key, value(values))).collect())
    };
    events.into_iter().map(finished).collect()
}

/// The event, and its near misses.
fn vary(event: &Map<String, Value>, events: &mut Vec<Map<String, Value>>) {
    for key in event.keys().take(VARIED) {
        let mut less = event.clone();
        less.remove(key);
        events.push(less);
        let mut longer = event.clone();
        each_text(&mut longer, Some(key), |text| format!("{text}~"));
        events.push(longer);
    }
    for case in [str::to_uppercase, str::to_lowercase] {
        let mut other = event.clone();
        each_text(&mut other, None, case);
        events.push(other);
    }
    events.push(event.clone());
}

fn each_text(event: &mut Map<String, Value>, key: Option<&str>, change: impl Fn(&str) -> String) {
    for (own, values) in event {
        if key.is_none_or(|key| key == own) {
            for value in values.as_array_mut().into_iter().flatten() {
                if let Some(text) = value.as_str() {
                    *value = json!(change(text));
                }
            }
        }
    }
}

/// Puts values into the event that make the expression hold, as far as that is easy.
fn satisfy(expr: &Expr, branch: usize, fill: &str, event: &mut Map<String, Value>) {
    match expr {
        Expr::Test(test) => note(test, fill, event),
        Expr::And(members) => members.iter().for_each(|m| satisfy(m, branch, fill, event)),
        Expr::Or(members) => satisfy(&members[branch % members.len()], branch, fill, event),
        Expr::True | Expr::False | Expr::Not(_) => {}
    }
}

fn note(test: &Test, fill: &str, event: &mut Map<String, Value>) {
    let value = match &test.op {
        Op::Matches { pattern, .. } => json!(filled(pattern, fill)),
        Op::Compare { order, number } => {
            let more = match order {
                Order::Greater => 1.0,
                Order::Less => -1.0,
                _ => 0.0,
            };
            let value = number.get() + more;
            // Events write whole numbers without a fraction.
            if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
        }
        Op::Cidr(cidr) => json!(cidr.net().addr().to_string()),
        // What many expressions are found in.
        Op::Regex(regex) => {
            json!(regex.source().replace(['\\', '^', '$', '(', ')', '?', '*', '+'], ""))
        }
        Op::Words(words) => json!(words.join(" ")),
        Op::Null => Value::Null,
        Op::Exists | Op::Field { .. } | Op::Time { .. } => json!(format!("v{fill}")),
    };
    let key = match &test.subject {
        Subject::Field(path) => path.as_str(),
        Subject::Event => "anywhere",
    };
    let values = event.entry(key).or_insert_with(|| json!([]));
    if let Some(values) = values.as_array_mut() {
        values.push(value);
    }
}

fn filled(pattern: &Pattern, fill: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "q".to_owned(),
        Part::Any => fill.to_owned(),
    };
    pattern.parts().iter().map(piece).collect()
}
