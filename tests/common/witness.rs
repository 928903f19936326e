//! Events made of an expression's own literals, so that verdicts on them say something: what one
//! branch asks for, the same in other letters, with a field less, with a character more, with a
//! value of another kind beside it.

use crosswalk::query::{Affix, Expr, Op, Order, Part, Pattern, Subject, Test};
use serde_json::{Map, Value, json};

/// Most fields of an event that are taken away or changed in turn.
const VARIED: usize = 6;

/// Most tests of an expression that get events of their own.
const ALONE: usize = 12;

/// What no test asks for.
const OTHER: &str = "zzz-other";

/// Events for an expression; fields stand under their dotted names. `several` lets a field hold all
/// the values that a branch asks for, and others; otherwise it holds the first.
pub fn events(expr: &Expr, several: bool) -> Vec<Value> {
    let mut events = vec![Map::new()];
    for branch in 0..3 {
        for fill in ["", "x"] {
            let mut event = Map::new();
            Filler { branch, fill }.satisfy(expr, true, &mut event);
            vary(&event, &mut events);
        }
    }
    for test in expr.tests().into_iter().take(ALONE) {
        let alone = |value| Map::from_iter([(key(test).to_owned(), json!([value]))]);
        events.extend(witnesses(test, "yz").into_iter().map(alone));
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
        for change in [|text: &str| format!("{text}~"), str::to_uppercase, |_: &str| String::new()]
        {
            let mut other = event.clone();
            each_text(&mut other, Some(key), change);
            events.push(other);
        }
        let mut more = event.clone();
        add(key, json!(OTHER), &mut more);
        events.push(more);
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

/// A choice among all that could make an expression hold.
#[derive(Clone, Copy)]
struct Filler<'f> {
    /// Which member of a disjunction, and which value of a test.
    branch: usize,
    /// What stands for `*`.
    fill: &'f str,
}

impl Filler<'_> {
    /// Puts values into the event that make the expression hold (or not), as far as a walk without
    /// return can.
    fn satisfy(self, expr: &Expr, wanted: bool, event: &mut Map<String, Value>) {
        match (expr, wanted) {
            (Expr::True | Expr::False, _) => {}
            (Expr::Not(inner), _) => self.satisfy(inner, !wanted, event),
            (Expr::And(members), true) | (Expr::Or(members), false) => {
                members.iter().for_each(|member| self.satisfy(member, wanted, event));
            }
            (Expr::Or(members), true) | (Expr::And(members), false) => {
                self.satisfy(&members[self.branch % members.len()], wanted, event);
            }
            (Expr::Test(test), true) => self.note(test, event),
            (Expr::Test(_), false) => {}
        }
    }

    fn note(self, test: &Test, event: &mut Map<String, Value>) {
        let all = witnesses(test, self.fill);
        let choice = 2 * self.branch + self.fill.len();
        add(key(test), all[choice % all.len()].clone(), event);
        if let Op::Field { other, .. } = &test.op {
            add(other.as_str(), json!("same"), event);
        }
    }
}

fn key(test: &Test) -> &str {
    match &test.subject {
        Subject::Field(path) => path.as_str(),
        Subject::Event => "anywhere",
    }
}

fn add(key: &str, value: Value, event: &mut Map<String, Value>) {
    let values = event.entry(key).or_insert_with(|| json!([]));
    if let Some(values) = values.as_array_mut() {
        values.push(value);
    }
}

/// Values that satisfy a test, or nearly.
pub fn witnesses(test: &Test, fill: &str) -> Vec<Value> {
    match &test.op {
        Op::Matches { pattern, .. } => vec![json!(filled(pattern, fill))],
        Op::Compare { order, number } => {
            let by = match order {
                Order::Greater => 1.0,
                Order::Less => -1.0,
                _ => 0.0,
            };
            let number = number.get();
            // Every second choice satisfies the test.
            [number + by, number, number + by, number - by].map(whole).to_vec()
        }
        Op::Cidr(cidr) => {
            let net = cidr.net();
            [net.network().to_string(), net.broadcast().to_string(), net.addr().to_string()]
                .map(Value::from)
                .to_vec()
        }
        // What many expressions are found in: themselves without their signs, digits, a length, a
        // path.
        Op::Regex(regex) => [
            regex.source().replace(['\\', '^', '$', '(', ')', '?', '*', '+'], ""),
            "10.0.0.1".to_owned(),
            "/tmp/a 1.2.3.4".to_owned(),
            "a.exe".to_owned(),
            "C:\\Windows\\System32\\a.exe".to_owned(),
            "x".repeat(60),
        ]
        .map(Value::from)
        .to_vec(),
        Op::Words(words) => vec![json!(words.join(" ")), json!(words.concat())],
        Op::Null => vec![Value::Null],
        Op::Exists => vec![json!(format!("v{fill}"))],
        Op::Time { .. } => vec![json!("2024-05-06T07:08:09Z"), json!("2024-12-31T23:59:59Z")],
        Op::Field { affix, .. } => vec![match affix {
            Affix::Start => json!("same-x"),
            Affix::End => json!("x-same"),
            Affix::Whole | Affix::Within => json!("same"),
        }],
    }
}

/// Events write whole numbers without a fraction.
fn whole(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn filled(pattern: &Pattern, fill: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "q".to_owned(),
        Part::Any => fill.to_owned(),
    };
    pattern.parts().iter().map(piece).collect()
}
