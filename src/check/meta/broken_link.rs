//! A Markdown link without a target.

use std::cell::LazyCell;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, LinkType, Options, Parser};

use super::texts;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;
use crate::source::{Span, Within};

code! {
    /// a Markdown link has no target
    ///
    /// `[text][1]` is a link only if a line `[1]: https://…` says where it leads. Without one, the brackets
    /// are shown as they stand.
    ///
    /// Bad:
    /// ```yaml
    /// triage: |
    ///   Look at the [access key][1].
    /// ```
    /// Good:
    /// ```yaml
    /// triage: |
    ///   Look at the [access key][1].
    ///
    ///   [1]: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    /// ```
    BROKEN_LINK = "broken-link", Warning;
}

pub(super) const CHECK: Check = Check { code: &BROKEN_LINK, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    for text in texts(rule).filter(|text| text.contains("][")) {
        let within = LazyCell::new(|| Within::new(text, text.span, rule.source.text()));
        for (range, label) in broken(text) {
            let span = within.span(Span::new(range.start, range.end));
            let message = format!("nothing says where `{label}` leads");
            findings
                .add(&BROKEN_LINK, span, message)
                .help(format!("add a line `[{label}]: https://…` at the end of the text"));
        }
    }
}

/// Links `[text][label]` and `[label][]` whose label is not defined. A label alone in brackets is
/// ordinary text more often than a link.
fn broken(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let note = |link: BrokenLink<'_>| {
        let is_meant = matches!(
            link.link_type,
            LinkType::Reference
                | LinkType::ReferenceUnknown
                | LinkType::Collapsed
                | LinkType::CollapsedUnknown
        );
        // `list[0][1]` is code that was not marked as such.
        let before = text.get(..link.span.start).and_then(|before| before.chars().next_back());
        let is_index = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if is_meant && !is_index {
            found.push((link.span, link.reference.to_string()));
        }
        None
    };
    Parser::new_with_broken_link_callback(text, Options::empty(), Some(note)).for_each(drop);
    found
}
