//! Junctions as people write them: tests of one field become one list.
//!
//! `f == "a" or f == "b"` becomes `f in ("a", "b")`, `f : "a" or f : "b"` becomes `f : ("a", "b")`,
//! and `f != "a" and f != "b"` becomes `f not in ("a", "b")`. Each list stands where its field came
//! first and says nothing twice. All of it holds for null too.

use std::collections::{HashMap, HashSet};

use super::expression::{Comparison, Expression, Literal, Lookup, Node};
use super::function::Function;
use super::print::{Level, write_node};
use super::raise::boolean;

/// The disjunction of some conditions; of nothing, `false`.
pub(super) fn any(members: Vec<Node>) -> Node {
    let flat = members.into_iter().flat_map(|member| match member.value {
        Expression::Or(inner) => inner,
        value => vec![value.into()],
    });
    let members = lists(flat.filter(|member| !is_constant(member, false)), List::of);
    if members.iter().any(|member| is_constant(member, true)) {
        return boolean(true);
    }
    // `f != "a" or g != "b"` reads better as `not (f == "a" and g == "b")`.
    if members.len() > 1 && members.iter().all(is_negative) {
        return all(members.into_iter().map(opposite).collect()).negated();
    }
    joined(members, false, Expression::Or)
}

/// The conjunction of some conditions; of nothing, `true`.
pub(super) fn all(members: Vec<Node>) -> Node {
    let flat = members.into_iter().flat_map(|member| match member.value {
        Expression::And(inner) => inner,
        value => vec![value.into()],
    });
    let members = lists(flat.filter(|member| !is_constant(member, true)), |member| {
        is_negative(member)
            .then(|| List::of(&member.clone().negated()))
            .flatten()
            .map(|list| List { negated: true, ..list })
    });
    if members.iter().any(|member| is_constant(member, false)) {
        return boolean(false);
    }
    joined(members, true, Expression::And)
}

fn is_constant(node: &Node, value: bool) -> bool {
    node.value == Expression::Literal(Literal::Boolean(value))
}

/// Whether a condition says what something is not.
fn is_negative(node: &Node) -> bool {
    match &node.value {
        Expression::Not(_) => true,
        Expression::And(members) => members.iter().all(is_negative),
        Expression::Compare { operator: Comparison::NotEqual, right, .. } => {
            right.value != Expression::Literal(Literal::Null)
        }
        Expression::Among { operator, .. } => {
            matches!(operator, Lookup::NotIn | Lookup::NotInAnyCase)
        }
        _ => false,
    }
}

/// The opposite of what something is not.
fn opposite(node: Node) -> Node {
    match node.value {
        Expression::And(members) => any(members.into_iter().map(opposite).collect()),
        value => Node::from(value).negated(),
    }
}

fn joined(mut members: Vec<Node>, empty: bool, join: fn(Vec<Node>) -> Expression) -> Node {
    match members.len() {
        0 => boolean(empty),
        1 => members.swap_remove(0),
        _ => join(members).into(),
    }
}

/// What a field, or whatever else, is compared with.
struct List {
    negated: bool,
    kind: Kind,
    value: Node,
    members: Vec<Node>,
}

/// What members of one list have in common beside the value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// Equality with texts.
    Texts,
    /// Equality with numbers.
    Numbers,
    /// Equality with booleans.
    Booleans,
    /// A lookup, of texts.
    Lookup(Lookup),
    /// `cidrMatch`.
    Networks,
}

impl List {
    /// The list that a condition is or could be.
    fn of(node: &Node) -> Option<Self> {
        let (kind, value, members) = match &node.value {
            Expression::Compare { left, operator: Comparison::Equal, right } => {
                (kind(right)?, (**left).clone(), vec![(**right).clone()])
            }
            Expression::Among { value, operator: Lookup::In, list } => {
                let first = kind(list.first()?)?;
                let alike = list.iter().all(|member| kind(member) == Some(first));
                (alike.then_some(first)?, (**value).clone(), list.clone())
            }
            Expression::Among { value, operator, list } => {
                (Kind::Lookup(*operator), (**value).clone(), list.clone())
            }
            Expression::Call { function: Function::CidrMatch, arguments, .. } => {
                let (value, networks) = arguments.split_first()?;
                (Kind::Networks, value.clone(), networks.to_vec())
            }
            _ => return None,
        };
        Some(Self { negated: false, kind, value, members })
    }

    /// What tells lists apart.
    fn key(&self) -> (Kind, String) {
        (self.kind, written(&self.value))
    }

    fn node(mut self) -> Node {
        let value = Box::new(self.value);
        let node: Node = match self.kind {
            Kind::Networks => {
                let arguments = std::iter::once(*value).chain(self.members).collect();
                let function = Function::CidrMatch;
                Expression::Call { function, insensitive: false, arguments }.into()
            }
            Kind::Lookup(operator) => {
                Expression::Among { value, operator, list: self.members }.into()
            }
            _ if self.members.len() == 1 => {
                let right = Box::new(self.members.swap_remove(0));
                Expression::Compare { left: value, operator: Comparison::Equal, right }.into()
            }
            _ => Expression::Among { value, operator: Lookup::In, list: self.members }.into(),
        };
        if self.negated { node.negated() } else { node }
    }
}

/// The kind of a list of literals like this one. `null` is compared with alone.
fn kind(literal: &Node) -> Option<Kind> {
    match &literal.value {
        Expression::Literal(Literal::Text(_)) => Some(Kind::Texts),
        Expression::Literal(Literal::Integer(_) | Literal::Decimal(_)) => Some(Kind::Numbers),
        Expression::Literal(Literal::Boolean(_)) => Some(Kind::Booleans),
        _ => None,
    }
}

/// A member of a junction, or several that were made one.
enum Group {
    Single(Node),
    List(List),
}

/// The members, those that `list` finds lists in put together, without repetition.
fn lists(members: impl Iterator<Item = Node>, list: impl Fn(&Node) -> Option<List>) -> Vec<Node> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<(Kind, String), usize> = HashMap::new();
    let mut said: HashSet<(usize, String)> = HashSet::new();
    for member in members {
        let Some(mut found) = list(&member) else {
            if said.insert((usize::MAX, written(&member))) {
                groups.push(Group::Single(member));
            }
            continue;
        };
        let place = *places.entry(found.key()).or_insert(groups.len());
        found.members.retain(|member| said.insert((place, written(member))));
        match groups.get_mut(place) {
            Some(Group::List(list)) => list.members.append(&mut found.members),
            _ => groups.push(Group::List(found)),
        }
    }
    let node = |group| match group {
        Group::Single(node) => node,
        Group::List(list) => list.node(),
    };
    groups.into_iter().map(node).collect()
}

/// A condition or value as a text, by which equal ones are found.
fn written(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, Level::Or, &mut out);
    out
}
