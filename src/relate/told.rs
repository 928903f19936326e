//! What a translation says that it leans on, as facts about fields that a proof can take and name.

use std::collections::{BTreeMap, BTreeSet};

use crate::fields::Inferred;
use crate::query::{Assumption, Expr, FieldFacts, FieldPath, FieldType, Letters, Schema};

/// What a schema knows of fields, and what a translation assumes of them besides.
pub(super) struct Told {
    known: Box<dyn Schema>,
    /// The types that the literals of both sides go with.
    inferred: Inferred,
    /// The names of the assumptions on each field.
    assumed: BTreeMap<FieldPath, BTreeSet<&'static str>>,
}

impl Told {
    /// `name` says what a field of the translation is called on both sides, if anything.
    pub(super) fn of(
        assumptions: &[Assumption],
        known: Box<dyn Schema>,
        sides: [&Expr; 2],
        name: &dyn Fn(&FieldPath) -> Option<FieldPath>,
    ) -> Self {
        let mut assumed: BTreeMap<FieldPath, BTreeSet<&'static str>> = BTreeMap::new();
        for assumption in assumptions {
            if let Some(field) = assumption.field.as_ref().and_then(name) {
                assumed.entry(field).or_default().insert(assumption.code);
            }
        }
        Self { known, inferred: Inferred::of(sides), assumed }
    }

    fn kind(&self, field: &FieldPath, known: &FieldFacts) -> FieldType {
        let inferred = self.inferred.facts(field);
        match inferred.kind {
            _ if known.typed => known.kind,
            FieldType::Keyword => inferred.taken_for.unwrap_or_default(),
            kind => kind,
        }
    }
}

impl Schema for Told {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let known = self.known.facts(field);
        let Some(assumed) = self.assumed.get(field) else { return known };
        let any = |codes: &[&str]| codes.iter().any(|code| assumed.contains(code));
        let kind = match any(&["field-type", "canonical-form"]) {
            true => self.kind(field, &known),
            false => known.kind,
        };
        let letters = Letters {
            ascii: any(&["ascii-classes", "ascii-case"]),
            plain: any(&["plain-letters"]),
            one_line: any(&["one-line"]),
        };
        FieldFacts {
            kind,
            letters,
            single: known.single || any(&["single-valued"]),
            scalar: known.scalar || any(&["not-an-object"]),
            never_empty: known.never_empty || any(&["non-empty"]),
            ..known
        }
    }
}
