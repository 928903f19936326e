//! What an expression over a view's documents says of the record: the inverse of
//! [`Catalog::project`].
//!
//! [`Catalog::pull`] writes what an author would have written; this is exact. On every record it
//! says what the expression says of the document that the record becomes, up to the losses and
//! under the assumptions that come with it, or it is refused. Every test is looked up in the table:
//! [`origin`] finds the row that fills its field, and each kind of row has its own inverse.
//!
//! | code | kind | meaning |
//! |---|---|---|
//! | `record-shape` | assumption | the record has scalars where the table has rows, and objects above them |
//! | `not-an-object` | assumption | the field inside of an object that differs from call to call is none itself |
//! | `single-valued` | assumption | the field has at most one value |
//! | `plain-letters` | assumption | the platform's lower case is that of ASCII |
//! | `utc-times` | assumption | times are written in UTC |
//! | `non-empty` | assumption | the object is left out rather than written without contents |
//! | `platform-mapping` | assumption | the platform fills the field in the way that the table says |
//! | `empty-dropped` | loss, wider | the record has the object, but empty, so the document has none |
//! | `text-form` | loss, narrower | a key and value in an object's text, looked for in one place only |
//! | `text-form` | refusal | a test of an object's text that says nothing of one field |
//! | `platform-added` | refusal | the field is filled from what no record tells |
//! | `later-pipeline` | refusal | another version of the pipeline fills the field |
//! | `computed-value` | refusal | the value is computed, and no test of the record says the same |
//! | `date-text` | refusal | a test of text on a point in time |
//! | `free-text` | refusal | a search over all fields |

mod derived;
mod made;
mod object;
mod origin;
mod text;
mod values;

use super::{Catalog, View};
use crate::query::{
    Expr, FieldPath, Ledger, Op, Part, Pattern, Refusal, Subject, Test, Translated,
};
use origin::Origin;

impl Catalog {
    /// Rewrites an expression over a view's documents to one over records that says the same:
    /// `expr` holds for what [`Catalog::project`] makes of a record where the result holds for the
    /// record. Nothing is left out: the test for the log source is true, a field that no record
    /// fills is absent, and what cannot be said is refused, all of it.
    pub fn pull_back(&self, expr: &Expr, view: View) -> Result<Translated<Expr>, Vec<Refusal>> {
        Back { catalog: self, view, adds: true }.whole(expr)
    }

    /// The same to the letter of [`Catalog::project`], which adds nothing that records do not tell: a
    /// field that a platform looks up elsewhere holds there what the record has under its name.
    pub fn pull_back_projection(
        &self,
        expr: &Expr,
        view: View,
    ) -> Result<Translated<Expr>, Vec<Refusal>> {
        Back { catalog: self, view, adds: false }.whole(expr)
    }

    /// The raw field whose values a field of [`Catalog::project`] holds as they are, on records of the
    /// table's shape.
    pub fn same_values(&self, field: &FieldPath, view: View) -> Option<FieldPath> {
        match view {
            View::Raw => Some(field.clone()),
            _ => Back { catalog: self, view, adds: false }.plain(field),
        }
    }
}

/// One walk. Its depth is that of the expression, which the languages bound when they read it.
struct Back<'c> {
    catalog: &'c Catalog,
    view: View,
    /// Whether the platform adds fields that no record tells.
    adds: bool,
}

impl Back<'_> {
    fn whole(&self, expr: &Expr) -> Result<Translated<Expr>, Vec<Refusal>> {
        let mut ledger = Ledger::default();
        let value = match self.view {
            View::Raw => expr.clone(),
            _ => self.expr(expr, &mut ledger),
        };
        ledger.close(value)
    }

    fn expr(&self, expr: &Expr, ledger: &mut Ledger) -> Expr {
        match expr {
            Expr::True | Expr::False => expr.clone(),
            Expr::Test(test) => self.test(test, ledger),
            Expr::Not(inner) => ledger.negated(|ledger| self.expr(inner, ledger)).negated(),
            Expr::And(members) => Expr::all(self.members(members, ledger)),
            Expr::Or(members) => Expr::any_of(self.members(members, ledger)),
        }
    }

    /// All members, so that all refusals are found.
    fn members(&self, members: &[Expr], ledger: &mut Ledger) -> Vec<Expr> {
        members.iter().map(|member| self.expr(member, ledger)).collect()
    }

    fn test(&self, test: &Test, ledger: &mut Ledger) -> Expr {
        let Subject::Field(field) = &test.subject else {
            let reason =
                "the query searches all fields of the document, also those that no record has";
            ledger.refuse("free-text", None, reason);
            return Expr::False;
        };
        if let Op::Field { other, .. } = &test.op {
            return self.two_fields(field, other, &test.op, ledger);
        }
        self.field(field, &test.op, ledger)
    }

    /// A test of one field of the view.
    fn field(&self, field: &FieldPath, op: &Op, ledger: &mut Ledger) -> Expr {
        // Documents of a view that drops what is empty hold no null.
        if matches!(op, Op::Null) && self.view.drops_empty() {
            return Expr::False;
        }
        match self.origin(field) {
            Origin::Absent => Expr::False,
            Origin::Constant(value, assumes) => self.constant(field, value, assumes, op, ledger),
            Origin::Derived(derived, name) => self.derived(derived, name, op, ledger),
            Origin::Broken => self.broken(field, op, ledger),
            Origin::LookedUp(row) => self.looked_up(row, field, op, ledger),
            Origin::Collected(row) => self.collected(row, op, ledger),
            Origin::Sources(sources) => self.sources(&sources, op, ledger),
            Origin::Leaf(subtree, raw) => self.leaf(subtree, &raw, op, ledger),
            Origin::Text(subtree) => self.text(subtree, field, op, ledger),
            Origin::Kept(raw, made) => self.kept_whole(&raw, &made, op, ledger),
            Origin::Object(names) => self.object(&names, op, ledger),
            Origin::Refused(code, reason) => {
                ledger.refuse(code, Some(field), reason);
                Expr::False
            }
        }
    }
}

/// The test that a field has a text other than the empty one.
fn filled(raw: &str) -> Expr {
    let pattern = Pattern::from_iter([Part::One, Part::Any]);
    let case = crate::query::Case::Sensitive;
    Test::field(raw, Op::Matches { pattern, case }).into()
}

/// The test that a field has some value.
fn exists(raw: &str) -> Expr {
    Test::field(raw, Op::Exists).into()
}

/// The test that a field has this text.
fn is(raw: &str, text: &str) -> Expr {
    Test::field(raw, Op::is(text)).into()
}

/// Notes that the record is taken to be of the table's shape.
fn assume_shape(ledger: &mut Ledger) {
    let reason = "the record has the shape that its table describes: texts, numbers and booleans where \
                  there are rows, objects above them, and no fields of the platform's own names";
    ledger.assume("record-shape", None, reason);
}

/// Refuses a test of a value that the platform computes.
fn refuse_computed(field: &str, op: &Op, ledger: &mut Ledger) -> Expr {
    let reason = format!(
        "`{field}` changes on the way to the platform, and no test of the record says that the result {op}"
    );
    ledger.refuse("computed-value", Some(&FieldPath::new(field)), reason);
    Expr::False
}
