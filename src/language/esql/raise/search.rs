//! What Lucene has to look for itself: flattened fields, and values without a field.
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
use crate::query::{Expr, FieldPath, Refusal, Test, Translated};

impl Raiser<'_> {
    /// ES|QL cannot read flattened fields, but the searches that Lucene does can.
    pub(super) fn through_kql(&mut self, path: &FieldPath, test: &Test) -> Piece {
        let raised = kql::raise(&Expr::Test(test.clone()), self.schema);
        self.embedded("KQL", raised, kql::print, Some(path))
    }

    /// Values looked for in all fields: `QSTR("/.*text.*/")`. A whole junction of such tests is
    /// one query string.
    pub(super) fn anywhere(&mut self, expr: &Expr) -> Piece {
        self.embedded("QSTR", lucene::raise(expr, self.schema), lucene::print, None)
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
                    self.ledger.lose(loss.code, loss.effect, path, loss.reason);
                }
                for assumption in raised.assumptions {
                    self.ledger.assume(assumption.code, path, assumption.reason);
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

/// Whether an expression asks for nothing but values in whatever field.
pub(super) fn is_anywhere(expr: &Expr) -> bool {
    match expr {
        Expr::True | Expr::False => false,
        Expr::Test(test) => test.path().is_none(),
        Expr::Not(inner) => is_anywhere(inner),
        Expr::And(members) | Expr::Or(members) => members.iter().all(is_anywhere),
    }
}

/// The members of a junction with those for [`Raiser::anywhere`] joined where the first one stood.
pub(super) fn gathered(members: &[Expr], join: fn(Vec<Expr>) -> Expr) -> Vec<Expr> {
    let all = members.iter().filter(|member| is_anywhere(member)).cloned().collect();
    let mut joined = Some(join(all));
    let member = |member: &Expr| {
        if is_anywhere(member) { joined.take() } else { Some(member.clone()) }
    };
    members.iter().filter_map(member).collect()
}
