//! The typed tree of an ES|QL query: a source command and what its rows are piped through.
//!
//! Words that ES|QL reads in any letter case are kept in one: function names in capitals, types
//! and units of time in small letters. So trees are compared by what they say.

use serde::Serialize;

use super::expression::{Node, Options};
use super::name::{Name, NamePattern};
use crate::language::kit::Located;

/// A whole query, a branch of `FORK` without its source, or a subquery of `FROM`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// Where the rows come from.
    pub source: Stage<Source>,
    /// What they go through, in this order.
    pub commands: Vec<Stage<Command>>,
}

/// A command with its place, and the comments that stand between it and the one before.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Stage<C> {
    /// The command.
    pub command: Located<C>,
    /// Comments before it, with their marks. They are no part of what a query says, so they are
    /// ignored where trees are compared.
    #[serde(skip)]
    pub comments: Vec<String>,
}

/// The first command of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `FROM patterns METADATA names`.
    From(Indices),
    /// `TS patterns METADATA names`: the same for time series.
    Ts(Indices),
    /// `ROW name = value, ...`: one row of constants.
    Row(Vec<Assignment>),
    /// `SHOW INFO`, or whatever else is to be shown.
    Show(String),
}

/// What `FROM` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Indices {
    /// Index patterns and subqueries, at least one.
    pub items: Vec<FromItem>,
    /// Fields of the index entry rather than of the event: `_id`, `_index`, ...
    pub metadata: Vec<Name>,
}

/// One thing that `FROM` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FromItem {
    /// A name of indices with `*` for any run of characters, perhaps with a cluster and a colon
    /// before it.
    Pattern(String),
    /// `(FROM ... | ...)`.
    Subquery(Box<Query>),
}

/// What rows go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// `WHERE condition`.
    Where(Node),
    /// `EVAL name = value, ...`.
    Eval(Vec<Assignment>),
    /// `KEEP patterns`.
    Keep(Vec<Located<NamePattern>>),
    /// `DROP patterns`.
    Drop(Vec<Located<NamePattern>>),
    /// `RENAME old AS new, ...`; `new = old` is the same.
    Rename(Vec<Renaming>),
    /// `STATS` or `INLINE STATS`.
    Stats(Stats),
    /// `SORT keys`.
    Sort(Vec<SortKey>),
    /// `LIMIT count`.
    Limit(Node),
    /// `SAMPLE probability`.
    Sample(Node),
    /// `DISSECT input "pattern" APPEND_SEPARATOR="..."`.
    Dissect {
        /// What is taken apart.
        input: Node,
        /// How.
        pattern: Located<String>,
        /// What stands between appended values.
        separator: Option<String>,
    },
    /// `GROK input "pattern", ...`.
    Grok {
        /// What is taken apart.
        input: Node,
        /// How; the first that matches counts.
        patterns: Vec<Located<String>>,
    },
    /// `ENRICH policy ON field WITH name = field, ...`.
    Enrich {
        /// The policy, perhaps with a mode and a colon before it.
        policy: String,
        /// The column to look up.
        on: Option<Located<Name>>,
        /// The columns to add.
        with: Vec<Enriched>,
    },
    /// `LOOKUP JOIN index ON fields or condition`.
    LookupJoin {
        /// The index to look things up in.
        index: String,
        /// What has to agree.
        on: Vec<Node>,
    },
    /// `MV_EXPAND column`: one row for each value.
    MvExpand(Located<Name>),
    /// `FORK (commands) (commands) ...`.
    Fork(Vec<Vec<Stage<Command>>>),
    /// `FUSE method SCORE BY column GROUP BY column KEY BY columns WITH options`.
    Fuse(Fuse),
    /// `CHANGE_POINT value ON key AS type, p-value`.
    ChangePoint {
        /// The column to look at.
        value: Located<Name>,
        /// The column that gives the order.
        on: Option<Located<Name>>,
        /// The columns to add.
        names: Option<(Located<Name>, Located<Name>)>,
    },
    /// `COMPLETION name = prompt WITH options`.
    Completion {
        /// The column to add.
        name: Option<Located<Name>>,
        /// What is asked.
        prompt: Node,
        /// Which model is asked.
        with: Option<Options>,
    },
    /// `RERANK name = query ON fields WITH options`.
    Rerank {
        /// The column to add.
        name: Option<Located<Name>>,
        /// What the rows are ranked for.
        query: Node,
        /// What is looked at.
        on: Vec<Assignment>,
        /// Which model is asked.
        with: Option<Options>,
    },
    /// `URI_PARTS prefix = value` and its like: columns `prefix.part` for the parts of a text.
    Parts {
        /// The command, in capitals.
        command: String,
        /// The start of the columns' names.
        prefix: Located<Name>,
        /// What is taken apart.
        value: Node,
        /// How.
        with: Option<Options>,
    },
}

/// A value and the column it goes to; without a name the column is called like the expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// The column.
    pub name: Option<Located<Name>>,
    /// The value.
    pub value: Node,
}

/// `old AS new`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renaming {
    /// The name so far.
    pub old: Located<Name>,
    /// The name from here on.
    pub new: Located<Name>,
}

/// `name = field` of `ENRICH`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enriched {
    /// The column; called like the field if absent.
    pub name: Option<Located<Name>>,
    /// The field of the policy.
    pub field: Located<Name>,
}

/// `STATS aggregates BY groups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Whether the rows stay and get the results as further columns.
    pub inline: bool,
    /// What is computed.
    pub aggregates: Vec<Aggregate>,
    /// What the rows of a group agree in.
    pub by: Vec<Assignment>,
}

/// `name = COUNT(*) WHERE condition`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Aggregate {
    /// The column; called like the expression if absent.
    pub name: Option<Located<Name>>,
    /// The value.
    pub value: Node,
    /// Which rows it is computed over.
    pub filter: Option<Node>,
}

/// `value ASC NULLS FIRST`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SortKey {
    /// What is compared.
    pub value: Node,
    /// Whether the greatest comes first, where the query says so or not.
    pub descending: Option<bool>,
    /// Whether rows without the value come first, where the query says so or not.
    pub nulls_first: Option<bool>,
}

/// The clauses of `FUSE`, all of them optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fuse {
    /// `RRF` or `LINEAR`, in capitals.
    pub method: Option<String>,
    /// `SCORE BY`.
    pub score: Option<Located<Name>>,
    /// `GROUP BY`.
    pub group: Option<Located<Name>>,
    /// `KEY BY`.
    pub key: Vec<Located<Name>>,
    /// `WITH`.
    pub with: Option<Options>,
}

impl<C> Stage<C> {
    /// A command without a place and without comments.
    pub fn new(command: C) -> Self {
        Self { command: command.into(), comments: Vec::new() }
    }
}

impl<C: PartialEq> PartialEq for Stage<C> {
    fn eq(&self, other: &Self) -> bool {
        self.command == other.command
    }
}

impl<C: Eq> Eq for Stage<C> {}
