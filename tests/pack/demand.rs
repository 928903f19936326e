//! What the benchmark demands, as trees over raw fields, read and evaluated here without
//! Crosswalk's own algebra: a mistake there cannot confirm itself.

use serde::Deserialize;
use serde_json::Value;

/// One control in one version.
#[derive(Debug, Deserialize)]
pub(crate) struct Control {
    pub version: String,
    pub slug: String,
    /// The evident purpose: service pinned, operators repaired.
    pub intent: Tree,
    /// Further forms that the control publishes.
    pub variants: Vec<Form>,
}

/// Another published form of a demand.
#[derive(Debug, Deserialize)]
pub(crate) struct Form {
    pub filter: Tree,
}

/// A demand.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Tree {
    All { all: Vec<Tree> },
    Any { any: Vec<Tree> },
    Leaf(Leaf),
}

/// A condition on one raw field.
#[derive(Debug, Deserialize)]
pub(crate) struct Leaf {
    pub field: String,
    #[serde(flatten)]
    pub test: Test,
}

/// How a field is tested. `Ne` and `NotExists` hold on events that lack the field: the wider
/// reading, since AWS does not say what a filter's `!=` means there.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(crate) enum Test {
    Eq { value: String },
    Ne { value: String },
    In { values: Vec<String> },
    Wildcard { value: String },
    NotExists,
}

impl Tree {
    /// Whether the event is demanded.
    pub(crate) fn holds(&self, event: &Value) -> bool {
        match self {
            Tree::All { all } => all.iter().all(|tree| tree.holds(event)),
            Tree::Any { any } => any.iter().any(|tree| tree.holds(event)),
            Tree::Leaf(leaf) => leaf.holds(event),
        }
    }

    /// Every condition of the tree.
    pub(crate) fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Tree::All { all: trees } | Tree::Any { any: trees } => {
                trees.iter().flat_map(Tree::leaves).collect()
            }
            Tree::Leaf(leaf) => vec![leaf],
        }
    }
}

impl Leaf {
    fn holds(&self, event: &Value) -> bool {
        let found = text_at(event, &self.field);
        match &self.test {
            Test::Eq { value } => found == Some(value),
            Test::Ne { value } => found != Some(value),
            Test::In { values } => found.is_some_and(|text| values.iter().any(|v| v == text)),
            Test::Wildcard { value } => found.is_some_and(|text| matches(value, text)),
            Test::NotExists => found.is_none(),
        }
    }
}

/// The text at a path. All fields of the demands are single-valued texts outside arrays.
fn text_at<'e>(event: &'e Value, path: &str) -> Option<&'e str> {
    path.split('.').try_fold(event, |value, step| value.get(step))?.as_str()
}

/// A pattern with one star, at its start or at its end.
fn matches(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        _ => panic!("not a pattern of the benchmark: {pattern}"),
    }
}
