//! A query over several lines.

use super::super::ast::{Command, FromItem, Query, Source, Stage, Stats};
use super::super::expression::{Expression, Level, Node};
use super::expression::{in_word, like_word, write_expression};
use super::{assignment, command, expression, index, print, sort_key, source, stats_word};

/// Columns by which a broken list is indented.
const INDENT: usize = 2;

/// The query with one command a line, broken further where lines do not fit into `width`
/// characters and there is a place to break them. Comments before commands stay.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout { out: String::new(), column: 0, width };
    layout.comments(&query.source.comments);
    layout.source(&query.source.command.value);
    for stage in &query.commands {
        layout.line(0);
        layout.stage(stage, 0);
    }
    layout.out
}

/// Text in the making that knows its column.
struct Layout {
    out: String,
    column: usize,
    width: usize,
}

impl Layout {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn fits(&self, text: &str) -> bool {
        self.column + text.chars().count() <= self.width
    }

    fn comments(&mut self, comments: &[String]) {
        for comment in comments {
            self.push(comment);
            self.line(0);
        }
    }

    fn source(&mut self, from: &Source) {
        let line = source(from);
        let (Source::From(indices) | Source::Ts(indices)) = from else { return self.push(&line) };
        if self.fits(&line) {
            return self.push(&line);
        }
        self.push(if matches!(from, Source::From(_)) { "FROM" } else { "TS" });
        let items: Vec<String> = indices
            .items
            .iter()
            .map(|item| match item {
                FromItem::Pattern(pattern) => index(pattern),
                FromItem::Subquery(query) => format!("({})", print(query)),
            })
            .collect();
        self.items(&items, INDENT);
        if !indices.metadata.is_empty() {
            let names: Vec<String> = indices.metadata.iter().map(ToString::to_string).collect();
            self.line(INDENT);
            self.push(&format!("METADATA {}", names.join(", ")));
        }
    }

    fn stage(&mut self, stage: &Stage<Command>, indent: usize) {
        self.comments(&stage.comments);
        self.push("| ");
        let line = command(&stage.command.value);
        if self.fits(&line) {
            return self.push(&line);
        }
        let indent = indent + INDENT;
        match &stage.command.value {
            Command::Where(condition) => {
                self.push("WHERE ");
                self.node(condition, Level::Or, indent);
            }
            Command::Eval(values) => {
                self.push("EVAL");
                self.assignments(
                    values
                        .iter()
                        .map(|value| (super::assigned(value.name.as_ref()), &value.value, None)),
                    indent,
                );
            }
            Command::Stats(stats) => self.stats(stats, indent),
            Command::Keep(names) => self.command("KEEP", names, |name| name.value.to_string()),
            Command::Drop(names) => self.command("DROP", names, |name| name.value.to_string()),
            Command::Sort(keys) => self.command("SORT", keys, sort_key),
            _ => self.push(&line),
        }
    }

    /// A command whose items stand one a line.
    fn command<T>(&mut self, word: &str, items: &[T], print: impl Fn(&T) -> String) {
        self.push(word);
        let items: Vec<String> = items.iter().map(print).collect();
        self.items(&items, 2 * INDENT);
    }

    fn items(&mut self, items: &[String], indent: usize) {
        for (index, item) in items.iter().enumerate() {
            self.line(indent);
            self.push(item);
            self.push(if index + 1 < items.len() { "," } else { "" });
        }
    }

    fn stats(&mut self, stats: &Stats, indent: usize) {
        self.push(stats_word(stats));
        self.assignments(
            stats.aggregates.iter().map(|value| {
                (super::assigned(value.name.as_ref()), &value.value, value.filter.as_ref())
            }),
            indent,
        );
        if stats.by.is_empty() {
            return;
        }
        let by: Vec<String> = stats.by.iter().map(assignment).collect();
        self.line(indent);
        let line = format!("BY {}", by.join(", "));
        if self.fits(&line) {
            return self.push(&line);
        }
        self.push("BY");
        self.items(&by, indent + INDENT);
    }

    fn assignments<'n>(
        &mut self,
        items: impl ExactSizeIterator<Item = (String, &'n Node, Option<&'n Node>)>,
        indent: usize,
    ) {
        let last = items.len().saturating_sub(1);
        for (index, (name, value, filter)) in items.enumerate() {
            self.line(indent + INDENT);
            self.push(&name);
            self.node(value, Level::Or, indent + INDENT);
            if let Some(filter) = filter {
                self.push(" WHERE ");
                self.node(filter, Level::Or, indent + 2 * INDENT);
            }
            self.push(if index < last { "," } else { "" });
        }
    }

    /// Writes an expression whose further lines start at `indent`.
    fn node(&mut self, node: &Node, level: Level, indent: usize) {
        let mut line = String::new();
        write_expression(node, level, &mut line);
        if self.fits(&line) {
            return self.push(&line);
        }
        let own = Level::of(&node.value);
        // A conjunction over several lines is lost to the eye among the members of a disjunction.
        let and_in_or = level == Level::And && own == Level::And;
        if own < level || and_in_or {
            self.push("(");
            self.line(indent + INDENT);
            self.broken(&node.value, indent + INDENT);
            self.line(indent);
            return self.push(")");
        }
        self.broken(&node.value, indent);
    }

    fn broken(&mut self, node: &Expression, indent: usize) {
        match node {
            Expression::Or(members) => self.joined(members, "OR ", Level::And, indent),
            Expression::And(members) => self.joined(members, "AND ", Level::Not, indent),
            Expression::Not(inner) => {
                self.push("NOT ");
                self.node(inner, Level::Not, indent);
            }
            Expression::In { value, negated, list } => {
                self.node(value, Level::Sum, indent);
                self.push(in_word(*negated));
                self.enclosed(list, Level::Sum, indent);
            }
            Expression::Like { value, negated, regex, patterns } if patterns.len() > 1 => {
                self.node(value, Level::Sum, indent);
                self.push(like_word(*negated, *regex));
                self.enclosed(patterns, Level::Primary, indent);
            }
            Expression::Call { name, arguments, options: None } if !arguments.is_empty() => {
                self.push(name);
                self.enclosed(arguments, Level::Or, indent);
            }
            other => {
                let line = expression(&Node::from(other.clone()));
                self.push(&line);
            }
        }
    }

    fn joined(&mut self, members: &[Node], word: &str, level: Level, indent: usize) {
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.line(indent);
                self.push(word);
            }
            self.node(member, level, indent);
        }
    }

    /// A list in parentheses, one item a line.
    fn enclosed(&mut self, items: &[Node], level: Level, indent: usize) {
        self.push("(");
        for (index, item) in items.iter().enumerate() {
            self.line(indent + INDENT);
            self.node(item, level, indent + INDENT);
            self.push(if index + 1 < items.len() { "," } else { "" });
        }
        self.line(indent);
        self.push(")");
    }
}
