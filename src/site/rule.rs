//! The page of a canonical rule: what it detects, how each platform says it, what to do about it.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::rule_facts::{self, AttackFact, ChangeFact, ControlFact, Dialect, EventFact};
use super::written::Written;
use super::{PageError, TargetView, Templates, Translation, paths, slug};
use crate::rule::{ControlRef, Rule};
use crate::source::Spanned;

/// Everything that the page of a rule shows.
#[derive(Clone, Debug, Serialize)]
pub struct RulePage {
    /// Path below the folder of rule pages, without `.md`; see [`RulePage::of`]. The caller may set
    /// another one, with folders (`aws/ec2/x`), before anything is rendered.
    pub name: String,
    /// Title of the rule.
    pub title: String,
    /// Markdown.
    pub description: Option<String>,
    /// `informational` to `critical`.
    pub severity: Option<&'static str>,
    /// `stable`, `test` and so on.
    pub status: Option<&'static str>,
    /// Where events come from, such as `aws/cloudtrail`; empty for correlations.
    pub logsource: String,
    /// What must be switched on, in words.
    pub logsource_definition: Option<String>,
    /// UUID.
    pub id: Option<String>,
    /// Kibana's rule id, where it is another one.
    pub elastic_id: Option<String>,
    /// Datadog's id of a default rule.
    pub datadog_id: Option<String>,
    /// Kind and UUID of rules that this one has to do with.
    pub related: Vec<(String, String)>,
    /// One by one.
    pub authors: Vec<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// First written, `2026-11-21`.
    pub date: Option<String>,
    /// Last changed.
    pub modified: Option<String>,
    /// Tactics and techniques.
    pub attack: Vec<AttackFact>,
    /// All other tags.
    pub tags: Vec<String>,
    /// Fields that an analyst wants to see.
    pub fields: Vec<String>,
    /// What the rule claims, as it was written.
    pub claims: Vec<ControlRef>,
    /// The same by framework and subject.
    pub controls: Vec<ControlFact>,
    /// The YAML of the rule's logic, as it was written.
    pub definition: String,
    /// Conditions that are a platform's own.
    pub dialects: Vec<Dialect>,
    /// The rule on each platform.
    pub targets: Vec<TargetSection>,
    /// Markdown.
    pub strategy: Option<String>,
    /// Markdown.
    pub triage: Option<String>,
    /// What else looks like this.
    pub falsepositives: Vec<String>,
    /// Events that must and must not match.
    pub tests: Vec<EventFact>,
    /// Addresses.
    pub references: Vec<String>,
    /// What changed when, newest first.
    pub changelog: Vec<ChangeFact>,
}

/// A platform with what follows from its view.
#[derive(Clone, Debug, Serialize)]
pub struct TargetSection {
    /// As the caller gave it.
    #[serde(flatten)]
    pub view: TargetView,
    /// See [`TargetView::translation`].
    pub translation: Translation,
    /// See [`TargetView::chosen`].
    pub chosen: Vec<String>,
    /// See [`TargetView::languages`].
    pub languages: Vec<String>,
}

impl From<&TargetView> for TargetSection {
    fn from(view: &TargetView) -> Self {
        let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
        Self {
            translation: view.translation(),
            chosen: owned(view.chosen()),
            languages: owned(view.languages()),
            view: view.clone(),
        }
    }
}

impl RulePage {
    /// Gathers what the page of a rule shows. Its name is the name of the rule's file; further
    /// documents of one file add their titles, so that every rule has a page of its own.
    pub fn of(rule: &Rule, outputs: &[TargetView]) -> Self {
        let written = Written::of(rule);
        let (header, sections) = (&rule.header, &rule.sections);
        let logsource = rule.logic.logsource();
        let logsource_definition = logsource.and_then(|logsource| logsource.definition.clone());
        let logsource = logsource.map(ToString::to_string).unwrap_or_default();
        let claims: Vec<ControlRef> = sections.controls.iter().map(|c| c.value.clone()).collect();
        let id = header.id.as_ref().map(|id| id.to_string());
        Self {
            name: page_name(rule),
            title: header.title.clone(),
            description: filled(&header.description),
            severity: header.level.as_ref().map(|level| level.word()),
            status: header.status.as_ref().map(|status| status.word()),
            logsource,
            logsource_definition,
            elastic_id: sections
                .elastic
                .rule_id
                .as_ref()
                .map(|id| id.to_string())
                .filter(|own| Some(own) != id.as_ref()),
            id,
            datadog_id: sections.datadog.id.clone(),
            related: header.related.iter().map(|r| (r.kind.clone(), r.id.to_string())).collect(),
            authors: header.authors().into_iter().map(str::to_owned).collect(),
            license: header.license.clone(),
            date: header.date.as_ref().map(|date| date.to_string()),
            modified: header.modified.as_ref().map(|date| date.to_string()),
            attack: rule_facts::attack_facts(rule),
            tags: rule_facts::other_tags(rule),
            fields: header.fields.clone(),
            controls: rule_facts::control_facts(&claims),
            claims,
            definition: written.sections(&["detection", "correlation", "new_value"]),
            dialects: rule_facts::dialects(rule, &written),
            targets: outputs.iter().map(TargetSection::from).collect(),
            strategy: filled(&sections.strategy),
            triage: filled(&sections.triage),
            falsepositives: header.falsepositives.clone(),
            tests: tests(rule),
            references: header.references.iter().map(|url| url.value.clone()).collect(),
            changelog: changelog(rule),
        }
    }

    /// Where the page lives.
    pub fn path(&self) -> String {
        paths::rule(&self.name)
    }
}

/// A text that is more than blanks: a section without content has no heading.
fn filled(text: &Option<Spanned<String>>) -> Option<String> {
    text.as_ref().map(|text| text.value.clone()).filter(|text| !text.trim().is_empty())
}

fn tests(rule: &Rule) -> Vec<EventFact> {
    let tests = rule.sections.tests.iter();
    tests.map(|test| EventFact { name: test.name.value.clone(), matches: test.matches }).collect()
}

fn changelog(rule: &Rule) -> Vec<ChangeFact> {
    let newest_first = rule.sections.changelog.iter().rev();
    newest_first
        .map(|change| ChangeFact {
            date: change.date.to_string(),
            day: change.date.in_words(),
            change: change.change.clone(),
        })
        .collect()
}

/// The file's name without folders and ending, and the title for all but the first document.
fn page_name(rule: &Rule) -> String {
    let file = rule.source.name().rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let before = rule.source.text().get(..rule.span.start).unwrap_or_default();
    let is_content = |line: &str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with(['#', '%']) || line.starts_with("---"))
    };
    match (stem.is_empty(), before.lines().any(is_content)) {
        (true, _) => slug(&rule.header.title),
        (false, true) => format!("{stem}-{}", slug(&rule.header.title)),
        (false, false) => stem.to_owned(),
    }
}

/// Fills in the template of a rule's page.
pub fn rule_page(templates: &Templates, page: &RulePage) -> Result<String, PageError> {
    let context =
        context! { here => page.path(), index => paths::INDEX, page => Value::from(Serde(page)) };
    Ok(templates.render("rule.md.jinja", context)?)
}
