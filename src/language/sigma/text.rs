//! Sigma's texts: wildcards and escapes.

use crate::query::{Part, Pattern};

/// Reads a text with Sigma's rules: `*` is any run, `?` any one character; a backslash makes a
/// following `*`, `?` or backslash literal and stands for itself before anything else, also at
/// the end (specification, "Escaping").
pub fn parse_text(text: &str) -> Pattern {
    let mut parts = Vec::new();
    // Each literal gets its room at once: up to the next wildcard, lest many take too much together.
    let room = |rest: &str| String::with_capacity(rest.find(['*', '?']).unwrap_or(rest.len()));
    let mut literal = room(text);
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '*', '?']) {
        let (plain, special) = rest.split_at(at);
        literal.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('\\') => {
                let escaped = chars.clone().next().filter(|next| matches!(next, '*' | '?' | '\\'));
                literal.push(escaped.unwrap_or('\\'));
                if escaped.is_some() {
                    chars.next();
                }
            }
            wildcard => {
                parts.push(Part::Literal(std::mem::replace(&mut literal, room(chars.as_str()))));
                parts.push(if wildcard == Some('*') { Part::Any } else { Part::One });
            }
        }
        rest = chars.as_str();
    }
    literal.push_str(rest);
    parts.push(Part::Literal(literal));
    parts.into()
}

/// Writes a pattern so that [`parse_text`] reads it back. Backslashes are doubled only where one
/// would escape its neighbour, as rule authors write paths: `C:\Windows` stays `C:\Windows`.
pub fn escape(pattern: &Pattern) -> String {
    let mut out = String::new();
    let parts = pattern.parts();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Any => out.push('*'),
            Part::One => out.push('?'),
            Part::Literal(text) => {
                let wildcard_follows = index + 1 < parts.len();
                escape_literal(text, wildcard_follows, &mut out);
            }
        }
    }
    out
}

fn escape_literal(text: &str, wildcard_follows: bool, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' | '?' => out.extend(['\\', c]),
            '\\' => {
                let ambiguous = match chars.peek() {
                    Some(next) => matches!(next, '*' | '?' | '\\'),
                    None => wildcard_follows,
                };
                out.push_str(if ambiguous { "\\\\" } else { "\\" });
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cases of the specification's table.
    #[test]
    fn backslashes_escape_only_wildcards_and_themselves() {
        let literal = |text: &str| Part::Literal(text.to_owned());
        for (text, expected) in [
            (r"C:\Windows", vec![literal(r"C:\Windows")]),
            (r"a\\b", vec![literal(r"a\b")]),
            (r"a\*b", vec![literal("a*b")]),
            (r"a\\*b", vec![literal(r"a\"), Part::Any, literal("b")]),
            (r"a\\\*b", vec![literal(r"a\*b")]),
            (r"\\\", vec![literal(r"\\")]),
            (r"\\\\", vec![literal(r"\\")]),
            (r"end\", vec![literal(r"end\")]),
            ("?*", vec![Part::One, Part::Any]),
        ] {
            assert_eq!(parse_text(text).parts(), expected, "{text}");
        }
    }

    #[test]
    fn many_wildcards_take_room_in_proportion() {
        let pattern = parse_text(&"a*".repeat(400_000));
        assert_eq!(pattern.parts().len(), 800_000);
    }

    #[test]
    fn paths_are_written_with_single_backslashes() {
        assert_eq!(escape(&parse_text(r"*\System32\cmd.exe")), r"*\System32\cmd.exe");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(parts in proptest::collection::vec(
            prop_oneof![Just(Part::Any), Just(Part::One), r"[\\*?ab]{1,4}".prop_map(Part::Literal)], 0..6)) {
            let pattern: Pattern = parts.into_iter().collect();
            prop_assert_eq!(parse_text(&escape(&pattern)), pattern);
        }
    }
}
