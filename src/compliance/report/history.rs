//! What changes from one version of a framework to the next, in words.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::compliance::{Audit, ControlAudit, PartAudit, VersionAudit};

/// The step from one version to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The version before.
    pub from: String,
    /// The version after.
    pub to: String,
    /// What changes, one sentence each.
    pub changes: Vec<String>,
}

/// The steps between the audited versions, oldest first.
pub fn steps(audit: &Audit) -> Vec<Step> {
    let pairs = audit.versions.iter().zip(audit.versions.iter().skip(1));
    pairs
        .map(|(from, to)| Step {
            from: from.version.clone(),
            to: to.version.clone(),
            changes: changes(audit, from, to),
        })
        .collect()
}

fn changes(audit: &Audit, from: &VersionAudit, to: &VersionAudit) -> Vec<String> {
    let find = |version: &'_ VersionAudit, slug: &str| {
        version.controls.iter().position(|control| control.slug == slug)
    };
    let (mut moved, mut said) = (Vec::new(), Vec::new());
    for new in &to.controls {
        let old = find(from, &new.slug).and_then(|at| from.controls.get(at));
        let Some(old) = old else {
            said.push(format!("{} ({}) is new{}", new.title, new.control.number, held(audit, new)));
            continue;
        };
        if old.control.number != new.control.number {
            moved.push((old.control.number.as_str(), new.control.number.as_str()));
        }
        said.extend(demand(audit, old, new));
        if old.level != new.level {
            said.push(level(from, old, to, new));
        }
    }
    for old in from.controls.iter().filter(|old| find(to, &old.slug).is_none()) {
        said.push(format!("{} ({}) is gone", old.title, old.control.number));
    }
    if !moved.is_empty() {
        said.insert(0, renumbered(&moved));
    }
    if said.is_empty() {
        said.push("nothing changes in what is demanded".to_owned());
    }
    said
}

/// What becomes of a level. Where sources contradict each other on one of the two, nobody knows
/// whether it changes.
fn level(from: &VersionAudit, old: &ControlAudit, to: &VersionAudit, new: &ControlAudit) -> String {
    let (title, number) = (&new.title, &new.control.number);
    let doubts = [(from, old), (to, new)].into_iter().find_map(|(version, control)| {
        let doubt = control.disagreements.iter().find(|one| one.kind == "level")?;
        Some(format!("sources disagree on that of {} ({})", version.version, doubt.note))
    });
    match doubts {
        Some(doubts) => format!("{title} ({number}): whether its level changes is open: {doubts}"),
        None => format!("{title} ({number}): level {} becomes {}", old.level, new.level),
    }
}

/// Numbers that move: by their chapter, if it is only that.
fn renumbered(moved: &[(&str, &str)]) -> String {
    let split = |(old, new): &(&str, &str)| {
        let ((old, nth), (new, other)) = (old.split_once('.')?, new.split_once('.')?);
        (nth == other).then(|| (old.to_owned(), new.to_owned()))
    };
    let chapters: Option<BTreeSet<(String, String)>> = moved.iter().map(split).collect();
    let chapters: Vec<(String, String)> = chapters.unwrap_or_default().into_iter().collect();
    match (chapters.as_slice(), moved) {
        ([(old, new)], [(first, _), .., (last, _)]) => {
            format!("renumbered: chapter {old} is now chapter {new} ({first} to {last})")
        }
        _ => {
            let words = moved.iter().map(|(old, new)| format!("{old} is now {new}"));
            format!("renumbered: {}", words.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What a control demands more or less, and what that does to coverage.
fn demand(audit: &Audit, old: &ControlAudit, new: &ControlAudit) -> Option<String> {
    let names = |control: &ControlAudit| -> BTreeSet<String> {
        let parts = control.places.first().map(|place| place.parts.as_slice()).unwrap_or_default();
        parts.iter().map(|part| part.name.clone()).collect()
    };
    let (before, after) = (names(old), names(new));
    let list = |from: &BTreeSet<String>, without: &BTreeSet<String>| {
        from.difference(without).cloned().collect::<Vec<_>>().join(", ")
    };
    let (more, less) = (list(&after, &before), list(&before, &after));
    let mut said = Vec::new();
    if !more.is_empty() {
        said.push(format!("{more} is demanded, too"));
    }
    if !less.is_empty() {
        said.push(format!("{less} is no longer demanded"));
    }
    let has_changed = old.places.iter().zip(&new.places).any(|(old, new)| {
        let states = |parts: &[PartAudit]| parts.iter().map(|p| p.state).collect::<Vec<_>>();
        states(&old.parts) != states(&new.parts)
    });
    if said.is_empty() && has_changed {
        said.push("the same parts are demanded under other conditions".to_owned());
    }
    let coverage: Vec<String> = audit
        .places
        .iter()
        .filter_map(|place| {
            let (old, new) = (old.place(*place)?.fraction(), new.place(*place)?.fraction());
            (old != new).then(|| format!("{} goes from {old} to {new}", place.name()))
        })
        .collect();
    (!said.is_empty()).then(|| {
        let coverage = match coverage.is_empty() {
            true => String::new(),
            false => format!("; {}", coverage.join(", ")),
        };
        format!("{} ({}): {}{coverage}", new.title, new.control.number, said.join(", "))
    })
}

fn held(audit: &Audit, control: &ControlAudit) -> String {
    let cells = audit.places.iter().filter_map(|place| {
        let found = control.place(*place)?;
        Some(format!("{} {}", place.name(), found.fraction()))
    });
    let cells: Vec<String> = cells.collect();
    if cells.is_empty() { String::new() } else { format!(": {}", cells.join(", ")) }
}
