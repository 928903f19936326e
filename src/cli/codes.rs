//! Every code that a finding can have, and its page.
//!
//! The doc comment of a code is the one place where it is explained: `crosswalk explain CODE`
//! prints it, and `docs/checks` is made of it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::diagnostic::Code;

/// When a code is found.
const STAGES: [&str; 4] = ["reading a file", "checking rules", "building", "testing"];

/// Every code of every stage, by name.
pub fn codes() -> Vec<&'static Code> {
    let mut codes = crate::check::codes();
    codes.extend(building());
    codes.extend(crate::testing::codes::CODES);
    codes.sort_by_key(|code| code.name);
    codes
}

fn building() -> impl Iterator<Item = &'static Code> {
    let tables = [
        crate::target::codes::CODES,
        crate::config::CODES,
        crate::site::codes::CODES,
        crate::build::codes::CODES,
        crate::compliance::codes::CODES,
    ];
    tables.into_iter().flatten().copied()
}

fn stage(code: &Code) -> &'static str {
    let [reading, checking, building_, testing] = STAGES;
    if crate::check::checks().any(|check| check.code == code) {
        checking
    } else if building().any(|own| own == code) {
        building_
    } else if crate::testing::codes::CODES.contains(&code) {
        testing
    } else {
        reading
    }
}

/// The pages of all codes and their index: name of the file → Markdown.
pub fn pages() -> BTreeMap<String, String> {
    let codes = codes();
    let mut pages: BTreeMap<String, String> =
        codes.iter().map(|code| (format!("{}.md", code.name), page(code))).collect();
    pages.insert("README.md".to_owned(), index(&codes));
    pages
}

fn page(code: &Code) -> String {
    let text = code.markdown();
    let body = text.split_once('\n').map_or("", |(_, body)| body).trim();
    let mut page = format!("# {}\n\n{}.\n", code.name, capitalised(code.summary()));
    let fixed = if code.fixable { "`crosswalk check --fix` repairs it where it can. " } else { "" };
    let stage = stage(code);
    let _ = writeln!(page, "\n**{}**, found while {stage}. {fixed}", capitalised_severity(code));
    if !body.is_empty() {
        let _ = writeln!(page, "\n{}", spaced(body));
    }
    if crate::check::can_be_allowed(code) {
        let _ = writeln!(
            page,
            "\nTo allow it in one place, write `# crosswalk: allow {code} REASON` there; to switch \
             it off, see `[check]` in `crosswalk.toml`.",
        );
    }
    trimmed(&page)
}

fn index(codes: &[&Code]) -> String {
    let mut page = "# Findings\n\n\
        What Crosswalk can say about a rule, by code. `crosswalk explain CODE` prints the same \
        pages. They are made of the comments beside the code that finds them; after a change, run \
        `CROSSWALK_BLESS=1 cargo test --test check_pages`.\n"
        .to_owned();
    for wanted in STAGES {
        let _ = writeln!(page, "\n## While {wanted}\n\n| code | severity | fix | finding |");
        page.push_str("| --- | --- | --- | --- |\n");
        for code in codes.iter().filter(|code| stage(code) == wanted) {
            let fix = if code.fixable { "yes" } else { "" };
            let summary = code.summary().replace('|', "\\|");
            let _ =
                writeln!(page, "| [{code}]({code}.md) | {} | {fix} | {summary} |", code.severity);
        }
    }
    trimmed(&page)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

fn capitalised_severity(code: &Code) -> String {
    capitalised(&code.severity.to_string())
}

/// Blank lines round code blocks, which doc comments can do without and Markdown linters cannot.
fn spaced(body: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut closed = false;
    for line in body.lines() {
        let is_fence = line.starts_with("```");
        if (is_fence && !inside || closed) && !line.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
        closed = is_fence && inside;
        inside ^= is_fence;
        out.push_str(line);
        out.push('\n');
    }
    out.trim_end().to_owned()
}

/// A page without blanks at the ends of lines.
fn trimmed(page: &str) -> String {
    page.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
