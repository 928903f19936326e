//! Three-valued logic, in one place.
//!
//! A condition of ES|QL is true, false or null, and `WHERE` keeps an event only where it is true.
//! An [`Expr`] is two-valued, so a condition is a pair of them: when it is true and when it is
//! false. `NOT` changes places; null is where neither holds. Source: Elastic's page *Working with
//! NULL values in ES|QL*.

use crate::query::{Expr, Test};

/// When a condition is true and when it is false. The two never hold together.
#[derive(Clone, Debug)]
pub(super) struct Ternary {
    /// When it is true.
    pub(super) yes: Expr,
    /// When it is false.
    pub(super) no: Expr,
}

impl Ternary {
    /// A condition that is never null.
    pub(super) fn two_valued(yes: Expr) -> Self {
        Self { no: yes.clone().negated(), yes }
    }

    /// A constant.
    pub(super) fn constant(value: bool) -> Self {
        Self::two_valued(if value { Expr::True } else { Expr::False })
    }

    /// Null, whatever the event.
    pub(super) fn null() -> Self {
        Self { yes: Expr::False, no: Expr::False }
    }

    /// A test of a value that is null where `present` does not hold.
    pub(super) fn of(test: Test, present: Expr) -> Self {
        Self::where_present(Expr::Test(test), present)
    }

    /// A condition on a value that is null where `present` does not hold; `yes` implies `present`.
    pub(super) fn where_present(yes: Expr, present: Expr) -> Self {
        let no = Expr::all([present, yes.clone().negated()]);
        Self { yes, no }
    }

    /// `NOT`.
    pub(super) fn negated(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    /// `NOT` if asked.
    pub(super) fn negated_if(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }

    /// `OR`: false only if all are.
    pub(super) fn any(members: impl IntoIterator<Item = Self>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = members.into_iter().map(|m| (m.yes, m.no)).unzip();
        Self { yes: Expr::any_of(yes), no: Expr::all(no) }
    }

    /// `AND`: false as soon as one is.
    pub(super) fn all(members: impl IntoIterator<Item = Self>) -> Self {
        Self::any(members.into_iter().map(Self::negated)).negated()
    }

    /// One of several conditions, by which guard holds; null where none does. At most one may.
    pub(super) fn guarded(members: impl IntoIterator<Item = (Expr, Self)>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = members
            .into_iter()
            .map(|(guard, m)| (Expr::all([guard.clone(), m.yes]), Expr::all([guard, m.no])))
            .unzip();
        Self { yes: Expr::any_of(yes), no: Expr::any_of(no) }
    }

    /// When it is not null.
    pub(super) fn present(self) -> Expr {
        // The two-valued case is common, and then the disjunction is a tautology.
        if self.no == self.yes.clone().negated() {
            return Expr::True;
        }
        Expr::any_of([self.yes, self.no])
    }
}
