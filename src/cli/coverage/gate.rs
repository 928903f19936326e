//! What a run is held against: a share, and what was covered before.

use std::path::Path;

use super::super::Failure;
use super::super::output::plural;
use crate::compliance::Audit;
use crate::compliance::report::Baseline;

/// Whether the demanded parts of every version are covered to a share on every target.
pub(super) fn is_enough(audit: &Audit, percent: u8) -> bool {
    let mut enough = true;
    for version in &audit.versions {
        for place in &audit.places {
            let (covered, of) = audit.score(version, *place);
            if covered * 100 < of * usize::from(percent) {
                enough = false;
                anstream::eprintln!(
                    "{}@{} on {}: {covered} of {of} demanded parts are covered, less than {percent} %",
                    audit.framework,
                    version.version,
                    place.name()
                );
            }
        }
    }
    enough
}

/// Whether everything is covered that was.
pub(super) fn against(audit: &Audit, path: &Path) -> Result<bool, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure(format!("error: cannot read the baseline `{name}`: {error}")))?;
    let baseline = Baseline::read(&text)
        .map_err(|error| Failure(format!("error: the baseline `{name}`: {error}")))?;
    let audits = std::slice::from_ref(audit);
    let unaudited = baseline.unaudited(audits);
    if !unaudited.is_empty() {
        let (first, rest) = (unaudited.first().map_or("", String::as_str), unaudited.len() - 1);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        anstream::eprintln!("note: in the baseline and not audited now: {first}{more}");
    }
    let fallen = baseline.fallen(audits);
    for one in &fallen {
        anstream::eprintln!("{one}");
    }
    if !fallen.is_empty() {
        anstream::eprintln!("coverage fell: {} since `{name}`", plural(fallen.len(), "part"));
    }
    Ok(fallen.is_empty())
}

/// Writes what is covered now.
pub(super) fn store(audit: &Audit, path: &Path) -> Result<(), Failure> {
    let text = format!("{:#}\n", Baseline::of(std::slice::from_ref(audit)).json());
    std::fs::write(path, text)
        .map_err(|error| Failure(format!("error: cannot write `{}`: {error}", path.display())))?;
    anstream::eprintln!("wrote {}", path.display());
    Ok(())
}
