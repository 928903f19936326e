//! The words of an audit, each from the least to the most.

use serde::Serialize;

/// Which reading of a demand counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// What the control evidently asks for.
    #[default]
    Intent,
    /// What its text says letter by letter.
    Literal,
}

/// The best that rules do about a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// No rule finds any of its events.
    NotCovered,
    /// It could not be decided.
    Undecided,
    /// Rules find some of its events.
    Narrowed,
    /// Several rules find all of its events, each a share.
    Together,
    /// One rule finds all of its events.
    Covered,
}

impl State {
    /// Whether every demanded event is found.
    pub fn is_covered(self) -> bool {
        self >= State::Together
    }

    /// Whether some demanded event is found.
    pub fn is_reached(self) -> bool {
        self >= State::Narrowed
    }

    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            State::NotCovered => "not-covered",
            State::Undecided => "undecided",
            State::Narrowed => "narrowed",
            State::Together => "together",
            State::Covered => "covered",
        }
    }
}

/// What stands behind "covered", from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// A rule claims it; nothing shows it.
    Claimed,
    /// It follows from the query.
    Proven,
    /// A test event of the rule shows it, too.
    Tested,
    /// An event in the replayed logs shows it, too.
    Seen,
}

impl Grade {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Claimed => "claimed",
            Grade::Proven => "proven",
            Grade::Tested => "tested",
            Grade::Seen => "seen",
        }
    }
}

/// How a set of events stands to another, in the words of OSCAL's mappings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetRelation {
    /// The same events.
    EqualTo,
    /// Fewer.
    SubsetOf,
    /// More.
    SupersetOf,
    /// Some in common; each has others.
    IntersectsWith,
    /// None in common.
    NoRelationship,
    /// It could not be decided.
    Undecided,
}

impl SetRelation {
    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            SetRelation::EqualTo => "equal-to",
            SetRelation::SubsetOf => "subset-of",
            SetRelation::SupersetOf => "superset-of",
            SetRelation::IntersectsWith => "intersects-with",
            SetRelation::NoRelationship => "no-relationship",
            SetRelation::Undecided => "undecided",
        }
    }
}
