//! What a control demands of a log, in words that can be decided: expressions over the fields of
//! the record.

use std::fmt;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::query::Expr;

/// The demand of one subject in a range of versions.
#[derive(Clone, Debug, Serialize)]
pub struct Demand {
    /// The first version.
    pub from: String,
    /// The last version.
    pub to: String,
    /// Where the events are, and which of them count.
    pub expects: Expects,
    /// Which events the control evidently asks for: service pinned, operators repaired.
    pub intent: Expr,
    /// Which events the published text asks for, letter by letter.
    pub literal: Expr,
    /// Further forms that the control publishes beside the first.
    pub variants: Vec<Variant>,
    /// Names of the framework's sources that the demand was read in.
    pub sources: Vec<String>,
    /// Names in the demand that other services use too, and which.
    pub shared: IndexMap<String, Vec<String>>,
}

/// Another form of a demand.
#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    /// Short name.
    pub name: String,
    /// For whom it is.
    pub title: String,
    /// Which events it asks for.
    pub expr: Expr,
}

/// What surrounds a demand.
#[derive(Clone, Debug, Serialize)]
pub struct Expects {
    /// The log.
    pub log: Log,
    /// `any`, `success` or `failure`: which outcomes the demand includes.
    pub outcome: String,
}

/// The words for outcomes.
pub(super) const OUTCOMES: [&str; 3] = ["any", "success", "failure"];

/// A log, as Sigma's log source names it: `aws/cloudtrail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Such as `aws`.
    pub product: String,
    /// Such as `cloudtrail`.
    pub service: Option<String>,
}

impl Log {
    /// Reads `product/service` or `product`.
    pub fn parse(text: &str) -> Option<Self> {
        let (product, service) = match text.split_once('/') {
            Some((product, service)) => (product, Some(service)),
            None => (text, None),
        };
        let word = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
        };
        (word(product) && service.is_none_or(word))
            .then(|| Self { product: product.to_owned(), service: service.map(str::to_owned) })
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.product)?;
        self.service.iter().try_for_each(|service| write!(f, "/{service}"))
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where the published copies of a control contradict each other, or a checker its text.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    /// What kind of contradiction, such as `typo` or `checker-vs-text`.
    pub kind: String,
    /// The first version.
    pub from: String,
    /// The last version.
    pub to: String,
    /// In our own words.
    pub note: String,
}

/// Where rows were read.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The commit or release that was read.
    pub revision: String,
    /// When that was made, where it is known.
    pub date: Option<String>,
    /// Where it is.
    pub url: Option<String>,
}
