//! Three-valued logic, said with two-valued expressions.
//!
//! In EQL a comparison with a missing field is neither true nor false but null, and so is its
//! `not`; only what is true matches. An [`Expr`] is true or false. So a condition has two of them:
//! when it is true, and when it is *false*. `not` exchanges the two, which leaves null null, `and`
//! and `or` combine each (Kleene's logic), and what a query asks for is the first.

use crate::query::{Expr, FieldPath, Op, Test};

/// When a condition is true, and when it is false. Otherwise it is null.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Truth {
    /// When it is true.
    pub(super) yes: Expr,
    /// When it is false.
    pub(super) no: Expr,
}

impl Truth {
    /// Null, always.
    pub(super) const NULL: Truth = Truth { yes: Expr::False, no: Expr::False };

    /// A constant.
    pub(super) fn constant(value: bool) -> Self {
        if value { Truth::two_valued(Expr::True) } else { Truth::two_valued(Expr::False) }
    }

    /// What is never null.
    pub(super) fn two_valued(yes: Expr) -> Self {
        Truth { no: yes.clone().negated(), yes }
    }

    /// A test of fields that is null unless all of them are there.
    pub(super) fn of_fields(yes: Expr, fields: &[&FieldPath]) -> Self {
        let present = fields.iter().map(|field| exists(field));
        let no = all(present.chain([yes.clone().negated()]));
        Truth { yes, no }
    }

    /// The opposite; null stays null.
    pub(super) fn negated(self) -> Self {
        Truth { yes: self.no, no: self.yes }
    }

    /// True if all are, false if one is.
    pub(super) fn all(members: Vec<Truth>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = members.into_iter().map(|m| (m.yes, m.no)).unzip();
        Truth { yes: all(yes), no: any_of(no) }
    }

    /// True if one is, false if all are.
    pub(super) fn any_of(members: Vec<Truth>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = members.into_iter().map(|m| (m.yes, m.no)).unzip();
        Truth { yes: any_of(yes), no: all(no) }
    }
}

/// The field is there.
pub(super) fn exists(field: &FieldPath) -> Expr {
    Test::field(field.clone(), Op::Exists).into()
}

/// The conjunction without repetition: each negated test of a field asks that the field be there.
pub(super) fn all(members: impl IntoIterator<Item = Expr>) -> Expr {
    match Expr::all(members) {
        Expr::And(members) => Expr::all(once_each(members)),
        other => other,
    }
}

fn any_of(members: impl IntoIterator<Item = Expr>) -> Expr {
    match Expr::any_of(members) {
        Expr::Or(members) => Expr::any_of(once_each(members)),
        other => other,
    }
}

fn once_each(members: Vec<Expr>) -> indexmap::IndexSet<Expr> {
    members.into_iter().collect()
}
