//! The meaning of rules: events on both sides of the line.

use serde_json::json;

use super::{condition, errors, item, matches};

#[test]
fn a_name_that_starts_with_not_is_a_name() {
    let both = "  notsel: {a: x}\n  sel: {b: y}\n  condition: ";
    assert!(matches(&format!("{both}notsel"), &json!({"a": "x", "b": "y"})));
    assert!(!matches(&format!("{both}notsel"), &json!({"a": "other"})));
    assert!(matches(&format!("{both}notsel or sel"), &json!({"a": "x", "b": "y"})));
    assert!(!matches(&format!("{both}notsel or sel"), &json!({})));
    assert!(matches("  notepad: {a: x}\n  condition: notepad", &json!({"a": "x"})));
}

#[test]
fn a_name_that_starts_with_or_is_a_name() {
    assert!(matches("  order: {a: x}\n  condition: order", &json!({"a": "x"})));
    assert!(matches("  android: {a: x}\n  condition: not android", &json!({"a": "z"})));
}

#[test]
fn a_pattern_may_hold_a_hyphen() {
    let rule = "  sel-a: {a: x}\n  sel-b: {b: y}\n  condition: 1 of sel-*";
    assert!(matches(rule, &json!({"b": "y"})));
    assert!(!matches(rule, &json!({"c": "y"})));
}

#[test]
fn a_list_of_conditions_means_any_of_them() {
    for event in [json!({"a": "x"}), json!({"b": "y"})] {
        assert!(condition("[sel, other]", &event), "{event}");
    }
    assert!(!condition("[sel, other]", &json!({"c": "z"})));
}

#[test]
fn them_leaves_out_names_with_an_underscore() {
    assert!(!condition("1 of them", &json!({"c": "z"})));
    assert!(condition("all of them", &json!({"a": "x", "b": "y"})));
}

#[test]
fn and_binds_stronger_than_or_and_not_stronger_than_both() {
    assert!(condition("sel or other and not sel", &json!({"a": "x"})));
    assert!(!condition("not sel and other", &json!({"a": "x", "b": "y"})));
}

#[test]
fn strings_take_any_case() {
    assert!(item("a: GetObject", &json!({"a": "GETOBJECT"})));
    assert!(item("a|contains: straße", &json!({"a": "Die STRAßE"})));
    assert!(item("a|endswith: ÄRGER", &json!({"a": "ärger"})));
}

#[test]
fn cased_strings_take_one_case() {
    assert!(item("a|cased: Abc", &json!({"a": "Abc"})));
    assert!(!item("a|cased: Abc", &json!({"a": "abc"})));
    assert!(!item("a|contains|cased: Abc", &json!({"a": "xabcx"})));
}

#[test]
fn regular_expressions_take_one_case_unless_told() {
    assert!(item("a|re: ab+c", &json!({"a": "xabbcx"})));
    assert!(!item("a|re: ab+c", &json!({"a": "xABBCx"})));
    assert!(item("a|re|i: ab+c", &json!({"a": "xABBCx"})));
}

#[test]
fn quotes_and_slashes_in_a_regular_expression_are_themselves() {
    let rule = r#"a|re: '\d+\.exe"x/'"#;
    assert!(item(rule, &json!({"a": "run 42.exe\"x/y"})));
    assert!(!item(rule, &json!({"a": "run 42.EXE\"x/y"})));
    assert!(!item(rule, &json!({"a": "run 42.exe'x/y"})));
}

#[test]
fn an_affix_holds_for_every_branch_of_a_regular_expression() {
    assert!(item("a|re|startswith: 'foo|bar'", &json!({"a": "bar none"})));
    assert!(!item("a|re|startswith: 'foo|bar'", &json!({"a": "crowbar"})));
    assert!(!item("a|re|endswith: 'foo|bar'", &json!({"a": "food"})));
    assert!(item("a|re|contains: 'foo|bar'", &json!({"a": "a crowbar here"})));
    assert!(!item("a|re|contains: 'foo|bar'", &json!({"a": "neither"})));
}

#[test]
fn a_keyword_is_searched_for_in_the_whole_event() {
    let rule = "  keywords: [foo bar]\n  condition: keywords";
    assert!(matches(rule, &json!({"deep": {"list": ["x", "some FOO BAR here"]}})));
    assert!(!matches(rule, &json!({"foo bar": "only a key"})));
    assert!(!matches(rule, &json!({"a": "foo", "b": "bar"})));
}

#[test]
fn all_keywords_must_be_there() {
    let rule = "  keywords: {'|all': [foo, bar]}\n  condition: keywords";
    assert!(matches(rule, &json!({"a": "foo", "b": "bar"})));
    assert!(!matches(rule, &json!({"a": "foo"})));
}

#[test]
fn field_names_may_hold_hyphens_and_blanks() {
    assert!(item("a-b: x", &json!({"a-b": "x"})));
    assert!(item("a b: x", &json!({"a b": "x"})));
    assert!(!item("a-b: x", &json!({"a": "x", "b": "x"})));
}

#[test]
fn base64_encodes_an_escaped_star_without_its_backslash() {
    assert!(item(r"a|base64: a\*b", &json!({"a": "YSpi"})));
    assert!(!item(r"a|base64: a\*b", &json!({"a": "YVwqYg=="})));
}

#[test]
fn base64_offsets_count_bytes() {
    // The base64 of é1 behind nothing, one and two bytes.
    for event in ["w6kx", "eMOpMQ==", "eHjDqTE="] {
        assert!(item("a|base64offset|contains: é1", &json!({"a": event})), "{event}");
    }
    // What counting characters gives stands for other texts too.
    assert!(!item("a|base64offset|contains: é1", &json!({"a": "w6li"})));
}

#[test]
fn utf16le_is_a_modifier() {
    assert!(item("a|utf16le|base64: cmd", &json!({"a": "YwBtAGQA"})));
    assert!(item("a|wide|base64: cmd", &json!({"a": "YwBtAGQA"})));
    assert!(item("a|utf16be|base64: cmd", &json!({"a": "AGMAbQBk"})));
}

#[test]
fn utf16_starts_with_the_mark_of_utf_16() {
    assert!(item("a|utf16|base64: cmd", &json!({"a": "//5jAG0AZAA="})));
    assert!(!item("a|utf16|base64: cmd", &json!({"a": "77u/YwBtAGQA"})));
}

#[test]
fn a_bare_date_is_a_text() {
    assert!(item("a: 2026-11-21", &json!({"a": "2026-11-21"})));
    assert!(item("a|startswith: 2026-11-21", &json!({"a": "2026-11-21T10:00:00Z"})));
    assert!(!item("a: 2026-11-21", &json!({"a": "2026-11-22"})));
}

#[test]
fn neq_of_a_list_means_none_of_it() {
    assert!(!item("a|neq: [x, y]", &json!({"a": "y"})));
    assert!(item("a|neq: [x, y]", &json!({"a": "z"})));
    assert!(item("a|neq: x", &json!({})));
}

#[test]
fn exists_looks_at_presence_and_not_at_the_value() {
    assert!(item("a|exists: true", &json!({"a": ""})));
    assert!(item("a|exists: true", &json!({"a": null})));
    assert!(!item("a|exists: true", &json!({"b": 1})));
    assert!(item("a|exists: false", &json!({"b": 1})));
    assert!(!item("a|exists: false", &json!({"a": 0})));
}

#[test]
fn null_means_absent_or_null() {
    for event in [json!({}), json!({"a": null})] {
        assert!(item("a: null", &event), "{event}");
        assert!(!item("a|neq: null", &event), "{event}");
    }
    assert!(!item("a: null", &json!({"a": ""})));
}

#[test]
fn null_in_a_list_is_one_of_the_values() {
    for event in [json!({}), json!({"a": ""}), json!({"a": null})] {
        assert!(item("a: [null, '']", &event), "{event}");
    }
    assert!(!item("a: [null, '']", &json!({"a": "x"})));
}

#[test]
fn the_empty_text_is_in_every_text_and_in_no_absent_field() {
    assert!(item("a|contains: ''", &json!({"a": "x"})));
    assert!(item("a|contains: ''", &json!({"a": ""})));
    assert!(!item("a|contains: ''", &json!({})));
}

#[test]
fn fields_are_compared_with_each_other() {
    assert!(item("a|fieldref: b", &json!({"a": "X", "b": "x"})));
    assert!(!item("a|fieldref: b", &json!({"a": "b"})));
    assert!(item("a|fieldref|endswith: b", &json!({"a": "pre-x", "b": "x"})));
}

#[test]
fn networks_need_no_octet_boundary() {
    assert!(item("a|cidr: 10.0.0.0/9", &json!({"a": "10.127.255.255"})));
    assert!(!item("a|cidr: 10.0.0.0/9", &json!({"a": "10.128.0.0"})));
    assert!(item("a|cidr: fe80::/10", &json!({"a": "febf::1"})));
    assert!(!item("a|cidr: fe80::/10", &json!({"a": "fec0::1"})));
}

#[test]
fn comparisons_keep_their_direction() {
    for (key, below, at, above) in [
        ("lt", true, false, false),
        ("lte", true, true, false),
        ("gt", false, false, true),
        ("gte", false, true, true),
    ] {
        for (number, expected) in [(4, below), (5, at), (6, above)] {
            assert_eq!(
                item(&format!("a|{key}: 5"), &json!({"a": number})),
                expected,
                "{key} {number}"
            );
        }
    }
}

#[test]
fn a_question_mark_is_exactly_one_character() {
    assert!(item("a: prog?.exe", &json!({"a": "progA.exe"})));
    assert!(!item("a: prog?.exe", &json!({"a": "prog.exe"})));
    assert!(!item("a: prog?.exe", &json!({"a": "progAB.exe"})));
}

#[test]
fn booleans_and_numbers_match_their_texts() {
    assert!(item("a: true", &json!({"a": true})));
    assert!(item("a: true", &json!({"a": "True"})));
    assert!(item("a: 4625", &json!({"a": "4625"})));
    assert!(item("a: '4625'", &json!({"a": 4625})));
}

#[test]
fn leading_zeros_are_kept() {
    assert!(item("a: 00000429", &json!({"a": "00000429"})));
    assert!(!item("a: 00000429", &json!({"a": 429})));
}

#[test]
fn windash_takes_every_dash_in_the_rule_and_in_the_event() {
    for dash in ['-', '/', '–', '—', '―'] {
        let event = json!({"a": format!("cmd {dash}enc x")});
        assert!(item("a|windash|contains: ' -enc'", &event), "{dash}");
        assert!(item("a|windash|contains: ' –enc'", &event), "{dash}");
    }
    assert!(!item("a|windash|contains: ' -enc'", &json!({"a": "cmd +enc x"})));
}

#[test]
fn parts_of_dates_are_numbers() {
    let event = json!({"a": "2026-11-21T23:05:00Z"});
    assert!(item("a|hour|gte: 22", &event));
    assert!(item("a|week: 47", &event));
    assert!(!item("a|minute: 6", &event));
}

#[test]
fn a_pattern_that_names_nothing_is_an_error() {
    let found = errors("  sel: {a: x}\n  condition: sel and 1 of nope_*");
    assert_eq!(found, ["unknown-selection"]);
}

#[test]
fn a_field_that_stands_twice_is_an_error() {
    assert_eq!(errors("  sel: {a: x, a: y}\n  condition: sel"), ["duplicate-key"]);
}

#[test]
fn an_empty_list_is_an_error() {
    assert_eq!(errors("  sel: {a: []}\n  condition: sel"), ["empty-selection"]);
}

#[test]
fn an_empty_selection_is_an_error() {
    assert_eq!(errors("  sel: {a: x}\n  none: {}\n  condition: sel and none"), ["empty-selection"]);
}
