//! A correlation or filter that names a rule nobody has read.

use super::{Check, Run};
use crate::diagnostic::{Finding, Severity, closest};
use crate::rule::{Logic, RuleSet, codes::UNKNOWN_RULE};
use crate::source::{Place, SourceFile, Spanned};
use std::sync::Arc;

pub(super) const CHECK: Check = Check { code: &UNKNOWN_RULE, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for rule in set.rules() {
        if let Logic::Correlation(correlation) = &rule.logic {
            findings.extend(missing(set, &rule.source, &correlation.rules));
        }
    }
    for filter in set.filters() {
        // A filter may be written for rules that live elsewhere.
        findings.extend(missing(set, &filter.source, &filter.rules).map(|mut finding| {
            finding.severity = Severity::Warning;
            finding
        }));
    }
}

fn missing(
    set: &RuleSet,
    source: &Arc<SourceFile>,
    names: &[Spanned<String>],
) -> impl Iterator<Item = Finding> {
    names.iter().filter(|name| set.find(name).is_none()).map(move |name| {
        let message = format!("no rule is called `{}`", name.value);
        let mut finding = Finding::new(&UNKNOWN_RULE, Place::new(source, name.span), message);
        let known = set.rules().filter_map(|rule| rule.header.name.as_ref());
        finding.help(match closest(name, known.map(|name| name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "the rule must be among the files that are read, with this `name` or `id`".into()
            }
        });
        finding
    })
}
