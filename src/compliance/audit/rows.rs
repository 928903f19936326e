//! Single rows of an audit: a rule, the verdict of a part, a rule against a whole demand.

use sha2::{Digest, Sha256};

use super::answers::Answer;
use super::grades::{SetRelation, State};
use super::model::{RuleRelation, RuleRow};
use super::questions::Asked;
use crate::compliance::decide::{Found, Verdict};
use crate::compliance::detector::Detector;
use crate::query::Expr;

/// A rule as reports name it.
pub(super) fn row(detector: &Detector) -> RuleRow {
    let digest = |expr: &Expr| {
        let text = serde_json::to_string(expr).unwrap_or_default();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let mut row = RuleRow {
        title: detector.title.clone(),
        id: detector.id.clone(),
        file: detector.file.clone(),
        line: detector.at.start().line,
        date: detector.date.clone(),
        digests: Vec::new(),
        is_concerned: false,
        notes: Vec::new(),
        refused: Vec::new(),
    };
    for (place, meant) in &detector.meanings {
        match meant {
            Ok(meant) => {
                row.digests.push((*place, digest(&meant.expr)));
                if !meant.notes.is_empty() {
                    row.notes.push((*place, meant.notes.clone()));
                }
            }
            Err(reason) => row.refused.push((*place, reason.clone())),
        }
    }
    row
}

/// What a verdict says of a part.
pub(super) fn state(verdict: &Verdict) -> State {
    match verdict {
        Verdict::Covered { .. } => State::Covered,
        Verdict::Narrowed { .. } => State::Narrowed,
        Verdict::NotCovered => State::NotCovered,
        Verdict::Undecided { .. } => State::Undecided,
    }
}

/// How a rule stands to a whole demand; `None` if it finds nothing of it.
pub(super) fn relation(asked: &Asked<'_>, rule: usize, answer: &Answer) -> Option<RuleRelation> {
    let verdicts = asked.parts.iter().map(|(_, part)| answer.verdicts.get(part));
    let verdicts: Vec<Option<&Verdict>> = verdicts.collect();
    let of = verdicts.len();
    let covered =
        verdicts.iter().filter(|verdict| verdict.is_some_and(Verdict::is_covered)).count();
    if !verdicts.iter().any(|verdict| verdict.is_some_and(Verdict::is_reached)) {
        return None;
    }
    let open = verdicts.iter().any(|v| matches!(v, Some(Verdict::Undecided { .. })));
    let beyond = answer.beyond.get(&asked.whole);
    let relation = match (covered == of, beyond) {
        _ if open => SetRelation::Undecided,
        (_, None | Some(Found::Undecided(_))) => SetRelation::Undecided,
        (true, Some(Found::Never(_))) => SetRelation::EqualTo,
        (true, Some(Found::Event(_))) => SetRelation::SupersetOf,
        (false, Some(Found::Never(_))) => SetRelation::SubsetOf,
        (false, Some(Found::Event(_))) => SetRelation::IntersectsWith,
    };
    let mut assumed: Vec<String> = Vec::new();
    let covering = verdicts.iter().flatten().filter_map(|verdict| match verdict {
        Verdict::Covered { assumed } => Some(assumed),
        _ => None,
    });
    let beyond = match beyond {
        Some(Found::Event(event)) => (Some(event.clone()), None),
        Some(Found::Never(words)) => (None, Some(words)),
        _ => (None, None),
    };
    for words in covering.chain(beyond.1).flatten() {
        if !assumed.contains(words) {
            assumed.push(words.clone());
        }
    }
    Some(RuleRelation { rule, relation, covered, of, beyond: beyond.0, assumed })
}
