//! The rules of a replay, of whatever kind.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::super::import::DOCUMENTS;
use super::super::output::{EXTENSIONS, plural};
use super::super::{Context, Failure};
use crate::diagnostic::Finding;
use crate::event::Input;
use crate::import::{Kind, rules};
use crate::rule::{RuleSet, load};
use crate::source::{Found, SourceFile, closed, discover};

/// Reads a file, or the rules of a folder: canonical ones, those of Sigma, and documents of platforms
/// as `import` reads them. Logs that lie in the folder are none.
pub(super) fn read(
    context: &Context,
    named: &Path,
    logs: &[Input],
) -> Result<(RuleSet, Vec<Finding>), Failure> {
    let paths = context.paths(&[named.to_owned()]);
    let (found, mut errors) = discover(&paths, DOCUMENTS);
    let logs: HashSet<PathBuf> = logs.iter().filter_map(Input::path).filter_map(real).collect();
    let found: Vec<Found> = found
        .into_iter()
        .filter(|one| real(&one.path).is_none_or(|p| !logs.contains(&p)))
        .collect();
    errors.extend(closed(&found));
    if !errors.is_empty() {
        return Err(Failure(format!("error: {}", errors.join("\nerror: "))));
    }
    let is_named = named.is_file();
    let (own, others): (Vec<Found>, _) =
        found.into_iter().partition(|one| is_named || is_yaml(&one.name));
    let (mut sources, mut findings) = load(&own);
    let (others, strange) = load(&others);
    if !strange.is_empty() {
        anstream::eprintln!(
            "note: {} beside the rules could not be read",
            plural(strange.len(), "file")
        );
    }
    // A page or a log beside the rules is none of them.
    let of_platform =
        |source: &SourceFile| Kind::of(source).is_some_and(|kind| kind != Kind::Sigma);
    sources.extend(others.into_iter().filter(|source| of_platform(source)));
    sources.retain(|source| is_yaml(source.name()) || Kind::of(source).is_some());
    sources.sort_by(|a, b| a.name().cmp(b.name()));
    if sources.is_empty() && findings.is_empty() {
        return Err(Failure(format!(
            "error: there is no rule in `{}`\nhelp: replay takes canonical rules, Sigma's, and the documents that `crosswalk import` reads",
            named.display()
        )));
    }
    let (set, more) = rules(&sources);
    findings.extend(more);
    Ok((set, findings))
}

/// The file itself, whichever way leads to it.
fn real(path: impl AsRef<Path>) -> Option<PathBuf> {
    path.as_ref().canonicalize().ok()
}

fn is_yaml(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|own| EXTENSIONS.iter().any(|known| own == *known))
}
