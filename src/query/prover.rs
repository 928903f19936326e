//! What follows from what, as far as it can be seen without search.
//!
//! Checks need to know that a filter shuts out its own selection, or that a case can never be
//! reached. The answers here are sound and cheap: "yes" is certain, "no" only means that nothing
//! was seen.

use std::cell::Cell;

use super::{Case, Expr, FieldPath, Op, Pattern, Subject, Test};

/// Most pairs of expressions that one prover compares; long lists against long lists give no
/// answer.
const STEPS: usize = 50_000;

/// Compares expressions in the normal form of [`Expr::folded`].
pub struct Prover<'f> {
    /// Whether a field has at most one value in an event.
    single: &'f dyn Fn(&FieldPath) -> bool,
    left: Cell<usize>,
}

impl std::fmt::Debug for Prover<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prover").field("left", &self.left).finish_non_exhaustive()
    }
}

impl<'f> Prover<'f> {
    /// A prover that knows which fields have at most one value in an event.
    pub fn new(single: &'f dyn Fn(&FieldPath) -> bool) -> Self {
        Self { single, left: Cell::new(STEPS) }
    }

    /// Whether every event that matches `a` matches `b`.
    pub fn implies(&self, a: &Expr, b: &Expr) -> bool {
        if !self.spend() {
            return false;
        }
        match (a, b) {
            (Expr::False, _) | (_, Expr::True) => true,
            (Expr::Or(members), _) => members.iter().all(|member| self.implies(member, b)),
            (_, Expr::And(members)) => members.iter().all(|member| self.implies(a, member)),
            (Expr::And(members), _) => {
                let alone = members.iter().any(|member| self.implies(member, b));
                alone || matches!(b, Expr::Or(others) if others.iter().any(|o| self.implies(a, o)))
            }
            (_, Expr::Or(members)) => members.iter().any(|member| self.implies(a, member)),
            (Expr::Not(a), Expr::Not(b)) => self.implies(b, a),
            (Expr::Test(a), Expr::Test(b)) => self.test_implies(a, b),
            (Expr::Test(_), Expr::Not(b)) => self.disjoint(a, b),
            _ => false,
        }
    }

    /// Whether no event matches both.
    pub fn disjoint(&self, a: &Expr, b: &Expr) -> bool {
        if !self.spend() {
            return false;
        }
        match (a, b) {
            (Expr::False, _) | (_, Expr::False) => true,
            (Expr::Or(members), other) | (other, Expr::Or(members)) => {
                members.iter().all(|member| self.disjoint(member, other))
            }
            (Expr::Not(out), other) | (other, Expr::Not(out)) if self.implies(other, out) => true,
            (Expr::And(members), other) | (other, Expr::And(members)) => {
                members.iter().any(|member| self.disjoint(member, other))
            }
            (Expr::Test(a), Expr::Test(b)) => self.tests_disjoint(a, b),
            _ => false,
        }
    }

    /// Whether every event matches one of these.
    pub fn exhaustive(&self, members: &[Expr]) -> bool {
        members.iter().enumerate().any(|(index, member)| {
            let Expr::Not(inner) = member else { return *member == Expr::True };
            let rest = members.iter().enumerate().filter(|(other, _)| *other != index);
            self.implies(inner, &Expr::any_of(rest.map(|(_, member)| member.clone())))
        })
    }

    /// Whether the prover gives no more answers.
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    fn test_implies(&self, a: &Test, b: &Test) -> bool {
        if a.subject != b.subject {
            return false;
        }
        match (&a.op, &b.op) {
            (a, b) if a == b => true,
            // An empty list or object exists and has no value, so the converse does not hold.
            (Op::Null, _) | (_, Op::Null) => false,
            (_, Op::Exists) => true,
            (Op::Matches { pattern: a, case: own }, Op::Matches { pattern: b, case }) => {
                match (own, case) {
                    (Case::Insensitive, Case::Insensitive) => b.covers(a),
                    (Case::Sensitive, Case::Insensitive) => b.covers(&a.folded()),
                    (Case::Sensitive, Case::Sensitive) => b.covers(a),
                    (Case::Insensitive, Case::Sensitive) => a.is_caseless() && b.covers(a),
                }
            }
            _ => false,
        }
    }

    fn tests_disjoint(&self, a: &Test, b: &Test) -> bool {
        let Subject::Field(field) = &a.subject else { return false };
        if a.subject != b.subject || !(self.single)(field) {
            return false;
        }
        match (&a.op, &b.op) {
            (Op::Null, other) | (other, Op::Null) => *other != Op::Null,
            (Op::Matches { pattern: a, case: own }, Op::Matches { pattern: b, case }) => {
                let folded = *own == Case::Insensitive || *case == Case::Insensitive;
                apart(a, b, folded)
            }
            _ => false,
        }
    }
}

/// Whether no text matches both patterns, if one of them is a literal.
fn apart(a: &Pattern, b: &Pattern, folded: bool) -> bool {
    match (a.as_literal(), b.as_literal()) {
        (Some(text), _) => !b.matches(text, folded),
        (_, Some(text)) => !a.matches(text, folded),
        (None, None) => false,
    }
}

impl Expr {
    /// The expression with letters folded wherever case does not matter, and case said not to matter
    /// wherever no letter has two, so that expressions that differ only there are equal.
    pub fn folded(self) -> Self {
        let all = |members: Vec<Expr>| members.into_iter().map(Expr::folded).collect();
        match self {
            Expr::Test(Test { subject, op: Op::Matches { pattern, case } })
                if case == Case::Insensitive || pattern.is_caseless() =>
            {
                let op = Op::Matches { pattern: pattern.folded(), case: Case::Insensitive };
                Expr::Test(Test { subject, op })
            }
            Expr::Not(inner) => Expr::Not(Box::new(inner.folded())),
            Expr::And(members) => Expr::And(all(members)),
            Expr::Or(members) => Expr::Or(all(members)),
            other => other,
        }
    }
}

impl Expr {
    /// Whether every event that matches has the field. "No" means that nothing was seen.
    pub fn asks_for(&self, field: &FieldPath) -> bool {
        let exists = Expr::from(Test::field(field.clone(), Op::Exists)).folded();
        Prover::new(&|_| false).implies(&self.clone().folded(), &exists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(field: &str, text: &str) -> Expr {
        let op = Op::Matches { pattern: Pattern::literal(text), case: Case::Insensitive };
        Expr::from(Test::field(field, op)).folded()
    }

    fn has(field: &str, text: &str) -> Expr {
        let pattern = Pattern::literal(text).with_any_before().with_any_after();
        Expr::from(Test::field(field, Op::Matches { pattern, case: Case::Insensitive })).folded()
    }

    #[test]
    fn what_is_implied_and_what_is_not() {
        let single = |field: &FieldPath| field.as_str() == "one";
        let prover = Prover::new(&single);
        let both = Expr::all([is("one", "abc"), is("two", "x")]);
        assert!(prover.implies(&is("one", "ABC"), &has("one", "b")));
        assert!(prover.implies(&both, &Expr::any_of([has("two", "y"), has("two", "X")])));
        assert!(!prover.implies(&has("one", "b"), &is("one", "abc")));
        assert!(prover.implies(
            &both.clone().negated(),
            &Expr::all([both.clone(), has("three", "z")]).negated()
        ));
        assert!(prover.disjoint(&both, &is("one", "abd")));
        assert!(!prover.disjoint(&both, &is("two", "z")), "`two` may have several values");
        assert!(prover.disjoint(&both, &has("one", "b").negated()));
        assert!(prover.exhaustive(&[both.negated(), is("two", "x")]));
        assert!(!prover.exhaustive(&[is("two", "x"), is("one", "x").negated()]));
    }
}
