//! Junctions as people write them: tests of one field become one value list.
//!
//! `f:a or g:b or f:c` becomes `f:(a or c) or g:b`, and `not f:a and not f:b` becomes
//! `not f:(a or b)`. Each list stands where its field came first, and says nothing twice.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::ast::{Clause, Literal, Node, Query, Tree};

/// The disjunction of some queries; `None` of nothing.
pub(super) fn any(members: Vec<Query>) -> Option<Query> {
    let members = members.into_iter().flat_map(|member| match member.value {
        Tree::Or(inner) => inner,
        value => vec![value.into()],
    });
    let lists = grouped(members, |query| {
        let (field, literals) = list(query, true)?;
        Some((Key { negated: false, field }, literals))
    });
    joined(lists.into_iter().map(|group| group.query(Tree::Or)).collect(), Tree::Or)
}

/// The conjunction of some queries; `None` of nothing.
pub(super) fn all(members: Vec<Query>) -> Option<Query> {
    let members = members.into_iter().flat_map(|member| match member.value {
        Tree::And(inner) => inner,
        value => vec![value.into()],
    });
    let lists = grouped(members, |query| {
        let (negated, query) = match &query.value {
            Tree::Not(inner) => (true, &**inner),
            _ => (false, query),
        };
        let (field, literals) = list(query, negated)?;
        Some((Key { negated, field }, literals))
    });
    joined(lists.into_iter().map(|group| group.query(Tree::And)).collect(), Tree::And)
}

/// What members of one list have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    negated: bool,
    field: Literal,
}

/// A member of a junction, or several that were made one.
enum Group {
    Single(Query),
    List(Key, IndexSet<Literal>),
}

impl Group {
    fn query(self, join: fn(Vec<Node<Literal>>) -> Tree<Literal>) -> Query {
        match self {
            Group::Single(query) => query,
            Group::List(Key { negated, field }, literals) => {
                // `not a and not b` is `not (a or b)`.
                let join = if negated { Tree::Or } else { join };
                // INVARIANT: a list starts with a literal.
                let values = joined(literals.into_iter().map(Node::leaf).collect(), join)
                    .unwrap_or_else(|| Node::leaf(Literal::any()));
                let query = Query::is(field, values);
                if negated { query.negated() } else { query }
            }
        }
    }
}

/// Joins members for which `parts` gives the same key.
fn grouped(
    members: impl Iterator<Item = Query>,
    parts: impl Fn(&Query) -> Option<(Key, Vec<Literal>)>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for member in members {
        let Some((key, literals)) = parts(&member) else {
            groups.push(Group::Single(member));
            continue;
        };
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(Group::List(_, list)) => list.extend(literals),
            _ => groups.push(Group::List(key, literals.into_iter().collect())),
        }
    }
    groups
}

fn joined<L>(mut members: Vec<Node<L>>, join: fn(Vec<Node<L>>) -> Tree<L>) -> Option<Node<L>> {
    if members.len() < 2 { members.pop() } else { Some(join(members).into()) }
}

/// The field and literals of a test that may join a list: of one literal or, where `of_several`,
/// of a disjunction of some. `field:*` reads better as a test of its own.
fn list(query: &Query, of_several: bool) -> Option<(Literal, Vec<Literal>)> {
    let Tree::Leaf(Clause::Is { field, values }) = &query.value else { return None };
    let plain = |node: &Node<Literal>| match &node.value {
        Tree::Leaf(literal) if !literal.is_any() => Some(literal.clone()),
        _ => None,
    };
    let literals = match &values.value {
        Tree::Or(members) if of_several => members.iter().map(plain).collect(),
        _ => plain(values).map(|literal| vec![literal]),
    };
    Some((field.value.clone(), literals?)).filter(|(field, _)| !field.is_null())
}
