//! Junctions as people write them: tests of one field become one value list.
//!
//! `f:a OR g:b OR f:c` becomes `f:(a OR c) OR g:b`, and `NOT f:a AND NOT f:b` becomes
//! `NOT f:(a OR b)`. Each list stands where its field came first, and says nothing twice.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::ast::{Clause, FieldName, Node, Occur, Query, Term};
use super::lower::EXISTS;

/// The disjunction of some queries; `None` of nothing.
pub(super) fn any(members: Vec<Query>) -> Option<Query> {
    let clauses = members.into_iter().flat_map(|member| match member.value {
        Node::Clauses(clauses) if clauses.iter().all(|c| c.occur == Occur::Should) => clauses,
        value => vec![Clause { occur: Occur::Should, query: value.into() }],
    });
    Query::clauses(grouped(clauses, Occur::Should))
}

/// The conjunction of some queries; `None` of nothing.
pub(super) fn all(members: Vec<Query>) -> Option<Query> {
    let clauses = members.into_iter().flat_map(|member| match member.value {
        Node::Clauses(clauses) if clauses.iter().all(|c| c.occur != Occur::Should) => clauses,
        value => vec![Clause { occur: Occur::Must, query: value.into() }],
    });
    let mut clauses = grouped(clauses, Occur::Must);
    match clauses.as_slice() {
        [Clause { occur: Occur::Must, .. }] => clauses.pop().map(|clause| clause.query),
        _ => Query::clauses(clauses),
    }
}

/// What members of one list have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    occur: Occur,
    field: FieldName,
}

/// A member of a junction, or several that were made one.
enum Group {
    Single(Clause),
    List(Key, IndexSet<Term>),
}

impl Group {
    fn clause(self) -> Option<Clause> {
        let (key, terms) = match self {
            Group::Single(clause) => return Some(clause),
            Group::List(key, terms) => (key, terms),
        };
        // A prohibited list holds what each of its members prohibits.
        let inside = if key.occur == Occur::Must { Occur::Must } else { Occur::Should };
        let mut terms: Vec<Query> = terms.into_iter().map(Query::term).collect();
        let values = if terms.len() == 1 {
            terms.pop()
        } else {
            let clauses = terms.into_iter().map(|query| Clause { occur: inside, query });
            Query::clauses(clauses.collect())
        };
        Some(Clause { occur: key.occur, query: Query::field(key.field, values?) })
    }
}

/// Joins the terms of one field that stand in clauses of one kind. Those of required clauses may
/// each be about another value, so only lone terms are joined there.
fn grouped(clauses: impl Iterator<Item = Clause>, positive: Occur) -> Vec<Clause> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for clause in clauses {
        let of_several = clause.occur != Occur::Must || positive == Occur::Should;
        if !may_join(&clause.query, of_several) {
            groups.push(Group::Single(clause));
            continue;
        }
        let occur = clause.occur;
        // INVARIANT: what may join a list is a list.
        let Some((field, terms)) = list(clause.query) else { continue };
        let key = Key { occur, field };
        // Most clauses of a junction follow one of their own kind.
        if let Some(Group::List(before, list)) = groups.last_mut()
            && *before == key
        {
            list.extend(terms);
            continue;
        }
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(Group::List(_, list)) => list.extend(terms),
            _ => groups.push(Group::List(key, terms.into_iter().collect())),
        }
    }
    groups.into_iter().filter_map(Group::clause).collect()
}

/// Whether a test may join a list: it is of one term or, where `of_several`, of a disjunction of
/// some.
fn may_join(query: &Query, of_several: bool) -> bool {
    let Node::Field { name, query } = &query.value else { return false };
    if name.value.name().is_none_or(|name| name == EXISTS) {
        return false;
    }
    let is_term = |query: &Query| matches!(query.value, Node::Term(_));
    match &query.value {
        Node::Clauses(clauses) if of_several => {
            clauses.iter().all(|clause| clause.occur == Occur::Should && is_term(&clause.query))
        }
        _ => is_term(query),
    }
}

/// The field and terms of a test that [`may_join`] a list.
fn list(query: Query) -> Option<(FieldName, Vec<Term>)> {
    let Node::Field { name, query } = query.value else { return None };
    let term = |query: Query| match query.value {
        Node::Term(term) => Some(term),
        _ => None,
    };
    let terms: Option<Vec<Term>> = match query.value {
        Node::Clauses(clauses) => clauses.into_iter().map(|clause| term(clause.query)).collect(),
        _ => term(*query).map(|term| vec![term]),
    };
    Some((name.value, terms?))
}
