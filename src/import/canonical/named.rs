//! Several detections in one, their selections under names of their own.

use serde_json::{Map, Value as Json};

use super::readable::rename;
use crate::language::sigma::{Detection, print};

/// Selections of several queries, and the condition of each query over them.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Selections by name, in the order of the queries.
    pub(super) selections: Map<String, Json>,
    /// The condition of each query, in Sigma's words.
    pub(super) conditions: Vec<String>,
}

impl Named {
    /// The only detection of a rule, as it is.
    pub(super) fn only(detection: &Detection) -> Self {
        let mut selections = Map::new();
        for (name, content) in written(detection) {
            selections.insert(name, content);
        }
        let conditions = detection.conditions.iter().map(|one| print::condition(&one.value));
        Self { selections, conditions: vec![conditions.collect::<Vec<_>>().join(" or ")] }
    }

    /// Adds the detection of one query. Its selections take the query's name; what another query
    /// has said already is not said again.
    pub(super) fn add(&mut self, query: &str, detection: &Detection) {
        let mut names = Map::new();
        for (name, content) in written(detection) {
            let known = self.selections.iter().find(|(_, own)| **own == content);
            let new = match known {
                Some((known, _)) => known.clone(),
                None => {
                    let new = self.free(&renamed(&name, query));
                    self.selections.insert(new.clone(), content);
                    new
                }
            };
            names.insert(name, Json::String(new));
        }
        let conditions = detection.conditions.iter().map(|condition| {
            let mut condition = condition.value.clone();
            rename(&mut condition, &|name| {
                if let Some(new) = names.get(&name.value).and_then(Json::as_str) {
                    name.value = new.to_owned();
                }
            });
            print::condition(&condition)
        });
        self.conditions.push(conditions.collect::<Vec<_>>().join(" or "));
    }

    /// The section `detection` of a rule that matches what any query matches.
    pub(super) fn section(&self) -> Map<String, Json> {
        let mut section = self.selections.clone();
        let mut conditions = self.conditions.clone();
        conditions.dedup();
        let alone = conditions.len() == 1;
        let enclosed = |text: &String| match !alone && text.contains(' ') {
            true => format!("({text})"),
            false => text.clone(),
        };
        let condition = conditions.iter().map(enclosed).collect::<Vec<_>>().join(" or ");
        section.insert("condition".to_owned(), Json::String(condition));
        section
    }

    fn free(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| !self.selections.contains_key(candidate));
        free.unwrap_or_else(|| name.to_owned())
    }
}

/// Names and contents of the selections.
fn written(detection: &Detection) -> Vec<(String, Json)> {
    let all = print::detection(detection);
    let content = |name: &str| all.get(name).cloned().unwrap_or_default();
    detection.selections.iter().map(|(name, _)| (name.value.clone(), content(name))).collect()
}

/// `selection_mode` of the query `created` is `created_mode`; a filter stays a filter.
fn renamed(name: &str, query: &str) -> String {
    match name.strip_prefix("selection") {
        Some(rest) => format!("{query}{rest}"),
        None => name.to_owned(),
    }
}

/// A name of a query as a name of a selection: a word that no condition takes for something else.
pub(super) fn word(name: &str) -> String {
    let letters =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let letters: String = letters.collect();
    let word = letters.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let reserved = ["and", "or", "not", "of", "all", "them", "condition", "timeframe", "filter"];
    if reserved.contains(&&*word) || !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("query_{word}").trim_end_matches('_').to_owned()
    } else {
        word
    }
}
