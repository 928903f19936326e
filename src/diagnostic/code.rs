//! Stable names for every kind of finding, each with its explanation.

use std::fmt;

use serde::{Serialize, Serializer};

/// How bad a finding is. Errors decide the exit code; warnings do so under `--strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule cannot be used as it stands.
    Error,
    /// The rule works, and probably not as its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// A kind of finding. Names never change their meaning; a test keeps them unique.
#[derive(Debug)]
pub struct Code {
    /// The stable name in kebab case; reads well after "allow".
    pub name: &'static str,
    /// Severity unless a finding says otherwise.
    pub severity: Severity,
    /// Whether a program can make (some of) its findings go away; see [`super::Fix`].
    pub fixable: bool,
    /// Markdown: what it means, why it matters, what to do. Its first line is the summary.
    pub explanation: &'static str,
}

impl Code {
    /// The first line of the explanation.
    pub fn summary(&self) -> &'static str {
        self.explanation.trim().lines().next().unwrap_or_default()
    }

    /// The explanation without the blank that each line of a documentation comment starts with.
    pub fn markdown(&self) -> String {
        let lines = self.explanation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// Declares one code. The doc comment is the explanation that `crosswalk explain` prints and the
/// page in `docs/checks`, so code and documentation cannot part. `, fixable` behind the severity
/// says that its findings may carry a fix.
macro_rules! code {
    (@fixable) => { false };
    (@fixable fixable) => { true };
    ($(#[doc = $doc:literal])+ $vis:vis $ident:ident = $name:literal, $severity:ident
        $(, $fixable:ident)?;) => {
        $(#[doc = $doc])+
        $vis static $ident: $crate::diagnostic::Code = $crate::diagnostic::Code {
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            fixable: $crate::diagnostic::code!(@fixable $($fixable)?),
            explanation: concat!($($doc, "\n"),+),
        };
    };
}
pub(crate) use code;

/// Declares the codes of a module and the table `CODES` of them all.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $ident:ident = $name:literal, $severity:ident
        $(, $fixable:ident)?;)+) => {
        $($crate::diagnostic::code! {
            $(#[doc = $doc])+ pub $ident = $name, $severity $(, $fixable)?;
        })+
        /// Every code of this module, in the order of the source.
        pub static CODES: &[&$crate::diagnostic::Code] = &[$(&$ident),+];
    };
}
pub(crate) use codes;
