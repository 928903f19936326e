//! Which queries of a Datadog rule its cases ask for.
//!
//! A query that no case counts raises nothing, and neither does a case whose bounds cannot hold
//! together (`q > 5 && q < 3`). Source of the conditions: see [`parse_case`].

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::language::datadog::{CaseCondition, parse_case};
use crate::query::Order;

/// Most alternatives of a condition that are looked at one by one.
const MAX_ALTERNATIVES: usize = 1_000;

/// The places of the queries whose events let a case hold. A document without cases says nothing of
/// them, and a condition that cannot be read may ask for any query.
pub(super) fn asked(body: &Map<String, Json>) -> Vec<usize> {
    let queries = body.get("queries").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let all = || (0..queries.len()).collect();
    let Some(cases) = body.get("cases").and_then(Json::as_array) else { return all() };
    let counted = Counted(queries);
    let mut asked = vec![false; queries.len()];
    for case in cases {
        let condition = case["condition"].as_str().unwrap_or_default();
        // Some methods of detection have cases without a condition.
        let stages = match condition.trim() {
            "" => return all(),
            text => parse_case(text),
        };
        let Ok(stages) = stages else { return all() };
        let stages: Option<Vec<Vec<String>>> =
            stages.iter().map(|stage| counted.needed(stage)).collect();
        for name in stages.into_iter().flatten().flatten() {
            if let Some(at) = counted.place(&name) {
                asked[at] = true;
            }
        }
    }
    (0..queries.len()).filter(|at| asked[*at]).collect()
}

/// The name of a query, which is a letter if it has none.
pub(super) fn name(query: &Json, at: usize) -> String {
    let own = query["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let letter = || u8::try_from(at).ok().map(|at| char::from(b'a' + at.min(25)).to_string());
    own.or_else(letter).unwrap_or_default()
}

/// Queries whose results conditions are about.
struct Counted<'b>(&'b [Json]);

impl Counted<'_> {
    fn place(&self, wanted: &str) -> Option<usize> {
        self.0.iter().enumerate().position(|(at, query)| name(query, at) == wanted)
    }

    /// Whether the result of a query is a count; sums may be fractions.
    fn is_whole(&self, wanted: &str) -> bool {
        let query = self.place(wanted).and_then(|at| self.0.get(at));
        let aggregation = query.and_then(|query| query["aggregation"].as_str());
        !matches!(aggregation, Some("sum" | "max" | "geo_data" | "anomaly_detection"))
    }

    /// The queries of which a condition needs events; `None` if it cannot hold. In doubt all.
    fn needed(&self, condition: &CaseCondition) -> Option<Vec<String>> {
        let Some(alternatives) = alternatives(condition, true) else {
            return Some(names(condition));
        };
        let mut needed = None;
        for alternative in alternatives {
            if let Some(names) = self.possible(&alternative) {
                needed.get_or_insert_with(Vec::new).extend(names);
            }
        }
        needed
    }

    /// The queries whose bounds shut out that they find nothing, if all bounds can hold. Where none
    /// does (`q >= 0`), those whose events leave it at that: each of them opens a signal.
    fn possible(&self, bounds: &[Bound]) -> Option<Vec<String>> {
        let mut ranges: BTreeMap<&str, Range> = BTreeMap::new();
        for bound in bounds {
            ranges.entry(&bound.name).or_insert(Range::ANY).take(bound);
        }
        let is_possible = |(name, range): (&&str, &Range)| range.has_any(self.is_whole(name));
        let all = ranges.iter().all(is_possible);
        let is_free = ranges.values().all(|range| range.has(0.0));
        let is_found = |(name, range): &(&&str, &Range)| match is_free {
            true => range.has_some(self.is_whole(name)),
            false => !range.has(0.0),
        };
        let found = ranges.iter().filter(is_found);
        all.then(|| found.map(|(name, _)| (*name).to_owned()).collect())
    }
}

/// One comparison of a query's result.
#[derive(Clone)]
struct Bound {
    name: String,
    order: Order,
    number: f64,
}

/// The results that all bounds of one query let through.
struct Range {
    least: f64,
    with_least: bool,
    most: f64,
    with_most: bool,
}

impl Range {
    /// No result is below zero.
    const ANY: Self = Self { least: 0.0, with_least: true, most: f64::INFINITY, with_most: true };

    fn take(&mut self, bound: &Bound) {
        let number = bound.number;
        let (from, with_from) = match bound.order {
            Order::Greater => (number, false),
            Order::GreaterOrEqual | Order::Equal => (number, true),
            _ => (0.0, true),
        };
        let (to, with_to) = match bound.order {
            Order::Less => (number, false),
            Order::LessOrEqual | Order::Equal => (number, true),
            _ => (f64::INFINITY, true),
        };
        if from > self.least || (from == self.least && !with_from) {
            (self.least, self.with_least) = (from, with_from);
        }
        if to < self.most || (to == self.most && !with_to) {
            (self.most, self.with_most) = (to, with_to);
        }
    }

    fn has(&self, number: f64) -> bool {
        let above = number > self.least || (number == self.least && self.with_least);
        let below = number < self.most || (number == self.most && self.with_most);
        above && below
    }

    /// Whether one above zero is among those that let zero through.
    fn has_some(&self, whole: bool) -> bool {
        if whole { self.has(1.0) } else { self.most > 0.0 }
    }

    fn has_any(&self, whole: bool) -> bool {
        if !whole {
            return self.least < self.most || self.has(self.least);
        }
        let first = self.least.ceil();
        self.has(first) || self.has(first + 1.0)
    }
}

/// A condition as alternatives of bounds; `None` if there are too many.
fn alternatives(condition: &CaseCondition, holds: bool) -> Option<Vec<Vec<Bound>>> {
    match condition {
        CaseCondition::Compare { name, order, number } => {
            let bound = |order| vec![Bound { name: name.clone(), order, number: number.get() }];
            Some(match (order, holds) {
                (order, true) => vec![bound(*order)],
                (Order::Less, false) => vec![bound(Order::GreaterOrEqual)],
                (Order::LessOrEqual, false) => vec![bound(Order::Greater)],
                (Order::Greater, false) => vec![bound(Order::LessOrEqual)],
                (Order::GreaterOrEqual, false) => vec![bound(Order::Less)],
                (Order::Equal, false) => vec![bound(Order::Less), bound(Order::Greater)],
            })
        }
        CaseCondition::Not(inner) => alternatives(inner, !holds),
        CaseCondition::Any(members) if holds => either(members, holds),
        CaseCondition::All(members) if !holds => either(members, holds),
        CaseCondition::Any(members) | CaseCondition::All(members) => {
            let mut all: Vec<Vec<Bound>> = vec![Vec::new()];
            for member in members {
                let own = alternatives(member, holds)?;
                let joined = |one: &Vec<Bound>| {
                    let one = one.clone();
                    own.iter().map(move |other| [one.as_slice(), other.as_slice()].concat())
                };
                all = all.iter().flat_map(joined).take(MAX_ALTERNATIVES + 1).collect();
            }
            (all.len() <= MAX_ALTERNATIVES).then_some(all)
        }
    }
}

fn either(members: &[CaseCondition], holds: bool) -> Option<Vec<Vec<Bound>>> {
    let all: Option<Vec<_>> = members.iter().map(|member| alternatives(member, holds)).collect();
    all.map(|all| all.concat()).filter(|all| all.len() <= MAX_ALTERNATIVES)
}

/// Every query that a condition names.
fn names(condition: &CaseCondition) -> Vec<String> {
    match condition {
        CaseCondition::Compare { name, .. } => vec![name.clone()],
        CaseCondition::Not(inner) => names(inner),
        CaseCondition::All(members) | CaseCondition::Any(members) => {
            members.iter().flat_map(names).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::asked;

    #[test]
    fn cases_ask_for_what_they_need_to_find() {
        for (conditions, expected) in [
            (vec!["a > 0"], vec![0]),
            (vec!["a > 0", "b >= 3"], vec![0, 1]),
            (vec!["a > 0 && b > 0"], vec![0, 1]),
            (vec!["a > 0 && b < 3"], vec![0]),
            (vec!["a > 0 THEN b > 0"], vec![0, 1]),
            (vec!["a > 5 && a < 3 || b > 0"], vec![1]),
            (vec!["a > 5 && a < 6"], vec![]),
            (vec!["s > 5 && s < 6"], vec![2]),
            (vec!["a > 5 && a < 3 THEN b > 0"], vec![]),
            (vec!["a < 1"], vec![]),
            (vec!["a >= 0"], vec![0]),
            (vec!["a <= 0", "s < 1"], vec![2]),
            (vec!["a < 1 && b < 3"], vec![1]),
            (vec!["a > 0 || b < 3"], vec![0, 1]),
            (vec!["!(a == 0)"], vec![0]),
            (vec!["!(a < 2 || b > 5)"], vec![0]),
            (vec!["nobody > 0"], vec![]),
            (vec![""], vec![0, 1, 2]),
            (vec!["a +"], vec![0, 1, 2]),
            (vec![], vec![]),
        ] {
            let cases: Vec<_> = conditions.iter().map(|one| json!({"condition": one})).collect();
            let body = json!({
                "queries": [
                    {"name": "a"}, {"query": "b"}, {"name": "s", "aggregation": "sum"}
                ],
                "cases": cases,
            });
            assert_eq!(asked(body.as_object().unwrap()), expected, "{conditions:?}");
        }
    }
}
