//! From meaning to tree: a KQL query for an expression, with what it costs.
//!
//! The tree is written as people write KQL: value lists, no needless parentheses, never
//! `not not`. What one test becomes is decided in [`literal`](super::literal).

use super::ast::Query;
use super::{group, literal};
use crate::language::kit::{self, Build};
use crate::query::{Expr, Ledger, Refusal, Schema, Test, Translated};

/// Writes an expression as a KQL query for fields as `schema` describes them. The losses and
/// assumptions say how the query differs; what KQL cannot say at all is refused, all of it at
/// once.
pub fn raise(expr: &Expr, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
    let mut ledger = Ledger::default();
    let query = match Raised::of(expr, schema, &mut ledger) {
        Raised::When(query) => query,
        Raised::Always => Query::everything(),
        Raised::Never => {
            ledger.refuse("never-matches", None, "no event can match, and KQL cannot say so");
            Query::everything()
        }
    };
    ledger.close(query)
}

/// A part of a query, or the constant that it came down to.
pub(super) type Raised = kit::Raised<Query>;

impl Build for Query {
    fn everything() -> Self {
        Query::everything()
    }

    fn negated(self) -> Self {
        Query::negated(self)
    }

    fn all(members: Vec<Self>) -> Option<Self> {
        group::all(members)
    }

    fn any(members: Vec<Self>) -> Option<Self> {
        group::any(members)
    }

    fn test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Raised {
        literal::raise_test(test, schema, ledger)
    }
}
