//! Documentation pages of a whole set.

use rayon::prelude::*;
use serde_json::Value as Json;

use super::{BuiltRule, Certificate};
use crate::config::Target;
use crate::diagnostic::Finding;
use crate::rule::{Rule, controls};
use crate::site::{
    ControlPage, DatadogPage, IndexPage, PageError, ProofView, QueryView, RulePage, TargetView,
    Templates, control_page, datadog_page, elastic_page, index_page, paths, rule_page,
};
use crate::target::{Artifact, Emission};

/// Every page: one a rule and platform, one a rule, the index, one a control framework that some
/// rule claims.
pub(super) fn pages(
    rules: &[(&Rule, &BuiltRule)],
    templates: &Templates,
) -> (Vec<Artifact>, Vec<Finding>) {
    let results: Vec<(RulePage, Vec<Result<Artifact, PageError>>)> =
        rules.par_iter().map(|(rule, built)| of_rule(rule, built, templates)).collect();
    let mut made: Vec<Result<Artifact, PageError>> = Vec::new();
    let mut views = Vec::new();
    for (view, pages) in results {
        views.push(view);
        made.extend(pages);
    }
    let index = index_page(templates, &IndexPage::of(&views));
    made.push(index.map(|text| Artifact::text(paths::INDEX, &text)));
    for framework in controls::frameworks() {
        let view = ControlPage::of(framework, &views);
        let page = control_page(templates, &view);
        made.push(page.map(|text| Artifact::text(view.path(), &text)));
    }
    let (mut artifacts, mut findings) = (Vec::new(), Vec::new());
    for page in made {
        match page {
            Ok(artifact) => artifacts.push(artifact),
            Err(error) => findings.push(error.finding()),
        }
    }
    // One broken template breaks every page that it makes; once is enough to say so.
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup_by(|a, b| a.message == b.message);
    (artifacts, findings)
}

fn of_rule(
    rule: &Rule,
    built: &BuiltRule,
    templates: &Templates,
) -> (RulePage, Vec<Result<Artifact, PageError>>) {
    let views: Vec<TargetView> =
        built.emissions.iter().map(|(target, emission)| view(*target, emission, built)).collect();
    let mut page = RulePage::of(rule, &views);
    page.name.clone_from(&built.name);
    let mut pages =
        vec![rule_page(templates, &page).map(|text| Artifact::text(page.path(), &text))];
    if let Some(output) = built.output(Target::Elastic) {
        let text = elastic_page(templates, &output.payload, &rule.sections.elastic.page);
        pages.push(text.map(|text| exact(paths::elastic(&built.name), text)));
    }
    if let Some(output) = built.output(Target::Datadog) {
        let facts = DatadogPage::from(&rule.sections.datadog);
        let text = datadog_page(templates, &output.payload, &facts);
        pages.push(text.map(|text| exact(paths::datadog(&built.name), text)));
    }
    (page, pages)
}

/// A page whose last blank lines belong to its format.
fn exact(path: String, text: String) -> Artifact {
    Artifact { path, bytes: text.into_bytes() }
}

fn view(target: Target, emission: &Emission, built: &BuiltRule) -> TargetView {
    let (name, page) = match target {
        Target::Elastic => ("Elastic", Some(paths::elastic(&built.name))),
        Target::Datadog => ("Datadog", Some(paths::datadog(&built.name))),
        Target::Sigma | Target::Docs => ("Sigma", None),
    };
    let mut view = TargetView {
        name: name.to_owned(),
        refused: emission.refused.clone(),
        ..TargetView::default()
    };
    if let Some(output) = &emission.output {
        view.page = page;
        view.queries = output
            .queries
            .iter()
            .map(|query| QueryView {
                name: query.name.clone(),
                language: query.language.to_owned(),
                text: query.text.clone(),
            })
            .collect();
        view.losses.clone_from(&output.losses);
        view.assumptions.clone_from(&output.assumptions);
        view.accepted.clone_from(&output.accepted);
        view.proof = built.certificate(target).map(proof);
    }
    view
}

fn proof(certificate: &Certificate) -> ProofView {
    let event = |event: &Option<Json>| event.as_ref().map(Json::to_string);
    ProofView {
        words: certificate.in_words(),
        assumptions: certificate.assumptions.clone(),
        missed: event(&certificate.missed),
        added: event(&certificate.added),
    }
}
