//! What a proof may spend, and the names of what it can run into.

use std::fmt;

use serde::Serialize;

/// How much a proof may spend before it gives up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Proposals of the Boolean layer that the theories look at, per question.
    pub rounds: usize,
    /// States of a product of automata, per search.
    pub states: usize,
    /// Steps of automata, per pair of expressions.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rounds: 5_000, states: 20_000, steps: 4_000_000 }
    }
}

/// Why a question was left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// More proposals than [`Limits::rounds`].
    Rounds,
    /// The Boolean layer gave up.
    Conflicts,
    /// A regular expression is too large to be made an automaton.
    AutomatonSize,
    /// More states than [`Limits::states`] in a product of automata.
    AutomatonStates,
    /// More steps than [`Limits::steps`].
    Steps,
    /// A regular expression looks around or back, or is read differently by different engines.
    RegexFeatures,
    /// Numbers together with other tests of the same value.
    NumberText,
    /// IPv6 addresses together with other tests of the same value.
    AddressText,
    /// Dates together with other tests of the same value.
    TimeText,
    /// Fields compared with one another.
    FieldToField,
    /// An event was found that the evaluator judges otherwise: a bug here, and no answer.
    Unconfirmed,
    /// What a platform makes of the record can only roughly be said of the record itself, so there is
    /// nothing to compare exactly.
    WayBack,
    /// The sides read logs that are named in ways which nobody can hold against one another.
    OtherLogs,
}

impl Limit {
    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            Limit::Rounds => "rounds",
            Limit::Conflicts => "conflicts",
            Limit::AutomatonSize => "automaton-size",
            Limit::AutomatonStates => "automaton-states",
            Limit::Steps => "steps",
            Limit::RegexFeatures => "regex-features",
            Limit::NumberText => "number-text",
            Limit::AddressText => "address-text",
            Limit::TimeText => "time-text",
            Limit::FieldToField => "field-to-field",
            Limit::Unconfirmed => "unconfirmed",
            Limit::WayBack => "way-back",
            Limit::OtherLogs => "other-logs",
        }
    }

    /// Why the question was left open.
    pub fn in_words(self) -> String {
        match self {
            Limit::WayBack => {
                "the names of a platform can only roughly be said of the record".to_owned()
            }
            Limit::OtherLogs => {
                "they read other logs, and nothing tells what these have in common".to_owned()
            }
            other => format!("the proof ended at its limit `{other}`"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
