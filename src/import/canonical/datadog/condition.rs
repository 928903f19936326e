//! The conditions of Datadog's cases: `created > 0 || deleted > 0`.

/// One comparison of a query's count.
#[derive(Debug, PartialEq)]
pub(super) struct Term {
    /// The query.
    pub(super) query: String,
    /// How many matches at least.
    pub(super) at_least: u64,
}

/// A condition: alternatives of terms that must all hold. `None` for anything else, such as `THEN`.
pub(super) fn parse(condition: &str) -> Option<Vec<Vec<Term>>> {
    let alternatives = condition.split("||").map(|part| part.split("&&").map(term).collect());
    alternatives.collect()
}

fn term(text: &str) -> Option<Term> {
    let (query, rest) = text.trim().split_once('>')?;
    let (rest, extra) = rest.strip_prefix('=').map_or((rest, 1), |rest| (rest, 0));
    let number: u64 = rest.trim().parse().ok()?;
    let query = query.trim();
    let is_word =
        !query.is_empty() && query.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    is_word.then(|| Term { query: query.to_owned(), at_least: number + extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_alternatives_of_terms() {
        let term = |query: &str, at_least| Term { query: query.to_owned(), at_least };
        assert_eq!(parse("a > 0"), Some(vec![vec![term("a", 1)]]));
        assert_eq!(
            parse("a>=3 && b_c > 0 || d > 5"),
            Some(vec![vec![term("a", 3), term("b_c", 1)], vec![term("d", 6)]])
        );
        for other in ["", "a", "a > 0 THEN b > 0", "a > 0.995", "a + b > 0"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
