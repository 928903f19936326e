//! Patterns on analysed text, of which only the words are known.

use super::ast::Term;
use super::atom::Wildcard;
use super::literal::Field;
use super::raise::Raised;
use crate::query::{Case, Part, Pattern};

/// A pattern over the whole text becomes a search for words where that loses nothing but what
/// stands around them.
pub(super) fn raise(pattern: &Pattern, case: Case, field: &mut Field<'_>) -> Raised {
    let word = |text: &str| text.chars().all(char::is_alphanumeric);
    match pattern.parts() {
        [Part::Literal(text)] if text.contains(char::is_alphanumeric) => {
            let reason =
                format!("`{}` is analysed: it holds `{text}` wherever the words stand", field.path);
            field.widen("analysed-text", reason);
            field.is(Term::Phrase { text: text.clone(), slop: None })
        }
        [Part::Any, Part::Literal(text), Part::Any] if word(text) => {
            if case == Case::Sensitive && !pattern.is_caseless() {
                let reason = format!("`{}` is analysed: letter case is lost", field.path);
                field.widen("analysed-text", reason);
            }
            let wildcard = Wildcard::new(pattern.clone()).unwrap_or_else(Wildcard::any);
            field.is(Term::Wildcard(wildcard))
        }
        _ => field.refuse("analysed-text", "the field knows its words, not its whole text"),
    }
}
