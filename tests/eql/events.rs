//! Events made for an expression: some that match it, and many that nearly do.

use crosswalk::query::{Affix, Case, Expr, Op, Order, Part, Test};
use serde_json::{Map, Value, json};

/// What no test asks for.
const OTHER: &str = "zzz-other";

/// Events for an expression: its alternatives are tried one after another, and each event made so
/// is varied field by field.
pub(crate) fn synthesize(expr: &Expr) -> Vec<Value> {
    let mut events = vec![json!({})];
    for choice in 0..6 {
        let mut event = Map::new();
        satisfy(expr, true, choice, &mut event);
        events.extend(variants(&event));
    }
    for test in expr.tests() {
        if let Some(path) = test.path() {
            for value in witnesses(test) {
                events.push(json!({ path.as_str(): value }));
            }
        }
    }
    events
}

/// The event itself, and each of its fields missing, other, upper case, and one of two values.
fn variants(event: &Map<String, Value>) -> Vec<Value> {
    let mut events = vec![Value::Object(event.clone())];
    for (name, value) in event {
        let mut without = event.clone();
        without.shift_remove(name);
        events.push(Value::Object(without));
        let mut others = vec![json!(OTHER), json!([value, OTHER]), json!("")];
        others.extend(value.as_str().map(|text| json!(text.to_uppercase())));
        for other in others {
            let mut changed = event.clone();
            changed.insert(name.clone(), other);
            events.push(Value::Object(changed));
        }
    }
    events
}

/// Sets fields so that the expression holds (or does not), as far as a walk without return can.
fn satisfy(expr: &Expr, wanted: bool, choice: usize, event: &mut Map<String, Value>) {
    match (expr, wanted) {
        (Expr::True | Expr::False, _) => {}
        (Expr::Not(inner), _) => satisfy(inner, !wanted, choice, event),
        (Expr::And(members), true) | (Expr::Or(members), false) => {
            members.iter().for_each(|member| satisfy(member, wanted, choice, event));
        }
        (Expr::Or(members), true) | (Expr::And(members), false) => {
            satisfy(&members[choice % members.len()], wanted, choice, event);
        }
        (Expr::Test(test), _) => {
            let Some(path) = test.path() else { return };
            if !wanted || test.eval(&Value::Object(event.clone())) {
                return;
            }
            let all = witnesses(test);
            let witness = all[choice % all.len()].clone();
            // Several tests of one field may each be satisfied by a value of its own.
            let value = match event.remove(path.as_str()) {
                None => witness,
                Some(Value::Array(mut values)) => {
                    values.push(witness);
                    Value::Array(values)
                }
                Some(value) => json!([value, witness]),
            };
            event.insert(path.as_str().to_owned(), value);
            if let Op::Field { other, .. } = &test.op {
                event.insert(other.as_str().to_owned(), json!("same"));
            }
        }
    }
}

/// Values that satisfy a test, or nearly.
fn witnesses(test: &Test) -> Vec<Value> {
    match &test.op {
        Op::Exists => vec![json!(OTHER)],
        Op::Matches { pattern, case } => {
            let text = |any: &str| -> String {
                let part = |part: &Part| match part {
                    Part::Literal(text) => text.clone(),
                    Part::One => "q".into(),
                    Part::Any => any.into(),
                };
                pattern.parts().iter().map(part).collect()
            };
            let mut texts = vec![json!(text("")), json!(text("xY"))];
            if *case == Case::Insensitive {
                texts.push(json!(text("").to_uppercase()));
            }
            texts
        }
        Op::Compare { order, number } => {
            let by = match order {
                Order::Less => -1.0,
                Order::Greater => 1.0,
                _ => 0.0,
            };
            vec![json!(number.get() + by), json!(number.get()), json!(number.get() + 7.0)]
        }
        Op::Cidr(cidr) => vec![json!(cidr.net().network().to_string()), json!("203.0.113.9")],
        Op::Field { affix, .. } => vec![match affix {
            Affix::Start => json!("same-x"),
            Affix::End => json!("x-same"),
            Affix::Whole | Affix::Within => json!("same"),
        }],
        // Digits, a length, a path: whatever the expressions of public rules ask for.
        Op::Regex(_) => vec![
            json!("10.0.0.1"),
            json!("/tmp/a 1.2.3.4"),
            json!("a.exe"),
            json!("C:\\Windows\\System32\\a.exe"),
            json!("x".repeat(60)),
        ],
        _ => vec![json!(OTHER)],
    }
}
