//! Expressions and fields to raise, and what is to be seen of the query.

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::query::{Expr, FieldFacts, FieldPath, Schema};

use super::common::expressions::{Named, Raised};
use super::common::witness;

/// The fields of [`Named`], each but `many` with one value.
pub(crate) struct Fields;

impl Schema for Fields {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        FieldFacts { single: field.as_str() != "many", ..Named.facts(field) }
    }
}

/// The condition for an expression with losses and assumptions, or the refusals by code. What is written is read again and
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
        for event in witness::events(expr, false).into_iter().filter(fits) {
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
