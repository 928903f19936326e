//! The cases of a body.

use serde_json::Value as Json;

use super::list;
use crate::language::datadog::{CaseCondition, parse_case};
use crate::query::{Number, Order};
use crate::replay::detector::Which;
use crate::replay::signal::SignalCase;
use crate::rule::CaseStatus;

/// What cases say beside their conditions.
pub(super) fn all(body: &Json) -> Result<Vec<SignalCase>, String> {
    let cases = list(&body["cases"]).iter().map(|case| {
        let status = case["status"].as_str().and_then(CaseStatus::from_word);
        let name = case["name"].as_str().map(str::trim).filter(|name| !name.is_empty());
        let status = status.ok_or("a case has no status")?;
        Ok(SignalCase { name: name.map(str::to_owned), status })
    });
    cases.collect()
}

/// The condition of a case, one stage after the other.
pub(super) fn condition(case: &Json) -> Result<Vec<CaseCondition>, String> {
    let text = case["condition"].as_str().unwrap_or_default().trim();
    if text.is_empty() {
        return Err("a case has no condition".to_owned());
    }
    parse_case(text).map_err(|error| format!("the case `{text}`: {}", error.message))
}

/// A condition over what `leaf` makes of each comparison.
pub(super) fn over<L>(
    condition: &CaseCondition,
    leaf: &dyn Fn(&str, Order, Number) -> Result<L, String>,
) -> Result<Which<L>, String> {
    let members = |members: &[CaseCondition]| -> Result<Vec<Which<L>>, String> {
        members.iter().map(|member| over(member, leaf)).collect()
    };
    Ok(match condition {
        CaseCondition::Compare { name, order, number } => Which::Leaf(leaf(name, *order, *number)?),
        CaseCondition::Not(inner) => Which::Not(Box::new(over(inner, leaf)?)),
        CaseCondition::All(inner) => Which::All(members(inner)?),
        CaseCondition::Any(inner) => Which::Any(members(inner)?),
    })
}
