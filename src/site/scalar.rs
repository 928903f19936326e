//! Front matter as PyYAML's default `dump` writes it, for Datadog's pages are made with it.
//!
//! A text is bare unless YAML 1.1 would take it for something else: `2.2.1` is bare and `'4.10'`
//! is quoted, because as a number it would be 4.1. Lines break at the first space behind column
//! 80, and characters beyond ASCII are escaped. Measured against PyYAML 6.0.3; the types are those
//! of the YAML 1.1 type repository (yaml.org/type).

use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;

/// Column behind which PyYAML breaks lines.
const WIDTH: usize = 80;

/// Indentation of a continued line.
const INDENT: &str = "\n  ";

/// Texts that YAML 1.1 reads as another type: boolean, null, merge, default, integer (with base 60),
/// float (with base 60), timestamp. Exponents need a sign and a point, by the letter of YAML 1.1.
static TYPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let types = [
        "(?:y|Y)es|YES|(?:n|N)o|NO|(?:t|T)rue|TRUE|(?:f|F)alse|FALSE|(?:o|O)n|ON|(?:o|O)ff|OFF",
        "~|(?:n|N)ull|NULL|<<|=|",
        "[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)",
        r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?",
        r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        concat!(
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}",
            r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
        ),
    ];
    // INVARIANT: the pattern is constant, and a test uses it.
    Regex::new(&format!("^(?:{})$", types.join("|"))).ok()
});

/// A text as a YAML scalar that starts at `column` of its line.
pub(super) fn scalar(text: &str, column: usize) -> String {
    written(text, column, WIDTH)
}

/// A text as the key of a mapping, which has to stay on one line.
pub(super) fn key(text: &str) -> String {
    written(text, 0, usize::MAX)
}

fn written(text: &str, column: usize, width: usize) -> String {
    if text.chars().any(|c| !matches!(c, ' '..='~')) {
        double_quoted(text, column, width)
    } else if is_bare(text) {
        folded(text, column, width, false)
    } else {
        format!("'{}'", folded(&text.replace('\'', "''"), column + 1, width, true))
    }
}

/// Whether a printable ASCII text needs no quotes as a value of a block mapping or sequence.
fn is_bare(text: &str) -> bool {
    let typed = TYPED.as_ref().is_none_or(|typed| typed.is_match(text));
    let blank_ends = text.starts_with(' ') || text.ends_with(' ');
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let second_is_blank = chars.next().is_none_or(|c| c == ' ');
    let starts_other = "#,[]{}&*!|>'\"%@`".contains(first)
        || ("?:-".contains(first) && second_is_blank)
        || text.starts_with("---")
        || text.starts_with("...");
    let inside = text.contains(": ") || text.ends_with(':') || text.contains(" #");
    !(typed || blank_ends || starts_other || inside)
}

/// Breaks at single spaces behind the width. Inside quotes a space at either end stays.
fn folded(text: &str, mut column: usize, width: usize, quoted: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let is_single = bytes.get(at + 1) != Some(&b' ')
            && at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b' ');
        let at_end = at == 0 || at + 1 == text.len();
        if c == ' ' && is_single && column > width && !(quoted && at_end) {
            out.push_str(INDENT);
            column = 2;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

/// With every character beyond printable ASCII escaped, and lines continued by a backslash. PyYAML
/// breaks before a space, and on either side of the place behind an escape.
fn double_quoted(text: &str, column: usize, width: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::from("\"");
    let mut column = column + 1;
    let mut behind_escape = false;
    for (at, &c) in chars.iter().enumerate() {
        let written = escape(c);
        let is_escape = written.len() > 1;
        let is_inner = at > 0 && at + 1 < chars.len();
        let next = chars.get(at + 1).copied().unwrap_or_default();
        if is_escape {
            out.push_str(&written);
            column += written.len();
            if is_inner && column - 1 > width {
                column = break_line(&mut out, next);
            }
        } else {
            if is_inner && (c == ' ' || behind_escape) && column > width {
                column = break_line(&mut out, c);
            }
            out.push(c);
            column += 1;
        }
        behind_escape = is_escape;
    }
    out.push('"');
    out
}

/// Continues on the next line and gives its column. A space there needs a backslash to count.
fn break_line(out: &mut String, next: char) -> usize {
    out.push('\\');
    out.push_str(INDENT);
    if next == ' ' {
        out.push('\\');
        return 3;
    }
    2
}

/// A character as it stands in double quotes.
fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        ' '..='~' => return c.to_string(),
        _ => {
            let mut out = String::new();
            let code = u32::from(c);
            // Writing to a string cannot fail.
            let _ = match code {
                0..=0xff => write!(out, "\\x{code:02X}"),
                0x100..=0xffff => write!(out, "\\u{code:04X}"),
                _ => write!(out, "\\U{code:08X}"),
            };
            return out;
        }
    };
    format!("\\{short}")
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn quotes_are_those_of_pyyaml() {
        let same = "2.2.1 cis-1.1 aws a,b a] -a :a ?a it's 0o17 1e3 6b8-6d0-cae 1.2.3.4 08 yEs";
        for bare in same.split(' ') {
            assert_eq!(scalar(bare, 7), bare);
        }
        let typed =
            "4.10 4.1 10 yes No on ~ null 1:30 1_000 0x1f .5 5. 1.0e+3 .inf = << 2021-01-01 010";
        let marks = "[x {x *a &a !a %a @a `a --- x: ? -";
        for quoted in
            typed.split(' ').chain(marks.split(' ')).chain(["", "a: b", "x #y", " a", "a "])
        {
            assert_eq!(scalar(quoted, 7), format!("'{quoted}'"));
        }
        assert_eq!(scalar("'q'", 7), "'''q'''");
        assert_eq!(scalar("é\t\"😀", 7), r#""\xE9\t\"\U0001F600""#);
    }

    #[test]
    fn long_lines_break_where_pyyaml_breaks_them() {
        let twelve = |times| vec!["twelve chars"; times].join(" ");
        let (words, six, three) = (twelve(9), twelve(6), twelve(3));
        assert_eq!(scalar(&words, 7), format!("{six}\n  {three}"));
        let four = twelve(4).replacen("twelve ", "", 1);
        let five = format!("{} twelve", twelve(5));
        assert_eq!(scalar(&format!("x: {words}"), 7), format!("'x: {five}\n  {four}'"));
        let beyond_ascii = format!("\"{six}\\\n  \\ {three} \\xE9 b\"");
        assert_eq!(scalar(&format!("{words} é b"), 7), beyond_ascii);
    }
}
