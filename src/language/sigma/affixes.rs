//! The short way from a value to its test, for texts that every modifier leaves one pattern.
//!
//! Nearly all items of public rules are of this kind. [`apply`](super::apply) would take each of
//! their values through a list of pieces for every modifier, to the same end.

use super::ast::{Item, Value};
use super::{Modifier, parse_text};
use crate::query::{Case, Expr, Op, Pattern, Subject, Test};

/// Modifiers that leave every text one pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affixes {
    before: bool,
    after: bool,
    case: Case,
}

impl Affixes {
    /// What the modifiers of an item do, if they are of this kind.
    pub(super) fn of(item: &Item) -> Option<Self> {
        // A keyword is searched for inside every value of the event.
        let keyword = item.field.is_none();
        let mut affixes = Self { before: keyword, after: keyword, case: Case::Insensitive };
        for modifier in &item.modifiers {
            match modifier.value {
                Modifier::Contains => (affixes.before, affixes.after) = (true, true),
                Modifier::StartsWith => affixes.after = true,
                Modifier::EndsWith => affixes.before = true,
                Modifier::Cased => affixes.case = Case::Sensitive,
                Modifier::EveryValue | Modifier::Neq => {}
                _ => return None,
            }
        }
        Some(affixes)
    }

    /// Whether every one of these modifiers accepts a value.
    pub(super) fn fit(self, value: &Value) -> bool {
        match value {
            Value::Text(_) => true,
            // `cased` wants a text.
            Value::Number(_) => self.case == Case::Insensitive,
            Value::Bool(_) | Value::Null => false,
        }
    }

    /// The test of a value that fits.
    pub(super) fn test(self, subject: &Subject, value: &Value) -> Expr {
        let pattern = match value {
            Value::Text(text) => parse_text(text),
            Value::Number(text) => Pattern::literal(text.as_str()),
            Value::Bool(_) | Value::Null => Pattern::default(),
        };
        let pattern = if self.before { pattern.with_any_before() } else { pattern };
        let pattern = if self.after { pattern.with_any_after() } else { pattern };
        Test { subject: subject.clone(), op: Op::Matches { pattern, case: self.case } }.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::apply::alternatives;
    use super::super::budget::Budget;
    use super::*;
    use crate::source::{Span, Spanned};

    const AFFIXES: &[Modifier] = {
        use Modifier::{Cased, Contains, EndsWith, EveryValue, Neq, StartsWith};
        &[Contains, StartsWith, EndsWith, Cased, EveryValue, Neq]
    };

    fn at<T>(value: T) -> Spanned<T> {
        Spanned::new(value, Span::default())
    }

    proptest! {
        #[test]
        fn both_ways_lead_to_the_same(
            text in r"[a\\*?%1-]{0,8}", number in any::<bool>(), field in any::<bool>(),
            modifiers in proptest::sample::subsequence(AFFIXES, 0..4).prop_shuffle()
        ) {
            let value = if number { Value::Number("4625".into()) } else { Value::Text(text) };
            let field = field.then(|| at("f".to_owned()));
            let subject = field.as_ref().map_or(Subject::Event, |f| Subject::Field(f.as_str().into()));
            let modifiers = modifiers.into_iter().map(at).collect();
            let values = vec![at(value.clone())];
            let item = Item { field, modifiers, values, list: false, span: Span::default() };
            if let Some(short) = Affixes::of(&item).filter(|affixes| affixes.fit(&value)) {
                let long = alternatives(&item, &subject, &at(value.clone()), &mut Budget::default());
                prop_assert_eq!(long, Ok(short.test(&subject, &value)));
            }
        }
    }
}
