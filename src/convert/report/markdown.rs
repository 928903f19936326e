//! A report for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Named, Reason, Report, Unreadable};

/// Most rules that are named for one reason.
const NAMED: usize = 3;

/// Most characters of a path.
const PATH: usize = 64;

/// Most characters of the words about one rule.
const WORDS: usize = 160;

impl Report {
    /// The report as Markdown: a table for what happened, by reason, and some rules for each.
    pub fn markdown(&self) -> String {
        let mut out = format!("# Conversion to {}\n\n", self.to);
        out.push_str("| rules | exact | lossy | refused |\n|---:|---:|---:|---:|\n");
        let Report { exact, lossy, refused, .. } = self;
        let _ = writeln!(out, "| {} | {exact} | {lossy} | {refused} |", self.total());
        let root = self.root.as_deref().unwrap_or_default();
        if !root.is_empty() && self.total() > 1 {
            let _ = writeln!(out, "\nFiles are below {}.", code(root));
        }
        self.unreadable(&mut out, root);
        section(&mut out, "Lossy, by reason", &self.losses, root);
        section(&mut out, "Refused, by reason", &self.refusals, root);
        section(&mut out, "Assumptions", &self.assumptions, root);
        out
    }

    fn unreadable(&self, out: &mut String, root: &str) {
        if self.unreadable.is_empty() {
            return;
        }
        let _ = write!(out, "\n## Not readable: {}\n\n", self.unreadable.len());
        for Unreadable { source, reason } in &self.unreadable {
            let file = source.strip_prefix(root).unwrap_or(source);
            let _ = writeln!(out, "- {}: {}", code(&in_short(file)), short(reason));
        }
    }
}

fn section(out: &mut String, title: &str, reasons: &BTreeMap<&'static str, Reason>, root: &str) {
    if reasons.is_empty() {
        return;
    }
    let mut rows: Vec<_> = reasons.iter().collect();
    rows.sort_by_key(|(name, reason)| (std::cmp::Reverse(reason.rules.len()), **name));
    let _ = write!(out, "\n## {title}\n\n| reason | rules | meaning |\n|---|---:|---|\n");
    for (name, reason) in &rows {
        let meaning = reason.meaning.replace('|', "\\|");
        let _ = writeln!(out, "| `{name}` | {} | {meaning} |", reason.rules.len());
    }
    for (name, reason) in rows {
        let _ = write!(out, "\n### `{name}`\n\n");
        for rule in reason.rules.iter().take(NAMED) {
            let _ = writeln!(out, "- {}", line(rule, root));
        }
        let more = reason.rules.len().saturating_sub(NAMED);
        if more > 0 {
            let _ = writeln!(out, "- … and {more} more");
        }
    }
}

/// A rule with its file below the common folder, and the reason.
fn line(rule: &Named, root: &str) -> String {
    let file = rule.source.strip_prefix(root).unwrap_or(&rule.source);
    format!("{} ({}): {}", plain(&rule.title), code(&in_short(file)), short(&rule.reason))
}

/// A path without its middle, where it is long.
fn in_short(path: &str) -> String {
    let chars: Vec<char> = path.chars().collect();
    if chars.len() <= PATH {
        return path.to_owned();
    }
    let half = PATH / 2;
    let (start, end) = (chars.iter().take(half), chars.iter().skip(chars.len() - half));
    start.chain(['…'].iter()).chain(end).collect()
}

/// Words that are Markdown already, cut where they get long; what they quote stays quoted.
fn short(words: &str) -> String {
    let words = words.replace(char::is_control, " ");
    let mut cut: String = words.chars().take(WORDS).collect();
    if cut.len() < words.len() {
        cut.push('…');
        if cut.matches('`').count() % 2 == 1 {
            cut.push('`');
        }
    }
    cut
}

/// A text of the user, with nothing that Markdown takes for markup.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text of the user as code.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_closes_what_it_cuts() {
        let long = format!("the field `{}` is long", "a".repeat(WORDS));
        assert!(short(&long).ends_with("a…`"));
        assert_eq!(short("the field `a` is short"), "the field `a` is short");
    }

    #[test]
    fn a_long_path_keeps_its_ends() {
        let path = in_short(&format!("folder/{}/rule.toml", "x".repeat(PATH)));
        assert!(path.starts_with("folder/x") && path.ends_with("x/rule.toml"), "{path}");
        assert_eq!(in_short("a/b"), "a/b");
    }

    #[test]
    fn a_title_is_no_markup() {
        assert_eq!(plain("<b>*a*\nb"), "\\<b\\>\\*a\\* b");
    }
}
