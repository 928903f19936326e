//! From tree to meaning: what Elasticsearch makes of a query string, as a filter.
//!
//! A junction with required clauses does not look at its optional ones, one without needs one of
//! them, and one that only prohibits finds everything else. Boosts change the order of results,
//! never the results. What a term means depends on the mapping of its field, as in every language
//! of Elasticsearch; see [`term`](super::term).
//!
//! A query is refused, with the place, where its meaning cannot be stated: Elasticsearch would
//! analyse the text by rules of the index, count changed letters, or fail.

use super::ast::{Clause, FieldName, Node, Occur, Query, Term};
use super::term;
use crate::language::kit::elasticsearch::mapping::Refusal;
use crate::language::kit::{Located, QueryError};
use crate::query::{Expr, FieldPath, Ledger, Op, Schema, Test, Translated};
use crate::source::Span;

/// The field whose values are presence itself.
pub(super) const EXISTS: &str = "_exists_";

/// States what a query means, for events as `schema` describes them. All refusals are given at
/// once; their spans are those of the tree.
pub fn lower(query: &Query, schema: &dyn Schema) -> Result<Translated<Expr>, Vec<QueryError>> {
    let mut lowering = Lowering { schema, ledger: Ledger::default(), errors: Vec::new() };
    let expr = lowering.query(query, None);
    if !lowering.errors.is_empty() {
        return Err(lowering.errors);
    }
    // INVARIANT: nothing here refuses through the ledger.
    lowering.ledger.close(expr).map_err(|_| Vec::new())
}

/// The part of a query that is at work, with what was found so far.
struct Lowering<'s> {
    schema: &'s dyn Schema,
    ledger: Ledger,
    errors: Vec<QueryError>,
}

impl Lowering<'_> {
    fn query(&mut self, query: &Query, field: Option<&Located<FieldName>>) -> Expr {
        match &query.value {
            Node::Clauses(clauses) => self.junction(clauses, field),
            Node::Field { name, query } => self.query(query, Some(name)),
            Node::Boosted { query, .. } => self.query(query, field),
            Node::Term(term) => {
                let expr = self.term(term, query.span, field);
                expr.unwrap_or_else(|error| {
                    self.errors.push(error);
                    Expr::True
                })
            }
        }
    }

    fn junction(&mut self, clauses: &[Clause], field: Option<&Located<FieldName>>) -> Expr {
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        let mut place = None;
        for clause in clauses {
            let expr = self.query(&clause.query, field);
            match clause.occur {
                Occur::Must => required.push(expr),
                Occur::MustNot => required.push(expr.negated()),
                Occur::Should => {
                    place.get_or_insert(required.len());
                    optional.push(expr);
                }
            }
        }
        let any_must = clauses.iter().any(|clause| clause.occur == Occur::Must);
        // Beside required clauses the optional ones only rank what those find.
        if let Some(place) = place.filter(|_| !any_must) {
            required.insert(place, Expr::any_of(optional));
        }
        Expr::all(required)
    }

    fn term(
        &mut self,
        term: &Term,
        span: Span,
        field: Option<&Located<FieldName>>,
    ) -> Result<Expr, QueryError> {
        let everything = matches!(term, Term::Wildcard(wildcard) if wildcard.pattern().is_any());
        let Some(name) = field.filter(|name| !name.value.is_any()) else {
            if everything {
                return Ok(Expr::True);
            }
            return term::anywhere(term, &mut self.ledger).map_err(|refusal| refusal.at(span));
        };
        let Some(path) = name.value.name() else {
            let message = "a pattern as field name means those fields that the index has";
            return Err(QueryError::unsupported(name.span, message).help("name the fields"));
        };
        if path == EXISTS {
            return exists(term).map_err(|refusal| refusal.at(span));
        }
        let path = FieldPath::new(path);
        let facts = self.schema.facts(&path);
        term::on_field(term, &path, &facts, &mut self.ledger).map_err(|refusal| refusal.at(span))
    }
}

/// `_exists_:path`
fn exists(term: &Term) -> Result<Expr, Refusal> {
    let path = match term {
        Term::Words(words) => words.text(),
        Term::Phrase { text, slop: None } if !text.is_empty() => text.clone(),
        _ => {
            return Err(Refusal::new("`_exists_:` takes the name of a field")
                .help("write `_exists_:field`, once for each field"));
        }
    };
    if path.contains('*') {
        return Err(Refusal::new("a pattern as field name means those fields that the index has")
            .help("name the fields"));
    }
    Ok(Test::field(FieldPath::new(path), Op::Exists).into())
}
