//! Late typing of scalars, by the core schema of YAML 1.2 (section 10.3.2).
//!
//! YAML 1.1 readers turn `yes`, `010` and `1_000` into other things; so do several YAML 1.2
//! libraries with leading zeros. Here a scalar is a number only if its text is the number's own
//! decimal form, so that `00000429` (a keyboard layout in a public rule) keeps its zeros.

use super::{Scalar, Style};

/// What a scalar means where the field accepts any type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved<'a> {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal integer without superfluous zeros.
    Integer(i64),
    /// A decimal fraction or exponent form.
    Float(f64),
    /// Everything else, and every quoted or block scalar.
    Text(&'a str),
}

/// Types a scalar by its text; quoted and block scalars are always text. A `!!str` tag on a plain
/// scalar does the same.
pub fn resolve(scalar: &Scalar) -> Resolved<'_> {
    let text = scalar.text.as_str();
    if scalar.style != Style::Plain || scalar.tag.as_deref() == Some("str") {
        return Resolved::Text(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        _ => number(text).unwrap_or(Resolved::Text(text)),
    }
}

fn number(text: &str) -> Option<Resolved<'_>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_at(digits.bytes().take_while(u8::is_ascii_digit).count());
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if rest.is_empty() {
        return text.parse().ok().map(Resolved::Integer);
    }
    let float_shape = rest.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    let value: f64 = float_shape.then(|| text.parse().ok()).flatten()?;
    value.is_finite().then_some(Resolved::Float(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Scalar {
        Scalar { text: text.to_owned(), style: Style::Plain, tag: None }
    }

    #[test]
    fn only_canonical_decimals_are_numbers() {
        for (text, expected) in [
            ("0", Resolved::Integer(0)),
            ("-17", Resolved::Integer(-17)),
            ("4.10", Resolved::Float(4.1)),
            ("1e3", Resolved::Float(1000.0)),
            ("00000429", Resolved::Text("00000429")),
            ("010", Resolved::Text("010")),
            ("1_000", Resolved::Text("1_000")),
            ("0x1f", Resolved::Text("0x1f")),
            ("yes", Resolved::Text("yes")),
            ("2026-11-21", Resolved::Text("2026-11-21")),
            ("1.2.3", Resolved::Text("1.2.3")),
            ("1e999", Resolved::Text("1e999")),
            ("99999999999999999999", Resolved::Text("99999999999999999999")),
            ("~", Resolved::Null),
            ("", Resolved::Null),
            ("True", Resolved::Bool(true)),
        ] {
            assert_eq!(resolve(&plain(text)), expected, "{text}");
        }
    }

    #[test]
    fn quotes_make_text() {
        let quoted = Scalar { style: Style::SingleQuoted, ..plain("4") };
        assert_eq!(resolve(&quoted), Resolved::Text("4"));
    }
}
