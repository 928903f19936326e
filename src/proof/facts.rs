//! What a schema says of fields, as assumptions that a proof can take one by one and name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::automaton::{Accepted, is_canonical_address};
use super::limits::Limit;
use crate::query::{
    Case, Cidr, Expr, FieldFacts, FieldPath, FieldType, Letters, Number, Op, Order, Pattern,
    Respelt, Schema, Spelling, SpellingRule, Subject, Test,
};

/// An assumption about a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Assumed {
    /// The field.
    pub field: FieldPath,
    /// What is assumed of it.
    pub what: AssumedFact,
}

/// What may be assumed of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssumedFact {
    /// It has at most one value in an event.
    Single,
    /// It is never `null`.
    NeverNull,
    /// It is never written with an empty text, object or list.
    NeverEmpty,
    /// It is never written as an object, nor as a list without values.
    Scalar,
    /// Its values are spelt as published.
    Spelling,
    /// Its values are numbers, addresses or truth values, as its type says, in their usual form.
    Type,
    /// Its texts are of ASCII.
    Ascii,
    /// Its texts have no long s and no Kelvin sign.
    PlainLetters,
    /// Its texts have no line feed.
    OneLine,
}

impl AssumedFact {
    pub(super) const ALL: [Self; 9] = [
        Self::Single,
        Self::NeverNull,
        Self::NeverEmpty,
        Self::Scalar,
        Self::Spelling,
        Self::Type,
        Self::Ascii,
        Self::PlainLetters,
        Self::OneLine,
    ];

    /// The assumption as the rest of a sentence about the field.
    pub fn in_words(self) -> &'static str {
        match self {
            AssumedFact::Single => "has at most one value in an event",
            AssumedFact::NeverNull => "is never null",
            AssumedFact::NeverEmpty => "is never written empty",
            AssumedFact::Scalar => "is never an object",
            AssumedFact::Spelling => "is spelt as published",
            AssumedFact::Type => "holds values of its type only",
            AssumedFact::Ascii => "holds letters of ASCII only",
            AssumedFact::PlainLetters => "holds no long s and no Kelvin sign",
            AssumedFact::OneLine => "holds no line feed",
        }
    }

    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            AssumedFact::Single => "single",
            AssumedFact::NeverNull => "never-null",
            AssumedFact::NeverEmpty => "never-empty",
            AssumedFact::Scalar => "scalar",
            AssumedFact::Spelling => "spelling",
            AssumedFact::Type => "type",
            AssumedFact::Ascii => "ascii",
            AssumedFact::PlainLetters => "plain-letters",
            AssumedFact::OneLine => "one-line",
        }
    }
}

/// The facts that a proof takes for granted.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    of: BTreeMap<FieldPath, FieldFacts>,
}

impl Facts {
    /// Only these.
    pub(super) fn of<'a>(
        assumed: impl IntoIterator<Item = &'a Assumed>,
        schema: &dyn Schema,
    ) -> Self {
        let mut of: BTreeMap<FieldPath, FieldFacts> = BTreeMap::new();
        for Assumed { field, what } in assumed {
            let known = schema.facts(field);
            let own = of.entry(field.clone()).or_default();
            match what {
                AssumedFact::Single => own.single = known.single,
                AssumedFact::NeverNull => own.never_null = known.never_null,
                AssumedFact::NeverEmpty => own.never_empty = known.never_empty,
                AssumedFact::Scalar => own.scalar = known.scalar,
                AssumedFact::Spelling => own.spelling = known.spelling,
                AssumedFact::Type => own.kind = known.kind,
                AssumedFact::Ascii => own.letters.ascii = known.letters.ascii,
                AssumedFact::PlainLetters => own.letters.plain = known.letters.plain,
                AssumedFact::OneLine => own.letters.one_line = known.letters.one_line,
            }
        }
        Self { of }
    }

    pub(super) fn get(&self, field: &FieldPath) -> FieldFacts {
        self.of.get(field).cloned().unwrap_or_default()
    }

    /// Every test in the form that the facts leave of it.
    pub(super) fn rewrite(&self, expr: &Expr) -> Expr {
        if self.of.is_empty() {
            return expr.clone();
        }
        expr.clone().map_tests(&|test| Expr::Test(self.rewritten(test)))
    }

    fn rewritten(&self, test: Test) -> Test {
        let Some(facts) = test.path().and_then(|path| self.of.get(path)) else { return test };
        let exactly = |pattern| Op::Matches { pattern, case: Case::Sensitive };
        let op = match &test.op {
            Op::Matches { pattern, case: Case::Insensitive } => {
                match facts.spelling.respell(pattern) {
                    Respelt::Exact(pattern) => exactly(pattern),
                    Respelt::AsWritten => exactly(pattern.clone()),
                    Respelt::Unsure => return test,
                }
            }
            Op::Compare { order: Order::Equal, number } if facts.kind == FieldType::Number => {
                exactly(Pattern::literal(number.to_string()))
            }
            // A network of one address.
            Op::Cidr(cidr) if facts.kind == FieldType::Ip && is_host(cidr) => {
                exactly(Pattern::literal(cidr.net().addr().to_string()))
            }
            _ => return test,
        };
        Test { subject: Subject::clone(&test.subject), op }
    }
}

/// Everything that a schema lets assume of the fields of these expressions.
pub(super) fn assumable(exprs: &[&Expr], schema: &dyn Schema) -> Vec<Assumed> {
    let fields: BTreeSet<&FieldPath> = exprs.iter().flat_map(|expr| expr.fields()).collect();
    let mut all = Vec::new();
    for field in fields {
        let facts = schema.facts(field);
        let holds = |what: &AssumedFact| match what {
            AssumedFact::Single => facts.single,
            AssumedFact::NeverNull => facts.never_null,
            AssumedFact::NeverEmpty => facts.never_empty,
            AssumedFact::Scalar => facts.scalar,
            AssumedFact::Spelling => facts.spelling != Spelling::Free,
            AssumedFact::Type => {
                matches!(facts.kind, FieldType::Number | FieldType::Boolean | FieldType::Ip)
            }
            AssumedFact::Ascii => facts.letters.ascii,
            AssumedFact::PlainLetters => facts.letters.plain,
            AssumedFact::OneLine => facts.letters.one_line,
        };
        let own = AssumedFact::ALL.into_iter().filter(holds);
        all.extend(own.map(|what| Assumed { field: field.clone(), what }));
    }
    all
}

/// Long s and Kelvin sign.
const ODD_LETTERS: [char; 2] = ['\u{17F}', '\u{212A}'];

/// The texts that a field may hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Domain {
    spelling: Spelling,
    kind: FieldType,
    never_empty: bool,
    scalar: bool,
    letters: Letters,
}

impl Domain {
    pub(super) fn of(facts: &FieldFacts) -> Self {
        let FieldFacts { kind, never_empty, scalar, letters, .. } = *facts;
        Self { spelling: facts.spelling.clone(), kind, never_empty, scalar, letters }
    }

    /// Whether values may be objects or empty lists.
    pub(super) fn has_composites(&self) -> bool {
        !self.is_typed() && self.spelling == Spelling::Free && !self.scalar
    }

    /// A value that is present and no text: as little of an object as there may be.
    pub(super) fn composite(&self) -> Value {
        if self.never_empty { json!({"_": null}) } else { json!({}) }
    }

    fn is_typed(&self) -> bool {
        matches!(self.kind, FieldType::Number | FieldType::Boolean | FieldType::Ip)
    }

    /// Whether values are best written as numbers or truth values.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.kind, FieldType::Number | FieldType::Boolean)
    }

    /// Whether every value is a number.
    pub(super) fn is_number(&self) -> bool {
        self.kind == FieldType::Number
    }

    /// All texts, if they are a list.
    pub(super) fn listed(&self) -> Option<Vec<&str>> {
        match (&self.spelling, self.kind) {
            (Spelling::OneOf(values), _) => Some(values.iter().map(String::as_str).collect()),
            (_, FieldType::Boolean) => Some(vec!["true", "false"]),
            _ => None,
        }
    }

    pub(super) fn admits(&self, text: &str) -> bool {
        let spelt = match &self.spelling {
            Spelling::OneOf(values) => values.iter().any(|value| value == text),
            Spelling::Rule(SpellingRule::Lower) => text.chars().all(|c| c.to_lowercase().eq([c])),
            Spelling::Rule(SpellingRule::Camel) | Spelling::Free => true,
        };
        spelt
            && !(self.never_empty && text.is_empty())
            && in_letters(self.letters, text)
            && match self.kind {
                FieldType::Boolean => text == "true" || text == "false",
                FieldType::Number => is_canonical_number(text),
                FieldType::Ip => is_canonical_address(text),
                _ => true,
            }
    }

    /// Automata of texts among which all values are.
    pub(super) fn automata(&self) -> Vec<Result<Accepted, Limit>> {
        let mut all = Vec::new();
        if self.spelling == Spelling::Rule(SpellingRule::Lower) {
            all.push(Accepted::lower());
        }
        if self.never_empty {
            all.push(Accepted::of("(?s)^.+$"));
        }
        if self.letters.ascii {
            all.push(Accepted::of(r"^[\x00-\x7F]*$"));
        }
        if self.letters.plain {
            all.push(Accepted::of(r"^[^\x{17F}\x{212A}]*$"));
        }
        if self.letters.one_line {
            all.push(Accepted::of(r"^[^\n]*$"));
        }
        match self.kind {
            FieldType::Number => all.push(Accepted::of(r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$")),
            FieldType::Ip => {
                all.push(Accepted::of("^([0-9]{1,3}[.]){3}[0-9]{1,3}$|^[0-9a-f:.]*:[0-9a-f:.]*$"))
            }
            _ => {}
        }
        all
    }
}

fn in_letters(letters: Letters, text: &str) -> bool {
    let Letters { ascii, plain, one_line } = letters;
    let shut_out = ascii && !text.is_ascii()
        || plain && text.contains(ODD_LETTERS)
        || one_line && text.contains('\n');
    !shut_out
}

fn is_host(cidr: &Cidr) -> bool {
    cidr.net().prefix_len() == cidr.net().max_prefix_len()
}

fn is_canonical_number(text: &str) -> bool {
    let number = text.parse().ok().and_then(Number::new);
    number.is_some_and(|number| number.to_string() == text)
}
