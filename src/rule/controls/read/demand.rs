//! The demands of a subject: a detection with its readings.

use indexmap::IndexMap;

use super::{range, required, texts};
use crate::diagnostic::Findings;
use crate::language::sigma::{self, Condition, Detection};
use crate::query::Expr;
use crate::rule::codes;
use crate::rule::controls::demand::OUTCOMES;
use crate::rule::controls::{Demand, Disagreement, Expects, Framework, Log, Subject, Variant};
use crate::rule::read::section::Section;
use crate::source::{Node, Spanned};

pub(super) fn demand(
    section: Section<'_>,
    framework: &Framework,
    subject: &Subject,
    findings: &mut Findings,
) -> Option<Demand> {
    let range = range(&section, framework, subject, findings);
    let expects = section.get("expects");
    let expects = section.require("expects", expects, findings);
    let expects = expects.and_then(|node| self::expects(node, findings));
    let sources = section.texts_or_none("sources", findings);
    for source in sources.iter().filter(|source| !framework.sources.contains_key(&source.value)) {
        let message = format!("there is no source `{}`", source.value);
        findings
            .add(&codes::BAD_FRAMEWORK, source.span, message)
            .help(format!("add a table `[source.{}]`", source.value));
    }
    let shared = shared(&section, findings);
    let readings = readings(&section, findings);
    section.finish(findings);
    let (from, to) = range?;
    let (intent, literal, variants) = readings?;
    let sources = texts(sources);
    Some(Demand { from, to, expects: expects?, intent, literal, variants, sources, shared })
}

fn expects(node: &Node, findings: &mut Findings) -> Option<Expects> {
    let section = Section::new(node, "expects", findings)?;
    let wanted = "a log like `aws/cloudtrail`";
    let log = section.parsed("log", &codes::BAD_FRAMEWORK, wanted, Log::parse, findings);
    let log = section.require("log", log, findings);
    let word = |word: &str| OUTCOMES.contains(&word).then(|| word.to_owned());
    let outcome = section.word("outcome", &OUTCOMES, word, findings);
    section.finish(findings);
    let outcome = outcome.map_or_else(|| "any".to_owned(), |outcome| outcome.value);
    Some(Expects { log: log?.value, outcome })
}

fn shared(section: &Section<'_>, findings: &mut Findings) -> IndexMap<String, Vec<String>> {
    let Some(node) = section.get("shared") else { return IndexMap::new() };
    match serde_json::from_value(crate::source::to_json(node)) {
        Ok(shared) => shared,
        Err(_) => {
            let message = "`shared` says for each name which other services have it: lists of text";
            findings.add(&codes::WRONG_TYPE, node.span, message);
            IndexMap::new()
        }
    }
}

/// The detection with its conditions: the intent, the letter, and further forms.
fn readings(section: &Section<'_>, findings: &mut Findings) -> Option<(Expr, Expr, Vec<Variant>)> {
    let node = section.get("detection");
    let node = section.require("detection", node, findings)?;
    let before = findings.len();
    let detection = sigma::parse::detection(node, &[], findings)?;
    let literal = section.get("literal").map(|node| sigma::parse::condition(node, findings));
    let mut forms = Vec::new();
    for form in section.sections("variant", findings) {
        let (name, title) =
            (required(&form, "name", findings), form.string("title", findings).unwrap_or_default());
        let condition = form.get("condition");
        let condition = form.require("condition", condition, findings);
        let condition = condition.and_then(|node| sigma::parse::condition(node, findings));
        form.finish(findings);
        forms.push((name?, title, condition?));
    }
    let mut whole = detection.clone();
    whole.conditions.extend(literal.iter().flatten().cloned());
    whole.conditions.extend(forms.iter().map(|(_, _, condition)| condition.clone()));
    sigma::parse::validate(&whole, node, &[], findings);
    sigma::parse::unused(&whole, section.span, findings);
    if findings.len() > before {
        return None;
    }
    let intent = sigma::lower(&detection).ok()?;
    let literal = match literal.flatten() {
        Some(literal) => lowered(&detection, &literal)?,
        None => intent.clone(),
    };
    let variant = |(name, title, condition): (_, _, Spanned<Condition>)| {
        Some(Variant { name, title, expr: lowered(&detection, &condition)? })
    };
    let variants = forms.into_iter().map(variant).collect::<Option<_>>()?;
    Some((intent, literal, variants))
}

fn lowered(detection: &Detection, condition: &Spanned<Condition>) -> Option<Expr> {
    sigma::lower_condition(detection, condition).ok()
}

pub(super) fn disagreement(
    section: Section<'_>,
    framework: &Framework,
    subject: &Subject,
    findings: &mut Findings,
) -> Option<Disagreement> {
    let range = range(&section, framework, subject, findings);
    let kind = required(&section, "kind", findings);
    let note = required(&section, "note", findings);
    section.finish(findings);
    let (from, to) = range?;
    Some(Disagreement { kind: kind?, from, to, note: note? })
}
