//! The spanned tree of a TOML text, as the `toml` library reads it.

use serde_json::Number;
use toml::Spanned as TomlSpanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::diagnostic::Findings;
use crate::import::codes::{IMPORT_FIELD, IMPORT_SYNTAX};
use crate::import::tell::tell;
use crate::import::tree::{Data, Member, Node, Text};
use crate::source::{Span, Spanned};

/// Reads a file. Every syntax error is a finding, and with any of them there is no tree: what the
/// parser makes of the rest may lack fields.
pub(super) fn read(findings: &mut Findings) -> Option<Node> {
    let source = std::sync::Arc::clone(findings.source());
    let (table, errors) = DeTable::parse_recoverable(source.text());
    for error in &errors {
        let span = error.span().map_or(Span::default(), |range| Span::new(range.start, range.end));
        let message = format!("this is not TOML: {}", error.message());
        tell(findings, &IMPORT_SYNTAX, span, message);
    }
    errors.is_empty().then(|| Node {
        span: Span::new(0, source.text().len()),
        data: Data::Object(members(table.get_ref(), findings)),
    })
}

fn members(table: &DeTable<'_>, findings: &mut Findings) -> Vec<Member> {
    let member = |(key, value): (&TomlSpanned<_>, &TomlSpanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let key = Spanned::new(name.clone().into_owned(), span(key));
        Member { key, value: node(value, findings) }
    };
    table.iter().map(member).collect()
}

fn node(value: &TomlSpanned<DeValue<'_>>, findings: &mut Findings) -> Node {
    let span = span(value);
    let data = match value.get_ref() {
        DeValue::String(value) => {
            let start = start_of_text(value, span, findings.source().text());
            Data::Text(Text { value: value.clone().into_owned(), start })
        }
        DeValue::Boolean(value) => Data::Bool(*value),
        DeValue::Integer(number) => {
            integer(number).map_or_else(|| kept(number, span, findings), Data::Number)
        }
        DeValue::Float(number) => {
            let finite = number.as_str().parse().ok().and_then(Number::from_f64);
            finite.map_or_else(|| kept(number, span, findings), Data::Number)
        }
        DeValue::Datetime(date) => Data::Text(Text { value: date.to_string(), start: None }),
        DeValue::Array(items) => {
            Data::List(items.iter().map(|item| node(item, findings)).collect())
        }
        DeValue::Table(table) => Data::Object(members(table, findings)),
    };
    Node { span, data }
}

fn integer(number: &DeInteger<'_>) -> Option<Number> {
    let signed = i64::from_str_radix(number.as_str(), number.radix()).ok().map(Number::from);
    signed.or_else(|| u64::from_str_radix(number.as_str(), number.radix()).ok().map(Number::from))
}

/// A number that JSON cannot hold, as text.
fn kept(number: &impl ToString, span: Span, findings: &mut Findings) -> Data {
    let value = number.to_string();
    let message = format!("`{value}` is no number that Kibana's API can be sent");
    tell(findings, &IMPORT_FIELD, span, message);
    Data::Text(Text { value, start: None })
}

/// Where a text begins in the file, if it stands there letter by letter: not with escapes, and not
/// with line ends that reading changed.
fn start_of_text(text: &str, span: Span, file: &str) -> Option<usize> {
    /// Opening quotes, the longest first, each with the line ends that do not count behind it.
    const QUOTES: &[&str] =
        &["'''\r\n", "\"\"\"\r\n", "'''\n", "\"\"\"\n", "'''", "\"\"\"", "'", "\""];
    let raw = file.get(span.start..span.end)?;
    let quote = QUOTES.iter().find(|quote| raw.starts_with(**quote))?;
    let behind = raw.get(quote.len()..)?.strip_prefix(text)?;
    (behind == quote.trim_end()).then_some(span.start + quote.len())
}

fn span<T>(value: &TomlSpanned<T>) -> Span {
    let range = value.span();
    Span::new(range.start, range.end)
}
