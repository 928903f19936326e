//! The way from an expression to a query of a language that has no constants inside a query: a
//! part that holds on every event, or on none, goes up until a junction takes it in.

use crate::query::{Expr, Ledger, Schema, Test};

/// A part of a query, or the constant that it came down to.
pub(in crate::language) enum Raised<Q> {
    /// Every event.
    Always,
    /// No event.
    Never,
    /// What the query says.
    When(Q),
}

/// What queries of type `Q` are made with.
pub(in crate::language) struct Builder<Q> {
    /// The opposite.
    pub(in crate::language) negated: fn(Q) -> Q,
    /// What all members ask for; `None` of nothing.
    pub(in crate::language) all: fn(Vec<Q>) -> Option<Q>,
    /// What any member asks for; `None` of nothing.
    pub(in crate::language) any: fn(Vec<Q>) -> Option<Q>,
    /// What one test becomes.
    pub(in crate::language) test: fn(&Test, &dyn Schema, &mut Ledger) -> Raised<Q>,
}

impl<Q> Builder<Q> {
    /// What an expression becomes.
    pub(in crate::language) fn raise(
        &self,
        expr: &Expr,
        schema: &dyn Schema,
        ledger: &mut Ledger,
    ) -> Raised<Q> {
        let mut each = |members: &[Expr]| -> Vec<Raised<Q>> {
            members.iter().map(|member| self.raise(member, schema, ledger)).collect()
        };
        match expr {
            Expr::True => Raised::Always,
            Expr::False => Raised::Never,
            Expr::Test(test) => (self.test)(test, schema, ledger),
            Expr::Not(inner) => match ledger.negated(|ledger| self.raise(inner, schema, ledger)) {
                Raised::Always => Raised::Never,
                Raised::Never => Raised::Always,
                Raised::When(query) => Raised::When((self.negated)(query)),
            },
            Expr::And(members) => {
                let members = each(members);
                if members.iter().any(|member| matches!(member, Raised::Never)) {
                    return Raised::Never;
                }
                (self.all)(queries(members)).map_or(Raised::Always, Raised::When)
            }
            Expr::Or(members) => {
                let members = each(members);
                if members.iter().any(|member| matches!(member, Raised::Always)) {
                    return Raised::Always;
                }
                (self.any)(queries(members)).map_or(Raised::Never, Raised::When)
            }
        }
    }
}

fn queries<Q>(members: Vec<Raised<Q>>) -> Vec<Q> {
    let query = |member| if let Raised::When(query) = member { Some(query) } else { None };
    members.into_iter().filter_map(query).collect()
}
