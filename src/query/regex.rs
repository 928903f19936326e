//! Regular expressions, checked when made.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Most steps that one match may take before it counts as "no"; only look-around and
/// back-references can need many.
const STEP_LIMIT: usize = 1_000_000;

/// A regular expression that is searched for anywhere in a text, as Sigma means it.
///
/// Equality and order go by source and flags.
#[derive(Clone)]
pub struct Regex {
    source: String,
    flags: String,
    compiled: Arc<fancy_regex::Regex>,
}

/// Why an expression is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RegexError(pub String);

impl Regex {
    /// Compiles an expression with a set of the flags `i` (any case), `m` (`^` and `$` at lines)
    /// and `s` (dot matches line ends).
    pub fn new(source: &str, flags: &str) -> Result<Self, RegexError> {
        let mut flags: Vec<char> = flags.chars().collect();
        flags.sort_unstable();
        flags.dedup();
        let flags: String = flags.into_iter().collect();
        let full =
            if flags.is_empty() { source.to_owned() } else { format!("(?{flags}:{source})") };
        fancy_regex::RegexBuilder::new(&full)
            .backtrack_limit(STEP_LIMIT)
            .build()
            .map(|compiled| Self { source: source.to_owned(), flags, compiled: Arc::new(compiled) })
            .map_err(|error| RegexError(first_line(&error.to_string())))
    }

    /// The expression without flags.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The flags, sorted.
    pub fn flags(&self) -> &str {
        &self.flags
    }

    /// Whether the expression is found anywhere in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled.is_match(text).unwrap_or(false)
    }
}

/// The regex libraries draw the expression over several lines; the last line says what is wrong.
fn first_line(message: &str) -> String {
    let line = message.lines().rfind(|line| !line.trim().is_empty()).unwrap_or(message);
    line.trim().trim_start_matches("error: ").to_owned()
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, self.flags)
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Regex {}

impl PartialOrd for Regex {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Regex {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.source, &self.flags).cmp(&(&other.source, &other.flags))
    }
}

impl Hash for Regex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.source, &self.flags).hash(state);
    }
}

impl Serialize for Regex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("source", &self.source), ("flags", &self.flags)])
    }
}
