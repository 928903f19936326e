//! Random events around an expression, the same in every run: values of its own literals in every
//! spelling, missing, empty, null, in lists, of another type, under fields that it asks for.

use crosswalk::proof::{Limits, synth};
use crosswalk::query::{Expr, FieldFacts, FieldPath, Schema};
use serde_json::{Map, Value, json};

use super::witness;

/// Tests of an expression that get events of their own from the prover.
const BRANCHES: usize = 6;

/// Numbers that look random and are not (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers of their own for every name.
    pub fn of(name: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, zero if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or_default()
    }

    fn of_list<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let at = self.below(list.len());
        list.get(at)
    }
}

/// What events may hold beside texts and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shapes {
    /// Lists, objects, `null`: whatever JSON has.
    All,
    /// Scalars, `null` and lists of scalars, as an index of documents has them.
    Lists,
    /// One scalar or none a field, as a table or a record without lists has it.
    Scalars,
}

/// A schema of which every field may have one value only.
struct Shaped<'s> {
    schema: &'s dyn Schema,
    single: bool,
}

impl Schema for Shaped<'_> {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let facts = self.schema.facts(field);
        FieldFacts { single: facts.single || self.single, ..facts }
    }
}

/// An endless source of events around an expression.
#[derive(Debug)]
pub struct Events {
    random: Random,
    shapes: Shapes,
    /// Events of the prover and of the literals, as flat members.
    bases: Vec<Map<String, Value>>,
    fields: Vec<FieldPath>,
    values: Vec<Value>,
}

impl Events {
    pub fn around(expr: &Expr, schema: &dyn Schema, name: &str, shapes: Shapes) -> Self {
        let few = Limits { rounds: 200, states: 2_000, steps: 200_000 };
        let schema = Shaped { schema, single: shapes == Shapes::Scalars };
        let examples = synth(expr, &schema, &few, BRANCHES).events;
        let made = witness::events(expr, shapes != Shapes::Scalars);
        let events = examples.into_iter().map(|example| example.event).chain(made);
        let fields: Vec<FieldPath> = expr.fields().into_iter().cloned().collect();
        let bases: Vec<Map<String, Value>> =
            events.map(|event| flat(&event, &fields)).filter(|event| !event.is_empty()).collect();
        let mut values: Vec<Value> =
            expr.tests().into_iter().flat_map(|test| witness::witnesses(test, "x")).collect();
        values.extend(bases.iter().flat_map(|event| event.values().cloned()));
        values.retain(|value| !value.is_array() && !value.is_object() && !value.is_null());
        Self { random: Random::of(name), shapes, bases, fields, values }
    }

    /// The next event, under dotted names.
    pub fn next(&mut self) -> Value {
        let mut event = self.random.of_list(&self.bases).cloned().unwrap_or_default();
        // The first events are the ones that the rule was made for.
        for _ in 0..self.random.below(4) {
            self.change(&mut event);
        }
        Value::Object(event)
    }

    fn change(&mut self, event: &mut Map<String, Value>) {
        let Some(field) = self.random.of_list(&self.fields).cloned() else { return };
        let field = field.as_str().to_owned();
        let own = event.get(&field).cloned();
        let kinds = match self.shapes {
            Shapes::All => 12,
            Shapes::Lists => 10,
            Shapes::Scalars => 8,
        };
        let value = match self.random.below(kinds) {
            0 => None,
            1 => self.value(),
            2 | 3 => own.map(|own| self.respelt(own)),
            4 => self.value().map(|value| self.respelt(value)),
            5 => self.random.of_list(ODD).map(|text| json!(text)),
            6 => {
                let other = self.random.of_list(&self.bases).and_then(|base| base.get(&field));
                other.cloned()
            }
            7 => {
                let numbers = [json!(0), json!(1), json!(22), json!(4.5), json!(-1), json!(true)];
                self.random.of_list(&numbers).cloned()
            }
            8 => Some(Value::Null),
            9 => {
                let more = [own, self.value(), self.value()];
                Some(Value::Array(more.into_iter().flatten().collect()))
            }
            10 => Some(json!([])),
            _ => Some(json!({})),
        };
        match value {
            Some(value) => event.insert(field, value),
            None => event.remove(&field),
        };
    }

    fn value(&mut self) -> Option<Value> {
        self.random.of_list(&self.values).cloned()
    }

    /// The same text in other letters, longer, shorter, inside of another.
    fn respelt(&mut self, value: Value) -> Value {
        let Some(text) = value.as_str() else { return value };
        let letters: Vec<char> = text.chars().collect();
        let at = self.random.below(letters.len());
        let changed: String = match self.random.below(10) {
            0 => text.to_uppercase(),
            1 => text.to_lowercase(),
            2 => letters.iter().take(at).collect(),
            3 => letters.iter().skip(at).collect(),
            4 => format!("{text}x"),
            5 => format!("x{text}"),
            6 => format!("{text} {text}"),
            7 => letters
                .iter()
                .enumerate()
                .map(|(n, c)| if n == at { flipped(*c) } else { *c })
                .collect(),
            8 => letters.iter().enumerate().map(|(n, c)| if n == at { 'x' } else { *c }).collect(),
            _ => letters.iter().map(|c| flipped(*c)).collect(),
        };
        json!(changed)
    }
}

/// Texts that are something to one language or another.
const ODD: &[&str] = &[
    "",
    " ",
    "*",
    "?",
    "\\",
    "\"",
    "null",
    "true",
    "False",
    "0",
    "22",
    "4.50",
    "-1",
    "1e3",
    "-",
    "10.0.0.1",
    "::1",
    "2024-05-06T07:08:09Z",
    "C:\\Windows\\System32\\cmd.exe",
    "/bin/sh -c id",
    "a b",
    "\u{17f}",
    "\u{212a}",
    "\u{e4}",
    "\u{c4}",
    "line\nbreak",
];

fn flipped(c: char) -> char {
    if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

/// The values of some fields, under dotted names.
fn flat(event: &Value, fields: &[FieldPath]) -> Map<String, Value> {
    let mut members = Map::new();
    for field in fields {
        let found = get(event, field.as_str());
        members.extend(found.map(|value| (field.as_str().to_owned(), value.clone())));
    }
    members
}

fn get<'e>(event: &'e Value, path: &str) -> Option<&'e Value> {
    let object = event.as_object()?;
    object.get(path).or_else(|| {
        path.match_indices('.')
            .find_map(|(dot, _)| get(object.get(&path[..dot])?, &path[dot + 1..]))
    })
}

/// The event with an object for every step of a name, as logs have it; `None` if a name is both a
/// value and a step.
pub fn nested(event: &Value) -> Option<Value> {
    let mut root = Map::new();
    for (path, value) in event.as_object()? {
        let mut at = &mut root;
        let (steps, last) = path.rsplit_once('.').unwrap_or(("", path));
        for step in steps.split('.').filter(|step| !step.is_empty()) {
            at = at.entry(step).or_insert_with(|| json!({})).as_object_mut()?;
        }
        if at.insert(last.to_owned(), value.clone()).is_some() {
            return None;
        }
    }
    Some(Value::Object(root))
}
