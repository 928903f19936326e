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
            "computed-value",
            "control-character",
            "detection",
            "field-comparison",
            "matches-nothing",
            "no-meaning",
            "no-query",
            "object-text",
            "platform-added",
            "regex",
            "sequence",
            "text-form",
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
            "platform-added",
            "regex",
            "threshold",
            "words",
        ],
    },
    Expected {
        language: "esql",
        reasons: &[
            "detection",
            "no-field",
            "no-meaning",
            "no-query",
            "object-text",
            "platform-added",
            "regex",
            "sequence",
        ],
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
            "platform-added",
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
            "platform-added",
            "regex-dialect",
            "sequence",
            "threshold",
        ],
    },
    Expected {
        language: "sigma",
        reasons: &[
            "computed-value",
            "constant",
            "detection",
            "no-field",
            "no-meaning",
            "no-query",
            "platform-added",
            "sequence",
            "text-form",
            "threshold",
        ],
    },
];
