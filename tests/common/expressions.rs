//! Expressions to raise, fields to ask about, and what is to be seen of a raised query.

use std::fmt::Debug;

use crosswalk::language::registry::Language;
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, FieldType, Meaning, Number, Op, Order,
    Part, Pattern, Refusal, Regex, Schema, Spelling, Test,
};

/// Fields named after what they are: of a type, `constant`, or else keywords.
#[derive(Debug)]
pub struct Named;

impl Schema for Named {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "text" => FieldType::Text,
            "ip" => FieldType::Ip,
            "number" | "numbers" => FieldType::Number,
            "boolean" => FieldType::Boolean,
            "date" => FieldType::Date,
            "flat" | "flat.leaf" => FieldType::Flattened,
            _ => FieldType::Keyword,
        };
        let constant = field.as_str() == "constant";
        let spelling = match constant {
            true => Spelling::OneOf(vec!["Yes".into(), "No".into()]),
            false => Spelling::Free,
        };
        FieldFacts { kind, typed: true, spelling, never_null: constant, ..FieldFacts::default() }
    }
}

pub fn test(field: &str, op: Op) -> Expr {
    Test::field(field, op).into()
}

pub fn is(field: &str, text: &str) -> Expr {
    test(field, Op::is(text))
}

/// A pattern as most languages write it, in which nothing is escaped.
pub fn glob(text: &str) -> Pattern {
    let part = |c| match c {
        '*' => Part::Any,
        '?' => Part::One,
        c => Part::Literal(String::from(c)),
    };
    text.chars().map(part).collect()
}

pub fn matches(field: &str, pattern: &str, case: Case) -> Expr {
    test(field, Op::Matches { pattern: glob(pattern), case })
}

pub fn like(field: &str, pattern: &str) -> Expr {
    matches(field, pattern, Case::Sensitive)
}

pub fn any_case(field: &str, pattern: &str) -> Expr {
    matches(field, pattern, Case::Insensitive)
}

pub fn number(value: f64) -> Number {
    Number::new(value).expect("finite")
}

pub fn compare(field: &str, order: Order, value: f64) -> Expr {
    test(field, Op::Compare { order, number: number(value) })
}

pub fn regex(source: &str, flags: &str) -> Op {
    Op::Regex(Regex::new(source, flags).expect("a regular expression"))
}

pub fn cidr(text: &str) -> Op {
    Op::Cidr(Cidr::parse(text).expect("a network"))
}

pub fn same(other: &str) -> Op {
    Op::Field { other: other.into(), affix: Affix::Whole, case: Case::Sensitive }
}

/// Text, losses and assumptions, the latter two by code.
pub type Raised = (String, Vec<(&'static str, Effect)>, Vec<&'static str>);

/// The query for a meaning, or the refusals by code. What is written reads as what was raised.
pub fn raised<L>(meaning: &Meaning, schema: &dyn Schema) -> Result<Raised, Vec<&'static str>>
where
    L: Language<Query: PartialEq + Debug>,
{
    let codes =
        |refusals: Vec<Refusal>| refusals.iter().map(|refusal| refusal.code).collect::<Vec<_>>();
    let done = L::raise(meaning, schema).map_err(codes)?;
    let text = L::print(&done.value);
    assert_eq!(L::parse(&text).as_ref(), Ok(&done.value), "{text}");
    let losses = done.losses.iter().map(|loss| (loss.code, loss.effect)).collect();
    Ok((text, losses, done.assumptions.iter().map(|assumption| assumption.code).collect()))
}
