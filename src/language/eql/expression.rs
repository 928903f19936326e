//! The typed tree of conditions and values.
//!
//! EQL's grammar makes no difference between the two (a function may return either), so both are
//! one type. Parentheses are not kept, except that a junction inside one of its own kind stays one.

use serde::{Serialize, Serializer};

use super::function::Function;
use crate::language::kit::{Arithmetic, Located};
use crate::query::Number;

/// An expression with its place.
pub type Node = Located<Expression>;

/// A condition or a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// At least one of two or more.
    Or(Vec<Node>),
    /// All of two or more.
    And(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// `left == right` and the like.
    Compare {
        /// The value on the left.
        left: Box<Node>,
        /// The operator.
        operator: Comparison,
        /// The value on the right.
        right: Box<Node>,
    },
    /// `value in (...)`, `value : ...`, `value like ...`, `value regex ...`.
    Among {
        /// The value.
        value: Box<Node>,
        /// The operator.
        operator: Lookup,
        /// What it is compared with; at least one.
        list: Vec<Node>,
    },
    /// `-value`
    Negative(Box<Node>),
    /// `left + right` and the like.
    Arithmetic {
        /// The left operand.
        left: Box<Node>,
        /// The operator.
        operator: Arithmetic,
        /// The right operand.
        right: Box<Node>,
    },
    /// `function(argument, ...)`
    Call {
        /// The function.
        function: Function,
        /// Whether it stands with `~`: letters in any case.
        insensitive: bool,
        /// Its arguments.
        arguments: Vec<Node>,
    },
    /// A field.
    Field(Field),
    /// A literal.
    #[serde(untagged)]
    Literal(Literal),
}

/// A field, `?` before it if an index may lack it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Whether `?` stands before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The dotted path, free of backticks.
    pub path: String,
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number without a point.
    Integer(i64),
    /// A number with a point or an exponent.
    #[serde(serialize_with = "decimal")]
    Decimal(Number),
    /// A text, in whatever quotes.
    Text(String),
}

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Comparison {
    /// Equal.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

/// A comparison of a value with one or more literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Lookup {
    /// Equal to one, in any case, with wildcards.
    #[serde(rename = ":")]
    Is,
    /// Equal to one.
    #[serde(rename = "in")]
    In,
    /// Equal to one, in any case.
    #[serde(rename = "in~")]
    InAnyCase,
    /// Equal to none.
    #[serde(rename = "not in")]
    NotIn,
    /// Equal to none in any case.
    #[serde(rename = "not in~")]
    NotInAnyCase,
    /// Matches a pattern with wildcards.
    #[serde(rename = "like")]
    Like,
    /// The same, in any case.
    #[serde(rename = "like~")]
    LikeAnyCase,
    /// Matches a regular expression as a whole.
    #[serde(rename = "regex")]
    Regex,
    /// The same, in any case.
    #[serde(rename = "regex~")]
    RegexAnyCase,
}

fn decimal<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(number.get())
}
