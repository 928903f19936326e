//! Constants, objects, and what is kept as it is.

use serde_json::Value;

use super::{Back, assume_shape};
use crate::fields::project::accepts;
use crate::query::{Expr, FieldPath, Ledger, Op, Test};

impl Back<'_> {
    /// A field with the same value in every document.
    pub(super) fn constant(
        &self,
        field: &FieldPath,
        value: Value,
        assumes: Option<&str>,
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        if let Some(words) = assumes {
            ledger.assume("platform-mapping", Some(field), words);
        }
        if accepts(op, &value) { Expr::True } else { Expr::False }
    }

    /// A path that leads to an object: present where one of its fields is, and equal to nothing.
    pub(super) fn object(&self, names: &[FieldPath], op: &Op, ledger: &mut Ledger) -> Expr {
        assume_shape(ledger);
        match op {
            Op::Exists => Expr::any_of(names.iter().map(|name| self.field(name, op, ledger))),
            _ => Expr::False,
        }
    }

    /// What a log has as the record has it, and what the platform adds below.
    pub(super) fn kept_whole(
        &self,
        raw: &FieldPath,
        made: &[FieldPath],
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        let own = Test::field(raw.clone(), op.clone()).into();
        match (op, made) {
            (Op::Exists, [_, ..]) => Expr::any_of([own, self.object(made, op, ledger)]),
            _ => own,
        }
    }
}
