//! What grouping asks of an event.
//!
//! Datadog ignores a log that lacks a field of a query's group, unless the group is optional: its API
//! says so of `hasOptionalGroupByFields`. Of a rule that raises a signal for every match this selects
//! events; of a rule that counts it is a part of how it counts.

use serde_json::Value as Json;

use super::Reading;
use crate::fields::View;
use crate::query::{Expr, Op, Test};

impl Reading {
    /// The reading of one of Datadog's queries with what its group asks for. `counts` says whether
    /// its rule counts matches.
    pub(super) fn grouped(self, query: &Json, counts: bool) -> Self {
        if counts || query["hasOptionalGroupByFields"].as_bool() == Some(true) {
            return self;
        }
        let fields = query["groupByFields"].as_array().into_iter().flatten();
        let fields = fields.filter_map(Json::as_str).map(|name| View::Datadog.path(name));
        let there = fields.map(|field| Expr::from(Test::field(field, Op::Exists)));
        let expr = Expr::all(std::iter::once(self.expr).chain(there));
        Self { expr, ..self }
    }
}
