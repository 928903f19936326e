//! The pack of the CIS monitoring section against the benchmark: each subject's rule, as written
//! and as it comes out for Elastic and Datadog, must detect what each claimed version demands.
//! Every difference is listed here by name.

#[path = "../common/mod.rs"]
mod common;
mod demand;
mod synthetic;

use std::collections::{BTreeMap, BTreeSet};

use common::cloudtrail::{Events, accepts, built, our_rules, reparsed};
use common::corpus;
use crosswalk::config::Target;
use crosswalk::fields::{Catalog, View};
use crosswalk::query::Expr;
use crosswalk::rule::controls::framework;
use crosswalk::rule::{Rule, RuleSet};
use demand::Control;
use serde_json::Value;

/// Where a rule's events and a version's demand part.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Gap {
    /// A demanded event is not found.
    Missed,
    /// An event is found that is not demanded.
    Added,
}
use Gap::{Added, Missed};

const CANONICAL: &str = "canonical";
const ELASTIC: &str = "elastic";
const DATADOG: &str = "datadog";
const EVERYWHERE: [&str; 3] = [CANONICAL, ELASTIC, DATADOG];

/// A difference that is meant, in a range of versions.
struct Difference {
    slug: &'static str,
    places: &'static [&'static str],
    from: &'static str,
    to: &'static str,
    gap: Gap,
}

/// The differences that there are, and no others.
const KNOWN: [Difference; 2] = [
    // ModifySecurityGroupRules is demanded from 5.0.0 on.
    Difference {
        slug: "security-group-changes",
        places: &EVERYWHERE,
        from: "1.2.0",
        to: "4.0.1",
        gap: Added,
    },
    // The rule has the exclusions that came with 1.3.0.
    Difference {
        slug: "unauthorized-api-calls",
        places: &EVERYWHERE,
        from: "1.2.0",
        to: "1.2.0",
        gap: Missed,
    },
];

/// Subject, where, version, what.
type Found = BTreeSet<(String, &'static str, String, Gap)>;

fn known() -> Found {
    let versions = &framework("cis-aws-foundations").expect("shipped").versions;
    let at = |version: &str| versions.iter().position(|own| own == version).expect("a version");
    let mut known = Found::new();
    for Difference { slug, places, from, to, gap } in KNOWN {
        for place in places {
            let versions = versions[at(from)..=at(to)].iter();
            known.extend(versions.map(|v| (slug.to_owned(), *place, v.clone(), gap)));
        }
    }
    known
}

/// One rule with what it means in each place.
struct Subject<'r> {
    rule: &'r Rule,
    meanings: Vec<(&'static str, View, Expr)>,
    /// The conditions of the platforms' variants, over the raw record.
    intended: BTreeMap<&'static str, Expr>,
}

/// The rule of each subject, built. Fails if a platform is narrower than its rule, even by consent.
fn subjects(set: &RuleSet) -> BTreeMap<&'static str, Subject<'_>> {
    let built = built(set);
    let claiming = set.rules().filter(|rule| !rule.sections.controls.is_empty());
    claiming
        .map(|rule| {
            let (_, control) = rule.sections.controls[0].value.resolve().expect("a known control");
            let canonical = set.expr(rule, None).expect("a meaning");
            let made = built.rules.iter().find(|made| made.title == rule.header.title);
            let mut meanings = vec![(CANONICAL, View::Raw, canonical)];
            for (place, view, target) in
                [(ELASTIC, View::Ecs, Target::Elastic), (DATADOG, View::Datadog, Target::Datadog)]
            {
                let output = made.and_then(|made| made.output(target)).expect("built");
                assert!(!accepts(output, "narrower"), "{} on {place}", control.slug);
                meanings.push((place, view, reparsed(output)));
            }
            (control.slug.as_str(), Subject { rule, meanings, intended: intended(set, rule) })
        })
        .collect()
}

fn intended(set: &RuleSet, rule: &Rule) -> BTreeMap<&'static str, Expr> {
    let meaning = |condition| set.expr(rule, condition).expect("a meaning");
    let elastic = &rule.sections.elastic.condition;
    let cases = &rule.sections.datadog.cases;
    let datadog = cases.iter().map(|case| meaning(Some(&case.condition.value)));
    BTreeMap::from([
        (ELASTIC, meaning(elastic.as_ref().map(|condition| &condition.value))),
        (DATADOG, Expr::any_of(datadog.collect::<Vec<_>>())),
    ])
}

fn controls() -> Option<Vec<Control>> {
    let path = corpus("../facts/data/cis_aws_monitoring.json", "the benchmark's demands")?;
    let text = std::fs::read_to_string(path).expect("readable");
    Some(serde_json::from_str(&text).expect("controls"))
}

/// The gaps between a subject's rule and each version of its control on some events, after a check
/// that the platforms find exactly the records of their conditions.
fn gaps(slug: &str, subject: &Subject<'_>, controls: &[Control], events: &Events) -> Found {
    let mut found = Found::new();
    for (place, view, expr) in &subject.meanings {
        let hits: Vec<bool> = events.view(*view).iter().map(|event| expr.eval(event)).collect();
        if let Some(intended) = subject.intended.get(place) {
            for (record, hit) in events.raw.iter().zip(&hits) {
                assert_eq!(*hit, intended.eval(record), "{slug} on {place}: {record}");
            }
        }
        for control in controls.iter().filter(|control| control.slug == slug) {
            let pairs = events.raw.iter().zip(&hits);
            let gaps = pairs.filter_map(|(record, hit)| gap(control, record, *hit));
            found.extend(gaps.map(|gap| (slug.to_owned(), *place, control.version.clone(), gap)));
        }
    }
    found
}

fn gap(control: &Control, record: &Value, hit: bool) -> Option<Gap> {
    match (control.intent.holds(record), hit) {
        (true, false) => Some(Missed),
        (false, true) => Some(Added),
        _ => None,
    }
}

#[test]
fn every_subject_is_claimed_in_every_version_by_one_rule() {
    let cis = framework("cis-aws-foundations").expect("shipped");
    let set = our_rules();
    let mut claimed: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for rule in set.rules() {
        for control in &rule.sections.controls {
            let (_, subject) = control.value.resolve().expect("a known control");
            let key = (subject.slug.as_str(), control.value.version.as_str());
            claimed.entry(key).or_default().push(&rule.header.title);
        }
    }
    for subject in &cis.subjects {
        let claims = subject.control.keys().map(|version| {
            claimed.remove(&(subject.slug.as_str(), version.as_str())).unwrap_or_default()
        });
        let claims: BTreeSet<Vec<&str>> = claims.collect();
        assert_eq!(claims.len(), 1, "{}: {claims:?}", subject.slug);
        assert!(claims.iter().all(|rules| rules.len() == 1), "{}: {claims:?}", subject.slug);
    }
    assert!(claimed.is_empty(), "{claimed:?}");
}

#[test]
fn every_test_event_of_a_rule_gets_its_verdict() {
    let set = our_rules();
    for rule in set.rules() {
        let expr = set.expr(rule, None).expect("a meaning");
        for test in &rule.sections.tests {
            let event = &test.event;
            assert_eq!(
                expr.eval(event),
                test.matches,
                "{}: {}",
                rule.header.title,
                test.name.value
            );
        }
        let matching = rule.sections.tests.iter().filter(|test| test.matches).count();
        let quiet = rule.sections.tests.len() - matching;
        assert!(matching >= 3 && quiet >= 3, "{}: {matching}, {quiet}", rule.header.title);
    }
}

#[test]
fn on_real_events_the_pack_differs_from_the_benchmark_only_where_it_says_so() {
    let (Some(events), Some(controls)) = (Events::load(), controls()) else { return };
    let set = our_rules();
    let mut found = Found::new();
    for (slug, subject) in subjects(&set) {
        found.extend(gaps(slug, &subject, &controls, &events));
        let hits = events.hits(View::Raw, &subject.meanings[0].2).len();
        eprintln!("{slug} ({}): {hits} of {} events", subject.rule.header.title, events.ids.len());
    }
    let unknown: Vec<_> = found.difference(&known()).cloned().collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// The document that a view holds for a record.
fn projected(record: &Value, view: View) -> Value {
    let catalog = Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None);
    catalog.expect("the table is shipped").project(record, view)
}

/// Events made from every version and every form of a subject's demand.
fn synthetic_events(slug: &str, controls: &[Control]) -> Events {
    let controls = controls.iter().filter(|control| control.slug == slug);
    let forms = controls.flat_map(|control| {
        control.variants.iter().map(|form| &form.filter).chain([&control.intent])
    });
    let texts: BTreeSet<String> =
        forms.flat_map(synthetic::events).map(|event| event.to_string()).collect();
    let parse = |text: &String| serde_json::from_str(text).expect("JSON");
    let raw: Vec<Value> = texts.iter().map(parse).collect();
    Events {
        ecs: raw.iter().map(|record| projected(record, View::Ecs)).collect(),
        datadog: raw.iter().map(|record| projected(record, View::Datadog)).collect(),
        ids: texts.into_iter().collect(),
        raw,
    }
}

#[test]
fn on_synthetic_events_the_pack_differs_from_the_benchmark_exactly_where_it_says_so() {
    let Some(controls) = controls() else { return };
    let set = our_rules();
    let (mut found, mut judged) = (Found::new(), 0);
    for (slug, subject) in subjects(&set) {
        let events = synthetic_events(slug, &controls);
        for control in controls.iter().filter(|control| control.slug == slug) {
            let demanded = events.raw.iter().filter(|record| control.intent.holds(record)).count();
            assert!(demanded > 0 && demanded < events.raw.len(), "{slug} {}", control.version);
        }
        found.extend(gaps(slug, &subject, &controls, &events));
        judged += events.raw.len();
    }
    eprintln!("{} controls on {judged} synthetic events", controls.len());
    let known = known();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    let stale: Vec<_> = known.difference(&found).collect();
    assert!(stale.is_empty(), "{stale:#?}");
}

#[test]
fn projections_give_what_the_platforms_recorded() {
    let Some(events) = Events::load() else { return };
    let set = our_rules();
    let projected = Events {
        ids: events.ids.clone(),
        ecs: events.raw.iter().map(|record| projected(record, View::Ecs)).collect(),
        datadog: events.raw.iter().map(|record| projected(record, View::Datadog)).collect(),
        raw: Vec::new(),
    };
    for (slug, subject) in subjects(&set) {
        for (place, view, expr) in subject.meanings.iter().filter(|(place, ..)| *place != CANONICAL)
        {
            let (own, recorded) = (projected.hits(*view, expr), events.hits(*view, expr));
            assert_eq!(own, recorded, "{slug} on {place}");
        }
    }
}
