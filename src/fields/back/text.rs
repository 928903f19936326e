//! Objects written as one text.
//!
//! Rules look into such a text for `*key=value*`. The text has it where the object's own field
//! `key` is a text that begins with the value, and elsewhere: for a field further down, for a longer
//! key that ends in this one, in the middle of some other value. No expression over the record can
//! list all of that, so what is found in the object's own field, and in the fields further down of
//! which the table knows, is less than the rule finds. A list is written in brackets, so the value
//! of a list is not meant by `key=value`. Everything else in a text (a value without a key, a key
//! with what stands before or after it) depends on the order of keys or on values of any field, and
//! is refused.

use super::{Back, filled};
use crate::fields::Subtree;
use crate::query::{Case, Effect, Expr, FieldPath, Ledger, Op, Part, Pattern, Test};

impl Back<'_> {
    /// A test of an object's text.
    pub(super) fn text(
        &self,
        subtree: &Subtree,
        field: &FieldPath,
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        let whole = FieldPath::new(&subtree.raw);
        match op {
            Op::Exists => self.whole_object(&whole, ledger),
            Op::Matches { pattern, .. } if pattern.is_any() => self.whole_object(&whole, ledger),
            Op::Matches { pattern, case } => match key_and_value(pattern) {
                Some((key, value)) => {
                    let reason = format!(
                        "`{field}` has `{key}={value}` also where it stands deeper in `{whole}`, under a longer key or inside of another value"
                    );
                    ledger.lose("text-form", Effect::Narrower, Some(field), reason);
                    Expr::any_of(
                        self.keys(subtree, key)
                            .iter()
                            .map(|raw| self.begins(raw, value, *case, ledger)),
                    )
                }
                None => refuse(field, op, ledger),
            },
            _ => refuse(field, op, ledger),
        }
    }

    /// The object's own field of this name, and those below it of which the table knows.
    fn keys(&self, subtree: &Subtree, key: &str) -> Vec<FieldPath> {
        let own = format!("{}.{key}", subtree.raw);
        let rows = self.catalog.table().fields.iter().map(|row| &row.raw);
        let deeper = rows.filter(|raw| {
            subtree.rest(raw).is_some_and(|rest| rest.rsplit('.').next() == Some(key))
        });
        let mut paths: Vec<FieldPath> = deeper.chain([&own]).map(FieldPath::new).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    fn begins(&self, raw: &FieldPath, value: &str, case: Case, ledger: &mut Ledger) -> Expr {
        if value.is_empty() {
            return filled(raw.as_str());
        }
        let reason = format!(
            "`{raw}` is one text or whole number: the platform writes a list in brackets and a fraction as Java does"
        );
        ledger.assume("single-valued", Some(raw), reason);
        let pattern = Pattern::literal(value).with_any_after();
        Test::field(raw.clone(), Op::Matches { pattern, case }).into()
    }
}

/// The parts of `*key=value*`. A key has no sign that the text itself uses.
fn key_and_value(pattern: &Pattern) -> Option<(&str, &str)> {
    let [Part::Any, Part::Literal(text), Part::Any] = pattern.parts() else { return None };
    let (key, value) = text.split_once('=')?;
    let is_key = !key.is_empty() && !key.contains(['{', '}', '[', ']', ',', ' ', '.']);
    (is_key && !value.starts_with(['[', '{'])).then_some((key, value))
}

fn refuse(field: &FieldPath, op: &Op, ledger: &mut Ledger) -> Expr {
    let reason = format!(
        "`{field}` is an object written as one text, and no single field of the record says that it {op}"
    );
    ledger.refuse("text-form", Some(field), reason);
    Expr::False
}
