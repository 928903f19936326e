//! Fields named after what they are.

use crosswalk::language::lucene::{lower, parse, print, raise};
use crosswalk::query::{
    Effect, Expr, FieldFacts, FieldPath, FieldType, Refusal, Schema, Spelling, Translated,
};

/// Every field is a keyword unless its name is another type.
pub(crate) struct Fields;

impl Schema for Fields {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "text" => FieldType::Text,
            "ip" => FieldType::Ip,
            "number" | "numbers" => FieldType::Number,
            "boolean" => FieldType::Boolean,
            "date" => FieldType::Date,
            "flat" => FieldType::Flattened,
            _ => FieldType::Keyword,
        };
        let constant = field.as_str() == "constant";
        let spelling = match constant {
            true => Spelling::OneOf(vec!["Yes".into(), "No".into()]),
            false => Spelling::Free,
        };
        let single = field.as_str() == "number";
        FieldFacts { kind, spelling, never_null: constant, single }
    }
}

/// What a query means.
pub(crate) fn meaning(text: &str) -> Translated<Expr> {
    let query = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    lower(&query, &Fields).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// Text, losses and assumptions, the latter two by code.
pub(crate) type Raised = (String, Vec<(&'static str, Effect)>, Vec<&'static str>);

/// The query for an expression, or the refusals by code.
pub(crate) fn raised(expr: &Expr) -> Result<Raised, Vec<&'static str>> {
    let codes =
        |refusals: Vec<Refusal>| refusals.iter().map(|refusal| refusal.code).collect::<Vec<_>>();
    let done = raise(expr, &Fields).map_err(codes)?;
    let text = print(&done.value);
    assert_eq!(parse(&text).as_ref(), Ok(&done.value), "{text}");
    let losses = done.losses.iter().map(|loss| (loss.code, loss.effect)).collect();
    Ok((text, losses, done.assumptions.iter().map(|assumption| assumption.code).collect()))
}
