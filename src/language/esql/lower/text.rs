//! Texts against patterns.
//!
//! `LIKE` has `*` and `?` with `\` as escape, `RLIKE` Lucene's regular expressions; both look at
//! the whole text in its letter case. Source: Elastic's page *ES|QL operators*. Any letter case is
//! asked for by `TO_LOWER(field)`.

use super::super::expression::Node;
use super::column::{Column, Constant, Field, Form};
use super::ternary::Ternary;
use super::{Lowered, Lowerer, refused};
use crate::language::kit::lucene_regex;
use crate::query::{Case, Expr, FieldType, Op, Part, Pattern};
use crate::source::Span;

impl Lowerer<'_> {
    /// Whether the text of a field matches a pattern.
    pub(super) fn text(
        &mut self,
        field: &Field,
        pattern: &Pattern,
        span: Span,
    ) -> Lowered<Ternary> {
        let case = self.case_of(field, span)?;
        self.assume_single(&field.path);
        // `TO_LOWER(f) == "X"` is never true.
        if !fits(pattern, field.form) {
            return Ok(Ternary { yes: Expr::False, no: field.present() });
        }
        if case == Case::Insensitive {
            self.assume_plain_letters(field, &pattern.to_string());
        }
        let pattern = pattern.clone();
        let op = if pattern.is_any() { Op::Exists } else { Op::Matches { pattern, case } };
        Ok(Ternary::of(field.test(op), field.present()))
    }

    /// That one of a field's values, all in small letters or all in capitals, is a text.
    pub(super) fn some_text(&mut self, field: &Field, text: &str) -> Expr {
        let pattern = Pattern::literal(text);
        if !fits(&pattern, field.form) {
            return Expr::False;
        }
        self.assume_plain_letters(field, text);
        field.test(Op::Matches { pattern, case: Case::Insensitive }).into()
    }

    /// How the letters of a field's text are compared.
    fn case_of(&self, field: &Field, span: Span) -> Lowered<Case> {
        let kind = self.schema.facts(&field.path).kind;
        match (field.form, kind) {
            (Form::Number | Form::Address, _) => refused(span, "this value is no text any more"),
            (Form::Lower | Form::Upper, _) => Ok(Case::Insensitive),
            (Form::Text, FieldType::Date) | (Form::Plain, FieldType::Date) => {
                refused(span, format!("`{}` is a point in time, no text", field.path))
            }
            (Form::Plain, FieldType::Ip | FieldType::Number) => {
                refused(span, format!("`{}` is no text", field.path))
            }
            _ => Ok(Case::Sensitive),
        }
    }

    /// `value LIKE pattern` or `value RLIKE pattern`.
    pub(super) fn like(&mut self, value: &Column, pattern: &Node, regex: bool) -> Lowered<Ternary> {
        let Column::Constant(Constant::Text(text)) = self.value(pattern)? else {
            return refused(pattern.span, "this pattern is known only when the query runs");
        };
        self.like_text(value, &text, regex, pattern.span)
    }

    fn like_text(
        &mut self,
        value: &Column,
        text: &str,
        regex: bool,
        span: Span,
    ) -> Lowered<Ternary> {
        match value {
            Column::Field(field) if regex => self.regex(field, text, span),
            Column::Field(field) => self.text(field, &wildcards(text, span)?, span),
            Column::Cases(cases) => {
                let mut members = Vec::new();
                for (guard, column) in cases {
                    members.push((guard.clone(), self.like_text(column, text, regex, span)?));
                }
                Ok(Ternary::guarded(members))
            }
            Column::Constant(Constant::Null) => Ok(Ternary::null()),
            Column::Constant(Constant::Text(own)) if regex => {
                let found = lucene(text, false, span)?;
                Ok(Ternary::constant(found.regex.is_match(own)))
            }
            Column::Constant(Constant::Text(own)) => {
                Ok(Ternary::constant(wildcards(text, span)?.matches(own, false)))
            }
            Column::Unknown(error) => Err(error.clone()),
            _ => refused(span, "this value is no text"),
        }
    }

    /// Notes that values do not spell `s` as the long s, which `TO_LOWER` leaves as it is.
    fn assume_plain_letters(&mut self, field: &Field, text: &str) {
        if text.contains(['s', 'S']) {
            let reason = format!("`{}` spells `s` as anyone does, without long s", field.path);
            self.ledger.assume("plain-letters", Some(&field.path), reason);
        }
    }

    fn regex(&mut self, field: &Field, text: &str, span: Span) -> Lowered<Ternary> {
        let insensitive = self.case_of(field, span)? == Case::Insensitive;
        if insensitive && !folds(text, field.form) {
            let message = "a regular expression with letters that the converted text never has";
            return refused(span, message);
        }
        let found = lucene(text, insensitive, span)?;
        if insensitive {
            self.assume_plain_letters(field, text);
        }
        let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
        let op = match found.pattern {
            Some(pattern) if pattern.is_any() => Op::Exists,
            Some(pattern) => Op::Matches { pattern, case },
            None => Op::Regex(found.regex),
        };
        self.assume_single(&field.path);
        Ok(Ternary::of(field.test(op), field.present()))
    }
}

fn lucene(text: &str, insensitive: bool, span: Span) -> Lowered<lucene_regex::FromLucene> {
    lucene_regex::from_lucene(text, insensitive)
        .or_else(|refusal| refused(span, format!("this regular expression has {refusal}")))
}

/// Whether a pattern has only letters that a text in this form can have.
fn fits(pattern: &Pattern, form: Form) -> bool {
    pattern.parts().iter().all(|part| match (part, form) {
        (Part::Literal(text), Form::Lower) => *text == text.to_lowercase(),
        (Part::Literal(text), Form::Upper) => *text == text.to_uppercase(),
        _ => true,
    })
}

/// Whether an expression says in any case what it says of a text in this form: it names no letter
/// of the other case, and none beyond ASCII, of which Lucene folds none.
fn folds(text: &str, form: Form) -> bool {
    let mut escaped = false;
    text.chars().all(|c| {
        let class = escaped;
        escaped = !escaped && c == '\\';
        let other = if form == Form::Lower { c.is_uppercase() } else { c.is_lowercase() };
        (class && c.is_ascii_alphabetic()) || !(other || (!c.is_ascii() && c.is_alphabetic()))
    })
}

/// Reads a pattern of `LIKE`.
pub(super) fn wildcards(text: &str, span: Span) -> Lowered<Pattern> {
    let mut parts = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => match chars.next() {
                Some(c @ ('*' | '?' | '\\')) => Part::Literal(c.to_string()),
                Some(c) => {
                    return refused(span, format!("`\\{c}` is no escape of `LIKE`"));
                }
                None => return refused(span, "the pattern ends in half an escape"),
            },
            c => Part::Literal(c.to_string()),
        });
    }
    Ok(Pattern::from_iter(parts))
}
