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
use crate::language::kit::Located;

/// Columns by which what belongs to a line above is indented.
const INDENT: usize = 2;

/// The query over lines of `width` characters where that is possible; on one line if it fits and
/// is no sequence.
pub fn pretty(query: &Query, width: usize) -> String {
    let mut layout = Layout { out: String::new(), column: 0, width };
    for comment in &query.comments {
        layout.push(&format!("/* {comment} */"));
        layout.line(0);
    }
    match &query.form {
        Form::Event(event) => layout.event(event, 0),
        form @ Form::Sequence(sequence) => {
            layout.opening(form);
            layout.steps(&sequence.steps);
            if let Some(until) = &sequence.until {
                layout.line(0);
                layout.push("until ");
                layout.step(&until.value, INDENT);
            }
        }
        form @ Form::Sample(sample) => {
            layout.opening(form);
            layout.steps(&sample.steps);
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
    if single && line.chars().count() <= width { line } else { layout.out }
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

    fn opening(&mut self, form: &Form) {
        let mut text = String::new();
        write_opening(form, &mut text);
        self.push(&text);
    }

    fn steps(&mut self, steps: &[Located<Step>]) {
        for step in steps {
            self.line(INDENT);
            self.step(&step.value, INDENT);
        }
    }

    fn step(&mut self, step: &Step, indent: usize) {
        self.push(if step.missing { "![" } else { "[" });
        self.event(&step.event, indent);
        let mut end = "]".to_owned();
        write_step_end(step, &mut end);
        self.push(&end);
    }

    fn event(&mut self, event: &Event, indent: usize) {
        let mut opening = String::new();
        write_category(&event.category.value, &mut opening);
        opening.push_str(" where");
        self.push(&opening);
        let mut line = " ".to_owned();
        write_node(&event.condition, Level::Or, &mut line);
        if self.fits(&line) {
            return self.push(&line);
        }
        self.line(indent + INDENT);
        self.node(&event.condition, Level::Or, indent + INDENT);
    }

    /// Writes an expression whose further lines start at `indent`.
    fn node(&mut self, node: &Node, level: Level, indent: usize) {
        let mut line = String::new();
        write_node(node, level, &mut line);
        if self.fits(&line) {
            return self.push(&line);
        }
        // A conjunction over several lines is lost to the eye among the members of a disjunction.
        let and_in_or = level == Level::And && matches!(node.value, Expression::And(_));
        if and_in_or || Level::of(&node.value) < level {
            self.push("(");
            self.line(indent + INDENT);
            self.broken(node, indent + INDENT);
            self.line(indent);
            return self.push(")");
        }
        self.broken(node, indent);
    }

    /// Writes an expression that does not fit, without parentheses around it.
    fn broken(&mut self, node: &Node, indent: usize) {
        match &node.value {
            Expression::Or(members) => self.joined(members, "or ", Level::And, indent),
            Expression::And(members) => self.joined(members, "and ", Level::Not, indent),
            Expression::Not(inner) => {
                self.push("not ");
                self.node(inner, Level::Not, indent);
            }
            Expression::Among { value, operator, list } if list.len() > 1 => {
                let mut text = String::new();
                write_node(value, Level::Sum, &mut text);
                text.push_str(&format!(" {} (", operator.sign()));
                self.push(&text);
                self.list(*operator, list, indent);
            }
            _ => {
                let mut text = String::new();
                write_node(node, Level::Or, &mut text);
                self.push(&text);
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

    fn list(&mut self, operator: Lookup, list: &[Node], indent: usize) {
        self.line(indent + INDENT);
        for (index, member) in list.iter().enumerate() {
            let mut text = String::new();
            write_member(operator, member, &mut text);
            let last = index + 1 == list.len();
            text.push_str(if last { "" } else { "," });
            if index > 0 && self.fits(&format!(" {text}")) {
                self.push(" ");
            } else if index > 0 {
                self.line(indent + INDENT);
            }
            self.push(&text);
        }
        self.line(indent);
        self.push(")");
    }
}
