//! From what a page shows to the text that it was made from.

use percent_encoding::percent_decode_str;

/// Text without the backslashes that kept Markdown from reading it as markup.
pub(super) fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.peek().copied().filter(|next| c == '\\' && next.is_ascii_punctuation());
        out.push(escaped.unwrap_or(c));
        if escaped.is_some() {
            chars.next();
        }
    }
    out
}

/// A link's address, and where the link leads if that is somewhere else.
///
/// Pages show an address as its own label. Their migration changed some targets (`.html` became
/// `.md`) and no label, so the label counts where it is an address. Text that is no link is an
/// address that was not safe to link.
pub(super) fn address(markdown: &str) -> (String, Option<String>) {
    let parts = markdown.strip_prefix('[').and_then(|rest| rest.strip_suffix(')'));
    let Some((label, target)) = parts.and_then(split) else { return (plain(markdown), None) };
    let label = plain(label);
    if decoded(&label) == decoded(target) {
        return (label, None);
    }
    let is_address = label.contains("://") || label.starts_with('/');
    if is_address { (label, Some(target.to_owned())) } else { (target.to_owned(), Some(label)) }
}

/// Label and target of a link: the label ends at the first bracket without a backslash.
fn split(link: &str) -> Option<(&str, &str)> {
    let ends = |at: &usize| {
        let before = link.get(..*at).unwrap_or_default();
        (before.len() - before.trim_end_matches('\\').len()) % 2 == 0
    };
    let at = link.match_indices("](").map(|(at, _)| at).find(ends)?;
    Some((link.get(..at)?, link.get(at + 2..)?))
}

/// An address without the encodings that links need, for comparison.
fn decoded(url: &str) -> String {
    percent_decode_str(&url.replace("&amp;", "&")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_out() {
        for (markdown, expected) in [
            ("filebeat-*", "filebeat-*"),
            ("apm-\\*-transaction\\*", "apm-*-transaction*"),
            ("\\- b", "- b"),
            ("C:\\Windows\\\\", "C:\\Windows\\"),
            ("\\&copy;", "&copy;"),
            ("\\", "\\"),
        ] {
            assert_eq!(plain(markdown), expected);
        }
    }

    #[test]
    fn a_label_that_is_an_address_counts() {
        for (link, url, elsewhere) in [
            ("[https://a.example](https://a.example)", "https://a.example", None),
            ("[https://a.example/b.html](c.md)", "https://a.example/b.html", Some("c.md")),
            ("[https://a.example/(b](https://a.example/%28b)", "https://a.example/(b", None),
            (
                "[https://a.example/\\[b\\](c](https://a.example/%5Bb%5D%28c)",
                "https://a.example/[b](c",
                None,
            ),
            ("[?a=1\\&copy;=2](?a=1&amp;copy;=2)", "?a=1&copy;=2", None),
            ("[x y](x%20y)", "x y", None),
            ("[Manual](https://a.example)", "https://a.example", Some("Manual")),
            ("javascript:alert(1)", "javascript:alert(1)", None),
        ] {
            assert_eq!(address(link), (url.to_owned(), elsewhere.map(str::to_owned)), "{link}");
        }
    }
}
