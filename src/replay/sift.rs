//! Which records have to be seen as Datadog sees them.
//!
//! Making a log of a record takes longer than all rules together. So what a query asks of the log is
//! asked of the record: [`Catalog::pull_back_projection`] says how, exactly on records of the usual
//! [shape](Catalog::record_shape), which the reader checks as it goes by. If the values that a rule
//! counts or groups by stand in the record, too, the log is not made at all; else it is made of the
//! records on which the query holds. Where a part of a query cannot be pulled back, the rest of it
//! still says which logs cannot match. Odd records are made logs of, and all rules look at those.

use super::program::{Then, Trigger, When};
use crate::event::Shape;
use crate::fields::{Catalog, RecordShape, View};
use crate::query::{Expr, FieldPath, Op, Test};

/// What an assumption of a translation is called that the reader checks, or that projection and
/// translation share. Under any other a translation is not taken for exact.
const CHECKED: &[&str] = &["record-shape", "platform-mapping"];

/// The view whose documents are made of some records only.
pub(super) const VIEW: View = View::Datadog;

/// The way back from logs to records.
pub(super) struct Sift {
    catalog: &'static Catalog,
    shape: RecordShape,
}

/// What follows from an expression over logs where it is found to hold.
pub(super) struct Sifted {
    /// What to ask of records, and what follows.
    pub(super) record: Option<(Expr, Then)>,
    /// What follows if the expression holds of the log, if that was made.
    pub(super) log: Then,
}

/// Where the values are that a rule counts or groups by.
pub(super) enum Values {
    /// In the record, in these fields: those of the group, and those that are counted.
    InRecord(Vec<FieldPath>, Vec<FieldPath>),
    /// Some are in the log only.
    InLog,
    /// One without which no event counts is in no usual log.
    Nowhere,
}

impl Values {
    /// None are needed.
    pub(super) const NONE: Self = Self::InRecord(Vec::new(), Vec::new());
}

impl Sift {
    /// The way back for CloudTrail's records.
    pub(super) fn new() -> Option<Self> {
        let catalog = Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None)?;
        Some(Self { catalog, shape: catalog.record_shape(VIEW)? })
    }

    /// The shape of usual records.
    pub(super) fn shape(&self) -> impl Iterator<Item = (&FieldPath, Shape)> {
        let RecordShape { objects, texts, nothing } = &self.shape;
        let all = [(objects, Shape::Object), (texts, Shape::Text), (nothing, Shape::Nothing)];
        all.into_iter().flat_map(|(paths, shape)| paths.iter().map(move |path| (path, shape)))
    }

    /// Where the values of these fields of the log are; an event counts only if it has some for each
    /// of the `values`, and if it is to be `whole`, for each of the `group`.
    pub(super) fn values(&self, group: &[FieldPath], values: &[FieldPath], whole: bool) -> Values {
        let is_nowhere = |field: &FieldPath| {
            let exists = Test::field(field.clone(), Op::Exists).into();
            self.exact(&exists) == Some(Expr::False)
        };
        if values.iter().any(is_nowhere) || (whole && group.iter().any(is_nowhere)) {
            return Values::Nowhere;
        }
        let of_record = |fields: &[FieldPath]| -> Option<Vec<FieldPath>> {
            fields.iter().map(|field| self.catalog.same_values(field, VIEW)).collect()
        };
        let found = of_record(group).zip(of_record(values));
        found.map_or(Values::InLog, |(group, values)| Values::InRecord(group, values))
    }

    /// Where to look for what an expression holds of.
    pub(super) fn sift(&self, expr: &Expr, trigger: Trigger, values: &Values) -> Sifted {
        let then = |trigger, when| Then { trigger, when };
        let in_log = || {
            let record = (self.needed(expr, false), then(Trigger::MakeLog, When::Usual));
            Sifted { record: Some(record), log: then(trigger, When::Always) }
        };
        let log = then(trigger, When::Odd);
        match values {
            Values::Nowhere => Sifted { record: None, log },
            Values::InLog => in_log(),
            Values::InRecord(..) => self.exact(expr).map_or_else(in_log, |exact| Sifted {
                record: Some((exact, then(trigger, When::Usual))),
                log,
            }),
        }
    }

    /// What says the same of usual records.
    fn exact(&self, expr: &Expr) -> Option<Expr> {
        // A null in a field that Datadog gives another name is one for the record alone.
        if expr.tests().iter().any(|test| matches!(test.op, Op::Null)) {
            return None;
        }
        let back = self.catalog.pull_back_projection(expr, VIEW).ok()?;
        let is_checked = |code: &str| CHECKED.contains(&code);
        let is_exact = back.losses.is_empty()
            && back.assumptions.iter().all(|assumption| is_checked(assumption.code));
        is_exact.then_some(back.value)
    }

    /// What holds of every usual record on which the expression, or its opposite, does.
    fn needed(&self, expr: &Expr, negated: bool) -> Expr {
        if let Some(exact) = self.exact(expr) {
            return if negated { exact.negated() } else { exact };
        }
        let members = |members: &[Expr]| {
            members.iter().map(|one| self.needed(one, negated)).collect::<Vec<_>>()
        };
        match (expr, negated) {
            (Expr::Not(inner), _) => self.needed(inner, !negated),
            (Expr::And(inner), false) | (Expr::Or(inner), true) => Expr::all(members(inner)),
            (Expr::Or(inner), false) | (Expr::And(inner), true) => Expr::any_of(members(inner)),
            _ => Expr::True,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Subject;

    #[test]
    fn what_cannot_be_pulled_back_leaves_what_is_needed_beside_it() {
        let sift = Sift::new().expect("a shape");
        let test = |field: &str, op: Op| -> Expr { Test::field(field, op).into() };
        let name = |text: &str| test("attributes.evt.name", Op::is(text));
        let raw = |text: &str| test("eventName", Op::is(text));
        let anywhere = || -> Expr {
            Test { subject: Subject::Event, op: Op::Words(vec!["x".to_owned()]) }.into()
        };
        for (expr, needed) in [
            (name("A"), raw("A")),
            (anywhere(), Expr::True),
            (Expr::all([name("A"), anywhere()]), raw("A")),
            (Expr::all([name("A"), anywhere().negated()]), raw("A")),
            (Expr::any_of([name("A"), anywhere()]), Expr::True),
            (Expr::any_of([name("A"), Expr::all([name("B"), anywhere()])]), {
                Expr::any_of([raw("A"), raw("B")])
            }),
            (Expr::any_of([name("A"), anywhere()]).negated(), raw("A").negated()),
            (Expr::all([name("A"), test("attributes.evt.name", Op::Null)]), raw("A")),
        ] {
            assert_eq!(sift.needed(&expr, false), needed, "{expr:?}");
        }
    }
}
