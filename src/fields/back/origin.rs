//! Which row of the table fills a field of a view.

use serde_json::Value;

use super::Back;
use crate::fields::{Collected, Copied, Derived, Field, LookedUp, Subtree, View};
use crate::query::{FieldPath, FieldType, Part, Pattern};

/// Where the values of a view's field come from.
pub(super) enum Origin<'c> {
    /// From nowhere: no document has the field.
    Absent,
    /// The same value in every document, with what this leans on.
    Constant(Value, Option<&'c str>),
    /// From the presence of others; the name tells which of the row's fields it is.
    Derived(&'c Derived, &'c str),
    /// From the step that broke off.
    Broken,
    /// From a list of the platform's own.
    LookedUp(&'c LookedUp),
    /// From several fields.
    Collected(&'c Collected),
    /// From the first of some fields that has a value.
    Sources(Vec<Source<'c>>),
    /// From inside of an object that keeps its fields.
    Leaf(&'c Subtree, FieldPath),
    /// From an object written as one text.
    Text(&'c Subtree),
    /// From the record as it is, and the fields that the platform adds below it.
    Kept(FieldPath, Vec<FieldPath>),
    /// From the fields below it.
    Object(Vec<FieldPath>),
    /// From somewhere that a record does not tell: code and reason.
    Refused(&'static str, String),
}

/// One raw field, and what becomes of its values.
#[derive(Clone, Copy)]
pub(super) struct Source<'c> {
    pub(super) raw: &'c str,
    pub(super) row: &'c Field,
    pub(super) form: Form<'c>,
}

/// What becomes of a value.
#[derive(Clone, Copy)]
pub(super) enum Form<'c> {
    /// Nothing.
    Whole,
    /// It stays if it is an address.
    Ip,
    /// It becomes a point in time.
    Time,
    /// What the row says.
    Copied(&'c Copied),
}

impl<'c> Back<'c> {
    pub(super) fn origin(&self, field: &FieldPath) -> Origin<'c> {
        self.row(field).unwrap_or_else(|| match self.view {
            View::Datadog => self.in_log(field),
            _ => self.in_document(field),
        })
    }

    /// The row that names the field.
    fn row(&self, field: &FieldPath) -> Option<Origin<'c>> {
        let (table, view) = (self.catalog.table(), self.view);
        let is = |name: &str| view.path(name) == *field;
        if let Some(row) = table.constants.iter().find(|row| row.view == view && is(&row.field)) {
            return Some(Origin::Constant(row.is.clone(), row.assumes.as_deref()));
        }
        for derived in table.derived.iter().filter(|row| row.view == view) {
            let mut names =
                std::iter::once(&derived.field).chain(derived.also.iter().map(|also| &also.field));
            if let Some(name) = names.find(|name| is(name)) {
                return Some(Origin::Derived(derived, name));
            }
            let breaks = derived.except.as_ref().and_then(|except| except.breaks.as_ref());
            if breaks.is_some_and(|breaks| is(&breaks.field)) {
                return Some(Origin::Broken);
            }
        }
        let mut looked_up = table.looked_up.iter().filter(|row| row.view == view);
        if let Some(row) = looked_up.find(|row| row.fields().any(|name| is(name))) {
            return Some(Origin::LookedUp(row));
        }
        let mut collected = table.collected.iter().filter(|row| row.view == view);
        if let Some(row) = collected.find(|row| is(&row.field)) {
            return Some(Origin::Collected(row));
        }
        let sources: Vec<Source<'c>> =
            table.fields.iter().flat_map(|row| self.forms(row, field)).collect();
        if let Some(newer) = sources.iter().find(|source| view == View::Ecs && source.row.ecs_newer)
        {
            let note = newer.row.ecs_assumes.as_deref().unwrap_or("only later pipelines fill it");
            return Some(Origin::Refused("later-pipeline", note.to_owned()));
        }
        (!sources.is_empty()).then_some(Origin::Sources(sources))
    }

    /// The raw fields by which a row fills the field.
    fn forms(&self, row: &'c Field, field: &FieldPath) -> Vec<Source<'c>> {
        let is = |name: &str| self.view.path(name) == *field;
        let source = |form| Source { raw: &row.raw, row, form };
        let copies = match self.view {
            View::Ecs => &row.ecs_also,
            _ => &row.datadog_made,
        };
        let made =
            copies.iter().filter(|copy| is(&copy.name)).map(|copy| source(Form::Copied(copy)));
        let mut found: Vec<Source<'c>> = made.collect();
        if self.view == View::Ecs {
            if row.ecs.as_deref().is_some_and(is) {
                let form = if row.ecs_type == FieldType::Date { Form::Time } else { Form::Whole };
                found.push(source(form));
                found.extend(row.ecs_else.iter().map(|raw| Source { raw, row, form }));
            }
            found.extend(row.ecs_ip.iter().filter(|name| is(name)).map(|_| source(Form::Ip)));
        } else if row.datadog.iter().chain(&row.datadog_also).any(|name| is(name)) {
            found.push(source(Form::Whole));
        }
        found
    }

    /// A field of an ECS document that has no row of its own.
    fn in_document(&self, field: &FieldPath) -> Origin<'c> {
        let table = self.catalog.table();
        if self.is_scope(field) {
            return self.scope(field);
        }
        for subtree in &table.subtrees {
            if subtree.ecs_text.as_deref() == Some(field.as_str()) {
                return Origin::Text(subtree);
            }
            if let Some(rest) = below(&subtree.ecs, field) {
                return Origin::Leaf(subtree, FieldPath::new(format!("{}{rest}", subtree.raw)));
            }
        }
        if let Some(refused) = self.added(field) {
            return refused;
        }
        let list =
            table.lists.iter().find(|list| below(&list.ecs, field).is_some_and(|r| !r.is_empty()));
        if let Some(list) = list {
            let reason =
                format!("of objects in `{}` that are alike, the platform keeps one", list.raw);
            return Origin::Refused("computed-value", reason);
        }
        let names = self.names_below(field);
        if names.is_empty() { Origin::Absent } else { Origin::Object(names) }
    }

    /// A field of a log that has no row of its own: what the record has, below `attributes`.
    fn in_log(&self, field: &FieldPath) -> Origin<'c> {
        if self.is_scope(field) {
            return self.scope(field);
        }
        if let Some(refused) = self.added(field) {
            return refused;
        }
        match field.as_str().strip_prefix("attributes.") {
            Some(raw) => Origin::Kept(FieldPath::new(raw), self.names_below(field)),
            None => Origin::Absent,
        }
    }

    fn is_scope(&self, field: &FieldPath) -> bool {
        self.scopes().any(|(name, _)| self.view.path(name) == *field)
    }

    fn scope(&self, field: &FieldPath) -> Origin<'c> {
        let found = self.scopes().find(|(name, _)| self.view.path(name) == *field);
        found.map_or(Origin::Absent, |(_, value)| Origin::Constant(value.into(), None))
    }

    fn scopes(&self) -> impl Iterator<Item = (&'c str, &'c str)> {
        let view = self.view;
        let scopes = self.catalog.table().scope.iter().filter(move |scope| scope.view == view);
        scopes.flat_map(|scope| {
            scope
                .also
                .iter()
                .chain([&scope.field])
                .map(move |name| (name.as_str(), scope.is.as_str()))
        })
    }

    /// Why a field that the platform adds cannot be traced back.
    fn added(&self, field: &FieldPath) -> Option<Origin<'c>> {
        let view = self.view;
        let added = &self.catalog.table().added;
        let mut rows = added.iter().filter(|row| self.adds && row.view == view);
        let row = rows.find(|row| {
            let mut names = row.names.iter();
            names.any(|name| glob(view.path(name).as_str()).matches(field.as_str(), false))
        })?;
        Some(Origin::Refused("platform-added", format!("`{field}` is {}", row.note)))
    }

    /// The names in the view that lead further than a path.
    fn names_below(&self, field: &FieldPath) -> Vec<FieldPath> {
        let names = self.catalog.facts.keys().filter(|(view, _)| *view == self.view);
        let table = self.catalog.table();
        let roots = table.subtrees.iter().map(|subtree| FieldPath::new(&subtree.ecs));
        let constants = table.constants.iter().map(|row| FieldPath::new(&row.field));
        let more = roots.chain(constants).filter(|_| self.view == View::Ecs);
        let names = names.map(|(_, name)| name.clone()).chain(more);
        let mut names: Vec<FieldPath> = names
            .filter(|name| below(field.as_str(), name).is_some_and(|rest| !rest.is_empty()))
            .filter(|name| !matches!(self.origin_of_name(name), Origin::Refused(..)))
            .filter(|name| !matches!(self.origin_of_name(name), Origin::Kept(..)))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The origin of a name of the table, which leads nowhere further.
    fn origin_of_name(&self, name: &FieldPath) -> Origin<'c> {
        if let Some(origin) = self.row(name) {
            return origin;
        }
        if let Some(refused) = self.added(name) {
            return refused;
        }
        if self.view == View::Datadog && name.as_str().starts_with("attributes.") {
            return Origin::Kept(name.clone(), Vec::new());
        }
        Origin::Absent
    }
}

/// What follows a root in a path that is the root or leads into it.
fn below<'p>(root: &str, field: &'p FieldPath) -> Option<&'p str> {
    let rest = field.as_str().strip_prefix(root)?;
    (rest.is_empty() || rest.starts_with('.')).then_some(rest)
}

/// A name in which `*` stands for anything.
fn glob(name: &str) -> Pattern {
    let mut parts = Vec::new();
    for (index, literal) in name.split('*').enumerate() {
        if index > 0 {
            parts.push(Part::Any);
        }
        parts.push(Part::Literal(literal.to_owned()));
    }
    parts.into_iter().collect()
}
