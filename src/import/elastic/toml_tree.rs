//! The spanned tree of a TOML text, as the `toml` library reads it.

use serde_json::{Number, Value as Json};
use toml::Spanned as TomlSpanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::tell::tell;
use super::tree::{Kind, Member, Node};
use crate::diagnostic::Findings;
use crate::import::codes::{IMPORT_FIELD, IMPORT_SYNTAX};
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
        kind: Kind::Table(members(table.get_ref(), findings)),
    })
}

fn members(table: &DeTable<'_>, findings: &mut Findings) -> Vec<Member> {
    let member = |(key, value): (&TomlSpanned<_>, &TomlSpanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (Spanned::new(name.clone().into_owned(), span(key)), node(value, findings))
    };
    table.iter().map(member).collect()
}

fn node(value: &TomlSpanned<DeValue<'_>>, findings: &mut Findings) -> Node {
    let span = span(value);
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Scalar(Json::String(text.clone().into_owned())),
        DeValue::Boolean(value) => Kind::Scalar(Json::Bool(*value)),
        DeValue::Integer(number) => {
            Kind::Scalar(integer(number).unwrap_or_else(|| kept(number, span, findings)))
        }
        DeValue::Float(number) => {
            let finite = number.as_str().parse().ok().and_then(Number::from_f64);
            Kind::Scalar(finite.map_or_else(|| kept(number, span, findings), Json::Number))
        }
        DeValue::Datetime(date) => Kind::Scalar(Json::String(date.to_string())),
        DeValue::Array(items) => {
            Kind::List(items.iter().map(|item| node(item, findings)).collect())
        }
        DeValue::Table(table) => Kind::Table(members(table, findings)),
    };
    Node { span, kind }
}

fn integer(number: &DeInteger<'_>) -> Option<Json> {
    let signed = i64::from_str_radix(number.as_str(), number.radix()).ok().map(Json::from);
    signed.or_else(|| u64::from_str_radix(number.as_str(), number.radix()).ok().map(Json::from))
}

/// A number that JSON cannot hold, as text.
fn kept(number: &impl ToString, span: Span, findings: &mut Findings) -> Json {
    let text = number.to_string();
    let message = format!("`{text}` is no number that Kibana's API can be sent");
    tell(findings, &IMPORT_FIELD, span, message);
    Json::String(text)
}

fn span<T>(value: &TomlSpanned<T>) -> Span {
    let range = value.span();
    Span::new(range.start, range.end)
}
