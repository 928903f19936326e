//! From tree to text: on one line, or broken over several.
//!
//! Only parentheses that the tree needs are written, so `parse(print(query))` is `query`, and the
//! same holds for [`pretty`].

use std::fmt;

use super::ast::{Clause, Literal, Node, Query, Tree};
use super::lex::{JOINING, SPECIAL, is_blank};
use crate::language::kit::{INDENT, Layout};
use crate::query::Part;

/// The query on one line.
pub fn print(query: &Query) -> String {
    let mut out = String::new();
    write_node(query, Context::Top, &mut out);
    out
}

/// The query broken at `and` and `or` so that lines fit into `width` characters where that is
/// possible; on one line if it fits.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout::new(width);
    lay_out_node(query, Context::Top, 0, &mut layout);
    layout.finish()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// Where a node stands, which decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    /// Alone, or between the braces of a nested query.
    Top,
    /// A member of a disjunction.
    Or,
    /// A member of a conjunction.
    And,
    /// After `not` or `field:`, which take one leaf or a parenthesis.
    Tight,
}

impl Context {
    /// Whether `tree` needs parentheses here. A junction inside one of its own kind does: Kibana
    /// keeps the difference between `a or b or c` and `a or (b or c)`, and so does the tree.
    fn encloses<L>(self, tree: &Tree<L>) -> bool {
        match tree {
            Tree::Or(_) => self != Context::Top,
            Tree::And(_) => matches!(self, Context::And | Context::Tight),
            Tree::Not(_) => self == Context::Tight,
            Tree::Leaf(_) => false,
        }
    }
}

/// A leaf that can be written.
trait Print {
    fn write(&self, out: &mut String);

    /// Writes a leaf that is too long for its line.
    fn lay_out(&self, layout: &mut Layout, indent: usize);
}

impl Print for Literal {
    fn write(&self, out: &mut String) {
        if self.is_quoted() { write_quoted(self, out) } else { write_unquoted(self, out) }
    }

    fn lay_out(&self, layout: &mut Layout, _: usize) {
        layout.push(&written(self));
    }
}

impl Print for Clause {
    fn write(&self, out: &mut String) {
        match self {
            Clause::Is { field, values } => {
                if !is_free_text(self) {
                    field.value.write(out);
                    out.push(':');
                }
                write_node(values, Context::Tight, out);
            }
            Clause::Range { field, bound, literal } => {
                field.value.write(out);
                out.push(' ');
                out.push_str(bound.sign());
                out.push(' ');
                literal.value.write(out);
            }
            Clause::Nested { path, query } => {
                path.value.write(out);
                out.push_str(":{ ");
                write_node(query, Context::Top, out);
                out.push_str(" }");
            }
        }
    }

    fn lay_out(&self, layout: &mut Layout, indent: usize) {
        match self {
            Clause::Is { field, values } if !is_free_text(self) => {
                layout.push(&written(&field.value));
                layout.push(":");
                lay_out_node(values, Context::Tight, indent, layout);
            }
            Clause::Nested { path, query } => {
                layout.push(&written(&path.value));
                layout.push(":");
                enclosed(["{", "}"], query, indent, layout);
            }
            _ => layout.push(&written(self)),
        }
    }
}

/// Whether the clause is a bare value. A list without a field has no other form than `null:(...)`.
fn is_free_text(clause: &Clause) -> bool {
    matches!(clause, Clause::Is { field, values }
        if field.value.is_null() && matches!(values.value, Tree::Leaf(_)))
}

fn written(leaf: &impl Print) -> String {
    let mut out = String::new();
    leaf.write(&mut out);
    out
}

fn write_node<L: Print>(node: &Node<L>, context: Context, out: &mut String) {
    let enclosed = context.encloses(&node.value);
    if enclosed {
        out.push('(');
    }
    match &node.value {
        Tree::Leaf(leaf) => leaf.write(out),
        Tree::Not(inner) => {
            out.push_str("not ");
            write_node(inner, Context::Tight, out);
        }
        Tree::Or(members) => write_joined(members, " or ", Context::Or, out),
        Tree::And(members) => write_joined(members, " and ", Context::And, out),
    }
    if enclosed {
        out.push(')');
    }
}

fn write_joined<L: Print>(members: &[Node<L>], word: &str, context: Context, out: &mut String) {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push_str(word);
        }
        write_node(member, context, out);
    }
}

/// Writes a node whose further lines start at `indent`.
fn lay_out_node<L: Print>(node: &Node<L>, context: Context, indent: usize, layout: &mut Layout) {
    let mut line = String::new();
    write_node(node, context, &mut line);
    if layout.fits(&line) {
        return layout.push(&line);
    }
    // A conjunction over several lines is lost to the eye among the members of a disjunction.
    let and_in_or = context == Context::Or && matches!(node.value, Tree::And(_));
    if and_in_or || context.encloses(&node.value) {
        return enclosed(["(", ")"], node, indent, layout);
    }
    match &node.value {
        Tree::Leaf(leaf) => leaf.lay_out(layout, indent),
        Tree::Not(inner) => {
            layout.push("not ");
            lay_out_node(inner, Context::Tight, indent, layout);
        }
        Tree::Or(members) => lay_out_members(members, Context::Or, indent, layout),
        Tree::And(members) => lay_out_members(members, Context::And, indent, layout),
    }
}

fn lay_out_members<L: Print>(
    members: &[Node<L>],
    context: Context,
    indent: usize,
    layout: &mut Layout,
) {
    let word = if context == Context::Or { "or " } else { "and " };
    layout.joined(members, word, indent, |member, layout| {
        lay_out_node(member, context, indent, layout);
    });
}

fn enclosed<L: Print>(
    [open, close]: [&str; 2],
    node: &Node<L>,
    indent: usize,
    layout: &mut Layout,
) {
    layout.push(open);
    layout.line(indent + INDENT);
    match &node.value {
        // Whoever breaks a parenthesis sees its members better one a line, even if they fit.
        Tree::Or(members) => lay_out_members(members, Context::Or, indent + INDENT, layout),
        Tree::And(members) => lay_out_members(members, Context::And, indent + INDENT, layout),
        _ => lay_out_node(node, Context::Top, indent + INDENT, layout),
    }
    layout.line(indent);
    layout.push(close);
}

fn write_quoted(literal: &Literal, out: &mut String) {
    out.push('"');
    for c in literal.text().unwrap_or_default().chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        write_char(c, out);
    }
    out.push('"');
}

fn write_unquoted(literal: &Literal, out: &mut String) {
    let parts = literal.pattern().parts();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(text) => {
                write_unquoted_text(text, index == 0, index + 1 == parts.len(), out);
            }
            // INVARIANT: a literal holds no `Part::One`.
            Part::Any | Part::One => out.push('*'),
        }
    }
    if parts.is_empty() {
        // The empty text is a blank that is cut off again once its escape is decoded.
        out.push_str("\\t");
    }
}

/// Writes a piece of an unquoted literal. What stands before the `first` and after the `last`
/// piece may be a blank, so a keyword there has to be escaped too.
fn write_unquoted_text(text: &str, first: bool, last: bool, out: &mut String) {
    let mut after_blank = first;
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let starts_with = |word: &str| {
            rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
                && rest.get(word.len()..).is_some_and(|rest| match rest.chars().next() {
                    Some(next) => is_blank(next),
                    None => last,
                })
        };
        if after_blank && JOINING.iter().any(|word| starts_with(word)) {
            out.push('\\');
        }
        after_blank = is_blank(c);
        match c {
            // `\not` would be a line feed, see `lex`.
            'n' if starts_with("not") => out.push_str("\\u006e"),
            'N' if starts_with("not") => out.push_str("\\u004e"),
            c if SPECIAL.contains(&c) => {
                out.push('\\');
                out.push(c);
            }
            c => write_char(c, out),
        }
    }
}

/// Writes a character, white space that would break the line as an escape.
fn write_char(c: char, out: &mut String) {
    match c {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        c => out.push(c),
    }
}
