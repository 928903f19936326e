//! Generated queries against real events: the canonical expression on the raw record, the parsed
//! KQL on the record as Elastic indexes it, and the parsed Datadog query on the record as Datadog
//! presents it must agree, or the rule must accept the difference by name.

mod common;

use std::collections::BTreeSet;

use common::cloudtrail::{Events, accepts, built, our_rules, reparsed, templates, view_of};
use common::{corpus, rows, text};
use crosswalk::build::build;
use crosswalk::config::{Config, Target};
use crosswalk::fields::View;
use crosswalk::rule::{Rule, RuleFile, RuleSet};
use crosswalk::source::discover;
use serde_json::Value;

#[test]
fn our_rules_agree_on_all_platforms_or_accept_the_difference() {
    let Some(events) = Events::load() else { return };
    let set = our_rules();
    let built = built(&set);
    assert!(built.rules.len() >= 16);
    for rule in &built.rules {
        let canonical: &Rule =
            set.rules().find(|own| own.header.title == rule.title).expect("built");
        let expr = set.expr(canonical, None).expect("a meaning");
        let raw = events.hits(View::Raw, &expr);
        for target in [Target::Elastic, Target::Datadog] {
            let output = rule.output(target).expect("built");
            let hits = events.hits(view_of(target), &reparsed(output));
            let missed: Vec<_> = raw.difference(&hits).collect();
            let added: Vec<_> = hits.difference(&raw).collect();
            eprintln!(
                "{} on {target:?}: {} events, {} missed, {} added",
                rule.name,
                raw.len(),
                missed.len(),
                added.len()
            );
            assert!(missed.is_empty() || accepts(output, "narrower"), "{}: {missed:?}", rule.name);
            assert!(added.is_empty() || accepts(output, "wider"), "{}: {added:?}", rule.name);
        }
    }
}

/// The two vendors' conditions as canonical rules, in their own words.
fn seed(detection: &str) -> RuleSet {
    let rule = format!(
        "title: seed\nid: 7d1e8a52-6c5e-4b0e-9d2f-0a8b3c4d5e6f\nlevel: low\n\
         logsource: {{product: aws, service: cloudtrail}}\ndetection:\n{detection}"
    );
    let (file, findings) = RuleFile::parse("seed.yml", &rule);
    assert!(findings.is_empty(), "{}", crosswalk::diagnostic::render::human(&findings, false));
    RuleSet::of(vec![file])
}

const ELASTIC_SEED: &str = "
  calls:
    eventSource: ec2.amazonaws.com
    eventName:
      - AuthorizeSecurityGroupEgress
      - CreateSecurityGroup
      - ModifyInstanceAttribute
      - ModifySecurityGroupRules
      - RevokeSecurityGroupEgress
      - RevokeSecurityGroupIngress
  succeeded: {errorCode: null, errorMessage: null}
  condition: calls and succeeded
";

const DATADOG_SEED_CALLS: &str = "
  calls:
    eventName:
      - AuthorizeSecurityGroupIngress
      - AuthorizeSecurityGroupEgress
      - RevokeSecurityGroupIngress
      - RevokeSecurityGroupEgress
      - CreateSecurityGroup
      - DeleteSecurityGroup
  condition: calls
";

#[test]
fn the_two_seed_rules_match_the_events_that_the_judges_found_and_share_two() {
    let Some(events) = Events::load() else { return };
    let Some(path) = corpus("cloudtrail/seed_truth.json", "the truth of the seeds") else { return };
    let truth: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON");
    let ids = |rows: &Value| -> BTreeSet<String> {
        let rows = rows.as_array().expect("a list").iter();
        rows.map(|row| row.as_str().unwrap_or_else(|| text(row, "id")).to_owned()).collect()
    };
    let elastic = seed(ELASTIC_SEED);
    let elastic = built(&elastic);
    let elastic = elastic.rules[0].output(Target::Elastic).expect("built");
    assert_eq!(elastic.losses, []);
    let elastic = events.hits(View::Ecs, &reparsed(elastic));
    let expected = ids(&truth["elastic_seed"]["matches"]);
    assert_eq!(elastic, expected.iter().map(String::as_str).collect());

    let datadog = seed(DATADOG_SEED_CALLS);
    let datadog = built(&datadog);
    let datadog = datadog.rules[0].output(Target::Datadog).expect("built");
    assert_eq!(datadog.losses, []);
    let datadog = events.hits(View::Datadog, &reparsed(datadog));
    let expected = ids(&truth["datadog_seed"]["doc_page_api_list_only"]["matches"]);
    assert_eq!(datadog, expected.iter().map(String::as_str).collect());

    // Seven and seven as deployed, and two in common: equal counts prove nothing.
    let deployed = ids(&truth["datadog_seed"]["matches"]);
    let shared: Vec<_> = elastic.iter().filter(|id| deployed.contains(**id)).collect();
    assert_eq!((elastic.len(), deployed.len(), shared.len()), (7, 7, 2));
}

#[test]
fn sigma_rules_match_the_events_that_the_judges_found() {
    let Some(events) = Events::load() else { return };
    let Some(root) = corpus("", "verdicts on Sigma rules") else { return };
    let mut compared = 0;
    for row in rows(&root.join("cloudtrail/verdicts/sigma.jsonl")) {
        let Some(matches) = row["matches"].as_array() else { continue };
        let (file, _) = RuleFile::parse(
            "rule.yml",
            &std::fs::read_to_string(root.join(text(&row, "rule"))).expect("readable"),
        );
        let set = RuleSet::of(vec![file]);
        let rule = set.rules().next().expect("a rule");
        let hits = events.hits(View::Raw, &set.expr(rule, None).expect("a meaning"));
        // Events where the judge found an array or object in place of a scalar are left out.
        let unsupported: BTreeSet<&str> =
            row["unsupported"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let expected: BTreeSet<&str> = matches.iter().filter_map(Value::as_str).collect();
        let hits: BTreeSet<&str> = hits.difference(&unsupported).copied().collect();
        assert_eq!(hits, expected, "{}", text(&row, "rule"));
        compared += 1;
    }
    eprintln!("verdicts on {compared} Sigma rules");
    assert!(compared > 30);
}

#[test]
fn sigma_rules_mean_the_same_on_every_platform_that_takes_them() {
    let Some(events) = Events::load() else { return };
    let Some(root) = corpus("sigma/rules/cloud/aws", "Sigma's AWS rules on all platforms") else {
        return;
    };
    let (set, _) = RuleSet::read(&discover(&[root], &["yml"]).0);
    let built = build(&set, &Config::default(), &[Target::Elastic, Target::Datadog], &templates());
    let (mut compared, mut refused) = (0, 0);
    for rule in &built.rules {
        let canonical = set.rules().find(|own| own.header.title == rule.title).expect("built");
        let raw = events.hits(View::Raw, &set.expr(canonical, None).expect("a meaning"));
        for (target, view) in [(Target::Elastic, View::Ecs), (Target::Datadog, View::Datadog)] {
            let Some(output) = rule.output(target) else {
                refused += 1;
                continue;
            };
            let hits = events.hits(view, &reparsed(output));
            let named = |effects: &[crosswalk::query::Effect]| {
                output.losses.iter().any(|loss| effects.contains(&loss.effect))
            };
            use crosswalk::query::Effect::{Narrower, Overlapping, Wider};
            let missed: Vec<_> = raw.difference(&hits).collect();
            let added: Vec<_> = hits.difference(&raw).collect();
            assert!(
                missed.is_empty() || named(&[Narrower, Overlapping]),
                "{} {target:?} misses {missed:?}\n{:?}",
                rule.name,
                output.queries
            );
            assert!(
                added.is_empty() || named(&[Wider, Overlapping]),
                "{} {target:?} adds {added:?}\n{:?}",
                rule.name,
                output.queries
            );
            compared += 1;
        }
    }
    eprintln!("{compared} translations agree up to named losses; {refused} were refused");
    assert!(compared > 50);
}
