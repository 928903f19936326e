//! What is known of several fields of a record together.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::query::{Expr, Op, Test};

/// Fields that events with certain values never have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Never {
    /// Raw fields and their values in these events.
    pub event: BTreeMap<String, String>,
    /// Raw fields that such an event does not have.
    pub has: Vec<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

impl Never {
    /// What holds of every record.
    pub(super) fn always(&self) -> Expr {
        let event = self
            .event
            .iter()
            .map(|(field, value)| Expr::from(Test::field(field.as_str(), Op::is(value))));
        let has = self.has.iter().map(|field| Expr::from(Test::field(field.as_str(), Op::Exists)));
        Expr::any_of([Expr::all(event).negated(), Expr::any_of(has).negated()])
    }

    /// The assumption in words.
    pub(super) fn assumption(&self) -> String {
        let event = self.event.iter().map(|(field, value)| format!("`{field}` `{value}`"));
        let has: Vec<String> = self.has.iter().map(|field| format!("`{field}`")).collect();
        let event: Vec<String> = event.collect();
        format!("events with {} never have {}", event.join(" and "), has.join(" or "))
    }
}
