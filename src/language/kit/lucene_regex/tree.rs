//! What both dialects can say.

use super::set::{Set, variants};

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A character, in any case if `fold`.
    Char {
        /// The character.
        c: char,
        /// Whether its other case is meant too.
        fold: bool,
    },
    /// Any character, line feeds included.
    Any,
    /// One of some characters.
    Class(Set),
    /// One after another; of nothing, the empty text.
    Concat(Vec<Node>),
    /// One of two or more.
    Alt(Vec<Node>),
    /// As often as this.
    Repeat {
        /// What.
        node: Box<Node>,
        /// At least.
        min: u32,
        /// At most.
        max: Option<u32>,
    },
    /// Between a word character and another or an end of the text.
    Boundary {
        /// Whether the opposite is meant: inside or outside of a word.
        inside: bool,
    },
    /// The start of the text, or of a line.
    Start {
        /// Whether of a line.
        line: bool,
    },
    /// The end of the text, or of a line.
    End {
        /// Whether of a line.
        line: bool,
    },
}

impl Node {
    /// Some nodes one after another.
    pub(super) fn concat(members: impl IntoIterator<Item = Node>) -> Self {
        let mut flat: Vec<Node> = Vec::new();
        for member in members {
            match member {
                Node::Concat(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        // `.*.*` is `.*`.
        flat.dedup_by(|one, other| one.is_any_run() && other.is_any_run());
        match flat.len() {
            1 => flat.swap_remove(0),
            _ => Node::Concat(flat),
        }
    }

    /// A class, in its simplest form.
    pub(super) fn class(set: Set) -> Self {
        match set.ranges() {
            [(from, to)] if from == to => Node::Char { c: *from, fold: false },
            _ if set.is_full() => Node::Any,
            _ => Node::Class(set),
        }
    }

    /// `.*`
    pub(super) fn any_run() -> Self {
        Node::Any.repeated(0, None)
    }

    /// Whether it is `.*`.
    pub(super) fn is_any_run(&self) -> bool {
        matches!(self, Node::Repeat { node, min: 0, max: None } if **node == Node::Any)
    }

    /// The node as often as this.
    pub(super) fn repeated(self, min: u32, max: Option<u32>) -> Self {
        Node::Repeat { node: Box::new(self), min, max }
    }

    /// Whether the whole can be compared in any case: every letter is meant so, and there is one.
    pub(super) fn is_insensitive(&self) -> bool {
        let (mut folds, mut exact) = (false, false);
        self.visit(&mut |node| match node {
            // Lucene folds ASCII letters only, so others are spelt out.
            Node::Char { c, fold } if c.is_ascii_alphabetic() => {
                folds |= *fold;
                exact |= !*fold;
            }
            Node::Char { c, fold: true } => exact |= !c.is_ascii() && variants(*c).len() > 1,
            Node::Class(set) => exact |= set.folded() != *set,
            _ => {}
        });
        folds && !exact
    }

    /// Whether every letter of whatever script is meant in any case, and there is one.
    pub(super) fn is_folded(&self) -> bool {
        let (mut folds, mut exact) = (false, false);
        self.visit(&mut |node| match node {
            Node::Char { c, fold } if variants(*c).len() > 1 => {
                folds |= *fold;
                exact |= !*fold;
            }
            Node::Class(set) => exact |= set.folded() != *set,
            _ => {}
        });
        folds && !exact
    }

    /// The node with classes (`[Aa]`) for letters that are meant in any case.
    pub(super) fn spelt_out(self) -> Self {
        let all = |members: Vec<Node>| members.into_iter().map(Node::spelt_out).collect();
        match self {
            Node::Char { c, fold: true } => {
                Node::class(Set::of(variants(c).into_iter().map(|c| (c, c))))
            }
            Node::Concat(members) => Node::Concat(all(members)),
            Node::Alt(members) => Node::Alt(all(members)),
            Node::Repeat { node, min, max } => node.spelt_out().repeated(min, max),
            other => other,
        }
    }

    /// Calls `f` for the node and all inside of it.
    pub(super) fn visit(&self, f: &mut impl FnMut(&Node)) {
        f(self);
        match self {
            Node::Concat(members) | Node::Alt(members) => {
                members.iter().for_each(|member| member.visit(f));
            }
            Node::Repeat { node, .. } => node.visit(f),
            _ => {}
        }
    }

    /// Whether there is an anchor in it.
    pub(super) fn has_anchor(&self) -> bool {
        let mut found = false;
        self.visit(&mut |node| found |= matches!(node, Node::Start { .. } | Node::End { .. }));
        found
    }
}
