//! From tree to text, over several lines.
//!
//! One step of a sequence a line; a condition that does not fit is broken before its `and` and
//! `or`, a list that does not fit is filled line by line. `parse(pretty(query))` is `query`.

use super::ast::{Event, Form, Query, Step};
use super::expression::{Expression, Lookup, Node};
use super::print::{
    Level, print, write_category, write_member, write_node, write_opening, write_pipe,
    write_step_end,
};
use crate::language::kit::{INDENT, Layout, Located};

/// The query over lines of `width` characters where that is possible; on one line if it fits and
/// is no sequence.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout::new(width);
    for comment in &query.comments {
        layout.push(&format!("/* {comment} */"));
        layout.line(0);
    }
    match &query.form {
        Form::Event(event) => lay_out_event(event, 0, &mut layout),
        form @ Form::Sequence(sequence) => {
            lay_out_opening(form, &mut layout);
            lay_out_steps(&sequence.steps, &mut layout);
            if let Some(until) = &sequence.until {
                layout.line(0);
                layout.push("until ");
                lay_out_step(&until.value, INDENT, &mut layout);
            }
        }
        form @ Form::Sample(sample) => {
            lay_out_opening(form, &mut layout);
            lay_out_steps(&sample.steps, &mut layout);
        }
    }
    for pipe in &query.pipes {
        layout.line(0);
        let mut text = String::new();
        write_pipe(&pipe.value, &mut text);
        layout.push(&text);
    }
    let line = print(query);
    let single = matches!(query.form, Form::Event(_)) && query.comments.is_empty();
    if single && line.chars().count() <= width { line } else { layout.finish() }
}

fn lay_out_opening(form: &Form, layout: &mut Layout) {
    let mut text = String::new();
    write_opening(form, &mut text);
    layout.push(&text);
}

fn lay_out_steps(steps: &[Located<Step>], layout: &mut Layout) {
    for step in steps {
        layout.line(INDENT);
        lay_out_step(&step.value, INDENT, layout);
    }
}

fn lay_out_step(step: &Step, indent: usize, layout: &mut Layout) {
    layout.push(if step.missing { "![" } else { "[" });
    lay_out_event(&step.event, indent, layout);
    let mut end = "]".to_owned();
    write_step_end(step, &mut end);
    layout.push(&end);
}

fn lay_out_event(event: &Event, indent: usize, layout: &mut Layout) {
    let mut opening = String::new();
    write_category(&event.category.value, &mut opening);
    opening.push_str(" where");
    layout.push(&opening);
    let mut line = " ".to_owned();
    write_node(&event.condition, Level::Or, &mut line);
    if layout.fits(&line) {
        return layout.push(&line);
    }
    layout.line(indent + INDENT);
    lay_out_node(&event.condition, Level::Or, indent + INDENT, layout);
}

/// Writes an expression whose further lines start at `indent`.
fn lay_out_node(node: &Node, level: Level, indent: usize, layout: &mut Layout) {
    let mut line = String::new();
    write_node(node, level, &mut line);
    if layout.fits(&line) {
        return layout.push(&line);
    }
    // A conjunction over several lines is lost to the eye among the members of a disjunction.
    let and_in_or = level == Level::And && matches!(node.value, Expression::And(_));
    if and_in_or || Level::of(&node.value) < level {
        layout.push("(");
        layout.line(indent + INDENT);
        broken(node, indent + INDENT, layout);
        layout.line(indent);
        return layout.push(")");
    }
    broken(node, indent, layout);
}

/// Writes an expression that does not fit, without parentheses around it.
fn broken(node: &Node, indent: usize, layout: &mut Layout) {
    match &node.value {
        Expression::Or(members) => layout.joined(members, "or ", indent, |member, layout| {
            lay_out_node(member, Level::And, indent, layout)
        }),
        Expression::And(members) => layout.joined(members, "and ", indent, |member, layout| {
            lay_out_node(member, Level::Not, indent, layout)
        }),
        Expression::Not(inner) => {
            layout.push("not ");
            lay_out_node(inner, Level::Not, indent, layout);
        }
        Expression::Among { value, operator, list } if list.len() > 1 => {
            let mut text = String::new();
            write_node(value, Level::Sum, &mut text);
            text.push_str(&format!(" {} (", operator.sign()));
            layout.push(&text);
            lay_out_list(*operator, list, indent, layout);
        }
        _ => {
            let mut text = String::new();
            write_node(node, Level::Or, &mut text);
            layout.push(&text);
        }
    }
}

fn lay_out_list(operator: Lookup, list: &[Node], indent: usize, layout: &mut Layout) {
    layout.line(indent + INDENT);
    for (index, member) in list.iter().enumerate() {
        let mut text = String::new();
        write_member(operator, member, &mut text);
        let last = index + 1 == list.len();
        text.push_str(if last { "" } else { "," });
        if index > 0 && layout.fits(&format!(" {text}")) {
            layout.push(" ");
        } else if index > 0 {
            layout.line(indent + INDENT);
        }
        layout.push(&text);
    }
    layout.line(indent);
    layout.push(")");
}
