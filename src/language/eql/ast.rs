//! The typed tree of an EQL query.
//!
//! Here are queries, sequences and pipes; conditions are in [`expression`](super::expression).

use serde::Serialize;

use super::expression::{Field, Node};
use crate::language::kit::Located;

/// A whole query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The comments before the first word, one text each. All others are dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// What is looked for.
    pub form: Form,
    /// What is done with what was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipes: Vec<Located<Pipe>>,
}

/// The three kinds of query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Single events.
    Event(Event),
    /// `sequence`: events that follow one another.
    Sequence(Sequence),
    /// `sample`: events that share values, in any order.
    Sample(Sample),
}

/// `category where condition`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The category.
    pub category: Located<Category>,
    /// The condition.
    pub condition: Node,
}

/// The word before `where`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// `any`: events of every category, and without one.
    Any,
    /// One value of the category field.
    #[serde(untagged)]
    Named(String),
}

/// `sequence by key with maxspan=1m [event] by key with runs=2 ... until [event]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// The keys of all steps.
    pub by: Vec<Located<Field>>,
    /// The longest time from the first to the last event.
    pub max_span: Option<Located<MaxSpan>>,
    /// The steps.
    pub steps: Vec<Located<Step>>,
    /// What ends a sequence that is not complete.
    pub until: Option<Located<Step>>,
}

/// `sample by key [event] by key ...`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The keys of all members.
    pub by: Vec<Located<Field>>,
    /// The members.
    pub steps: Vec<Located<Step>>,
}

/// One event of a sequence or sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `![event]`: no such event.
    pub missing: bool,
    /// The event.
    pub event: Event,
    /// The keys of this step.
    pub by: Vec<Located<Field>>,
    /// `with runs=N`.
    pub runs: Option<Located<u32>>,
}

/// A time with its unit, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MaxSpan {
    /// How many.
    pub count: u64,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millisecond,
    /// Seconds.
    #[serde(rename = "s")]
    Second,
    /// Minutes.
    #[serde(rename = "m")]
    Minute,
    /// Hours.
    #[serde(rename = "h")]
    Hour,
    /// Days.
    #[serde(rename = "d")]
    Day,
}

/// What is done with what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pipe {
    /// Only the first so many.
    Head(u64),
    /// Only the last so many.
    Tail(u64),
}
