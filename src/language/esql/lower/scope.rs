//! Which columns there are at a place of the pipe, and what they hold.

use std::collections::HashMap;

use super::super::name::NamePattern;
use super::column::{Column, Field};
use crate::language::kit::QueryError;
use crate::source::Span;

/// Columns that describe the index entry of an event rather than the event. Source: Elastic's
/// page *ES|QL metadata fields*.
const METADATA: &[&str] = &[
    "_id",
    "_ignored",
    "_index",
    "_index_mode",
    "_score",
    "_size",
    "_source",
    "_tsid",
    "_version",
];

/// The columns: those that commands made, and the fields of the event that are still there.
#[derive(Debug, Default)]
pub(super) struct Scope {
    made: HashMap<String, Column>,
    /// What took fields away.
    filters: Vec<Filter>,
}

#[derive(Debug)]
enum Filter {
    /// `KEEP`.
    Only(Vec<NamePattern>),
    /// `DROP`, and the old names of `RENAME`.
    Without(Vec<NamePattern>),
    /// `STATS`.
    None,
}

impl Scope {
    /// What a name stands for.
    pub(super) fn get(&self, name: &str, span: Span) -> Result<Column, Box<QueryError>> {
        if let Some(column) = self.made.get(name) {
            return Ok(column.clone());
        }
        let by = self.filters.iter().find_map(|filter| match filter {
            Filter::Only(patterns) => {
                (!patterns.iter().any(|pattern| pattern.matches(name))).then_some("KEEP")
            }
            Filter::Without(patterns) => {
                patterns.iter().any(|pattern| pattern.matches(name)).then_some("DROP")
            }
            Filter::None => Some("STATS"),
        });
        if let Some(by) = by {
            let message = format!("there is no column `{name}` any more: `{by}` has dropped it");
            return Err(QueryError::unsupported(span, message).into());
        }
        if METADATA.contains(&name) {
            let message = format!("`{name}` tells of the index entry, not of the event");
            return Err(QueryError::unsupported(span, message).into());
        }
        Ok(Column::Field(Field::plain(name)))
    }

    /// What it costs to look at some patterns or names, in tests: little, but queries can be long.
    pub(super) fn cost(&self, names: usize) -> usize {
        (self.made.len() * names) / 1_000 + self.filters.len()
    }

    /// Makes a column, or makes it anew.
    pub(super) fn bind(&mut self, name: &str, column: Column) {
        self.made.insert(name.to_owned(), column);
    }

    /// Leaves only columns that match.
    pub(super) fn keep(&mut self, patterns: Vec<NamePattern>) {
        self.made.retain(|name, _| patterns.iter().any(|pattern| pattern.matches(name)));
        self.filters.push(Filter::Only(patterns));
    }

    /// Takes columns away.
    pub(super) fn drop(&mut self, patterns: Vec<NamePattern>) {
        self.made.retain(|name, _| !patterns.iter().any(|pattern| pattern.matches(name)));
        self.filters.push(Filter::Without(patterns));
    }

    /// Takes all columns away.
    pub(super) fn clear(&mut self) {
        self.made.clear();
        self.filters.push(Filter::None);
    }
}
