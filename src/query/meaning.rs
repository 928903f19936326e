//! What a whole query asks for. Most ask for single events; some languages also ask for several
//! that belong together, or for enough of them.

use serde::Serialize;

use super::{Expr, FieldPath, Number, Order};

/// The meaning of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Single events.
    Match(Expr),
    /// Events that follow one another, or belong together in any order.
    Sequence(Sequence),
    /// Enough events of one group, among those that the query is run over.
    Threshold(Threshold),
}

/// Several events, one for each step, that agree in the steps' keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// Whether the events must come in the order of the steps (EQL's `sequence`; `sample` asks for
    /// no order).
    pub ordered: bool,
    /// The steps, at least one.
    pub steps: Vec<Step>,
    /// Longest time from the first event to the last, in milliseconds.
    pub max_span_ms: Option<u64>,
    /// An event that ends a sequence which is not complete yet.
    pub until: Option<Step>,
}

/// One event of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which events.
    pub expr: Expr,
    /// The values that events of all steps must share, position by position.
    pub by: Vec<JoinKey>,
    /// Whether the sequence asks that no such event occurs at this place.
    pub missing: bool,
    /// How many such events in a row; usually one.
    pub runs: u32,
}

/// A field whose value joins the events of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JoinKey {
    /// The field.
    pub field: FieldPath,
    /// Whether events without the field may take part, all with the same absent value.
    pub optional: bool,
}

/// A count over groups of events, without a window of its own: the rule that runs the query says
/// over what time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Threshold {
    /// Which events are counted.
    pub expr: Expr,
    /// The fields in which the events of a group agree; empty counts all together.
    pub group_by: Vec<FieldPath>,
    /// What must hold of a group, all of it.
    pub having: Vec<Having>,
}

/// A bound on a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Having {
    /// What is counted.
    pub count: Counted,
    /// How the count stands to the number.
    pub order: Order,
    /// The number.
    pub number: Number,
}

/// What a threshold counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Events.
    Events,
    /// Distinct values of a field.
    Distinct(FieldPath),
}

impl Meaning {
    /// The expression, if the query asks for single events.
    pub fn as_match(&self) -> Option<&Expr> {
        match self {
            Meaning::Match(expr) => Some(expr),
            _ => None,
        }
    }

    /// Every expression in it.
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            Meaning::Match(expr) => vec![expr],
            Meaning::Threshold(threshold) => vec![&threshold.expr],
            Meaning::Sequence(sequence) => {
                sequence.steps.iter().chain(&sequence.until).map(|step| &step.expr).collect()
            }
        }
    }

    /// What kind of query it is, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Meaning::Match(_) => "match",
            Meaning::Sequence(Sequence { ordered: true, .. }) => "sequence",
            Meaning::Sequence(_) => "sample",
            Meaning::Threshold(_) => "threshold",
        }
    }
}

impl From<Expr> for Meaning {
    fn from(expr: Expr) -> Self {
        Meaning::Match(expr)
    }
}
