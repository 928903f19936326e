//! "Did you mean": the nearest known word.

/// Longest word that is compared: the distance takes time and room by the product of the lengths.
const MAX_LETTERS: usize = 100;

/// The candidate nearest to a misspelt word, if one is near enough to be worth naming: at most a
/// third of its letters differ. Ties go to the first in order.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let letters = word.chars().count();
    if letters > MAX_LETTERS {
        return None;
    }
    let allowed = (letters / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A choice for a help line: `` `a`, `b` or `c` ``.
pub fn any_of<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    joined(words, "or")
}

/// A list for a help line: `` `a`, `b` and `c` ``.
pub fn all_of<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    joined(words, "and")
}

fn joined<'c>(words: impl IntoIterator<Item = &'c str>, before_last: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {before_last} {last}", rest.join(", ")),
    }
}
