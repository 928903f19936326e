//! Fields that tell whether others are present.

use serde_json::{Map, Value};

use super::made::holds;
use super::place;
use crate::fields::Derived;

/// Puts the derived field and those beside it into a document. Returns whether the pipeline goes
/// on after that.
pub(super) fn put(derived: &Derived, record: &Value, document: &mut Map<String, Value>) -> bool {
    let present = |raw: &String| place::at(record, raw).is_some_and(|value| !is_empty(value));
    let any = derived.present.iter().any(present);
    let mut fill = |name: &str, value: &str| {
        place::put(document, derived.view.path(name).as_str(), value.into());
    };
    for also in &derived.also {
        let value = if any { Some(&also.if_any) } else { also.if_none.as_ref() };
        value.iter().for_each(|value| fill(&also.field, value));
    }
    let exception = derived.except.as_ref().filter(|except| holds(&except.event, record));
    let reported = exception.and_then(|except| place::at(record, &except.lower_case_of)?.as_str());
    match (reported.map(str::to_lowercase), any, &derived.if_none) {
        (Some(reported), _, _) => fill(&derived.field, &reported),
        (None, true, _) => fill(&derived.field, &derived.if_any),
        (None, false, Some(none)) => fill(&derived.field, none),
        (None, false, None) => {}
    }
    let breaks = exception.and_then(|except| except.breaks.as_ref());
    let broken = breaks.filter(|breaks| place::at(record, &breaks.without).is_none());
    if let Some(breaks) = broken {
        fill(&breaks.field, &format!("the record has no `{}`", breaks.without));
    }
    broken.is_none()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value == ""
}
