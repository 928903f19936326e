//! The tree of a log search.
//!
//! Clauses and the values of a group combine alike, so both are a [`Tree`]. Its constructors keep
//! it small: no junction of one, no junction inside one of its kind, no double negation. Two
//! spellings of one query (`a AND b`, `a b`, `(a) b`) are therefore one tree.

use serde::Serialize;

use crate::query::{Cidr, Number, Order, Pattern};
use crate::source::Span;

/// A whole query.
pub type Query = Tree<Clause>;

/// Leaves under Boolean operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tree<L> {
    /// One leaf.
    Leaf(L),
    /// `-x`
    Not(Box<Tree<L>>),
    /// `x y`, at least two.
    And(Vec<Tree<L>>),
    /// `x OR y`, at least two.
    Or(Vec<Tree<L>>),
}

/// One condition on a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// `*`: every log.
    All,
    /// `word`, `"some words"`, `net*`, `*:word`. Never the pattern `*` alone, which is
    /// [`Clause::All`].
    FreeText {
        /// Where to look.
        scope: Scope,
        /// What to look for.
        text: Pattern,
        /// Its place.
        #[serde(skip)]
        at: At,
    },
    /// `@f:v` or `@f:(v OR w)`: a field and one value or a group of them.
    Match {
        /// The field.
        field: Field,
        /// Its values.
        values: Tree<Value>,
        /// Its place.
        #[serde(skip)]
        at: At,
    },
    /// `CIDR(@f,10.0.0.0/8,...)`: an address in one of the networks.
    Cidr {
        /// The field.
        field: Field,
        /// The networks, at least one.
        nets: Vec<Cidr>,
        /// Its place.
        #[serde(skip)]
        at: At,
    },
}

/// What a free text search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The log message.
    Message,
    /// Every attribute and the message: `*:word`.
    Everywhere,
}

/// What a clause looks at. Names are free of escapes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `@name`
    Attribute(String),
    /// `#name`
    Calculated(String),
    /// `name`: a reserved attribute or the key of a tag.
    Bare(String),
}

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    /// What it asks.
    #[serde(flatten)]
    pub kind: ValueKind,
    /// Its place.
    #[serde(skip)]
    pub at: At,
}

/// What is asked of the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// `x`, `x*`, `"x y"`. The pattern `*` alone asks whether there is a value at all.
    Text(Pattern),
    /// `>5`
    Compare {
        /// The operator.
        sign: Sign,
        /// What the value is compared with.
        limit: Limit,
    },
    /// `[1 TO 5]`, `{1 TO 5}`
    Range {
        /// The lower end; `None` for `*`.
        lower: Option<Limit>,
        /// The upper end; `None` for `*`.
        upper: Option<Limit>,
        /// Whether the ends belong to it: square brackets.
        inclusive: bool,
    },
}

/// An end of a range or the right side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Limit {
    /// A number.
    Number(Number),
    /// Anything else, as written.
    Text(String),
}

/// An operator of comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

/// Where a node stands in the text. Any two are equal: where a node stands is not what it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct At(pub Span);

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for At {}

impl<L> Tree<L> {
    /// The conjunction; `None` of nothing.
    pub fn all(members: impl IntoIterator<Item = Tree<L>>) -> Option<Self> {
        let mut flat = Vec::new();
        for member in members {
            match member {
                Tree::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        one_or(flat, Tree::And)
    }

    /// The disjunction; `None` of nothing.
    pub fn any_of(members: impl IntoIterator<Item = Tree<L>>) -> Option<Self> {
        let mut flat = Vec::new();
        for member in members {
            match member {
                Tree::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        one_or(flat, Tree::Or)
    }

    /// The complement.
    pub fn negated(self) -> Self {
        match self {
            Tree::Not(inner) => *inner,
            other => Tree::Not(Box::new(other)),
        }
    }
}

fn one_or<L>(mut members: Vec<Tree<L>>, join: fn(Vec<Tree<L>>) -> Tree<L>) -> Option<Tree<L>> {
    match members.len() {
        0 | 1 => members.pop(),
        _ => Some(join(members)),
    }
}

impl Sign {
    /// The order that it asks for.
    pub fn order(self) -> Order {
        match self {
            Sign::Less => Order::Less,
            Sign::LessOrEqual => Order::LessOrEqual,
            Sign::GreaterOrEqual => Order::GreaterOrEqual,
            Sign::Greater => Order::Greater,
        }
    }

    /// The operator for an order; `None` for equality, which has none.
    pub fn of(order: Order) -> Option<Self> {
        match order {
            Order::Less => Some(Sign::Less),
            Order::LessOrEqual => Some(Sign::LessOrEqual),
            Order::Equal => None,
            Order::GreaterOrEqual => Some(Sign::GreaterOrEqual),
            Order::Greater => Some(Sign::Greater),
        }
    }
}

impl Value {
    /// A value that stands in no text.
    pub fn new(kind: ValueKind) -> Self {
        Self { kind, at: At::default() }
    }
}
