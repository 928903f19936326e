//! How one scalar is written: as plainly as every reader allows.
//!
//! Readers differ. YAML 1.1 (PyYAML, and with it much of the Sigma world) takes `Yes`, `0o17`,
//! `1_000` or `22:59` for other things than text, YAML 1.2 does not, and both have dialects. So
//! quotes go only where no reader could see anything but the same text, and nothing that stands
//! without quotes gets any.

use std::sync::LazyLock;

use regex::Regex;

use super::tree::{Leaf, Style};

/// Where a scalar stands; each place forbids other things without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On a line of a block.
    Block,
    /// Inside brackets.
    Flow,
}

/// The scalar on one line.
pub(super) fn inline(leaf: &Leaf<'_>, place: Place) -> String {
    match leaf.style {
        Style::Plain if !leaf.raw.contains('\n') => leaf.raw.to_owned(),
        _ if is_plain(&leaf.text, place) => leaf.text.clone(),
        _ => quoted(&leaf.text),
    }
}

/// Whether a text needs no quotes, for any reader.
fn is_plain(text: &str, place: Place) -> bool {
    // `-a` is a text and `- a` is a list; the other indicators are not worth the doubt.
    let start = text.strip_prefix('-').unwrap_or(text);
    let opened = match start.chars().next() {
        None => false,
        Some(first) => !first.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=~<".contains(first),
    };
    let broken = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let bracket = place == Place::Flow && text.contains([',', '[', ']', '{', '}', ':', '-']);
    opened
        && !broken
        && !bracket
        && text.trim() == text
        && text.chars().all(is_printable)
        && !text.starts_with("...")
        && !is_ambiguous(text)
}

/// Words that some reader takes for a boolean or for nothing (YAML 1.1 "bool" and "null" types),
/// in whatever case.
const WORDS: &[&str] = &["y", "n", "yes", "no", "true", "false", "on", "off", "null"];

/// Whether some reader takes a plain text for another type. Wider than the grammars of the
/// "int", "float" and "timestamp" types of YAML 1.1 and of the core schema of 1.2 together; an
/// address of IPv6 is so near to the base-60 numbers of 1.1 that it keeps its quotes.
pub(super) fn is_ambiguous(text: &str) -> bool {
    static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let number = r"(?xi)^[-+]?(
            0[box][0-9a-f_]+
            | ([0-9][0-9_,]*(:[0-9_]+)*(\.[0-9_.]*)?|\.[0-9_][0-9_.]*)(e[-+]?[0-9_]+)?
            | \.(inf|nan)
            | [0-9][0-9a-f]*(:[0-9a-f.]*)+
        )$";
        Regex::new(number).ok()
    });
    static TIME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t\s].*)?$").ok());
    let matches = |regex: &Option<Regex>| regex.as_ref().is_none_or(|regex| regex.is_match(text));
    matches!(text, "" | "~" | "=" | "<<")
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || matches(&NUMBER)
        || matches(&TIME)
}

/// Whether a character can stand in a file as it is, in the view of YAML 1.1 and 1.2. Tabs and the
/// line ends of 1.1 are left out: they can, and nobody sees them.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        && (c == ' ' || !c.is_whitespace())
}

/// Double quotes, unless the text would need escapes in them and none in single quotes.
fn quoted(text: &str) -> String {
    let printable = text.chars().all(is_printable);
    if printable && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, place: Place) -> String {
        let (style, text, span) = (Style::Double, text.to_owned(), Default::default());
        inline(&Leaf { style, text, raw: "\"", span }, place)
    }

    #[test]
    fn quotes_go_where_no_reader_needs_them() {
        for text in
            ["a", "a b", r"\cmd.exe", "-enc", "a'b", "é", "/0", "a:b", "0.0.0.0/0", "1.2.3-rc"]
        {
            assert_eq!(written(text, Place::Block), text);
        }
    }

    #[test]
    fn quotes_stay_where_some_reader_needs_them() {
        for text in [
            "",
            "Yes",
            "y",
            "nO",
            "null",
            "~",
            "4",
            "4.10",
            "1.2.3",
            "0x1f",
            "0o17",
            "010",
            "1_000",
            "22:59",
            "2001:db8::17",
            "1e3",
            ".inf",
            "-.INF",
            ".5",
            "+1",
            "2026-11-21",
            "2026-11-21 10:00",
            "a: b",
            "a #b",
            "a:",
            "*a",
            "- a",
            "--- a",
            "@a",
            "::/0",
            "=",
            "<<",
            " a",
            "a ",
            "\u{a0}a",
        ] {
            assert_eq!(
                written(text, Place::Block),
                format!("\"{}\"", text.replace('\u{a0}', "\\xa0"))
            );
        }
        assert_eq!(written("a,b", Place::Flow), "\"a,b\"");
    }

    #[test]
    fn single_quotes_spare_escapes() {
        assert_eq!(written(r"*\a", Place::Block), r"'*\a'");
        assert_eq!(written(r#"*\'""#, Place::Block), r#"'*\''"'"#);
        assert_eq!(written("*'", Place::Block), "\"*'\"");
        assert_eq!(written("*\\\n\u{7}", Place::Block), "\"*\\\\\\n\\x07\"");
    }
}
