//! How a field's values are spelt, and what a case-insensitive pattern becomes where a platform
//! compares exactly.
//!
//! Found on real rules: a public Sigma rule asks for `MFAUsed: NO`, in any case, as Sigma means
//! it. AWS writes `No`. Copied as it stands into a case-sensitive query, the rule is dead, and
//! "the field's values have a fixed case" would have hidden that.

use serde::{Deserialize, Serialize};

use super::{Case, Part, Pattern, equal_folded};

/// How the values of a field are spelt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub enum Spelling {
    /// One of these published constants.
    OneOf(Vec<String>),
    /// A rule that all values follow.
    Rule(SpellingRule),
    /// Anything.
    #[default]
    #[serde(skip)]
    Free,
}

/// A rule that all values of a field follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpellingRule {
    /// No capital letter: `ec2.amazonaws.com`, `true`, `eu-west-1`.
    Lower,
    /// Words run together, each with a capital letter, as API names are: `RunInstances`. Each value
    /// is a published constant with one spelling.
    Camel,
}

/// A pattern as a case-sensitive platform must get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Respelt {
    /// This pattern finds exactly the values that the original finds in any case.
    Exact(Pattern),
    /// The pattern is spelt as the values are, as far as their rule tells.
    AsWritten,
    /// Values may be spelt in another way than the pattern.
    Unsure,
}

impl Spelling {
    /// Respells a pattern that is meant in any case.
    pub fn respell(&self, pattern: &Pattern) -> Respelt {
        match self {
            Spelling::Free => Respelt::Unsure,
            Spelling::Rule(SpellingRule::Lower) => Respelt::Exact(lower(pattern)),
            Spelling::Rule(SpellingRule::Camel) if looks_camel(pattern) => Respelt::AsWritten,
            Spelling::Rule(SpellingRule::Camel) => Respelt::Unsure,
            Spelling::OneOf(values) => one_of(values, pattern),
        }
    }

    /// How a rule says a pattern that a platform compares exactly: in any case, if the spelling of
    /// the values leaves no other match.
    pub fn case_of(&self, pattern: &Pattern) -> Case {
        match self.respell(pattern) {
            Respelt::AsWritten => Case::Insensitive,
            Respelt::Exact(exact) if exact == *pattern => Case::Insensitive,
            _ => Case::Sensitive,
        }
    }
}

fn lower(pattern: &Pattern) -> Pattern {
    let part = |part: &Part| match part {
        Part::Literal(text) => Part::Literal(text.to_lowercase()),
        wildcard => wildcard.clone(),
    };
    pattern.parts().iter().map(part).collect()
}

/// A literal must start like a word. A piece between wildcards must hold a capital letter: a
/// piece without one may have been written without thought of case.
fn looks_camel(pattern: &Pattern) -> bool {
    let capital = |c: char| c.is_uppercase();
    match pattern.as_literal() {
        Some(text) => text.starts_with(capital) && text.chars().any(char::is_lowercase),
        None => pattern.parts().iter().all(|part| match part {
            Part::Literal(text) => !text.chars().any(char::is_alphabetic) || text.contains(capital),
            _ => true,
        }),
    }
}

fn one_of(values: &[String], pattern: &Pattern) -> Respelt {
    if let Some(text) = pattern.as_literal() {
        // A constant that is published in two spellings has none.
        let mut published = values.iter().filter(|value| equal_folded(value, text));
        return match (published.next(), published.next()) {
            (Some(value), None) => Respelt::Exact(Pattern::literal(value)),
            _ => Respelt::Unsure,
        };
    }
    let alike =
        values.iter().all(|value| pattern.matches(value, true) == pattern.matches(value, false));
    if alike { Respelt::Exact(pattern.clone()) } else { Respelt::Unsure }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respell(spelling: &Spelling, text: &str) -> Respelt {
        let part = |text: &str| Part::Literal(text.to_owned());
        let parts = text.split('*').map(part);
        let parts = parts
            .enumerate()
            .flat_map(|(i, p)| (i > 0).then_some(Part::Any).into_iter().chain([p]));
        spelling.respell(&parts.collect())
    }

    #[test]
    fn listed_constants_are_respelt() {
        let answers = Spelling::OneOf(vec!["Yes".into(), "No".into()]);
        assert_eq!(respell(&answers, "NO"), Respelt::Exact(Pattern::literal("No")));
        assert_eq!(respell(&answers, "maybe"), Respelt::Unsure);
        assert_eq!(respell(&answers, "n*"), Respelt::Unsure);
        assert!(matches!(respell(&answers, "N*"), Respelt::Exact(_)));
        let twice = Spelling::OneOf(vec!["SignIn".into(), "Signin".into(), "Call".into()]);
        assert_eq!(respell(&twice, "signin"), Respelt::Unsure);
        assert_eq!(respell(&twice, "call"), Respelt::Exact(Pattern::literal("Call")));
    }

    #[test]
    fn lower_case_values_make_any_case_exact() {
        let hosts = Spelling::Rule(SpellingRule::Lower);
        let exact = Respelt::Exact(Pattern::literal("ec2.amazonaws.com"));
        assert_eq!(respell(&hosts, "EC2.amazonaws.com"), exact);
    }

    #[test]
    fn names_of_calls_must_look_like_names_of_calls() {
        let calls = Spelling::Rule(SpellingRule::Camel);
        assert_eq!(respell(&calls, "RunInstances"), Respelt::AsWritten);
        assert_eq!(respell(&calls, "Describe*"), Respelt::AsWritten);
        for wrong in ["runinstances", "RUNINSTANCES", "*secret*", "runInstances"] {
            assert_eq!(respell(&calls, wrong), Respelt::Unsure, "{wrong}");
        }
    }
}
