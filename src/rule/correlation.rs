//! Correlations: what the matches of other rules must add up to (Sigma correlation rules
//! specification 2.1).

use indexmap::IndexMap;
use serde::Serialize;

use super::Duration;
use super::words::words;
use crate::language::sigma::Condition;
use crate::query::{Number, Order};
use crate::source::{Span, Spanned};

/// A correlation document: what the matches of other rules must add up to.
#[derive(Clone, Debug, Serialize)]
pub struct Correlation {
    /// How they are put together.
    #[serde(rename = "type")]
    pub kind: CorrelationKind,
    /// Names or ids of the rules.
    pub rules: Vec<Spanned<String>>,
    /// Fields in which the matches must agree.
    pub group_by: Vec<Spanned<String>>,
    /// Within what time.
    pub timespan: Spanned<Duration>,
    /// How many, or which.
    pub condition: Option<Threshold>,
    /// For temporal kinds: a condition over rule names.
    pub extended: Option<Spanned<Condition>>,
    /// A common name for fields that are called differently in the rules: name → rule → field.
    pub aliases: IndexMap<String, IndexMap<String, String>>,
    /// Whether the single rules raise alerts too.
    pub generate: bool,
    /// Where it stands in the file.
    #[serde(skip)]
    pub span: Span,
}

words! {
    /// How a correlation puts matches together.
    CorrelationKind {
        /// Number of matches.
        EventCount = "event_count",
        /// Number of distinct values of a field.
        ValueCount = "value_count",
        /// All rules, in any order.
        Temporal = "temporal",
        /// All rules, in this order.
        TemporalOrdered = "temporal_ordered",
        /// Sum of a field.
        ValueSum = "value_sum",
        /// Mean of a field.
        ValueAvg = "value_avg",
        /// A percentile of a field.
        ValuePercentile = "value_percentile",
        /// Median of a field; in pySigma, not in the specification.
        ValueMedian = "value_median",
    }
}

/// A bound, or two, on a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Threshold {
    /// Every bound must hold. `neq` is the pair of `Less` and `Greater` under "or" and is not
    /// here; see [`Threshold::not_equal`].
    pub bounds: Vec<(Order, Number)>,
    /// The number that must not be met.
    pub not_equal: Option<Number>,
    /// Whose values are counted or added.
    pub field: Option<String>,
    /// For percentiles.
    pub percentile: Option<Number>,
}
