//! Elastic's pages in asciidoc: those of the rule packages up to 2025, and the older ones of the
//! rule reference, which have a history of versions and show intervals in words.
//!
//! Source: the pages themselves (`elastic/security-docs`, 27 of both kinds).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::lines::{Line, Lines};
use super::markup::Markup;
use super::{facts, head, joined, keep_unread, threat};
use crate::diagnostic::{Findings, Severity};
use crate::import::codes::{IMPORT_FIELD, IMPORT_SYNTAX};
use crate::import::foreign::{Beside, Foreign, Platform};
use crate::source::{SourceFile, Span};

/// Lines that every page has.
pub(in crate::import::elastic) const SIGNS: &[&str] =
    &["\n*Rule type*: ", "\n*Searches indices from*: "];

/// What begins a section.
const HEADING: &str = "==== ";

/// What a section is read into.
#[derive(Clone, Copy)]
enum Kind {
    /// A text of the body.
    Text(&'static str),
    /// A list of texts of the body, of which the page shows one.
    Texts(&'static str),
    /// A text beside the body.
    Beside(&'static str),
    /// The list of tactics and techniques.
    Threat,
}

const SECTIONS: &[(&str, Kind)] = &[
    ("Potential false positives", Kind::Texts("false_positives")),
    ("Investigation guide", Kind::Text("note")),
    ("Setup", Kind::Text("setup")),
    ("Rule query", Kind::Text("query")),
    ("Threat mapping", Kind::Threat),
    ("Rule version history", Kind::Beside("version_history")),
];

/// Facts that no field of a rule holds.
const BESIDE: &[(&str, &str)] = &[
    ("*Added ({stack} release)*: ", "added_in_stack"),
    ("*Last modified ({stack} release)*: ", "modified_in_stack"),
];

/// The rule of a page.
pub(in crate::import) fn asciidoc(
    source: &Arc<SourceFile>,
    findings: &mut Findings,
) -> Vec<Foreign> {
    let mut lines = Lines::new(source.text(), 0);
    let anchor = lines.skip_blanks().and_then(|line| {
        lines.next();
        line.text.trim_end().strip_prefix("[[")?.strip_suffix("]]")
    });
    let heading = lines.next();
    let title = heading.and_then(|line| line.text.strip_prefix("=== "));
    let (Some(slug), Some(name)) = (anchor, title) else {
        let message = "a page in asciidoc begins with `[[address]]` and `=== name`";
        findings.add(&IMPORT_SYNTAX, Span::default(), message);
        return Vec::new();
    };
    let name = name.trim();
    let mut other = Map::new();
    let page = head::package(slug, name).unwrap_or_else(|page| {
        other.insert("slug".to_owned(), Json::from(slug));
        page
    });
    let mut body = Map::from_iter([("name".to_owned(), Json::from(name))]);
    let description = joined(&lines.until(|line| facts::begins(Markup::Asciidoc, line)));
    body.insert("description".to_owned(), Json::String(description));
    let unread = facts::read(Markup::Asciidoc, &mut lines, ends, &mut body, findings);
    let mut reader = Reader { lines, body, other, unread: Vec::new(), query_start: None, findings };
    unread.into_iter().for_each(|line| reader.beside(line));
    reader.sections(slug);
    let Reader { body, mut other, unread, query_start, findings, .. } = reader;
    keep_unread(&unread, &mut other, findings);
    let span = Span::new(0, source.text().len());
    let beside = Beside { page, other, ..Beside::default() };
    vec![Foreign { platform: Platform::Elastic, body, beside, span, query_start }]
}

/// Whether a line ends what stands before it.
fn ends(line: Line<'_>) -> bool {
    line.text.starts_with(HEADING) || is_anchor(line) || threat::begins(Markup::Asciidoc, line)
}

fn is_anchor(line: Line<'_>) -> bool {
    line.text.starts_with("[[") && line.text.trim_end().ends_with("]]")
}

struct Reader<'t, 'f> {
    lines: Lines<'t>,
    body: Map<String, Json>,
    other: Map<String, Json>,
    unread: Vec<Line<'t>>,
    query_start: Option<usize>,
    findings: &'f mut Findings,
}

impl<'t> Reader<'t, '_> {
    /// A line among the facts that is none of them.
    fn beside(&mut self, line: Line<'t>) {
        let known = BESIDE.iter().find_map(|(label, name)| Some((name, line.behind(label)?)));
        match known {
            Some((name, value)) => {
                self.other.insert((*name).to_owned(), json!(value.text.trim()));
            }
            None => self.unread.push(line),
        }
    }

    fn sections(&mut self, slug: &str) {
        while let Some(line) = self.lines.skip_blanks() {
            if threat::begins(Markup::Asciidoc, line) {
                self.threat();
                continue;
            }
            self.lines.next();
            let title = line.text.strip_prefix(HEADING).map(str::trim);
            let kind = title.and_then(|title| SECTIONS.iter().find(|(known, _)| *known == title));
            match kind {
                Some((_, kind)) => self.section(line, *kind),
                None if line.text.trim_end() == format!("[[{slug}-history]]") => {}
                None => self.unread.push(line),
            }
        }
    }

    fn section(&mut self, heading: Line<'t>, kind: Kind) {
        let (name, is_beside, is_list) = match kind {
            // What follows begins with a line of its own.
            Kind::Threat => return,
            Kind::Text(name) => (name, false, false),
            Kind::Texts(name) => (name, false, true),
            Kind::Beside(name) => (name, true, false),
        };
        let (text, lines) = self.text();
        if name == "query" {
            self.query(&text, &lines);
        } else if matches!(name, "note" | "setup") && lines.is_empty() && !text.is_empty() {
            let message = "this section is written in asciidoc and stays so";
            self.findings.add(&IMPORT_FIELD, heading.span(), message).severity = Severity::Note;
        }
        let value = if is_list { json!([text]) } else { Json::String(text) };
        let fields = if is_beside { &mut self.other } else { &mut self.body };
        fields.insert(name.to_owned(), value);
    }

    /// The text of a section, and its lines if it stands in a block of code.
    fn text(&mut self) -> (String, Vec<Line<'t>>) {
        let is_code = |line: Line<'_>| line.text.starts_with("[source");
        if !self.lines.skip_blanks().is_some_and(is_code) {
            return (joined(&self.lines.until(ends)), Vec::new());
        }
        self.lines.next();
        let Some(fence) = self.lines.next() else { return Default::default() };
        let lines = self.lines.until(|line| line.text == fence.text);
        self.lines.next();
        let text: Vec<&str> = lines.iter().map(|line| line.text).collect();
        (text.join("\n").trim_matches('\n').to_owned(), lines)
    }

    /// Notes where a query stands, and whether it may be torn: the older pages were wrapped by a
    /// program that broke lines behind hyphens, within names too.
    fn query(&mut self, text: &str, lines: &[Line<'t>]) {
        let first = lines.iter().find(|line| !line.text.is_empty());
        let file = self.findings.source().text();
        let is_there =
            |first: &&Line<'_>| file.get(first.start..).is_some_and(|at| at.starts_with(text));
        self.query_start = first.filter(is_there).map(|first| first.start);
        let is_old = self.other.contains_key(BESIDE[0].1);
        let last = lines.iter().rposition(|line| !line.text.is_empty()).unwrap_or_default();
        let torn = lines.iter().take(last).find(|line| line.text.ends_with('-'));
        if let Some(line) = torn.filter(|_| is_old) {
            let message = "this line ends within a name: the page was wrapped behind hyphens";
            let finding = self.findings.add(&IMPORT_FIELD, line.span(), message);
            finding.help("join the name again, or import the rule from a newer document");
        }
    }

    fn threat(&mut self) {
        let threats = threat::read(Markup::Asciidoc, &mut self.lines, self.findings);
        let known = self.body.entry("threat").or_insert_with(|| json!([]));
        if let Some(known) = known.as_array_mut() {
            known.extend(threats);
        }
    }
}
