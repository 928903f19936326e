//! What a table has to fulfil beyond its shape. Users may bring their own tables, so every
//! problem is named and nothing panics.

use std::collections::{BTreeMap, BTreeSet};

use super::{Derived, Fact, Presence, Table, View};
use crate::query::FieldPath;

/// Problems of the leaves of subtrees, before they are lifted to the fields.
pub(super) fn leaves(table: &Table) -> Vec<String> {
    let mut problems = Vec::new();
    for subtree in &table.subtrees {
        for leaf in &subtree.leaves {
            if leaf.ecs.is_some() || leaf.ecs_ip.is_some() || leaf.ecs_when.is_some() {
                problems.push(format!(
                    "leaf `{}` of `{}` names an ECS field of its own; a copy belongs into `ecs_also`",
                    leaf.raw, subtree.raw
                ));
            }
        }
    }
    problems
}

/// Problems of a table whose leaves are lifted.
pub(super) fn table(table: &Table) -> Vec<String> {
    let mut problems = sources(table);
    problems.extend(raw_names(table));
    problems.extend(view_names(table));
    problems.extend(ecs_columns(table));
    problems.extend(made(table));
    for view in View::ALL {
        if table.derived.iter().filter(|derived| derived.view == view).count() > 1 {
            problems.push(format!("{view} has two derived fields; one is supported"));
        }
    }
    problems.extend(table.derived.iter().flat_map(|derived| self::derived(table, derived)));
    problems
}

/// Every row says where it was published, and every published definition serves a row.
fn sources(table: &Table) -> Vec<String> {
    let rows = (table.fields.iter().map(|row| (&row.raw, &row.source)))
        .chain(table.subtrees.iter().map(|row| (&row.raw, &row.source)))
        .chain(table.scope.iter().map(|row| (&row.field, &row.source)))
        .chain(table.derived.iter().map(|row| (&row.field, &row.source)))
        .chain(table.constants.iter().map(|row| (&row.field, &row.source)))
        .chain(table.looked_up.iter().map(|row| (&row.by, &row.source)))
        .chain(table.collected.iter().map(|row| (&row.field, &row.source)))
        .chain(table.lists.iter().map(|row| (&row.raw, &row.source)))
        .chain(table.never.iter().filter_map(|row| Some((row.has.first()?, &row.source))))
        .chain(table.added.iter().map(|row| (&row.note, &row.source)));
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (row, source) in rows {
        if source.is_empty() {
            problems.push(format!("`{row}` has no source"));
        }
        for name in source {
            used.insert(name);
            if !table.sources.contains_key(name) {
                problems.push(format!("`{row}` has the unknown source `{name}`"));
            }
        }
    }
    let unused = table.sources.keys().filter(|name| !used.contains(name));
    problems.extend(unused.map(|name| format!("source `{name}` serves no row")));
    problems
}

/// Every raw path has one row and is a path.
fn raw_names(table: &Table) -> Vec<String> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let fields = table.fields.iter().map(|row| &row.raw);
    for raw in fields.chain(table.subtrees.iter().map(|row| &row.raw)) {
        if raw.split('.').any(str::is_empty) {
            problems.push(format!("`{raw}` is no path"));
        }
        if !seen.insert(raw) {
            problems.push(format!("`{raw}` has two rows"));
        }
    }
    problems
}

/// Every name in a view has one meaning; only two fields of opposite conditions may share one.
fn view_names(table: &Table) -> Vec<String> {
    let mut conditions: BTreeMap<(View, FieldPath), Vec<Option<&Presence>>> = BTreeMap::new();
    let mut add = |view: View, name: &str, condition| {
        conditions.entry((view, view.path(name))).or_default().push(condition);
    };
    for row in &table.fields {
        for name in row.ecs.iter().chain(&row.ecs_ip) {
            add(View::Ecs, name, row.ecs_when.as_ref());
        }
        row.ecs_also.iter().for_each(|copy| add(View::Ecs, &copy.name, None));
        add(View::Datadog, row.datadog_path().as_str(), None);
        row.datadog_also.iter().for_each(|name| add(View::Datadog, name, None));
        row.datadog_made.iter().for_each(|copy| add(View::Datadog, &copy.name, None));
    }
    for row in &table.subtrees {
        row.ecs_text.iter().chain([&row.ecs]).for_each(|name| add(View::Ecs, name, None));
    }
    for row in &table.derived {
        let also = row.also.iter().map(|also| &also.field);
        also.chain([&row.field]).for_each(|name| add(row.view, name, None));
        let breaks = row.except.as_ref().and_then(|except| except.breaks.as_ref());
        breaks.iter().for_each(|breaks| add(row.view, &breaks.field, None));
    }
    table.constants.iter().for_each(|row| add(row.view, &row.field, None));
    table.collected.iter().for_each(|row| add(row.view, &row.field, None));
    table.lists.iter().for_each(|row| add(View::Ecs, &row.ecs, None));
    for row in &table.looked_up {
        row.fields().for_each(|name| add(row.view, name, None));
    }
    for row in &table.scope {
        std::iter::once(&row.field).chain(&row.also).for_each(|name| add(row.view, name, None));
    }
    for row in &table.added {
        row.names.iter().for_each(|name| add(row.view, name, None));
    }
    let ambiguous = conditions.into_iter().filter(|(_, conditions)| match conditions.as_slice() {
        [_] => false,
        [Some(a), Some(b)] => a.field != b.field || a.present == b.present,
        _ => true,
    });
    ambiguous.map(|((view, name), _)| format!("{view} field `{name}` has two meanings")).collect()
}

/// A field without ECS name says why; a condition looks at a field that ECS has.
fn ecs_columns(table: &Table) -> Vec<String> {
    let mut problems = Vec::new();
    for row in &table.fields {
        let inside = table.subtrees.iter().any(|subtree| subtree.rest(&row.raw).is_some());
        if row.ecs.is_none() && !inside && row.note.is_none() {
            problems.push(format!("`{}` has no ECS field and no note why", row.raw));
        }
        let Some(when) = &row.ecs_when else { continue };
        let looked_at = table.fields.iter().find(|other| other.raw == when.field);
        if !looked_at.is_some_and(|other| other.ecs.is_some() && other.ecs_when.is_none()) {
            problems.push(format!(
                "the condition of `{}` looks at `{}`, which has no ECS field of its own",
                row.raw, when.field
            ));
        }
    }
    problems
}

/// Rows that make fields look at fields and subtrees of the table; a looked-up text has one line.
fn made(table: &Table) -> Vec<String> {
    let known = |raw: &&String| {
        let row = table.fields.iter().any(|row| row.raw == **raw);
        row || table.subtrees.iter().any(|subtree| subtree.rest(raw).is_some())
    };
    let mut looked_at: Vec<(&String, &String)> = Vec::new();
    for row in &table.fields {
        let copies = row.ecs_also.iter().chain(&row.datadog_made);
        let raws = copies.flat_map(|copy| copy.only.keys()).chain(&row.ecs_else);
        looked_at.extend(raws.map(|raw| (&row.raw, raw)));
    }
    for row in &table.collected {
        looked_at.extend(row.from.iter().chain(row.only.keys()).map(|raw| (&row.field, raw)));
    }
    looked_at.extend(table.looked_up.iter().map(|row| (&row.by, &row.by)));
    let unknown = looked_at.iter().filter(|(_, raw)| !known(raw));
    let unknown = unknown.map(|(name, raw)| format!("`{name}` is made from the unknown `{raw}`"));
    let mut problems: Vec<String> = unknown.collect();
    for row in &table.looked_up {
        let mut seen = BTreeSet::new();
        let texts = row.rows.iter().flat_map(|line| &line.texts);
        let twice = texts.filter(|text| !seen.insert(*text));
        problems.extend(twice.map(|text| format!("`{text}` is looked up in two lines")));
    }
    for row in &table.lists {
        for member in row.distinct_by.iter().map(|name| format!("{}.{name}", row.raw)) {
            if !known(&&member) {
                problems.push(format!("`{}` is told apart by the unknown `{member}`", row.raw));
            }
        }
    }
    problems
}

/// A derived field looks at fields whose emptiness cannot matter, and its exception is about
/// fields of the table.
fn derived(table: &Table, derived: &Derived) -> Vec<String> {
    let mut problems = Vec::new();
    let row = |raw: &String| table.fields.iter().find(|row| row.raw == *raw);
    let name = &derived.field;
    if derived.present.is_empty() {
        problems.push(format!("derived field `{name}` looks at nothing"));
    }
    for raw in &derived.present {
        if !row(raw).is_some_and(|row| row.has(Fact::NonEmpty)) {
            problems.push(format!(
                "derived field `{name}` looks at `{raw}`, which may be empty or is unknown"
            ));
        }
    }
    if let Some(except) = &derived.except {
        let fields = except.event.keys().chain(except.comes_with.keys());
        for raw in fields.chain([&except.lower_case_of]).filter(|raw| row(raw).is_none()) {
            problems.push(format!("the exception of `{name}` looks at the unknown `{raw}`"));
        }
    }
    problems
}
