//! What other tools get wrong, each with a test that shows ours right, in every language that the
//! defect touches.
//!
//! Defects were found by running pySigma 1.5.1 with its Elasticsearch backend 2.1.1 (Lucene, EQL,
//! ES|QL), pySigma-backend-datadog 0.3.1, and Datadog's open parser and matcher in `vrl` 0.38.
//! [`DEFECTS`] is the list; a name in it that is no test fails. (What a rule's author must hear of
//! is also shown by the golden cases in `tests/check`.)

mod datadog;
mod documents;
mod languages;
mod meaning;

use std::sync::Arc;

use crosswalk::convert::{Batch, To, Unit};
use crosswalk::diagnostic::Severity;
use crosswalk::rule::{Document, RuleFile, expr};
use crosswalk::source::SourceFile;
use serde_json::Value;

/// What goes wrong elsewhere, and the tests that show it right here.
const DEFECTS: &[(&str, &[&str])] = &[
    // pySigma and its backends.
    ("a selection `notsel` is read as `not sel`", &["a_name_that_starts_with_not_is_a_name"]),
    ("`notepad` and `order` as names fail or invert", &["a_name_that_starts_with_or_is_a_name"]),
    ("a pattern that names nothing is dropped", &["a_pattern_that_names_nothing_is_an_error"]),
    ("a pattern with a hyphen does not parse", &["a_pattern_may_hold_a_hyphen"]),
    ("the second of two equal keys wins", &["a_field_that_stands_twice_is_an_error"]),
    ("an empty list becomes a test for absence", &["an_empty_list_is_an_error"]),
    ("an empty selection becomes `()`", &["an_empty_selection_is_an_error"]),
    (
        "`re|contains` does not group alternatives",
        &[
            "an_affix_holds_for_every_branch_of_a_regular_expression",
            "alternatives_of_an_expression_stay_together",
        ],
    ),
    (
        "quotes in an expression are not escaped, and EQL compares it in any case",
        &[
            "quotes_and_slashes_in_a_regular_expression_are_themselves",
            "expressions_keep_their_case",
        ],
    ),
    ("`re|i` becomes `(?i)`, which Lucene does not know", &["expressions_keep_their_case"]),
    (
        "keywords become a bare string in EQL, which is no condition",
        &["a_keyword_is_searched_for_in_the_whole_event", "keywords_are_said_or_refused_by_name"],
    ),
    (
        "texts in any case become exact texts, silently",
        &["strings_take_any_case", "any_case_is_kept_or_named_as_lost"],
    ),
    ("`cased` is refused", &["cased_strings_take_one_case", "cased_texts_are_said"]),
    (
        "names with hyphens and blanks stand without quotes",
        &["field_names_may_hold_hyphens_and_blanks", "odd_names_are_quoted"],
    ),
    (
        "base64 keeps the backslash of an escaped star",
        &["base64_encodes_an_escaped_star_without_its_backslash"],
    ),
    ("base64offset counts characters", &["base64_offsets_count_bytes"]),
    ("`utf16le` is unknown", &["utf16le_is_a_modifier"]),
    ("UTF-16 starts with the mark of UTF-8", &["utf16_starts_with_the_mark_of_utf_16"]),
    ("a bare date is an error", &["a_bare_date_is_a_text"]),
    (
        "a list of conditions becomes several queries",
        &["a_list_of_conditions_means_any_of_them", "a_list_of_conditions_is_one_query"],
    ),
    ("`exists` is refused", &["exists_looks_at_presence_and_not_at_the_value", "presence_is_said"]),
    ("`windash` leaves out dashes", &["windash_takes_every_dash_in_the_rule_and_in_the_event"]),
    (
        "a network becomes a pattern of octets, or an unquoted text",
        &["networks_need_no_octet_boundary", "networks_are_said_as_networks"],
    ),
    (
        "fields are compared with a literal",
        &[
            "fields_are_compared_with_each_other",
            "fields_compared_with_each_other_are_refused_by_name",
        ],
    ),
    (
        "tactics and techniques are paired by position, tags deleted",
        &["every_tactic_and_technique_reaches_the_document"],
    ),
    (
        "names of tactics are made of their tags",
        &["every_tactic_and_technique_reaches_the_document"],
    ),
    ("the network is needed for ATT&CK", &["every_tactic_and_technique_reaches_the_document"]),
    (
        "one rule that cannot be converted ends the run",
        &["a_rule_that_is_refused_leaves_the_others_alone"],
    ),
    (
        "a rule looks back no further than its interval",
        &["a_rule_looks_back_further_than_its_interval"],
    ),
    // pySigma's Datadog backend.
    (
        "`lte` is inverted",
        &["comparisons_keep_their_direction", "comparisons_keep_their_direction_in_queries"],
    ),
    ("`not` crashes", &["a_list_for_neq_is_negated_as_a_whole"]),
    (
        "`?` becomes `*`",
        &["a_question_mark_is_exactly_one_character", "a_question_mark_stays_or_is_named_as_lost"],
    ),
    (
        "`null` becomes a contradiction",
        &["null_means_absent_or_null", "null_in_a_list_is_one_of_the_values", "absence_is_said"],
    ),
    ("`exists: false` becomes no test of presence", &["presence_is_said"]),
    ("a keyword becomes a test of the field `None`", &["keywords_are_said_or_refused_by_name"]),
    (
        "an empty text becomes a syntax error",
        &["the_empty_text_is_in_every_text_and_in_no_absent_field", "empty_texts_are_quoted"],
    ),
    (
        "`neq` is refused",
        &["neq_of_a_list_means_none_of_it", "a_list_for_neq_is_negated_as_a_whole"],
    ),
    ("`informational` is a status that the API does not know", &["datadogs_envelope_is_valid"]),
    ("the same rule converted twice differs", &["a_rule_converts_to_the_same_text_twice"]),
    ("groups, tags and names are made up", &["datadogs_envelope_is_valid"]),
    ("no field is renamed", &["fields_have_the_names_of_their_platform"]),
    // vrl's parser and matcher.
    ("an array has no elements", &["an_array_has_its_elements_as_values"]),
    ("`?` is a literal", &["a_question_mark_of_datadog_is_one_character"]),
    ("`CIDR(...)` is read as free text", &["networks_of_datadog_are_networks"]),
    ("`*:word` is an error", &["full_text_is_read"]),
    ("`#field` is an error", &["calculated_fields_are_read"]),
    ("an escaped star before another one is a wildcard", &["an_escaped_star_is_a_star"]),
    ("two words of free text must be neighbours", &["words_of_free_text_stand_anywhere"]),
    ("`null` is a text", &["a_null_is_no_value"]),
    ("numbers are compared as texts", &["numbers_in_texts_are_compared_as_numbers"]),
    ("a literal dotted key is not found", &["a_literal_dotted_key_is_found"]),
    ("brackets of two kinds panic", &["brackets_of_two_kinds_are_an_error"]),
];

#[test]
fn every_defect_has_tests_that_exist() {
    let tests = [
        include_str!("datadog.rs"),
        include_str!("documents.rs"),
        include_str!("languages.rs"),
        include_str!("meaning.rs"),
    ]
    .concat();
    for (defect, names) in DEFECTS {
        assert!(!names.is_empty(), "{defect}");
        for name in *names {
            assert!(tests.contains(&format!("#[test]\nfn {name}() {{")), "{defect}: {name}");
        }
    }
}

/// A rule with this `detection:` section (indented by two).
fn rule(detection: &str) -> String {
    format!("title: x\nlogsource: {{product: x}}\ndetection:\n{detection}\n")
}

/// The errors of a rule, by code.
fn errors(detection: &str) -> Vec<&'static str> {
    let (_, findings) = RuleFile::parse("rule.yml", &rule(detection));
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.name).collect()
}

/// Whether a rule matches an event.
fn matches(detection: &str, event: &Value) -> bool {
    let text = rule(detection);
    let (file, findings) = RuleFile::parse("rule.yml", &text);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    assert_eq!(errors.map(|finding| &finding.message).collect::<Vec<_>>(), [""; 0], "{text}");
    match file.documents.as_slice() {
        [Document::Rule(rule)] => expr(rule, None).expect("the rule has a meaning").eval(event),
        other => panic!("one rule was expected: {other:?}"),
    }
}

/// Whether a selection of one item matches an event.
fn item(item: &str, event: &Value) -> bool {
    matches(&format!("  sel:\n    {item}\n  condition: sel"), event)
}

/// Whether a condition over `sel` (field a is x) and `other` (field b is y) matches an event.
fn condition(condition: &str, event: &Value) -> bool {
    let selections = "  sel: {a: x}\n  other: {b: y}\n  _hidden: {c: z}";
    matches(&format!("{selections}\n  condition: {condition}"), event)
}

/// What becomes of every rule of a text.
fn converted(text: &str, to: &str) -> Vec<Unit> {
    let to = To::from_name(to).unwrap_or_else(|| panic!("a target `{to}`"));
    let batch = Batch::read(vec![SourceFile::new("rule.yml", text)], None);
    let mut units = Vec::new();
    let done: Result<(), Arc<str>> = batch.convert(to, |some, _| {
        units.extend(some);
        Ok(())
    });
    done.expect("nothing stops the run");
    units
}

/// The query for one item in a language with the codes of its losses, or those of the refusals.
fn query(item: &str, to: &str) -> Result<(String, Vec<&'static str>), Vec<&'static str>> {
    let text = rule(&format!("  sel:\n    {item}\n  condition: sel"));
    let mut units = converted(&text, to);
    assert_eq!(units.len(), 1, "{text}");
    let done = units.remove(0).result;
    let done =
        done.map_err(|refused| refused.refused.iter().map(|it| it.code).collect::<Vec<_>>())?;
    let losses = done.losses.iter().map(|loss| loss.code).collect();
    Ok((done.texts[0].text.clone(), losses))
}

/// Checks the query for an item in each language; a loss stands behind the language: `kql case`.
fn says(given: &str, queries: &[(&str, &str)]) {
    for (language, expected) in queries {
        let (language, losses) = language.split_once(' ').unwrap_or((language, ""));
        let losses: Vec<&str> = losses.split_whitespace().collect();
        let found = query(given, language);
        assert_eq!(found, Ok(((*expected).to_owned(), losses)), "{given} in {language}");
    }
}
