//! Every form of the report: valid for whoever reads it, the same on every run, and safe whatever
//! a rule is called.

use std::path::PathBuf;

use crosswalk::compliance::report::oscal::{
    Stamp, assessment_results, component_definition, framework_mapping, mapping_collection,
};
use crosswalk::compliance::{AttackCoverage, AttackGrade, Audit, Detector, Scope, report};
use crosswalk::rule::controls::crosswalk;
use serde_json::Value;

use crate::audit::{cis, detectors, rules};
use crate::common::cloudtrail::our_rules;

fn assert_valid(schema: &str, document: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(schema);
    let text = std::fs::read_to_string(path).expect(schema);
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema);
    let validator = validator.expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// A rule with a title that every format would choke on, and gaps of every kind.
fn hostile() -> Vec<Detector> {
    let title = r#"=1+1 <script>alert('x')</script> | `{0}` ]]> "q" {{ 7 }} \u0001"#;
    let text = format!(
        "title: '{}'\nlogsource: {{product: aws, service: cloudtrail}}\ncontrols: [cis-aws-foundations@7.0.0/5.7, cis-aws-foundations@7.0.0/5.14]\ndetection: {{s: {{eventSource: kms.amazonaws.com, eventName: DisableKey}}, t: {{userAgent: '<b>|x'}}, condition: s and not t}}\n",
        title.replace('\'', "''")
    );
    rules(&[&text])
}

/// Two versions, so that there is a history.
fn scope() -> Scope<'static> {
    Scope { versions: vec!["4.0.1".to_owned(), "7.0.0".to_owned()], ..Scope::all(cis()) }
}

/// An audit of the shipped rules and one of the hostile rule, with the rules.
fn audits() -> Vec<(Vec<Detector>, Audit)> {
    [detectors(&our_rules()), hostile(), Vec::new()]
        .into_iter()
        .map(|detectors| {
            let audit = Audit::of(&detectors, &scope());
            (detectors, audit)
        })
        .collect()
}

#[test]
fn every_form_is_valid_and_stable() {
    for (detectors, audit) in audits() {
        let stamp = Stamp::of(&audit, None);
        let component = component_definition(&audit, &stamp);
        assert_valid("schemas/oscal/component-definition.schema.json", &component);
        let results = assessment_results(&audit, &stamp);
        assert_valid("schemas/oscal/assessment-results.schema.json", &results);
        let mapping = mapping_collection(&audit, &stamp);
        assert_eq!(mapping.is_none(), detectors.is_empty());
        if let Some(mapping) = mapping {
            assert_valid("schemas/oscal/mapping-collection.schema.json", &mapping);
        }
        let places: Vec<_> = detectors.iter().map(|detector| detector.at.clone()).collect();
        let sarif = report::sarif(&audit, &places);
        assert_valid("tests/render/sarif.schema.json", &sarif);
        let layer = report::navigator(&AttackCoverage::of(&detectors), "rules");
        assert_valid("schemas/attack/navigator-layer-4.5.schema.json", &layer);
        let again = Audit::of(&detectors, &scope());
        assert_eq!(report::json(&audit), report::json(&again));
        assert_eq!(results, assessment_results(&again, &Stamp::of(&again, None)));
        for text in [
            report::terminal(&audit),
            report::markdown(&audit),
            report::csv(&audit),
            report::html(&audit).expect("a page"),
            report::junit(&audit).expect("XML"),
        ] {
            assert!(!text.is_empty() && !text.contains('\u{1}'));
        }
    }
}

#[test]
fn ids_of_oscal_are_unique() {
    let (_, audit) = audits().swap_remove(0);
    let stamp = Stamp::of(&audit, Some("2026-11-22T10:00:00Z"));
    let documents = [
        component_definition(&audit, &stamp),
        assessment_results(&audit, &stamp),
        mapping_collection(&audit, &stamp).expect("relations"),
        framework_mapping(cis(), crosswalk("cis-aws-foundations"), &stamp),
    ];
    assert_valid("schemas/oscal/mapping-collection.schema.json", &documents[3]);
    for document in &documents {
        let mut ids = Vec::new();
        collect(document, &mut ids);
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id stands twice");
    }
}

fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            ids.extend(members.get("uuid").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        _ => {}
    }
}

#[test]
fn versions_are_mapped_to_one_another() {
    let audit = Audit::of(&[], &Scope::newest(cis()));
    let mapping = framework_mapping(cis(), None, &Stamp::of(&audit, None));
    let mappings = mapping["mapping-collection"]["mappings"].as_array().expect("mappings");
    assert_eq!(mappings.len(), 10);
    let of = |from: &str, to: &str| {
        let maps = mappings.iter().flat_map(|mapping| mapping["maps"].as_array().expect("maps"));
        let mut maps = maps
            .filter(|map| map["sources"][0]["id-ref"] == from && map["targets"][0]["id-ref"] == to);
        maps.next_back().map(|map| map["relationship"].as_str().expect("a word").to_owned())
    };
    // 5.0.0 asks for one more call than 4.0.1.
    let grown = of("cis-aws-foundations-4.10", "cis-aws-foundations-4.10");
    assert_eq!(grown.as_deref(), Some("subset-of"));
    let moved = of("cis-aws-foundations-4.10", "cis-aws-foundations-5.10");
    assert_eq!(moved.as_deref(), Some("equal-to"));
    let excluded = of("cis-aws-foundations-3.1", "cis-aws-foundations-4.1");
    assert_eq!(excluded.as_deref(), Some("superset-of"));
}

#[test]
fn no_title_breaks_out_of_a_page() {
    let (_, audit) = audits().swap_remove(1);
    let html = report::html(&audit).expect("a page");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"));
    for loaded in ["src=", "href=\"http", "@import", "url("] {
        assert!(!html.contains(loaded), "{loaded}");
    }
    let markdown = report::markdown(&audit);
    let outside = markdown.split("```").step_by(2).collect::<String>();
    assert!(!outside.contains("<script") && !outside.contains("<b>"));
    let csv = report::csv(&audit);
    assert!(csv.contains("\"'=1+1"), "{csv}");
    assert!(csv.lines().all(|line| !line.starts_with('=')));
    let junit = report::junit(&audit).expect("XML");
    assert!(!junit.contains("<script"));
}

#[test]
fn the_terminal_shows_the_pack() {
    let detectors = detectors(&our_rules());
    let audit = Audit::of(&detectors, &Scope::newest(cis()));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/compliance/pack.txt");
    let text = report::terminal(&audit);
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the expected file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the expected file");
    assert_eq!(text, expected, "read the difference, then CROSSWALK_BLESS=1");
}

#[test]
fn techniques_have_grades() {
    let coverage = AttackCoverage::of(&detectors(&our_rules()));
    assert_eq!(coverage.problems, []);
    assert!(coverage.active == 697 && !coverage.techniques.is_empty());
    assert_eq!(coverage.at_least(AttackGrade::Tested), coverage.techniques.len());
    let tagged = |tags: &str| {
        let text = format!(
            "title: t\nlogsource: {{product: aws, service: cloudtrail}}\ntags: [{tags}]\ndetection: {{s: {{a: b}}, condition: s}}\n"
        );
        AttackCoverage::of(&rules(&[&text]))
    };
    let grade = |tags: &str| tagged(tags).techniques.first().map(|row| row.grade);
    assert_eq!(grade("attack.t1686.001"), Some(AttackGrade::Claimed));
    assert_eq!(grade("attack.t1686.001, attack.impact"), Some(AttackGrade::Claimed));
    let both = "attack.t1686.001, attack.defense-impairment";
    assert_eq!(grade(both), Some(AttackGrade::Consistent));
    assert_eq!(tagged("attack.t1686.001, attack.impact").problems.len(), 1);
    assert_eq!(tagged("attack.t1562.007").techniques[0].technique.id, "T1686.001");
}
