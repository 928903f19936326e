//! From tree to text: on one line, or broken over several.
//!
//! `AND` and `OR` are written where they say what the tree says: `AND` in junctions of required
//! and prohibited clauses, `OR` in junctions of optional ones. Any other junction is written with
//! signs, `+a b -c`, and a junction inside another always has parentheses, so nobody has to know
//! that `a OR b AND c` leaves `a` without effect. `parse(print(query))` is `query`, and the same
//! holds for [`pretty`].

use std::fmt;

use super::ast::{Clause, FieldName, Node, Occur, Query, Term};
use super::atom::{Bound, Words};
use super::chars::{self, OPERATORS};
use crate::language::kit::{INDENT, Layout};
use crate::query::{Part, Pattern};

/// The query on one line.
pub fn print(query: &Query) -> String {
    let mut layout = Layout::new(usize::MAX);
    node(query, Place::Alone, 0, &mut layout);
    layout.finish()
}

/// The query broken between clauses so that lines fit into `width` characters where that is
/// possible; on one line if it fits.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout::new(width);
    node(query, Place::Alone, 0, &mut layout);
    layout.finish()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// Where a node stands, which decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The whole query, or in parentheses.
    Alone,
    /// A clause of a junction.
    Clause,
    /// After `field:`, or before `^2`.
    Tight,
}

impl Place {
    /// Whether a node needs parentheses here. Several words do, because an operator after the
    /// last of them would take that one away from the others.
    fn encloses(self, node: &Node) -> bool {
        match node {
            Node::Clauses(_) => self != Place::Alone,
            Node::Term(Term::Words(words)) if words.words().len() > 1 => self != Place::Alone,
            Node::Field { .. } | Node::Boosted { .. } => self == Place::Tight,
            Node::Term(_) => false,
        }
    }
}

/// Writes a node whose further lines start at `indent`.
fn node(query: &Query, place: Place, indent: usize, layout: &mut Layout) {
    if place.encloses(&query.value) {
        layout.push("(");
        if !layout.on_line(|line| node(query, Place::Alone, indent, line)) {
            layout.line(indent + INDENT);
            node(query, Place::Alone, indent + INDENT, layout);
            layout.line(indent);
        }
        return layout.push(")");
    }
    match &query.value {
        Node::Clauses(clauses) => junction(clauses, indent, layout),
        Node::Field { name, query } => {
            field_name(&name.value, layout);
            layout.push(":");
            // A boost binds to the value, so it needs no parentheses there.
            match &query.value {
                Node::Boosted { query, factor } => boosted(query, factor.as_str(), indent, layout),
                _ => node(query, Place::Tight, indent, layout),
            }
        }
        Node::Boosted { query, factor } => boosted(query, factor.as_str(), indent, layout),
        Node::Term(term) => layout.write(|out| written(term, out)),
    }
}

fn boosted(query: &Query, factor: &str, indent: usize, layout: &mut Layout) {
    node(query, Place::Tight, indent, layout);
    layout.push("^");
    layout.push(factor);
}

/// How the clauses of a junction are told.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `a AND NOT b`
    And,
    /// `a OR b`
    Or,
    /// `+a b -c`
    Signs,
}

fn style(clauses: &[Clause]) -> Style {
    let should = clauses.iter().filter(|clause| clause.occur == Occur::Should).count();
    match clauses {
        [Clause { occur: Occur::Must, .. }] => Style::Signs,
        _ if should == 0 => Style::And,
        _ if should == clauses.len() => Style::Or,
        _ => Style::Signs,
    }
}

fn junction(clauses: &[Clause], indent: usize, layout: &mut Layout) {
    let style = style(clauses);
    if !layout.on_line(|line| joined(clauses, style, None, line)) {
        joined(clauses, style, Some(indent), layout);
    }
}

/// Writes clauses on one line, or each on a line of its own at `indent`.
fn joined(clauses: &[Clause], style: Style, indent: Option<usize>, layout: &mut Layout) {
    let mut before: Option<&Clause> = None;
    for clause in clauses {
        if layout.is_over() {
            return;
        }
        if let Some(before) = before {
            match indent {
                Some(indent) => layout.line(indent),
                None => layout.push(" "),
            }
            layout.push(match style {
                Style::And => "AND ",
                Style::Or => "OR ",
                // Without it two words would become one text.
                Style::Signs if is_free_word(before) && is_free_word(clause) => "OR ",
                Style::Signs => "",
            });
        }
        layout.push(match (clause.occur, style) {
            (Occur::MustNot, Style::And) => "NOT ",
            (Occur::MustNot, _) => "-",
            (Occur::Must, Style::Signs) => "+",
            _ => "",
        });
        node(&clause.query, Place::Clause, indent.unwrap_or_default(), layout);
        before = Some(clause);
    }
}

/// Whether the clause is a lone word without a sign, or starts like one.
fn is_free_word(clause: &Clause) -> bool {
    clause.occur == Occur::Should
        && matches!(&clause.query.value, Node::Term(_) | Node::Boosted { .. })
}

fn field_name(name: &FieldName, layout: &mut Layout) {
    let parts = name.pattern().parts();
    layout.write(|out| {
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Literal(piece) if parts.len() == 1 => word(piece, out),
                Part::Literal(piece) => chars::write_word(piece, index == 0, true, out),
                Part::Any | Part::One => out.push_str(if name.is_any() { "*" } else { "\\*" }),
            }
        }
    });
}

fn written(term: &Term, out: &mut String) {
    match term {
        Term::Words(text) => words(text, out),
        Term::Fuzzy { text, distance } => {
            word(text.text(), out);
            out.push('~');
            out.push_str(distance.as_ref().map_or("", |distance| distance.as_str()));
        }
        Term::Phrase { text, slop } => {
            chars::write_quoted(text, out);
            if let Some(slop) = slop {
                out.push('~');
                out.push_str(slop.as_str());
            }
        }
        Term::Wildcard(wildcard) => pattern(wildcard.pattern(), out),
        Term::Regex(expression) => {
            ["/", expression.source(), "/"].into_iter().for_each(|piece| out.push_str(piece))
        }
        Term::Compare(comparison) => {
            out.push_str(comparison.order().sign());
            chars::write_word(comparison.text(), false, true, out);
        }
        Term::Range { from, to } => {
            out.push(if from.inclusive { '[' } else { '{' });
            bound(from, out);
            out.push_str(" TO ");
            bound(to, out);
            out.push(if to.inclusive { ']' } else { '}' });
        }
    }
}

fn words(text: &Words, out: &mut String) {
    for (index, own) in text.words().iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        word(own.text(), out);
    }
}

/// Writes a word that is no operator.
fn word(text: &str, out: &mut String) {
    if OPERATORS.contains(&text) {
        out.push('\\');
    }
    chars::write_word(text, true, true, out);
}

fn pattern(pattern: &Pattern, out: &mut String) {
    let parts = pattern.parts();
    // Only a prefix knows characters by their numbers.
    let numbers = matches!(parts, [Part::Literal(_), Part::Any]);
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(text) => chars::write_word(text, index == 0, numbers, out),
            Part::One => out.push('?'),
            Part::Any => out.push('*'),
        }
    }
}

fn bound(bound: &Bound, out: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | ':' | '-' | '+' | '_' | '/');
    match &bound.text {
        None => out.push('*'),
        Some(text) if text != "TO" && !text.is_empty() && text.chars().all(plain) => {
            out.push_str(text);
        }
        Some(text) => chars::write_quoted(text, out),
    }
}
