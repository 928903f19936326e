//! What is missing, put together for readers: parts of a control that miss for the same reason are
//! one gap.

use serde::Serialize;
use serde_json::Value as Json;

use crate::compliance::{Audit, ControlAudit, PartAudit, Place, State, Verdict, VersionAudit};

/// Parts of one control that are not covered in one place, for one reason.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Gap<'a> {
    #[serde(skip)]
    pub(super) control: &'a ControlAudit,
    pub(super) place: &'static str,
    pub(super) state: &'static str,
    pub(super) parts: Vec<&'a str>,
    /// Rule by rule, what narrows it.
    pub(super) reasons: Vec<Reason<'a>>,
    pub(super) witness: Option<&'a Json>,
}

/// Why one rule misses something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Reason<'a> {
    pub(super) rule: &'a str,
    pub(super) index: usize,
    pub(super) kind: &'static str,
    pub(super) words: String,
}

/// The gaps of a version, in the order of its controls.
pub(super) fn gaps<'a>(audit: &'a Audit, version: &'a VersionAudit) -> Vec<Gap<'a>> {
    let mut gaps: Vec<Gap<'a>> = Vec::new();
    for control in &version.controls {
        for place in &control.places {
            let start = gaps.len();
            let open = place.parts.iter().filter(|part| !part.state.is_covered());
            for part in open {
                add(audit, control, place.place, part, start, &mut gaps);
            }
        }
    }
    gaps
}

fn add<'a>(
    audit: &'a Audit,
    control: &'a ControlAudit,
    place: Place,
    part: &'a PartAudit,
    start: usize,
    gaps: &mut Vec<Gap<'a>>,
) {
    let reasons = reasons(audit, part);
    let (place, state) = (place.name(), part.state.name());
    let same =
        |gap: &&mut Gap<'_>| gap.state == state && gap.reasons == reasons && gap.place == place;
    match gaps.iter_mut().skip(start).find(same) {
        Some(gap) => gap.parts.push(&part.name),
        None => gaps.push(Gap {
            control,
            place,
            state,
            parts: vec![&part.name],
            reasons,
            witness: part.witness.as_ref(),
        }),
    }
}

fn reasons<'a>(audit: &'a Audit, part: &PartAudit) -> Vec<Reason<'a>> {
    let mut reasons = Vec::new();
    for (index, verdict) in &part.rules {
        let rule = audit.rules.get(*index).map_or("", |rule| rule.title.as_str());
        let mut add = |kind, words| reasons.push(Reason { rule, index: *index, kind, words });
        match verdict {
            Verdict::Narrowed { by, .. } => {
                by.iter().for_each(|one| add(one.kind.name(), one.condition.clone()));
            }
            Verdict::Undecided { limit } => add("undecided", limit.clone()),
            Verdict::Covered { .. } | Verdict::NotCovered => {}
        }
        let accepted = part.accepted.iter().filter(|(own, _)| own == index);
        accepted
            .flat_map(|(_, words)| words)
            .for_each(|words| add("accepted by the rule", words.clone()));
    }
    reasons
}

/// What the meaning of rules leans on in each place, with how many rules do.
pub(super) fn leanings(audit: &Audit) -> Vec<(&'static str, &str, usize)> {
    let mut all: Vec<(&'static str, &str, usize)> = Vec::new();
    for place in &audit.places {
        let rules = audit.rules.iter().filter(|rule| rule.is_concerned);
        let notes = rules.flat_map(|rule| &rule.notes).filter(|(own, _)| own == place);
        for note in notes.flat_map(|(_, notes)| notes) {
            match all.iter_mut().find(|(own, words, _)| *own == place.name() && words == note) {
                Some((_, _, count)) => *count += 1,
                None => all.push((place.name(), note, 1)),
            }
        }
    }
    all
}

/// Rules that find something of a demand, and get nothing on a platform: place, rule and reason.
pub(super) fn refusals(audit: &Audit) -> Vec<(&'static str, &str, &str)> {
    let rules = audit.rules.iter().filter(|rule| rule.is_concerned);
    let all = rules.flat_map(|rule| {
        rule.refused.iter().map(|(place, why)| (place.name(), rule.title.as_str(), why.as_str()))
    });
    all.collect()
}

impl Gap<'_> {
    /// `AuthorizeSecurityGroupIngress and 6 more`.
    pub(super) fn names(&self) -> String {
        match self.parts.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [one, two] => format!("{one} and {two}"),
            [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        }
    }

    /// `is` or `are`.
    pub(super) fn verb(&self) -> &'static str {
        if self.parts.len() > 1 { "are" } else { "is" }
    }

    /// What happens to the parts, in a few words.
    pub(super) fn what(&self) -> &'static str {
        match self.state {
            state if state == State::Narrowed.name() => "found only in part",
            state if state == State::Undecided.name() => "undecided",
            _ => "found by no rule",
        }
    }
}

/// What is to be said of claims: title, control and words.
pub(super) fn claims<'a>(
    audit: &'a Audit,
    version: &'a VersionAudit,
) -> Vec<(&'a ControlAudit, usize, &'a str, String)> {
    let mut said = Vec::new();
    for control in &version.controls {
        for claim in &control.claims {
            let Some(problem) = claim.problem() else { continue };
            let rule = audit.rules.get(claim.rule).map_or("", |rule| rule.title.as_str());
            let words = format!("{problem} ({} of {})", claim.covered, claim.of);
            said.push((control, claim.rule, rule, words));
        }
    }
    said
}
