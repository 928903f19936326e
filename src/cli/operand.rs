//! What is compared, as the command line names it: a query, a file with a rule, a rule of the
//! repository.

use std::path::Path;

use super::output::read_rules;
use super::{Context, Failure};
use crate::fields::Catalog;
use crate::language::registry;
use crate::relate::{Reading, Unrelated, of_query, of_rule, sole};
use crate::source::SourceFile;

/// Reads one side of a comparison: `kql:QUERY` (or another language), a file, or the id, Sigma name
/// or artifact name of a rule.
pub(super) fn read(
    context: &Context,
    what: &str,
    catalog: Option<&'static Catalog>,
) -> Result<Reading, Failure> {
    if let Some((language, query)) = language_and_query(what) {
        return of_query(language, query, catalog).map_err(failure);
    }
    let path = Path::new(what);
    if path.is_file() {
        let source =
            SourceFile::read(path, what).map_err(|error| Failure(format!("error: {error}")))?;
        return sole(&source, catalog).map_err(failure);
    }
    let (set, _) = read_rules(context, &[])?;
    match super::explain::find(&set, what) {
        Some(rule) => of_rule(&set, rule).map_err(failure),
        None => Err(Failure(format!(
            "error: `{what}` is neither a file nor a rule nor a query (write `kql:...` for one)"
        ))),
    }
}

/// A query behind the name of its language. A path on a drive (`c:\rules`) is none.
fn language_and_query(what: &str) -> Option<(&'static dyn registry::Dialect, &str)> {
    let (name, query) = what.split_once(':')?;
    Some((registry::by_name(name)?, query))
}

/// Every reason as a line of its own.
pub(super) fn failure(unrelated: Unrelated) -> Failure {
    let lines: Vec<String> =
        unrelated.0.iter().map(|reason| format!("error: cannot compare: {reason}")).collect();
    Failure(lines.join("\n"))
}
