//! Expressions as text.

use std::fmt::Write;

use super::super::expression::{Expression, Level, Node, OptionValue, Options};

/// Writes an expression, in parentheses if it binds less than its place asks for.
pub(super) fn write_expression(node: &Node, level: Level, out: &mut String) {
    if Level::of(&node.value) >= level {
        return write_bare(&node.value, out);
    }
    out.push('(');
    write_bare(&node.value, out);
    out.push(')');
}

fn write_bare(expression: &Expression, out: &mut String) {
    match expression {
        Expression::Or(members) => write_joined(members, " OR ", Level::And, out),
        Expression::And(members) => write_joined(members, " AND ", Level::Not, out),
        Expression::Not(inner) => {
            out.push_str("NOT ");
            write_expression(inner, Level::Not, out);
        }
        Expression::Compare { left, comparison, right } => {
            write_pair(left, comparison.sign(), right, Level::Sum, out);
        }
        Expression::In { value, negated, list } => {
            write_expression(value, Level::Sum, out);
            out.push_str(in_word(*negated));
            out.push('(');
            write_joined(list, ", ", Level::Sum, out);
            out.push(')');
        }
        Expression::Like { value, negated, regex, patterns } => {
            write_expression(value, Level::Sum, out);
            out.push_str(like_word(*negated, *regex));
            match patterns.as_slice() {
                [pattern] => write_expression(pattern, Level::Primary, out),
                patterns => {
                    out.push('(');
                    write_joined(patterns, ", ", Level::Primary, out);
                    out.push(')');
                }
            }
        }
        Expression::IsNull { value, negated } => {
            write_expression(value, Level::Sum, out);
            out.push_str(if *negated { " IS NOT NULL" } else { " IS NULL" });
        }
        Expression::Match { field, query } => {
            write_expression(field, Level::Sum, out);
            out.push_str(" : ");
            write_expression(query, Level::Sign, out);
        }
        other => write_value(other, out),
    }
}

fn write_value(expression: &Expression, out: &mut String) {
    match expression {
        Expression::Arithmetic { first, rest } => {
            let product = Level::of(expression) == Level::Product;
            let level = if product { Level::Sign } else { Level::Product };
            write_expression(first, level, out);
            for (sign, member) in rest {
                let _ = write!(out, " {} ", sign.sign());
                write_expression(member, level, out);
            }
        }
        Expression::Negative(inner) => {
            out.push('-');
            write_expression(inner, Level::Sign, out);
        }
        Expression::Cast { value, to } => {
            write_expression(value, Level::Primary, out);
            for kind in to {
                let _ = write!(out, "::{kind}");
            }
        }
        Expression::Call { name, arguments, options } => {
            let _ = write!(out, "{name}(");
            write_joined(arguments, ", ", Level::Or, out);
            if let Some(options) = options {
                out.push_str(if arguments.is_empty() { "" } else { ", " });
                write_options(options, out);
            }
            out.push(')');
        }
        Expression::List(items) => {
            out.push('[');
            write_joined(items, ", ", Level::Sign, out);
            out.push(']');
        }
        other => write_constant(other, out),
    }
}

fn write_constant(expression: &Expression, out: &mut String) {
    match expression {
        Expression::Star => out.push('*'),
        Expression::Name(name) => {
            let _ = write!(out, "{name}");
        }
        Expression::Parameter(name) => {
            let _ = write!(out, "?{name}");
        }
        Expression::Text(text) => write_text(text, out),
        Expression::Number(number) => out.push_str(number),
        Expression::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Expression::Timespan { amount, unit } => {
            let _ = write!(out, "{amount} {unit}");
        }
        // INVARIANT: the others are written by `write_bare` and `write_value`.
        _ => out.push_str("null"),
    }
}

fn write_pair(left: &Node, sign: &str, right: &Node, level: Level, out: &mut String) {
    write_expression(left, level, out);
    let _ = write!(out, " {sign} ");
    write_expression(right, level, out);
}

fn write_joined(members: &[Node], between: &str, level: Level, out: &mut String) {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        write_expression(member, level, out);
    }
}

pub(super) fn in_word(negated: bool) -> &'static str {
    if negated { " NOT IN " } else { " IN " }
}

pub(super) fn like_word(negated: bool, regex: bool) -> &'static str {
    match (negated, regex) {
        (false, false) => " LIKE ",
        (true, false) => " NOT LIKE ",
        (false, true) => " RLIKE ",
        (true, true) => " NOT RLIKE ",
    }
}

/// Writes `{"name": value, ...}`.
pub(super) fn write_options(options: &Options, out: &mut String) {
    out.push('{');
    for (index, (name, value)) in options.0.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write_text(name, out);
        out.push_str(": ");
        match value {
            OptionValue::Constant(value) => write_expression(value, Level::Sign, out),
            OptionValue::Options(options) => write_options(options, out),
        }
    }
    out.push('}');
}

/// Writes a text: in triple quotes where that saves escapes, on one line in any case.
pub(super) fn write_text(text: &str, out: &mut String) {
    let escapes = text.contains(['"', '\\']);
    let raw = escapes
        && !text.contains(['\n', '\r', '\t'])
        && !text.contains("\"\"\"")
        && !text.starts_with('"')
        && !text.ends_with('"');
    if raw {
        let _ = write!(out, "\"\"\"{text}\"\"\"");
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
}
