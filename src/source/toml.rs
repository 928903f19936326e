//! TOML as the spanned tree of `source`.
//!
//! TOML says the types of its values itself, so a text becomes a quoted scalar and nothing else is
//! taken for one: readers of fields serve both syntaxes.

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Kind, MAX_DEPTH, Mapping, Node, Scalar, Span, Spanned, Style};

/// Something that is wrong with a TOML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    /// Where.
    pub span: Span,
    /// Lower case, no full stop.
    pub message: String,
}

/// Reads a TOML text, or gives every fault of it.
pub fn read_toml(text: &str) -> Result<Node, Vec<TomlError>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let error = |error: &toml::de::Error| TomlError {
            span: error.span().map_or(Span::default(), |range| Span::new(range.start, range.end)),
            message: error.message().lines().next().unwrap_or("not readable").to_owned(),
        };
        return Err(errors.iter().map(error).collect());
    }
    let kind = Kind::Mapping(mapping(table.get_ref(), 0)?);
    Ok(Node { span: Span::new(0, text.len()), kind })
}

fn mapping(table: &DeTable<'_>, depth: usize) -> Result<Mapping, Vec<TomlError>> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let key = Spanned::new(key.get_ref().clone().into_owned(), span(key));
        entries.push(Entry { key, value: node(value, depth + 1)? });
    }
    Ok(Mapping { entries })
}

fn node(value: &TomlSpanned<DeValue<'_>>, depth: usize) -> Result<Node, Vec<TomlError>> {
    let span = span(value);
    if depth > MAX_DEPTH {
        let message = format!("values are nested deeper than {MAX_DEPTH} levels");
        return Err(vec![TomlError { span, message }]);
    }
    let scalar = |text: String, style| Kind::Scalar(Scalar { text, style, tag: None });
    let kind = match value.get_ref() {
        DeValue::String(text) => scalar(text.clone().into_owned(), Style::DoubleQuoted),
        DeValue::Boolean(value) => scalar(value.to_string(), Style::Plain),
        DeValue::Integer(number) => scalar(number.to_string(), Style::Plain),
        DeValue::Float(number) => scalar(number.to_string(), Style::Plain),
        DeValue::Datetime(date) => scalar(date.to_string(), Style::DoubleQuoted),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| node(item, depth + 1));
            Kind::Sequence(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => Kind::Mapping(mapping(table, depth)?),
    };
    Ok(Node { span, kind })
}

fn span<T>(value: &TomlSpanned<T>) -> Span {
    let range = value.span();
    Span::new(range.start, range.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Resolved, resolve};

    #[test]
    fn texts_stay_texts() {
        let tree = read_toml("a = \"4.10\"\nb = 4\n[c]\nd = [true]\n").expect("TOML");
        let map = tree.as_mapping().expect("a table");
        let scalar = |key| map.get(key).and_then(Node::as_scalar).map(resolve);
        assert_eq!(scalar("a"), Some(Resolved::Text("4.10")));
        assert_eq!(scalar("b"), Some(Resolved::Integer(4)));
        let errors = read_toml("a = \nb = 1").expect_err("not TOML");
        assert!(!errors.is_empty());
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("a = {}1{}", "[".repeat(70), "]".repeat(70));
        assert!(read_toml(&deep).is_err());
    }
}
