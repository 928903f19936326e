//! Tables made ready for look-ups.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Field, Logsource, Subtree, Table, View, check, schema};
use crate::query::{Expr, FieldFacts, FieldPath, FieldType, Op, Test};

/// The tables that are compiled in.
static SHIPPED: LazyLock<Vec<Catalog>> = LazyLock::new(|| {
    [include_str!("../../catalog/fields/aws_cloudtrail.toml")]
        .into_iter()
        .map(|text| Catalog::read(text).expect("INVARIANT: a test reads every shipped table"))
        .collect()
});

/// The fields of one log source in every view.
#[derive(Clone, Debug)]
pub struct Catalog {
    table: Table,
    /// Index into the table's fields, by raw path.
    by_raw: BTreeMap<String, usize>,
    /// Facts of every field that is named in the table, by view and path.
    pub(super) facts: BTreeMap<(View, FieldPath), FieldFacts>,
}

/// Why a table cannot be used: every problem, not only the first one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct TableError(pub Vec<String>);

/// A raw field as one view has it.
#[derive(Clone, Debug)]
pub(super) struct Column<'c> {
    /// Its name in the view.
    pub(super) name: FieldPath,
    /// Its type there.
    pub(super) kind: FieldType,
    /// The row, if the field has one of its own.
    pub(super) row: Option<&'c Field>,
    /// What the column leans on, with the raw field that this is about.
    pub(super) assumes: Option<(&'c str, &'c str)>,
}

/// What the names lean on that Datadog's pipeline gives: it is not public.
const DATADOG_NAMES: &str = "Datadog holds this value under the name that its own default rules query; its CloudTrail pipeline is not public";

impl Catalog {
    /// The shipped catalogue for Sigma's `logsource`; all three parts have to agree.
    pub fn for_logsource(
        product: Option<&str>,
        service: Option<&str>,
        category: Option<&str>,
    ) -> Option<&'static Self> {
        SHIPPED.iter().find(|catalog| {
            let Logsource { product: p, service: s, category: c } = &catalog.table.logsource;
            (p.as_deref(), s.as_deref(), c.as_deref()) == (product, service, category)
        })
    }

    /// Every shipped catalogue.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        SHIPPED.iter()
    }

    /// Reads a table in TOML and checks it.
    pub fn read(text: &str) -> Result<Self, TableError> {
        let mut table: Table =
            toml::from_str(text).map_err(|error| TableError(vec![error.to_string()]))?;
        let mut problems = check::leaves(&table);
        lift_leaves(&mut table);
        problems.extend(check::table(&table));
        if !problems.is_empty() {
            return Err(TableError(problems));
        }
        let rows = table.fields.iter().enumerate();
        let by_raw = rows.map(|(index, field)| (field.raw.clone(), index)).collect();
        let facts = schema::facts(&table);
        Ok(Self { table, by_raw, facts })
    }

    /// The table; rows for single leaves of a subtree stand among the fields, under full paths.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The row of a raw field, if it has one of its own.
    pub fn row(&self, raw: &FieldPath) -> Option<&Field> {
        self.by_raw.get(raw.as_str()).and_then(|index| self.table.fields.get(*index))
    }

    /// Whether records can have this: a field with a row, an object that holds some, or anything
    /// inside of a subtree.
    pub fn knows(&self, raw: &FieldPath) -> bool {
        self.row(raw).is_some() || self.subtree(raw).is_some() || self.is_object(raw)
    }

    /// Paths of all fields with a row and of all subtrees.
    pub fn raw_names(&self) -> impl Iterator<Item = &str> {
        let roots = self.table.subtrees.iter().map(|subtree| subtree.raw.as_str());
        self.by_raw.keys().map(String::as_str).chain(roots)
    }

    /// The test that tells this log source's events from others; true for the raw record, whose
    /// source is known from where it was read.
    pub fn scope(&self, view: View) -> Expr {
        Expr::all(
            self.table
                .scope
                .iter()
                .filter(|scope| scope.view == view)
                .map(|scope| Test::field(view.path(&scope.field), Op::is(&scope.is)).into()),
        )
    }

    /// The name of Elastic's data set for these events: `aws.cloudtrail`.
    pub fn data_set(&self) -> Option<&str> {
        let mut scope = self.table.scope.iter();
        let row = scope.find(|row| row.view == View::Ecs && row.field == "event.dataset")?;
        Some(&row.is)
    }

    /// What may be assumed of several fields of a record together, with each assumption in words.
    pub fn always(&self) -> Vec<(Expr, String)> {
        let excepts = self.table.derived.iter().filter_map(|derived| derived.except.as_ref());
        let told = excepts.filter(|except| !except.comes_with.is_empty());
        let never = self.table.never.iter().map(|never| (never.always(), never.assumption()));
        told.map(|except| (except.always(), except.assumption())).chain(never).collect()
    }

    /// The name of a raw field in a view, for grouping and display. `None` if no field of the view
    /// holds exactly its values on all events.
    pub fn name(&self, raw: &FieldPath, view: View) -> Option<FieldPath> {
        let shared = |row: &Field| view == View::Ecs && row.ecs_when.is_some();
        let column = self.column(raw, view).filter(|_| !self.is_object(raw))?;
        (!column.row.is_some_and(shared)).then_some(column.name)
    }

    /// The raw field as the view has it, if it does.
    pub(super) fn column(&self, raw: &FieldPath, view: View) -> Option<Column<'_>> {
        let row = self.row(raw);
        let raw_kind = row.map_or(FieldType::default(), |row| row.kind);
        match view {
            View::Raw => Some(Column { name: raw.clone(), kind: raw_kind, row, assumes: None }),
            View::Datadog => {
                // What has no row keeps its path: Datadog takes the record in whole.
                let unnamed = || View::Datadog.path(&format!("@{raw}"));
                let name = row.map_or_else(unnamed, Field::datadog_path);
                let renamed = row.filter(|row| row.datadog.is_some());
                let assumes = renamed.map(|row| (row.raw.as_str(), DATADOG_NAMES));
                Some(Column { name, kind: raw_kind, row, assumes })
            }
            View::Ecs => self.ecs(raw, row),
        }
    }

    fn ecs<'c>(&'c self, raw: &FieldPath, row: Option<&'c Field>) -> Option<Column<'c>> {
        if let Some(row) = row
            && let Some(name) = &row.ecs
        {
            let assumes = row.ecs_assumes.as_deref().map(|words| (row.raw.as_str(), words));
            let name = FieldPath::new(name);
            return Some(Column { name, kind: row.ecs_type, row: Some(row), assumes });
        }
        let (subtree, rest) = self.subtree(raw)?;
        let assumes = subtree.ecs_assumes.as_deref().map(|words| (subtree.raw.as_str(), words));
        let name = FieldPath::new(format!("{}{rest}", subtree.ecs));
        Some(Column { name, kind: FieldType::Flattened, row, assumes })
    }

    /// The subtree that a raw path leads to or into, and what follows its root.
    fn subtree<'p>(&self, raw: &'p FieldPath) -> Option<(&Subtree, &'p str)> {
        self.table.subtrees.iter().find_map(|subtree| Some((subtree, subtree.rest(raw.as_str())?)))
    }

    /// Whether a raw path leads to an object on every event: to the root of a subtree, or to
    /// something outside of one that holds fields. Inside, one call's object may be another's text.
    pub fn is_object(&self, raw: &FieldPath) -> bool {
        if let Some((_, rest)) = self.subtree(raw) {
            return rest.is_empty();
        }
        let inside = format!("{raw}.");
        let next = self.by_raw.range(inside.clone()..).next();
        next.is_some_and(|(path, _)| path.starts_with(&inside))
    }
}

/// Moves the leaves of all subtrees to the fields.
fn lift_leaves(table: &mut Table) {
    for subtree in &mut table.subtrees {
        for mut leaf in subtree.leaves.drain(..) {
            leaf.raw = format!("{}.{}", subtree.raw, leaf.raw);
            table.fields.push(leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_tables_are_sound() {
        for catalog in SHIPPED.iter() {
            assert!(catalog.table.fields.len() > 70, "{:?}", catalog.table.logsource);
        }
    }

    #[test]
    fn a_log_source_has_to_agree_in_every_part() {
        assert!(Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).is_some());
        assert!(Catalog::for_logsource(Some("aws"), None, None).is_none());
        assert!(Catalog::for_logsource(Some("aws"), Some("cloudtrail"), Some("x")).is_none());
    }

    #[test]
    fn every_problem_of_a_table_is_named() {
        let broken = r#"
            sources = { unused = "a page" }
            logsource = { product = "x" }
            field = [
                { raw = "a", ecs = "same", source = ["nowhere"] },
                { raw = "a", ecs = "same", datadog = "@b", source = [] },
                { raw = "c..d", source = ["nowhere"] },
            ]
            subtree = [{ raw = "s", ecs = "t", source = ["nowhere"], leaves = [
                { raw = "l", ecs = "u", source = ["nowhere"] },
            ] }]
            derived = [{ view = "ecs", field = "d", present = ["a"], if_any = "1", source = ["nowhere"],
                except = { event = { e = "1" }, lower_case_of = "a" } }]
        "#;
        let TableError(problems) = Catalog::read(broken).expect_err("the table is broken");
        for part in [
            "names an ECS field of its own",
            "unknown source `nowhere`",
            "`a` has no source",
            "`unused` serves no row",
            "`a` has two rows",
            "`c..d` is no path",
            "ECS field `same` has two meanings",
            "`c..d` has no ECS field",
            "looks at `a`, which may be empty",
            "the unknown `e`",
        ] {
            assert!(problems.iter().any(|p| p.contains(part)), "no `{part}` in {problems:#?}");
        }
    }
}
