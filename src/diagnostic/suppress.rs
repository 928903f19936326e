//! Findings that a rule allows, by a comment that says why:
//!
//! ```yaml
//! # crosswalk: allow CODE reason
//! ```
//!
//! Beside a value or above a key the comment holds for that line and the deeper lines below it,
//! because a block of text can hold no comment of its own. Above the first key of a file it holds
//! for the whole file. The reason is required, and a comment that allows nothing is a finding, so
//! that it cannot hide a later one.

use std::sync::Arc;

use super::{Code, Edit, Finding, Fix, closest};
use crate::source::{Place, SourceFile, Span, comments};

crate::diagnostic::codes! {
    /// a comment to Crosswalk says nothing that Crosswalk understands
    ///
    /// The form is `# crosswalk: allow CODE reason`. The code must be one that can be allowed: an
    /// error of the reader cannot, because a rule that was not read rightly would be built as
    /// something else. The reason is for the next person who reads the rule.
    ///
    /// Bad:
    /// ```yaml
    /// title: Sign-in by the break-glass user # crosswalk: allow untested-rule
    /// ```
    /// Good:
    /// ```yaml
    /// title: Sign-in by the break-glass user # crosswalk: allow untested-rule no account to try it on
    /// ```
    BAD_ALLOW = "bad-allow", Warning;

    /// a comment allows a finding that does not occur
    ///
    /// What it allowed was repaired, or the comment stands at the wrong line. Left in place it would
    /// hide the next finding of its kind.
    ///
    /// Bad:
    /// ```yaml
    /// status: stable # crosswalk: allow missing-status a draft
    /// ```
    /// Good:
    /// ```yaml
    /// status: stable
    /// ```
    UNUSED_ALLOW = "unused-allow", Warning, fixable;
}

/// Which codes a comment may name.
#[derive(Clone, Copy, Debug)]
pub struct Allowable<'c> {
    /// Codes that can be allowed.
    pub codes: &'c [&'static Code],
    /// Those among them that compare rules: whether they occur depends on which files are read, so
    /// a comment that allows one is never unused.
    pub across_files: &'c [&'static Code],
}

/// Takes away the findings that a comment in their file allows, and adds those about the comments.
/// Returns how many were taken away.
pub fn suppress(
    sources: &[&Arc<SourceFile>],
    findings: &mut Vec<Finding>,
    allowable: Allowable<'_>,
) -> usize {
    let before = findings.len();
    let mut faults = Vec::new();
    for source in sources {
        let mut allowances = allowances(source, allowable, &mut faults);
        if allowances.is_empty() {
            continue;
        }
        findings.retain(|finding| {
            let here = finding.place.as_ref().filter(|place| Arc::ptr_eq(&place.source, source));
            let Some(place) = here else { return true };
            let at = place.span.start;
            let allows = |one: &&mut Allowance| {
                one.code == finding.code && one.reach.start <= at && at < one.reach.end
            };
            allowances.iter_mut().find(allows).map(|one| one.used = true).is_none()
        });
        let unused = allowances
            .iter()
            .filter(|one| !one.used && !allowable.across_files.contains(&one.code));
        faults.extend(unused.map(|one| one.unused(source)));
    }
    let allowed = before - findings.len();
    findings.extend(faults);
    allowed
}

/// Whether a text may hold a comment that allows a code.
pub fn may_allow(source: &SourceFile, code: &Code) -> bool {
    source.text().contains(MARK) && source.text().contains(code.name)
}

/// One comment that allows something.
struct Allowance {
    code: &'static Code,
    comment: Span,
    /// Where the findings start that it allows.
    reach: Span,
    used: bool,
}

impl Allowance {
    fn unused(&self, source: &Arc<SourceFile>) -> Finding {
        let message = format!("there is no `{}` here to allow", self.code);
        let mut finding = Finding::new(&UNUSED_ALLOW, Place::new(source, self.comment), message);
        let span = with_blanks(source.text(), self.comment);
        finding.help("remove the comment");
        finding.fix = Some(Fix { edits: vec![Edit { span, replacement: String::new() }] });
        finding
    }
}

/// A comment with the blanks before it, and with its line if nothing else stands on it.
fn with_blanks(text: &str, comment: Span) -> Span {
    let before = text.get(..comment.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let is_alone =
        before.get(..start).is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    let line_end = text.get(comment.end..).and_then(|rest| rest.find('\n'));
    match line_end {
        Some(line_end) if is_alone => Span::new(start, comment.end + line_end + 1),
        _ => Span::new(start, comment.end),
    }
}

/// Most comments to Crosswalk that a file may hold.
const MAX_COMMENTS: usize = 1000;

/// The words that start a comment to Crosswalk.
const MARK: &str = "crosswalk:";

fn allowances(
    source: &Arc<SourceFile>,
    allowable: Allowable<'_>,
    faults: &mut Vec<Finding>,
) -> Vec<Allowance> {
    let text = source.text();
    // Nearly every file has none, and finding comments means parsing the file again.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let mut found = Vec::new();
    let comments = comments(text);
    let ours = comments.iter().filter_map(|comment| Some((comment, comment.strip_prefix(MARK)?)));
    for (nth, (comment, words)) in ours.enumerate() {
        if nth >= MAX_COMMENTS {
            let message = format!("a file may hold {MAX_COMMENTS} comments to Crosswalk");
            faults.push(Finding::new(&BAD_ALLOW, Place::new(source, comment.span), message));
            break;
        }
        match code(words.trim(), allowable) {
            Ok(code) => {
                let reach = lines.reach(text, comment.span);
                found.push(Allowance { code, comment: comment.span, reach, used: false });
            }
            Err((message, help)) => {
                let place = Place::new(source, comment.span);
                let mut finding = Finding::new(&BAD_ALLOW, place, message);
                finding.help(help);
                faults.push(finding);
            }
        }
    }
    found
}

/// The code that `allow CODE reason` names; otherwise what is wrong and what to do.
fn code(words: &str, allowable: Allowable<'_>) -> Result<&'static Code, (String, String)> {
    const FORM: &str = "write `# crosswalk: allow CODE reason`";
    let mut parts = words.split_whitespace();
    let (verb, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if verb != "allow" {
        return Err((format!("`{words}` is nothing that Crosswalk knows"), FORM.to_owned()));
    }
    let Some(code) = allowable.codes.iter().find(|code| code.name == name) else {
        let known = allowable.codes.iter().map(|code| code.name);
        let help = closest(name, known).map(|near| format!("did you mean `{near}`?"));
        let message = format!("`{name}` is no code that a comment can allow");
        return Err((message, help.unwrap_or_else(|| FORM.to_owned())));
    };
    if parts.next().is_none() {
        let message = format!("why `{name}` is allowed is not said");
        return Err((message, format!("write the reason behind `{name}`")));
    }
    Ok(code)
}

/// The lines of a text, as far as comments need to know them.
struct Lines {
    /// Those with content: offset and indentation.
    content: Vec<(usize, usize)>,
    /// Offset behind the end of the text.
    end: usize,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut content = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.trim();
            if !bare.is_empty() && !bare.starts_with('#') {
                content.push((at, line.len() - line.trim_start_matches(' ').len()));
            }
            at += line.len();
        }
        Self { content, end: text.len() + 1 }
    }

    /// Where the findings start that a comment holds for.
    fn reach(&self, text: &str, comment: Span) -> Span {
        let head = text.get(..comment.start).unwrap_or_default();
        let line = head.rfind('\n').map_or(0, |at| at + 1);
        let before = self.content.partition_point(|(at, _)| *at < line);
        let is_marker =
            |(at, _): &(usize, usize)| text.get(*at..).is_some_and(|line| line.starts_with("---"));
        let mut rest = self.content.iter().skip(before);
        let beside = rest.clone().next().is_some_and(|(at, _)| *at == line);
        // The line `---` before the first document is no content of the file.
        if !beside && before <= 1 && self.content.iter().take(before).all(is_marker) {
            return Span::new(0, self.end);
        }
        let Some((start, depth)) = rest.next() else { return comment };
        let below = rest.find(|(_, indentation)| indentation <= depth);
        Span::new(*start, below.map_or(self.end, |(end, _)| *end))
    }
}
