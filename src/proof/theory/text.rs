//! Texts that tests suggest by what they are written with. They need not fit; whoever asks looks.

use super::value::Ask;
use crate::proof::boolean::Atoms;
use crate::query::{Op, Part, Pattern};

/// What may stand where a pattern leaves it open, best first.
const FILLS: [&str; 4] = ["", "x", " ", "1"];

/// What any value may be.
const USUAL: [&str; 5] = ["x", "value", "1", "other", ""];

/// Most tests whose own texts are tried.
const MOST: usize = 12;

pub(super) fn candidates(ask: &Ask<'_>, atoms: &Atoms) -> Vec<String> {
    let shown: Vec<&Op> =
        ask.all.iter().filter_map(|atom| atoms.get(*atom)).map(|atom| &atom.shown).collect();
    if shown.is_empty() {
        return USUAL.map(str::to_owned).to_vec();
    }
    let patterns: Vec<&Pattern> = shown
        .iter()
        .filter_map(|op| match op {
            Op::Matches { pattern, .. } => Some(pattern),
            _ => None,
        })
        .collect();
    let mut all = Vec::new();
    for fill in FILLS {
        if patterns.len() > 1 {
            all.push(merged(&patterns, fill));
        }
        all.extend(patterns.iter().take(MOST).map(|pattern| filled(pattern, fill)));
    }
    for op in shown.iter().take(MOST) {
        match op {
            Op::Words(words) => all.push(words.join(" ")),
            // What tests say of numbers and addresses has its own candidates.
            Op::Exists | Op::Field { .. } => all.extend(USUAL.map(str::to_owned)),
            _ => {}
        }
    }
    // The same in other letters, where only one case is shut out.
    let suggested = all.len();
    for at in 0..suggested.min(MOST) {
        let Some(text) = all.get(at).cloned() else { break };
        for other in [text.to_uppercase(), text.to_lowercase()] {
            if other != text {
                all.push(other);
            }
        }
    }
    if patterns.iter().any(|pattern| pattern.is_any()) {
        all.extend(USUAL.map(str::to_owned));
    }
    all
}

fn filled(pattern: &Pattern, fill: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "x".to_owned(),
        Part::Any => fill.to_owned(),
    };
    pattern.parts().iter().map(piece).collect()
}

/// One text for several patterns: the longest fixed start, whatever has to stand somewhere, the
/// longest fixed end.
fn merged(patterns: &[&Pattern], fill: &str) -> String {
    let is_open = |part: Option<&Part>| part == Some(&Part::Any);
    let (mut start, mut end) = (String::new(), String::new());
    let mut within: Vec<String> = Vec::new();
    for pattern in patterns {
        let parts = pattern.parts();
        let text = filled(pattern, fill);
        match (is_open(parts.first()), is_open(parts.last())) {
            (false, true) if text.len() > start.len() => start = text,
            (true, false) if text.len() > end.len() => end = text,
            (true, true) => {
                let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
                within.push(filled(&inner.iter().cloned().collect(), fill));
            }
            (false, false) => return text,
            _ => {}
        }
    }
    let mut text = start;
    for piece in within.into_iter().filter(|piece| !piece.is_empty()) {
        if !text.contains(&piece) && !end.contains(&piece) {
            text.push_str(fill);
            text.push_str(&piece);
        }
    }
    text.push_str(fill);
    text.push_str(&end);
    text
}
