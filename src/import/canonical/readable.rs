//! A computed detection in the form that rule authors give theirs.
//!
//! What is said: alternatives with one key stand in one list, whole numbers are numbers, and each
//! selection has a name that says what it is about, by SigmaHQ's conventions (`selection_…`,
//! `filter_main_…`, `all of selection_*`). What is meant stays; whoever calls this checks that.

use std::collections::BTreeMap;

use crate::language::sigma::ast::NamePattern;
use crate::language::sigma::{Condition, Detection, Item, Quantifier, Selection, Value, print};
use crate::query::{FieldPath, FieldType, Part, Pattern, Schema};
use crate::source::{Span, Spanned};

/// Longest part of a name that is taken from a field or a value.
const MAX_HINT: usize = 24;

/// Last parts of fields that say little without the part before them.
const VAGUE: &[&str] = &[
    "action",
    "address",
    "args",
    "arn",
    "category",
    "code",
    "command_line",
    "data",
    "dataset",
    "domain",
    "executable",
    "extension",
    "full",
    "hash",
    "id",
    "ip",
    "is",
    "key",
    "kind",
    "name",
    "original",
    "outcome",
    "path",
    "port",
    "provider",
    "result",
    "role",
    "status",
    "strings",
    "text",
    "title",
    "type",
    "value",
    "version",
];

/// The prefixes of names: of what is looked for, and of what is left out.
const POSITIVE: &str = "selection";
const FILTER: &str = "filter";
const SEVERAL_FILTERS: &str = "filter_main";

/// The detection as a person would have written it.
pub(super) fn readable(mut detection: Detection, schema: &dyn Schema) -> Detection {
    for (_, selection) in &mut detection.selections {
        let own = std::mem::replace(selection, Selection::Any(Vec::new()));
        *selection = gathered(own, schema);
    }
    name(&mut detection);
    detection
}

/// Lets the conditions speak of all selections of a kind at once.
pub(super) fn shorten(detection: &mut Detection) {
    let whole = detection.clone();
    for condition in &mut detection.conditions {
        condition.value = shortened(&condition.value, &whole);
    }
}

/// Alternatives of one key as one list; numbers as numbers.
fn gathered(selection: Selection, schema: &dyn Schema) -> Selection {
    match selection {
        Selection::All(items) => {
            Selection::All(items.into_iter().map(|item| numeric(item, schema)).collect())
        }
        Selection::Any(members) => {
            let mut groups: Vec<Selection> = Vec::new();
            for member in members.into_iter().map(|member| gathered(member, schema)) {
                match mergeable(&member).map(print::key) {
                    Some(key) => add(&mut groups, &key, member),
                    None => groups.push(member),
                }
            }
            match groups.len() {
                1 => groups.swap_remove(0),
                _ => Selection::Any(groups),
            }
        }
    }
}

/// The only item of an alternative, if its values can stand in a list with others.
fn mergeable(selection: &Selection) -> Option<&Item> {
    let Selection::All(items) = selection else { return None };
    let [item] = items.as_slice() else { return None };
    let listed =
        |name: &str| ["cased", "contains", "startswith", "endswith", "cidr", "re"].contains(&name);
    let plain = item.modifiers.iter().all(|modifier| listed(modifier.value.name()));
    let values = item.values.iter().all(|v| matches!(v.value, Value::Text(_) | Value::Number(_)));
    (item.field.is_some() && plain && values).then_some(item)
}

fn add(groups: &mut Vec<Selection>, key: &str, member: Selection) {
    let same = |group: &&mut Selection| mergeable(group).map(print::key).as_deref() == Some(key);
    match (groups.iter_mut().find(same), member) {
        (Some(Selection::All(own)), Selection::All(new)) => {
            if let (Some(own), Some(new)) = (own.first_mut(), new.into_iter().next()) {
                own.values.extend(new.values);
                own.list = true;
            }
        }
        (_, member) => groups.push(member),
    }
}

/// Whole numbers without quotes in fields of numbers: values are compared by their text.
fn numeric(mut item: Item, schema: &dyn Schema) -> Item {
    let field = item.field.as_ref().map(|field| FieldPath::new(field.as_str()));
    let counts = field.is_some_and(|field| schema.facts(&field).kind == FieldType::Number);
    if counts && item.modifiers.is_empty() {
        for value in &mut item.values {
            let whole = match &value.value {
                Value::Text(text) => text.parse::<i64>().is_ok_and(|n| n.to_string() == *text),
                _ => false,
            };
            if let (true, Value::Text(text)) = (whole, &value.value) {
                value.value = Value::Number(text.clone());
            }
        }
    }
    item
}

/// Gives the selections names of their own, wherever there are several of a kind.
fn name(detection: &mut Detection) {
    let is_filter = |name: &str| name.starts_with(FILTER);
    let filters = detection.selections.iter().filter(|(name, _)| is_filter(name)).count();
    let positives = detection.selections.len() - filters;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (old, selection) in &detection.selections {
        let prefix = match (is_filter(old), positives, filters) {
            (false, 1, _) => POSITIVE.to_owned(),
            (true, _, 1) => FILTER.to_owned(),
            (false, ..) => format!("{POSITIVE}_{}", hint(selection)),
            (true, ..) => format!("{SEVERAL_FILTERS}_{}", hint(selection)),
        };
        let numbered = (2..).map(|number| format!("{prefix}_{number}"));
        let mut candidates = std::iter::once(prefix.clone()).chain(numbered);
        let free = candidates.find(|name| !names.values().any(|taken| taken == name));
        names.insert(old.value.clone(), free.unwrap_or(prefix));
    }
    let new = |old: &mut Spanned<String>| {
        if let Some(name) = names.get(&old.value) {
            old.value.clone_from(name);
        }
    };
    detection.selections.iter_mut().for_each(|(name, _)| new(name));
    for condition in &mut detection.conditions {
        rename(&mut condition.value, &new);
    }
}

/// Renames every selection of a condition.
pub(super) fn rename(condition: &mut Condition, new: &impl Fn(&mut Spanned<String>)) {
    match condition {
        Condition::Name(name) => new(name),
        Condition::Of(..) => {}
        Condition::Not(inner) => rename(inner, new),
        Condition::And(members) | Condition::Or(members) => {
            members.iter_mut().for_each(|member| rename(member, new));
        }
    }
}

/// What a selection is about, in a word or two: the one thing that it names, else its field.
fn hint(selection: &Selection) -> String {
    let items = items(selection);
    let fields: Vec<&str> =
        items.iter().filter_map(|item| item.field.as_ref()).map(|field| field.as_str()).collect();
    let one = fields.first().filter(|first| fields.iter().all(|field| field == *first));
    let value = || match selection {
        Selection::All(_) => items.iter().find_map(|item| telling(item)),
        // Each alternative names something else.
        Selection::Any(_) => None,
    };
    let word = match one {
        Some(field) => field_word(field),
        None => value().or_else(|| fields.first().map(|f| field_word(f))).unwrap_or_default(),
    };
    if word.is_empty() { "keywords".to_owned() } else { word }
}

fn items(selection: &Selection) -> Vec<&Item> {
    match selection {
        Selection::All(items) => items.iter().collect(),
        Selection::Any(members) => members.iter().flat_map(items).collect(),
    }
}

/// The only value of an item, if it is a short word.
fn telling(item: &Item) -> Option<String> {
    let [value] = item.values.as_slice() else { return None };
    let Value::Text(text) = &value.value else { return None };
    let word = word(text);
    let good = word.len() >= 2 && word.len() <= MAX_HINT && !["true", "false"].contains(&&*word);
    (good && !text.contains(['/', '\\', '*', '?', ' '])).then_some(word)
}

/// `process.parent.executable` as `parent_executable`, `userIdentity.arn` as `useridentity_arn`.
fn field_word(field: &str) -> String {
    let parts: Vec<String> = field.split('.').map(word).filter(|part| !part.is_empty()).collect();
    let last = parts.last().cloned().unwrap_or_default();
    let before = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    match before {
        Some(before) if VAGUE.contains(&last.as_str()) => format!("{before}_{last}"),
        _ => last,
    }
}

/// A text as a part of a name.
fn word(text: &str) -> String {
    let letters =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let letters: String = letters.collect();
    letters.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// `all of selection_*` for all selections, `1 of …` for any of them, where a condition names them
/// one by one.
fn shortened(condition: &Condition, detection: &Detection) -> Condition {
    match condition {
        Condition::And(members) => {
            let members = together(members, POSITIVE, Quantifier::All, detection, &bare);
            let members = together(&members, SEVERAL_FILTERS, Quantifier::One, detection, &negated);
            junction(members, Condition::And)
        }
        Condition::Or(members) => {
            junction(together(members, POSITIVE, Quantifier::One, detection, &bare), Condition::Or)
        }
        Condition::Not(inner) => match &**inner {
            Condition::Or(members) => {
                let inner = together(members, SEVERAL_FILTERS, Quantifier::One, detection, &bare);
                Condition::Not(Box::new(junction(inner, Condition::Or)))
            }
            _ => condition.clone(),
        },
        other => other.clone(),
    }
}

fn junction(mut members: Vec<Condition>, of: fn(Vec<Condition>) -> Condition) -> Condition {
    if members.len() == 1 { members.swap_remove(0) } else { of(members) }
}

/// The selection of a member that is nothing but its name.
fn bare(member: &Condition) -> Option<&str> {
    match member {
        Condition::Name(name) => Some(name.as_str()),
        _ => None,
    }
}

/// The selection of a member that only negates it.
fn negated(member: &Condition) -> Option<&str> {
    match member {
        Condition::Not(inner) => bare(inner),
        _ => None,
    }
}

/// The members with one quantifier for those that name the selections of a prefix, if they are all
/// there and several. It stands where the first of them stood.
fn together(
    members: &[Condition],
    prefix: &str,
    quantifier: Quantifier,
    detection: &Detection,
    named: &dyn Fn(&Condition) -> Option<&str>,
) -> Vec<Condition> {
    let start = format!("{prefix}_");
    let mine = |member: &&Condition| named(member).is_some_and(|name| name.starts_with(&start));
    let selections = detection.selections.iter().filter(|(name, _)| name.starts_with(&start));
    let wanted: Vec<&str> = selections.map(|(name, _)| name.as_str()).collect();
    let found: Vec<&str> = members.iter().filter(mine).filter_map(named).collect();
    if wanted.len() < 2 || found.len() != wanted.len() || !wanted.iter().all(|w| found.contains(w))
    {
        return members.to_vec();
    }
    let pattern: Pattern = [Part::Literal(start.clone()), Part::Any].into_iter().collect();
    let pattern = Spanned::new(NamePattern::Glob(pattern), Span::default());
    let of = Condition::Of(quantifier, pattern);
    let negates = members.iter().find(mine).is_some_and(|member| bare(member).is_none());
    let mut one = Some(if negates { Condition::Not(Box::new(of)) } else { of });
    let keep = |member: &Condition| match mine(&member) {
        true => one.take(),
        false => Some(member.clone()),
    };
    members.iter().filter_map(keep).collect()
}
