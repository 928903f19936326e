//! What the engines are asked: every public rule and every rule of the pack in the engine's language,
//! with events that match, that nearly do, and random ones.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crosswalk::language::registry;
use crosswalk::query::{Assumption, Expr, FieldType, Number, Op, Schema, text_of};
use crosswalk::source::SourceFile;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::common::files;
use super::common::random::{Events, nested};
use super::common::translations::{Translated, of_file, sources, view};
use super::engine::Engine;

/// Events for each query.
const EVENTS: usize = if cfg!(debug_assertions) { 8 } else { 30 };

/// One query with events.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) rule: String,
    pub(super) text: String,
    /// What we say that the text means.
    pub(super) expr: Expr,
    /// The fields that it asks for, each with the type that its index must give it.
    pub(super) fields: BTreeMap<String, &'static str>,
    pub(super) events: Vec<Value>,
}

impl Question {
    pub(super) fn shown(&self) -> String {
        format!("{}\n    {:.600}", self.rule, self.text)
    }
}

/// All questions to an engine; of a corpus that is not there, none, which is said aloud.
pub(super) fn questions(engine: &Engine) -> Vec<Question> {
    let pack = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let read =
        |path: &PathBuf| SourceFile::read(path, &path.display().to_string()).expect("readable");
    let mut rules: Vec<(Arc<SourceFile>, &str)> =
        files(&pack, "yml").iter().map(|path| (read(path), "sigma")).collect();
    for (folder, extension, form) in
        [("sigma", "yml", "sigma"), ("elastic", "toml", "elastic-toml")]
    {
        let sources = sources(folder, extension).unwrap_or_default();
        rules.extend(sources.into_iter().map(|source| (source, form)));
    }
    let chosen: Vec<_> = rules.into_iter().step_by(engine.every).collect();
    chosen.par_iter().flat_map_iter(|(source, form)| of_source(source, form, engine)).collect()
}

fn of_source(source: &Arc<SourceFile>, form: &str, engine: &Engine) -> Vec<Question> {
    let to = registry::by_name(engine.language).expect("a language");
    let mut questions = Vec::new();
    for translated in of_file(source, form, to) {
        let Translated::Pair(pair) = translated else { continue };
        let [text] = pair.texts.as_slice() else { continue };
        let expr = pair.right.expr;
        let schema = pair.left.vocabulary.or_carried(view(to), &[&pair.left.expr]);
        let known = schema.schema(view(to), &[&pair.left.expr]);
        let fields = types(&expr, &*known, &pair.assumptions);
        let mut events = Events::around(&expr, &(), &pair.rule, engine.shapes);
        let events = (0..EVENTS).filter_map(|_| shaped(events.next(), &fields, engine)).collect();
        questions.push(Question { rule: pair.rule, text: text.clone(), expr, fields, events });
    }
    questions
}

/// The types that a query takes its fields for.
fn types(
    expr: &Expr,
    schema: &dyn Schema,
    assumptions: &[Assumption],
) -> BTreeMap<String, &'static str> {
    let mut types = BTreeMap::new();
    for test in expr.tests() {
        let Some(field) = test.path() else { continue };
        let facts = schema.facts(field);
        let is_taken = assumptions
            .iter()
            .any(|own| own.code == "field-type" && own.field.as_ref() == Some(field));
        let taken = facts.taken_for.filter(|_| is_taken && facts.kind == FieldType::Keyword);
        let kind = match (&test.op, taken.unwrap_or(facts.kind)) {
            (Op::Compare { .. }, _) | (_, FieldType::Number) => "number",
            (Op::Cidr(_), _) | (_, FieldType::Ip) => "ip",
            (_, FieldType::Boolean) => "boolean",
            (_, FieldType::Text) => "analysed",
            _ => "text",
        };
        let known = types.entry(field.as_str().to_owned()).or_insert(kind);
        if *known == "text" {
            *known = kind;
        }
        if let Op::Field { other, .. } = &test.op {
            types.entry(other.as_str().to_owned()).or_insert("text");
        }
    }
    types
}

/// The event as an index holds it in which fields have types: a text in a field of numbers is none.
fn shaped(event: Value, fields: &BTreeMap<String, &str>, engine: &Engine) -> Option<Value> {
    let mut typed = Map::new();
    for (name, value) in event.as_object()? {
        let kind = fields.get(name).copied().unwrap_or("text");
        let value = match value {
            Value::Array(items) => {
                let items = items.iter().filter_map(|item| of_type(item, kind)).collect();
                Some(Value::Array(items)).filter(|list| *list != json!([]))
            }
            scalar => of_type(scalar, kind),
        };
        typed.extend(value.map(|value| (name.clone(), value)));
    }
    let event = Value::Object(typed);
    if engine.nested { nested(&event) } else { Some(event) }
}

fn of_type(value: &Value, kind: &str) -> Option<Value> {
    if value.is_null() {
        return Some(Value::Null);
    }
    let text = text_of(value)?;
    match kind {
        "number" => Number::of(value).map(|number| {
            // INVARIANT: whole numbers below 2^53 are exact.
            let whole = number.get().fract() == 0.0 && number.get().abs() < 9e15;
            if whole { json!(number.get() as i64) } else { json!(number.get()) }
        }),
        "boolean" => text.parse::<bool>().ok().map(Value::Bool),
        "ip" => text.parse::<std::net::IpAddr>().ok().map(|address| json!(address.to_string())),
        _ => Some(json!(text)),
    }
}
