//! What a rule asks of the events that it matches before it raises an alert: how many, how soon, how
//! new, and what its platform leaves out. A comparison of single events sees nothing of it.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::Reading;
use crate::rule::{Rule, RuleSet, Shape};

/// What stands between events and an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Asks {
    /// In whose words.
    pub whose: Whose,
    /// What is asked, by name.
    pub of: Map<String, Json>,
    /// Which notes of the reading say nothing but that this is left out.
    pub notes: Vec<String>,
}

/// In whose words something is asked. What is said in the words of two is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of a rule of Sigma's kind.
    Rule,
    /// Those of Elastic's rules and queries.
    Elastic,
    /// Those of Datadog's rules.
    Datadog,
}

/// What two sides ask beside the events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counting {
    /// Whether it is the same.
    pub same: bool,
    /// What the first asks; nothing if each of its events raises an alert.
    pub left: Map<String, Json>,
    /// What the second asks.
    pub right: Map<String, Json>,
    /// Whether both ask in the same words, so that a difference is one.
    #[serde(skip)]
    pub is_compared: bool,
}

impl Asks {
    /// What is asked, if anything is.
    pub(super) fn of(whose: Whose, of: Map<String, Json>, notes: Vec<String>) -> Option<Self> {
        (!of.is_empty()).then_some(Self { whose, of, notes })
    }

    /// The same with what a rule around a query asks; that rule's words win.
    pub(super) fn with(query: Option<Self>, whose: Whose, rule: Map<String, Json>) -> Option<Self> {
        let (mut of, notes) = query.map(|asks| (asks.of, asks.notes)).unwrap_or_default();
        of.extend(rule);
        Self::of(whose, of, notes)
    }
}

impl Counting {
    /// `None` where each event of both sides raises an alert.
    pub(super) fn of(left: &Reading, right: &Reading) -> Option<Self> {
        let (one, other) = (&left.beyond.asks, &right.beyond.asks);
        let whose = |asks: &Option<Asks>| asks.as_ref().map(|asks| asks.whose);
        let of = |asks: &Option<Asks>| asks.as_ref().map(|a| a.of.clone()).unwrap_or_default();
        if one.is_none() && other.is_none() {
            return None;
        }
        let is_compared = one.is_none() || other.is_none() || whose(one) == whose(other);
        let same = whose(one) == whose(other) && of(one) == of(other);
        Some(Self { same, left: of(one), right: of(other), is_compared })
    }

    /// What differs: a name, and what each side has for it.
    pub fn differences(&self) -> Vec<(&str, Option<Json>, Option<Json>)> {
        let Self { left, right, .. } = self;
        let more = right.keys().filter(|key| !left.contains_key(*key));
        let value = |side: &'_ Map<String, Json>, key: &str| side.get(key).cloned();
        left.keys()
            .chain(more)
            .map(|key| (key.as_str(), value(left, key), value(right, key)))
            .filter(|(_, one, other)| one != other)
            .collect()
    }
}

/// How a rule counts the events that it matches, or what must be new about them; empty if each raises
/// an alert.
pub fn counting(set: &RuleSet, rule: &Rule) -> Map<String, Json> {
    let counts = match set.shape(rule, None) {
        Ok((Shape::Threshold { count, at_least, group_by, window, .. }, _)) => json!({
            "count": count, "at_least": at_least, "group_by": group_by, "window": window,
        }),
        Ok((Shape::NewValue { fields, history, .. }, _)) => {
            json!({"new": fields, "history": history})
        }
        _ => Json::Null,
    };
    match counts {
        Json::Object(counts) => counts,
        _ => Map::new(),
    }
}
