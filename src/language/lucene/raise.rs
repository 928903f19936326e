//! From meaning to tree: a query string for an expression, with what it costs.
//!
//! The tree is written as people write query strings: value lists, `AND` and `OR` with
//! parentheses between them, `NOT` before what it negates. What one test becomes is decided in
//! [`literal`](super::literal).

use super::ast::Query;
use super::{group, literal};
use crate::query::{Expr, Ledger, Refusal, Schema, Translated};

/// Writes an expression as a query string for fields as `schema` describes them. The losses and
/// assumptions say how the query differs; what query strings cannot say at all is refused, all of
/// it at once.
pub fn raise(expr: &Expr, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
    let mut ledger = Ledger::default();
    let query = match raise_expr(expr, schema, &mut ledger) {
        Raised::When(query) => query,
        Raised::Always => Query::everything(),
        Raised::Never => Query::everything().negated(),
    };
    ledger.close(query)
}

/// A part of a query, or the constant that it came down to.
pub(super) enum Raised {
    /// Every event.
    Always,
    /// No event.
    Never,
    /// What the query says.
    When(Query),
}

impl Raised {
    /// What stands for a refused part: neither constant, so that the rest is still looked at.
    pub(super) fn refused() -> Self {
        Raised::When(Query::everything())
    }

    fn negated(self) -> Self {
        match self {
            Raised::Always => Raised::Never,
            Raised::Never => Raised::Always,
            Raised::When(query) => Raised::When(query.negated()),
        }
    }
}

fn raise_expr(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger) -> Raised {
    let mut all = |members: &[Expr]| -> Vec<Raised> {
        members.iter().map(|member| raise_expr(member, schema, ledger)).collect()
    };
    match expr {
        Expr::True => Raised::Always,
        Expr::False => Raised::Never,
        Expr::Test(test) => literal::raise_test(test, schema, ledger),
        Expr::Not(inner) => ledger.negated(|ledger| raise_expr(inner, schema, ledger)).negated(),
        Expr::And(members) => {
            let members = all(members);
            if members.iter().any(|member| matches!(member, Raised::Never)) {
                return Raised::Never;
            }
            group::all(queries(members)).map_or(Raised::Always, Raised::When)
        }
        Expr::Or(members) => {
            let members = all(members);
            if members.iter().any(|member| matches!(member, Raised::Always)) {
                return Raised::Always;
            }
            group::any(queries(members)).map_or(Raised::Never, Raised::When)
        }
    }
}

fn queries(members: Vec<Raised>) -> Vec<Query> {
    let query = |member| if let Raised::When(query) = member { Some(query) } else { None };
    members.into_iter().filter_map(query).collect()
}
