//! The sections that Crosswalk adds.

use super::section::{Section, text_of};
use super::{datadog, elastic};
use crate::diagnostic::{Findings, any_of};
use crate::rule::{Accept, Change, ControlRef, NewValue, Sections, TestEvent, codes, controls};
use crate::source::{Spanned, to_json};

pub(super) fn read(rule: &Section<'_>, findings: &mut Findings) -> Sections {
    Sections {
        controls: read_controls(rule, findings),
        strategy: rule.string("strategy", findings),
        triage: rule.string("triage", findings),
        new_value: new_value(rule, findings),
        elastic: elastic::read(rule, findings).unwrap_or_default(),
        datadog: datadog::read(rule, findings).unwrap_or_default(),
        tests: tests(rule, findings),
        changelog: changelog(rule, findings),
    }
}

fn read_controls(rule: &Section<'_>, findings: &mut Findings) -> Vec<Spanned<ControlRef>> {
    let mut read: Vec<Spanned<ControlRef>> = Vec::new();
    for text in rule.texts("controls", findings) {
        match ControlRef::parse(&text) {
            Some(control) => {
                resolve(&control, text.span, findings);
                read.push(Spanned::new(control, text.span));
            }
            None => {
                let message = format!("`{}` is no control reference", text.value);
                findings
                    .add(&codes::BAD_CONTROL, text.span, message)
                    .help("write `framework@version/number`, for example `cis-aws-foundations@6.0.0/5.10`");
            }
        }
    }
    read
}

/// Says which part of a reference is unknown, and what it may have meant.
fn resolve(control: &ControlRef, span: crate::source::Span, findings: &mut Findings) {
    let Some(framework) = controls::framework(&control.framework) else {
        let message = format!("there is no control framework `{}`", control.framework);
        let known = controls::frameworks().iter().map(|framework| framework.framework.as_str());
        findings
            .add(&codes::UNKNOWN_CONTROL, span, message)
            .help(format!("known is {}", any_of(known)));
        return;
    };
    if framework.age(&control.version).is_none() {
        let message = format!("{} has no version {}", framework.title, control.version);
        let versions = framework.versions.iter().map(String::as_str);
        findings
            .add(&codes::UNKNOWN_CONTROL, span, message)
            .help(format!("its versions are {}", any_of(versions)));
        return;
    }
    if framework.subject(&control.version, &control.number).is_none() {
        let message = format!(
            "{} {} has no control {} among those that logs can answer",
            framework.title, control.version, control.number
        );
        let numbers = framework.subjects.iter().filter_map(|s| s.control.get(&control.version));
        let numbers: Vec<&str> = numbers.map(|control| control.number.as_str()).collect();
        let help = match numbers.as_slice() {
            [first, .., last] => format!("the controls of this version are {first} to {last}"),
            _ => "this version has no such control".to_owned(),
        };
        findings.add(&codes::UNKNOWN_CONTROL, span, message).help(help);
    }
}

fn new_value(rule: &Section<'_>, findings: &mut Findings) -> Option<NewValue> {
    let section = Section::new(rule.get("new_value")?, "new_value", findings)?;
    let fields = section.texts("fields", findings);
    let history = section.duration("history", findings);
    let history = section.require("history", history, findings);
    if !(1..=3).contains(&fields.len()) {
        let message = "`new_value` needs one to three `fields`";
        findings.add(&codes::RANGE, section.span, message);
    }
    let span = section.span;
    section.finish(findings);
    Some(NewValue { fields, history: history?, span })
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
            Some(Change { date: date?.value, change: change? })
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
