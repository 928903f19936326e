//! The single facts of a rule that its page shows, in words.

use serde::Serialize;

use super::paths;
use super::written::Written;
use crate::rule::{ControlRef, Rule, attack, controls};

/// A tactic or technique of ATT&CK.
#[derive(Clone, Debug, Serialize)]
pub struct AttackFact {
    /// `TA0112` or `T1686.001`.
    pub id: String,
    /// A sub-technique's name stands behind that of its technique.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Whether it is a tactic.
    pub tactic: bool,
}

/// What a rule claims of one subject of a control framework.
#[derive(Clone, Debug, Serialize)]
pub struct ControlFact {
    /// Full title of the framework, or its id if it is unknown.
    pub framework: String,
    /// Path of the framework's page, if the framework is known.
    pub page: Option<String>,
    /// What the controls are about, if it is known.
    pub subject: Option<String>,
    /// The numbers, in the order of the framework's versions.
    pub numbers: Vec<NumberRun>,
}

/// A control number and the versions in a row for which it is claimed.
#[derive(Clone, Debug, Serialize)]
pub struct NumberRun {
    /// `4.10`
    pub number: String,
    /// The oldest version.
    pub from: String,
    /// The newest version; the same for a single one.
    pub to: String,
}

/// A condition or query that a platform has for itself.
#[derive(Clone, Debug, Serialize)]
pub struct Dialect {
    /// `Elastic` or `Datadog`.
    pub platform: &'static str,
    /// Name of a case.
    pub name: Option<String>,
    /// Status of a case.
    pub status: Option<&'static str>,
    /// The condition, as it was written.
    pub condition: String,
}

/// A test event.
#[derive(Clone, Debug, Serialize)]
pub struct EventFact {
    /// What it shows.
    pub name: String,
    /// Whether the rule must match.
    pub matches: bool,
}

/// A line of the changelog.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeFact {
    /// `2026-11-21`
    pub date: String,
    /// `21 November 2026`
    pub day: String,
    /// What changed.
    pub change: String,
}

/// The ATT&CK tags of a rule that the shipped table knows, in the order of the rule.
pub(super) fn attack_facts(rule: &Rule) -> Vec<AttackFact> {
    rule.header.tags_of("attack").filter_map(attack_fact).collect()
}

fn attack_fact(name: &str) -> Option<AttackFact> {
    if let Some(tactic) = attack::tactic(name) {
        let (id, name) = (tactic.id.to_owned(), tactic.name.to_owned());
        return Some(AttackFact { id, name, url: tactic.url(), tactic: true });
    }
    let technique = attack::technique(name)?;
    let name = match technique.parent.and_then(attack::technique) {
        Some(parent) => format!("{}: {}", parent.name, technique.name),
        None => technique.name.to_owned(),
    };
    Some(AttackFact { id: technique.id.to_owned(), name, url: technique.url(), tactic: false })
}

/// Every tag that is not told elsewhere on the page.
pub(super) fn other_tags(rule: &Rule) -> Vec<String> {
    let known =
        |tag: &str| tag.strip_prefix("attack.").is_some_and(|name| attack_fact(name).is_some());
    let tags = rule.header.tags.iter().map(|tag| tag.value.as_str());
    tags.filter(|tag| !known(tag)).map(str::to_owned).collect()
}

/// The controls that a rule claims, put together by framework and subject, in the order in which
/// the rule names them first.
pub(super) fn control_facts(claims: &[ControlRef]) -> Vec<ControlFact> {
    let mut facts: Vec<(ControlFact, Vec<&ControlRef>)> = Vec::new();
    for claim in claims {
        let framework = controls::framework(&claim.framework);
        let title = framework.map_or(claim.framework.as_str(), |f| &f.title).to_owned();
        let subject = claim.resolve().map(|(_, subject)| subject.title.clone());
        match facts.iter_mut().find(|(f, _)| f.framework == title && f.subject == subject) {
            Some((_, members)) => members.push(claim),
            None => {
                let page = framework.map(|framework| paths::control(&framework.framework));
                let fact = ControlFact { framework: title, page, subject, numbers: Vec::new() };
                facts.push((fact, vec![claim]));
            }
        }
    }
    let with_runs = |(fact, members)| ControlFact { numbers: runs(members), ..fact };
    facts.into_iter().map(with_runs).collect()
}

/// Puts claims of one number for neighbouring versions together.
fn runs(mut claims: Vec<&ControlRef>) -> Vec<NumberRun> {
    let age = |claim: &ControlRef| controls::framework(&claim.framework)?.age(&claim.version);
    claims.sort_by_key(|claim| age(claim));
    claims.dedup();
    let mut runs: Vec<(NumberRun, Option<usize>)> = Vec::new();
    for claim in claims {
        let own = age(claim);
        match runs.last_mut() {
            Some((run, last))
                if run.number == claim.number
                    && own.is_some()
                    && own == last.map(|age| age + 1) =>
            {
                run.to.clone_from(&claim.version);
                *last = own;
            }
            _ => {
                let (from, to) = (claim.version.clone(), claim.version.clone());
                runs.push((NumberRun { number: claim.number.clone(), from, to }, own));
            }
        }
    }
    runs.into_iter().map(|(run, _)| run).collect()
}

/// What platforms have for themselves: conditions and cases.
pub(super) fn dialects(rule: &Rule, written: &Written<'_>) -> Vec<Dialect> {
    let whole = |platform, key| {
        let condition = written.scalar(&[key, "condition"])?;
        Some(Dialect { platform, name: None, status: None, condition })
    };
    let mut dialects: Vec<Dialect> =
        [whole("Elastic", "elastic"), whole("Datadog", "datadog")].into_iter().flatten().collect();
    let conditions = written.column(&["datadog", "cases"], "condition");
    for (case, condition) in rule.sections.datadog.cases.iter().zip(conditions) {
        dialects.push(Dialect {
            platform: "Datadog",
            name: Some(case.name.value.clone()),
            status: Some(case.status.word()),
            condition: condition.unwrap_or_default(),
        });
    }
    dialects
}
