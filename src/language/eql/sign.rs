//! Operators, units and functions by their signs, and what they say in the algebra.

use super::ast::Unit;
use super::ast::{Category, Event, MaxSpan};
use super::expression::Expression;
use super::expression::{Comparison, Field, Literal, Lookup, Node};
use crate::query::{FieldPath, Order};

impl Comparison {
    /// All, the longer signs first.
    pub(super) const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::LessOrEqual,
        Comparison::GreaterOrEqual,
        Comparison::Less,
        Comparison::Greater,
    ];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// The same with its sides exchanged.
    pub(super) fn flipped(self) -> Self {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            equality => equality,
        }
    }

    /// The order in the algebra; `!=` has none.
    pub(super) fn order(self) -> Option<Order> {
        Some(match self {
            Comparison::Equal => Order::Equal,
            Comparison::NotEqual => return None,
            Comparison::Less => Order::Less,
            Comparison::LessOrEqual => Order::LessOrEqual,
            Comparison::Greater => Order::Greater,
            Comparison::GreaterOrEqual => Order::GreaterOrEqual,
        })
    }

    /// The operator of an order.
    pub(super) fn of(order: Order) -> Self {
        match order {
            Order::Less => Comparison::Less,
            Order::LessOrEqual => Comparison::LessOrEqual,
            Order::Equal => Comparison::Equal,
            Order::GreaterOrEqual => Comparison::GreaterOrEqual,
            Order::Greater => Comparison::Greater,
        }
    }
}

impl Lookup {
    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Lookup::Is => ":",
            Lookup::In => "in",
            Lookup::InAnyCase => "in~",
            Lookup::NotIn => "not in",
            Lookup::NotInAnyCase => "not in~",
            Lookup::Like => "like",
            Lookup::LikeAnyCase => "like~",
            Lookup::Regex => "regex",
            Lookup::RegexAnyCase => "regex~",
        }
    }

    /// The operator of a word and the `~` behind it.
    pub(super) fn of_word(word: &str, any_case: bool) -> Option<Self> {
        Some(match (word, any_case) {
            ("in", false) => Lookup::In,
            ("in", true) => Lookup::InAnyCase,
            ("like", false) => Lookup::Like,
            ("like", true) => Lookup::LikeAnyCase,
            ("regex", false) => Lookup::Regex,
            ("regex", true) => Lookup::RegexAnyCase,
            _ => return None,
        })
    }

    /// The opposite, where there is an operator for it.
    pub(super) fn negated(self) -> Option<Self> {
        Some(match self {
            Lookup::In => Lookup::NotIn,
            Lookup::InAnyCase => Lookup::NotInAnyCase,
            Lookup::NotIn => Lookup::In,
            Lookup::NotInAnyCase => Lookup::InAnyCase,
            _ => return None,
        })
    }

    /// Whether a list of one needs parentheses.
    pub(super) fn needs_list(self) -> bool {
        matches!(self, Lookup::In | Lookup::InAnyCase | Lookup::NotIn | Lookup::NotInAnyCase)
    }
}

impl Unit {
    /// All.
    pub(super) const ALL: [Unit; 5] =
        [Unit::Millisecond, Unit::Second, Unit::Minute, Unit::Hour, Unit::Day];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::Millisecond => "ms",
            Unit::Second => "s",
            Unit::Minute => "m",
            Unit::Hour => "h",
            Unit::Day => "d",
        }
    }

    /// Milliseconds in one.
    fn milliseconds(self) -> u64 {
        match self {
            Unit::Millisecond => 1,
            Unit::Second => 1000,
            Unit::Minute => 60_000,
            Unit::Hour => 3_600_000,
            Unit::Day => 86_400_000,
        }
    }
}

impl MaxSpan {
    /// In milliseconds; `None` if that is no number any more.
    pub(super) fn milliseconds(self) -> Option<u64> {
        self.count.checked_mul(self.unit.milliseconds())
    }

    /// The time in the largest unit that holds it exactly.
    pub(super) fn of(milliseconds: u64) -> Self {
        let fits = |unit: &Unit| milliseconds.is_multiple_of(unit.milliseconds());
        let unit = Unit::ALL.into_iter().rev().find(fits).unwrap_or(Unit::Millisecond);
        Self { count: milliseconds / unit.milliseconds(), unit }
    }
}

impl Category {
    /// The category of a value of the category field.
    pub fn named(value: impl Into<String>) -> Self {
        Category::Named(value.into())
    }
}

impl Event {
    /// An event of a category that satisfies a condition.
    pub fn new(category: Category, condition: Node) -> Self {
        Self { category: category.into(), condition }
    }
}

impl Field {
    /// A field that every index has.
    pub fn new(path: impl Into<String>) -> Self {
        Self { optional: false, path: path.into() }
    }

    /// The path in the algebra.
    pub(super) fn path(&self) -> FieldPath {
        FieldPath::new(self.path.as_str())
    }
}

impl Node {
    /// The opposite, in the words that EQL has for it.
    pub(super) fn negated(self) -> Self {
        match self.value {
            Expression::Not(inner) => *inner,
            Expression::Literal(Literal::Boolean(value)) => {
                Expression::Literal(Literal::Boolean(!value)).into()
            }
            Expression::Compare { left, operator: Comparison::Equal, right } => {
                Expression::Compare { left, operator: Comparison::NotEqual, right }.into()
            }
            Expression::Compare { left, operator: Comparison::NotEqual, right } => {
                Expression::Compare { left, operator: Comparison::Equal, right }.into()
            }
            Expression::Among { value, operator, list } if operator.negated().is_some() => {
                let operator = operator.negated().unwrap_or(operator);
                Expression::Among { value, operator, list }.into()
            }
            other => Expression::Not(Box::new(other.into())).into(),
        }
    }
}
