//! Names of fields that differ only in case from how all other rules write them.

use std::collections::{BTreeMap, HashMap};

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::language::sigma::Selection;
use crate::query::fold;
use crate::rule::{Logic, Rule, RuleSet};
use crate::source::{Place, Span};

code! {
    /// a field is spelt unlike in all other rules
    ///
    /// Names of fields are case-sensitive. Where one rule writes `Commandline` and many others of
    /// the same log source `CommandLine`, the one finds nothing on most platforms. At least five
    /// other rules, and ten for each one that differs, have to agree.
    ///
    /// ```yaml
    /// Commandline|contains: mimikatz    # bad
    /// CommandLine|contains: mimikatz    # good
    /// ```
    FIELD_CASE = "field-case", Warning;
}

pub(super) const CHECK: Check = Check { code: &FIELD_CASE, run: Run::Set(run) };

/// How many rules have to agree on another spelling.
const AGREEING: usize = 5;

/// How many of them there have to be for each rule that differs.
const RATIO: usize = 10;

/// Log source and folded name of a field → each spelling with its places, one a rule.
type Uses<'r> = HashMap<(String, String), BTreeMap<&'r str, Vec<(&'r Rule, Span)>>>;

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    let mut uses = Uses::new();
    for rule in set.rules() {
        let Logic::Detection { logsource, detection } = &rule.logic else { continue };
        let mut fields = BTreeMap::new();
        detection.selections.iter().for_each(|(_, selection)| collect(selection, &mut fields));
        let logsource = logsource.to_string();
        for (field, span) in fields {
            let key = (logsource.clone(), field.chars().map(fold).collect());
            uses.entry(key).or_default().entry(field).or_default().push((rule, span));
        }
    }
    for spellings in uses.values().filter(|spellings| spellings.len() > 1) {
        // Of two that are as frequent the first in order, though neither will be reported then.
        let usual = spellings.iter().max_by_key(|(_, rules)| rules.len());
        let Some((usual, agreeing)) = usual else { continue };
        for (field, rules) in spellings.iter().filter(|(field, _)| *field != usual) {
            if agreeing.len() < AGREEING.max(RATIO * rules.len()) {
                continue;
            }
            for (rule, span) in rules {
                let count = agreeing.len();
                let message = format!("{count} rules of this log source write `{usual}`");
                let mut finding =
                    Finding::new(&FIELD_CASE, Place::new(&rule.source, *span), message);
                finding.help(format!("did you mean `{usual}`, not `{field}`?"));
                findings.push(finding);
            }
        }
    }
}

/// Every field of a selection with the place where it stands first.
fn collect<'r>(selection: &'r Selection, fields: &mut BTreeMap<&'r str, Span>) {
    match selection {
        Selection::Any(members) => members.iter().for_each(|member| collect(member, fields)),
        Selection::All(items) => {
            for field in items.iter().filter_map(|item| item.field.as_ref()) {
                fields.entry(field.as_str()).or_insert(field.span);
            }
        }
    }
}
