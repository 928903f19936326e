//! What languages may know of the fields of a view.

use std::collections::BTreeMap;

use super::ecs::is_array;
use super::{Catalog, Fact, Field, Table, View};
use crate::query::{FieldFacts, FieldPath, FieldType, Letters, Schema, Spelling};

/// The fields of one view: what a language asks while it says a pushed expression.
#[derive(Clone, Copy, Debug)]
pub struct ViewSchema<'c> {
    catalog: &'c Catalog,
    view: View,
}

impl Catalog {
    /// The fields of a view.
    pub fn schema(&self, view: View) -> ViewSchema<'_> {
        ViewSchema { catalog: self, view }
    }
}

impl Schema for ViewSchema<'_> {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let named = self.catalog.facts.get(&(self.view, field.clone()));
        let facts = named.cloned().unwrap_or_else(|| FieldFacts {
            kind: self.unnamed(field),
            typed: self.unnamed(field) != FieldType::Keyword,
            never_null: self.view.drops_empty(),
            never_empty: self.view.drops_empty(),
            ..FieldFacts::default()
        });
        // The log source may use one value only of what the schema has as an array.
        let many = self.view == View::Ecs && !facts.single && is_array(field);
        FieldFacts { many, ..facts }
    }
}

impl ViewSchema<'_> {
    /// Whether the table says something of a field.
    pub(super) fn knows(&self, field: &FieldPath) -> bool {
        let named = self.catalog.facts.contains_key(&(self.view, field.clone()));
        named || self.unnamed(field) == FieldType::Flattened
    }

    /// The type of a field that the table does not name: a leaf of a flattened object or, as far
    /// as anyone knows, a keyword.
    fn unnamed(&self, field: &FieldPath) -> FieldType {
        let below = |root: &str| field.as_str().strip_prefix(root).is_some_and(starts_below);
        let flattened = self.catalog.table().subtrees.iter().any(|subtree| below(&subtree.ecs));
        if self.view == View::Ecs && flattened { FieldType::Flattened } else { FieldType::Keyword }
    }
}

fn starts_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}

/// The facts of every field that the table names.
pub(super) fn facts(table: &Table) -> BTreeMap<(View, FieldPath), FieldFacts> {
    let mut facts = BTreeMap::new();
    let mut add = |view: View, name: FieldPath, new: FieldFacts| {
        facts.entry((view, name)).and_modify(|old| *old = shared(old, &new)).or_insert(new);
    };
    for field in &table.fields {
        for view in View::ALL {
            for (name, kind) in names(table, field, view) {
                add(view, name, row_facts(field, view, kind));
            }
        }
    }
    for scope in &table.scope {
        for name in std::iter::once(&scope.field).chain(&scope.also) {
            add(scope.view, scope.view.path(name), constant());
        }
    }
    for derived in &table.derived {
        add(derived.view, derived.path(), constant());
        for also in &derived.also {
            add(derived.view, derived.view.path(&also.field), constant());
        }
    }
    for row in &table.constants {
        add(row.view, row.view.path(&row.field), constant());
    }
    for (view, name) in several(table) {
        let never_null = view.drops_empty();
        add(view, view.path(name), FieldFacts { never_null, ..FieldFacts::default() });
    }
    for row in &table.added {
        for name in &row.names {
            let never_null = row.view.drops_empty();
            let new =
                FieldFacts { kind: row.kind, typed: true, never_null, ..FieldFacts::default() };
            add(row.view, row.view.path(name), new);
        }
    }
    facts
}

/// Fields of which no more is known than that their values are texts.
fn several(table: &Table) -> impl Iterator<Item = (View, &String)> {
    let looked_up =
        table.looked_up.iter().flat_map(|row| row.fields().map(|name| (row.view, name)));
    let collected = table.collected.iter().map(|row| (row.view, &row.field));
    let texts = table.subtrees.iter().flat_map(|row| &row.ecs_text).map(|name| (View::Ecs, name));
    looked_up.chain(collected).chain(texts)
}

/// Every name of a raw field in a view, with its type there.
fn names(table: &Table, field: &Field, view: View) -> Vec<(FieldPath, FieldType)> {
    match view {
        View::Raw => vec![(FieldPath::new(&field.raw), field.kind)],
        View::Datadog => std::iter::once(field.datadog_path())
            .chain(field.datadog_also.iter().map(|name| view.path(name)))
            .map(|name| (name, field.kind))
            .chain(field.datadog_made.iter().map(|copy| (view.path(&copy.name), copy.kind)))
            .collect(),
        View::Ecs => {
            let own = field.ecs.iter().map(|name| (view.path(name), field.ecs_type));
            let leaf = table.subtrees.iter().filter_map(|subtree| {
                let rest = subtree.rest(&field.raw)?;
                Some((FieldPath::new(format!("{}{rest}", subtree.ecs)), FieldType::Flattened))
            });
            let address = field.ecs_ip.iter().map(|name| (view.path(name), FieldType::Ip));
            let copies = field.ecs_also.iter().map(|copy| (view.path(&copy.name), copy.kind));
            own.chain(leaf).chain(address).chain(copies).collect()
        }
    }
}

fn row_facts(field: &Field, view: View, kind: FieldType) -> FieldFacts {
    FieldFacts {
        kind,
        typed: true,
        taken_for: None,
        spelling: field.spelling.clone(),
        single: field.has(Fact::Single),
        many: false,
        never_null: view.drops_empty() || field.has(Fact::NonEmpty),
        never_empty: view.drops_empty() || field.has(Fact::NonEmpty),
        scalar: true,
        letters: Letters::default(),
    }
}

/// Of a field with a value that the platform itself writes.
fn constant() -> FieldFacts {
    let facts = FieldFacts { kind: FieldType::Keyword, single: true, ..FieldFacts::default() };
    FieldFacts { typed: true, never_null: true, never_empty: true, scalar: true, ..facts }
}

/// What holds of a field that takes its values from two raw fields.
fn shared(a: &FieldFacts, b: &FieldFacts) -> FieldFacts {
    FieldFacts {
        kind: a.kind,
        typed: a.typed && b.typed,
        taken_for: None,
        spelling: if a.spelling == b.spelling { a.spelling.clone() } else { Spelling::Free },
        single: a.single && b.single,
        many: a.many || b.many,
        never_null: a.never_null && b.never_null,
        never_empty: a.never_empty && b.never_empty,
        scalar: a.scalar && b.scalar,
        letters: Letters::default(),
    }
}
