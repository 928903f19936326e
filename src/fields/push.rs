//! From the record's fields to those of a view.

use serde_json::json;

use super::catalog::Column;
use super::outcome::Exclusion;
use super::{Catalog, Derived, Fact, View};
use crate::query::{
    Effect, Expr, FieldPath, FieldType, Ledger, Op, Refusal, Subject, Test, Translated,
};

impl Catalog {
    /// Rewrites an expression over raw fields to the fields of a view. The result says the same
    /// about the view's events as the original about the raw ones, up to the losses and under the
    /// assumptions that come with it. The scope is not added: see [`Catalog::scope`].
    pub fn push(&self, expr: &Expr, view: View) -> Result<Translated<Expr>, Vec<Refusal>> {
        let mut ledger = Ledger::default();
        let derived = self.table().derived.iter().find(|derived| derived.view == view);
        let push = Push { catalog: self, view, derived };
        let value = match view {
            View::Raw => expr.clone(),
            _ => push.expr(expr, Exclusion::None, &mut ledger),
        };
        ledger.close(value)
    }
}

/// One walk. Its depth is that of the expression, which the languages bound when they read it.
struct Push<'c> {
    catalog: &'c Catalog,
    view: View,
    derived: Option<&'c Derived>,
}

impl Push<'_> {
    /// `around` says whether what encloses `expr` excludes the derived field's exceptions.
    ///
    /// It may be computed from the raw expression at any level: where an `and` is false for all
    /// exceptional events, it is so because of tests that are carried over one by one, so it stays
    /// false whatever becomes of its other members.
    fn expr(&self, expr: &Expr, around: Exclusion, ledger: &mut Ledger) -> Expr {
        match expr {
            Expr::True | Expr::False => expr.clone(),
            Expr::Test(test) => self.test(test, ledger),
            Expr::Not(inner) => {
                self.complement(ledger.negated(|ledger| self.expr(inner, around, ledger)))
            }
            Expr::And(members) => {
                let here = self.derived.map_or(Exclusion::None, |d| d.exclusion(expr));
                Expr::all(self.members(members, true, around.max(here), ledger))
            }
            Expr::Or(members) => Expr::any_of(self.members(members, false, around, ledger)),
        }
    }

    /// The members of a junction, those that a derived field covers replaced by a test of it.
    fn members(
        &self,
        members: &[Expr],
        all: bool,
        around: Exclusion,
        ledger: &mut Ledger,
    ) -> Vec<Expr> {
        let usable = self.derived.filter(|d| d.except.is_none() || around > Exclusion::None);
        let covered = usable.and_then(|d| Some((d, d.covered(members, all)?)));
        let mut pushed = Vec::new();
        for (index, member) in members.iter().enumerate() {
            match &covered {
                Some((derived, covered)) if covered.contains(&index) => {
                    if covered.first() == Some(&index) {
                        self.lean_on(derived, around, ledger);
                        pushed.push(if all { derived.none() } else { derived.any() });
                    }
                }
                _ => pushed.push(self.expr(member, around, ledger)),
            }
        }
        pushed
    }

    fn lean_on(&self, derived: &Derived, around: Exclusion, ledger: &mut Ledger) {
        for raw in &derived.present {
            assume_non_empty(&FieldPath::new(raw), ledger);
        }
        if let Some(words) = &derived.assumes {
            ledger.assume("platform-mapping", Some(&derived.path()), words);
        }
        if let Some(except) = &derived.except
            && around == Exclusion::Assumed
        {
            let field = except.comes_with.keys().next().map(FieldPath::new);
            ledger.assume("exception-source", field.as_ref(), except.assumption());
        }
    }

    /// The complement; a derived field that always has one of two values gets the other one.
    fn complement(&self, expr: Expr) -> Expr {
        match self.derived.filter(|derived| derived.if_none.is_some()) {
            Some(derived) if expr == derived.any() => derived.none(),
            Some(derived) if expr == derived.none() => derived.any(),
            _ => expr.negated(),
        }
    }

    fn test(&self, test: &Test, ledger: &mut Ledger) -> Expr {
        // A search over all values has no field to rename; the language says what it can search.
        let Subject::Field(raw) = &test.subject else { return test.clone().into() };
        let Some(column) = self.column(raw, &test.op, ledger) else { return Expr::False };
        if matches!(test.op, Op::Null) && self.view.drops_empty() {
            self.drop_null(raw, &column, ledger);
            return Expr::False;
        }
        if accepts(&test.op, "") {
            self.drop_empty(raw, &column, ledger);
        }
        let Some(mut op) = self.op(raw, &column, &test.op, ledger) else { return Expr::False };
        let mut guards = vec![self.guard(&column)];
        if let Op::Field { other, .. } = &mut op {
            let Some(column) = self.column(other, &test.op, ledger) else { return Expr::False };
            // An empty text equals an empty one and stands in every other.
            self.drop_empty(other, &column, ledger);
            if self.op(other, &column, &test.op, ledger).is_none() {
                return Expr::False;
            }
            guards.push(self.guard(&column));
            *other = column.name;
        }
        Expr::all(std::iter::once(Test::field(column.name, op).into()).chain(guards))
    }

    /// The view's column for a raw field under this operator; otherwise a refusal is noted.
    fn column(&self, raw: &FieldPath, op: &Op, ledger: &mut Ledger) -> Option<Column<'_>> {
        let view = self.view;
        if self.catalog.is_object(raw) && !matches!(op, Op::Exists | Op::Null) {
            let reason = format!(
                "`{raw}` is an object in the record, so no text equals it; test one of its fields"
            );
            ledger.refuse("object-text", Some(raw), reason);
            return None;
        }
        let Some(mut column) = self.catalog.column(raw, view) else {
            let note = self.catalog.row(raw).and_then(|row| row.note.as_deref());
            let note = note.map(|note| format!(": {note}")).unwrap_or_default();
            let reason = format!("{view} has no field with the values of `{raw}`{note}");
            ledger.refuse("no-field", Some(raw), reason);
            return None;
        };
        if let Some((about, words)) = column.assumes {
            ledger.assume("platform-mapping", Some(&FieldPath::new(about)), words);
        }
        if matches!(op, Op::Cidr(_))
            && view == View::Ecs
            && let Some(address) = column.row.and_then(|row| row.ecs_ip.as_deref())
        {
            column.name = FieldPath::new(address);
            column.kind = FieldType::Ip;
        }
        Some(column)
    }

    /// The condition under which a column holds the values of its raw field.
    fn guard(&self, column: &Column<'_>) -> Expr {
        let when = column.row.and_then(|row| row.ecs_when.as_ref());
        let (View::Ecs, Some(when)) = (self.view, when) else { return Expr::True };
        let Some(looked_at) = self.catalog.column(&FieldPath::new(&when.field), self.view) else {
            return Expr::True;
        };
        let exists = Expr::from(Test::field(looked_at.name, Op::Exists));
        if when.present { exists } else { exists.negated() }
    }

    /// The operator as a column of this type can decide it; otherwise a refusal is noted. Only
    /// ECS has types: Datadog compares the value that the record holds.
    fn op(&self, raw: &FieldPath, column: &Column<'_>, op: &Op, ledger: &mut Ledger) -> Option<Op> {
        use FieldType::{Boolean, Date, Number};
        if self.view != View::Ecs {
            return Some(op.clone());
        }
        let name = &column.name;
        match (column.kind, op) {
            (_, Op::Exists | Op::Null) | (Number, _) | (Date, Op::Time { .. }) => Some(op.clone()),
            (Boolean, _) => match (accepts(op, "true"), accepts(op, "false")) {
                (true, true) => Some(Op::Exists),
                (true, false) => Some(Op::is("true")),
                (false, true) => Some(Op::is("false")),
                (false, false) => {
                    let reason = format!("`{name}` is true or false, and neither {op}");
                    ledger.refuse("boolean-text", Some(raw), reason);
                    None
                }
            },
            (Date, _) => {
                let reason = format!("`{name}` holds points in time, not the text of `{raw}`");
                ledger.refuse("date-text", Some(raw), reason);
                None
            }
            (_, Op::Compare { .. }) => {
                let reason = format!("`{name}` holds texts, which are not ordered as numbers");
                ledger.refuse("ordered-text", Some(raw), reason);
                None
            }
            _ => Some(op.clone()),
        }
    }

    /// Notes what it means that an empty value, which the test accepts, does not arrive.
    fn drop_empty(&self, raw: &FieldPath, column: &Column<'_>, ledger: &mut Ledger) {
        if !self.view.drops_empty() {
            return;
        }
        if column.row.is_some_and(|row| row.has(Fact::NonEmpty)) {
            assume_non_empty(raw, ledger);
        } else {
            let reason = format!(
                "{} drops `{raw}` where its value is an empty text, object or list",
                self.view
            );
            ledger.lose("empty-dropped", Effect::Narrower, Some(raw), reason);
        }
    }

    /// Notes what it means that a null, which the test asks for, does not arrive.
    fn drop_null(&self, raw: &FieldPath, column: &Column<'_>, ledger: &mut Ledger) {
        if column.row.is_some_and(|row| row.has(Fact::NonEmpty)) {
            assume_non_empty(raw, ledger);
        } else {
            let reason = format!("{} drops `{raw}` where its value is null", self.view);
            ledger.lose("null-dropped", Effect::Narrower, Some(raw), reason);
        }
    }
}

fn assume_non_empty(raw: &FieldPath, ledger: &mut Ledger) {
    let reason = format!("`{raw}` is left out of the record rather than written with no value");
    ledger.assume("non-empty", Some(raw), reason);
}

/// Whether an operator that looks at one value only accepts this text.
fn accepts(op: &Op, text: &str) -> bool {
    matches!(op, Op::Exists) || Test::field("value", op.clone()).eval(&json!({ "value": text }))
}
