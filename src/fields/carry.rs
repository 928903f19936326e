//! From the names of one platform to those of another, where no catalogue knows them all.
//!
//! What the catalogue of the log source knows is carried over by way of the record, with everything
//! that this costs; other names are kept, each named as an assumption. Datadog's `source` and
//! `service` are no fields of the event: they say which logs a query is for. A platform that tells
//! its log sources apart in another way is assumed to run the query on those logs only.

use super::vocabulary::{kept_name, name_kept};
use super::{Catalog, View};
use crate::query::{Expr, FieldPath, Ledger, Op, Schema, Test};

/// Datadog's reserved attributes that say where a log comes from.
const DATADOG_ORIGIN: &[&str] = &["source", "service"];

/// From one platform to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carry {
    pub(super) from: View,
    pub(super) to: View,
    /// The catalogue of the log source, if there is one.
    pub(super) catalog: Option<&'static Catalog>,
}

impl Catalog {
    /// The catalogue whose log source each of some expressions over a view asks for.
    pub fn asked_for(exprs: &[&Expr], view: View) -> Option<&'static Self> {
        Self::all().find(|catalog| {
            !exprs.is_empty() && exprs.iter().all(|expr| catalog.is_asked_for(expr, view))
        })
    }

    fn is_asked_for(&self, expr: &Expr, view: View) -> bool {
        match expr {
            Expr::And(members) => members.iter().any(|member| self.is_asked_for(member, view)),
            Expr::Or(members) => members.iter().all(|member| self.is_asked_for(member, view)),
            other => self.is_scope(other, view),
        }
    }
}

impl Carry {
    /// An expression over the paths of the one platform over those of the other. Its depth is that of
    /// the expression, which the languages bound when they read it.
    pub(super) fn whole(&self, expr: &Expr, ledger: &mut Ledger) -> Expr {
        let members = match expr {
            Expr::And(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut rest = Vec::new();
        for member in members {
            match self.origin(member) {
                Some(words) => {
                    let reason = format!("the query is only run on logs whose {words}");
                    ledger.assume("log-source", None, reason);
                }
                None => rest.push(member.clone()),
            }
        }
        self.expr(&Expr::all(rest), ledger)
    }

    fn expr(&self, expr: &Expr, ledger: &mut Ledger) -> Expr {
        if let Some(catalog) = self.catalog.filter(|catalog| catalog.is_scope(expr, self.from)) {
            return catalog.scope(self.to);
        }
        if let Some(raw) = self.raw(expr) {
            return self.known(&raw, ledger);
        }
        match expr {
            Expr::True | Expr::False => expr.clone(),
            Expr::Test(test) => self.kept(test, ledger),
            Expr::Not(inner) => ledger.negated(|ledger| self.expr(inner, ledger)).negated(),
            Expr::And(members) => Expr::all(self.members(members, Expr::all, ledger)),
            Expr::Or(members) => Expr::any_of(self.members(members, Expr::any_of, ledger)),
        }
    }

    /// The members of a junction. Those that the catalogue knows go together, as a platform may have
    /// one field for what several of them say.
    fn members(
        &self,
        members: &[Expr],
        join: fn(Vec<Expr>) -> Expr,
        ledger: &mut Ledger,
    ) -> Vec<Expr> {
        let has_names = |member: &&Expr| {
            self.catalog.is_some_and(|catalog| catalog.raw(member, self.from).is_some())
        };
        let named: Vec<Expr> = members.iter().filter(has_names).cloned().collect();
        let mut together = self.raw(&join(named));
        let is_known = |member: &Expr| match together {
            Some(_) => has_names(&member),
            None => self.raw(member).is_some(),
        };
        let known: Vec<bool> = members.iter().map(is_known).collect();
        if together.is_none() {
            let own = members.iter().zip(&known).filter(|(_, known)| **known);
            let own: Vec<Expr> = own.filter_map(|(member, _)| self.raw(member)).collect();
            together = (!own.is_empty()).then(|| join(own));
        }
        let mut carried = Vec::new();
        for (member, known) in members.iter().zip(known) {
            match (known, together.take()) {
                (true, Some(raw)) => carried.push(self.known(&raw, ledger)),
                (true, None) => {}
                (false, rest) => {
                    together = rest;
                    carried.push(self.expr(member, ledger));
                }
            }
        }
        carried
    }

    /// What the catalogue says for an expression, if it knows all of it. What a platform derives from
    /// several fields is said by these only where the way back comes to it again: the outcome of
    /// console sign-ins is no matter of error codes.
    fn raw(&self, expr: &Expr) -> Option<Expr> {
        let catalog = self.catalog?;
        let raw = catalog.raw(expr, self.from)?;
        let derived = |expr: &Expr| {
            let tests = expr.tests();
            let is_derived = |test: &&Test| catalog.is_derived(test, self.from);
            tests.into_iter().filter(is_derived).count()
        };
        let asked = derived(expr);
        if asked == 0 {
            return Some(raw);
        }
        let again = catalog.push(&raw, self.from).ok()?;
        (derived(&again.value) == asked).then_some(raw)
    }

    fn known(&self, raw: &Expr, ledger: &mut Ledger) -> Expr {
        let Some(catalog) = self.catalog else { return raw.clone() };
        if self.from.drops_empty() {
            raw.tests().iter().for_each(|test| assume_written(catalog, test, ledger));
        }
        ledger.absorb(catalog.push(raw, self.to)).unwrap_or(Expr::False)
    }

    /// A test of something that no table knows, under the name that it has.
    fn kept(&self, test: &Test, ledger: &mut Ledger) -> Expr {
        let other = match &test.op {
            Op::Field { other, .. } => Some(other),
            _ => None,
        };
        for field in test.path().into_iter().chain(other) {
            if self.is_origin(field) {
                let reason = format!(
                    "`{field}` says where {} has a log from, and {} has no field for that",
                    self.from, self.to
                );
                ledger.refuse("no-field", Some(field), reason);
                return Expr::False;
            }
            if let Some(catalog) = self.catalog.filter(|c| c.schema(self.from).knows(field)) {
                return self.made(catalog, test, ledger);
            }
            let own = self.from.display(field);
            name_kept(&own, self.to, ledger);
        }
        test.clone().renamed(&|field| kept_name(&self.from.display(field), self.to)).into()
    }

    /// A test of something that the one platform makes of the record, by way of the record. The other
    /// platform has nothing of that name.
    fn made(&self, catalog: &Catalog, test: &Test, ledger: &mut Ledger) -> Expr {
        let raw = ledger.absorb(catalog.pull_back(&test.clone().into(), self.from));
        raw.map_or(Expr::False, |raw| self.known(&raw, ledger))
    }

    /// Whether a field is one that only says where a log comes from.
    fn is_origin(&self, field: &FieldPath) -> bool {
        self.from == View::Datadog && DATADOG_ORIGIN.contains(&field.as_str())
    }

    /// What an expression that speaks of the origin of a log alone says of it, unless a catalogue has
    /// the other platform's words for it.
    fn origin(&self, expr: &Expr) -> Option<String> {
        if self.catalog.is_some_and(|catalog| catalog.is_scope(expr, self.from)) {
            return None;
        }
        let (asked, tests) = match expr {
            Expr::Not(inner) => (" not", inner.as_ref()),
            other => ("", other),
        };
        let tests = match tests {
            Expr::Or(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut fields = Vec::new();
        let mut values = Vec::new();
        for test in tests {
            let Expr::Test(test) = test else { return None };
            let Op::Matches { pattern, .. } = &test.op else { return None };
            fields.push(test.path().filter(|field| self.is_origin(field))?);
            values.push(format!("`{pattern}`"));
        }
        fields.dedup();
        let [field] = fields.as_slice() else { return None };
        Some(format!("`{field}` is{asked} {}", values.join(" or ")))
    }
}

/// A platform that takes out what is empty asks for a value where the record only asks whether the
/// field is there. They are the same for fields that are never written empty.
fn assume_written(catalog: &Catalog, test: &Test, ledger: &mut Ledger) {
    let Some(raw) = test.path().filter(|_| test.op == Op::Exists) else { return };
    let facts = catalog.schema(View::Raw).facts(raw);
    if !facts.never_empty {
        let reason = format!("`{raw}` is left out of the record rather than written with no value");
        ledger.assume("non-empty", Some(raw), reason);
    }
    if !facts.scalar {
        ledger.assume("not-an-object", Some(raw), format!("`{raw}` never holds an object"));
    }
}
