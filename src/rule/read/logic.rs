//! Log source, detection, correlation and filter.

use indexmap::IndexMap;

use super::section::{Section, rest, text_of};
use crate::diagnostic::Findings;
use crate::language::sigma::{self, Condition, Detection};
use crate::query::{Number, Order};
use crate::rule::{
    Correlation, CorrelationKind, Filter, Header, Logic, Logsource, Sections, Threshold, codes,
};
use crate::source::{Kind, Node, Resolved, Span, Spanned, resolve};

/// The logic of a rule over single events.
pub(super) fn detection(section: &Section<'_>, findings: &mut Findings) -> Option<Logic> {
    let logsource = section.get("logsource");
    let logsource = section.require("logsource", logsource, findings);
    let logsource = logsource.and_then(|node| self::logsource(node, findings));
    let detection = section.get("detection");
    let detection = section.require("detection", detection, findings);
    let detection = detection.and_then(|node| sigma::parse::detection(node, &[], findings));
    Some(Logic::Detection { logsource: logsource.unwrap_or_default(), detection: detection? })
}

/// Checks the conditions of the rule and of its variants together: a selection that only a
/// variant uses is used.
pub(super) fn validate(
    detection: &Detection,
    sections: &Sections,
    node: &Node,
    findings: &mut Findings,
) {
    let variants = [&sections.elastic.condition, &sections.datadog.condition];
    let cases = sections.datadog.cases.iter().map(|case| &case.condition);
    let mut all = detection.clone();
    all.conditions.extend(variants.into_iter().flatten().chain(cases).cloned());
    sigma::parse::validate(&all, node, findings);
}

/// Reads a log source; at least one of category, product and service must be there.
pub(super) fn logsource(node: &Node, findings: &mut Findings) -> Option<Logsource> {
    let section = Section::new(node, "logsource", findings)?;
    let [category, product, service, definition] =
        ["category", "product", "service", "definition"].map(|key| section.string(key, findings));
    if category.is_none() && product.is_none() && service.is_none() {
        let message = "a log source needs `category`, `product` or `service`";
        findings.add(&codes::MISSING_FIELD, node.span, message);
    }
    let custom = rest(&section);
    Some(Logsource { category, product, service, definition, custom, span: node.span })
}

/// Reads a correlation (Sigma correlation rules specification 2.1).
pub(super) fn correlation(node: &Node, findings: &mut Findings) -> Option<Correlation> {
    let section = Section::new(node, "correlation", findings)?;
    let kind = section.word("type", CorrelationKind::WORDS, CorrelationKind::from_word, findings);
    let kind = section.require("type", kind, findings);
    let rules = one_or_more(&section, "rules", findings);
    let group_by = one_or_more(&section, "group-by", findings);
    let timespan = section.duration("timespan", findings);
    let timespan = section.require("timespan", timespan, findings);
    let generate = section.boolean("generate", findings).unwrap_or(false);
    let aliases = aliases(&section, findings);
    let condition = section.get("condition");
    let mut correlation = Correlation {
        kind: kind?.value,
        rules,
        group_by,
        timespan: timespan?,
        condition: None,
        extended: None,
        aliases,
        generate,
        span: node.span,
    };
    match condition {
        Some(node) if node.as_scalar().is_some() => extended(node, &mut correlation, findings),
        Some(node) => correlation.condition = threshold(node, findings),
        None => {}
    }
    if correlation.rules.is_empty() {
        // pySigma takes the rules from an extended condition; the specification wants them named.
        let extended = correlation.extended.as_ref().map(|condition| names(&condition.value));
        correlation.rules = extended.unwrap_or_default();
        let rules = correlation.rules.first().map(|_| ());
        section.require_value("rules", rules, findings);
    }
    section.finish(findings);
    complete(&correlation, condition.is_some(), findings);
    Some(correlation)
}

/// What a correlation of its kind must have.
fn complete(correlation: &Correlation, has_condition: bool, findings: &mut Findings) {
    use CorrelationKind as K;
    let temporal = matches!(correlation.kind, K::Temporal | K::TemporalOrdered);
    let kind = correlation.kind;
    if !has_condition && !temporal {
        let message = format!("a correlation of type `{kind}` needs `condition`");
        findings.add(&codes::MISSING_FIELD, correlation.span, message);
    }
    let field = correlation.condition.as_ref().is_some_and(|condition| condition.field.is_some());
    if has_condition && !field && !temporal && kind != K::EventCount {
        let message = format!("the condition of a `{kind}` correlation needs `field`");
        findings.add(&codes::MISSING_FIELD, correlation.span, message);
    }
}

/// A condition over rule names; pySigma's extension for temporal correlations.
fn extended(node: &Node, correlation: &mut Correlation, findings: &mut Findings) {
    let temporal =
        matches!(correlation.kind, CorrelationKind::Temporal | CorrelationKind::TemporalOrdered);
    if !temporal {
        let message = format!(
            "the condition of a `{}` correlation is a mapping such as `gte: 10`",
            correlation.kind
        );
        findings.add(&codes::WRONG_TYPE, node.span, message);
        return;
    }
    correlation.extended = sigma::parse::condition(node, findings);
    let names = correlation.extended.iter().flat_map(|condition| names(&condition.value));
    for name in names.collect::<Vec<_>>() {
        if correlation.rules.is_empty() {
            break;
        }
        if !correlation.rules.iter().any(|rule| rule.value == name.value) {
            let message = format!("`{}` is not one of the correlation's rules", name.value);
            findings.add(&codes::UNKNOWN_RULE, name.span, message);
        }
    }
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
    let section = Section::new(node, "condition", findings)?;
    let mut bounds = Vec::new();
    let operators = [
        ("gt", Some(Order::Greater)),
        ("gte", Some(Order::GreaterOrEqual)),
        ("lt", Some(Order::Less)),
        ("lte", Some(Order::LessOrEqual)),
        ("eq", Some(Order::Equal)),
        ("neq", None),
    ];
    let mut not_equal = None;
    let mut seen = false;
    for (key, order) in operators {
        let Some(entry) = section.entry(key) else { continue };
        seen = true;
        let Some(number) = number(&entry.value) else {
            let message = format!("`{key}` needs a number, not {}", entry.value.noun());
            findings.add(&codes::WRONG_TYPE, entry.value.span, message);
            continue;
        };
        match order {
            Some(order) => bounds.push((order, number)),
            None => not_equal = Some(number),
        }
    }
    if !seen {
        let message = "the condition needs one of `gt`, `gte`, `lt`, `lte`, `eq` and `neq`";
        findings.add(&codes::MISSING_FIELD, node.span, message);
    }
    let field = section.string("field", findings);
    let percentile = section.get("percentile").and_then(number);
    section.finish(findings);
    Some(Threshold { bounds, not_equal, field, percentile })
}

fn number(node: &Node) -> Option<Number> {
    match resolve(node.as_scalar()?) {
        #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 do not occur")]
        Resolved::Integer(value) => Number::new(value as f64),
        Resolved::Float(value) => Number::new(value),
        _ => None,
    }
}

/// A text or a list of texts.
fn one_or_more(
    section: &Section<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Vec<Spanned<String>> {
    match section.get(key) {
        Some(node) if node.as_scalar().is_some() => {
            section.text(key, findings).into_iter().collect()
        }
        Some(_) => section.texts(key, findings),
        None => Vec::new(),
    }
}

fn aliases(
    section: &Section<'_>,
    findings: &mut Findings,
) -> IndexMap<String, IndexMap<String, String>> {
    let Some(node) = section.get("aliases") else { return IndexMap::new() };
    let Some(aliases) = Section::new(node, "aliases", findings) else { return IndexMap::new() };
    let mut out = IndexMap::new();
    for entry in aliases.entries() {
        let Some(rules) = Section::new(&entry.value, "aliases", findings) else { continue };
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

/// Reads a filter (Sigma filters specification 2.1): rules, selections and one condition.
pub(super) fn filter(
    section: &Section<'_>,
    header: Header,
    span: Span,
    findings: &mut Findings,
) -> Option<Filter> {
    let logsource = section.get("logsource");
    let logsource = section.require("logsource", logsource, findings);
    let logsource = logsource.and_then(|node| self::logsource(node, findings));
    let node = section.get("filter")?;
    let body = Section::new(node, "filter", findings)?;
    let rules = match body.get("rules") {
        Some(rules) => filter_rules(rules, findings),
        None => {
            let message =
                "a filter needs `rules`; write `rules: any` for every rule of the log source";
            findings.add(&codes::MISSING_FIELD, node.span, message);
            Vec::new()
        }
    };
    let detection = sigma::parse::detection(node, &["rules"], findings)?;
    sigma::parse::validate(&detection, node, findings);
    if let [_, second, ..] = detection.conditions.as_slice() {
        findings.add(&sigma::codes::SHAPE, second.span, "a filter has exactly one condition");
    }
    let source = std::sync::Arc::clone(findings.source());
    Some(Filter { source, header, logsource: logsource?, rules, detection, span })
}

fn filter_rules(node: &Node, findings: &mut Findings) -> Vec<Spanned<String>> {
    match &node.kind {
        Kind::Scalar(_) if text_of(node) == Some("any") => Vec::new(),
        Kind::Scalar(_) => match text_of(node) {
            Some(rule) => vec![Spanned::new(rule.to_owned(), node.span)],
            None => {
                findings.add(&codes::WRONG_TYPE, node.span, "`rules` names rules, or is `any`");
                Vec::new()
            }
        },
        Kind::Sequence(items) => items
            .iter()
            .filter_map(|item| Some(Spanned::new(text_of(item)?.to_owned(), item.span)))
            .collect(),
        Kind::Mapping(_) => {
            findings.add(&codes::WRONG_TYPE, node.span, "`rules` names rules, or is `any`");
            Vec::new()
        }
    }
}
