//! Queries without a rule around them.

use std::sync::Arc;

use super::one::{Unread, one};
use super::{Refused, To, Unit};
use crate::diagnostic::{Finding, Findings};
use crate::language::registry::Dialect;
use crate::source::SourceFile;

/// Converts the query that a file holds. What cannot be read or stated is found at its place.
pub(super) fn unit(source: &Arc<SourceFile>, from: &dyn Dialect, to: To) -> (Unit, Vec<Finding>) {
    let mut findings = Findings::new(source);
    // A file ends with a line feed that is no part of the query. Blanks at the start stay, so that
    // places in the query are places in the file.
    let text = source.text().trim_end();
    let result = match to {
        To::Query(language) => one(text, from, super::to::view(from), language, &[])
            .map_err(|problem| problem.reported(&mut findings)),
        document => match from.read(text) {
            Err(errors) => Err(Unread::syntax(errors).reported(&mut findings)),
            Ok(_) => Err(Refused::because(
                "incomplete-envelope",
                format!(
                    "`{}` holds whole rules, and a query has no title or level",
                    document.name()
                ),
            )),
        },
    };
    let unit = Unit { source: source.name().to_owned(), title: title(source.name()), result };
    (unit, findings.into_sorted())
}

/// A query has no title but the name of its file.
fn title(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem.is_empty() || stem == super::STANDARD_INPUT { "query" } else { stem }.to_owned()
}
