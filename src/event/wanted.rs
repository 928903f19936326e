//! The fields that rules look at, as a trie of the parts of their paths.
//!
//! `a.b.c` is found below nested keys and below keys with dots in them alike
//! (see [`FieldPath::any`]), so a key with dots goes down several edges at once.

use super::{FastMap, Scalar};
use crate::query::FieldPath;

/// A wanted field; its place in the list of all.
pub type Slot = u32;

/// A node of the trie.
pub(super) type NodeId = u32;

/// What is expected at a path of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An object, or nothing.
    Object,
    /// A text, or nothing.
    Text,
    /// Nothing, not even a null.
    Nothing,
}

/// The fields that are taken out of records.
#[derive(Debug)]
pub struct Wanted {
    nodes: Vec<Node>,
    paths: Vec<FieldPath>,
    /// Whether every scalar is wanted, wherever it stands.
    everything: bool,
}

#[derive(Debug, Default)]
pub(super) struct Node {
    children: FastMap<Box<str>, NodeId>,
    /// The field whose path ends here.
    pub(super) slot: Option<Slot>,
    /// What is expected here; whatever else stands here makes the record an odd one.
    shape: Option<Shape>,
}

impl Node {
    /// Whether the trie goes on below.
    pub(super) fn is_inner(&self) -> bool {
        !self.children.is_empty()
    }

    /// Whether a value is not what is expected here. A list never is.
    pub(super) fn is_odd(&self, value: Option<&Scalar<'_>>) -> bool {
        self.shape.is_some_and(|shape| match (shape, value) {
            (Shape::Nothing, _) => true,
            (_, Some(Scalar::Null)) => false,
            (Shape::Object, value) => value != Some(&Scalar::Composite),
            (Shape::Text, value) => !matches!(value, Some(Scalar::Text(_))),
        })
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], paths: Vec::new(), everything: false }
    }
}

impl Wanted {
    /// The root of the trie.
    pub(super) const ROOT: NodeId = 0;

    /// Wants a field, and says under which number it will be found.
    pub fn add(&mut self, path: &FieldPath) -> Slot {
        let at = self.end_of(path);
        let next = Slot::try_from(self.paths.len()).unwrap_or(Slot::MAX);
        let Some(node) = self.nodes.get_mut(at as usize) else { return next };
        *node.slot.get_or_insert_with(|| {
            self.paths.push(path.clone());
            next
        })
    }

    /// Expects a shape at a path, which objects and plain keys lead to.
    pub fn expect(&mut self, path: &FieldPath, shape: Shape) {
        let at = self.end_of(path);
        self.nodes.get_mut(at as usize).into_iter().for_each(|node| node.shape = Some(shape));
    }

    /// Wants every scalar.
    pub fn add_everything(&mut self) {
        self.everything = true;
    }

    /// Whether every scalar is wanted.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// The fields, in the order of their numbers.
    pub fn paths(&self) -> &[FieldPath] {
        &self.paths
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// Where a key leads from a node, and whether it should not lead there in one step: a key with
    /// dots does not go through places of an expected shape, nor to one.
    pub(super) fn step(&self, from: NodeId, key: &str) -> (Option<NodeId>, bool) {
        let Some(node) = self.node(from) else { return (None, false) };
        if !key.as_bytes().contains(&b'.') {
            return (node.children.get(key).copied(), false);
        }
        let mut parts = key.split('.');
        let child = |at, part| self.node(at)?.children.get(part).copied();
        let first = parts.next().and_then(|part| child(from, part));
        let is_odd = first.and_then(|at| self.node(at)).is_some_and(|node| node.shape.is_some());
        (first.and_then(|first| parts.try_fold(first, child)), is_odd)
    }

    fn end_of(&mut self, path: &FieldPath) -> NodeId {
        path.as_str().split('.').fold(Self::ROOT, |at, part| self.child_or_new(at, part))
    }

    fn child_or_new(&mut self, at: NodeId, part: &str) -> NodeId {
        if let Some(known) = self.node(at).and_then(|node| node.children.get(part)) {
            return *known;
        }
        let next = NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX);
        self.nodes.push(Node::default());
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.children.insert(part.into(), next);
        }
        next
    }
}
