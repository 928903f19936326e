//! Which events a rule is about.

use std::fmt;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::fields::Catalog;
use crate::source::Span;

/// Where events come from. At least one of the first three is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Logsource {
    /// Kind of event, such as `process_creation`.
    pub category: Option<String>,
    /// Product, such as `aws`.
    pub product: Option<String>,
    /// Service of the product, such as `cloudtrail`.
    pub service: Option<String>,
    /// In words: what must be switched on.
    pub definition: Option<String>,
    /// Further keys, as Sigma allows.
    #[serde(flatten)]
    pub custom: IndexMap<String, Json>,
    /// Where it stands in the file.
    #[serde(skip)]
    pub span: Span,
}

impl Logsource {
    /// Product, service and category.
    pub fn parts(&self) -> [Option<&str>; 3] {
        [&self.product, &self.service, &self.category].map(|part| part.as_deref())
    }

    /// The field catalogue of these events, if there is one.
    pub fn catalog(&self) -> Option<&'static Catalog> {
        let [product, service, category] = self.parts();
        Catalog::for_logsource(product, service, category)
    }

    /// Whether every event of this log source is one of the other, wider one: a key that the
    /// other leaves out is not compared.
    pub fn is_within(&self, wider: &Logsource) -> bool {
        let pairs = [
            (&self.category, &wider.category),
            (&self.product, &wider.product),
            (&self.service, &wider.service),
        ];
        pairs.into_iter().all(|(own, wider)| wider.is_none() || own == wider)
    }
}

/// `aws/cloudtrail`, `windows/process_creation`.
impl fmt::Display for Logsource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.product, &self.category, &self.service];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        f.write_str(&parts.join("/"))
    }
}
