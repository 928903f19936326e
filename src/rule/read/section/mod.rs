//! Typed reading of one mapping: every key asked for is a known key, everything else is not.

mod lists;
mod scalars;

pub(in crate::rule) use scalars::{UUID_FORM, text_of, uuid};

use std::cell::RefCell;

use indexmap::IndexSet;
use serde_json::Value as Json;

use crate::diagnostic::{Findings, all_of, closest};
use crate::rule::codes;
use crate::source::{Entry, Kind, Mapping, Node, Resolved, Span, resolve, to_json};

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

    /// Every entry, for mappings whose keys are names.
    pub(in crate::rule) fn entries(&self) -> &'n [Entry] {
        &self.mapping.entries
    }
}

/// Keys that nobody asked for, as JSON in file order.
pub(in crate::rule) fn rest(section: &Section<'_>) -> indexmap::IndexMap<String, Json> {
    section.unknown().map(|entry| (entry.key.value.clone(), to_json(&entry.value))).collect()
}
