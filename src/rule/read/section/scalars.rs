//! Single values: texts, numbers, and texts of a certain form.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::Section;
use crate::diagnostic::{Code, Findings, any_of, closest};
use crate::rule::{Date, Duration, codes};
use crate::source::{Node, Resolved, Spanned, resolve, to_json};

impl Section<'_> {
    /// A text; numbers and booleans are none.
    pub(in crate::rule) fn text(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<String>> {
        let node = self.get(key)?;
        match text_of(node) {
            Some(text) => Some(Spanned::new(text.to_owned(), node.span)),
            None => {
                self.wrong(&format!("`{key}`"), "text", node, findings);
                None
            }
        }
    }

    /// A mapping of anything, as JSON.
    pub(in crate::rule) fn object(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Map<String, Json>> {
        let node = self.get(key)?;
        match to_json(node) {
            Json::Object(object) => Some(object),
            _ => {
                self.wrong(&format!("`{key}`"), "a mapping", node, findings);
                None
            }
        }
    }

    /// A text without its place.
    pub(in crate::rule) fn string(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<String> {
        self.text(key, findings).map(|text| text.value)
    }

    /// A text that looks like a number to YAML, such as the version `8.2`.
    pub(in crate::rule) fn loose_text(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<String> {
        match self.get(key)?.as_scalar().map(|scalar| (resolve(scalar), &scalar.text)) {
            Some((Resolved::Integer(_) | Resolved::Float(_), text)) => Some(text.clone()),
            _ => self.string(key, findings),
        }
    }

    /// `true` or `false`.
    pub(in crate::rule) fn boolean(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<bool> {
        let node = self.get(key)?;
        match node.as_scalar().map(resolve) {
            Some(Resolved::Bool(value)) => Some(value),
            _ => {
                self.wrong(&format!("`{key}`"), "`true` or `false`", node, findings);
                None
            }
        }
    }

    /// A whole number within bounds.
    pub(in crate::rule) fn integer(
        &self,
        key: &'static str,
        range: std::ops::RangeInclusive<i64>,
        findings: &mut Findings,
    ) -> Option<Spanned<i64>> {
        let node = self.get(key)?;
        match node.as_scalar().map(resolve) {
            Some(Resolved::Integer(value)) if range.contains(&value) => {
                Some(Spanned::new(value, node.span))
            }
            Some(Resolved::Integer(value)) => {
                let message = format!(
                    "`{key}` must be from {} to {}, not {value}",
                    range.start(),
                    range.end()
                );
                findings.add(&codes::RANGE, node.span, message);
                None
            }
            _ => {
                self.wrong(&format!("`{key}`"), "a whole number", node, findings);
                None
            }
        }
    }

    /// A text that `parse` turns into something; `wanted` says what it must look like.
    pub(in crate::rule) fn parsed<T>(
        &self,
        key: &'static str,
        code: &'static Code,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, findings)?;
        match parse(&text) {
            Some(value) => Some(Spanned::new(value, text.span)),
            None => {
                let message = format!("`{}` is not {wanted}", text.value);
                findings.add(code, text.span, message);
                None
            }
        }
    }

    /// A UUID.
    pub(in crate::rule) fn uuid(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Uuid>> {
        self.parsed(key, &codes::BAD_ID, UUID_FORM, uuid, findings)
    }

    /// A date.
    pub(in crate::rule) fn date(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Date>> {
        self.parsed(key, &codes::BAD_DATE, "a date like 2026-11-21", Date::parse, findings)
    }

    /// A duration, which may be nothing.
    pub(in crate::rule) fn duration_or_zero(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Duration>> {
        let wanted = "a duration like 30s, 5m, 1h or 7d";
        self.parsed(key, &codes::BAD_DURATION, wanted, Duration::parse, findings)
    }

    /// A duration of at least a second.
    pub(in crate::rule) fn duration(
        &self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Spanned<Duration>> {
        let duration = self.duration_or_zero(key, findings)?;
        if duration.seconds() == 0 {
            let message = format!("`{key}` must be longer than nothing");
            findings.add(&codes::RANGE, duration.span, message);
        }
        Some(duration)
    }

    /// One of a fixed set of words.
    pub(in crate::rule) fn word<T>(
        &self,
        key: &'static str,
        words: &[&'static str],
        parse: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, findings)?;
        if let Some(value) = parse(&text) {
            return Some(Spanned::new(value, text.span));
        }
        let message = format!("`{key}` cannot be `{}`", text.value);
        let help = match closest(&text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", any_of(words.iter().copied())),
        };
        findings.add(&codes::UNKNOWN_VALUE, text.span, message).help(help);
        None
    }
}

/// What a UUID looks like, for messages.
pub(in crate::rule) const UUID_FORM: &str = "a UUID (8-4-4-4-12 hexadecimal digits)";

/// The text of a scalar that is text.
pub(in crate::rule) fn text_of(node: &Node) -> Option<&str> {
    match resolve(node.as_scalar()?) {
        Resolved::Text(text) => Some(text),
        _ => None,
    }
}

/// A UUID in its usual form with hyphens.
pub(in crate::rule) fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}
