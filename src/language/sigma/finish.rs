//! The test that a fully modified value stands for.

use super::codes;
use super::working::{Piece, Working, trouble};
use crate::language::kit::QueryError;
use crate::query::{Case, Expr, FieldPath, Number, Op, Order, Part, Pattern, Regex, Subject, Test};
use crate::source::Span;

/// The test that a fully modified value stands for.
pub(super) fn finish(
    subject: &Subject,
    value: Working<'_>,
    case: Case,
    at: Span,
) -> Result<Expr, QueryError> {
    let wrong = |message: &str| trouble(&codes::VALUE, at, message);
    let keyword = *subject == Subject::Event;
    let test = |op| Expr::Test(Test { subject: subject.clone(), op });
    let number = |text: &str| text.trim().parse().ok().and_then(Number::new);
    match value {
        Working::Text { pieces, .. } => {
            let pattern = pattern(pieces, at)?;
            // A keyword is searched for inside every value of the event.
            let pattern =
                if keyword { pattern.with_any_before().with_any_after() } else { pattern };
            Ok(test(Op::Matches { pattern, case }))
        }
        Working::Number { text, order: None, part: None } => {
            let pattern = Pattern::literal(text);
            let pattern =
                if keyword { pattern.with_any_before().with_any_after() } else { pattern };
            Ok(test(Op::Matches { pattern, case }))
        }
        Working::Number { text, order, part } => {
            let number = number(&text).ok_or_else(|| wrong("this number is too large"))?;
            let order = order.unwrap_or(Order::Equal);
            Ok(test(match part {
                Some(part) => Op::Time { part, order, number },
                None if !number.is_exact() => {
                    return Err(wrong("numbers from 2^53 on cannot be compared exactly"));
                }
                None => Op::Compare { order, number },
            }))
        }
        Working::Regex { source, flags } => match Regex::new(&source, &flags) {
            Ok(regex) => Ok(test(Op::Regex(regex))),
            Err(error) => {
                let message = format!("`{source}` is no regular expression: {error}");
                Err(trouble(&codes::REGEX, at, message))
            }
        },
        Working::Cidr(cidr) => Ok(test(Op::Cidr(cidr))),
        Working::Null if keyword => Err(wrong("`null` needs a field")),
        // Absent and null are the same to Sigma; the complement of "has a value".
        Working::Null => Ok(test(Op::Exists).negated()),
        Working::Bool { exists: true, .. } if keyword => Err(wrong("`exists` needs a field")),
        Working::Bool { value, exists: true } => {
            // Presence only: a field that holds `null` is there.
            let present = Expr::any_of([test(Op::Exists), test(Op::Null)]);
            Ok(if value { present } else { present.negated() })
        }
        Working::Bool { value, exists: false } => {
            Ok(test(Op::Matches { pattern: Pattern::literal(value.to_string()), case }))
        }
        Working::Field { .. } if keyword => Err(wrong("`fieldref` needs a field")),
        Working::Field { other, affix } => {
            Ok(test(Op::Field { other: FieldPath::new(other), affix, case }))
        }
    }
}

fn pattern(pieces: Vec<Piece>, at: Span) -> Result<Pattern, QueryError> {
    let part = |piece| match piece {
        Piece::Text(text) => Ok(Part::Literal(text)),
        Piece::Bytes(bytes) => String::from_utf8(bytes).map(Part::Literal).map_err(|_| {
            let message = "in UTF-16 this value is bytes, not text";
            trouble(&codes::VALUE, at, message)
                .help("let `base64` or `base64offset` follow, which make it text again")
        }),
        Piece::One => Ok(Part::One),
        Piece::Any => Ok(Part::Any),
        Piece::Placeholder(name) => {
            let message = format!("the placeholder `%{name}%` has no value");
            Err(trouble(&codes::PLACEHOLDER, at, message))
        }
    };
    pieces.into_iter().map(part).collect()
}
