//! The ECS document of a record.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::{empty, java, list, made, outcome, place, time};
use crate::fields::{Collected, Field, LookedUp, Table, View};
use crate::query::FieldType;

/// One document in the making.
struct Document<'t> {
    table: &'t Table,
    /// The record without what is empty.
    record: Value,
    made: Map<String, Value>,
}

/// The document that Elastic's integration makes of a record.
pub(super) fn document(table: &Table, record: &Value) -> Value {
    let clean = empty::without(record).unwrap_or_default();
    let mut document = Document { table, record: clean, made: Map::new() };
    document.constants();
    document.subtrees(record);
    document.rows(false);
    for list in &table.lists {
        list::put(table, list, &document.record, &mut document.made);
    }
    for collected in table.collected.iter().filter(|row| row.view == View::Ecs) {
        document.collect(collected);
    }
    let mut whole = true;
    for derived in table.derived.iter().filter(|row| row.view == View::Ecs) {
        whole &= outcome::put(derived, &document.record, &mut document.made);
    }
    for looked_up in table.looked_up.iter().filter(|row| row.view == View::Ecs) {
        document.look_up(looked_up, whole);
    }
    if whole {
        document.rows(true);
    }
    Value::Object(document.made)
}

impl Document<'_> {
    fn constants(&mut self) {
        for row in self.table.constants.iter().filter(|row| row.view == View::Ecs) {
            place::put(&mut self.made, &row.field, row.is.clone());
        }
        for scope in self.table.scope.iter().filter(|scope| scope.view == View::Ecs) {
            for name in scope.also.iter().chain([&scope.field]) {
                place::put(&mut self.made, name, scope.is.clone().into());
            }
        }
    }

    /// The objects whose fields keep their paths, and their texts, which tell by their length
    /// whether the fields are kept. An object that is not leaves the record, too: nothing that is
    /// made from one of its fields looks anywhere else.
    fn subtrees(&mut self, record: &Value) {
        for subtree in &self.table.subtrees {
            let Some(value) = place::at(&self.record, &subtree.raw).cloned() else { continue };
            let mut kept = true;
            if let Some(name) = &subtree.ecs_text {
                let text = place::at(record, &subtree.raw).and_then(java::text).unwrap_or_default();
                let length = text.encode_utf16().count();
                kept = subtree.ecs_limit.is_none_or(|limit| length < limit);
                place::put(&mut self.made, name, text.into());
            }
            if kept {
                place::put(&mut self.made, &subtree.ecs, value);
            } else if let Some(members) = self.record.as_object_mut() {
                members.shift_remove(&subtree.raw);
            }
        }
    }

    fn rows(&mut self, late: bool) {
        let in_list = |row: &Field| {
            let mut lists = self.table.lists.iter();
            lists.any(|list| row.raw.strip_prefix(&list.raw).is_some_and(|r| r.starts_with('.')))
        };
        for row in self.table.fields.iter().filter(|row| row.ecs_late == late && !in_list(row)) {
            self.row(row);
        }
    }

    fn row(&mut self, row: &Field) {
        let sources = std::iter::once(&row.raw).chain(&row.ecs_else);
        let first = sources.filter_map(|raw| place::at(&self.record, raw)).find_map(|value| {
            match row.ecs_type {
                FieldType::Date => time::iso(&java::text(value)?).map(Value::from),
                _ => Some(value.clone()),
            }
        });
        if let Some(name) = row.ecs.as_ref().filter(|_| !row.ecs_newer)
            && let Some(value) = first
        {
            place::put(&mut self.made, name, value);
        }
        let Some(value) = place::at(&self.record, &row.raw) else { return };
        if let Some(name) = &row.ecs_ip
            && value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok())
        {
            place::put(&mut self.made, name, value.clone());
        }
        for copied in &row.ecs_also {
            if let Some(made) = made::copy(copied, &self.record, value) {
                place::put(&mut self.made, &copied.name, made);
            }
        }
    }

    fn collect(&mut self, row: &Collected) {
        if !made::holds(&row.only, &self.record) {
            return;
        }
        let mut texts: Vec<Value> = Vec::new();
        for raw in &row.from {
            let text = place::at(&self.record, raw).and_then(java::text).map(Value::from);
            texts.extend(text.filter(|text| !texts.contains(text)));
        }
        if !texts.is_empty() {
            place::put(&mut self.made, &row.field, Value::Array(texts));
        }
    }

    /// `whole` is false for an event over which the pipeline breaks off before it looks anything
    /// up.
    fn look_up(&mut self, row: &LookedUp, whole: bool) {
        let text = place::at(&self.record, &row.by).and_then(Value::as_str).filter(|_| whole);
        let line = row
            .rows
            .iter()
            .find(|line| text.is_some_and(|text| line.texts.iter().any(|own| own == text)));
        for field in row.fields() {
            let values = row.values(line, field);
            if !values.is_empty() {
                place::put(&mut self.made, field, values.into());
            }
        }
    }
}
