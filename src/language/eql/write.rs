//! Fields and literals as text: backticks, quotes, escapes.

use super::expression::{Field, Literal};
use super::lex::is_word;

/// A field, its names in backticks where they have to be.
pub(super) fn write_field(field: &Field, out: &mut String) {
    if field.optional {
        out.push('?');
    }
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    if field.path.split('.').any(str::is_empty) {
        out.push_str(&quoted(&field.path));
        return;
    }
    for (index, name) in field.path.split('.').enumerate() {
        if index > 0 {
            out.push('.');
        }
        if is_word(name) { out.push_str(name) } else { out.push_str(&quoted(name)) }
    }
}

pub(super) fn write_literal(literal: &Literal, raw: bool, out: &mut String) {
    match literal {
        Literal::Null => out.push_str("null"),
        Literal::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Integer(number) => out.push_str(&number.to_string()),
        Literal::Decimal(number) => {
            let text = number.to_string();
            let point = if text.contains('.') { "" } else { ".0" };
            out.push_str(&text);
            out.push_str(point);
        }
        Literal::Text(text) => write_text(text, raw, out),
    }
}

/// Writes a text; between raw quotes, if asked, where that saves escapes and is possible.
pub(super) fn write_text(text: &str, raw: bool, out: &mut String) {
    let quotes_at_end = text.chars().rev().take_while(|c| *c == '"').count();
    let inner = text.get(..text.len() - quotes_at_end).unwrap_or_default();
    let possible =
        !text.contains(char::is_control) && !inner.contains("\"\"\"") && quotes_at_end <= 2;
    if raw && possible && text.contains(['\\', '"']) {
        out.push_str(&format!("\"\"\"{text}\"\"\""));
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' | '"' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:02x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
