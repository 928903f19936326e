//! What a literal means on a field, by the field's mapping in Elasticsearch.
//!
//! | mapping | literal |
//! |---|---|
//! | keyword | the whole text, in this letter case; `*` in unquoted ones is a wildcard |
//! | flattened | the same, on one leaf |
//! | text | unquoted: any of the words; quoted: the words one after another; any letter case |
//! | ip | an address or a network |
//! | number, boolean | the value |
//! | date | refused |
//!
//! Ranges are stated for numbers only: on texts they go by characters, on dates by rounding. A field
//! whose type no table has is taken for numbers by a range between numbers (`field-type`).

use super::address;
use crate::language::kit::QueryError;
use crate::query::{
    Case, Expr, FieldFacts, FieldPath, FieldType, Ledger, Number, Op, Order, Part, Pattern, Test,
    fold,
};
use crate::source::Span;

/// Why dates are refused: Kibana rounds `2024` to a year and `now-1d/d` to a day of the run.
const DATES: &str = "its meaning depends on rounding, on the time zone and on when the rule runs";

/// What a query compares a field with: a text with wildcards, and whether it stood in quotes.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Literal<'l> {
    /// The text, free of quotes and escapes.
    pub(in crate::language) pattern: &'l Pattern,
    /// Whether it stood in quotes.
    pub(in crate::language) quoted: bool,
}

/// Why a literal has no meaning on a field, and what to write instead.
#[derive(Debug)]
pub(in crate::language) struct Refusal {
    message: String,
    help: Option<&'static str>,
}

impl Refusal {
    pub(in crate::language) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(in crate::language) fn help(self, help: &'static str) -> Self {
        Self { help: Some(help), ..self }
    }

    /// The error at the literal's place.
    pub(in crate::language) fn at(self, span: Span) -> QueryError {
        QueryError {
            help: self.help.map(str::to_owned),
            ..QueryError::unsupported(span, self.message)
        }
    }
}

/// What `path:literal` means.
pub(in crate::language) fn value(
    path: &FieldPath,
    kind: FieldType,
    literal: Literal<'_>,
) -> Result<Expr, Refusal> {
    if literal.pattern.is_any() {
        return Ok(test(path, Op::Exists));
    }
    let op = match kind {
        FieldType::Keyword | FieldType::Flattened => {
            Op::Matches { pattern: literal.pattern.clone(), case: Case::Sensitive }
        }
        FieldType::Text => return words(path, literal),
        FieldType::Ip => match address::network(plain(path, "an address", literal)?) {
            Some(network) => Op::Cidr(network),
            None => return Err(Refusal::new(format!("`{path}` is an address, and this is none"))),
        },
        FieldType::Number => Op::Compare { order: Order::Equal, number: number(path, literal)? },
        FieldType::Boolean => match plain(path, "a boolean", literal)? {
            text @ ("true" | "false") => Op::is(text),
            _ => return Err(Refusal::new(format!("`{path}` is `true` or `false`"))),
        },
        FieldType::Date => {
            return Err(Refusal::new(format!("`{path}` is a point in time: {DATES}")));
        }
    };
    Ok(test(path, op))
}

/// What `path < literal` means. A field whose type no table has is taken for one of numbers where the
/// literal is a number.
pub(in crate::language) fn range(
    path: &FieldPath,
    facts: &FieldFacts,
    order: Order,
    literal: Literal<'_>,
    ledger: &mut Ledger,
) -> Result<Expr, Refusal> {
    if facts.kind == FieldType::Keyword
        && !facts.typed
        && let Ok(number) = number(path, literal)
    {
        ledger.assume_type(path, FieldType::Number);
        return Ok(test(path, Op::Compare { order, number }));
    }
    let reason = match facts.kind {
        FieldType::Number => {
            return Ok(test(path, Op::Compare { order, number: number(path, literal)? }));
        }
        FieldType::Date => DATES,
        FieldType::Ip => "write it as networks: `field:\"10.0.0.0/8\"`",
        FieldType::Boolean => "a boolean has no order",
        FieldType::Keyword | FieldType::Text | FieldType::Flattened => {
            "its values are texts, which Elasticsearch orders by their characters: 10 is below 9"
        }
    };
    Err(Refusal::new(format!("this is a range on `{path}`: {reason}")))
}

fn test(path: &FieldPath, op: Op) -> Expr {
    Test::field(path.clone(), op).into()
}

/// The text of a literal on a field whose values are no texts: Elasticsearch has no wildcards
/// there.
fn plain<'l>(path: &FieldPath, what: &str, literal: Literal<'l>) -> Result<&'l str, Refusal> {
    literal.pattern.as_literal().ok_or_else(|| {
        Refusal::new(format!("`{path}` is {what}, and Elasticsearch has no wildcards for those"))
    })
}

fn number(path: &FieldPath, literal: Literal<'_>) -> Result<Number, Refusal> {
    let text = plain(path, "a number", literal)?;
    match text.parse().ok().and_then(Number::new) {
        Some(number) if number.is_exact() => Ok(number),
        Some(_) => Err(Refusal::new("numbers from 2^53 on cannot be compared exactly")),
        None => Err(Refusal::new(format!("`{path}` is a number, and this is none"))),
    }
}

/// A literal on an analysed field. In the algebra words are letters and digits; Lucene keeps some
/// marks inside a word (`aws.s3`), so such a word is its pieces one after another.
fn words(path: &FieldPath, literal: Literal<'_>) -> Result<Expr, Refusal> {
    let Some(text) = literal.pattern.as_literal() else {
        return pattern_in_word(path, literal.pattern);
    };
    let pieces = |text: &str| -> Vec<String> {
        let pieces = text.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty());
        pieces.map(|piece| piece.chars().map(fold).collect()).collect()
    };
    let rows: Vec<Vec<String>> = if literal.quoted {
        vec![pieces(text)]
    } else {
        text.split(|c: char| !c.is_alphanumeric() && !is_inside_word(c)).map(pieces).collect()
    };
    let rows = rows.into_iter().filter(|row| !row.is_empty());
    Ok(Expr::any_of(rows.map(|row| test(path, Op::Words(row)))))
}

/// Marks that do not end a word between letters or digits: Unicode's rules for word boundaries
/// (UAX #29), which Lucene's standard tokenizer follows.
fn is_inside_word(c: char) -> bool {
    matches!(c, '.' | '\'' | '\u{2019}' | '_' | ',')
}

/// A pattern on an analysed field is held against each word. Only `*part*` says something about
/// the text as a whole.
fn pattern_in_word(path: &FieldPath, pattern: &Pattern) -> Result<Expr, Refusal> {
    match pattern.parts() {
        [Part::Any, Part::Literal(part), Part::Any] if part.chars().all(char::is_alphanumeric) => {
            Ok(test(path, Op::Matches { pattern: pattern.clone(), case: Case::Insensitive }))
        }
        _ => Err(Refusal::new(format!(
            "`{path}` is analysed text, where a pattern is held against each word"
        ))),
    }
}
