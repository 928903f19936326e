//! Messages quote files, and files may hold anything: line ends, terminal escapes, megabytes.

use std::fmt::Write;

/// Most characters of one quotation that people are shown.
const MAX_QUOTED: usize = 80;

/// A message as one line that a terminal shows as it is: control characters and those that turn
/// the direction of writing are escaped, long quotations in backticks are cut.
pub(super) fn clean(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    // Every second piece stands between backticks.
    for (index, piece) in message.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        let quoted = index % 2 == 1;
        let mut chars = piece.chars();
        let shown = if quoted { MAX_QUOTED } else { usize::MAX };
        chars.by_ref().take(shown).for_each(|c| push(c, &mut out));
        if chars.next().is_some() {
            out.push('…');
        }
    }
    out
}

fn push(c: char, out: &mut String) {
    // UAX 9, table of explicit directional characters.
    let directional = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_control() || directional || matches!(c, '\u{2028}' | '\u{2029}') => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_message_is_one_plain_line() {
        assert_eq!(clean("`a\nb\u{1b}[31m` is no level"), r"`a\nb\u{1b}[31m` is no level");
        assert_eq!(clean("\u{202e}x"), r"\u{202e}x");
        let long = format!("`{}` is no level", "é".repeat(81));
        assert_eq!(clean(&long), format!("`{}…` is no level", "é".repeat(80)));
    }
}
