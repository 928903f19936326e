//! Lists, of texts, of mappings, of anything.

use super::{Section, text_of};
use crate::diagnostic::Findings;
use crate::rule::codes;
use crate::source::{Kind, Node, Spanned};

impl<'n> Section<'n> {
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
}
