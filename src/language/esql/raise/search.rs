//! What Lucene has to look for itself: flattened fields, fields of several values, and values without
//! a field.
//!
//! Such conditions are functions that take a query in another language. They are never null, so
//! `NOT` before them is the opposite, and they stand beside other conditions under `AND` and `OR`.
//! They must come right behind the source, where every raised condition stands. Sources: Elastic's
//! page *ES|QL search functions*; pull request 120291 of Elasticsearch lets them stand under `OR`
//! beside conditions of other kinds.

use super::super::expression::Expression;
use super::Raiser;
use super::boolean::Piece;
use crate::language::{kql, lucene};
use crate::query::{Expr, FieldPath, Op, Refusal, Schema, Test, Translated};

impl Raiser<'_> {
    /// ES|QL cannot read flattened fields, but the searches that Lucene does can.
    pub(super) fn through_kql(&mut self, path: &FieldPath, test: &Test) -> Piece {
        let raised = kql::raise(&Expr::Test(test.clone()), self.schema);
        self.embedded("KQL", raised, kql::print, Some(path))
    }

    /// Values looked for in all fields: `QSTR("/.*text.*/")`.
    fn anywhere(&mut self, expr: &Expr) -> Piece {
        self.embedded("QSTR", lucene::raise(expr, self.schema), lucene::print, None)
    }

    /// What Lucene has to look for. A whole junction of such tests is one query.
    pub(super) fn searched(&mut self, kind: Searched, expr: &Expr) -> Piece {
        match kind {
            Searched::Anywhere => self.anywhere(expr),
            Searched::Lists => self.in_lists(expr),
        }
    }

    /// Values of fields that hold several: a comparison would be null, so `KQL("field:value")` where
    /// KQL can say it, and a query string where that says more.
    fn in_lists(&mut self, expr: &Expr) -> Piece {
        let (kql, lucene) = (kql::raise(expr, self.schema), lucene::raise(expr, self.schema));
        let is_exact = kql.as_ref().is_ok_and(|kql| kql.losses.is_empty());
        let is_better = match (&kql, &lucene) {
            (Ok(kql), Ok(lucene)) => lucene.losses.len() < kql.losses.len(),
            (kql, lucene) => kql.is_err() && lucene.is_ok(),
        };
        if !is_exact && is_better {
            return self.embedded("QSTR", lucene, lucene::print, None);
        }
        self.embedded("KQL", kql, kql::print, None)
    }

    /// A query in another language inside of this one. Its costs are costs of this one.
    fn embedded<Q>(
        &mut self,
        function: &str,
        raised: Result<Translated<Q>, Vec<Refusal>>,
        print: fn(&Q) -> String,
        path: Option<&FieldPath>,
    ) -> Piece {
        match raised {
            Ok(raised) => {
                for loss in raised.losses {
                    let field = loss.field.as_ref().or(path);
                    self.ledger.lose(loss.code, loss.effect, field, loss.reason);
                }
                for assumption in raised.assumptions {
                    let field = assumption.field.as_ref().or(path);
                    self.ledger.assume(assumption.code, field, assumption.reason);
                }
                let text = Expression::text(print(&raised.value));
                Piece { condition: Expression::call(function, vec![text]), nullable: Vec::new() }
            }
            Err(refusals) => {
                for refusal in refusals {
                    self.ledger.refuse(refusal.code, refusal.field.as_ref(), refusal.reason);
                }
                Piece { condition: Expression::Boolean(false).into(), nullable: Vec::new() }
            }
        }
    }
}

/// What Lucene has to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Searched {
    /// Values in whatever field.
    Anywhere,
    /// Values of fields that hold several.
    Lists,
}

impl Searched {
    const ALL: [Self; 2] = [Searched::Anywhere, Searched::Lists];

    /// What an expression is, if it asks for nothing else.
    pub(super) fn of(expr: &Expr, schema: &dyn Schema) -> Option<Self> {
        match expr {
            Expr::True | Expr::False => None,
            Expr::Test(test) => match (test.path(), &test.op) {
                (None, _) => Some(Searched::Anywhere),
                // `IS NULL` knows of lists.
                (Some(_), Op::Exists | Op::Null) => None,
                (Some(_), Op::Matches { pattern, .. }) if pattern.is_any() => None,
                (Some(path), _) => schema.facts(path).many.then_some(Searched::Lists),
            },
            Expr::Not(inner) => Self::of(inner, schema),
            Expr::And(members) | Expr::Or(members) => {
                let mut kinds = members.iter().map(|member| Self::of(member, schema));
                let first = kinds.next().flatten()?;
                kinds.all(|kind| kind == Some(first)).then_some(first)
            }
        }
    }
}

/// The members of a junction with those that Lucene looks for joined, by kind, where the first one
/// stood.
pub(super) fn gathered(
    members: &[Expr],
    join: fn(Vec<Expr>) -> Expr,
    schema: &dyn Schema,
) -> Vec<Expr> {
    let kinds: Vec<_> = members.iter().map(|member| Searched::of(member, schema)).collect();
    let all = |kind| {
        let own = members.iter().zip(&kinds).filter(|(_, own)| **own == Some(kind));
        join(own.map(|(member, _)| member.clone()).collect())
    };
    let mut joined = Searched::ALL.map(|kind| Some((kind, all(kind))));
    let member = |(member, kind): (&Expr, &Option<Searched>)| match kind {
        None => Some(member.clone()),
        Some(kind) => {
            let slot =
                joined.iter_mut().find(|slot| slot.as_ref().is_some_and(|(own, _)| own == kind));
            slot.and_then(Option::take).map(|(_, expr)| expr)
        }
    };
    members.iter().zip(&kinds).filter_map(member).collect()
}
