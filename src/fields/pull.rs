//! From the fields of a view back to those of the record.

use super::{Catalog, Derived, Field, View};
use crate::query::{Case, Expr, FieldPath, Op, Subject, Test};

/// An expression in two vocabularies.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// Over the record's own fields.
    pub raw: Expr,
    /// Over those of the view, without the test for the log source.
    pub viewed: Expr,
}

impl Catalog {
    /// The expression over raw fields that says what `expr` says over a view, as a rule's author
    /// would have written it: without the test for the log source, which the log source says, and
    /// without asking for letter case where the values are spelt in one known way.
    ///
    /// With it comes the part of `expr` that the log source does not say.
    ///
    /// `None` where the view's names have no counterpart in the record. Whether the result says
    /// the same is for the caller to see: what [`Catalog::push`] makes of it must come to that part
    /// again.
    pub fn pull(&self, expr: &Expr, view: View) -> Option<Pulled> {
        let members = match expr {
            Expr::And(members) => members.clone(),
            other => vec![other.clone()],
        };
        let count = members.len();
        let rest: Vec<Expr> =
            members.into_iter().filter(|member| !self.is_scope(member, view)).collect();
        if rest.len() == count && self.scope(view) != Expr::True {
            // A rule that does not say where its events come from looks at other events, too.
            return None;
        }
        let raw: Option<Vec<Expr>> = rest.iter().map(|member| self.raw(member, view)).collect();
        Some(Pulled { raw: Expr::all(raw?), viewed: Expr::all(rest) })
    }

    /// Whether an expression only says that the event is of this log source.
    pub(super) fn is_scope(&self, expr: &Expr, view: View) -> bool {
        let scopes = self.table().scope.iter().filter(|scope| scope.view == view);
        scopes.into_iter().any(|scope| {
            let mut names = std::iter::once(&scope.field).chain(&scope.also);
            names.any(|name| *expr == Test::field(view.path(name), Op::is(&scope.is)).into())
        })
    }

    /// The same over the record's fields, if each of its own has a counterpart there.
    pub(super) fn raw(&self, expr: &Expr, view: View) -> Option<Expr> {
        let derived = self.table().derived.iter().find(|derived| derived.view == view);
        if let Some(meaning) = derived.and_then(|derived| definition(derived, expr)) {
            return Some(meaning);
        }
        let all = |members: &[Expr]| -> Option<Vec<Expr>> {
            members.iter().map(|member| self.raw(member, view)).collect()
        };
        Some(match expr {
            Expr::True | Expr::False => expr.clone(),
            Expr::Test(test) => self.raw_test(test, view)?.into(),
            Expr::Not(inner) => self.raw(inner, view)?.negated(),
            Expr::And(members) => Expr::all(all(members)?),
            Expr::Or(members) => Expr::any_of(all(members)?),
        })
    }

    /// Whether a test is about something that the platform derives from several fields.
    pub(super) fn is_derived(&self, test: &Test, view: View) -> bool {
        let mut derived = self.table().derived.iter().filter(|derived| derived.view == view);
        derived.any(|derived| test.path() == Some(&derived.path()))
    }

    fn raw_test(&self, test: &Test, view: View) -> Option<Test> {
        let mut raw = test.clone();
        if let Subject::Field(field) = &test.subject {
            let name = self.raw_name(field, view)?;
            raw.op = self.in_any_case(&name, &test.op);
            raw.subject = Subject::Field(name);
        }
        if let Op::Field { other, .. } = &mut raw.op {
            *other = self.raw_name(other, view)?;
        }
        Some(raw)
    }

    /// The one raw field whose values a field of the view holds.
    pub fn raw_name(&self, field: &FieldPath, view: View) -> Option<FieldPath> {
        let row = |row: &&Field| match view {
            View::Raw => row.raw == field.as_str(),
            View::Ecs => row.ecs.as_deref() == Some(field.as_str()) && row.ecs_when.is_none(),
            View::Datadog => {
                let also = row.datadog_also.iter().any(|name| view.path(name) == *field);
                row.datadog_path() == *field || also
            }
        };
        let mut rows = self.table().fields.iter().filter(row);
        match (rows.next(), rows.next()) {
            (Some(row), None) => return Some(FieldPath::new(&row.raw)),
            (Some(_), Some(_)) => return None,
            (None, _) => {}
        }
        let raw = match view {
            View::Raw => field.clone(),
            View::Ecs => self.table().subtrees.iter().find_map(|subtree| {
                let rest = field.as_str().strip_prefix(&subtree.ecs)?;
                rest.starts_with('.').then(|| FieldPath::new(format!("{}{rest}", subtree.raw)))
            })?,
            // What the table does not name is kept below `attributes`.
            View::Datadog => FieldPath::new(field.as_str().strip_prefix("attributes.")?),
        };
        // A name that the platform gives to something else is no name of the record.
        (self.name(&raw, view).as_ref() == Some(field) && self.knows(&raw)).then_some(raw)
    }

    /// A comparison that asks for letter case where the field's values leave no choice.
    fn in_any_case(&self, raw: &FieldPath, op: &Op) -> Op {
        let Op::Matches { pattern, case: Case::Sensitive } = op else { return op.clone() };
        let case =
            self.row(raw).map(|row| row.spelling.case_of(pattern)).unwrap_or(Case::Sensitive);
        Op::Matches { pattern: pattern.clone(), case }
    }
}

/// What a test of a derived field says of the record.
fn definition(derived: &Derived, expr: &Expr) -> Option<Expr> {
    let exists = |raw: &String| Expr::from(Test::field(raw.as_str(), Op::Exists));
    // The platform writes the value itself, in one spelling.
    let expr = &expr.clone().map_tests(&|mut test| {
        if let Op::Matches { case, .. } = &mut test.op {
            *case = Case::Sensitive;
        }
        test.into()
    });
    if *expr == derived.none() {
        return Some(Expr::all(derived.present.iter().map(|raw| exists(raw).negated())));
    }
    (*expr == derived.any()).then(|| Expr::any_of(derived.present.iter().map(exists)))
}
