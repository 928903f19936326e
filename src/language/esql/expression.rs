//! The typed tree of an expression.
//!
//! Chains of one operator are flat, so a tree is no deeper than its query's parentheses.

use serde::Serialize;

use super::name::Name;
use crate::language::kit::{Arithmetic, Located};
use crate::query::Order;

/// An expression with its place.
pub type Node = Located<Expression>;

/// A value, or a condition, which is a value too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// At least one of two or more.
    Or(Vec<Node>),
    /// All of two or more.
    And(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// `left == right` and its like.
    Compare {
        /// Left of the sign.
        left: Box<Node>,
        /// The sign.
        comparison: Comparison,
        /// Right of the sign.
        right: Box<Node>,
    },
    /// `value IN (list)`.
    In {
        /// What is looked for.
        value: Box<Node>,
        /// Whether it stands as `NOT IN`.
        negated: bool,
        /// Where.
        list: Vec<Node>,
    },
    /// `value LIKE pattern` or `value RLIKE pattern`.
    Like {
        /// What is looked at.
        value: Box<Node>,
        /// Whether it stands as `NOT LIKE`.
        negated: bool,
        /// Whether the patterns are regular expressions.
        regex: bool,
        /// One pattern, or several in parentheses.
        patterns: Vec<Node>,
    },
    /// `value IS NULL` or `value IS NOT NULL`.
    IsNull {
        /// What is looked at.
        value: Box<Node>,
        /// Whether it stands as `IS NOT NULL`.
        negated: bool,
    },
    /// `field : query`, the short form of `MATCH`.
    Match {
        /// The field.
        field: Box<Node>,
        /// What is looked for in it.
        query: Box<Node>,
    },
    /// `first + next - next`, or the same with `*`, `/` and `%`; computed from left to right.
    Arithmetic {
        /// The first operand.
        first: Box<Node>,
        /// Further operands, all of them with signs of one level.
        rest: Vec<(Arithmetic, Node)>,
    },
    /// `-value`.
    Negative(Box<Node>),
    /// `value::type::type`.
    Cast {
        /// What is converted.
        value: Box<Node>,
        /// To what, one after another, in small letters.
        to: Vec<String>,
    },
    /// `NAME(arguments, {options})`.
    Call {
        /// The function, in capitals.
        name: String,
        /// Its arguments.
        arguments: Vec<Node>,
        /// Named arguments.
        options: Option<Options>,
    },
    /// `*` as argument of `COUNT`.
    Star,
    /// A column.
    Name(Name),
    /// `[1, 2]`.
    List(Vec<Node>),
    /// `?`, `?name` or `?1`: a value that is given along with the query.
    Parameter(String),
    /// A text.
    Text(String),
    /// A number, as it is written and without a sign.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// `5 minutes`.
    Timespan {
        /// How many, as it is written.
        amount: String,
        /// Of what, in small letters.
        unit: String,
    },
}

/// The sign of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `!=`.
    NotEqual,
    /// `==`, `<`, `<=`, `>` or `>=`.
    #[serde(untagged)]
    Is(Order),
}

/// `{"name": value, ...}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Options(pub Vec<(String, OptionValue)>);

/// The value of a named argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OptionValue {
    /// A constant, or a list of some.
    Constant(Node),
    /// Options of an option.
    Options(Options),
}

impl Comparison {
    /// The longer signs first, as a reader has to try them.
    pub(super) const ALL: [Self; 6] = [
        Comparison::Is(Order::Equal),
        Comparison::NotEqual,
        Comparison::Is(Order::LessOrEqual),
        Comparison::Is(Order::GreaterOrEqual),
        Comparison::Is(Order::Less),
        Comparison::Is(Order::Greater),
    ];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::NotEqual => "!=",
            Comparison::Is(order) => order.sign(),
        }
    }

    /// The comparison that says the same with its sides changed.
    pub(super) fn flipped(self) -> Self {
        match self {
            Comparison::NotEqual => Comparison::NotEqual,
            Comparison::Is(order) => Comparison::Is(match order {
                Order::Less => Order::Greater,
                Order::LessOrEqual => Order::GreaterOrEqual,
                Order::Equal => Order::Equal,
                Order::GreaterOrEqual => Order::LessOrEqual,
                Order::Greater => Order::Less,
            }),
        }
    }
}

impl Expression {
    /// A text without a place.
    pub(super) fn text(text: impl Into<String>) -> Node {
        Expression::Text(text.into()).into()
    }

    /// A call without a place and without options.
    pub(super) fn call(name: &str, arguments: Vec<Node>) -> Node {
        Expression::Call { name: name.to_owned(), arguments, options: None }.into()
    }

    /// A comparison without a place.
    pub(super) fn compare(left: Node, comparison: Comparison, right: Node) -> Node {
        Expression::Compare { left: Box::new(left), comparison, right: Box::new(right) }.into()
    }
}

/// How tight the operators of an expression bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `NOT`.
    Not,
    /// `==`, `IN`, `LIKE` ...
    Comparison,
    /// `+`, `-`.
    Sum,
    /// `*`, `/`, `%`.
    Product,
    /// `-x`.
    Sign,
    /// `::`.
    Cast,
    /// What needs no parentheses anywhere.
    Primary,
}

impl Level {
    /// The level of an expression.
    pub(super) fn of(expression: &Expression) -> Self {
        match expression {
            Expression::Or(_) => Level::Or,
            Expression::And(_) => Level::And,
            Expression::Not(_) => Level::Not,
            Expression::Compare { .. }
            | Expression::In { .. }
            | Expression::Like { .. }
            | Expression::IsNull { .. }
            | Expression::Match { .. } => Level::Comparison,
            Expression::Arithmetic { rest, .. } => {
                let product = rest.iter().any(|(sign, _)| Arithmetic::PRODUCTS.contains(sign));
                if product { Level::Product } else { Level::Sum }
            }
            Expression::Negative(_) => Level::Sign,
            Expression::Cast { .. } => Level::Cast,
            _ => Level::Primary,
        }
    }
}
