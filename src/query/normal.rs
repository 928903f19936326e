//! A cheap normal form: alternatives of members that all hold.

use std::collections::HashMap;

use super::Expr;

/// Most alternatives that are written out.
const MAX_ALTERNATIVES: usize = 4096;

impl Expr {
    /// Whether two expressions are the same up to the order of members, the distribution of "and"
    /// over "or", and alternatives that say no more than a shorter one. True is certain; false only
    /// means that this cannot show it.
    pub fn same_alternatives(&self, other: &Expr) -> bool {
        let (own, other) = (self.clone().ordered(false), other.clone().ordered(false));
        if own == other {
            return true;
        }
        // Both are written out over the same numbers, which compare faster than what they stand for.
        let mut numbers = Numbers::default();
        match (numbers.alternatives(&own), numbers.alternatives(&other)) {
            (Some(own), Some(other)) => {
                own == other || (covers(&own, &other) && covers(&other, &own))
            }
            _ => false,
        }
    }

    /// The expression (its complement if `negated`) with `not` at tests only, and the members of
    /// every junction in one order, each once.
    fn ordered(self, negated: bool) -> Expr {
        let inside = |members: Vec<Expr>| members.into_iter().map(move |m| m.ordered(negated));
        match (self, negated) {
            (Expr::Not(inner), _) => inner.ordered(!negated),
            (Expr::And(members), false) | (Expr::Or(members), true) => {
                sorted(Expr::all(inside(members)))
            }
            (Expr::Or(members), false) | (Expr::And(members), true) => {
                sorted(Expr::any_of(inside(members)))
            }
            (other, true) => other.negated(),
            (other, false) => other,
        }
    }
}

/// Members by number.
#[derive(Default)]
struct Numbers<'e>(HashMap<&'e Expr, usize>);

/// Members that all hold, by number, sorted and each once.
type Alternative = Vec<usize>;

impl<'e> Numbers<'e> {
    fn of(&mut self, member: &'e Expr) -> usize {
        let next = self.0.len();
        *self.0.entry(member).or_insert(next)
    }

    /// The expression as alternatives in one order, each once; `None` if there are too many.
    fn alternatives(&mut self, expr: &'e Expr) -> Option<Vec<Alternative>> {
        let mut all = match expr {
            Expr::Or(members) => {
                let mut all = Vec::new();
                for member in members {
                    all.extend(self.alternatives(member)?);
                }
                all
            }
            Expr::And(members) => {
                let mut all = vec![Vec::new()];
                for member in members {
                    all = product(&all, &self.alternatives(member)?)?;
                }
                all
            }
            other => vec![vec![self.of(other)]],
        };
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_ALTERNATIVES).then_some(all)
    }
}

/// A junction with its members sorted, each once.
fn sorted(expr: Expr) -> Expr {
    let in_order = |mut members: Vec<Expr>| {
        members.sort();
        members.dedup();
        members
    };
    match expr {
        Expr::And(members) => Expr::all(in_order(members)),
        Expr::Or(members) => Expr::any_of(in_order(members)),
        other => other,
    }
}

/// Whether each of some sorted alternatives holds only where one of the others does, since it has
/// all of its members. False if there are too many pairs to look at.
fn covers(wider: &[Alternative], narrower: &[Alternative]) -> bool {
    let has = |all: &[usize], few: &[usize]| few.iter().all(|own| all.binary_search(own).is_ok());
    wider.len() * narrower.len() <= MAX_ALTERNATIVES
        && narrower.iter().all(|all| wider.iter().any(|few| has(all, few)))
}

fn product(all: &[Alternative], more: &[Alternative]) -> Option<Vec<Alternative>> {
    if all.len() * more.len() > MAX_ALTERNATIVES {
        return None;
    }
    let joined = |one: &Alternative, other: &Alternative| {
        let mut both: Alternative = one.iter().chain(other).copied().collect();
        both.sort_unstable();
        both.dedup();
        both
    };
    Some(all.iter().flat_map(|one| more.iter().map(move |other| joined(one, other))).collect())
}

#[cfg(test)]
mod tests {
    use crate::query::{Expr, Op, Test};

    fn test(field: &str) -> Expr {
        Test::field(field, Op::Exists).into()
    }

    #[test]
    fn distribution_and_order_make_no_difference() {
        let (a, b, c) = (test("a"), test("b"), test("c"));
        let factored = Expr::all([a.clone(), Expr::any_of([b.clone(), c.clone()])]);
        let cases = Expr::any_of([Expr::all([c.clone(), a.clone()]), Expr::all([a.clone(), b])]);
        assert!(factored.same_alternatives(&cases));
        assert!(!factored.same_alternatives(&Expr::all([a, c])));
    }

    #[test]
    fn a_case_within_another_adds_nothing() {
        let (a, b, c) = (test("a"), test("b"), test("c"));
        let cases = Expr::any_of([Expr::all([a.clone(), b.clone(), c.clone()]), a.clone()]);
        assert!(a.same_alternatives(&cases) && cases.same_alternatives(&a));
        let other = Expr::any_of([Expr::all([a.clone(), b]), c]);
        assert!(!a.same_alternatives(&other) && !other.same_alternatives(&a));
    }
}
