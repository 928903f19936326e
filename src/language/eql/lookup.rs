//! Tests of a field by text: `:`, `in`, `like`, `regex`, and the functions that look for a part.

use super::expression::{Comparison, Literal, Lookup, Node};
use super::fold;
use super::lower::Lowering;
use super::truth::Truth;
use super::value::Value;
use crate::language::kit::elasticsearch::address::network;
use crate::language::kit::lucene_regex::from_lucene;
use crate::query::{Case, FieldPath, FieldType, Ledger, Number, Op, Order, Part, Pattern, Test};
use crate::source::Span;

impl Lowering<'_> {
    /// `value operator list`
    pub(super) fn among(&mut self, value: &Node, operator: Lookup, list: &[Node]) -> Truth {
        let value = self.value(value);
        if let (Some(positive), Lookup::NotIn | Lookup::NotInAnyCase) =
            (operator.negated(), operator)
        {
            return self.one_of(&value, positive, list).negated();
        }
        self.one_of(&value, operator, list)
    }

    fn one_of(&mut self, value: &Value, operator: Lookup, list: &[Node]) -> Truth {
        let members = list.iter().map(|member| self.member(value, operator, member)).collect();
        Truth::any_of(members)
    }

    fn member(&mut self, value: &Value, operator: Lookup, member: &Node) -> Truth {
        let span = member.span;
        let literal = match self.value(member) {
            _ if matches!(value, Value::Refused) => return Truth::NULL,
            Value::Refused => return Truth::NULL,
            Value::Constant(literal) => literal,
            _ => return self.refuse(span, "EQL cannot compare a field with another"),
        };
        if literal == Literal::Null {
            return self.refuse_with(span, "`null` in a list has no meaning", "write `== null`");
        }
        match (operator, literal) {
            (Lookup::In, literal) => {
                self.held_against(value.clone(), Comparison::Equal, literal, span)
            }
            (Lookup::InAnyCase, Literal::Text(text)) => {
                self.text_is(value, &Pattern::literal(text), Case::Insensitive, span)
            }
            (Lookup::InAnyCase, literal) => {
                self.held_against(value.clone(), Comparison::Equal, literal, span)
            }
            (Lookup::Is | Lookup::LikeAnyCase, Literal::Text(text)) => {
                self.text_is(value, &wildcards(&text), Case::Insensitive, span)
            }
            (Lookup::Like, Literal::Text(text)) => {
                self.text_is(value, &wildcards(&text), Case::Sensitive, span)
            }
            (Lookup::Regex, Literal::Text(text)) => {
                self.matches_regex(value, &text, Case::Sensitive, span)
            }
            (Lookup::RegexAnyCase, Literal::Text(text)) => {
                self.matches_regex(value, &text, Case::Insensitive, span)
            }
            (operator, _) => {
                let reason = format!("`{}` compares with texts only", operator.sign());
                self.refuse_with(span, reason, "put the value in quotes, or write `==`")
            }
        }
    }

    /// A value against a text with wildcards.
    fn text_is(&mut self, value: &Value, pattern: &Pattern, case: Case, span: Span) -> Truth {
        match (value, pattern.as_literal()) {
            (Value::Field(field), _) => self.field_is(field, pattern, case, span),
            (Value::Text(field), _) => {
                let op = Op::Matches { pattern: pattern.clone(), case };
                Truth::of_fields(Test::field(field.clone(), op).into(), &[field])
            }
            (Value::Constant(Literal::Null), _) => Truth::NULL,
            (Value::Constant(own), Some(text)) if case == Case::Insensitive => {
                match fold::equal_in_any_case(own, &Literal::Text(text.to_owned())) {
                    Some(equal) => Truth::constant(equal),
                    None => self.refuse(span, "these literals cannot be compared"),
                }
            }
            (Value::Constant(Literal::Text(own)), _) => {
                Truth::constant(pattern.matches(own, case == Case::Insensitive))
            }
            (Value::Part { field, from, to }, Some(text)) => {
                self.part_is(field, (*from, *to), text, case, span)
            }
            _ => self.refuse(span, "this value cannot be compared with a text"),
        }
    }

    /// A field against a text with wildcards, by the field's mapping.
    pub(super) fn field_is(
        &mut self,
        field: &FieldPath,
        pattern: &Pattern,
        case: Case,
        span: Span,
    ) -> Truth {
        if case == Case::Insensitive {
            folds_ascii(field, pattern, &mut self.ledger);
        }
        let op = match self.schema.facts(field).kind {
            FieldType::Keyword | FieldType::Flattened => text_op(pattern, case),
            FieldType::Text => {
                let reason = format!("the text field `{field}` has a sub-field of whole values");
                self.ledger.assume("keyword-sub-field", Some(field), reason);
                text_op(pattern, case)
            }
            _ if pattern.is_any() => Op::Exists,
            FieldType::Ip => match pattern.as_literal().and_then(network) {
                Some(network) => Op::Cidr(network),
                None => return self.refuse(span, format!("`{field}` is an address, this is none")),
            },
            FieldType::Number => {
                let number = pattern.as_literal().and_then(|text| text.parse().ok());
                match number.and_then(Number::new) {
                    Some(number) => Op::Compare { order: Order::Equal, number },
                    None => {
                        return self.refuse(span, format!("`{field}` is a number, this is none"));
                    }
                }
            }
            FieldType::Boolean => match pattern.as_literal().map(str::to_ascii_lowercase) {
                Some(text) if text == "true" || text == "false" => Op::is(&text),
                _ => return self.refuse(span, format!("`{field}` is `true` or `false`")),
            },
            FieldType::Date => {
                let reason = format!("`{field}` is a point in time, which cannot be compared here");
                return self.refuse(span, reason);
            }
        };
        Truth::of_fields(Test::field(field.clone(), op).into(), &[field])
    }

    fn matches_regex(&mut self, value: &Value, text: &str, case: Case, span: Span) -> Truth {
        let insensitive = case == Case::Insensitive;
        let read = match from_lucene(text, insensitive) {
            Ok(read) => read,
            Err(refusal) => {
                let reason = format!("this regular expression cannot be stated: {refusal}");
                return self.refuse_with(
                    span,
                    reason,
                    "put a backslash before a sign that is meant as it is",
                );
            }
        };
        let field = match value {
            Value::Field(field) | Value::Text(field) => field,
            Value::Constant(Literal::Text(own)) => {
                return Truth::constant(read.regex.is_match(own));
            }
            Value::Constant(Literal::Null) => return Truth::NULL,
            _ => return self.refuse(span, "this value cannot be compared with an expression"),
        };
        let kind = self.schema.facts(field).kind;
        let texts = matches!(kind, FieldType::Keyword | FieldType::Flattened | FieldType::Text);
        if !texts && matches!(value, Value::Field(_)) {
            return self.refuse(span, format!("`{field}` holds no texts"));
        }
        if read.folds_ranges {
            let reason =
                format!("the version of Elasticsearch reads the ranges of `{text}` in any case");
            self.ledger.assume("case-insensitive-range", Some(field), reason);
        }
        let op = match read.pattern {
            Some(pattern) => text_op(&pattern, case),
            None => Op::Regex(read.regex),
        };
        Truth::of_fields(Test::field(field.clone(), op).into(), &[field])
    }
}

/// Notes that Elasticsearch folds the letters of ASCII only, if a pattern has others.
pub(super) fn folds_ascii(field: &FieldPath, pattern: &Pattern, ledger: &mut Ledger) {
    let beyond = |part: &Part| match part {
        Part::Literal(text) => {
            text.chars().any(|c| !c.is_ascii() && !Pattern::literal(c.to_string()).is_caseless())
        }
        _ => false,
    };
    if pattern.parts().iter().any(beyond) {
        let reason = format!(
            "`{field}` has the letters beyond ASCII in the case of `{pattern}`, which EQL does not fold"
        );
        ledger.assume("ascii-case", Some(field), reason);
    }
}

pub(super) fn text_op(pattern: &Pattern, case: Case) -> Op {
    if pattern.is_any() {
        return Op::Exists;
    }
    Op::Matches { pattern: pattern.clone(), case }
}

/// The pattern of a text with `*` and `?`, which cannot be escaped.
fn wildcards(text: &str) -> Pattern {
    let part = |c: char| match c {
        '*' => Part::Any,
        '?' => Part::One,
        c => Part::Literal(c.to_string()),
    };
    text.chars().map(part).collect()
}
