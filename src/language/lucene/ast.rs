//! The typed tree of a query string.
//!
//! The tree is what Elasticsearch makes of the text, not what the words seem to say: `AND` and
//! `OR` are no operators with a precedence, they mark the clauses around them as required or
//! optional. So a junction is a list of [`Clause`]s with an [`Occur`] each.

use serde::Serialize;

use super::atom::{Bound, Comparison, Decimal, Expression, Wildcard, Word, Words};
use crate::language::kit::Located;
use crate::query::{Part, Pattern};

/// A whole query, or any part of one that could stand alone.
pub type Query = Located<Node>;

/// What a query is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Two or more clauses, or one that is required or prohibited.
    Clauses(Vec<Clause>),
    /// `field:query`: the field of all terms in the query that have none of their own.
    Field {
        /// Which field, or fields.
        name: Located<FieldName>,
        /// What is looked for in it.
        query: Box<Query>,
    },
    /// `query^2`: counts more when results are ranked.
    Boosted {
        /// What is ranked.
        query: Box<Query>,
        /// The factor.
        factor: Decimal,
    },
    /// A single search.
    #[serde(untagged)]
    Term(Term),
}

/// A member of a junction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// What the junction wants of it.
    pub occur: Occur,
    /// The member.
    pub query: Query,
}

/// What a junction wants of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Occur {
    /// It holds.
    Must,
    /// It may hold; if no clause must, one that should has to.
    Should,
    /// It does not hold.
    MustNot,
}

/// The field part of `field:query`. In a name `*` is a wildcard even behind a backslash, and so
/// no query finds a field with a star in its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldName(Pattern);

/// A single search.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Words without quotes that no operator separates. Elasticsearch hands them to the field's
    /// analyser together, as one text.
    Words(Words),
    /// `term~`, `term~1`: texts that differ in a few letters.
    Fuzzy {
        /// The text.
        text: Word,
        /// How many, if it is said.
        distance: Option<Decimal>,
    },
    /// `"words in quotes"`.
    Phrase {
        /// The text, free of escapes.
        text: String,
        /// `~2`: how far the words may be moved. A tilde without a number says nothing.
        slop: Option<Decimal>,
    },
    /// A term with `*` or `?`.
    Wildcard(Wildcard),
    /// `/expression/`.
    Regex(Expression),
    /// `>=5`.
    Compare(Comparison),
    /// `[1 TO 5]`, `{1 TO *]`.
    Range {
        /// The lower end.
        from: Bound,
        /// The upper end.
        to: Bound,
    },
}

impl Query {
    /// A search without a place.
    pub fn term(term: Term) -> Self {
        Node::Term(term).into()
    }

    /// `name:query`.
    pub fn field(name: FieldName, query: Query) -> Self {
        Node::Field { name: name.into(), query: Box::new(query) }.into()
    }

    /// A junction: a lone clause that may hold is what it holds. `None` of nothing.
    pub fn clauses(mut clauses: Vec<Clause>) -> Option<Self> {
        match clauses.as_slice() {
            [] => None,
            [Clause { occur: Occur::Should, .. }] => clauses.pop().map(|clause| clause.query),
            _ => Some(Node::Clauses(clauses).into()),
        }
    }

    /// `*:*`, which every event matches.
    pub fn everything() -> Self {
        Query::field(FieldName(Pattern::any()), Query::term(Term::Wildcard(Wildcard::any())))
    }

    /// The complement. A lone prohibited clause is what it prohibits.
    pub fn negated(self) -> Self {
        match self.value {
            Node::Clauses(mut clauses)
                if matches!(clauses.as_slice(), [Clause { occur: Occur::MustNot, .. }]) =>
            {
                // INVARIANT: the pattern above saw one clause.
                clauses.pop().map_or_else(Query::everything, |clause| clause.query)
            }
            value => {
                let query = Located::new(value, self.span);
                Node::Clauses(vec![Clause { occur: Occur::MustNot, query }]).into()
            }
        }
    }
}

impl FieldName {
    /// The field or fields of a name in which `*` is a wildcard.
    pub fn new(text: &str) -> Self {
        if !text.contains('*') {
            return Self(Pattern::literal(text));
        }
        let pieces = text.split('*').map(|piece| Part::Literal(piece.to_owned()));
        let parts = pieces
            .enumerate()
            .flat_map(|(i, p)| (i > 0).then_some(Part::Any).into_iter().chain([p]));
        Self(parts.collect())
    }

    /// The name of one field; `None` for a pattern.
    pub fn name(&self) -> Option<&str> {
        self.0.as_literal()
    }

    /// Whether it is `*`.
    pub fn is_any(&self) -> bool {
        self.0.is_any()
    }

    /// The name with its wildcards.
    pub fn pattern(&self) -> &Pattern {
        &self.0
    }
}
