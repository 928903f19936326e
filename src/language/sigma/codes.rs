//! What can be wrong with a detection.

crate::diagnostic::codes! {
    /// a detection is not shaped as Sigma 2.1 demands
    ///
    /// `detection` is a mapping of named selections and a `condition`. A selection is a mapping
    /// (all items must match), a list of mappings (one must match) or a list of texts (keywords).
    SHAPE = "detection-shape", Error;

    /// a list or mapping of a detection has no member
    ///
    /// An empty list says nothing: some tools read it as "the field is absent", others as "any
    /// value". Write `null` for an absent field, or list the values.
    EMPTY = "empty-selection", Error;

    /// a modifier does not exist
    ///
    /// Sigma 2.1 lists all modifiers in its appendix; a tool that ignores one changes what the
    /// rule detects.
    UNKNOWN_MODIFIER = "unknown-modifier", Error;

    /// a modifier cannot be used here
    ///
    /// Modifiers work from left to right, each on what the one before made: `re` and `cidr` need
    /// a plain text, `i`, `m` and `s` follow `re`, base64 needs a text without wildcards, and the
    /// comparisons need numbers.
    MODIFIER = "modifier-misuse", Error;

    /// `all` stands with a single value
    ///
    /// `all` joins the values of a list by "and". With one value it does nothing, and Sigma 2.1
    /// disallows it.
    ALL_OF_ONE = "all-of-one", Warning;

    /// a value is not what its modifier needs
    VALUE = "modifier-value", Error;

    /// a regular expression is invalid
    REGEX = "invalid-regex", Error;

    /// a value expands to too many alternatives
    ///
    /// `windash` tries every dash in every place: five alternatives for each. More than four
    /// dashes in one value would be thousands of patterns; split the value or use `re`.
    EXPANSION = "expansion-limit", Error;

    /// a placeholder has no value
    ///
    /// `%name%` under the `expand` modifier stands for values that each organisation fills in.
    /// Until then the rule can be read and checked, but not translated.
    PLACEHOLDER = "open-placeholder", Note;

    /// a condition breaks Sigma's grammar
    ///
    /// Conditions are made of selection names, `and`, `or`, `not`, parentheses, `1 of` and
    /// `all of`, all in lower case.
    CONDITION = "condition-syntax", Error;

    /// a condition names a selection that does not exist
    UNKNOWN_SELECTION = "unknown-selection", Error;

    /// a selection is never used
    ///
    /// Either the condition forgot it or it can go. A name that starts with `_` stays out of
    /// `them` and is not reported.
    UNUSED_SELECTION = "unused-selection", Warning;

    /// a detection uses the aggregations of Sigma 1
    ///
    /// `| count() by ...` and `timeframe` were replaced by correlation documents in Sigma 2. Move
    /// the counting into a second document with a `correlation:` section.
    AGGREGATION = "legacy-aggregation", Error;
}
