//! Fields that tell whether others are present, and fields that are looked up.

use super::{Back, assume_shape, exists, filled, is, refuse_computed};
use crate::fields::project::accepts;
use crate::fields::{Break, Collected, Derived, Except, LookedUp};
use crate::query::{Expr, FieldPath, Ledger, Op};

impl Back<'_> {
    /// A field that tells whether others are present.
    pub(super) fn derived(&self, row: &Derived, name: &str, op: &Op, ledger: &mut Ledger) -> Expr {
        if matches!(op, Op::Null) {
            return Expr::False;
        }
        assume_shape(ledger);
        if let Some(words) = &row.assumes {
            ledger.assume("platform-mapping", Some(&row.path()), words);
        }
        let also = row.also.iter().find(|also| also.field == name);
        let (if_any, if_none) = match also {
            Some(also) => (&also.if_any, also.if_none.as_ref()),
            None => (&row.if_any, row.if_none.as_ref()),
        };
        let present = Expr::any_of(row.present.iter().map(|raw| filled(raw)));
        let ok = |value: &String| accepts(op, &value.as_str().into());
        let computed = match (ok(if_any), if_none.is_some_and(ok)) {
            (true, true) => Expr::True,
            (true, false) => present,
            (false, true) => present.negated(),
            (false, false) => Expr::False,
        };
        match row.except.as_ref().filter(|_| also.is_none()) {
            None => computed,
            Some(_) if *op == Op::Exists && computed == Expr::True => Expr::True,
            Some(except) => {
                self.lean_on_limit(&except.lower_case_of, ledger);
                let reports = Expr::all([event(except), filled(&except.lower_case_of)]);
                let reported = self.lower(&except.lower_case_of, op, ledger);
                Expr::any_of([
                    Expr::all([event(except), reported]),
                    Expr::all([reports.negated(), computed]),
                ])
            }
        }
    }

    /// The field that tells that the pipeline broke off.
    pub(super) fn broken(&self, field: &FieldPath, op: &Op, ledger: &mut Ledger) -> Expr {
        match op {
            Op::Exists => self.breaks(ledger),
            Op::Null => Expr::False,
            _ => refuse_computed(field.as_str(), op, ledger),
        }
    }

    /// The test for records over which the pipeline breaks off.
    fn breaks(&self, ledger: &mut Ledger) -> Expr {
        let Some((except, breaks)) = self.breaking() else { return Expr::False };
        let raw = FieldPath::new(&breaks.without);
        let reason =
            format!("`{raw}` is left out of the record rather than written with nothing in it");
        ledger.assume("non-empty", Some(&raw), reason);
        Expr::all([event(except), exists(&breaks.without).negated()])
    }

    /// The test that the pipeline does not break off before it looks at a field. It does not where
    /// that field is inside of the object without which it would.
    pub(super) fn not_broken(&self, raw: &str, ledger: &mut Ledger) -> Expr {
        let inside = |breaks: &Break| {
            raw.strip_prefix(&breaks.without).is_some_and(|rest| rest.starts_with('.'))
        };
        match self.breaking() {
            Some((_, breaks)) if inside(breaks) => Expr::True,
            _ => self.breaks(ledger).negated(),
        }
    }

    fn breaking(&self) -> Option<(&Except, &Break)> {
        let mut derived = self.catalog.table().derived.iter().filter(|row| row.view == self.view);
        derived.find_map(|row| {
            let except = row.except.as_ref()?;
            Some((except, except.breaks.as_ref()?))
        })
    }

    /// A field that is looked up in a list of the platform's own.
    pub(super) fn looked_up(
        &self,
        row: &LookedUp,
        field: &FieldPath,
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        assume_shape(ledger);
        let ok = |values: &[String]| values.iter().any(|value| accepts(op, &value.as_str().into()));
        let otherwise = ok(row.values(None, field.as_str()));
        // The texts for which the answer is another one than for all texts that are not listed.
        let lines =
            row.rows.iter().filter(|line| ok(row.values(Some(line), field.as_str())) != otherwise);
        let texts: Vec<&String> = lines.flat_map(|line| &line.texts).collect();
        let special = |text: &&String| {
            let of_break = self.breaking().and_then(|(except, _)| except.event.get(&row.by));
            of_break == Some(*text)
        };
        let other = Expr::any_of(texts.iter().map(|text| {
            let own = is(&row.by, text);
            if special(text) { Expr::all([own, self.breaks(ledger).negated()]) } else { own }
        }));
        if otherwise { other.negated() } else { other }
    }

    /// A field that holds the values of several.
    pub(super) fn collected(&self, row: &Collected, op: &Op, ledger: &mut Ledger) -> Expr {
        assume_shape(ledger);
        let some = Expr::any_of(row.from.iter().map(|raw| {
            self.lean_on_limit(raw, ledger);
            self.values(raw, op, ledger)
        }));
        Expr::all(row.only.iter().map(|(raw, text)| is(raw, text)).chain([some]))
    }
}

/// The test for the events that are an exception.
fn event(except: &Except) -> Expr {
    Expr::all(except.event.iter().map(|(raw, text)| is(raw, text)))
}
