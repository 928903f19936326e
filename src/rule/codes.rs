//! What can be wrong with a rule document.

crate::diagnostic::codes! {
    /// a file cannot be read
    ///
    /// The file is missing, not UTF-8, or larger than 4 MiB.
    UNREADABLE = "unreadable-file", Error;

    /// a file is not valid YAML
    ///
    /// Nothing behind the place can be read. A tab in the indentation and an unquoted `: ` or
    /// ` #` inside a text are the usual causes.
    YAML_SYNTAX = "yaml-syntax", Error;

    /// a file is larger or nested deeper than Crosswalk reads
    ///
    /// Limits keep hostile files (alias bombs, endless nesting) from using up the machine.
    YAML_LIMIT = "yaml-limit", Error;

    /// a file has more findings than are worth reading
    ///
    /// The first thousand of a file are reported. As bad as the worst that is left out.
    TOO_MANY_FINDINGS = "too-many-findings", Error;

    /// a key is a list or a mapping
    COMPLEX_KEY = "complex-key", Error;

    /// a mapping uses the merge keys of YAML 1.1
    ///
    /// `<<` copies the entries of another mapping where a tool reads YAML 1.1, and is a key like
    /// any other where it reads YAML 1.2, on which Sigma is built: the rule would depend on its
    /// reader.
    MERGE_KEY = "merge-key", Error;

    /// a key stands twice in one mapping
    ///
    /// YAML forbids it. Tools that accept it keep one of the two values and drop the other, so
    /// the rule detects something else than it says.
    DUPLICATE_KEY = "duplicate-key", Error;

    /// a section has a key that the format does not know
    ///
    /// Inside the sections that Crosswalk defines every key has a meaning, so an unknown one is a
    /// slip.
    UNKNOWN_KEY = "unknown-key", Error;

    /// a top-level key looks like a misspelt one
    ///
    /// Sigma allows further keys at the top of a rule, so an unknown key is no error there; one
    /// that differs by a letter from a known key is probably meant to be that key.
    MISSPELT_KEY = "misspelt-key", Warning;

    /// a required field is missing
    MISSING_FIELD = "missing-field", Error;

    /// a value has the wrong type
    WRONG_TYPE = "wrong-type", Error;

    /// a text or list is empty, or longer than allowed
    ///
    /// An empty list can mean "none" or "not said". Leave the key out.
    LENGTH = "bad-length", Error;

    /// a value is not one of the allowed words
    UNKNOWN_VALUE = "unknown-value", Error;

    /// a number is out of range
    RANGE = "out-of-range", Error;

    /// an id is not a UUID
    BAD_ID = "bad-id", Error;

    /// a date is not written as YYYY-MM-DD
    BAD_DATE = "bad-date", Error;

    /// a duration is not a number with a unit
    ///
    /// Write `30s`, `5m`, `1h`, `7d` or `2w`.
    BAD_DURATION = "bad-duration", Error;

    /// a tag is not `namespace.name`
    BAD_TAG = "bad-tag", Error;

    /// an ATT&CK tag names nothing in the shipped version
    UNKNOWN_ATTACK = "unknown-attack-id", Error;

    /// an ATT&CK technique or tactic was revoked
    ///
    /// The technique has moved to another id. Coverage reports and Kibana know only the new one.
    /// The tactic `defense-evasion` was split by v19; the techniques of the rule say which half is
    /// meant.
    ///
    /// Bad:
    /// ```yaml
    /// tags: [attack.defense-evasion, attack.t1562.007]
    /// ```
    /// Good:
    /// ```yaml
    /// tags: [attack.defense-impairment, attack.t1686.001]
    /// ```
    REVOKED_ATTACK = "revoked-attack-id", Warning, fixable;

    /// an ATT&CK technique is deprecated
    DEPRECATED_ATTACK = "deprecated-attack-id", Warning;

    /// a control reference is not `framework@version/number`
    ///
    /// A number alone means nothing: 4.10 is security-group changes in CIS AWS Foundations 1.3.0
    /// to 5.0.0 and does not exist in 6.0.0.
    BAD_CONTROL = "bad-control", Error;

    /// a control reference names an unknown framework, version or number
    UNKNOWN_CONTROL = "unknown-control", Error;

    /// a file of controls cannot be used as it stands
    ///
    /// A framework says which control has which number in which version, and what it demands. A
    /// number that occurs twice in one version, a version that nobody listed, or a version whose
    /// control has two demands leaves open what a claim means.
    BAD_FRAMEWORK = "bad-framework", Error;

    /// a correlation or filter names a rule that is not among those read
    ///
    /// A correlation of no rule never fires. A filter may be written for rules that live elsewhere,
    /// so there it is a warning.
    ///
    /// Bad:
    /// ```yaml
    /// correlation: {type: event_count, rules: [failed_signin], timespan: 5m, condition: {gte: 10}}
    /// ```
    /// Good, if a rule has `name: failed_sign_in`:
    /// ```yaml
    /// correlation: {type: event_count, rules: [failed_sign_in], timespan: 5m, condition: {gte: 10}}
    /// ```
    UNKNOWN_RULE = "unknown-rule", Error;

    /// a file holds neither a rule nor a correlation nor a filter
    NOT_A_RULE = "not-a-rule", Error;

    /// a file uses the rule collections of Sigma 1
    ///
    /// `action: global` and its like were dropped in Sigma 2. Write the common part into each
    /// document.
    LEGACY_COLLECTION = "legacy-collection", Error;
}
