//! The list of all rules.

use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{PageError, RulePage, Templates, Translation, paths};
use crate::rule::controls;

/// Every rule, by log source.
#[derive(Clone, Debug, Serialize)]
pub struct IndexPage {
    /// Names of the platforms, in the order in which the rules name them first.
    pub platforms: Vec<String>,
    /// Log sources in alphabetical order; correlations, which have none, at the end.
    pub groups: Vec<IndexGroup>,
    /// Title and path of each control framework that some rule claims.
    pub frameworks: Vec<(String, String)>,
}

/// The rules of one log source.
#[derive(Clone, Debug, Default, Serialize)]
pub struct IndexGroup {
    /// The log source; empty for correlations.
    pub logsource: String,
    /// In order of their titles.
    pub rules: Vec<IndexRow>,
}

/// One rule of the list.
#[derive(Clone, Debug, Serialize)]
pub struct IndexRow {
    /// Title of the rule.
    pub title: String,
    /// Path of its page.
    pub path: String,
    /// `informational` to `critical`.
    pub severity: Option<&'static str>,
    /// `stable`, `test` and so on.
    pub status: Option<&'static str>,
    /// What became of it on each platform, in the order of [`IndexPage::platforms`]; `None` where
    /// the rule was not built.
    pub platforms: Vec<Option<IndexCell>>,
}

/// One rule on one platform.
#[derive(Clone, Debug, Serialize)]
pub struct IndexCell {
    /// What became of its condition there.
    pub translation: Translation,
    /// Relations that the author chose; see [`TargetView::chosen`](super::TargetView::chosen).
    pub chosen: Vec<String>,
    /// Path of its page there.
    pub page: Option<String>,
}

impl IndexPage {
    /// Lists rules.
    pub fn of(rules: &[RulePage]) -> Self {
        let mut platforms: Vec<String> = Vec::new();
        for target in rules.iter().flat_map(|rule| &rule.targets) {
            if !platforms.contains(&target.view.name) {
                platforms.push(target.view.name.clone());
            }
        }
        let mut groups: BTreeMap<(bool, &str), Vec<IndexRow>> = BTreeMap::new();
        for rule in rules {
            let key = (rule.logsource.is_empty(), rule.logsource.as_str());
            groups.entry(key).or_default().push(row(rule, &platforms));
        }
        let group = |((_, logsource), mut rules): ((bool, &str), Vec<IndexRow>)| {
            rules.sort_by(|a, b| (&a.title, &a.path).cmp(&(&b.title, &b.path)));
            IndexGroup { logsource: logsource.to_owned(), rules }
        };
        let is_claimed = |id: &str| rules.iter().flat_map(|r| &r.claims).any(|c| c.framework == id);
        let frameworks = controls::frameworks().iter().filter(|f| is_claimed(&f.framework));
        Self {
            groups: groups.into_iter().map(group).collect(),
            frameworks: frameworks
                .map(|f| (f.title.clone(), paths::control(&f.framework)))
                .collect(),
            platforms,
        }
    }
}

fn row(rule: &RulePage, platforms: &[String]) -> IndexRow {
    let on = |platform: &String| {
        let target = rule.targets.iter().find(|target| target.view.name == *platform)?;
        let (chosen, page) = (target.chosen.clone(), target.view.page.clone());
        Some(IndexCell { translation: target.translation, chosen, page })
    };
    IndexRow {
        title: rule.title.clone(),
        path: rule.path(),
        severity: rule.severity,
        status: rule.status,
        platforms: platforms.iter().map(on).collect(),
    }
}

/// Fills in the template of the list.
pub fn index_page(templates: &Templates, page: &IndexPage) -> Result<String, PageError> {
    let context = context! { here => paths::INDEX, page => Value::from(Serde(page)) };
    Ok(templates.render("index.md.jinja", context)?)
}
