//! Junctions as people write them: comparisons of one value become one list.

use super::super::expression::{Comparison, Expression, Node};
use crate::query::Order;

/// The disjunction of some conditions; `None` of nothing.
pub(super) fn any(members: Vec<Node>) -> Option<Node> {
    let mut joined: Vec<Node> = Vec::new();
    for member in flat(members, |node| match node.value {
        Expression::Or(inner) => Ok(inner),
        value => Err(value.into()),
    }) {
        match member.value {
            Expression::Boolean(false) if !joined.is_empty() => {}
            Expression::Boolean(true) => return Some(member),
            value => {
                let known = joined.iter_mut().any(|own| join(&mut own.value, &value));
                if !known {
                    joined.push(value.into());
                }
            }
        }
    }
    if joined.len() > 1 {
        joined.retain(|member| member.value != Expression::Boolean(false));
    }
    one_or(joined.into_iter().map(tidy).collect(), Expression::Or)
}

/// The conjunction of some conditions; `None` of nothing.
pub(super) fn all(members: Vec<Node>) -> Option<Node> {
    let mut joined: Vec<Node> = Vec::new();
    for member in flat(members, |node| match node.value {
        Expression::And(inner) => Ok(inner),
        value => Err(value.into()),
    }) {
        match member.value {
            Expression::Boolean(false) => return Some(member),
            Expression::Boolean(true) => {}
            _ if joined.contains(&member) => {}
            _ => joined.push(member),
        }
    }
    if joined.is_empty() {
        return Some(Expression::Boolean(true).into());
    }
    one_or(joined, Expression::And)
}

/// The opposite of a condition, which is null where the condition is.
pub(super) fn negated(node: Node) -> Node {
    match node.value {
        Expression::Boolean(value) => Expression::Boolean(!value).into(),
        Expression::Compare { left, comparison, right } => {
            Expression::Compare { left, comparison: opposite(comparison), right }.into()
        }
        Expression::In { value, negated, list } => {
            Expression::In { value, negated: !negated, list }.into()
        }
        Expression::Like { value, negated, regex, patterns } => {
            Expression::Like { value, negated: !negated, regex, patterns }.into()
        }
        Expression::IsNull { value, negated } => {
            Expression::IsNull { value, negated: !negated }.into()
        }
        Expression::Not(inner) => *inner,
        value => Expression::Not(Box::new(value.into())).into(),
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::NotEqual => Comparison::Is(Order::Equal),
        Comparison::Is(Order::Equal) => Comparison::NotEqual,
        Comparison::Is(Order::Less) => Comparison::Is(Order::GreaterOrEqual),
        Comparison::Is(Order::LessOrEqual) => Comparison::Is(Order::Greater),
        Comparison::Is(Order::GreaterOrEqual) => Comparison::Is(Order::Less),
        Comparison::Is(Order::Greater) => Comparison::Is(Order::LessOrEqual),
    }
}

fn flat(members: Vec<Node>, open: fn(Node) -> Result<Vec<Node>, Node>) -> Vec<Node> {
    let opened =
        members.into_iter().flat_map(|member| open(member).unwrap_or_else(|node| vec![node]));
    opened.collect()
}

/// Takes another condition into this one, if both look at one value in the same way.
fn join(own: &mut Expression, other: &Expression) -> bool {
    if own == other {
        return true;
    }
    let list = match (&mut *own, other) {
        (Expression::In { value, negated: false, list }, other) => {
            return match equality(other) {
                Some((left, right)) if left == &**value => add(list, right),
                _ => false,
            };
        }
        (
            Expression::Like { value, negated: false, regex: false, patterns },
            Expression::Like { value: other, negated: false, regex: false, patterns: further },
        ) if value == other => {
            return further.iter().all(|pattern| add(patterns, pattern));
        }
        (
            Expression::Call { name, arguments, .. },
            Expression::Call { name: other, arguments: further, .. },
        ) if name == "CIDR_MATCH" && name == other && arguments.first() == further.first() => {
            return further.iter().skip(1).all(|network| add(arguments, network));
        }
        (own, other) => match (equality(own), equality(other)) {
            (Some((left, first)), Some((right, second))) if left == right => {
                let list = vec![first.clone(), second.clone()];
                Expression::In { value: Box::new(left.clone()), negated: false, list }
            }
            _ => return false,
        },
    };
    *own = list;
    true
}

fn add(list: &mut Vec<Node>, item: &Node) -> bool {
    if !list.contains(item) {
        list.push(item.clone());
    }
    true
}

/// The sides of `value == constant`.
fn equality(expression: &Expression) -> Option<(&Node, &Node)> {
    match expression {
        Expression::Compare { left, comparison: Comparison::Is(Order::Equal), right } => {
            let constant = matches!(
                right.value,
                Expression::Text(_) | Expression::Number(_) | Expression::Negative(_)
            );
            constant.then_some((&**left, &**right))
        }
        _ => None,
    }
}

/// A list of one is that one.
fn tidy(node: Node) -> Node {
    match node.value {
        Expression::In { value, negated: false, mut list } if list.len() == 1 => match list.pop() {
            Some(only) => Expression::compare(*value, Comparison::Is(Order::Equal), only),
            None => Expression::Boolean(false).into(),
        },
        value => value.into(),
    }
}

fn one_or(mut members: Vec<Node>, join: fn(Vec<Node>) -> Expression) -> Option<Node> {
    if members.len() < 2 { members.pop() } else { Some(join(members).into()) }
}
