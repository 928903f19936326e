//! Every query language behind one door.
//!
//! A language implements [`Language`] with its own tree type and gets a line in [`ALL`]. Whoever
//! works with a language that is known only by name (`crosswalk convert --to kql`, the test suite
//! that all languages share) uses it as a [`Dialect`].

use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value as Json;

use super::kit::QueryError;
use super::{datadog, eql, esql, kql, lucene, sigma};
use crate::query::{Meaning, Refusal, Schema, Translated};

/// Every language, sorted by name.
pub static ALL: &[&dyn Dialect] =
    &[&datadog::Datadog, &eql::Eql, &esql::Esql, &kql::Kql, &lucene::Lucene, &sigma::Sigma];

/// The language of a name, which is also the value of `--from` and `--to`.
pub fn by_name(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|language| language.name() == name)
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

    /// Lets a query read these index patterns, in a language whose queries name what they read.
    /// For the others that is the business of whatever surrounds the query.
    fn set_source(query: &mut Self::Query, patterns: &[String]) {
        let _ = (query, patterns);
    }
}

/// A [`Language`] whose tree type is hidden.
pub trait Dialect: Debug + Send + Sync {
    /// See [`Language::NAME`].
    fn name(&self) -> &'static str;

    /// See [`Language::TITLE`].
    fn title(&self) -> &'static str;

    /// Reads a query and keeps it.
    fn read(&self, text: &str) -> Result<Box<dyn Read>, Vec<QueryError>>;

    /// Writes a query that asks for `meaning`.
    fn raise(
        &self,
        meaning: &Meaning,
        schema: &dyn Schema,
    ) -> Result<Translated<Box<dyn Read>>, Vec<Refusal>>;
}

/// A query that has been read or raised, in whatever language.
pub trait Read: Debug {
    /// The tree as JSON, without places.
    fn tree(&self) -> Json;

    /// See [`Language::print`].
    fn print(&self) -> String;

    /// See [`Language::pretty`].
    fn pretty(&self, width: usize) -> String;

    /// See [`Language::lower`].
    fn lower(&self, schema: &dyn Schema) -> Result<Translated<Meaning>, Vec<QueryError>>;

    /// See [`Language::set_source`].
    fn set_source(&mut self, patterns: &[String]);
}

/// A tree together with its language.
#[derive(Debug)]
struct Query<L: Language>(L::Query);

impl<L: Language> Dialect for L {
    fn name(&self) -> &'static str {
        L::NAME
    }

    fn title(&self) -> &'static str {
        L::TITLE
    }

    fn read(&self, text: &str) -> Result<Box<dyn Read>, Vec<QueryError>> {
        Ok(Box::new(Query::<L>(L::parse(text)?)))
    }

    fn raise(
        &self,
        meaning: &Meaning,
        schema: &dyn Schema,
    ) -> Result<Translated<Box<dyn Read>>, Vec<Refusal>> {
        let Translated { value, losses, assumptions } = L::raise(meaning, schema)?;
        Ok(Translated { value: Box::new(Query::<L>(value)), losses, assumptions })
    }
}

impl<L: Language> Read for Query<L> {
    fn tree(&self) -> Json {
        // INVARIANT: trees have string keys only, so they can be written as JSON.
        serde_json::to_value(&self.0).unwrap_or_default()
    }

    fn print(&self) -> String {
        L::print(&self.0)
    }

    fn pretty(&self, width: usize) -> String {
        L::pretty(&self.0, width)
    }

    fn lower(&self, schema: &dyn Schema) -> Result<Translated<Meaning>, Vec<QueryError>> {
        L::lower(&self.0, schema)
    }

    fn set_source(&mut self, patterns: &[String]) {
        L::set_source(&mut self.0, patterns);
    }
}

/// The expression of a query for single events; the refusal of a language that has nothing else.
pub(super) fn single<'m>(
    meaning: &'m Meaning,
    title: &str,
) -> Result<&'m crate::query::Expr, Vec<Refusal>> {
    meaning.as_match().ok_or_else(|| {
        let (code, what) = match meaning {
            Meaning::Threshold(_) => ("threshold", "counts events"),
            _ => ("sequence", "relates several events"),
        };
        vec![Refusal { code, field: None, reason: format!("the query {what}; {title} cannot") }]
    })
}
