//! Several detections in one, their selections under names of their own.

use serde_json::{Map, Value as Json};

use crate::language::sigma::{Condition, Detection, print};

/// Selections of several queries, and the condition of each query over them.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Selections by name, in the order of the queries.
    pub(super) selections: Map<String, Json>,
    /// The condition of each query, in Sigma's words.
    pub(super) conditions: Vec<String>,
}

impl Named {
    /// Adds the detection of one query. Its first selection takes the query's name; what another
    /// query has said already is not said again.
    pub(super) fn add(&mut self, query: &str, detection: &Detection) {
        let written = print::detection(detection);
        let mut names = Map::new();
        for (name, _) in &detection.selections {
            let content = written.get(&name.value).cloned().unwrap_or_default();
            let known = self.selections.iter().find(|(_, own)| **own == content);
            let new = match known {
                Some((known, _)) => known.clone(),
                None => {
                    let new = self.free(&rename(&name.value, query));
                    self.selections.insert(new.clone(), content);
                    new
                }
            };
            names.insert(name.value.clone(), Json::String(new));
        }
        let conditions = detection.conditions.iter().map(|condition| {
            let mut condition = condition.value.clone();
            renamed(&mut condition, &names);
            print::condition(&condition)
        });
        self.conditions.push(conditions.collect::<Vec<_>>().join(" or "));
    }

    fn free(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| !self.selections.contains_key(candidate));
        free.unwrap_or_else(|| name.to_owned())
    }
}

/// `selection_2` of the query `created` is `created_2`; a filter stays a filter.
fn rename(name: &str, query: &str) -> String {
    match name.strip_prefix("selection") {
        Some(rest) => format!("{query}{rest}"),
        None => name.to_owned(),
    }
}

fn renamed(condition: &mut Condition, names: &Map<String, Json>) {
    match condition {
        Condition::Name(name) => {
            if let Some(new) = names.get(&name.value).and_then(Json::as_str) {
                name.value = new.to_owned();
            }
        }
        Condition::Of(..) => {}
        Condition::Not(inner) => renamed(inner, names),
        Condition::And(members) | Condition::Or(members) => {
            members.iter_mut().for_each(|member| renamed(member, names));
        }
    }
}

/// A name of a query as a name of a selection: a word that no condition takes for something else.
pub(super) fn word(name: &str) -> String {
    let letters =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let word: String = letters.collect();
    let word = word.trim_matches('_');
    let reserved = ["and", "or", "not", "of", "all", "them", "condition", "timeframe", ""];
    if reserved.contains(&word) || !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("query_{word}")
    } else {
        word.to_owned()
    }
}
