//! Joins clauses as people write them: values of one field in one group, networks in one `CIDR`,
//! two bounds in one range; constants go away.

use std::collections::HashMap;

use crate::language::datadog::{At, Clause, Field, Limit, Query, Sign, Tree, Value, ValueKind};
use crate::query::{Cidr, Number, Schema};

/// The query that no log matches. The language has no word for it, so it never leaves this folder.
pub(super) fn nothing() -> Query {
    Tree::Leaf(Clause::All).negated()
}

/// Whether the query is [`nothing`].
pub(super) fn is_nothing(query: &Query) -> bool {
    matches!(query, Tree::Not(inner) if is_everything(inner))
}

fn is_everything(query: &Query) -> bool {
    matches!(query, Tree::Leaf(Clause::All))
}

/// The conjunction.
pub(super) fn all(mut members: Vec<Query>, schema: &dyn Schema) -> Query {
    if members.iter().any(is_nothing) {
        return nothing();
    }
    members.retain(|member| !is_everything(member));
    Tree::all(with_ranges(members, schema)).unwrap_or(Tree::Leaf(Clause::All))
}

/// The disjunction.
pub(super) fn any_of(mut members: Vec<Query>) -> Query {
    if members.iter().any(is_everything) {
        return Tree::Leaf(Clause::All);
    }
    members.retain(|member| !is_nothing(member));
    Tree::any_of(with_groups(members)).unwrap_or_else(nothing)
}

/// One place in a disjunction.
enum Slot {
    Values(Field, Vec<Tree<Value>>),
    Nets(Field, Vec<Cidr>),
    Other(Query),
}

/// `@f:a OR @g:b OR @f:c` as `@f:(a OR c) OR @g:b`, and the same for networks.
fn with_groups(members: Vec<Query>) -> Vec<Query> {
    let mut slots: Vec<Slot> = Vec::new();
    // Where the values and the networks of a field are; lists can have thousands of members.
    let mut values_of: HashMap<Field, usize> = HashMap::new();
    let mut nets_of: HashMap<Field, usize> = HashMap::new();
    for member in members {
        let slot = match member {
            Tree::Leaf(Clause::Match { field, values, .. }) => {
                let at = *values_of.entry(field.clone()).or_insert(slots.len());
                if let Some(Slot::Values(_, group)) = slots.get_mut(at) {
                    group.push(values);
                    continue;
                }
                Slot::Values(field, vec![values])
            }
            Tree::Leaf(Clause::Cidr { field, nets, .. }) => {
                let at = *nets_of.entry(field.clone()).or_insert(slots.len());
                if let Some(Slot::Nets(_, group)) = slots.get_mut(at) {
                    group.extend(nets);
                    continue;
                }
                Slot::Nets(field, nets)
            }
            other => Slot::Other(other),
        };
        slots.push(slot);
    }
    slots.into_iter().filter_map(Slot::into_query).collect()
}

impl Slot {
    fn into_query(self) -> Option<Query> {
        let at = At::default();
        Some(match self {
            Slot::Values(field, values) => {
                Tree::Leaf(Clause::Match { field, values: Tree::any_of(values)?, at })
            }
            Slot::Nets(field, nets) => Tree::Leaf(Clause::Cidr { field, nets, at }),
            Slot::Other(query) => query,
        })
    }
}

/// `@f:>=1 @f:<=5` as `@f:[1 TO 5]`, for fields with one value: of several values the comparisons
/// may hold on different ones, and what a range asks of arrays is not documented.
fn with_ranges(members: Vec<Query>, schema: &dyn Schema) -> Vec<Query> {
    let mut joined: Vec<Query> = Vec::new();
    // Where the last comparison of a field is.
    let mut bounds: HashMap<Field, usize> = HashMap::new();
    for member in members {
        if let Some((field, ..)) = comparison(&member) {
            let earlier = bounds.insert(field.clone(), joined.len());
            let earlier = earlier.and_then(|at| joined.get_mut(at));
            if let Some(earlier) = earlier
                && let Some(range) = range_of(earlier, &member, schema)
            {
                *earlier = range;
                bounds.remove(field);
                continue;
            }
        }
        joined.push(member);
    }
    joined
}

fn range_of(left: &Query, right: &Query, schema: &dyn Schema) -> Option<Query> {
    let (field, left_sign, left_limit) = comparison(left)?;
    let (other, right_sign, right_limit) = comparison(right)?;
    let (inclusive, lower, upper) = match (left_sign, right_sign) {
        (Sign::GreaterOrEqual, Sign::LessOrEqual) => (true, left_limit, right_limit),
        (Sign::LessOrEqual, Sign::GreaterOrEqual) => (true, right_limit, left_limit),
        (Sign::Greater, Sign::Less) => (false, left_limit, right_limit),
        (Sign::Less, Sign::Greater) => (false, right_limit, left_limit),
        _ => return None,
    };
    if field != other || lower >= upper || !schema.facts(&field.path()?).single {
        return None;
    }
    let (lower, upper) = (Some(Limit::Number(lower)), Some(Limit::Number(upper)));
    let range = ValueKind::Range { lower, upper, inclusive };
    let (field, values) = (field.clone(), Tree::Leaf(Value::new(range)));
    Some(Tree::Leaf(Clause::Match { field, values, at: At::default() }))
}

fn comparison(query: &Query) -> Option<(&Field, Sign, Number)> {
    let Tree::Leaf(Clause::Match { field, values: Tree::Leaf(value), .. }) = query else {
        return None;
    };
    match value.kind {
        ValueKind::Compare { sign, limit: Limit::Number(number) } => Some((field, sign, number)),
        _ => None,
    }
}
