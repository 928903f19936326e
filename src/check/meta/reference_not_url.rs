//! A reference that leads nowhere.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a reference is not a URL
    ///
    /// Platforms show references as links, and a text that is none leads nowhere. What has no address
    /// belongs into the description.
    ///
    /// Bad:
    /// ```yaml
    /// references: [Internal research]
    /// ```
    /// Good:
    /// ```yaml
    /// references: [https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html]
    /// ```
    REFERENCE_NOT_URL = "reference-not-url", Note;
}

pub(super) const CHECK: Check = Check { code: &REFERENCE_NOT_URL, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    for reference in &rule.header.references {
        if !is_url(reference.trim()) {
            let message = format!("`{}` is not a URL", reference.value);
            findings
                .add(&REFERENCE_NOT_URL, reference.span, message)
                .help("write the address with `https://`, or move the text to the description");
        }
    }
}

/// A scheme that a browser follows, and a host without blanks.
fn is_url(text: &str) -> bool {
    let rest = text.split_once("://").filter(|(scheme, _)| {
        ["http", "https", "ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    });
    rest.is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
