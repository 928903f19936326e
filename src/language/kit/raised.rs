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

/// A tree that queries are built of.
pub(in crate::language) trait Build: Sized {
    /// The query that every event matches.
    fn everything() -> Self;

    /// The opposite.
    fn negated(self) -> Self;

    /// What all members ask for; `None` of nothing.
    fn all(members: Vec<Self>) -> Option<Self>;

    /// What any member asks for; `None` of nothing.
    fn any(members: Vec<Self>) -> Option<Self>;

    /// What one test becomes.
    fn test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Raised<Self>;
}

impl<Q: Build> Raised<Q> {
    /// What stands for a refused part: neither constant, so that the rest is still looked at.
    pub(in crate::language) fn refused() -> Self {
        Raised::When(Q::everything())
    }

    /// What an expression becomes.
    pub(in crate::language) fn of(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger) -> Self {
        let mut each = |members: &[Expr]| -> Vec<Self> {
            members.iter().map(|member| Self::of(member, schema, ledger)).collect()
        };
        match expr {
            Expr::True => Raised::Always,
            Expr::False => Raised::Never,
            Expr::Test(test) => Q::test(test, schema, ledger),
            Expr::Not(inner) => ledger.negated(|ledger| Self::of(inner, schema, ledger)).negated(),
            Expr::And(members) => {
                let members = each(members);
                if members.iter().any(|member| matches!(member, Raised::Never)) {
                    return Raised::Never;
                }
                Q::all(queries(members)).map_or(Raised::Always, Raised::When)
            }
            Expr::Or(members) => {
                let members = each(members);
                if members.iter().any(|member| matches!(member, Raised::Always)) {
                    return Raised::Always;
                }
                Q::any(queries(members)).map_or(Raised::Never, Raised::When)
            }
        }
    }

    fn negated(self) -> Self {
        match self {
            Raised::Always => Raised::Never,
            Raised::Never => Raised::Always,
            Raised::When(query) => Raised::When(query.negated()),
        }
    }
}

fn queries<Q>(members: Vec<Raised<Q>>) -> Vec<Q> {
    let query = |member| if let Raised::When(query) = member { Some(query) } else { None };
    members.into_iter().filter_map(query).collect()
}
