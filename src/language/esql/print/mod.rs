//! From tree to text: on one line, or one command a line.
//!
//! Keywords and functions are written in capitals, as Elastic's reference pages do. Only
//! parentheses that the tree needs are written, so `parse(print(query))` is `query`, and the same
//! holds for [`pretty`]. Comments before a command stay in [`pretty`]; one line has no place for
//! them, and those inside a command are not in the tree.

mod expression;
mod layout;

use std::fmt;

use super::ast::{
    Aggregate, Assignment, Command, FromItem, Fuse, Indices, Query, SortKey, Source, Stage, Stats,
};
use super::expression::{Level, Node, Options};
use super::lex;
use super::name::Name;
use crate::language::kit::Located;
use expression::{write_expression, write_options, write_text};
pub use layout::pretty;

/// The query on one line, without its comments.
pub fn print(query: &Query) -> String {
    let mut out = source(&query.source.command.value);
    for stage in &query.commands {
        out.push_str(" | ");
        out.push_str(&command(&stage.command.value));
    }
    out
}

/// On one line, what decides over the rows that the last `LIMIT` of a query keeps: the commands up to
/// it. What it keeps of other rows, or of these in another order, are not the same rows.
pub fn limited(query: &Query) -> Option<String> {
    let is_limit = |stage: &Stage<Command>| matches!(stage.command.value, Command::Limit(_));
    let last = query.commands.iter().rposition(is_limit)?;
    let commands = query.commands.iter().take(last + 1);
    let commands: Vec<String> = commands.map(|stage| command(&stage.command.value)).collect();
    Some(commands.join(" | "))
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// A value on one line, which is also the name of its column where the query gives none.
pub(super) fn value(node: &Node) -> String {
    expression(node)
}

/// A source command on one line.
fn source(source: &Source) -> String {
    match source {
        Source::From(indices) => format!("FROM {}", from(indices)),
        Source::Ts(indices) => format!("TS {}", from(indices)),
        Source::Row(values) => format!("ROW {}", joined(values, assignment)),
        Source::Show(what) => format!("SHOW {what}"),
    }
}

fn from(indices: &Indices) -> String {
    let items = joined(&indices.items, |item| match item {
        FromItem::Pattern(pattern) => index(pattern),
        FromItem::Subquery(query) => format!("({})", print(query)),
    });
    if indices.metadata.is_empty() {
        return items;
    }
    format!("{items} METADATA {}", joined(&indices.metadata, ToString::to_string))
}

/// A command on one line.
fn command(command: &Command) -> String {
    match command {
        Command::Where(condition) => format!("WHERE {}", expression(condition)),
        Command::Eval(values) => format!("EVAL {}", joined(values, assignment)),
        Command::Keep(names) => format!("KEEP {}", joined(names, |name| name.value.to_string())),
        Command::Drop(names) => format!("DROP {}", joined(names, |name| name.value.to_string())),
        Command::Rename(names) => {
            let names = joined(names, |name| format!("{} AS {}", name.old.value, name.new.value));
            format!("RENAME {names}")
        }
        Command::Stats(stats) => {
            format!("{}{}{}", stats_word(stats), spaced(&aggregates(stats)), by(stats))
        }
        Command::Sort(keys) => format!("SORT {}", joined(keys, sort_key)),
        Command::Limit(count) => format!("LIMIT {}", operand(count)),
        Command::Sample(probability) => format!("SAMPLE {}", operand(probability)),
        Command::Fork(branches) => {
            let branches: Vec<String> = branches.iter().map(|branch| fork_branch(branch)).collect();
            format!("FORK {}", branches.join(" "))
        }
        other => transformation(other),
    }
}

/// A command that adds columns by looking into texts, other indices or models.
fn transformation(command: &Command) -> String {
    match command {
        Command::Dissect { input, pattern, separator } => {
            let separator =
                separator.as_ref().map(|text| format!(" APPEND_SEPARATOR={}", quoted(text)));
            let separator = separator.unwrap_or_default();
            format!("DISSECT {} {}{separator}", operand(input), quoted(&pattern.value))
        }
        Command::Grok { input, patterns } => {
            let patterns = joined(patterns, |pattern| quoted(&pattern.value));
            format!("GROK {} {patterns}", operand(input))
        }
        Command::Enrich { policy, on, with } => {
            let with = joined(with, |enriched| {
                format!("{}{}", assigned(enriched.name.as_ref()), enriched.field.value)
            });
            let with = if with.is_empty() { with } else { format!(" WITH {with}") };
            format!("ENRICH {}{}{with}", index(policy), clause("ON", on.as_ref()))
        }
        Command::LookupJoin { index: name, on } => {
            format!("LOOKUP JOIN {} ON {}", index(name), joined(on, expression))
        }
        Command::MvExpand(name) => format!("MV_EXPAND {}", name.value),
        Command::Fuse(fuse) => fuse_clauses(fuse),
        Command::ChangePoint { value, on, names } => {
            let names = names.as_ref().map(|(kind, p)| format!(" AS {}, {}", kind.value, p.value));
            let names = names.unwrap_or_default();
            format!("CHANGE_POINT {}{}{names}", value.value, clause("ON", on.as_ref()))
        }
        Command::Completion { name, prompt, with } => {
            let name = assigned(name.as_ref());
            format!("COMPLETION {name}{}{}", operand(prompt), options(with.as_ref()))
        }
        Command::Rerank { name, query, on, with } => {
            let (name, on) = (assigned(name.as_ref()), joined(on, assignment));
            format!("RERANK {name}{} ON {on}{}", operand(query), options(with.as_ref()))
        }
        Command::Parts { command, prefix, value, with } => {
            let with = options(with.as_ref());
            format!("{command} {} = {}{with}", prefix.value, expression(value))
        }
        // INVARIANT: the others are written by `command`.
        _ => String::new(),
    }
}

fn fuse_clauses(fuse: &Fuse) -> String {
    let mut out = String::from("FUSE");
    if let Some(method) = &fuse.method {
        out.push_str(&spaced(method));
    }
    out.push_str(&clause("SCORE BY", fuse.score.as_ref()));
    out.push_str(&clause("GROUP BY", fuse.group.as_ref()));
    if !fuse.key.is_empty() {
        out.push_str(" KEY BY ");
        out.push_str(&joined(&fuse.key, |name| name.value.to_string()));
    }
    out + &options(fuse.with.as_ref())
}

fn fork_branch(branch: &[Stage<Command>]) -> String {
    let commands: Vec<String> = branch.iter().map(|stage| command(&stage.command.value)).collect();
    format!("({})", commands.join(" | "))
}

fn stats_word(stats: &Stats) -> &'static str {
    if stats.inline { "INLINE STATS" } else { "STATS" }
}

fn aggregates(stats: &Stats) -> String {
    joined(&stats.aggregates, aggregate)
}

fn aggregate(aggregate: &Aggregate) -> String {
    let filter = aggregate.filter.as_ref().map(|filter| format!(" WHERE {}", expression(filter)));
    let name = assigned(aggregate.name.as_ref());
    format!("{name}{}{}", expression(&aggregate.value), filter.unwrap_or_default())
}

fn by(stats: &Stats) -> String {
    if stats.by.is_empty() {
        String::new()
    } else {
        format!(" BY {}", joined(&stats.by, assignment))
    }
}

fn sort_key(key: &SortKey) -> String {
    let order = match key.descending {
        Some(true) => " DESC",
        Some(false) => " ASC",
        None => "",
    };
    let nulls = match key.nulls_first {
        Some(true) => " NULLS FIRST",
        Some(false) => " NULLS LAST",
        None => "",
    };
    format!("{}{order}{nulls}", expression(&key.value))
}

fn assignment(assignment: &Assignment) -> String {
    format!("{}{}", assigned(assignment.name.as_ref()), expression(&assignment.value))
}

fn assigned(name: Option<&Located<Name>>) -> String {
    name.map(|name| format!("{} = ", name.value)).unwrap_or_default()
}

/// ` WORD name`, if there is a name.
fn clause(word: &str, name: Option<&Located<Name>>) -> String {
    name.map(|name| format!(" {word} {}", name.value)).unwrap_or_default()
}

fn options(options: Option<&Options>) -> String {
    let mut out = String::new();
    if let Some(options) = options {
        out.push_str(" WITH ");
        write_options(options, &mut out);
    }
    out
}

fn expression(node: &Node) -> String {
    let mut out = String::new();
    write_expression(node, Level::Or, &mut out);
    out
}

/// A value where the grammar has no room for an operator.
fn operand(node: &Node) -> String {
    let mut out = String::new();
    write_expression(node, Level::Sign, &mut out);
    out
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_text(text, &mut out);
    out
}

/// A pattern of indices, in quotes if it needs them.
fn index(pattern: &str) -> String {
    if lex::is_plain_index(pattern) { pattern.to_owned() } else { quoted(pattern) }
}

fn spaced(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text}") }
}

fn joined<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}
