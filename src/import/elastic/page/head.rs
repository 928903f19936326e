//! The head of a page: front matter, title and address.

use serde_json::{Map, Value as Json, json};

use super::lines::{Line, Lines};
use crate::diagnostic::Findings;
use crate::import::codes::IMPORT_FIELD;
use crate::rule::ElasticPage;
use crate::source::{Span, read_yaml, to_json};

/// What stands before and behind a page's slug in the address of the page that it replaced.
const MAPPED: (&str, &str) = ("https://www.elastic.co/guide/en/security/current/", ".html");

/// The word that slugs of package pages begin with.
const PACKAGE: &str = "prebuilt-rule-";

/// The members of the front matter, if there is any.
pub(super) fn front_matter(lines: &mut Lines<'_>, findings: &mut Findings) -> Map<String, Json> {
    let is_fence = |line: Line<'_>| line.text.trim_end() == "---";
    if !lines.skip_blanks().is_some_and(is_fence) {
        return Map::new();
    }
    lines.next();
    let start = lines.place();
    lines.until(is_fence);
    let span = Span::new(start, lines.place());
    lines.next();
    let source = std::sync::Arc::clone(findings.source());
    let text = source.text().get(span.start..span.end).unwrap_or_default();
    let (documents, errors) = read_yaml(text);
    match documents.first().map(to_json) {
        Some(Json::Object(members)) if errors.is_empty() => members,
        None if errors.is_empty() => Map::new(),
        _ => {
            findings.add(&IMPORT_FIELD, span, "the front matter is no mapping in YAML");
            Map::from_iter([("front_matter".to_owned(), json!(text))])
        }
    }
}

/// Takes the address out of the front matter if it is the one that the slug makes.
pub(super) fn drop_address(front_matter: &mut Map<String, Json>, slug: &str) {
    let derived = json!([format!("{}{slug}{}", MAPPED.0, MAPPED.1)]);
    if front_matter.get("mapped_pages") == Some(&derived) {
        front_matter.shift_remove("mapped_pages");
    }
}

/// Name and slug of a title.
pub(super) fn title(line: Line<'_>) -> Option<(&str, &str)> {
    line.text.strip_prefix("# ")?.trim_end().strip_suffix(']')?.rsplit_once(" [")
}

/// The package that a slug names. `Err` if the slug is not made of package and name.
pub(super) fn package(slug: &str, name: &str) -> Result<ElasticPage, ElasticPage> {
    let is_name = |slug: &str| letters(slug) == letters(name) || slug == "rule";
    if is_name(slug) {
        return Ok(ElasticPage::default());
    }
    let mut parts = slug.strip_prefix(PACKAGE).unwrap_or_default().splitn(4, '-');
    let numbers: Vec<&str> = parts.by_ref().take(3).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let has_package = numbers.len() == 3 && numbers.iter().all(is_number);
    let package = has_package.then(|| numbers.join("."));
    let page = ElasticPage { package, ..ElasticPage::default() };
    if has_package && parts.next().is_some_and(is_name) { Ok(page) } else { Err(page) }
}

/// What a slug keeps of a name, without its hyphens.
fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}
