//! A demand in parts: each call, each error pattern, each condition by itself, so that coverage is a
//! fraction and what is missing has a name.

use serde::Serialize;

use super::given::literal;
use crate::query::{Expr, Op, Test};

/// Most parts that one demand is broken into; a demand with more stays whole.
const MAX_PARTS: usize = 512;

/// One part of a demand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What tells it from the others, such as `DeleteSecurityGroup`.
    pub name: String,
    /// Its events: tests that hold or fail together, unless the demand has too many parts.
    pub expr: Expr,
}

/// The parts of a demand, in the order in which it names them. Together they are the demand.
pub fn parts(demand: &Expr) -> Vec<Part> {
    let ways = match ways(demand, false) {
        Some(ways) if !ways.is_empty() => ways,
        _ => return vec![Part { name: "the whole demand".to_owned(), expr: demand.clone() }],
    };
    let common: Vec<&Expr> = match ways.split_first() {
        Some((first, rest)) => {
            first.iter().filter(|own| rest.iter().all(|way| way.contains(own))).collect()
        }
        None => Vec::new(),
    };
    let mut names: Vec<String> = ways.iter().map(|way| name(way, &common, false)).collect();
    for (at, way) in ways.iter().enumerate() {
        let own = names.get(at).cloned().unwrap_or_default();
        if names.iter().filter(|name| **name == own).count() > 1
            && let Some(name) = names.get_mut(at)
        {
            *name = self::name(way, &common, true);
        }
    }
    ways.into_iter().zip(names).map(|(way, name)| Part { name, expr: Expr::all(way) }).collect()
}

/// The alternatives of an expression (its complement if `negated`), each a list of tests and
/// complements of tests; `None` if there are too many.
fn ways(expr: &Expr, negated: bool) -> Option<Vec<Vec<Expr>>> {
    match (expr, negated) {
        (Expr::Not(inner), _) => ways(inner, !negated),
        (Expr::True, false) | (Expr::False, true) => Some(vec![Vec::new()]),
        (Expr::False, false) | (Expr::True, true) => Some(Vec::new()),
        (Expr::Test(_), false) => Some(vec![vec![expr.clone()]]),
        (Expr::Test(_), true) => Some(vec![vec![expr.clone().negated()]]),
        (Expr::Or(members), false) | (Expr::And(members), true) => {
            let mut all: Vec<Vec<Expr>> = Vec::new();
            for member in members {
                for way in ways(member, negated)? {
                    if !all.contains(&way) {
                        all.push(way);
                    }
                }
            }
            (all.len() <= MAX_PARTS).then_some(all)
        }
        (Expr::And(members), false) | (Expr::Or(members), true) => {
            let mut all = vec![Vec::new()];
            for member in members {
                all = product(&all, &ways(member, negated)?)?;
            }
            Some(all)
        }
    }
}

fn product(all: &[Vec<Expr>], more: &[Vec<Expr>]) -> Option<Vec<Vec<Expr>>> {
    if all.len() * more.len() > MAX_PARTS {
        return None;
    }
    let joined = |one: &Vec<Expr>, other: &Vec<Expr>| {
        let mut both = one.clone();
        both.extend(other.iter().filter(|test| !one.contains(test)).cloned());
        both
    };
    Some(all.iter().flat_map(|one| more.iter().map(move |other| joined(one, other))).collect())
}

/// What a way has that others have not; where that is nothing, what it asks for.
fn name(way: &[Expr], common: &[&Expr], with_fields: bool) -> String {
    let own: Vec<&Expr> = way.iter().filter(|test| !common.contains(test)).collect();
    let positive = |exprs: Vec<&Expr>| -> Vec<String> {
        let tests = exprs.into_iter().filter_map(literal);
        tests.filter(|(_, holds)| *holds).map(|(test, _)| word(test, with_fields)).collect()
    };
    let negative = |(test, _): (&Test, bool)| format!("not {}", word(test, with_fields));
    let mut words = positive(own.clone());
    if words.is_empty() {
        words = own.iter().copied().filter_map(literal).map(negative).collect();
    }
    if words.is_empty() {
        words = positive(way.iter().collect());
    }
    if words.is_empty() {
        words = way.iter().filter_map(literal).map(negative).collect();
    }
    if words.is_empty() { "every event".to_owned() } else { words.join(" and ") }
}

/// The value that a test asks for, or the test.
fn word(test: &Test, with_fields: bool) -> String {
    match &test.op {
        Op::Matches { pattern, .. } if !with_fields => pattern.to_string(),
        _ => test.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::controls::framework;

    fn names(slug: &str, version: &str, literal: bool) -> Vec<String> {
        let cis = framework("cis-aws-foundations").expect("shipped");
        let subject = cis.subjects.iter().find(|s| s.slug == slug).expect("known");
        let demand = cis.demand(subject, version).expect("a demand");
        let expr = if literal { &demand.literal } else { &demand.intent };
        parts(expr).into_iter().map(|part| part.name).collect()
    }

    #[test]
    fn parts_have_the_names_of_what_is_demanded() {
        let calls = names("kms-cmk-disable-or-delete", "7.0.0", false);
        assert_eq!(calls, ["DisableKey", "ScheduleKeyDeletion"]);
        assert_eq!(names("security-group-changes", "4.0.1", false).len(), 6);
        assert_eq!(names("security-group-changes", "5.0.0", true).len(), 7);
        assert_eq!(names("root-usage", "5.0.0", false), ["Root"]);
        let failed = names("console-auth-failures", "5.0.0", false);
        assert_eq!(failed, ["ConsoleLogin and Failed authentication"]);
        let refused = ["*UnauthorizedOperation", "AccessDenied*"].map(str::to_owned);
        assert_eq!(names("unauthorized-api-calls", "7.0.0", false), refused);
        let literal = names("unauthorized-api-calls", "1.4.0", true);
        assert_eq!(literal.len(), 4);
        assert_eq!(literal[2], "not delivery.logs.amazonaws.com");
    }
}
