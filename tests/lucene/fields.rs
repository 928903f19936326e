//! Fields named after what they are.

use crosswalk::language::lucene::{Lucene, lower, parse};
use crosswalk::query::{Expr, FieldFacts, FieldPath, Schema, Translated};

use super::common::expressions::{self, Named, Raised};

/// The fields of [`Named`]; `number` has one value.
pub(crate) struct Fields;

impl Schema for Fields {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        FieldFacts { single: field.as_str() == "number", ..Named.facts(field) }
    }
}

/// What a query means.
pub(crate) fn meaning(text: &str) -> Translated<Expr> {
    let query = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    lower(&query, &Fields).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// The query for an expression, or the refusals by code.
pub(crate) fn raised(expr: &Expr) -> Result<Raised, Vec<&'static str>> {
    expressions::raised::<Lucene>(&expr.clone().into(), &Fields)
}
