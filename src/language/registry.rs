//! Every query language behind one door.
//!
//! A language implements [`Language`] with its own tree type and gets a line in [`ALL`]. Whoever
//! works with a language that is known only by name (`crosswalk convert --to kql`, the test suite
//! that all languages share) uses it as a [`Dialect`].

use std::fmt::Debug;

use serde_json::Value as Json;

pub use super::contract::{Language, Reads};
use super::kit::QueryError;
use super::{datadog, eql, esql, kql, lucene, sigma};
use crate::query::{Assumption, Meaning, Refusal, Schema, Translated};

/// Every language, sorted by name.
pub static ALL: &[&dyn Dialect] =
    &[&datadog::Datadog, &eql::Eql, &esql::Esql, &kql::Kql, &lucene::Lucene, &sigma::Sigma];

/// The language of a name, which is also the value of `--from` and `--to`.
pub fn by_name(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|language| language.name() == name)
}

/// A [`Language`] whose tree type is hidden.
pub trait Dialect: Debug + Send + Sync {
    /// See [`Language::NAME`].
    fn name(&self) -> &'static str;

    /// See [`Language::TITLE`].
    fn title(&self) -> &'static str;

    /// See [`Language::NAMES_SOURCE`].
    fn names_source(&self) -> bool;

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

    /// See [`Language::source`].
    fn source(&self) -> Option<Reads>;

    /// See [`Language::set_source`].
    fn set_source(&mut self, reads: &Reads);
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

    fn names_source(&self) -> bool {
        L::NAMES_SOURCE
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

    fn source(&self) -> Option<Reads> {
        L::source(&self.0)
    }

    fn set_source(&mut self, reads: &Reads) {
        L::set_source(&mut self.0, reads);
    }
}

/// Lets a query read what `reads` says. The assumption is about index patterns that nobody has named.
pub fn read_from(query: &mut dyn Read, reads: &Reads) -> Option<Assumption> {
    query.set_source(reads);
    let own = query.source().filter(|_| reads.index.is_empty())?;
    let reason =
        format!("the events are in `{}`, for the rule names no index", own.index.join(", "));
    Some(Assumption { code: "index", field: None, reason })
}
