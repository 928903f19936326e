//! Identity and prose (Sigma rules specification 2.1, "Rule fields").

use super::section::{Section, UUID_FORM, text_of, uuid};
use super::tags;
use crate::diagnostic::Findings;
use crate::rule::{Header, Level, Related, Status, codes};
use crate::source::Spanned;

const MAX_TITLE: usize = 256;
const MAX_DESCRIPTION: usize = 65_535;
const RELATIONS: &[&str] = &["derived", "obsolete", "merged", "renamed", "similar"];

pub(super) fn read(section: &Section<'_>, findings: &mut Findings) -> Header {
    let title = section.text("title", findings);
    let title = section.require("title", title, findings);
    bounded(title.as_ref(), "title", MAX_TITLE, findings);
    let description = section.text("description", findings);
    bounded(description.as_ref(), "description", MAX_DESCRIPTION, findings);
    Header {
        title_span: title.as_ref().map_or(section.span, |title| title.span),
        title: title.map(|title| title.value).unwrap_or_default(),
        id: section.uuid("id", findings),
        name: section.text("name", findings),
        related: related(section, findings),
        taxonomy: section.string("taxonomy", findings),
        status: section.word("status", Status::WORDS, Status::from_word, findings),
        description,
        license: section.string("license", findings),
        author: section.string("author", findings),
        references: section.texts_or_none("references", findings),
        date: section.date("date", findings),
        modified: section.date("modified", findings),
        tags: tags::read(section, findings),
        fields: values(section.texts_or_none("fields", findings)),
        falsepositives: falsepositives(section, findings),
        scope: values(section.texts_or_none("scope", findings)),
        level: section.word("level", Level::WORDS, Level::from_word, findings),
    }
}

fn values(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// A list in rules; in correlations the specification's schema also has a single text.
fn falsepositives(section: &Section<'_>, findings: &mut Findings) -> Vec<String> {
    let key = "falsepositives";
    match section.get(key).and_then(text_of) {
        Some(text) => vec![text.to_owned()],
        None => values(section.texts_or_none(key, findings)),
    }
}

fn bounded(text: Option<&Spanned<String>>, key: &str, most: usize, findings: &mut Findings) {
    let Some(text) = text else { return };
    let length = text.chars().count();
    if text.trim().is_empty() {
        findings.add(&codes::LENGTH, text.span, format!("the {key} is empty"));
    } else if length > most {
        let message = format!("the {key} has {length} characters; Sigma allows {most}");
        findings.add(&codes::LENGTH, text.span, message);
    }
}

fn related(section: &Section<'_>, findings: &mut Findings) -> Vec<Related> {
    let entries = section.sections_or_none("related", findings);
    entries
        .into_iter()
        .filter_map(|entry| {
            let id = entry.parsed("id", &codes::BAD_ID, UUID_FORM, uuid, findings);
            let id = entry.require("id", id, findings);
            let known = |word: &str| RELATIONS.iter().find(|own| **own == word).copied();
            let kind = entry.word("type", RELATIONS, known, findings);
            let kind = entry.require("type", kind, findings);
            entry.finish(findings);
            Some(Related { id: id?, kind: kind?.value.to_owned() })
        })
        .collect()
}
