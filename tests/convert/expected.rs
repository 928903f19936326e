//! Why public rules are refused, by language: a new reason is a decision.

/// The reasons of one language.
pub(crate) struct Expected {
    pub(crate) language: &'static str,
    pub(crate) reasons: &'static [&'static str],
}

/// Every reason for which the language refuses a public rule.
pub(crate) const REFUSALS: &[Expected] = &[
    Expected {
        language: "datadog",
        reasons: &[
            "control-character",
            "detection",
            "field-comparison",
            "no-meaning",
            "no-query",
            "object-text",
            "regex",
            "sequence",
            "threshold",
            "words",
        ],
    },
    Expected {
        language: "eql",
        reasons: &[
            "detection",
            "free-text",
            "no-field",
            "no-meaning",
            "no-query",
            "object-text",
            "threshold",
            "words",
        ],
    },
    Expected {
        language: "esql",
        reasons: &["detection", "no-field", "no-meaning", "no-query", "object-text", "sequence"],
    },
    Expected {
        language: "kql",
        reasons: &[
            "detection",
            "field-to-field",
            "no-field",
            "no-meaning",
            "no-query",
            "object-text",
            "regex",
            "sequence",
            "threshold",
        ],
    },
    Expected {
        language: "lucene",
        reasons: &[
            "detection",
            "field-to-field",
            "no-field",
            "no-meaning",
            "no-query",
            "object-text",
            "sequence",
            "threshold",
        ],
    },
    Expected {
        language: "sigma",
        reasons: &[
            "constant",
            "detection",
            "no-field",
            "no-meaning",
            "no-query",
            "sequence",
            "threshold",
        ],
    },
];
