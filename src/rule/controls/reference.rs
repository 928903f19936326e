//! `framework@version/number`: how a rule names a control.

use std::fmt;

use serde::Serialize;

use super::{Framework, Subject, framework};

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

/// Whether a text can stand in a reference.
pub(super) fn is_word(part: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')');
    !part.is_empty() && part.chars().all(allowed)
}

impl ControlRef {
    /// Reads `framework@version/number`.
    pub fn parse(text: &str) -> Option<Self> {
        let (framework, rest) = text.split_once('@')?;
        let (version, number) = rest.split_once('/')?;
        (is_word(framework) && is_word(version) && is_word(number)).then(|| Self {
            framework: framework.to_owned(),
            version: version.to_owned(),
            number: number.to_owned(),
        })
    }

    /// The control of the same framework with another version and number.
    pub fn with(&self, version: &str, number: &str) -> Self {
        let (version, number) = (version.to_owned(), number.to_owned());
        Self { framework: self.framework.clone(), version, number }
    }

    /// The framework and the subject that the reference names, if both exist.
    pub fn resolve(&self) -> Option<(&'static Framework, &'static Subject)> {
        let framework = framework(&self.framework)?;
        Some((framework, framework.subject(&self.version, &self.number)?))
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
