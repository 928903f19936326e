//! Fields that hold a raw field's values as they are.

use super::origin::{Form, Origin, Source};
use super::{Back, assume_shape, exists, filled, refuse_computed};
use crate::fields::project::TIME_SHAPE;
use crate::fields::{Fact, Subtree, View};
use crate::query::{Cidr, Effect, Expr, FieldPath, Ledger, Op, Regex, Test};

impl Back<'_> {
    /// The first of some fields that has a value.
    pub(super) fn sources(&self, sources: &[Source<'_>], op: &Op, ledger: &mut Ledger) -> Expr {
        assume_shape(ledger);
        let mut alternatives = Vec::new();
        let mut none_before = Expr::True;
        for source in sources {
            let own = self.source(source, op, ledger);
            alternatives.push(Expr::all([own, none_before.clone()]));
            let here = self.source(source, &Op::Exists, &mut Ledger::default());
            none_before = Expr::all([none_before, here.negated()]);
        }
        Expr::any_of(alternatives)
    }

    fn source(&self, source: &Source<'_>, op: &Op, ledger: &mut Ledger) -> Expr {
        self.lean_on_table(source, ledger);
        let expr = match source.form {
            _ if matches!(op, Op::Null) => Expr::False,
            Form::Whole => self.values(source.raw, op, ledger),
            Form::Ip => Expr::all([self.addresses(source.raw, op, ledger), address(source.raw)]),
            Form::Time => self.times(source.raw, op, ledger),
            Form::Copied(copied) => self.copied(source.raw, copied, op, ledger),
        };
        match expr {
            Expr::False => Expr::False,
            expr if source.row.ecs_late && self.view == View::Ecs => {
                Expr::all([expr, self.not_broken(source.raw, ledger)])
            }
            expr => expr,
        }
    }

    /// Notes what the table itself leans on.
    fn lean_on_table(&self, source: &Source<'_>, ledger: &mut Ledger) {
        if self.view == View::Datadog {
            let column = self.catalog.column(&FieldPath::new(source.raw), self.view);
            if let Some((about, words)) = column.and_then(|column| column.assumes) {
                ledger.assume("platform-mapping", Some(&FieldPath::new(about)), words);
            }
        }
        self.lean_on_limit(source.raw, ledger);
    }

    /// Notes that an object which the field is inside of is short enough to be kept.
    pub(super) fn lean_on_limit(&self, raw: &str, ledger: &mut Ledger) {
        let subtree = self.catalog.table().subtrees.iter().find(|row| row.rest(raw).is_some());
        if let Some(subtree) = subtree
            && let Some(words) = subtree.ecs_assumes.as_deref()
            && self.view == View::Ecs
        {
            ledger.assume("platform-mapping", Some(&FieldPath::new(&subtree.raw)), words);
        }
    }

    /// The same test of the raw field, of values that the view does not drop.
    pub(super) fn values(&self, raw: &str, op: &Op, ledger: &mut Ledger) -> Expr {
        if !self.view.drops_empty() {
            return Test::field(raw, op.clone()).into();
        }
        match op {
            Op::Exists => filled(raw),
            Op::Null => Expr::False,
            Op::Matches { pattern, .. } if pattern.is_any() => filled(raw),
            Op::Matches { pattern, .. } if pattern.as_literal() == Some("") => Expr::False,
            Op::Regex(regex) if regex.is_match("") => match not_empty(regex) {
                Some(regex) => Test::field(raw, Op::Regex(regex)).into(),
                None => refuse_computed(raw, op, ledger),
            },
            _ => Test::field(raw, op.clone()).into(),
        }
    }

    /// A test of values that are addresses.
    fn addresses(&self, raw: &str, op: &Op, ledger: &mut Ledger) -> Expr {
        match op {
            Op::Exists => Expr::True,
            Op::Matches { pattern, .. } => match pattern.as_literal() {
                Some(text) if text.parse::<std::net::IpAddr>().is_err() => Expr::False,
                _ => self.values(raw, op, ledger),
            },
            _ => self.values(raw, op, ledger),
        }
    }

    /// A test of values that become points in time.
    pub(super) fn times(&self, raw: &str, op: &Op, ledger: &mut Ledger) -> Expr {
        let time =
            Regex::new(TIME_SHAPE, "").map(|shape| Test::field(raw, Op::Regex(shape)).into());
        let Ok(time) = time else { return refuse_computed(raw, op, ledger) };
        match op {
            Op::Exists => time,
            Op::Matches { pattern, .. } if pattern.is_any() => time,
            Op::Time { .. } => {
                let reason =
                    format!("`{raw}` is written in UTC and whole, as the platform holds it");
                ledger.assume("utc-times", Some(&FieldPath::new(raw)), reason);
                Expr::all([time, Test::field(raw, op.clone()).into()])
            }
            // No point in time is a number or an address.
            Op::Null | Op::Compare { .. } | Op::Cidr(_) => Expr::False,
            _ => {
                let reason = format!("the platform holds a point in time, not the text of `{raw}`");
                ledger.refuse("date-text", Some(&FieldPath::new(raw)), reason);
                Expr::False
            }
        }
    }

    /// A field inside of an object that keeps its fields.
    pub(super) fn leaf(
        &self,
        subtree: &Subtree,
        raw: &FieldPath,
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        self.lean_on_limit(&subtree.raw, ledger);
        if *op == Op::Exists {
            if self.catalog.is_object(raw) {
                return self.whole_object(raw, ledger);
            }
            let reason = format!(
                "`{raw}` never holds an object: Elasticsearch knows the leaves of `{}` only",
                subtree.ecs
            );
            ledger.assume("not-an-object", Some(raw), reason);
        }
        self.values(raw.as_str(), op, ledger)
    }

    /// Whether the record has an object with something in it. Expressions can only ask whether it
    /// has the object.
    pub(super) fn whole_object(&self, raw: &FieldPath, ledger: &mut Ledger) -> Expr {
        let reason = format!("the platform drops `{raw}` where nothing is in it");
        ledger.lose("empty-dropped", Effect::Wider, Some(raw), reason);
        exists(raw.as_str())
    }

    /// One field's values against another's.
    pub(super) fn two_fields(
        &self,
        field: &FieldPath,
        other: &FieldPath,
        op: &Op,
        ledger: &mut Ledger,
    ) -> Expr {
        let sides = (self.plain(field), self.plain(other), op);
        let (Some(own), Some(their), Op::Field { affix, case, .. }) = sides else {
            return refuse_computed(field.as_str(), op, ledger);
        };
        let op = Op::Field { other: their.clone(), affix: *affix, case: *case };
        let mut members = vec![Test::field(own.clone(), op).into()];
        if self.view.drops_empty() {
            for raw in [&own, &their] {
                members.push(filled(raw.as_str()));
                self.lean_on_limit(raw.as_str(), ledger);
                if !self.catalog.row(raw).is_some_and(|row| row.has(Fact::Single)) {
                    let reason = format!("`{raw}` has at most one value");
                    ledger.assume("single-valued", Some(raw), reason);
                }
            }
        }
        assume_shape(ledger);
        Expr::all(members)
    }

    /// The raw field whose values a field holds as they are, on all records.
    pub(super) fn plain(&self, field: &FieldPath) -> Option<FieldPath> {
        match self.origin(field) {
            Origin::Leaf(_, raw) | Origin::Kept(raw, _) => Some(raw),
            Origin::Sources(sources) => match sources.as_slice() {
                [Source { raw, row, form: Form::Whole }] if !row.ecs_late => {
                    Some(FieldPath::new(raw))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// The test that a field is an address.
fn address(raw: &str) -> Expr {
    let all = ["0.0.0.0/0", "::/0"].into_iter().filter_map(Cidr::parse);
    Expr::any_of(all.map(|net| Test::field(raw, Op::Cidr(net)).into()))
}

/// The expression found in texts other than the empty one.
fn not_empty(regex: &Regex) -> Option<Regex> {
    Regex::new(&format!(r"(?!\A\z)(?:{})", regex.source()), regex.flags()).ok()
}
