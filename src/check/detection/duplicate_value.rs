//! A value twice in one list.

use std::collections::HashMap;

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Modifier, Value};
use crate::query::{Case, equal_folded, fold};
use crate::source::Span;

code! {
    /// a list holds the same value twice
    ///
    /// The second one does nothing. Often another value was meant there, which the rule now
    /// misses. Unless the item is `cased`, values that differ only in case are the same.
    ///
    /// ```yaml
    /// eventName: [StopLogging, DeleteTrail, StopLogging]     # bad
    /// eventName: [StopLogging, DeleteTrail, UpdateTrail]     # good
    /// ```
    DUPLICATE_VALUE = "duplicate-value", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_VALUE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in subject.items.iter().filter(|written| written.item.values.len() > 1) {
        let mut first: HashMap<String, (&Value, Span)> = HashMap::new();
        for (index, value) in written.item.values.iter().enumerate() {
            // What is no pattern (a regular expression, encoded text) is compared as written.
            let pattern = written.patterns.get(index).and_then(Option::as_ref);
            let folded = written.case == Case::Insensitive && pattern.is_some();
            let text = text(&value.value);
            let key = if folded { text.chars().map(fold).collect() } else { text.to_owned() };
            let Some((before, place)) = first.get(&key).copied() else {
                first.insert(key, (&value.value, value.span));
                continue;
            };
            let message = match self::text(before) == text {
                true => "this value stands in the list twice",
                false => "this value stands in the list twice: case makes no difference here",
            };
            debug_assert!(!folded || equal_folded(self::text(before), text));
            // `all` must not be left with a single value.
            let every = written.has(Modifier::EveryValue);
            let fix = Fix::remove_member(findings.source(), value.span).filter(|_| !every);
            let place = findings.place(place);
            let finding = findings.add(&DUPLICATE_VALUE, value.span, message);
            finding.related(place, "first time").help("take it out, if no other value was meant");
            finding.fix = fix;
        }
    }
}

/// The text of a value; a number and the same digits in quotes are the same.
fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) | Value::Number(text) => text,
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        // No text of a rule holds this character.
        Value::Null => "\0",
    }
}
