//! A meaning that was written and read again is the same, in its own language and in every other.

use std::net::IpAddr;

use crosswalk::fields::EcsSchema;
use crosswalk::language::registry::{ALL, Dialect};
use crosswalk::query::{Expr, Meaning, Op, Schema};
use serde_json::Value;

use super::common::witness;
use super::samples::all;

/// What a language knows of the fields in its samples.
pub(crate) fn schema(language: &dyn Dialect) -> &'static dyn Schema {
    match language.name() {
        "datadog" | "sigma" => &(),
        _ => &EcsSchema,
    }
}

/// Whether a language says what a query means: raised, written, read and lowered it has the same
/// verdict on events made of its own literals. `Ok(false)` if the language has no exact way.
pub(crate) fn comes_back(
    language: &dyn Dialect,
    meaning: &Meaning,
    schema: &dyn Schema,
) -> Result<bool, String> {
    let name = language.name();
    let Ok(raised) = language.raise(meaning, schema) else { return Ok(false) };
    if !raised.losses.is_empty() {
        return Ok(false);
    }
    let text = raised.value.print();
    let read = language.read(&text).map_err(|errors| format!("{name}: {text}: {errors:?}"))?;
    let again = match read.lower(schema) {
        Ok(again) => again.value,
        Err(errors) => return Err(format!("{name}: {text}: {errors:?}")),
    };
    let leans = raised.assumptions.iter().any(|assumption| assumption.code == "canonical-form");
    let fits = |own: &Expr, event: &Value| !leans || holds_addresses(own, event);
    match (meaning, &again) {
        (Meaning::Match(own), Meaning::Match(again)) => same_verdicts(own, again, fits)
            .map(|()| true)
            .map_err(|event| format!("{name}: {text}\n{own:?}\n{again:?}\ndiffer on {event}")),
        (own, again) if own.kind() == again.kind() => Ok(true),
        (own, again) => Err(format!("{name}: {text}: {own:?} became {again:?}")),
    }
}

/// Whether the fields that are asked for a network hold addresses, if anything: what a language
/// that compares addresses as texts assumes.
fn holds_addresses(expr: &Expr, event: &Value) -> bool {
    let networks = expr.tests().into_iter().filter(|test| matches!(test.op, Op::Cidr(_)));
    networks
        .filter_map(|test| test.path())
        .all(|path| event[path.as_str()].as_str().is_none_or(|text| text.parse::<IpAddr>().is_ok()))
}

/// The first event on which two expressions differ, if there is one.
fn same_verdicts(
    own: &Expr,
    again: &Expr,
    fits: impl Fn(&Expr, &Value) -> bool,
) -> Result<(), Value> {
    if own.same_alternatives(again) {
        return Ok(());
    }
    // ES|QL and EQL speak of one value a field where a list is not known.
    for event in witness::events(own, false) {
        if fits(own, &event) && own.eval(&event) != again.eval(&event) {
            return Err(event);
        }
    }
    Ok(())
}

#[test]
fn a_language_says_what_it_has_said() {
    for samples in all() {
        let mut back = 0;
        for text in &samples.good {
            let query = samples.language.read(text).expect("a sample");
            let Ok(meaning) = query.lower(schema(samples.language)) else { continue };
            back += usize::from(
                comes_back(samples.language, &meaning.value, schema(samples.language))
                    .unwrap_or_else(|e| panic!("{e}")),
            );
        }
        assert!(back * 2 >= samples.good.len(), "{}: {back}", samples.language.name());
    }
}

#[test]
fn every_language_says_the_same_or_says_what_it_loses() {
    let mut exact = 0;
    for samples in all() {
        for text in &samples.good {
            let query = samples.language.read(text).expect("a sample");
            let Ok(meaning) = query.lower(&()) else { continue };
            for language in ALL {
                let from = samples.language.name();
                // Fields are of no known type to another platform.
                let result = comes_back(*language, &meaning.value, &());
                exact += usize::from(result.unwrap_or_else(|e| panic!("from {from}: {text}\n{e}")));
            }
        }
    }
    assert!(exact > 100, "{exact}");
}
