//! Correlations (Sigma correlation rules specification 2.1, with pySigma's extensions).

use indexmap::IndexMap;

use super::section::{Section, text_of};
use crate::diagnostic::Findings;
use crate::language::sigma::{self, Condition};
use crate::query::{Number, Order};
use crate::rule::{Correlation, CorrelationKind, Sections, Threshold, codes};
use crate::source::{Node, Resolved, Span, Spanned, resolve};

/// Reads the section `correlation:` of a document.
pub(super) fn read(
    document: &Section<'_>,
    node: &Node,
    findings: &mut Findings,
) -> Option<Correlation> {
    let section = Section::new(node, "correlation", findings)?;
    let kind = section.word("type", CorrelationKind::WORDS, CorrelationKind::from_word, findings);
    let kind = section.require("type", kind, findings).map(|kind| kind.value);
    let mut rules = section.text_or_texts("rules", findings);
    let group_by = section.text_or_texts("group-by", findings);
    let timespan = section.duration("timespan", findings);
    let timespan = section.require("timespan", timespan, findings);
    // The specification has `generate` beside `correlation`, pySigma reads it inside.
    let generate = section.boolean("generate", findings);
    let generate = generate.or(document.boolean("generate", findings)).unwrap_or(false);
    let aliases = aliases(&section, findings);
    let (condition, extended) = match section.get("condition") {
        Some(node) if node.as_scalar().is_some() => (None, extended(node, kind, &rules, findings)),
        Some(node) => (threshold(node, findings), None),
        None => (None, None),
    };
    if rules.is_empty() {
        // pySigma takes the rules from an extended condition; the specification wants them named.
        rules = extended.as_ref().map_or_else(Vec::new, |condition| names(&condition.value));
    }
    if rules.is_empty() {
        section.require("rules", rules.first(), findings);
    }
    if let Some(kind) = kind {
        complete(&section, kind, condition.as_ref(), findings);
    }
    let span = section.span;
    section.finish(findings);
    let timespan = timespan?;
    Some(Correlation {
        kind: kind?,
        rules,
        group_by,
        timespan,
        condition,
        extended,
        aliases,
        generate,
        span,
    })
}

fn is_temporal(kind: CorrelationKind) -> bool {
    matches!(kind, CorrelationKind::Temporal | CorrelationKind::TemporalOrdered)
}

/// What a correlation of its kind must have.
fn complete(
    section: &Section<'_>,
    kind: CorrelationKind,
    condition: Option<&Threshold>,
    findings: &mut Findings,
) {
    if is_temporal(kind) {
        return;
    }
    let given = section.get("condition");
    if given.is_none() {
        let message = format!("a correlation of type `{kind}` needs `condition`");
        findings.add(&codes::MISSING_FIELD, section.span, message);
    }
    let field = |node: &Node| node.as_mapping().is_some_and(|own| own.get("field").is_some());
    if let (Some(given), Some(_)) = (given, condition)
        && kind != CorrelationKind::EventCount
        && !field(given)
    {
        let message = format!("the condition of a correlation of type `{kind}` needs `field`");
        findings.add(&codes::MISSING_FIELD, given.span, message);
    }
}

/// A condition over rule names; pySigma's extension for temporal correlations.
fn extended(
    node: &Node,
    kind: Option<CorrelationKind>,
    rules: &[Spanned<String>],
    findings: &mut Findings,
) -> Option<Spanned<Condition>> {
    let kind = kind?;
    if !is_temporal(kind) {
        let message = format!(
            "the condition of a correlation of type `{kind}` must be a mapping, not {}",
            node.noun()
        );
        findings.add(&codes::WRONG_TYPE, node.span, message).help("write it like `gte: 10`");
        return None;
    }
    let condition = sigma::parse::condition(node, findings)?;
    for name in names(&condition.value) {
        if !rules.is_empty() && !rules.iter().any(|rule| rule.value == name.value) {
            let message = format!("`{}` is not one of the correlation's rules", name.value);
            findings.add(&codes::UNKNOWN_RULE, name.span, message);
        }
    }
    Some(condition)
}

fn names(condition: &Condition) -> Vec<Spanned<String>> {
    match condition {
        Condition::Name(name) => vec![name.clone()],
        Condition::Of(..) => Vec::new(),
        Condition::Not(inner) => names(inner),
        Condition::And(members) | Condition::Or(members) => {
            members.iter().flat_map(names).collect()
        }
    }
}

fn threshold(node: &Node, findings: &mut Findings) -> Option<Threshold> {
    let section = Section::named(node, "the condition".to_owned(), findings)?;
    let mut bounds = Vec::new();
    let operators = [
        ("gt", Order::Greater),
        ("gte", Order::GreaterOrEqual),
        ("lt", Order::Less),
        ("lte", Order::LessOrEqual),
        ("eq", Order::Equal),
    ];
    for (key, order) in operators {
        bounds.extend(number(&section, key, findings).map(|number| (order, number)));
    }
    let not_equal = number(&section, "neq", findings);
    let keys = operators.iter().map(|(key, _)| *key).chain(["neq"]);
    if keys.filter_map(|key| section.get(key)).next().is_none() {
        let message = "the condition needs one of `gt`, `gte`, `lt`, `lte`, `eq` and `neq`";
        findings.add(&codes::MISSING_FIELD, node.span, message);
    }
    let field = section.string("field", findings);
    let percentile = number(&section, "percentile", findings);
    section.finish(findings);
    Some(Threshold { bounds, not_equal, field, percentile })
}

fn number(section: &Section<'_>, key: &'static str, findings: &mut Findings) -> Option<Number> {
    let node = section.get(key)?;
    let number = match node.as_scalar().map(resolve) {
        #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 do not occur")]
        Some(Resolved::Integer(value)) => Number::new(value as f64),
        Some(Resolved::Float(value)) => Number::new(value),
        _ => None,
    };
    if number.is_none() {
        let message = format!("`{key}` must be a number, not {}", node.noun());
        findings.add(&codes::WRONG_TYPE, node.span, message);
    }
    number
}

fn aliases(
    section: &Section<'_>,
    findings: &mut Findings,
) -> IndexMap<String, IndexMap<String, String>> {
    let Some(node) = section.get("aliases") else { return IndexMap::new() };
    let Some(aliases) = Section::new(node, "aliases", findings) else { return IndexMap::new() };
    let mut out = IndexMap::new();
    for entry in aliases.entries() {
        let Some(rules) = Section::new(&entry.value, &entry.key, findings) else { continue };
        let mut fields = IndexMap::new();
        for rule in rules.entries() {
            match text_of(&rule.value) {
                Some(field) => {
                    fields.insert(rule.key.value.clone(), field.to_owned());
                }
                None => {
                    let message = format!("an alias names a field, not {}", rule.value.noun());
                    findings.add(&codes::WRONG_TYPE, rule.value.span, message);
                }
            }
        }
        out.insert(entry.key.value.clone(), fields);
    }
    out
}

/// What a correlation cannot have, because it has no selections and sees no events of its own.
pub(super) fn foreign(document: &Section<'_>, sections: &Sections, findings: &mut Findings) {
    for key in ["logsource", "detection"] {
        if let Some(entry) = document.entry(key) {
            let message = format!("a correlation has no `{key}`");
            findings
                .add(&codes::UNKNOWN_KEY, entry.key.span, message)
                .help("write the detection as a document of its own and name it in `rules`");
        }
    }
    if let Some(entry) = document.entry("new_value") {
        let message = "a correlation has no `new_value`";
        findings.add(&codes::UNKNOWN_KEY, entry.key.span, message);
    }
    let variants = [&sections.elastic.condition, &sections.datadog.condition];
    let cases = sections.datadog.cases.iter().map(|case| &case.condition);
    let conditions = variants.into_iter().flatten().chain(cases);
    for span in conditions.map(|condition| condition.span).collect::<Vec<Span>>() {
        let message = "a correlation has no selections that a condition could name";
        findings.add(&sigma::codes::UNKNOWN_SELECTION, span, message);
    }
}
