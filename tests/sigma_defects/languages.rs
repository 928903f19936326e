//! Queries for rules, in every language that says them.

use super::{converted, query, rule, says};

#[test]
fn alternatives_of_an_expression_stay_together() {
    says(
        "a|re|startswith: 'foo|bar'",
        &[
            ("lucene", "a:/(foo|bar).*/"),
            ("kql", "a:(foo* or bar*)"),
            ("datadog", "@a:(foo* OR bar*)"),
        ],
    );
}

#[test]
fn expressions_keep_their_case() {
    says(
        r#"a|re: '\d+\.exe"x/'"#,
        &[
            ("lucene", r#"a:/.*[0-9]+\.exe\"x\/.*/"#),
            ("eql", r#"any where a regex """.*[0-9]+\.exe\"x/.*""""#),
        ],
    );
    says(
        "a|re|i: abc",
        &[
            ("lucene", "a:/.*[Aa][Bb][Cc].*/"),
            ("eql", r#"any where a regex~ ".*abc.*""#),
            ("kql case", "a:*abc*"),
            ("datadog case", "@a:*abc*"),
        ],
    );
}

#[test]
fn keywords_are_said_or_refused_by_name() {
    let keywords = |to: &str| {
        let mut units = converted(&rule("  words: [foo, bar]\n  condition: words"), to);
        let done = units.remove(0).result;
        let done = done.map_err(|it| it.refused.iter().map(|it| it.code).collect::<Vec<_>>());
        done.map(|done| done.texts[0].text.clone())
    };
    assert_eq!(keywords("eql"), Err(vec!["free-text"]));
    assert_eq!(keywords("lucene"), Ok("/.*[Ff][Oo][Oo].*/ OR /.*[Bb][Aa][Rr].*/".to_owned()));
    assert_eq!(keywords("kql"), Ok("*foo* or *bar*".to_owned()));
    assert_eq!(keywords("datadog"), Ok("*:*foo* OR *:*bar*".to_owned()));
}

#[test]
fn any_case_is_kept_or_named_as_lost() {
    says(
        "a: Abc",
        &[
            ("lucene", "a:/[Aa][Bb][Cc]/"),
            ("eql", r#"any where a : "Abc""#),
            ("kql case", r#"a:"Abc""#),
            ("datadog case", "@a:Abc"),
        ],
    );
}

#[test]
fn cased_texts_are_said() {
    says(
        "a|cased: Abc",
        &[
            ("lucene", "a:Abc"),
            ("eql", r#"any where a == "Abc""#),
            ("kql", r#"a:"Abc""#),
            ("datadog", "@a:Abc"),
        ],
    );
}

#[test]
fn odd_names_are_quoted() {
    says(
        "b-a: '1'",
        &[
            ("lucene", "b-a:1"),
            ("eql", "any where `b-a` == 1"),
            ("kql", "b-a:1"),
            ("datadog", "@b-a:1"),
        ],
    );
    says(
        "'a b': '1'",
        &[
            ("lucene", r"a\ b:1"),
            ("eql", "any where `a b` == 1"),
            ("kql", "a b:1"),
            ("datadog", r"@a\ b:1"),
        ],
    );
}

#[test]
fn a_list_of_conditions_is_one_query() {
    let text = rule("  sel: {a: '1'}\n  other: {b: '2'}\n  condition: [sel, other]");
    for (language, expected) in [
        ("lucene", "a:1 OR b:2"),
        ("kql", "a:1 or b:2"),
        ("datadog", "@a:1 OR @b:2"),
        ("eql", "any where a == 1 or b == 2"),
    ] {
        let units = converted(&text, language);
        let texts = &units[0].result.as_ref().expect(language).texts;
        let texts: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
        assert_eq!((units.len(), texts), (1, vec![expected]), "{language}");
    }
}

#[test]
fn presence_is_said() {
    says("a|exists: true", &[("kql null-dropped", "a:*"), ("datadog null", "@a:*")]);
    says("a|exists: false", &[("kql null-dropped", "not a:*"), ("datadog null", "-@a:*")]);
}

#[test]
fn absence_is_said() {
    says(
        "a: null",
        &[
            ("lucene", "NOT _exists_:a"),
            ("eql", "any where ?a == null"),
            ("kql", "not a:*"),
            ("datadog", "-@a:*"),
        ],
    );
    says(
        "a: [null, '']",
        &[
            ("lucene", "(NOT _exists_:a) OR a:\"\""),
            ("eql", "any where ?a == null or a : \"\""),
            ("kql", "not a:* or a:\"\""),
            ("datadog", "-@a:* OR @a:\"\""),
        ],
    );
}

#[test]
fn empty_texts_are_quoted() {
    says(
        "a: ''",
        &[
            ("lucene", "a:\"\""),
            ("eql", "any where a : \"\""),
            ("kql", "a:\"\""),
            ("datadog", "@a:\"\""),
        ],
    );
}

#[test]
fn a_question_mark_stays_or_is_named_as_lost() {
    says(
        "a: '1?2'",
        &[
            ("lucene", "a:1?2"),
            ("eql", r#"any where a : "1?2""#),
            ("datadog", "@a:1?2"),
            ("kql single-character-wildcard", "a:1*2"),
        ],
    );
}

#[test]
fn networks_are_said_as_networks() {
    for network in ["10.0.0.0/9", "fe80::/10"] {
        says(
            &format!("a|cidr: {network}"),
            &[
                ("lucene", &format!("a:\"{network}\"")),
                ("eql", &format!("any where cidrMatch(a, \"{network}\")")),
                ("kql", &format!("a:\"{network}\"")),
                ("datadog", &format!("CIDR(@a,{network})")),
            ],
        );
    }
}

#[test]
fn comparisons_keep_their_direction_in_queries() {
    for (modifier, sign) in [("lt", "<"), ("lte", "<="), ("gt", ">"), ("gte", ">=")] {
        says(
            &format!("a|{modifier}: 5"),
            &[
                ("lucene", &format!("a:{sign}5")),
                ("eql", &format!("any where a {sign} 5")),
                ("kql", &format!("a {sign} 5")),
                ("datadog", &format!("@a:{sign}5")),
            ],
        );
    }
}

#[test]
fn a_list_for_neq_is_negated_as_a_whole() {
    says(
        "a|neq: ['1', '2']",
        &[("lucene", "NOT a:(1 OR 2)"), ("kql", "not a:(1 or 2)"), ("datadog", "-@a:(1 OR 2)")],
    );
}

#[test]
fn fields_compared_with_each_other_are_refused_by_name() {
    for (language, code) in
        [("lucene", "field-to-field"), ("kql", "field-to-field"), ("datadog", "field-comparison")]
    {
        assert_eq!(query("a|fieldref: b", language), Err(vec![code]), "{language}");
    }
}
