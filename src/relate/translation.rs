//! What a rule detects after it was converted, compared with before.
//!
//! The text that a conversion makes is read again as its platform reads it. Where a catalogue knows
//! the names of both sides they are compared over the record; names that no table knows were kept by
//! the conversion, so there they are compared as they are.

use std::collections::BTreeSet;

use serde::Serialize;

use super::query::of_made;
use super::{Reading, Related, Unrelated, compare_leaning, file, of_query, of_rule, space, within};
use crate::convert::{Batch, Converted, Origin, To, Unit};
use crate::diagnostic::Finding;
use crate::fields::{View, Vocabulary};
use crate::proof::{Comparison, Limit, Limits, Relation};
use crate::query::{Assumption, Effect, Refusal};
use crate::source::SourceFile;

/// One rule, converted and compared.
#[derive(Clone, Debug, Serialize)]
pub struct Translation {
    /// The file.
    pub source: String,
    /// The rule's title.
    pub title: String,
    /// How what came out stands to what went in.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What can be said of a translation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It was compared.
    Compared(Box<Compared>),
    /// There is nothing that a comparison of single events could look at, or no vocabulary for both.
    NotCompared {
        /// Why, in words.
        reasons: Vec<String>,
    },
    /// The target cannot have it.
    Refused {
        /// Why.
        refused: Vec<Refusal>,
    },
}

/// A comparison, and what the conversion said itself.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// The answer; the rule is the left side, what was made of it the right one.
    pub comparison: Comparison,
    /// What it leans on besides facts about single fields, in words.
    pub notes: Vec<String>,
    /// The names of the losses that the conversion reported, each once.
    pub losses: Vec<&'static str>,
    /// The names of what it leans on, each once.
    pub assumptions: Vec<&'static str>,
    /// Whether a difference is one that the conversion told of.
    pub is_told: bool,
}

impl Compared {
    /// Equal only under assumptions: of the proof about fields, or of the conversion.
    pub fn leans(&self) -> bool {
        !self.comparison.assumed.is_empty() || !self.assumptions.is_empty()
    }
}

/// Converts every rule of a batch and compares it with what comes out; `each` gets some at a time
/// with what was found in them.
pub fn translations<E>(
    batch: &Batch,
    to: To,
    limits: &Limits,
    each: impl FnMut(Vec<Translation>, Vec<Finding>) -> Result<(), E>,
) -> Result<(), E> {
    let one = |origin: &Origin<'_>| {
        let (unit, findings) = batch.unit(origin, to);
        (Translation::of(origin, unit, to, limits), findings)
    };
    batch.each(one, each)
}

impl Translation {
    fn of(origin: &Origin<'_>, unit: Unit, to: To, limits: &Limits) -> Self {
        let Unit { source, title, result } = unit;
        let outcome = match result {
            Err(refused) => Outcome::Refused { refused: refused.refused },
            Ok(done) => match related(origin, &done, to, limits) {
                Ok(Related { comparison, notes, .. })
                    if comparison.relation == Relation::Undecided(Limit::WayBack) =>
                {
                    Outcome::NotCompared { reasons: notes }
                }
                Ok(related) => Outcome::Compared(Box::new(Compared::of(related, &done))),
                Err(unrelated) => Outcome::NotCompared { reasons: unrelated.0 },
            },
        };
        Self { source, title, outcome }
    }
}

impl Compared {
    fn of(related: Related, done: &Converted) -> Self {
        let Related { comparison, notes, .. } = related;
        let says =
            |effect| done.losses.iter().any(|l| [effect, Effect::Overlapping].contains(&l.effect));
        let is_told = (comparison.only_left.is_none() || says(Effect::Narrower))
            && (comparison.only_right.is_none() || says(Effect::Wider));
        let names = |codes: BTreeSet<&'static str>| codes.into_iter().collect();
        let losses = names(done.losses.iter().map(|loss| loss.code).collect());
        let assumptions = names(done.assumptions.iter().map(|one| one.code).collect());
        Self { comparison, notes, losses, assumptions, is_told }
    }
}

/// Compares a rule with what a platform gets for it, whose making leans on these assumptions.
pub fn compare_translated(
    rule: &Reading,
    made: &Reading,
    view: View,
    assumptions: &[Assumption],
    limits: &Limits,
) -> Result<Related, Unrelated> {
    let catalog = space::catalog_of(rule);
    let found = match (rule.vocabulary, catalog) {
        (Vocabulary::View(own), _) if own == view || is_kept(own, made) => {
            compare_leaning(rule, made, catalog, assumptions, limits)
        }
        (_, Some(_)) => compare_leaning(rule, made, catalog, assumptions, limits),
        (_, None) => Err(Unrelated::because("no table knows the names")),
    };
    found.or_else(|unrelated| {
        let space = space::kept(rule, made, view).ok_or(unrelated)?;
        Ok(within(space.told(assumptions), limits).noting([rule, made]))
    })
}

/// Whether what was made says that it still uses the names of the rule, as a Sigma rule does that
/// keeps its taxonomy.
fn is_kept(own: View, made: &Reading) -> bool {
    matches!(made.vocabulary, Vocabulary::View(kept) if kept == own)
}

fn related(
    origin: &Origin<'_>,
    done: &Converted,
    to: To,
    limits: &Limits,
) -> Result<Related, Unrelated> {
    let own = of_origin(origin)?;
    let made = again(done, to, &own)?;
    compare_translated(&own, &made, view_of(to), &done.assumptions, limits)
}

fn of_origin(origin: &Origin<'_>) -> Result<Reading, Unrelated> {
    match origin {
        Origin::Rule(set, rule) => of_rule(set, rule),
        Origin::Document(_, body) => file::of_foreign(body, None),
        Origin::Query(source, language) => of_query(*language, source.text(), None),
    }
}

/// The texts that were made, read again; of several, what any of them matches.
fn again(done: &Converted, to: To, own: &Reading) -> Result<Reading, Unrelated> {
    let read = |text: &str| match to {
        To::Query(language) => of_made(language, text, own),
        document => {
            let name = format!("the result.{}", document.extension());
            file::sole(&SourceFile::new(name, text), space::catalog_of(own))
        }
    };
    let readings = done.texts.iter().map(|text| read(&text.text));
    Reading::any(readings.collect::<Result<_, _>>()?)
}

/// How the platform that gets a result sees an event.
fn view_of(to: To) -> View {
    match to {
        To::Query(language) => super::query::view_of(language),
        To::Elastic | To::ElasticToml => View::Ecs,
        To::DatadogRule | To::Terraform => View::Datadog,
        To::SigmaRule => View::Raw,
    }
}

/// The relation in a table: what is equal under assumptions has a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Equal whatever the events are.
    Equal,
    /// Equal for events of which the assumptions hold.
    EqualAssuming,
    /// It misses some.
    Narrower,
    /// It adds some.
    Wider,
    /// Both.
    Overlapping,
    /// Nothing matches both.
    Disjoint,
    /// A limit ended the search.
    Undecided,
    /// Several events, or names of two worlds.
    NotCompared,
    /// There is no translation.
    Refused,
}

impl Column {
    /// All of them, in the order of a table.
    pub const ALL: [Self; 9] = [
        Self::Equal,
        Self::EqualAssuming,
        Self::Narrower,
        Self::Wider,
        Self::Overlapping,
        Self::Disjoint,
        Self::Undecided,
        Self::NotCompared,
        Self::Refused,
    ];

    /// The heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::EqualAssuming => "equal, assuming",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Overlapping => "overlapping",
            Self::Disjoint => "disjoint",
            Self::Undecided => "undecided",
            Self::NotCompared => "not compared",
            Self::Refused => "refused",
        }
    }
}

impl Outcome {
    /// Where it is counted.
    pub fn column(&self) -> Column {
        let compared = match self {
            Self::Refused { .. } => return Column::Refused,
            Self::NotCompared { .. } => return Column::NotCompared,
            Self::Compared(compared) => compared,
        };
        match compared.comparison.relation {
            Relation::Equal if compared.leans() => Column::EqualAssuming,
            Relation::Equal => Column::Equal,
            Relation::Narrower => Column::Narrower,
            Relation::Wider => Column::Wider,
            Relation::Overlapping => Column::Overlapping,
            Relation::Disjoint => Column::Disjoint,
            Relation::Undecided(_) => Column::Undecided,
        }
    }
}
