//! How what two expressions detect stands to one another.

use serde::Serialize;
use serde_json::Value;

use super::facts::{Assumed, AssumedFact, Facts, assumable};
use super::limits::{Limit, Limits};
use super::session::{Decision, Session};
use crate::query::{Expr, Schema};

/// How the second of two expressions stands to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It matches the same events.
    Equal,
    /// It misses some, and adds none.
    Narrower,
    /// It adds some, and misses none.
    Wider,
    /// It misses some and adds others; some match both.
    Overlapping,
    /// No event matches both.
    Disjoint,
    /// Not even a long search told, or a limit was hit.
    Undecided(Limit),
}

impl Relation {
    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Equal => "equal",
            Relation::Narrower => "narrower",
            Relation::Wider => "wider",
            Relation::Overlapping => "overlapping",
            Relation::Disjoint => "disjoint",
            Relation::Undecided(_) => "undecided",
        }
    }
}

/// The relation of two expressions, and events that show it. Every event was confirmed by
/// [`Expr::eval`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// How the second stands to the first.
    pub relation: Relation,
    /// An event that only the first matches.
    pub only_left: Option<Value>,
    /// An event that only the second matches.
    pub only_right: Option<Value>,
    /// An event that both match; of those that are equal, if anybody looked for one.
    pub both: Option<Value>,
    /// Without these the relation would be another.
    pub assumed: Vec<Assumed>,
    /// The sides that no event can match, if anybody looked: nothing follows from them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<Side>,
}

/// One of the two that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The first.
    Left,
    /// The second.
    Right,
}

impl Comparison {
    /// No answer, and why.
    pub fn open(limit: Limit) -> Self {
        Self {
            relation: Relation::Undecided(limit),
            only_left: None,
            only_right: None,
            both: None,
            assumed: Vec::new(),
            never: Vec::new(),
        }
    }

    /// Whether no event can match either side.
    pub fn is_empty(&self) -> bool {
        self.never.len() == 2
    }
}

/// Compares two expressions over fields of which `schema` knows what may be assumed.
///
/// What the schema says is used only where it matters, and then it is named.
pub fn compare(a: &Expr, b: &Expr, schema: &dyn Schema, limits: &Limits) -> Comparison {
    let free = under(&[], a, b, schema, limits);
    if free.relation == Relation::Equal {
        return free;
    }
    let mut assumed = assumable(&[a, b], schema);
    if assumed.is_empty() {
        return free;
    }
    let bound = under(&assumed, a, b, schema, limits);
    if bound.relation == free.relation {
        // These events are of the kind that the schema describes.
        return bound;
    }
    if matches!(bound.relation, Relation::Undecided(_)) {
        return free;
    }
    // Whole kinds of facts first: most matter nowhere.
    let of_kind =
        |what| -> Vec<Assumed> { assumed.iter().filter(|own| own.what == what).cloned().collect() };
    let kinds = AssumedFact::ALL.map(of_kind);
    let singles = assumed.iter().map(|own| vec![own.clone()]).collect::<Vec<_>>();
    for idle in kinds.into_iter().filter(|kind| kind.len() > 1).chain(singles) {
        let less: Vec<Assumed> =
            assumed.iter().filter(|own| !idle.contains(own)).cloned().collect();
        if less.len() == assumed.len() {
            continue;
        }
        if under(&less, a, b, schema, limits).relation == bound.relation {
            assumed = less;
        }
    }
    // The events keep to all that the schema says, whether it matters or not.
    Comparison { assumed, ..bound }
}

fn under(
    assumed: &[Assumed],
    a: &Expr,
    b: &Expr,
    schema: &dyn Schema,
    limits: &Limits,
) -> Comparison {
    let facts = Facts::of(assumed, schema);
    let mut session = Session::new(vec![a, b], &facts, limits);
    let only_left = session.decide(&[(0, true), (1, false)]);
    let only_right = session.decide(&[(0, false), (1, true)]);
    let equal = only_left == Decision::Impossible && only_right == Decision::Impossible;
    let both = match equal {
        true => Decision::Impossible,
        false => session.decide(&[(0, true), (1, true)]),
    };
    let relation = match (&only_left, &only_right, &both) {
        (Decision::Open(limit), ..) | (_, Decision::Open(limit), _) => Relation::Undecided(*limit),
        (Decision::Impossible, Decision::Impossible, _) => Relation::Equal,
        (Decision::Impossible, Decision::Event(_), _) => Relation::Wider,
        (Decision::Event(_), Decision::Impossible, _) => Relation::Narrower,
        (Decision::Event(_), Decision::Event(_), Decision::Event(_)) => Relation::Overlapping,
        (Decision::Event(_), Decision::Event(_), Decision::Impossible) => Relation::Disjoint,
        (Decision::Event(_), Decision::Event(_), Decision::Open(limit)) => {
            Relation::Undecided(*limit)
        }
    };
    let event = |decision| match decision {
        Decision::Event(event) => Some(event),
        _ => None,
    };
    let [only_left, only_right, both] = [only_left, only_right, both].map(event);
    Comparison { relation, only_left, only_right, both, assumed: Vec::new(), never: Vec::new() }
}

/// Whether an expression can be true.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Satisfiable {
    /// On this event.
    Yes(Value),
    /// On no event, provided that these hold.
    Never(Vec<Assumed>),
    /// Nobody knows.
    Undecided(Limit),
}

/// Whether an expression can be true on some event of the kind that `schema` describes.
pub fn satisfiable(expr: &Expr, schema: &dyn Schema, limits: &Limits) -> Satisfiable {
    let mut assumed = assumable(&[expr], schema);
    let decide = |assumed: &[Assumed]| {
        let facts = Facts::of(assumed, schema);
        Session::new(vec![expr], &facts, limits).decide(&[(0, true)])
    };
    match decide(&assumed) {
        Decision::Event(event) => Satisfiable::Yes(event),
        Decision::Open(limit) => Satisfiable::Undecided(limit),
        // Most of what is impossible is so whatever is assumed.
        Decision::Impossible if decide(&[]) == Decision::Impossible => {
            Satisfiable::Never(Vec::new())
        }
        Decision::Impossible => {
            let mut at = 0;
            while at < assumed.len() {
                let mut less = assumed.clone();
                less.remove(at);
                match decide(&less) {
                    Decision::Impossible => assumed = less,
                    _ => at += 1,
                }
            }
            Satisfiable::Never(assumed)
        }
    }
}
