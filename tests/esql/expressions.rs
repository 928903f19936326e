//! Expressions and fields to raise, and what is to be seen of the query.

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Part,
    Pattern, Regex, Schema, Spelling, Test,
};

use super::synthesis;

/// Fields named after what they are; `f`, `g` and `h` are keywords with one value.
pub(crate) struct Fields;

impl Schema for Fields {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "text" => FieldType::Text,
            "ip" => FieldType::Ip,
            "number" => FieldType::Number,
            "boolean" => FieldType::Boolean,
            "date" => FieldType::Date,
            "flat.leaf" => FieldType::Flattened,
            _ => FieldType::Keyword,
        };
        let constant = field.as_str() == "constant";
        let spelling = match constant {
            true => Spelling::OneOf(vec!["Yes".into(), "No".into()]),
            false => Spelling::Free,
        };
        let single = field.as_str() != "many";
        FieldFacts { kind, spelling, single, never_null: constant }
    }
}

pub(crate) fn test(field: &str, op: Op) -> Expr {
    Test::field(field, op).into()
}

pub(crate) fn is(field: &str, text: &str) -> Expr {
    test(field, Op::is(text))
}

pub(crate) fn glob(text: &str) -> Pattern {
    text.chars()
        .map(|c| match c {
            '*' => Part::Any,
            '?' => Part::One,
            c => Part::Literal(c.to_string()),
        })
        .collect()
}

pub(crate) fn like(field: &str, pattern: &str) -> Expr {
    test(field, Op::Matches { pattern: glob(pattern), case: Case::Sensitive })
}

pub(crate) fn any_case(field: &str, pattern: &str) -> Expr {
    test(field, Op::Matches { pattern: glob(pattern), case: Case::Insensitive })
}

pub(crate) fn number(value: f64) -> Number {
    Number::new(value).expect("finite")
}

pub(crate) fn compare(field: &str, order: Order, value: f64) -> Expr {
    test(field, Op::Compare { order, number: number(value) })
}

pub(crate) fn regex(source: &str, flags: &str) -> Op {
    Op::Regex(Regex::new(source, flags).expect("a regex"))
}

pub(crate) fn cidr(text: &str) -> Op {
    Op::Cidr(Cidr::parse(text).expect("a network"))
}

pub(crate) fn same(other: &str) -> Op {
    Op::Field { other: other.into(), affix: Affix::Whole, case: Case::Sensitive }
}

/// Condition, losses and assumptions, the latter two by code.
pub(crate) type Raised = (String, Vec<(&'static str, Effect)>, Vec<&'static str>);

/// The condition for an expression, or the refusals by code. What is written is read again and
/// means the same.
pub(crate) fn raised(expr: &Expr) -> Result<Raised, Vec<&'static str>> {
    let done = raise(&expr.clone().into(), &Fields)
        .map_err(|refusals| refusals.iter().map(|refusal| refusal.code).collect::<Vec<_>>())?;
    let text = print(&done.value);
    let query = parse(&text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    assert_eq!(query, done.value, "{text}");
    let again = lower(&query, &Fields).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).value;
    let again = again.as_match().expect("single events");
    // Synthesized events know of no assumption but single values.
    let plain = done
        .assumptions
        .iter()
        .all(|assumption| matches!(assumption.code, "single-valued" | "plain-letters"));
    if done.losses.is_empty() && plain {
        // Fields of numbers, addresses and booleans hold nothing else.
        let fits = |event: &serde_json::Value| {
            let address = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
            let boolean = |text: &str| matches!(text, "true" | "false");
            !event["number"].is_string()
                && event["ip"].as_str().is_none_or(address)
                && event["boolean"].as_str().is_none_or(boolean)
        };
        for event in synthesis::events(expr, 200).into_iter().filter(fits) {
            assert_eq!(expr.eval(&event), again.eval(&event), "{text} on {event}");
        }
    }
    let condition = text.strip_prefix("FROM logs-* METADATA _id, _index, _version");
    let condition = condition.expect("the default source");
    let condition = condition.strip_prefix(" | WHERE ").unwrap_or(condition).to_owned();
    let losses = done.losses.iter().map(|loss| (loss.code, loss.effect)).collect();
    Ok((condition, losses, done.assumptions.iter().map(|assumption| assumption.code).collect()))
}

pub(crate) fn exact(expr: &Expr) -> String {
    let (text, losses, _) = raised(expr).expect("a query");
    assert_eq!(losses, [], "{text}");
    text
}
