//! Typed reading of one mapping: every key asked for is a known key, everything else is not.

use std::cell::RefCell;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::diagnostic::{Findings, any_of, closest};
use crate::rule::{Date, Duration, codes};
use crate::source::{Entry, Kind, Mapping, Node, Resolved, Span, Spanned, resolve, to_json};

/// One mapping of a rule, read key by key.
pub(super) struct Section<'n> {
    /// How findings call it.
    name: &'n str,
    mapping: &'n Mapping,
    /// Keys asked for so far.
    known: RefCell<Vec<&'static str>>,
    /// The whole mapping.
    pub(super) span: Span,
}

impl<'n> Section<'n> {
    /// The mapping of a node; anything else is a finding.
    pub(super) fn new(node: &'n Node, name: &'n str, findings: &mut Findings) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(mapping) => {
                Some(Self { name, mapping, known: RefCell::default(), span: node.span })
            }
            _ => {
                let message = format!("`{name}` must be a mapping, not {}", node.noun());
                findings.add(&codes::WRONG_TYPE, node.span, message);
                None
            }
        }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, if it is there.
    pub(super) fn entry(&self, key: &'static str) -> Option<&'n Entry> {
        self.known.borrow_mut().push(key);
        self.mapping.entry(key)
    }

    /// Keys that nobody asked for.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &'n Entry> {
        let known = self.known.borrow().clone();
        self.mapping.entries.iter().filter(move |entry| !known.contains(&entry.key.as_str()))
    }

    /// Reports keys that nobody asked for.
    pub(super) fn finish(self, findings: &mut Findings) {
        let known = self.known.borrow().clone();
        for entry in self.unknown() {
            let key = &entry.key;
            let message = format!("`{}` has no key `{}`", self.name, key.value);
            let help = match closest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "its keys are {}",
                    any_of(known.iter().copied()).replace(" or ", " and ")
                ),
            };
            findings.add(&codes::UNKNOWN_KEY, key.span, message).help(help);
        }
    }

    /// Reports a key that must be there and is not.
    pub(super) fn require<T>(
        &self,
        key: &'static str,
        value: Option<T>,
        findings: &mut Findings,
    ) -> Option<T> {
        if self.mapping.get(key).is_none() {
            let message = format!("`{}` needs `{key}`", self.name);
            findings.add(&codes::MISSING_FIELD, self.span, message);
        }
        value
    }

    /// Reports a key that must have given a value and did not, unless its own fault was reported.
    pub(super) fn require_value<T>(
        &self,
        key: &'static str,
        value: Option<T>,
        findings: &mut Findings,
    ) {
        if value.is_none() {
            self.require(key, value, findings);
        }
    }

    fn wrong(&self, key: &str, wanted: &str, node: &Node, findings: &mut Findings) {
        let message = format!("`{key}` must be {wanted}, not {}", node.noun());
        findings.add(&codes::WRONG_TYPE, node.span, message);
    }

    /// A text; numbers and booleans are none.
    pub(super) fn text(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<String>> {
        let node = self.get(key)?;
        match text_of(node) {
            Some(text) => Some(Spanned::new(text.to_owned(), node.span)),
            None => {
                self.wrong(key, "text", node, findings);
                None
            }
        }
    }

    /// A text without its place.
    pub(super) fn string(&self, key: &'static str, findings: &mut Findings) -> Option<String> {
        self.text(key, findings).map(|text| text.value)
    }

    /// A list of texts with their places; a single text is a finding.
    pub(super) fn texts(&self, key: &'static str, findings: &mut Findings) -> Vec<Spanned<String>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Kind::Sequence(items) = &node.kind else {
            self.wrong(key, "a list of texts", node, findings);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match text_of(item) {
                Some(text) => texts.push(Spanned::new(text.to_owned(), item.span)),
                None => self.wrong(key, "a list of texts", item, findings),
            }
        }
        texts
    }

    /// A list of texts.
    pub(super) fn strings(&self, key: &'static str, findings: &mut Findings) -> Vec<String> {
        self.texts(key, findings).into_iter().map(|text| text.value).collect()
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &'static str, findings: &mut Findings) -> Option<bool> {
        let node = self.get(key)?;
        match node.as_scalar().map(resolve) {
            Some(Resolved::Bool(value)) => Some(value),
            _ => {
                self.wrong(key, "`true` or `false`", node, findings);
                None
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn integer(
        &self,
        key: &'static str,
        range: std::ops::RangeInclusive<i64>,
        findings: &mut Findings,
    ) -> Option<Spanned<i64>> {
        let node = self.get(key)?;
        match node.as_scalar().map(resolve) {
            Some(Resolved::Integer(value)) if range.contains(&value) => {
                Some(Spanned::new(value, node.span))
            }
            Some(Resolved::Integer(value)) => {
                let message = format!(
                    "`{key}` must be from {} to {}, not {value}",
                    range.start(),
                    range.end()
                );
                findings.add(&codes::RANGE, node.span, message);
                None
            }
            _ => {
                self.wrong(key, "a whole number", node, findings);
                None
            }
        }
    }

    /// A text that `parse` turns into something; `wanted` says what it must look like.
    pub(super) fn parsed<T>(
        &self,
        key: &'static str,
        code: &'static crate::diagnostic::Code,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, findings)?;
        match parse(&text) {
            Some(value) => Some(Spanned::new(value, text.span)),
            None => {
                let message = format!("`{}` is not {wanted}", text.value);
                findings.add(code, text.span, message);
                None
            }
        }
    }

    /// A UUID.
    pub(super) fn uuid(&self, key: &'static str, findings: &mut Findings) -> Option<Spanned<Uuid>> {
        self.parsed(key, &codes::BAD_ID, "a UUID", uuid, findings)
    }

    /// A date.
    pub(super) fn date(&self, key: &'static str, findings: &mut Findings) -> Option<Spanned<Date>> {
        self.parsed(key, &codes::BAD_DATE, "a date like 2026-11-21", Date::parse, findings)
    }

    /// A duration.
    pub(super) fn duration(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Duration>> {
        let wanted = "a duration like 30s, 5m, 1h or 7d";
        self.parsed(key, &codes::BAD_DURATION, wanted, Duration::parse, findings)
    }

    /// One of a fixed set of words.
    pub(super) fn word<T>(
        &self,
        key: &'static str,
        words: &[&'static str],
        parse: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, findings)?;
        if let Some(value) = parse(&text) {
            return Some(Spanned::new(value, text.span));
        }
        let message = format!("`{}` is no {}", text.value, key.replace('_', " "));
        let help = match closest(&text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", any_of(words.iter().copied())),
        };
        findings.add(&codes::UNKNOWN_VALUE, text.span, message).help(help);
        None
    }

    /// The members of a list, each of which must be a mapping.
    pub(super) fn sections(&self, key: &'static str, findings: &mut Findings) -> Vec<Section<'n>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        match &node.kind {
            Kind::Sequence(items) => {
                items.iter().filter_map(|item| Section::new(item, key, findings)).collect()
            }
            _ => {
                self.wrong(key, "a list of mappings", node, findings);
                Vec::new()
            }
        }
    }

    /// Every entry, for mappings whose keys are names.
    pub(super) fn entries(&self) -> &'n [Entry] {
        &self.mapping.entries
    }
}

/// The text of a scalar that is text.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match resolve(node.as_scalar()?) {
        Resolved::Text(text) => Some(text),
        _ => None,
    }
}

/// A UUID in its usual form with hyphens.
pub(super) fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// Keys that nobody asked for, as JSON in file order.
pub(super) fn rest(section: &Section<'_>) -> indexmap::IndexMap<String, Json> {
    section.unknown().map(|entry| (entry.key.value.clone(), to_json(&entry.value))).collect()
}
