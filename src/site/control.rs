//! The page of a control framework: which rules claim which control.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{PageError, RulePage, Templates, paths};
use crate::rule::controls::Framework;

/// A framework with the claims of all rules.
#[derive(Clone, Debug, Serialize)]
pub struct ControlPage {
    /// Id of the framework.
    pub framework: String,
    /// Its full title.
    pub title: String,
    /// What the table of the framework holds and leaves out.
    pub note: String,
    /// Newest version first.
    pub versions: Vec<VersionClaims>,
    /// Claims of numbers that the table does not have.
    pub unknown: Vec<Claims>,
}

/// The controls of one version.
#[derive(Clone, Debug, Serialize)]
pub struct VersionClaims {
    /// For example `6.0.0`.
    pub version: String,
    /// How many controls some rule claims.
    pub claimed: usize,
    /// In the order of the table.
    pub controls: Vec<ControlRow>,
}

/// One control of one version.
#[derive(Clone, Debug, Serialize)]
pub struct ControlRow {
    /// `5.10`
    pub number: String,
    /// What it is about, in our words.
    pub subject: String,
    /// Profile level.
    pub level: u8,
    /// `scored`, `automated` or `manual`.
    pub assessment: String,
    /// Title and path of each rule that claims it.
    pub rules: Vec<(String, String)>,
}

/// Rules that claim something.
#[derive(Clone, Debug, Serialize)]
pub struct Claims {
    /// `framework@version/number`
    pub control: String,
    /// Title and path of each rule.
    pub rules: Vec<(String, String)>,
}

impl ControlPage {
    /// Gathers the claims of all rules about one framework.
    pub fn of(framework: &Framework, rules: &[RulePage]) -> Self {
        let newest_first = framework.versions.iter().rev();
        Self {
            framework: framework.framework.clone(),
            title: framework.title.clone(),
            note: framework.note.clone(),
            versions: newest_first.map(|version| of_version(framework, version, rules)).collect(),
            unknown: unknown(framework, rules),
        }
    }

    /// Where the page lives.
    pub fn path(&self) -> String {
        paths::control(&self.framework)
    }
}

fn of_version(framework: &Framework, version: &str, rules: &[RulePage]) -> VersionClaims {
    let row = |subject: &crate::rule::controls::Subject| {
        let control = subject.control.get(version)?;
        let reference = format!("{}@{version}/{}", framework.framework, control.number);
        Some(ControlRow {
            number: control.number.clone(),
            subject: subject.title.clone(),
            level: control.level,
            assessment: control.assessment.clone(),
            rules: claimants(rules, &reference),
        })
    };
    let controls: Vec<ControlRow> = framework.subjects.iter().filter_map(row).collect();
    let claimed = controls.iter().filter(|control| !control.rules.is_empty()).count();
    VersionClaims { version: version.to_owned(), claimed, controls }
}

/// The rules that claim a control, in order of their titles.
fn claimants(rules: &[RulePage], reference: &str) -> Vec<(String, String)> {
    let claims = |rule: &&RulePage| rule.claims.iter().any(|claim| claim.to_string() == reference);
    let mut claimants: Vec<(String, String)> =
        rules.iter().filter(claims).map(|rule| (rule.title.clone(), rule.path())).collect();
    claimants.sort();
    claimants
}

fn unknown(framework: &Framework, rules: &[RulePage]) -> Vec<Claims> {
    let all = rules.iter().flat_map(|rule| &rule.claims);
    let mut unknown: Vec<String> = all
        .filter(|claim| claim.framework == framework.framework && claim.resolve().is_none())
        .map(ToString::to_string)
        .collect();
    unknown.sort();
    unknown.dedup();
    unknown
        .into_iter()
        .map(|control| Claims { rules: claimants(rules, &control), control })
        .collect()
}

/// Fills in the template of a framework's page.
pub fn control_page(templates: &Templates, page: &ControlPage) -> Result<String, PageError> {
    let context =
        context! { here => page.path(), index => paths::INDEX, page => Value::from(Serde(page)) };
    Ok(templates.render("control.md.jinja", context)?)
}
