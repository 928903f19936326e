//! What a translation costs: losses, assumptions, refusals. All are values, none is a log line.

use serde::Serialize;

use super::{Case, FieldFacts, FieldPath, FieldType, Pattern, Respelt};

/// What a loss does to the set of events that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Some events no longer match.
    Narrower,
    /// Further events match.
    Wider,
    /// Both.
    Overlapping,
}

impl Effect {
    /// The relation of the translation to its original, as `accept:` names it.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Narrower => "narrower",
            Effect::Wider => "wider",
            Effect::Overlapping => "overlapping",
        }
    }

    /// The effect of a relation.
    pub fn from_name(name: &str) -> Option<Self> {
        [Effect::Narrower, Effect::Wider, Effect::Overlapping]
            .into_iter()
            .find(|e| e.name() == name)
    }
}

/// One way in which a translation means something else than its original.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// Stable name in kebab case; what `accept:` in a rule may name.
    pub code: &'static str,
    /// What it does.
    pub effect: Effect,
    /// The field, where it is about one.
    pub field: Option<FieldPath>,
    /// In words, with the reason.
    pub reason: String,
}

/// A fact about events that a translation leans on to be exact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Assumption {
    /// Stable name in kebab case.
    pub code: &'static str,
    /// The field, where it is about one.
    pub field: Option<FieldPath>,
    /// In words.
    pub reason: String,
}

/// Something that the target cannot say, or that nobody knows how to say rightly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal {
    /// Stable name in kebab case.
    pub code: &'static str,
    /// The field, where it is about one.
    pub field: Option<FieldPath>,
    /// In words, with the reason.
    pub reason: String,
}

impl Effect {
    /// The same effect as seen from outside a `not`: what narrows inside widens outside.
    pub fn under_not(self) -> Self {
        match self {
            Effect::Narrower => Effect::Wider,
            Effect::Wider => Effect::Narrower,
            Effect::Overlapping => Effect::Overlapping,
        }
    }
}

/// A translation with everything that it costs. Exact if there is no loss, and then under the
/// named assumptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Translated<T> {
    /// The translation.
    pub value: T,
    /// How its meaning differs, sorted, each once.
    pub losses: Vec<Loss>,
    /// What it leans on, sorted, each once.
    pub assumptions: Vec<Assumption>,
}

impl<T> Translated<T> {
    /// A translation that costs nothing.
    pub fn exact(value: T) -> Self {
        Self { value, losses: Vec::new(), assumptions: Vec::new() }
    }

    /// The translation of something else at the same cost.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Translated<U> {
        Translated { value: f(self.value), losses: self.losses, assumptions: self.assumptions }
    }
}

/// So many of the last assumptions are not noted twice.
const RECENT: usize = 8;

/// Collects losses, assumptions and refusals while an expression is walked. Knows how many `not`s
/// are around the current place, so that effects come out as seen by the whole query.
#[derive(Debug, Default)]
pub struct Ledger {
    losses: Vec<Loss>,
    assumptions: Vec<Assumption>,
    refusals: Vec<Refusal>,
    negated: bool,
}

impl Ledger {
    /// Runs `f` as if under one more `not`.
    pub fn negated<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        self.negated = !self.negated;
        let result = f(self);
        self.negated = !self.negated;
        result
    }

    /// Notes a loss; `effect` is that of the test itself, whatever surrounds it.
    pub fn lose(
        &mut self,
        code: &'static str,
        effect: Effect,
        field: Option<&FieldPath>,
        reason: impl Into<String>,
    ) {
        let effect = if self.negated { effect.under_not() } else { effect };
        self.losses.push(Loss { code, effect, field: field.cloned(), reason: reason.into() });
    }

    /// Notes an assumption.
    pub fn assume(
        &mut self,
        code: &'static str,
        field: Option<&FieldPath>,
        reason: impl AsRef<str> + Into<String>,
    ) {
        // Neighbouring tests mostly lean on the same facts. Others are sorted out in the end.
        let is_same = |old: &Assumption| {
            old.code == code && old.field.as_ref() == field && old.reason == reason.as_ref()
        };
        if self.assumptions.iter().rev().take(RECENT).any(is_same) {
            return;
        }
        self.assumptions.push(Assumption { code, field: field.cloned(), reason: reason.into() });
    }

    /// Takes over what a part cost that was translated by itself; its value, unless it was refused.
    pub fn absorb<T>(&mut self, part: Result<Translated<T>, Vec<Refusal>>) -> Option<T> {
        match part {
            Ok(Translated { value, losses, assumptions }) => {
                for Loss { code, effect, field, reason } in losses {
                    self.lose(code, effect, field.as_ref(), reason);
                }
                for Assumption { code, field, reason } in assumptions {
                    self.assume(code, field.as_ref(), reason);
                }
                Some(value)
            }
            Err(refusals) => {
                self.refusals.extend(refusals);
                None
            }
        }
    }

    /// Notes a refusal. The walk goes on, so that all refusals are found at once.
    pub fn refuse(
        &mut self,
        code: &'static str,
        field: Option<&FieldPath>,
        reason: impl Into<String>,
    ) {
        self.refusals.push(Refusal { code, field: field.cloned(), reason: reason.into() });
    }

    /// The pattern as a case-sensitive platform must get it. Nothing is lost if no letter has two
    /// cases, or if the field's values are spelt in a known way.
    pub fn exact_case(
        &mut self,
        field: &FieldPath,
        pattern: &Pattern,
        case: Case,
        facts: &FieldFacts,
    ) -> Pattern {
        self.known_case(field, pattern, case, facts).unwrap_or_else(|| {
            let reason = format!(
                "the platform compares `{field}` with `{pattern}` case-sensitively, the rule does not"
            );
            self.lose("case", Effect::Narrower, Some(field), reason);
            pattern.clone()
        })
    }

    /// The pattern as a case-sensitive platform must get it, if that costs nothing but the
    /// assumption that the field's values are spelt as they are known to be.
    pub fn known_case(
        &mut self,
        field: &FieldPath,
        pattern: &Pattern,
        case: Case,
        facts: &FieldFacts,
    ) -> Option<Pattern> {
        if case == Case::Sensitive || pattern.is_caseless() {
            return Some(pattern.clone());
        }
        let (pattern, reason) = match facts.spelling.respell(pattern) {
            Respelt::Exact(pattern) => {
                (pattern, format!("each value of `{field}` is always spelt in one published way"))
            }
            Respelt::AsWritten => (
                pattern.clone(),
                format!(
                    "the rule spells the values of `{field}` as they are published, capital letters included"
                ),
            ),
            Respelt::Unsure => return None,
        };
        self.assume("fixed-case", Some(field), reason);
        Some(pattern)
    }

    /// Notes that a field holds texts or nothing, where "it matches anything" is said as "it is
    /// there": what is there may also be an object or an empty list, which match nothing.
    pub fn assume_no_object(&mut self, field: &FieldPath, facts: &FieldFacts) {
        if !facts.never_empty {
            let reason = format!("`{field}` never holds an object or an empty list");
            self.assume("not-an-object", Some(field), reason);
        }
    }

    /// Notes that the platform holds a field, whose type no table has, as a query takes it.
    pub fn assume_type(&mut self, field: &FieldPath, kind: FieldType) {
        let what = match kind {
            FieldType::Number => "numbers",
            FieldType::Boolean => "`true` or `false`",
            FieldType::Ip => "addresses",
            _ => "texts",
        };
        self.assume("field-type", Some(field), format!("the platform holds `{field}` as {what}"));
    }

    /// Closes the ledger over a finished translation, or gives the refusals.
    pub fn close<T>(mut self, value: T) -> Result<Translated<T>, Vec<Refusal>> {
        if !self.refusals.is_empty() {
            self.refusals.sort();
            self.refusals.dedup();
            return Err(self.refusals);
        }
        self.losses.sort();
        self.losses.dedup();
        self.assumptions.sort();
        self.assumptions.dedup();
        Ok(Translated { value, losses: self.losses, assumptions: self.assumptions })
    }
}
