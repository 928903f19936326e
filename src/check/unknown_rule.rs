//! A correlation or filter that names a rule nobody has read.

use super::{Check, Run};
use crate::diagnostic::{Finding, closest};
use crate::rule::{Logic, RuleSet, codes::UNKNOWN_RULE};
use crate::source::{Place, SourceFile, Spanned};
use std::sync::Arc;

pub(super) const CHECK: Check = Check { code: &UNKNOWN_RULE, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for rule in set.rules() {
        if let Logic::Correlation(correlation) = &rule.logic {
            missing(set, &rule.source, &correlation.rules, findings);
        }
    }
    for filter in set.filters() {
        missing(set, &filter.source, &filter.rules, findings);
    }
}

fn missing(
    set: &RuleSet,
    source: &Arc<SourceFile>,
    names: &[Spanned<String>],
    findings: &mut Vec<Finding>,
) {
    for name in names.iter().filter(|name| set.find(name).is_none()) {
        let message = format!("no rule is called `{}`", name.value);
        let mut finding = Finding::new(&UNKNOWN_RULE, Place::new(source, name.span), message);
        let known = set.rules().filter_map(|rule| rule.header.name.as_ref());
        if let Some(near) = closest(name, known.map(|name| name.as_str())) {
            finding.help(format!("did you mean `{near}`?"));
        } else {
            finding
                .help("the rule must be among the files that are read, with this `name` or `id`");
        }
        findings.push(finding);
    }
}
