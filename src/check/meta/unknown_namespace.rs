//! A tag of a namespace that Sigma does not know.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Severity, all_of, closest, code};
use crate::rule::Rule;

code! {
    /// a tag is of a namespace that Sigma does not know
    ///
    /// Sigma 2.1 knows `attack`, `car`, `cve`, `d3fend`, `detection`, `stp` and `tlp`. No tool reads
    /// another one, and one that differs by a letter is a slip. Controls belong into `controls:`.
    ///
    /// Bad:
    /// ```yaml
    /// tags: [atack.t1078.004]
    /// ```
    /// Good:
    /// ```yaml
    /// tags: [attack.t1078.004]
    /// ```
    UNKNOWN_NAMESPACE = "unknown-tag-namespace", Note;
}

pub(super) const CHECK: Check = Check { code: &UNKNOWN_NAMESPACE, run: Run::Rule(run) };

/// The namespaces of Sigma's tags appendix 2.1.
const NAMESPACES: &[&str] = &["attack", "car", "cve", "d3fend", "detection", "stp", "tlp"];

fn run(rule: &Rule, findings: &mut Findings) {
    for tag in &rule.header.tags {
        let Some((namespace, name)) = tag.split_once('.') else { continue };
        // Capitals are an error of the reader.
        let is_known = NAMESPACES.iter().any(|known| namespace.eq_ignore_ascii_case(known));
        if is_known || namespace.is_empty() {
            continue;
        }
        let message = format!("Sigma has no tag namespace `{namespace}`");
        let finding = findings.add(&UNKNOWN_NAMESPACE, tag.span, message);
        match closest(namespace, NAMESPACES.iter().copied()) {
            Some(near) => {
                finding.severity = Severity::Warning;
                finding.help(format!("did you mean `{near}.{name}`?"));
            }
            None => {
                finding.help(format!("its namespaces are {}", all_of(NAMESPACES.iter().copied())));
            }
        }
    }
}
