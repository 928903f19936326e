//! The typed tree of a KQL query.
//!
//! A query is a Boolean tree over clauses, and the value list of a clause is a Boolean tree over
//! literals. Kibana's grammar has the same rules for both, so both are one type, [`Tree`].

use serde::{Serialize, Serializer};

use super::lex::is_trimmed;
pub use crate::language::kit::Located;
use crate::query::{Order, Part, Pattern};

/// A Boolean combination of leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tree<L> {
    /// At least one of two or more.
    Or(Vec<Node<L>>),
    /// All of two or more.
    And(Vec<Node<L>>),
    /// The complement.
    Not(Box<Node<L>>),
    /// A clause of a query, a literal of a value list.
    #[serde(untagged)]
    Leaf(L),
}

/// A tree with its place.
pub type Node<L> = Located<Tree<L>>;

/// A whole query, or any part of one that could stand alone.
pub type Query = Node<Clause>;

/// What stands after `field:`: one literal, or a list in parentheses.
pub type Values = Node<Literal>;

/// What a query combines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// `field:value` or `field:(value or value)`. The null literal as field is free text: a bare
    /// value, looked for in every field.
    Is {
        /// The name, which may hold wildcards.
        field: Located<Literal>,
        /// What the values are compared with.
        values: Values,
    },
    /// `field >= literal`.
    Range {
        /// The name, which may hold wildcards.
        field: Located<Literal>,
        /// The operator.
        bound: Bound,
        /// The limit.
        literal: Located<Literal>,
    },
    /// `path:{ query }`: one object of a nested field satisfies the whole query, whose field
    /// names are relative to the path.
    Nested {
        /// The nested field.
        path: Located<Literal>,
        /// What one of its objects has to satisfy.
        query: Box<Query>,
    },
}

/// The operator of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Bound {
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
}

/// A field name or a value. Only literals that KQL can write can be made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Literal {
    pattern: Pattern,
    quoted: bool,
}

impl<L> Node<L> {
    /// A leaf without a place.
    pub fn leaf(leaf: L) -> Self {
        Tree::Leaf(leaf).into()
    }

    /// The complement, without a place. The complement of a complement is what it complements,
    /// because KQL cannot say `not not`.
    pub fn negated(self) -> Self {
        match self.value {
            Tree::Not(inner) => *inner,
            value => Tree::Not(Box::new(Located { value, span: self.span })).into(),
        }
    }
}

impl Query {
    /// `field:values`.
    pub fn is(field: Literal, values: Values) -> Self {
        Node::leaf(Clause::Is { field: field.into(), values })
    }

    /// `*`, which every event matches.
    pub fn everything() -> Self {
        Query::is(Literal::null(), Node::leaf(Literal::any()))
    }
}

impl Bound {
    /// The sign.
    pub fn sign(self) -> &'static str {
        self.order().sign()
    }

    /// The same order in the algebra.
    pub fn order(self) -> Order {
        match self {
            Bound::Less => Order::Less,
            Bound::LessOrEqual => Order::LessOrEqual,
            Bound::GreaterOrEqual => Order::GreaterOrEqual,
            Bound::Greater => Order::Greater,
        }
    }

    /// The operator of an order; equality has none.
    pub fn of(order: Order) -> Option<Self> {
        match order {
            Order::Less => Some(Bound::Less),
            Order::LessOrEqual => Some(Bound::LessOrEqual),
            Order::Equal => None,
            Order::GreaterOrEqual => Some(Bound::GreaterOrEqual),
            Order::Greater => Some(Bound::Greater),
        }
    }
}

impl Literal {
    /// A text in quotes.
    pub fn quoted(text: impl Into<String>) -> Self {
        Self { pattern: Pattern::literal(text), quoted: true }
    }

    /// A text or pattern without quotes. `None` for what cannot stand so: a wildcard for one
    /// character, which KQL lacks, and blanks at an end, which Kibana cuts off even if escaped.
    /// The text `null` makes the null literal.
    pub fn unquoted(pattern: Pattern) -> Option<Self> {
        let blank_start =
            |part: &Part| matches!(part, Part::Literal(t) if t.starts_with(is_trimmed));
        let blank_end = |part: &Part| matches!(part, Part::Literal(t) if t.ends_with(is_trimmed));
        let parts = pattern.parts();
        let refused = parts.contains(&Part::One)
            || parts.first().is_some_and(blank_start)
            || parts.last().is_some_and(blank_end);
        (!refused).then_some(Self { pattern, quoted: false })
    }

    /// A field name that means exactly this text: without quotes if it can be.
    pub fn name(text: &str) -> Self {
        match Self::unquoted(Pattern::literal(text)) {
            Some(literal) if !literal.is_null() => literal,
            _ => Self::quoted(text),
        }
    }

    /// The unquoted word `null`.
    pub fn null() -> Self {
        Self { pattern: Pattern::literal("null"), quoted: false }
    }

    /// `*`.
    pub fn any() -> Self {
        Self { pattern: Pattern::any(), quoted: false }
    }

    /// The text, free of quotes and escapes, with its wildcards.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The text, if there is no wildcard in it.
    pub fn text(&self) -> Option<&str> {
        self.pattern.as_literal()
    }

    /// Whether it stands in quotes.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Whether it is the unquoted word `null`.
    pub fn is_null(&self) -> bool {
        !self.quoted && self.text() == Some("null")
    }

    /// Whether it is a lone `*`.
    pub fn is_any(&self) -> bool {
        self.pattern.is_any()
    }
}

/// `null`, `{"phrase": text}` or the pattern.
impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_null() {
            serializer.serialize_none()
        } else if self.quoted {
            serializer.collect_map([("phrase", &self.pattern)])
        } else {
            self.pattern.serialize(serializer)
        }
    }
}
