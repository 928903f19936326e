//! A correlation or filter that names a rule nobody has read.

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, Severity, closest};
use crate::rule::{Logic, RuleSet, codes::UNKNOWN_RULE};
use crate::source::{Place, SourceFile, Spanned};
use std::sync::Arc;

pub(super) const CHECK: Check = Check { code: &UNKNOWN_RULE, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for rule in set.rules() {
        if let Logic::Correlation(correlation) = &rule.logic {
            missing(set, &rule.source, &correlation.rules, Severity::Error, findings);
        }
    }
    for filter in set.filters() {
        // A filter may be written for rules that live elsewhere.
        missing(set, &filter.source, &filter.rules, Severity::Warning, findings);
    }
}

/// Most names of one document that are reported one by one.
const MAX_NAMES: usize = 100;

fn missing(
    set: &RuleSet,
    source: &Arc<SourceFile>,
    names: &[Spanned<String>],
    severity: Severity,
    findings: &mut Vec<Finding>,
) {
    let missing: Vec<_> = names.iter().filter(|name| set.find(name).is_none()).collect();
    let (shown, rest) = missing.split_at(missing.len().min(MAX_NAMES));
    for name in shown {
        let message = format!("no rule is called `{}`", name.value);
        let mut finding = Finding::new(&UNKNOWN_RULE, Place::new(source, name.span), message);
        finding.severity = severity;
        let known = set.rules().filter_map(|rule| rule.header.name.as_ref());
        finding.help(match closest(name, known.map(|name| name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "the rule must be among the files that are read, with this `name` or `id`".into()
            }
        });
        findings.push(finding);
    }
    if let Some(first) = rest.first() {
        let message = format!("from here on {} more names are those of no rule", rest.len());
        let mut finding = Finding::new(&UNKNOWN_RULE, Place::new(source, first.span), message);
        finding.severity = severity;
        findings.push(finding);
    }
}
