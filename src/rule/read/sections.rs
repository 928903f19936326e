//! The sections that Crosswalk adds.

use super::section::{Section, text_of};
use super::{datadog, elastic};
use crate::diagnostic::{Findings, all_of, closest};
use crate::rule::{Accept, Change, ControlRef, NewValue, Sections, TestEvent, codes, controls};
use crate::source::{Span, Spanned, to_json};

pub(super) fn read(rule: &Section<'_>, findings: &mut Findings) -> Sections {
    Sections {
        controls: read_controls(rule, findings),
        strategy: rule.text("strategy", findings),
        triage: rule.text("triage", findings),
        new_value: new_value(rule, findings),
        elastic: elastic::read(rule, findings).unwrap_or_default(),
        datadog: datadog::read(rule, findings).unwrap_or_default(),
        tests: tests(rule, findings),
        changelog: changelog(rule, findings),
    }
}

fn read_controls(rule: &Section<'_>, findings: &mut Findings) -> Vec<Spanned<ControlRef>> {
    let mut read: Vec<Spanned<ControlRef>> = Vec::new();
    for item in rule.list("controls", findings) {
        // `4.10` without quotes is a number to YAML; its text says what was meant.
        let Some(text) = item.as_scalar().map(|scalar| scalar.text.as_str()) else {
            let message = format!("a control reference is text, not {}", item.noun());
            findings.add(&codes::WRONG_TYPE, item.span, message);
            continue;
        };
        match ControlRef::parse(text) {
            Some(control) => {
                resolve(&control, item.span, findings);
                read.push(Spanned::new(control, item.span));
            }
            None => {
                let message = format!("`{text}` is no control reference");
                findings
                    .add(&codes::BAD_CONTROL, item.span, message)
                    .help("write `framework@version/number`, for example `cis-aws-foundations@6.0.0/5.10`");
            }
        }
    }
    read
}

/// Says which part of a reference is unknown, and what it may have meant.
fn resolve(control: &ControlRef, span: Span, findings: &mut Findings) {
    let Some(framework) = controls::framework(&control.framework) else {
        let message = format!("there is no control framework `{}`", control.framework);
        let known = controls::frameworks().iter().map(|framework| framework.framework.as_str());
        let help = match closest(&control.framework, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", all_of(known)),
        };
        findings.add(&codes::UNKNOWN_CONTROL, span, message).help(help);
        return;
    };
    if framework.age(&control.version).is_none() {
        let message = format!("{} has no version {}", framework.title, control.version);
        let versions = framework.versions.iter().map(String::as_str);
        findings
            .add(&codes::UNKNOWN_CONTROL, span, message)
            .help(format!("its versions are {}", all_of(versions)));
        return;
    }
    if framework.subject(&control.version, &control.number).is_none() {
        let message = format!(
            "{} {} has no control {} among those that logs can answer",
            framework.title, control.version, control.number
        );
        findings
            .add(&codes::UNKNOWN_CONTROL, span, message)
            .help(renumbered(framework, control).unwrap_or_else(|| range(framework, control)));
    }
}

/// The number that a control has in the wanted version, if its number is that of another version
/// and means one thing only.
fn renumbered(framework: &controls::Framework, control: &ControlRef) -> Option<String> {
    let had = |subject: &&controls::Subject| {
        subject.control.values().any(|own| own.number == control.number)
    };
    let mut subjects = framework.subjects.iter().filter(had);
    let (subject, None) = (subjects.next()?, subjects.next()) else { return None };
    let number = &subject.control.get(&control.version)?.number;
    let ControlRef { framework, version, .. } = control;
    Some(format!("write `{framework}@{version}/{number}` ({})", subject.title))
}

/// The numbers of one version.
fn range(framework: &controls::Framework, control: &ControlRef) -> String {
    let numbers = framework.subjects.iter().filter_map(|s| s.control.get(&control.version));
    let numbers: Vec<&str> = numbers.map(|control| control.number.as_str()).collect();
    match numbers.as_slice() {
        [first, .., last] => format!("the controls of this version are {first} to {last}"),
        _ => "this version has no such control".to_owned(),
    }
}

fn new_value(rule: &Section<'_>, findings: &mut Findings) -> Option<NewValue> {
    let section = Section::new(rule.get("new_value")?, "new_value", findings)?;
    let fields = up_to_three(&section, "fields", findings);
    section.require("fields", fields.first(), findings);
    let history = section.duration("history", findings);
    let history = section.require("history", history, findings);
    let span = section.span;
    section.finish(findings);
    Some(NewValue { fields, history: history?, span })
}

/// One to three fields: what Kibana's new-terms rules and its alert suppression take.
pub(super) fn up_to_three(
    section: &Section<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Vec<Spanned<String>> {
    let fields = section.texts(key, findings);
    if let Some(fourth) = fields.get(3) {
        let message = format!("`{key}` may name three fields at most");
        findings.add(&codes::RANGE, fourth.span, message);
    }
    fields
}

fn tests(rule: &Section<'_>, findings: &mut Findings) -> Vec<TestEvent> {
    let tests = rule.sections("tests", findings);
    tests
        .into_iter()
        .filter_map(|test| {
            let name = test.text("name", findings);
            let name = test.require("name", name, findings);
            let matches = test.boolean("match", findings);
            let matches = test.require("match", matches, findings);
            let event = test.get("event");
            let event = test.require("event", event, findings);
            if let Some(event) = event.filter(|event| event.as_mapping().is_none()) {
                let message = format!("an event is a mapping, not {}", event.noun());
                findings.add(&codes::WRONG_TYPE, event.span, message);
            }
            test.finish(findings);
            Some(TestEvent { name: name?, matches: matches?, event: to_json(event?) })
        })
        .collect()
}

fn changelog(rule: &Section<'_>, findings: &mut Findings) -> Vec<Change> {
    let changes = rule.sections("changelog", findings);
    changes
        .into_iter()
        .filter_map(|entry| {
            let date = entry.date("date", findings);
            let date = entry.require("date", date, findings);
            let change = entry.string("change", findings);
            let change = entry.require("change", change, findings);
            entry.finish(findings);
            Some(Change { date: date?, change: change? })
        })
        .collect()
}

/// The list `accept:` of a variant.
pub(super) fn accept(section: &Section<'_>, findings: &mut Findings) -> Vec<Accept> {
    let entries = section.sections("accept", findings);
    entries
        .into_iter()
        .filter_map(|entry| {
            let loss = entry.text("loss", findings);
            let loss = entry.require("loss", loss, findings);
            let reason = entry.string("reason", findings);
            let reason = entry.require("reason", reason, findings);
            entry.finish(findings);
            Some(Accept { loss: loss?, reason: reason? })
        })
        .collect()
}

/// Text of a scalar that may also be a number, for values such as `version`.
pub(super) fn loose_text(node: &crate::source::Node) -> Option<String> {
    text_of(node).map(str::to_owned).or_else(|| Some(node.as_scalar()?.text.clone()))
}
