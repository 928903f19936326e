//! Log source and detection.

use std::borrow::Cow;

use super::section::{Section, rest};
use crate::diagnostic::Findings;
use crate::language::sigma::{self, Detection};
use crate::rule::{Logic, Logsource, Sections, codes};
use crate::source::{Node, Span};

/// The logic of a rule without `correlation`: a detection, or nothing beside a platform's own.
pub(super) fn logic(section: &Section<'_>, findings: &mut Findings) -> Option<Logic> {
    let is_patched = |platform: &'static str| {
        let variant = section.get(platform).and_then(Node::as_mapping);
        variant.is_some_and(|variant| variant.get("patch").is_some())
    };
    if section.get("detection").is_some() || !["elastic", "datadog"].into_iter().any(is_patched) {
        return detection(section, findings);
    }
    let logsource = section.get("logsource");
    let logsource = section.require("logsource", logsource, findings);
    let logsource = logsource.and_then(|node| self::logsource(node, findings));
    Some(Logic::Native { logsource: logsource.unwrap_or_default() })
}

/// The logic of a rule over single events.
fn detection(section: &Section<'_>, findings: &mut Findings) -> Option<Logic> {
    let logsource = section.get("logsource");
    let logsource = section.require("logsource", logsource, findings);
    let logsource = logsource.and_then(|node| self::logsource(node, findings));
    let detection = section.get("detection");
    let detection = section.require("detection", detection, findings);
    let detection = detection.and_then(|node| sigma::parse::detection(node, &[], findings));
    Some(Logic::Detection { logsource: logsource.unwrap_or_default(), detection: detection? })
}

/// Checks the conditions of the rule and of its variants together: a selection that only a
/// variant uses is used. `document` is the whole rule.
pub(super) fn validate(
    detection: &Detection,
    sections: &Sections,
    node: &Node,
    document: Span,
    findings: &mut Findings,
) {
    let variants = [&sections.elastic.condition, &sections.datadog.condition];
    let cases = sections.datadog.cases.iter().map(|case| &case.condition);
    let more: Vec<_> = variants.into_iter().flatten().chain(cases).cloned().collect();
    // Hardly any rule has conditions of its own for a platform.
    let mut all = Cow::Borrowed(detection);
    if !more.is_empty() {
        all.to_mut().conditions.extend(more);
    }
    sigma::parse::validate(&all, node, &[], findings);
    sigma::parse::unused(&all, document, findings);
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
