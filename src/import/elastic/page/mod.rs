//! Elastic's page of a rule: the older ones in asciidoc ([`asciidoc()`]), and those in Markdown, in the form that `templates/elastic.md.jinja` writes: the
//! reader is the inverse of `site::elastic_page`.
//!
//! A page shows less than the rule has: neither its id nor its language, nor the parameters of
//! thresholds, new terms and machine learning. Guides and descriptions stay the Markdown that they
//! are on the page; names and lists lose the backslashes that the page put before markup.

mod asciidoc;
mod facts;
mod head;
mod lines;
mod markup;
mod sections;
mod text;
mod threat;

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::diagnostic::Findings;
use crate::import::codes::{IMPORT_FIELD, IMPORT_SYNTAX};
use crate::import::foreign::{Beside, Foreign, Platform};
use crate::rule::ElasticPage;
use crate::source::{SourceFile, Span};
pub(super) use asciidoc::{SIGNS as ASCIIDOC_SIGNS, asciidoc};
use lines::{Line, Lines};
use markup::Markup;
use text::plain;

/// Lines that every page has, also a later one that is not read.
pub(super) const SIGNS: &[&str] = &["\n**Rule type**: ", "\n**Searches indices from**: "];

/// The rule of a page: none if it is a page of another kind.
pub(in crate::import) fn page(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Foreign> {
    let text = source.text();
    let mut lines = Lines::new(text, 0);
    let mut other = head::front_matter(&mut lines, findings);
    let heading = lines.skip_blanks();
    let title = heading.and_then(|line| Some((line, head::title(line)?)));
    let Some((heading, (name, slug))) = title else {
        let message = "a page of Elastic's rule reference begins with `# name [address]`";
        let span = heading.map_or(Span::default(), Line::span);
        let finding = findings.add(&IMPORT_SYNTAX, span, message);
        finding.help("pages of today's rule reference are made of rule files: import those");
        return Vec::new();
    };
    lines.next();
    head::drop_address(&mut other, slug);
    let name = plain(name);
    let mut page = head::package(slug, &name).unwrap_or_else(|page| {
        other.insert("slug".to_owned(), Json::from(slug));
        page
    });
    let mut body = Map::from_iter([("name".to_owned(), Json::String(name))]);
    let description = joined(&lines.until(|line| facts::begins(Markup::Markdown, line)));
    body.insert("description".to_owned(), Json::String(description));
    let ends = |line: Line<'_>| line.text.starts_with("## ") || begins_threat(line);
    let mut unread = facts::read(Markup::Markdown, &mut lines, ends, &mut body, findings);
    let query_start = sections(source, &mut lines, &mut body, &mut page, &mut unread);
    let threats = threat::read(Markup::Markdown, &mut lines, findings);
    if !threats.is_empty() {
        body.insert("threat".to_owned(), Json::Array(threats));
    }
    unread.extend(rest(&mut lines, |_| false));
    keep_unread(&unread, &mut other, findings);
    let is_job = body.get("type").is_some_and(|kind| kind == "machine_learning");
    if !body.contains_key("query") && !is_job {
        findings.add(&IMPORT_FIELD, heading.span(), "this page has no section `Rule query`");
    }
    let span = Span::new(0, text.len());
    let beside = Beside { page, other, ..Beside::default() };
    vec![Foreign { platform: Platform::Elastic, body, beside, span, query_start }]
}

/// Reads the sections; where the query begins in the file.
fn sections<'t>(
    source: &'t SourceFile,
    lines: &mut Lines<'t>,
    body: &mut Map<String, Json>,
    page: &mut ElasticPage,
    unread: &mut Vec<Line<'t>>,
) -> Option<usize> {
    let text = source.text();
    let mut query_start = None;
    for section in sections::sections(text, lines.place(), |at| threat::stands(text, at)) {
        unread.extend(rest(lines, |line| line.start >= section.heading.start));
        *lines = Lines::new(text, section.heading.end);
        unread.extend(rest(lines, |line| line.start >= section.block.start));
        *lines = Lines::new(text, section.block.end);
        let anchor = match section.field {
            "note" => &mut page.guide_anchor,
            "setup" => &mut page.setup_anchor,
            _ => &mut page.query_anchor,
        };
        *anchor = section.number;
        let raw = text.get(section.text.clone()).unwrap_or_default();
        let from_first = raw.trim_start_matches(['\n', '\r']);
        let trimmed = from_first.trim_end_matches(['\n', '\r']);
        let value = trimmed.replace("\r\n", "\n");
        if section.field == "query" && value == trimmed {
            query_start = Some(section.text.start + raw.len() - from_first.len());
        }
        body.insert(section.field.to_owned(), Json::String(value));
    }
    unread.extend(rest(lines, begins_threat));
    query_start
}

fn begins_threat(line: Line<'_>) -> bool {
    threat::begins(Markup::Markdown, line)
}

/// The lines that say something, up to one that `ends`.
fn rest<'t>(lines: &mut Lines<'t>, ends: impl Fn(Line<'t>) -> bool) -> Vec<Line<'t>> {
    let read = lines.until(ends);
    read.into_iter().filter(|line| !line.is_blank()).collect()
}

/// Keeps lines that are no part of the form, with one finding for all of them.
fn keep_unread(unread: &[Line<'_>], other: &mut Map<String, Json>, findings: &mut Findings) {
    let [first, ..] = unread else { return };
    let message = format!("{} of this page are not of its form: kept as they are", {
        match unread.len() {
            1 => "1 line".to_owned(),
            lines => format!("{lines} lines"),
        }
    });
    findings.add(&IMPORT_FIELD, first.span(), message);
    let lines = unread.iter().map(|line| Json::from(line.text)).collect();
    other.insert("unread".to_owned(), lines);
}

/// Lines as one text without blank lines around it.
fn joined(lines: &[Line<'_>]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.text).collect();
    lines.join("\n").trim().to_owned()
}
