//! Why public rules are refused, by language: a new reason is a decision.

/// The reasons of one language.
pub(crate) struct Expected {
    pub(crate) language: &'static str,
    pub(crate) reasons: &'static [&'static str],
}

/// Every reason for which the language refuses a public rule.
pub(crate) const REFUSALS: &[Expected] = &[
    Expected { language: "datadog", reasons: &[] },
    Expected { language: "eql", reasons: &[] },
    Expected { language: "esql", reasons: &[] },
    Expected { language: "kql", reasons: &[] },
    Expected { language: "lucene", reasons: &[] },
    Expected { language: "sigma", reasons: &[] },
];
