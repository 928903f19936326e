//! What a run is held against: a share, and what was covered before.

use std::path::Path;

use super::super::Failure;
use super::super::output::plural;
use crate::compliance::Audit;
use crate::compliance::report::Baseline;

/// Whether the demanded parts of every version are covered to a share on every target.
pub(super) fn is_enough(audit: &Audit, percent: u8) -> bool {
    let mut enough = true;
    if audit.places.is_empty() && percent > 0 {
        anstream::eprintln!("nothing is audited, so less than {percent} % is covered");
        return false;
    }
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

/// Reads a baseline.
pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure(format!("error: cannot read the baseline `{name}`: {error}")))?;
    Baseline::read(&text).map_err(|error| Failure(format!("error: the baseline `{name}`: {error}")))
}

/// Whether everything is covered that was. What was covered and is not even audited is lost, unless
/// only a part was asked for and some of the baseline is in it.
pub(super) fn against(audit: &Audit, baseline: &Baseline, path: &Path, in_part: bool) -> bool {
    let name = path.display();
    let audits = std::slice::from_ref(audit);
    let unaudited = baseline.unaudited(audits);
    let excused = unaudited.is_empty() || in_part && unaudited.len() < baseline.count();
    if !unaudited.is_empty() {
        let (first, rest) = (unaudited.first().map_or("", String::as_str), unaudited.len() - 1);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let word = if excused { "note: " } else { "" };
        anstream::eprintln!("{word}covered in the baseline and not audited now: {first}{more}");
    }
    let fallen = baseline.fallen(audits);
    for one in &fallen {
        anstream::eprintln!("{one}");
    }
    if !fallen.is_empty() {
        anstream::eprintln!("coverage fell: {} since `{name}`", plural(fallen.len(), "part"));
    }
    excused && fallen.is_empty()
}

/// Writes what is covered now.
pub(super) fn store(audit: &Audit, path: &Path) -> Result<(), Failure> {
    let text = format!("{:#}\n", Baseline::of(std::slice::from_ref(audit)).json());
    std::fs::write(path, text)
        .map_err(|error| Failure(format!("error: cannot write `{}`: {error}", path.display())))?;
    anstream::eprintln!("wrote {}", path.display());
    Ok(())
}
