//! Bare queries.

use super::{converted, one, texts};
use crosswalk::convert::{Input, To};
use crosswalk::language::registry;
use crosswalk::source::SourceFile;

/// Losses and assumptions by name.
fn costs(unit: &crosswalk::convert::Unit) -> (Vec<&str>, Vec<&str>) {
    let done = unit.result.as_ref().expect("converts");
    let mut losses: Vec<_> = done.losses.iter().map(|loss| loss.code).collect();
    let mut assumptions: Vec<_> = done.assumptions.iter().map(|fact| fact.code).collect();
    losses.dedup();
    assumptions.dedup();
    (losses, assumptions)
}

#[test]
fn languages_of_one_platform_keep_the_names() {
    let unit = one("event.action:x", "kql", "eql");
    assert_eq!(texts(&unit), ["any where event.action == \"x\""]);
    assert_eq!(costs(&unit), (vec![], vec![]));
    let unit = one("any where event.action == \"x\"", "eql", "lucene");
    assert_eq!(texts(&unit), ["event.action:x"]);
}

#[test]
fn a_known_log_source_is_carried_into_the_other_platform() {
    let unit = one("event.dataset:aws.cloudtrail and event.action:StopLogging", "kql", "datadog");
    assert_eq!(texts(&unit), ["source:cloudtrail @evt.name:StopLogging"]);
}

#[test]
fn names_that_no_table_knows_are_kept_and_said() {
    let unit = one("@a:x", "datadog-query", "kql");
    assert_eq!(texts(&unit), ["a:x"]);
    assert_eq!(costs(&unit).1, ["field-names"]);
}

#[test]
fn a_detection_without_a_log_source_is_of_no_log_source() {
    let unit = one("s:\n  eventName|cased: X\ncondition: s\n", "sigma-detection", "kql");
    assert_eq!(texts(&unit), ["eventName:\"X\""], "no guess that this is CloudTrail");
    assert_eq!(costs(&unit).1, ["field-names"]);
}

#[test]
fn what_several_events_mean_is_refused_by_the_target() {
    for (text, from, code) in [
        ("sequence [any where a == 1] [any where b == 2]", "eql", "sequence"),
        ("FROM x | STATS n = COUNT(*) BY a | WHERE n > 5", "esql", "threshold"),
    ] {
        for to in ["kql", "lucene", "datadog", "sigma"] {
            let refused = one(text, from, to).result.expect_err(to).refused;
            assert_eq!(refused[0].code, code, "{to}");
        }
    }
}

#[test]
fn errors_have_places_in_the_file() {
    let source = SourceFile::new("a.kql", "\n  a:1 and (b:\n");
    let (units, findings) = converted(vec![source], None, To::from_name("eql").expect("a target"));
    let refused = units[0].result.as_ref().expect_err("no query");
    assert!(refused.found && refused.refused.iter().all(|why| why.code == "syntax"), "{refused:?}");
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| finding.place.as_ref().expect("a place"))
        .map(|place| place.source.line_column(place.span.start))
        .map(|at| (at.line, at.column))
        .collect();
    assert_eq!(lines[0], (2, 11), "{findings:?}");
}

#[test]
fn a_file_is_a_query_by_its_extension() {
    for language in registry::ALL {
        let source = SourceFile::new(format!("folder/q.{}", language.name()), "x");
        let input = Input::of(&source).expect("a form");
        assert!(matches!(input, Input::Query(own) if own.name() == language.name()));
    }
    assert!(Input::of(&SourceFile::new("q.txt", "a:b")).is_none());
}

#[test]
fn a_query_is_no_rule() {
    for to in ["elastic", "elastic-toml", "datadog-rule", "terraform", "sigma-rule"] {
        let refused = one("a:b", "kql", to).result.expect_err(to).refused;
        assert_eq!(refused[0].code, "incomplete-envelope", "{to}");
    }
}

/// Codes and words of everything that a conversion leans on.
fn leans_on(unit: &crosswalk::convert::Unit) -> Vec<(&str, &str)> {
    let done = unit.result.as_ref().expect("converts");
    done.assumptions.iter().map(|fact| (fact.code, fact.reason.as_str())).collect()
}

#[test]
fn the_source_of_a_log_is_no_field_of_another_platform() {
    let unit = one("source:okta @a.b:x", "datadog-query", "kql");
    assert_eq!(texts(&unit), ["a.b:x"]);
    let said = [
        ("field-names", "no table says what ECS calls `@a.b`; the query asks for `a.b`"),
        ("log-source", "the query is only run on logs whose `source` is `okta`"),
    ];
    assert_eq!(leans_on(&unit), said);
    let several = one("source:(okta OR auth0) -service:x @a:x", "datadog-query", "lucene");
    assert_eq!(texts(&several), ["a:x"]);
    let said: Vec<_> = leans_on(&several).into_iter().map(|(_, words)| words).collect();
    assert!(said.iter().any(|words| words.contains("`source` is `okta` or `auth0`")), "{said:?}");
    assert!(said.iter().any(|words| words.contains("`service` is not `x`")), "{said:?}");
    for mixed in ["(source:okta @a:x) OR @b:y", "@a:x OR source:okta"] {
        let refused = one(mixed, "datadog-query", "kql").result.expect_err(mixed).refused;
        assert_eq!(refused[0].code, "no-field", "{refused:?}");
    }
}

#[test]
fn what_a_catalogue_knows_is_carried_whatever_stands_beside_it() {
    let query = "source:cloudtrail @evt.name:StopLogging @foo.bar:y";
    let kql = one(query, "datadog-query", "kql");
    assert_eq!(
        texts(&kql),
        ["event.dataset:\"aws.cloudtrail\" and event.action:\"StopLogging\" and foo.bar:y"]
    );
    let names: Vec<_> =
        leans_on(&kql).into_iter().filter(|(code, _)| *code == "field-names").collect();
    let only = "no table says what ECS calls `@foo.bar`; the query asks for `foo.bar`";
    assert_eq!(names, [("field-names", only)]);
    assert!(!leans_on(&kql).iter().any(|(code, _)| *code == "log-source"), "the query asks for it");
    let sigma = one(query, "datadog-query", "sigma");
    assert!(texts(&sigma)[0].contains("eventName: StopLogging"), "{:?}", texts(&sigma));
    assert!(!texts(&sigma)[0].contains("source"), "{:?}", texts(&sigma));
    let only = ("log-source", "the query is only run on events of `aws/cloudtrail`");
    assert!(leans_on(&sigma).contains(&only), "{:?}", leans_on(&sigma));
    let back = one(
        "event.dataset:aws.cloudtrail and event.action:StopLogging and a.b:y",
        "kql",
        "datadog",
    );
    assert_eq!(texts(&back), ["source:cloudtrail @evt.name:StopLogging @a.b:y"]);
}
