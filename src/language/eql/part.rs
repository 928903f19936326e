//! Functions that look for a part of a text, or for an address in a network.

use super::expression::Literal;
use super::fold;
use super::lookup::{folds_ascii, text_op};
use super::lower::Lowering;
use super::truth::Truth;
use super::value::Value;
use crate::language::kit::elasticsearch::address::network;
use crate::query::{Affix, Case, Cidr, Expr, FieldPath, Op, Pattern, Test};
use crate::source::Span;

/// Most parts of a literal that are tried out where a field has to be one of them.
const MAX_PARTS: usize = 64;

impl Lowering<'_> {
    /// `startsWith(text, part)` and its kin.
    pub(super) fn affix(
        &mut self,
        text: &Value,
        part: &Value,
        affix: Affix,
        case: Case,
        span: Span,
    ) -> Truth {
        match (text, part) {
            (_, Value::Constant(Literal::Null)) | (Value::Constant(Literal::Null), _) => {
                Truth::NULL
            }
            (text, Value::Constant(part)) if text.text_field().is_some() => {
                let (Some(field), Some(part)) = (text.text_field(), fold::text(part)) else {
                    return Truth::NULL;
                };
                let pattern = Pattern::literal(part);
                if case == Case::Insensitive {
                    folds_ascii(field, &pattern, &mut self.ledger);
                }
                let pattern = match affix {
                    Affix::Whole => pattern,
                    Affix::Start => pattern.with_any_after(),
                    Affix::End => pattern.with_any_before(),
                    Affix::Within => pattern.with_any_before().with_any_after(),
                };
                Truth::of_fields(
                    Test::field(field.clone(), text_op(&pattern, case)).into(),
                    &[field],
                )
            }
            (Value::Constant(Literal::Text(text)), part) if part.text_field().is_some() => {
                self.part_of_literal(text, part, affix, case, span)
            }
            (text, part) => match (text.text_field(), part.text_field()) {
                (Some(field), Some(other)) => {
                    let op = Op::Field { other: other.clone(), affix, case };
                    let test = Test::field(field.clone(), op);
                    Truth::of_fields(test.into(), &[field, other])
                }
                _ => self.refuse(span, "such a comparison of computed texts cannot be stated"),
            },
        }
    }

    /// Whether a field's text is one of the parts of a literal: those can be listed.
    fn part_of_literal(
        &mut self,
        text: &str,
        part: &Value,
        affix: Affix,
        case: Case,
        span: Span,
    ) -> Truth {
        let Some(field) = part.text_field() else { return Truth::NULL };
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let parts: Vec<&str> = match affix {
            Affix::Start => ends.iter().filter_map(|end| text.get(..*end)).collect(),
            Affix::End => ends.iter().filter_map(|start| text.get(*start..)).collect(),
            Affix::Whole | Affix::Within => Vec::new(),
        };
        if parts.is_empty() || parts.len() > MAX_PARTS {
            return self.refuse(span, "whether a literal holds a field's text cannot be stated");
        }
        let test =
            |part: &&str| Test::field(field.clone(), text_op(&Pattern::literal(*part), case));
        Truth::of_fields(Expr::any_of(parts.iter().map(|part| test(part).into())), &[field])
    }

    /// Whether a field holds a part, as `indexOf` finds it.
    pub(super) fn contains(
        &mut self,
        field: &FieldPath,
        part: &Value,
        case: Case,
        span: Span,
    ) -> Truth {
        self.affix(&Value::Field(field.clone()), part, Affix::Within, case, span)
    }

    /// `cidrMatch(field, network, ...)`, of which so many were given.
    pub(super) fn networks(
        &mut self,
        field: &FieldPath,
        literals: &[Literal],
        given: usize,
        span: Span,
    ) -> Truth {
        let networks: Vec<Option<Cidr>> = literals
            .iter()
            .map(|literal| match literal {
                Literal::Text(text) => network(text),
                _ => None,
            })
            .collect();
        if networks.len() != given || networks.contains(&None) {
            return self.refuse(span, "`cidrMatch` needs networks such as `\"10.0.0.0/8\"`");
        }
        let test = |network| Test::field(field.clone(), Op::Cidr(network)).into();
        Truth::of_fields(Expr::any_of(networks.into_iter().flatten().map(test)), &[field])
    }
}
