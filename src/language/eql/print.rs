//! From tree to text, on one line.
//!
//! Only parentheses that the tree needs are written, so `parse(print(query))` is `query`. Comments
//! before the first word are kept; the reader has dropped all others.

use std::fmt;

use super::ast::{Category, Event, Form, Pipe, Query, Sequence, Step};
use super::expression::{Expression, Field, Literal, Lookup, Node};
use super::lex::is_word;
use super::write::{write_field, write_literal, write_text};
use crate::language::kit::{Arithmetic, Located};

/// The query on one line.
pub fn print(query: &Query) -> String {
    let mut out = String::new();
    for comment in &query.comments {
        out.push_str(&format!("/* {comment} */ "));
    }
    match &query.form {
        Form::Event(event) => write_event(event, &mut out),
        Form::Sequence(sequence) => {
            write_opening(&query.form, &mut out);
            write_steps(&sequence.steps, &mut out);
            if let Some(until) = &sequence.until {
                out.push_str(" until ");
                write_step(&until.value, &mut out);
            }
        }
        Form::Sample(sample) => {
            write_opening(&query.form, &mut out);
            write_steps(&sample.steps, &mut out);
        }
    }
    for pipe in &query.pipes {
        out.push(' ');
        write_pipe(&pipe.value, &mut out);
    }
    out
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Signed,
    Primary,
}

impl Level {
    /// The level of an expression.
    pub(super) fn of(expression: &Expression) -> Self {
        match expression {
            Expression::Or(_) => Level::Or,
            Expression::And(_) => Level::And,
            Expression::Not(_) => Level::Not,
            Expression::Compare { .. } | Expression::Among { .. } => Level::Comparison,
            Expression::Arithmetic { operator, .. } => Level::of_operator(*operator),
            Expression::Negative(_) => Level::Signed,
            Expression::Literal(Literal::Integer(i)) if *i < 0 => Level::Signed,
            Expression::Literal(Literal::Decimal(number)) if number.get() < 0.0 => Level::Signed,
            _ => Level::Primary,
        }
    }

    fn of_operator(operator: Arithmetic) -> Self {
        match operator {
            Arithmetic::Add | Arithmetic::Subtract => Level::Sum,
            _ => Level::Product,
        }
    }

    /// The next tighter one than that of an operator.
    fn after(operator: Arithmetic) -> Self {
        match operator {
            Arithmetic::Add | Arithmetic::Subtract => Level::Product,
            _ => Level::Signed,
        }
    }
}

/// `sequence by key with maxspan=1m`, or `sample by key`.
pub(super) fn write_opening(form: &Form, out: &mut String) {
    match form {
        Form::Event(_) => {}
        Form::Sequence(Sequence { by, max_span, .. }) => {
            out.push_str("sequence");
            write_keys(by, out);
            if let Some(Located { value: span, .. }) = max_span {
                out.push_str(&format!(" with maxspan={}{}", span.count, span.unit.sign()));
            }
        }
        Form::Sample(sample) => {
            out.push_str("sample");
            write_keys(&sample.by, out);
        }
    }
}

fn write_steps(steps: &[Located<Step>], out: &mut String) {
    for step in steps {
        out.push(' ');
        write_step(&step.value, out);
    }
}

/// `[event] by key with runs=2`
pub(super) fn write_step(step: &Step, out: &mut String) {
    out.push_str(if step.missing { "![" } else { "[" });
    write_event(&step.event, out);
    out.push(']');
    write_step_end(step, out);
}

/// What stands behind the `]` of a step.
pub(super) fn write_step_end(step: &Step, out: &mut String) {
    write_keys(&step.by, out);
    if let Some(runs) = &step.runs {
        out.push_str(&format!(" with runs={}", runs.value));
    }
}

fn write_keys(by: &[Located<Field>], out: &mut String) {
    for (index, key) in by.iter().enumerate() {
        out.push_str(if index == 0 { " by " } else { ", " });
        write_field(&key.value, out);
    }
}

pub(super) fn write_pipe(pipe: &Pipe, out: &mut String) {
    let (word, count) = match pipe {
        Pipe::Head(count) => ("head", count),
        Pipe::Tail(count) => ("tail", count),
    };
    out.push_str(&format!("| {word} {count}"));
}

fn write_event(event: &Event, out: &mut String) {
    write_category(&event.category.value, out);
    out.push_str(" where ");
    write_node(&event.condition, Level::Or, out);
}

/// The word before `where`.
pub(super) fn write_category(category: &Category, out: &mut String) {
    match category {
        Category::Any => out.push_str("any"),
        Category::Named(name) if is_word(name) => out.push_str(name),
        Category::Named(name) => write_text(name, false, out),
    }
}

/// Writes an expression where something of at least a level has to stand.
pub(super) fn write_node(node: &Node, level: Level, out: &mut String) {
    let enclosed = Level::of(&node.value) < level;
    if enclosed {
        out.push('(');
    }
    match &node.value {
        Expression::Or(members) => write_joined(members, " or ", Level::And, out),
        Expression::And(members) => write_joined(members, " and ", Level::Not, out),
        Expression::Not(inner) => {
            out.push_str("not ");
            write_node(inner, Level::Not, out);
        }
        Expression::Compare { left, operator, right } => {
            write_node(left, Level::Sum, out);
            out.push_str(&format!(" {} ", operator.sign()));
            write_node(right, Level::Sum, out);
        }
        Expression::Among { value, operator, list } => {
            write_node(value, Level::Sum, out);
            out.push_str(&format!(" {} ", operator.sign()));
            write_list(*operator, list, out);
        }
        Expression::Negative(inner) => {
            out.push('-');
            // A numeral directly behind the sign would take it.
            let numeral = Level::of(&inner.value) == Level::Primary
                && matches!(
                    inner.value,
                    Expression::Literal(Literal::Integer(_) | Literal::Decimal(_))
                );
            out.push_str(if numeral { "(" } else { "" });
            write_node(inner, Level::Signed, out);
            out.push_str(if numeral { ")" } else { "" });
        }
        Expression::Arithmetic { left, operator, right } => {
            write_node(left, Level::of_operator(*operator), out);
            out.push_str(&format!(" {} ", operator.sign()));
            write_node(right, Level::after(*operator), out);
        }
        Expression::Call { function, insensitive, arguments } => {
            out.push_str(function.name());
            out.push_str(if *insensitive { "~(" } else { "(" });
            write_joined(arguments, ", ", Level::Or, out);
            out.push(')');
        }
        Expression::Field(field) => write_field(field, out),
        Expression::Literal(literal) => write_literal(literal, false, out),
    }
    if enclosed {
        out.push(')');
    }
}

fn write_joined(members: &[Node], word: &str, level: Level, out: &mut String) {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push_str(word);
        }
        write_node(member, level, out);
    }
}

fn write_list(operator: Lookup, list: &[Node], out: &mut String) {
    let enclosed = operator.needs_list() || list.len() != 1;
    out.push_str(if enclosed { "(" } else { "" });
    for (index, member) in list.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_member(operator, member, out);
    }
    out.push_str(if enclosed { ")" } else { "" });
}

/// Writes what a lookup compares with. Regular expressions are full of backslashes, so they stand
/// in raw quotes.
pub(super) fn write_member(operator: Lookup, member: &Node, out: &mut String) {
    let raw = matches!(operator, Lookup::Regex | Lookup::RegexAnyCase);
    match &member.value {
        Expression::Literal(literal) => write_literal(literal, raw, out),
        _ => write_node(member, Level::Sum, out),
    }
}
