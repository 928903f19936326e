//! Case folding: one rule for the evaluator, the languages and the proofs.

/// Folds one character: lower case of its upper case where both are single characters, which
/// brings together what Unicode's simple case folding does (`K` KELVIN SIGN with `k`, long `ſ`
/// with `s`). Characters that change length (`ß`) stand for themselves.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).unwrap_or(upper)
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Whether two texts differ at most in case.
pub fn equal_folded(a: &str, b: &str) -> bool {
    a.chars().map(fold).eq(b.chars().map(fold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_variants_fold_together() {
        assert!(equal_folded("ÄRGER", "ärger"));
        assert!(equal_folded("\u{212a}elvin", "KELVIN"));
        assert!(equal_folded("Straße", "STRAßE"));
        assert!(!equal_folded("Straße", "STRASSE"));
    }
}
