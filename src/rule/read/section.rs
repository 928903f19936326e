//! Typed reading of one mapping: every key asked for is a known key, everything else is not.

use std::cell::RefCell;

use indexmap::IndexSet;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::diagnostic::{Findings, all_of, any_of, closest};
use crate::rule::{Date, Duration, codes};
use crate::source::{Entry, Kind, Mapping, Node, Resolved, Span, Spanned, resolve, to_json};

/// One mapping of a rule, read key by key.
pub(in crate::rule) struct Section<'n> {
    /// How findings call it: `` `elastic` ``, `an entry of `tests``.
    name: String,
    mapping: &'n Mapping,
    /// Keys asked for so far, in order, some of them twice.
    known: RefCell<Vec<&'static str>>,
    /// The whole mapping.
    pub(in crate::rule) span: Span,
}

impl<'n> Section<'n> {
    /// The mapping behind a key; anything else is a finding.
    pub(in crate::rule) fn new(node: &'n Node, key: &str, findings: &mut Findings) -> Option<Self> {
        Self::named(node, format!("`{key}`"), findings)
    }

    /// The mapping of a node that findings call `name`; anything else is a finding.
    pub(in crate::rule) fn named(
        node: &'n Node,
        name: String,
        findings: &mut Findings,
    ) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(mapping) => {
                Some(Self { name, mapping, known: RefCell::default(), span: node.span })
            }
            _ => {
                let message = format!("{name} must be a mapping, not {}", node.noun());
                findings.add(&codes::WRONG_TYPE, node.span, message);
                None
            }
        }
    }

    /// The value of a key, if it is there.
    pub(in crate::rule) fn get(&self, key: &'static str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, if it is there.
    pub(in crate::rule) fn entry(&self, key: &'static str) -> Option<&'n Entry> {
        self.known.borrow_mut().push(key);
        self.mapping.entry(key)
    }

    /// Keys that nobody asked for.
    pub(in crate::rule) fn unknown(&self) -> impl Iterator<Item = &'n Entry> {
        let known = self.known.borrow().clone();
        self.mapping.entries.iter().filter(move |entry| !known.contains(&entry.key.as_str()))
    }

    /// Reports keys that nobody asked for.
    pub(in crate::rule) fn finish(self, findings: &mut Findings) {
        let mut known: Vec<&str> = Vec::new();
        for entry in self.unknown() {
            if known.is_empty() {
                known = self
                    .known
                    .borrow()
                    .iter()
                    .copied()
                    .collect::<IndexSet<_>>()
                    .into_iter()
                    .collect();
            }
            let key = &entry.key;
            let message = format!("{} has no key `{}`", self.name, key.value);
            let help = match closest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its keys are {}", all_of(known.iter().copied())),
            };
            findings.add(&codes::UNKNOWN_KEY, key.span, message).help(help);
        }
    }

    /// Reports a key that must be there and is not.
    pub(in crate::rule) fn require<T>(
        &self,
        key: &'static str,
        value: Option<T>,
        findings: &mut Findings,
    ) -> Option<T> {
        if self.mapping.get(key).is_none() {
            let message = format!("{} needs `{key}`", self.name);
            findings.add(&codes::MISSING_FIELD, self.span, message);
        }
        value
    }

    /// Reports a value of the wrong type. `what` has the type.
    fn wrong(&self, what: &str, wanted: &str, node: &Node, findings: &mut Findings) {
        let message = format!("{what} must be {wanted}, not {}", node.noun());
        let finding = findings.add(&codes::WRONG_TYPE, node.span, message);
        let help = match node.as_scalar().map(resolve) {
            Some(Resolved::Null) => "leave the key out if there is nothing to say",
            Some(Resolved::Text(_)) if wanted.starts_with("a list") => {
                "write a list, also of one member"
            }
            Some(Resolved::Text("yes" | "no" | "on" | "off")) => {
                "YAML 1.2 knows only `true` and `false`"
            }
            Some(Resolved::Bool(_) | Resolved::Integer(_) | Resolved::Float(_))
                if wanted == "text" =>
            {
                "put it in quotes"
            }
            _ => return,
        };
        finding.help(help);
    }

    /// A text; numbers and booleans are none.
    pub(in crate::rule) fn text(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<String>> {
        let node = self.get(key)?;
        match text_of(node) {
            Some(text) => Some(Spanned::new(text.to_owned(), node.span)),
            None => {
                self.wrong(&format!("`{key}`"), "text", node, findings);
                None
            }
        }
    }

    /// A mapping of anything, as JSON.
    pub(in crate::rule) fn object(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Map<String, Json>> {
        let node = self.get(key)?;
        match to_json(node) {
            Json::Object(object) => Some(object),
            _ => {
                self.wrong(&format!("`{key}`"), "a mapping", node, findings);
                None
            }
        }
    }

    /// A text without its place.
    pub(in crate::rule) fn string(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<String> {
        self.text(key, findings).map(|text| text.value)
    }

    /// A text that looks like a number to YAML, such as the version `8.2`.
    pub(in crate::rule) fn loose_text(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<String> {
        match self.get(key)?.as_scalar().map(|scalar| (resolve(scalar), &scalar.text)) {
            Some((Resolved::Integer(_) | Resolved::Float(_), text)) => Some(text.clone()),
            _ => self.string(key, findings),
        }
    }

    /// One or more texts with their places, as a list; a single text is a finding.
    pub(in crate::rule) fn texts(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Spanned<String>> {
        self.filled(key, findings);
        self.texts_or_none(key, findings)
    }

    /// One or more members of a list, of whatever type.
    pub(in crate::rule) fn list(&self, key: &'static str, findings: &mut Findings) -> &'n [Node] {
        self.filled(key, findings);
        self.items(key, "a list", findings)
    }

    /// A list of texts with their places, which may be empty, as Sigma has it.
    pub(in crate::rule) fn texts_or_none(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        for item in self.items(key, "a list of texts", findings) {
            match text_of(item) {
                Some(text) => texts.push(Spanned::new(text.to_owned(), item.span)),
                None => self.wrong(&format!("a member of `{key}`"), "text", item, findings),
            }
        }
        texts
    }

    /// A text, or one or more of them as a list.
    pub(in crate::rule) fn text_or_texts(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Spanned<String>> {
        match self.get(key) {
            Some(node) if text_of(node).is_some() => self.text(key, findings).into_iter().collect(),
            _ => self.texts(key, findings),
        }
    }

    /// One or more texts.
    pub(in crate::rule) fn strings(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<String> {
        self.texts(key, findings).into_iter().map(|text| text.value).collect()
    }

    /// Reports an empty list: nobody can say whether it means "none" or "not said".
    fn filled(&self, key: &'static str, findings: &mut Findings) {
        if let Some(node) = self.get(key)
            && matches!(&node.kind, Kind::Sequence(items) if items.is_empty())
        {
            findings
                .add(&codes::LENGTH, node.span, format!("the list `{key}` is empty"))
                .help("list at least one member, or leave the key out");
        }
    }

    /// The members of a list; anything else is a finding.
    fn items(&self, key: &'static str, wanted: &str, findings: &mut Findings) -> &'n [Node] {
        match self.get(key) {
            None => &[],
            Some(Node { kind: Kind::Sequence(items), .. }) => items,
            Some(node) => {
                self.wrong(&format!("`{key}`"), wanted, node, findings);
                &[]
            }
        }
    }

    /// `true` or `false`.
    pub(in crate::rule) fn boolean(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<bool> {
        let node = self.get(key)?;
        match node.as_scalar().map(resolve) {
            Some(Resolved::Bool(value)) => Some(value),
            _ => {
                self.wrong(&format!("`{key}`"), "`true` or `false`", node, findings);
                None
            }
        }
    }

    /// A whole number within bounds.
    pub(in crate::rule) fn integer(
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
                self.wrong(&format!("`{key}`"), "a whole number", node, findings);
                None
            }
        }
    }

    /// A text that `parse` turns into something; `wanted` says what it must look like.
    pub(in crate::rule) fn parsed<T>(
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
    pub(in crate::rule) fn uuid(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Uuid>> {
        self.parsed(key, &codes::BAD_ID, UUID_FORM, uuid, findings)
    }

    /// A date.
    pub(in crate::rule) fn date(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Date>> {
        self.parsed(key, &codes::BAD_DATE, "a date like 2026-11-21", Date::parse, findings)
    }

    /// A duration, which may be nothing.
    pub(in crate::rule) fn duration_or_zero(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Duration>> {
        let wanted = "a duration like 30s, 5m, 1h or 7d";
        self.parsed(key, &codes::BAD_DURATION, wanted, Duration::parse, findings)
    }

    /// A duration of at least a second.
    pub(in crate::rule) fn duration(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Duration>> {
        let duration = self.duration_or_zero(key, findings)?;
        if duration.seconds() == 0 {
            let message = format!("`{key}` must be longer than nothing");
            findings.add(&codes::RANGE, duration.span, message);
        }
        Some(duration)
    }

    /// One of a fixed set of words.
    pub(in crate::rule) fn word<T>(
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
        let message = format!("`{key}` cannot be `{}`", text.value);
        let help = match closest(&text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", any_of(words.iter().copied())),
        };
        findings.add(&codes::UNKNOWN_VALUE, text.span, message).help(help);
        None
    }

    /// The members of a list of at least one, each of which must be a mapping.
    pub(in crate::rule) fn sections(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Section<'n>> {
        self.filled(key, findings);
        self.sections_or_none(key, findings)
    }

    /// The members of a list, each of which must be a mapping.
    pub(in crate::rule) fn sections_or_none(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Section<'n>> {
        let items = self.items(key, "a list of mappings", findings);
        if items.is_empty() {
            return Vec::new();
        }
        let name = format!("an entry of `{key}`");
        items.iter().filter_map(|item| Section::named(item, name.clone(), findings)).collect()
    }

    /// Every entry, for mappings whose keys are names.
    pub(in crate::rule) fn entries(&self) -> &'n [Entry] {
        &self.mapping.entries
    }
}

/// What a UUID looks like, for messages.
pub(in crate::rule) const UUID_FORM: &str = "a UUID (8-4-4-4-12 hexadecimal digits)";

/// The text of a scalar that is text.
pub(in crate::rule) fn text_of(node: &Node) -> Option<&str> {
    match resolve(node.as_scalar()?) {
        Resolved::Text(text) => Some(text),
        _ => None,
    }
}

/// A UUID in its usual form with hyphens.
pub(in crate::rule) fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// Keys that nobody asked for, as JSON in file order.
pub(in crate::rule) fn rest(section: &Section<'_>) -> indexmap::IndexMap<String, Json> {
    section.unknown().map(|entry| (entry.key.value.clone(), to_json(&entry.value))).collect()
}
