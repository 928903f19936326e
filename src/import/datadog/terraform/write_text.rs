//! Texts in HCL: quoted, or as a heredoc where that is easier to read.

use std::fmt::Write as _;

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    let mut rest = text.chars().peekable();
    let mut before = None;
    while let Some(letter) = rest.next() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            // `$${` stands for `${`; behind another `$` that would be read otherwise.
            '$' | '%' if rest.peek() == Some(&'{') && before != Some(letter) => {
                written.extend([letter, letter]);
            }
            // Writing to a string cannot fail.
            '$' | '%' if rest.peek() == Some(&'{') => {
                let _ = write!(written, "\\u{:04x}", u32::from(letter));
            }
            control if control.is_control() => {
                let _ = write!(written, "\\u{:04x}", u32::from(control));
            }
            letter => written.push(letter),
        }
        before = Some(letter);
    }
    written.push('"');
    written
}

/// A text of several lines as a heredoc; `None` if a heredoc could not hold it letter by letter.
/// A heredoc ends with a line break, which the function `chomp` takes away again.
pub(super) fn heredoc(text: &str) -> Option<String> {
    let odd = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    let unreadable = ["$${", "%%{"].iter().any(|mark| text.contains(mark));
    if !text.trim_end_matches('\n').contains('\n') || text.contains(odd) || unreadable {
        return None;
    }
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    let mut mark = "EOT".to_owned();
    while escaped.lines().any(|line| line.trim_start().starts_with(&mark)) {
        mark.push('_');
    }
    Some(match escaped.ends_with('\n') {
        true => format!("<<{mark}\n{escaped}{mark}"),
        false => format!("chomp(<<{mark}\n{escaped}\n{mark}\n  )"),
    })
}

/// A name that a resource can have: letters, digits and `_`, a letter first.
pub(super) fn identifier(name: &str) -> String {
    let letters = name.to_lowercase();
    let words = letters.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("_");
    match name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        true => name,
        false => format!("rule_{name}").trim_end_matches('_').to_owned(),
    }
}
