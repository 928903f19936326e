//! What a query language promises: text to tree to meaning, and back.

use std::fmt::Debug;

use serde::Serialize;

use super::kit::QueryError;
use crate::query::{Expr, Meaning, Refusal, Schema, Translated};

/// What a query names as the place that it takes its events from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Index patterns.
    pub index: Vec<String>,
    /// Fields of the index entry that it asks for beside those of the event.
    pub metadata: Vec<String>,
}

impl Reads {
    /// Index patterns and nothing else.
    pub fn index(patterns: &[String]) -> Self {
        Self { index: patterns.to_vec(), metadata: Vec::new() }
    }
}

/// One query language, with the tree that it reads queries into.
pub trait Language: Debug + Send + Sync + 'static {
    /// The typed tree. It serializes to what it says, without places, so that two trees that
    /// serialize alike are the same query.
    type Query: Debug + Serialize;

    /// The name on the command line: lower case, no blanks.
    const NAME: &'static str;

    /// The name for people.
    const TITLE: &'static str;

    /// Reads a query, or gives every error with its place in `text`.
    fn parse(text: &str) -> Result<Self::Query, Vec<QueryError>>;

    /// Writes a query on one line, if its language has one-line queries.
    fn print(query: &Self::Query) -> String;

    /// Writes a query over several lines where it does not fit into `width` characters.
    fn pretty(query: &Self::Query, width: usize) -> String {
        let _ = width;
        Self::print(query)
    }

    /// States what a query means for events as `schema` describes them, with the assumptions that
    /// this leans on. What cannot be stated is refused, all of it, at its place.
    fn lower(
        query: &Self::Query,
        schema: &dyn Schema,
    ) -> Result<Translated<Meaning>, Vec<QueryError>>;

    /// Writes a query that asks for the same, with all that this costs, or says why the language
    /// has no means for it.
    fn raise(
        meaning: &Meaning,
        schema: &dyn Schema,
    ) -> Result<Translated<Self::Query>, Vec<Refusal>>;

    /// Whether queries name what they read; in the other languages that is the business of whatever
    /// surrounds the query.
    const NAMES_SOURCE: bool = false;

    /// What a query reads, if it says so.
    fn source(query: &Self::Query) -> Option<Reads> {
        let _ = query;
        None
    }

    /// Lets a query read these index patterns, if there are any, and ask for this metadata beside
    /// its own. Nothing happens in languages whose queries do not name what they read.
    fn set_source(query: &mut Self::Query, reads: &Reads) {
        let _ = (query, reads);
    }
}

/// Puts a language into the registry, from the functions `parse`, `print`, `lower` and `raise` and
/// the tree `Query` of the module where this stands. Behind the names stand the function that writes
/// a query over several lines and those that tell and set what it reads, if there are such.
macro_rules! language {
    ($(#[$doc:meta])* $name:ident = $id:literal, $title:literal $(, $pretty:ident $(, $source:ident, $set:ident)?)?) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl $crate::language::contract::Language for $name {
            type Query = Query;
            const NAME: &'static str = $id;
            const TITLE: &'static str = $title;

            fn parse(text: &str) -> Result<Query, Vec<$crate::language::kit::QueryError>> {
                parse(text)
            }

            fn print(query: &Query) -> String {
                print(query)
            }

            $(fn pretty(query: &Query, width: usize) -> String {
                $pretty(query, width)
            })?

            $($(const NAMES_SOURCE: bool = true;

            fn source(query: &Query) -> Option<$crate::language::contract::Reads> {
                $source(query)
            }

            fn set_source(query: &mut Query, reads: &$crate::language::contract::Reads) {
                $set(query, reads);
            })?)?

            fn lower(
                query: &Query,
                schema: &dyn $crate::query::Schema,
            ) -> Result<
                $crate::query::Translated<$crate::query::Meaning>,
                Vec<$crate::language::kit::QueryError>,
            > {
                lower(query, schema).map($crate::language::contract::Stated::stated)
            }

            fn raise(
                meaning: &$crate::query::Meaning,
                schema: &dyn $crate::query::Schema,
            ) -> Result<$crate::query::Translated<Query>, Vec<$crate::query::Refusal>> {
                raise($crate::language::contract::Asked::asked(meaning, $title)?, schema)
            }
        }
    };
}
pub(super) use language;

/// What the `lower` of a language gives: a language without assumptions gives no place for them,
/// and one that asks for single events only gives an expression.
pub(super) trait Stated {
    /// As every language gives it.
    fn stated(self) -> Translated<Meaning>;
}

impl Stated for Expr {
    fn stated(self) -> Translated<Meaning> {
        Translated::exact(Meaning::Match(self))
    }
}

impl Stated for Translated<Expr> {
    fn stated(self) -> Translated<Meaning> {
        self.map(Meaning::Match)
    }
}

impl Stated for Translated<Meaning> {
    fn stated(self) -> Translated<Meaning> {
        self
    }
}

/// What the `raise` of a language takes: all meanings, or an expression for single events.
pub(super) trait Asked<'m>: Sized {
    /// The part of a meaning that the language named `title` takes.
    fn asked(meaning: &'m Meaning, title: &str) -> Result<Self, Vec<Refusal>>;
}

impl<'m> Asked<'m> for &'m Meaning {
    fn asked(meaning: &'m Meaning, _: &str) -> Result<Self, Vec<Refusal>> {
        Ok(meaning)
    }
}

impl<'m> Asked<'m> for &'m Expr {
    fn asked(meaning: &'m Meaning, title: &str) -> Result<Self, Vec<Refusal>> {
        single(meaning, title)
    }
}

/// The expression of a query for single events; the refusal of a language that has nothing else.
pub(super) fn single<'m>(meaning: &'m Meaning, title: &str) -> Result<&'m Expr, Vec<Refusal>> {
    meaning.as_match().ok_or_else(|| {
        let (code, what) = match meaning {
            Meaning::Threshold(_) => ("threshold", "counts events"),
            _ => ("sequence", "relates several events"),
        };
        vec![Refusal { code, field: None, reason: format!("the query {what}; {title} cannot") }]
    })
}
