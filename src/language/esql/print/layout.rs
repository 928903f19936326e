//! A query over several lines.

use super::super::ast::{Command, FromItem, Query, Source, Stage, Stats};
use super::super::expression::{Expression, Level, Node};
use super::expression::{in_word, like_word, write_expression};
use super::{assignment, command, expression, index, print, sort_key, source, stats_word};
use crate::language::kit::{INDENT, Layout};

/// The query with one command a line, broken further where lines do not fit into `width`
/// characters and there is a place to break them. Comments before commands stay.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout::new(width);
    lay_out_comments(&query.source.comments, &mut layout);
    lay_out_source(&query.source.command.value, &mut layout);
    for stage in &query.commands {
        layout.line(0);
        lay_out_stage(stage, 0, &mut layout);
    }
    layout.finish()
}

fn lay_out_comments(comments: &[String], layout: &mut Layout) {
    for comment in comments {
        layout.push(comment);
        layout.line(0);
    }
}

fn lay_out_source(from: &Source, layout: &mut Layout) {
    let line = source(from);
    let (Source::From(indices) | Source::Ts(indices)) = from else { return layout.push(&line) };
    if layout.fits(&line) {
        return layout.push(&line);
    }
    layout.push(if matches!(from, Source::From(_)) { "FROM" } else { "TS" });
    let items: Vec<String> = indices
        .items
        .iter()
        .map(|item| match item {
            FromItem::Pattern(pattern) => index(pattern),
            FromItem::Subquery(query) => format!("({})", print(query)),
        })
        .collect();
    lay_out_items(&items, INDENT, layout);
    if !indices.metadata.is_empty() {
        let names: Vec<String> = indices.metadata.iter().map(ToString::to_string).collect();
        layout.line(INDENT);
        layout.push(&format!("METADATA {}", names.join(", ")));
    }
}

fn lay_out_stage(stage: &Stage<Command>, indent: usize, layout: &mut Layout) {
    lay_out_comments(&stage.comments, layout);
    layout.push("| ");
    let line = command(&stage.command.value);
    if layout.fits(&line) {
        return layout.push(&line);
    }
    let indent = indent + INDENT;
    match &stage.command.value {
        Command::Where(condition) => {
            layout.push("WHERE ");
            lay_out_node(condition, Level::Or, indent, layout);
        }
        Command::Eval(values) => {
            layout.push("EVAL");
            lay_out_assignments(
                values
                    .iter()
                    .map(|value| (super::assigned(value.name.as_ref()), &value.value, None)),
                indent,
                layout,
            );
        }
        Command::Stats(stats) => lay_out_stats(stats, indent, layout),
        Command::Keep(names) => {
            lay_out_command("KEEP", names, |name| name.value.to_string(), layout)
        }
        Command::Drop(names) => {
            lay_out_command("DROP", names, |name| name.value.to_string(), layout)
        }
        Command::Sort(keys) => lay_out_command("SORT", keys, sort_key, layout),
        _ => layout.push(&line),
    }
}

/// A command whose items stand one a line.
fn lay_out_command<T>(word: &str, items: &[T], print: impl Fn(&T) -> String, layout: &mut Layout) {
    layout.push(word);
    let items: Vec<String> = items.iter().map(print).collect();
    lay_out_items(&items, 2 * INDENT, layout);
}

fn lay_out_items(items: &[String], indent: usize, layout: &mut Layout) {
    for (index, item) in items.iter().enumerate() {
        layout.line(indent);
        layout.push(item);
        layout.push(if index + 1 < items.len() { "," } else { "" });
    }
}

fn lay_out_stats(stats: &Stats, indent: usize, layout: &mut Layout) {
    layout.push(stats_word(stats));
    lay_out_assignments(
        stats.aggregates.iter().map(|value| {
            (super::assigned(value.name.as_ref()), &value.value, value.filter.as_ref())
        }),
        indent,
        layout,
    );
    if stats.by.is_empty() {
        return;
    }
    let by: Vec<String> = stats.by.iter().map(assignment).collect();
    layout.line(indent);
    let line = format!("BY {}", by.join(", "));
    if layout.fits(&line) {
        return layout.push(&line);
    }
    layout.push("BY");
    lay_out_items(&by, indent + INDENT, layout);
}

fn lay_out_assignments<'n>(
    items: impl ExactSizeIterator<Item = (String, &'n Node, Option<&'n Node>)>,
    indent: usize,
    layout: &mut Layout,
) {
    let last = items.len().saturating_sub(1);
    for (index, (name, value, filter)) in items.enumerate() {
        layout.line(indent + INDENT);
        layout.push(&name);
        lay_out_node(value, Level::Or, indent + INDENT, layout);
        if let Some(filter) = filter {
            layout.push(" WHERE ");
            lay_out_node(filter, Level::Or, indent + 2 * INDENT, layout);
        }
        layout.push(if index < last { "," } else { "" });
    }
}

/// Writes an expression whose further lines start at `indent`.
fn lay_out_node(node: &Node, level: Level, indent: usize, layout: &mut Layout) {
    let mut line = String::new();
    write_expression(node, level, &mut line);
    if layout.fits(&line) {
        return layout.push(&line);
    }
    let own = Level::of(&node.value);
    // A conjunction over several lines is lost to the eye among the members of a disjunction.
    let and_in_or = level == Level::And && own == Level::And;
    if own < level || and_in_or {
        layout.push("(");
        layout.line(indent + INDENT);
        broken(&node.value, indent + INDENT, layout);
        layout.line(indent);
        return layout.push(")");
    }
    broken(&node.value, indent, layout);
}

fn broken(node: &Expression, indent: usize, layout: &mut Layout) {
    match node {
        Expression::Or(members) => layout.joined(members, "OR ", indent, |member, layout| {
            lay_out_node(member, Level::And, indent, layout)
        }),
        Expression::And(members) => layout.joined(members, "AND ", indent, |member, layout| {
            lay_out_node(member, Level::Not, indent, layout)
        }),
        Expression::Not(inner) => {
            layout.push("NOT ");
            lay_out_node(inner, Level::Not, indent, layout);
        }
        Expression::In { value, negated, list } => {
            lay_out_node(value, Level::Sum, indent, layout);
            layout.push(in_word(*negated));
            enclosed(list, Level::Sum, indent, layout);
        }
        Expression::Like { value, negated, regex, patterns } if patterns.len() > 1 => {
            lay_out_node(value, Level::Sum, indent, layout);
            layout.push(like_word(*negated, *regex));
            enclosed(patterns, Level::Primary, indent, layout);
        }
        Expression::Call { name, arguments, options: None } if !arguments.is_empty() => {
            layout.push(name);
            enclosed(arguments, Level::Or, indent, layout);
        }
        other => {
            let line = expression(&Node::from(other.clone()));
            layout.push(&line);
        }
    }
}

/// A list in parentheses, one item a line.
fn enclosed(items: &[Node], level: Level, indent: usize, layout: &mut Layout) {
    layout.push("(");
    for (index, item) in items.iter().enumerate() {
        layout.line(indent + INDENT);
        lay_out_node(item, level, indent + INDENT, layout);
        layout.push(if index + 1 < items.len() { "," } else { "" });
    }
    layout.line(indent);
    layout.push(")");
}
