//! What the names of losses, assumptions and refusals mean: the words of `accept:`, explained.

/// Name and meaning, sorted by name. A test finds every name that the code uses.
pub const REASONS: &[(&str, &str)] = &[
    (
        "analysed-text",
        "the field knows its words only, so a pattern over the whole text becomes a search for words",
    ),
    (
        "approximate-count",
        "the platform estimates how many distinct values there are, exactly for small numbers",
    ),
    (
        "ascii-case",
        "the platform folds the letters of ASCII only; the field has others in the case of the rule",
    ),
    ("ascii-classes", "the platform's digits, letters and blanks are those of ASCII"),
    (
        "blank-at-end",
        "the platform cuts blanks off the ends of a pattern, so `*` stands in their place",
    ),
    ("boolean-text", "the platform holds `true` or `false`, which no other text equals"),
    (
        "canonical-form",
        "the platform compares numbers and addresses by their value, not by their digits",
    ),
    ("case", "the platform compares letters exactly, the rule in any case"),
    (
        "case-insensitive-range",
        "the platform's version reads a range such as `[a-z]` in any case, as later ones do",
    ),
    (
        "cidr-on-text",
        "the field is no address on the platform, so it cannot be tested against a network",
    ),
    ("computed-value", "the platform computes the value, and no test of the record says the same"),
    ("constant", "Sigma has no condition that is always or never true"),
    ("control-character", "no query can hold a control character"),
    ("correlation", "the platform has no counterpart of this kind of correlation"),
    ("date", "the platform holds a point in time, which no text equals"),
    ("date-text", "the platform holds a point in time, not the text of the record"),
    (
        "default-fields",
        "the index searches all fields where a query names none, and all are keywords",
    ),
    ("detection", "the detection itself has no meaning; the findings of the rule say why"),
    (
        "empty-dropped",
        "the platform drops empty texts, lists and objects before they can be tested",
    ),
    (
        "exception-source",
        "the event for which the platform computes the field differently comes from one service only",
    ),
    ("field-comparison", "the platform cannot compare a field with another field"),
    ("field-name", "the platform takes a field name with a star in it for many fields"),
    (
        "field-names",
        "no table knows the field, so the platform is asked for it under the rule's name",
    ),
    ("field-to-field", "the platform cannot compare a field with another field"),
    ("field-type", "no table knows the field, so the platform holds it as the rule takes it"),
    ("fixed-case", "the values of the field are constants with one published spelling each"),
    (
        "flattened-wildcard",
        "Elasticsearch takes only `text*` as a pattern on a leaf of a flattened field",
    ),
    ("free-text", "the platform cannot search all fields the way the rule asks"),
    (
        "full-text",
        "the platform finds words inside a value where the rule asks for the whole value",
    ),
    ("full-text-search", "searches over all attributes work where the query runs"),
    ("full-text-test", "the platform's search over all attributes knows words only"),
    (
        "grouped-field",
        "every event that is counted has the field that it is grouped by; the platform counts no others",
    ),
    ("history", "the platform cannot look back over this time for new values"),
    ("incomplete-envelope", "the platform needs a field that the rule lacks"),
    ("index", "the query reads the index patterns that hold the events, and no other"),
    ("keyword-mapping", "the field is mapped as a keyword and nothing else"),
    ("keyword-sub-field", "the analysed field has a sub-field that knows the whole values"),
    ("later-pipeline", "another version of the platform's pipeline fills the field"),
    (
        "log-source",
        "nothing in the query says which events it is for, so it is run on those of the rule only",
    ),
    ("look-back-gap", "some events lie between two runs of the rule and are never looked at"),
    ("matches-nothing", "the query would match no event at all"),
    ("missing-without-span", "a sequence in which an event must be missing needs a longest time"),
    ("narrower", "the platform's own condition misses events of the rule"),
    ("native", "the rule stands only in the language of another platform"),
    ("nesting", "the expression is nested deeper than queries may be"),
    ("never-matches", "the query would match no event at all"),
    ("never-null", "the field is never `null` in the platform's events"),
    ("new-value", "the format cannot say that a value must be new"),
    ("no-catalogue", "no table says how the platform calls the fields of this log source"),
    ("no-field", "the platform has no field that holds exactly these values"),
    ("no-meaning", "what the query asks for cannot be stated as a question about single events"),
    ("no-query", "the rule has no query"),
    ("no-such-field", "the platform's events have no such field"),
    ("non-empty", "the service leaves the field out instead of writing it without a value"),
    ("not-a-boolean", "the platform holds `true` or `false`, and the rule asks for something else"),
    ("not-a-number", "the platform holds a number, and the rule asks for something else"),
    ("not-an-address", "the platform holds an address, and the rule asks for something else"),
    ("not-an-object", "the field never holds an object or an empty list"),
    ("null", "the platform cannot tell `null` from an absent field"),
    ("null-dropped", "the platform drops `null` before it can be tested"),
    (
        "null-group",
        "the platform puts events without a field that it groups by into a group of their own",
    ),
    ("null-is-absent", "the platform takes `null` for an absent field"),
    ("number-size", "numbers from 2^53 on cannot be compared exactly"),
    ("numeric-comparison", "the language cannot compare this field as a number"),
    ("numeric-equality", "Sigma compares numbers by their digits"),
    ("numeric-facet", "the attribute is declared as a facet of numbers"),
    ("object-text", "the field holds an object, and no text equals it"),
    (
        "one-line",
        "the field holds no line feeds, which a wildcard matches and the `.` of an expression does not",
    ),
    ("ordered-text", "the platform orders the values as texts, the rule as numbers"),
    ("overlapping", "the platform's own condition misses events of the rule and finds others"),
    ("own-condition", "the platform's section has a condition of its own"),
    (
        "patched-logic",
        "the section's `patch` changes what decides the rule, and nothing shows that it detects the same",
    ),
    (
        "plain-letters",
        "values spell `k` and `s` as letters of ASCII, without Kelvin sign and long s",
    ),
    ("platform-added", "the platform fills the field from what no record tells"),
    (
        "platform-mapping",
        "the platform fills the field in the way that its catalogue row describes",
    ),
    (
        "platform-only",
        "the rule asks for something that only its own platform has, and it stays behind",
    ),
    (
        "query-only",
        "the rule asks for more than its query says, and the query is all that is converted",
    ),
    (
        "record-shape",
        "the record has texts, numbers and booleans where its table has rows, and objects above them",
    ),
    ("refused", "the platform cannot have the rule at all"),
    ("regex", "the language has no regular expressions, or none that says this"),
    (
        "regex-dialect",
        "the platform's regular expressions lack what the one of the rule uses, or take none of its size",
    ),
    ("row-limit", "the query gives so many rows and no more"),
    ("sample", "the platform's samples know neither order nor times, and need a shared value"),
    ("sequence", "the language cannot relate several events in this way"),
    (
        "several-values",
        "a comparison in ES|QL skips events with several values in the field, which are found now",
    ),
    (
        "single-character-wildcard",
        "the language has no wildcard for one character, so `*` stands in its place",
    ),
    ("single-valued", "the field has at most one value in an event"),
    ("syntax", "the query does not read in its own language"),
    ("tag-test", "the platform cannot test tags this way"),
    (
        "text-form",
        "the platform holds an object as one text, which says more than its fields one by one",
    ),
    ("threshold", "the language cannot count events"),
    ("time-part", "the language cannot take a part of a date"),
    ("utc-times", "the platform holds points in time in UTC"),
    ("utf16-length", "the field holds no characters that count twice in UTF-16"),
    ("vocabulary", "the rule uses the field names of another platform"),
    ("wider", "the platform's own condition finds events that the rule does not match"),
    ("window", "the platform counts over another time than the rule"),
    ("words", "the language has no search for words in this field"),
];

/// What a name means.
pub fn meaning(name: &str) -> Option<&'static str> {
    REASONS.iter().find(|(own, _)| *own == name).map(|(_, meaning)| *meaning)
}
