//! One way of writing a rule.
//!
//! The style is that of the rules in `rules/`: two columns a level, also for lists below their
//! key; keys in one order; one blank line above Crosswalk's own sections; texts without quotes
//! where no reader needs them, else in double quotes, or in single quotes if these spare escapes;
//! blocks stay blocks, and brackets stay if they fit on a line. Comments stay with what they are
//! about. Formatting what is formatted changes nothing.
//!
//! The text is read into a tree that holds its comments (`tree`, `read`, `comments`), put in order
//! (`order`) and written anew (`write`, `scalar`, `block`). Then the result is read again and held
//! against the original (`same`): what does not say the same never leaves this module.

mod block;
mod comments;
mod file;
mod order;
mod read;
mod same;
mod scalar;
mod tree;
mod write;

pub use file::{diff, is_formatted};

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::rule;
use crate::source::{Place, SourceFile, Span, read_yaml};

crate::diagnostic::codes! {
    /// a file cannot be written in Crosswalk's style
    ///
    /// Anchors, aliases, tags and directives are legal YAML that the formatter has no form for. It
    /// leaves such a file alone, as a whole, rather than lose something.
    NOT_FORMATTED = "not-formatted", Warning;
}

/// What is wrong with a file that is no usable YAML.
static BROKEN: &[&Code] = &[
    &rule::codes::YAML_SYNTAX,
    &rule::codes::YAML_LIMIT,
    &rule::codes::COMPLEX_KEY,
    &rule::codes::MERGE_KEY,
    &rule::codes::DUPLICATE_KEY,
    &rule::codes::TOO_MANY_FINDINGS,
];

/// A file's text in the one way of writing it, or why it has to stay as it is.
pub fn format(source: &Arc<SourceFile>) -> Result<String, Vec<Finding>> {
    // Line ends are all alike to YAML.
    let text = source.text().replace("\r\n", "\n").replace('\r', "\n");
    let (documents, errors) = read_yaml(&text);
    if !errors.is_empty() {
        // The reader of rules has the words for it.
        let (_, findings) = rule::read(source);
        let broken = |finding: &Finding| BROKEN.contains(&finding.code);
        return Err(findings.into_sorted().into_iter().filter(broken).collect());
    }
    let unkept = |error: read::Unkept| {
        let span = if text.len() == source.text().len() { error.span } else { Span::default() };
        vec![finding(source, span, format!("{} has no form in Crosswalk's style", error.what))]
    };
    let mut stream = read::read(&text).map_err(unkept)?;
    // A comment may find another place once what it was squeezed into has its form, so what is
    // written is what formatting it again gives.
    let settled = write::write(arranged(&mut stream));
    let settled = read::read(&settled).map(|mut once| write::write(arranged(&mut once)));
    if let Ok(written) = settled
        && same::same((&text, &documents), &written)
        && read::read(&written).is_ok_and(|after| after.comments == stream.comments)
    {
        return Ok(written);
    }
    let message = "this file cannot be written in Crosswalk's style without changing its meaning";
    Err(vec![finding(source, Span::default(), message.to_owned())])
}

fn arranged<'s, 't>(stream: &'s mut tree::Stream<'t>) -> &'s tree::Stream<'t> {
    stream.documents.iter_mut().for_each(order::arrange);
    stream
}

fn finding(source: &Arc<SourceFile>, span: Span, message: String) -> Finding {
    let mut finding = Finding::new(&NOT_FORMATTED, Place::new(source, span), message);
    finding.help("the file is left as it is");
    finding
}
