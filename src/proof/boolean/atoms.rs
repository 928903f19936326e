//! Every distinct test, once, in a normal form.

use std::collections::HashMap;

use ipnet::IpNet;
use serde_json::Value;

use crate::query::{Affix, Case, Op, Part, Pattern, Subject, Test, fold};

/// A distinct test.
#[derive(Clone, Debug)]
pub(in crate::proof) struct Atom {
    /// In normal form: letters folded where case does not matter.
    pub(in crate::proof) test: Test,
    /// As it is written where it stands first.
    pub(in crate::proof) shown: Op,
    shape: Shape,
}

/// A pattern that needs no automaton.
#[derive(Clone, Debug)]
enum Shape {
    Whole(String),
    Starts(String),
    Ends(String),
    Holds(String),
    Other,
}

/// A text, also with its letters folded.
#[derive(Clone, Debug)]
pub(in crate::proof) struct Probe {
    value: Value,
    text: String,
    folded: String,
}

impl Probe {
    pub(in crate::proof) fn new(text: &str) -> Self {
        Self {
            value: Value::from(text),
            text: text.to_owned(),
            folded: text.chars().map(fold).collect(),
        }
    }
}

impl Atom {
    fn new(test: Test, shown: Op) -> Self {
        let shape = match &test.op {
            Op::Matches { pattern, .. } => shape(pattern),
            _ => Shape::Other,
        };
        Self { test, shown, shape }
    }

    /// The only text that it accepts, folded if `bool`.
    pub(in crate::proof) fn literal(&self) -> Option<(&str, bool)> {
        match &self.shape {
            Shape::Whole(text) => Some((text, self.in_any_case())),
            _ => None,
        }
    }

    fn in_any_case(&self) -> bool {
        matches!(&self.test.op, Op::Matches { case: Case::Insensitive, .. })
    }

    /// Whether a value with this text satisfies the operator.
    pub(in crate::proof) fn accepts(&self, probe: &Probe) -> bool {
        let text = if self.in_any_case() { &probe.folded } else { &probe.text };
        match &self.shape {
            Shape::Whole(own) => text == own,
            Shape::Starts(own) => text.starts_with(own),
            Shape::Ends(own) => text.ends_with(own),
            Shape::Holds(own) => text.contains(own),
            Shape::Other => self.test.op.holds(&probe.value),
        }
    }
}

fn shape(pattern: &Pattern) -> Shape {
    match pattern.parts() {
        [] => Shape::Whole(String::new()),
        [Part::Literal(text)] => Shape::Whole(text.clone()),
        [Part::Literal(text), Part::Any] => Shape::Starts(text.clone()),
        [Part::Any, Part::Literal(text)] => Shape::Ends(text.clone()),
        [Part::Any, Part::Literal(text), Part::Any] => Shape::Holds(text.clone()),
        [Part::Any] => Shape::Holds(String::new()),
        _ => Shape::Other,
    }
}

/// The distinct tests, by number.
#[derive(Debug, Default)]
pub(in crate::proof) struct Atoms {
    all: Vec<Atom>,
    known: HashMap<Test, usize>,
}

impl Atoms {
    /// The number of a test.
    pub(in crate::proof) fn intern(&mut self, test: &Test) -> usize {
        let normal = normal_test(&test.subject, &test.op);
        if let Some(known) = self.known.get(&normal) {
            return *known;
        }
        let number = self.all.len();
        self.all.push(Atom::new(normal.clone(), test.op.clone()));
        self.known.insert(normal, number);
        number
    }

    /// The number of a test that has one.
    pub(in crate::proof) fn number(&self, subject: &Subject, op: &Op) -> Option<usize> {
        self.known.get(&normal_test(subject, op)).copied()
    }

    pub(in crate::proof) fn get(&self, number: usize) -> Option<&Atom> {
        self.all.get(number)
    }

    pub(in crate::proof) fn iter(&self) -> impl Iterator<Item = (usize, &Atom)> {
        self.all.iter().enumerate()
    }

    pub(in crate::proof) fn len(&self) -> usize {
        self.all.len()
    }
}

fn normal_test(subject: &Subject, op: &Op) -> Test {
    match (subject, op) {
        // Two fields have a value in common, whichever is asked.
        (Subject::Field(own), Op::Field { other, affix: Affix::Whole, case }) if other < own => {
            let op = Op::Field { other: own.clone(), affix: Affix::Whole, case: *case };
            Test { subject: Subject::Field(other.clone()), op }
        }
        _ => Test { subject: subject.clone(), op: normal(op) },
    }
}

/// Operators that accept the same are the same, as far as their form shows it.
fn normal(op: &Op) -> Op {
    match op {
        Op::Matches { pattern, case } if *case == Case::Insensitive || pattern.is_caseless() => {
            Op::Matches { pattern: pattern.folded(), case: Case::Insensitive }
        }
        // IPv4 addresses are read in one form only.
        Op::Cidr(cidr) => match cidr.net() {
            IpNet::V4(net) if net.prefix_len() == 32 => {
                let pattern = Pattern::literal(net.addr().to_string());
                Op::Matches { pattern, case: Case::Insensitive }
            }
            _ => op.clone(),
        },
        Op::Words(words) => {
            Op::Words(words.iter().map(|word| word.chars().map(fold).collect()).collect())
        }
        other => other.clone(),
    }
}
