//! Which characters may stand where, and how text is written so that it is read back.
//!
//! The docs ask for a backslash before `+ - = && || > < ! ( ) { } [ ] ^ " “ ” ~ * ? : \ #` and
//! blanks. The open parser, the docs' own examples (`/api-v1/*`, `flask-web-app`) and Datadog's own
//! rules (`amazon-security-lake`) need none before `-`, `+` and `=` inside a term. So those are read
//! plainly, `-` is written plainly, and everything else outside a short list of safe characters is
//! escaped or quoted.

use crate::query::{Part, Pattern};

/// The words that are operators. The open parser takes them for operators even at the start of a
/// longer word (`NOTICE` is read as `NOT ICE`), so such words are never written plainly.
pub(super) const KEYWORDS: [&str; 3] = ["AND", "OR", "NOT"];

/// Whether a character separates terms.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Whether an unescaped character cannot stand inside a term.
pub(super) fn ends_term(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '“' | '”' | '(' | ')' | '[' | ']' | '{' | '}' | '!' | ':' | '~' | '^' | '>' | '<'
        )
}

/// Whether an unescaped character cannot start a value, though it may stand inside one.
pub(super) fn cannot_start(c: char) -> bool {
    ends_term(c) || matches!(c, '+' | '-' | '=' | '#')
}

/// Whether a character is written plainly.
fn is_plain(c: char, first: bool) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '/') || (c == '-' && !first)
}

/// Writes a value or free text: plainly, in quotes, or with escapes between wildcards.
pub(super) fn write_text(out: &mut String, text: &Pattern) {
    match text.as_literal() {
        Some(literal) if !is_plain_word(literal) => write_quoted(out, literal),
        _ => write_pattern(out, text),
    }
}

/// Writes the name of a field, without its `@` or `#`.
pub(super) fn write_name(out: &mut String, name: &str) {
    write_pattern(out, &Pattern::literal(name));
}

fn is_plain_word(text: &str) -> bool {
    !text.is_empty()
        && text.chars().enumerate().all(|(index, c)| is_plain(c, index == 0))
        && !starts_like_keyword(text)
}

fn starts_like_keyword(text: &str) -> bool {
    KEYWORDS.iter().any(|keyword| text.starts_with(keyword))
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

fn write_pattern(out: &mut String, pattern: &Pattern) {
    let mut first = true;
    for part in pattern.parts() {
        match part {
            Part::Any => out.push('*'),
            Part::One => out.push('?'),
            Part::Literal(text) => {
                let keyword = first && starts_like_keyword(text);
                for (index, c) in text.chars().enumerate() {
                    let starts = first && index == 0;
                    if !is_plain(c, starts) || (starts && keyword) {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
        }
        first = false;
    }
}
