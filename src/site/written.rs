//! The author's own lines of a rule, comments included.
//!
//! A page shows the detection as it stands in the file. The typed rule has no comments and one
//! layout, and comments are where authors say why.

use crate::rule::Rule;
use crate::source::{Node, read_yaml};

/// A rule's document as text and as a tree.
pub(super) struct Written<'r> {
    text: &'r str,
    tree: Option<Node>,
}

impl<'r> Written<'r> {
    /// Finds the document of a rule in its file.
    pub(super) fn of(rule: &'r Rule) -> Self {
        let text = rule.source.text().get(rule.span.start..rule.span.end).unwrap_or_default();
        Self { text, tree: read_yaml(text).0.into_iter().next() }
    }

    /// The lines of those top-level sections that the rule has, in the order of the file.
    pub(super) fn sections(&self, keys: &[&str]) -> String {
        let entries = self.tree.as_ref().and_then(Node::as_mapping).map(|rule| &rule.entries);
        let wanted =
            entries.into_iter().flatten().filter(|entry| keys.contains(&entry.key.as_str()));
        let lines: Vec<&str> = wanted
            .filter_map(|entry| self.text.get(entry.key.span.start..entry.value.span.end))
            .collect();
        lines.join("\n")
    }

    /// The text of the scalar at a path of keys.
    pub(super) fn scalar(&self, path: &[&str]) -> Option<String> {
        self.node(path).and_then(scalar)
    }

    /// For each mapping of the list at a path: the text under a key.
    pub(super) fn column(&self, path: &[&str], key: &str) -> Vec<Option<String>> {
        let items = match self.node(path).map(|node| &node.kind) {
            Some(crate::source::Kind::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(|item| item.as_mapping()?.get(key).and_then(scalar)).collect()
    }

    fn node(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self.tree.as_ref()?, |node, key| node.as_mapping()?.get(key))
    }
}

fn scalar(node: &Node) -> Option<String> {
    node.as_scalar().map(|scalar| scalar.text.trim().to_owned())
}
