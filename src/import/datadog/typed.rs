//! A tree as a body of the API: names and types by the table of fields.
//!
//! Nothing is lost: a field that no row knows, or whose value is of another type, is kept as it is
//! written; only the second case is a fault that is worth a finding.

use serde_json::{Map, Number, Value as Json};

use super::fields::{Field, Kind};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::import::tree::{Data, Member, Node};

/// What becomes of a value of the wrong type.
pub(super) const KEPT: &str = "it is kept as it is written";

/// Whose names and habits a tree has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// The API's. `0` and `1` count as booleans: exports by way of Terraform state hold them.
    Api,
    /// Terraform's: objects repeat as blocks, and texts hold numbers and booleans, as Terraform
    /// converts between them itself.
    Terraform,
}

/// Reads the entries of one level.
pub(super) fn object(
    members: &[Member],
    fields: &'static [Field],
    names: Names,
    findings: &mut Findings,
) -> Map<String, Json> {
    let mut map = Map::new();
    for member in members {
        match row(fields, &member.key.value, names) {
            Some(field) => put(&mut map, field, member, names, findings),
            None => {
                if names == Names::Terraform {
                    let message = format!("the provider has no argument `{}` here", *member.key);
                    findings.add(&codes::IMPORT_FIELD, member.key.span, message);
                }
                map.insert(member.key.value.clone(), member.value.to_json());
            }
        }
    }
    map
}

fn row(fields: &'static [Field], key: &str, names: Names) -> Option<&'static Field> {
    fields.iter().find(|field| match names {
        Names::Api => field.api == key,
        Names::Terraform => field.terraform == Some(key),
    })
}

fn put(
    map: &mut Map<String, Json>,
    field: &'static Field,
    member: &Member,
    names: Names,
    findings: &mut Findings,
) {
    let blocks = names == Names::Terraform && field.kind.is_block();
    if let (true, Kind::Many(fields), Data::List(_) | Data::Object(_)) =
        (blocks, field.kind, &member.value.data)
    {
        let more = objects(&member.value, fields, findings);
        let list = map.entry(field.api).or_insert_with(|| Json::Array(Vec::new()));
        if let Json::Array(list) = list {
            list.extend(more);
        }
        return;
    }
    if map.contains_key(field.api) {
        let message = format!("`{}` stands here twice; the first is kept", *member.key);
        findings.add(&codes::IMPORT_FIELD, member.key.span, message);
        return;
    }
    match value(&member.value, field.kind, names, findings) {
        Ok(None) => {}
        Ok(Some(value)) => {
            map.insert(field.api.to_owned(), value);
        }
        Err(expected) => {
            let noun = member.value.noun();
            let message = format!("`{}` must be {expected}, not {noun}", *member.key);
            findings.add(&codes::IMPORT_FIELD, member.value.span, message).help(KEPT);
            map.insert(field.api.to_owned(), member.value.to_json());
        }
    }
}

/// The objects of repeated blocks: in HCL one each, in Terraform's JSON one or a list.
fn objects(node: &Node, fields: &'static [Field], findings: &mut Findings) -> Vec<Json> {
    let items = node.items().unwrap_or(std::slice::from_ref(node));
    let item = |item: &Node| match item.members() {
        Some(members) => Json::Object(object(members, fields, Names::Terraform, findings)),
        None => {
            let message = format!("a block must be an object, not {}", item.noun());
            findings.add(&codes::IMPORT_FIELD, item.span, message);
            item.to_json()
        }
    };
    items.iter().map(item).collect()
}

/// The value of a field; `None` for a text of Terraform that says nothing; what it must be if it
/// is of another type. Every field may be null.
fn value(
    node: &Node,
    kind: Kind,
    names: Names,
    findings: &mut Findings,
) -> Result<Option<Json>, &'static str> {
    let terraform = names == Names::Terraform;
    let found = match (kind, &node.data) {
        (_, Data::Null) => Some(Json::Null),
        (Kind::NumberAsText, Data::Text(text)) if terraform && text.value.is_empty() => {
            return Ok(None);
        }
        (Kind::Text, data) => scalar_text(data, terraform).map(Json::String),
        (Kind::Number | Kind::NumberAsText, data) => number(data, terraform).map(Json::Number),
        (Kind::Bool, data) => boolean(data, terraform).map(Json::Bool),
        (Kind::Texts, Data::List(items)) => {
            let texts = items.iter().map(|item| scalar_text(&item.data, terraform));
            texts.map(|text| text.map(Json::String)).collect::<Option<Vec<_>>>().map(Json::Array)
        }
        (Kind::One(fields), Data::Object(members)) => {
            Some(Json::Object(object(members, fields, names, findings)))
        }
        // A block of Terraform's JSON may stand in a list.
        (Kind::One(fields), Data::List(items)) if terraform => match &items[..] {
            [Node { data: Data::Object(members), .. }] => {
                Some(Json::Object(object(members, fields, names, findings)))
            }
            _ => None,
        },
        (Kind::Many(fields), Data::List(items)) => {
            let item = |item: &Node| {
                let members = item.members()?;
                Some(Json::Object(object(members, fields, names, findings)))
            };
            items.iter().map(item).collect::<Option<Vec<_>>>().map(Json::Array)
        }
        _ => None,
    };
    found.map(Some).ok_or(expected(kind))
}

fn scalar_text(data: &Data, convert: bool) -> Option<String> {
    match data {
        Data::Text(text) => Some(text.value.clone()),
        Data::Number(number) if convert => Some(number.to_string()),
        Data::Bool(value) if convert => Some(value.to_string()),
        _ => None,
    }
}

fn number(data: &Data, convert: bool) -> Option<Number> {
    match data {
        Data::Number(number) => Some(number.clone()),
        Data::Text(text) if convert => serde_json::from_str(&text.value).ok(),
        _ => None,
    }
}

fn boolean(data: &Data, convert: bool) -> Option<bool> {
    match data {
        Data::Bool(value) => Some(*value),
        Data::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Data::Text(text) if convert => text.value.parse().ok(),
        _ => None,
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number | Kind::NumberAsText => "a number",
        Kind::Bool => "a boolean",
        Kind::Texts => "a list of texts",
        Kind::One(_) => "an object",
        Kind::Many(_) => "a list of objects",
    }
}
