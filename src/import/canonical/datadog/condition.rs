//! The conditions of Datadog's cases: `created > 0 || deleted > 0`.

use crate::language::datadog::{CaseCondition, parse_case};
use crate::query::Order;

/// One comparison of a query's count.
#[derive(Debug, PartialEq)]
pub(super) struct Term {
    /// The query.
    pub(super) query: String,
    /// How many matches at least.
    pub(super) at_least: u64,
}

/// A condition: alternatives of terms that must all hold. `None` for anything else, such as `THEN`.
pub(super) fn parse(condition: &str) -> Option<Vec<Vec<Term>>> {
    let [whole] = parse_case(condition).ok()?.try_into().ok()?;
    let alternatives = match whole {
        CaseCondition::Any(alternatives) => alternatives,
        one => vec![one],
    };
    let terms = |alternative| match alternative {
        CaseCondition::All(terms) => terms.into_iter().map(term).collect(),
        one => term(one).map(|term| vec![term]),
    };
    alternatives.into_iter().map(terms).collect()
}

/// A lower bound that is a whole number.
fn term(condition: CaseCondition) -> Option<Term> {
    let CaseCondition::Compare { name: query, order, number } = condition else { return None };
    let above = match order {
        Order::Greater => 1,
        Order::GreaterOrEqual => 0,
        _ => return None,
    };
    let number = number.get();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole, and not negative as conditions have no sign"
    )]
    let whole = (number.fract() == 0.0 && number < 1e15).then_some(number as u64)?;
    Some(Term { query, at_least: whole + above })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_alternatives_of_terms() {
        let term = |query: &str, at_least| Term { query: query.to_owned(), at_least };
        assert_eq!(parse("a > 0"), Some(vec![vec![term("a", 1)]]));
        assert_eq!(
            parse("a>=3 && b_c > 0 || d > 5"),
            Some(vec![vec![term("a", 3), term("b_c", 1)], vec![term("d", 6)]])
        );
        for other in ["", "a", "a > 0 THEN b > 0", "a > 0.995", "a + b > 0"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
