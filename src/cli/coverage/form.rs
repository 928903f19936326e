//! The forms of a report.

use clap::ValueEnum;
use serde_json::Value as Json;

use super::super::Failure;
use super::super::output::plain;
use super::rules::Rules;
use crate::compliance::report::oscal::{
    Stamp, assessment_results, component_definition, mapping_collection,
};
use crate::compliance::{Audit, report};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For a terminal.
    Table,
    /// Markdown, for a page or a pull request.
    Md,
    /// Everything, for programs; also a baseline.
    Json,
    /// One row for each part, for spreadsheets.
    Csv,
    /// One page that needs nothing else, for auditors.
    Html,
    /// OSCAL 1.2.1: the rules as components.
    OscalComponent,
    /// OSCAL 1.2.1: assessment results.
    OscalResults,
    /// OSCAL 1.2.1: how the events of rules stand to those of controls.
    OscalMapping,
    /// A layer of the ATT&CK Navigator, in the format 4.5.
    Navigator,
    /// JUnit's XML: one case for each control.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// The report of an audit. `at` is the time that OSCAL documents bear.
pub(super) fn render(
    form: Form,
    audit: &Audit,
    rules: &Rules,
    at: Option<&str>,
) -> Result<String, Failure> {
    let stamp = Stamp::of(audit, at);
    let failed = |error: String| Failure(format!("error: cannot write the report: {error}"));
    Ok(match form {
        Form::Table => plain(&report::terminal(audit)),
        Form::Navigator => return Err(failed("a layer shows techniques, no controls".to_owned())),
        Form::Md => report::markdown(audit),
        Form::Csv => report::csv(audit),
        Form::Html => report::html(audit).map_err(|error| failed(error.to_string()))?,
        Form::Junit => report::junit(audit).map_err(|error| failed(error.to_string()))?,
        Form::Json => {
            let mut value = report::json(audit);
            value["not_audited"] = serde_json::json!({
                "rules": rules.gathered.unread,
                "files": rules.gathered.strange,
            });
            lines(&value)
        }
        Form::OscalComponent => lines(&component_definition(audit, &stamp)),
        Form::OscalResults => lines(&assessment_results(audit, &stamp)),
        Form::OscalMapping => {
            let mapping = mapping_collection(audit, &stamp).ok_or_else(|| {
                failed(
                    "no rule has to do with any control, and OSCAL knows no empty mapping"
                        .to_owned(),
                )
            })?;
            lines(&mapping)
        }
        Form::Sarif => {
            let places: Vec<_> =
                rules.gathered.detectors.iter().map(|detector| detector.at.clone()).collect();
            lines(&report::sarif(audit, &places))
        }
    })
}

/// JSON as a file.
pub(super) fn lines(value: &Json) -> String {
    format!("{value:#}\n")
}

/// What a person wants to know at the end.
pub(super) fn summary(audit: &Audit) -> String {
    let Some(version) = audit.versions.last() else { return "nothing was audited".to_owned() };
    let places = audit.places.iter().map(|place| {
        let (covered, of) = audit.score(version, *place);
        let accepted: usize = version
            .controls
            .iter()
            .filter_map(|control| control.place(*place))
            .map(crate::compliance::PlaceAudit::accepted)
            .sum();
        let accepted = match accepted {
            0 => String::new(),
            some => format!(" ({some} more are narrowed by the rules' own wish)"),
        };
        format!("{} {covered} of {of}{accepted}", place.name())
    });
    let places: Vec<String> = places.collect();
    let places = if places.is_empty() { "no rules".to_owned() } else { places.join(", ") };
    format!("{}@{}: demanded parts covered: {places}", audit.framework, version.version)
}
