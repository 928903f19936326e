//! What platforms get that have a condition of their own: it takes the place of the rule's, so it is
//! compared in its place, over the rule's own fields.

use serde::Serialize;

use super::{Detection, of_related};
use crate::proof::Limits;
use crate::relate::{compare, of_rule_under};
use crate::rule::{Condition, Rule, RuleSet};

/// What a change does on one platform.
#[derive(Clone, Debug, Serialize)]
pub struct OnPlatform {
    /// `elastic` or `datadog`.
    pub platform: &'static str,
    /// What the platform's rule detects now, compared with before.
    pub detection: Detection,
}

impl OnPlatform {
    /// The platform's name for people.
    pub fn title(&self) -> &'static str {
        if self.platform == "elastic" { "Elastic" } else { "Datadog" }
    }
}

/// The platforms with a condition of their own, before or after, that now detect something else.
pub(super) fn platforms(
    old: &RuleSet,
    before: &Rule,
    new: &RuleSet,
    after: &Rule,
    limits: &Limits,
) -> Vec<OnPlatform> {
    let own: [(&str, Conditions); 2] = [("elastic", of_elastic), ("datadog", of_datadog)];
    let one = |(platform, conditions): (&'static str, Conditions)| {
        let (one, other) = (conditions(before), conditions(after));
        if one.is_empty() && other.is_empty() {
            return None;
        }
        let left = of_rule_under(old, before, &one);
        let related = left.and_then(|left| {
            let right = of_rule_under(new, after, &other)?;
            let is_same = (&left.expr, &left.logsource, &left.beyond.reads)
                == (&right.expr, &right.logsource, &right.beyond.reads);
            if is_same { Ok(None) } else { compare(&left, &right, None, limits).map(Some) }
        });
        let detection = match related {
            Ok(None) => Detection::Same,
            Ok(Some(related)) => of_related(related),
            Err(unrelated) => Detection::Unknown { reasons: unrelated.0 },
        };
        (!matches!(detection, Detection::Same)).then_some(OnPlatform { platform, detection })
    };
    own.into_iter().filter_map(one).collect()
}

/// The conditions of a platform's section, of which any must hold.
type Conditions = fn(&Rule) -> Vec<&Condition>;

fn of_elastic(rule: &Rule) -> Vec<&Condition> {
    rule.sections.elastic.condition.iter().map(|condition| &condition.value).collect()
}

/// Each case has a query of its own, in the place of any other condition.
fn of_datadog(rule: &Rule) -> Vec<&Condition> {
    let section = &rule.sections.datadog;
    match section.cases.as_slice() {
        [] => section.condition.iter().map(|condition| &condition.value).collect(),
        cases => cases.iter().map(|case| &case.condition.value).collect(),
    }
}
