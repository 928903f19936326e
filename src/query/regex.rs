//! Regular expressions, checked when made.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::{Serialize, Serializer};

/// Most steps that one match may take before it counts as "no"; only look-around and
/// back-references can need many.
const STEP_LIMIT: usize = 1_000_000;

/// Most bytes that one compiled expression may take: a rule may hold hundreds of them. Those of
/// public rules take less than a quarter of it.
const SIZE_LIMIT: usize = 1 << 22;

/// Most expressions that are remembered, more than all of Sigma's public rules have.
const REMEMBERED: usize = 256;

/// Compiled expressions by their text: a rule is read, checked and translated, each time from its
/// text, and compiling takes a thousand times longer than looking here.
static COMPILED: LazyLock<Mutex<HashMap<String, Arc<fancy_regex::Regex>>>> =
    LazyLock::new(Mutex::default);

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
        let compiled = compile(full).map_err(|error| RegexError(reason(&error)))?;
        Ok(Self { source: source.to_owned(), flags, compiled })
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

/// The compiled expression, as it is remembered or made anew.
fn compile(text: String) -> Result<Arc<fancy_regex::Regex>, fancy_regex::Error> {
    let remembered = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = remembered().get(&text) {
        return Ok(Arc::clone(known));
    }
    // Other threads need not wait for this.
    let made = fancy_regex::RegexBuilder::new(&text)
        .backtrack_limit(STEP_LIMIT)
        .delegate_size_limit(SIZE_LIMIT)
        // Whole automata are quicker to search with, but rules are held against few texts.
        .delegate_dfa_size_limit(0)
        .build()?;
    let made = Arc::new(made);
    let mut known = remembered();
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(text, Arc::clone(&made));
    Ok(made)
}

/// What is wrong with an expression, lower case and on one line. The libraries wrap the reason
/// into the stages that they were in, and draw the expression over several lines above it.
fn reason(error: &fancy_regex::Error) -> String {
    use fancy_regex::{CompileError, Error};
    let message = match error {
        Error::ParseError(_, error) => error.to_string(),
        Error::CompileError(error) => match &**error {
            CompileError::InnerError(inner) if inner.size_limit().is_some() => {
                format!("compiled it takes more than {} MiB", SIZE_LIMIT >> 20)
            }
            CompileError::InnerError(inner) => {
                inner.syntax_error().map_or_else(|| inner.to_string(), ToString::to_string)
            }
            error => error.to_string(),
        },
        error => error.to_string(),
    };
    let last = message.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let last = last.trim().trim_start_matches("error: ").trim_end_matches('.');
    let mut chars = last.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_the_reason_alone() {
        for (source, expected) in [
            ("a(b", "opening parenthesis without closing parenthesis"),
            ("[z-a]", "invalid character class range, the start must be <= the end"),
            (r"\w{5000}", "compiled it takes more than 4 MiB"),
        ] {
            assert_eq!(
                Regex::new(source, "i").err(),
                Some(RegexError(expected.into())),
                "{source}"
            );
        }
    }
}
