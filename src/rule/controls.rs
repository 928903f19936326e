//! Control frameworks: which control numbers exist in which version (`catalog/controls`).

use std::fmt;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// One framework with all its versions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// For example `cis-aws-foundations`.
    pub framework: String,
    /// Its full title.
    pub title: String,
    /// What the table holds and leaves out.
    pub note: String,
    /// How Datadog's tags call the framework.
    pub datadog_handle: String,
    /// How Datadog's tags call the part of the framework that the table holds.
    pub requirement: String,
    /// Versions from the oldest to the newest.
    pub versions: Vec<String>,
    /// What the controls are about, version by version.
    #[serde(rename = "subject")]
    pub subjects: Vec<Subject>,
}

/// What a control is about; keeps its identity when the number changes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Stable short name.
    pub slug: String,
    /// In our own words.
    pub title: String,
    /// Values of `eventSource` that it is about; empty means any.
    pub services: Vec<String>,
    /// Where the row comes from.
    pub source: String,
    /// Version → control.
    pub control: IndexMap<String, Control>,
}

/// The control of one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Text, never a number.
    pub number: String,
    /// Profile level.
    pub level: u8,
    /// `scored`, `automated` or `manual`.
    pub assessment: String,
}

static FRAMEWORKS: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    let tables = [include_str!("../../catalog/controls/cis-aws-foundations.toml")];
    // INVARIANT: the tables are compiled in, and a test reads them.
    tables.into_iter().filter_map(|table| toml::from_str(table).ok()).collect()
});

/// Every shipped framework.
pub fn frameworks() -> &'static [Framework] {
    &FRAMEWORKS
}

/// The framework of an id.
pub fn framework(id: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|framework| framework.framework == id)
}

impl Framework {
    /// The subject of a control number in one version.
    pub fn subject(&self, version: &str, number: &str) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|subject| subject.control.get(version).is_some_and(|c| c.number == number))
    }

    /// Position of a version among all, oldest first.
    pub fn age(&self, version: &str) -> Option<usize> {
        self.versions.iter().position(|own| own == version)
    }
}

/// `framework@version/number`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlRef {
    /// For example `cis-aws-foundations`.
    pub framework: String,
    /// For example `6.0.0`.
    pub version: String,
    /// For example `4.10`: text, never a number.
    pub number: String,
}

impl ControlRef {
    /// Reads `framework@version/number`.
    pub fn parse(text: &str) -> Option<Self> {
        let (framework, rest) = text.split_once('@')?;
        let (version, number) = rest.split_once('/')?;
        let word = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')'))
        };
        (word(framework) && word(version) && word(number)).then(|| Self {
            framework: framework.to_owned(),
            version: version.to_owned(),
            number: number.to_owned(),
        })
    }
}

impl ControlRef {
    /// The control of the same framework with another version and number.
    pub fn with(&self, version: &str, number: &str) -> Self {
        let (version, number) = (version.to_owned(), number.to_owned());
        Self { framework: self.framework.clone(), version, number }
    }
}

impl fmt::Display for ControlRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}/{}", self.framework, self.version, self.number)
    }
}

impl Serialize for ControlRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ControlRef {
    /// The framework and the subject that the reference names, if both exist.
    pub fn resolve(&self) -> Option<(&'static Framework, &'static Subject)> {
        let framework = framework(&self.framework)?;
        Some((framework, framework.subject(&self.version, &self.number)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_are_read() {
        assert_eq!(frameworks().len(), 1);
        let cis = framework("cis-aws-foundations").expect("shipped");
        assert_eq!((cis.versions.len(), cis.subjects.len()), (11, 15));
        let security_groups = |version, number| {
            cis.subject(version, number).is_some_and(|s| s.slug == "security-group-changes")
        };
        assert!(security_groups("1.2.0", "3.10"));
        assert!(security_groups("5.0.0", "4.10"));
        assert!(security_groups("6.0.0", "5.10"));
        assert!(!security_groups("6.0.0", "4.10"));
    }
}
