//! From tree to meaning: what Kibana and Elasticsearch make of a KQL query.
//!
//! Everything is a filter: a clause on a field that an event lacks does not hold, its `not` does,
//! and of several values one is enough. What a literal means depends on the mapping of its field,
//! as in every language of Elasticsearch: the kit has the table.
//!
//! A query is refused, with the place, where its meaning cannot be stated: Kibana would search
//! fields that only it knows, correlate the elements of an array, or get an error from
//! Elasticsearch. What is stated is what the documentation says. Elasticsearch does less in two
//! places: it refuses wildcards on leaves of flattened fields (elastic/elasticsearch#157064), and
//! it splits a pattern at its blanks unless Kibana knows that the field is a keyword and nothing
//! else (elastic/kibana#23001, #256935). [`raise`](super::raise()) names both as assumptions.

use super::ast::{Clause, Literal, Located, Node, Query, Tree, Values};
use crate::language::kit::QueryError;
use crate::language::kit::elasticsearch::mapping::{self, Refusal};
use crate::query::{Expr, FieldPath, FieldType, Ledger, Schema, Translated};
use crate::source::Span;

/// States what a query means, for events as `schema` describes them. All refusals are given at
/// once; their spans are those of the tree.
pub fn lower(query: &Query, schema: &dyn Schema) -> Result<Translated<Expr>, Vec<QueryError>> {
    let mut ledger = Ledger::default();
    let expr = fold(query, &mut |clause, span| clause_meaning(clause, span, schema, &mut ledger))?;
    // INVARIANT: nothing here refuses through the ledger.
    ledger.close(expr).map_err(|_| Vec::new())
}

/// What a part of a query means, or why that cannot be stated.
type Meaning = Result<Expr, Vec<QueryError>>;

/// Gives a tree the meaning of its leaves, or all refusals.
fn fold<L>(node: &Node<L>, leaf: &mut dyn FnMut(&L, Span) -> Meaning) -> Meaning {
    let mut errors = Vec::new();
    let expr = fold_into(node, leaf, &mut errors);
    if errors.is_empty() { Ok(expr) } else { Err(errors) }
}

fn fold_into<L>(
    node: &Node<L>,
    leaf: &mut dyn FnMut(&L, Span) -> Meaning,
    errors: &mut Vec<QueryError>,
) -> Expr {
    let mut all = |members: &[Node<L>]| -> Vec<Expr> {
        members.iter().map(|member| fold_into(member, leaf, errors)).collect()
    };
    match &node.value {
        Tree::Or(members) => Expr::any_of(all(members)),
        Tree::And(members) => Expr::all(all(members)),
        Tree::Not(inner) => fold_into(inner, leaf, errors).negated(),
        Tree::Leaf(value) => leaf(value, node.span).unwrap_or_else(|mut refused| {
            errors.append(&mut refused);
            Expr::True
        }),
    }
}

fn clause_meaning(
    clause: &Clause,
    span: Span,
    schema: &dyn Schema,
    ledger: &mut Ledger,
) -> Meaning {
    match clause {
        Clause::Is { field, values } if field.value.is_null() => everything(
            values,
            "a value without a field is looked for in the index's default fields",
        ),
        Clause::Is { field, values } if field.value.is_any() => {
            everything(values, "`*` as field name means all fields that Kibana knows of")
        }
        Clause::Is { field, values } => {
            let path = path(field)?;
            let kind = schema.facts(&path).kind;
            fold(values, &mut |literal, span| {
                value(&path, kind, literal).map_err(|refusal| vec![refusal.at(span)])
            })
        }
        Clause::Range { field, bound, literal } => {
            let path = path(field)?;
            let (facts, literal_read) = (schema.facts(&path), as_read(&literal.value));
            mapping::range(&path, &facts, bound.order(), literal_read, ledger)
                .map_err(|refusal| vec![refusal.at(literal.span)])
        }
        Clause::Nested { path, .. } => {
            let message = "a nested query asks that one object of an array satisfies all of it";
            Err(vec![
                QueryError::unsupported(path.span.to(span), message)
                    .help("Crosswalk sees the values of a field, not which object they stand in"),
            ])
        }
    }
}

/// What `path:literal` means.
fn value(path: &FieldPath, kind: FieldType, literal: &Literal) -> Result<Expr, Refusal> {
    if literal.is_null() {
        return Err(Refusal::new("Elasticsearch refuses to look for `null`")
            .help("write `not field:*` for an absent field, `\"null\"` for the word"));
    }
    mapping::value(path, kind, as_read(literal))
}

fn as_read(literal: &Literal) -> mapping::Literal<'_> {
    mapping::Literal { pattern: literal.pattern(), quoted: literal.is_quoted() }
}

/// The meaning of values that are looked for in no field in particular: only `*` has one.
fn everything(values: &Values, reason: &str) -> Meaning {
    fold(values, &mut |literal: &Literal, span| {
        if literal.is_any() {
            return Ok(Expr::True);
        }
        Err(vec![QueryError::unsupported(span, reason).help("name the field: `field:value`")])
    })
}

/// The one field that a name means.
fn path(field: &Located<Literal>) -> Result<FieldPath, Vec<QueryError>> {
    let refused = |message: &str, help: &str| {
        Err(vec![QueryError::unsupported(field.span, message).help(help)])
    };
    match field.value.text() {
        Some(_) if field.value.is_null() => {
            refused("Kibana takes `null` for the absence of a name", "put the name in quotes")
        }
        Some(name) => Ok(FieldPath::new(name)),
        None => refused(
            "a pattern as field name means those fields that Kibana finds for it",
            "name the fields",
        ),
    }
}
