//! The audit of the shipped rules, of public ones, and of rules with one fault each.

use crosswalk::compliance::{
    Audit, Detector, Grade, NarrowingKind, Place, Reading, Scope, SetRelation, State, Verdict,
    parts, report,
};
use crosswalk::config::Target;
use crosswalk::rule::controls::{Framework, framework};
use crosswalk::rule::{RuleFile, RuleSet};

use crate::common::cloudtrail::{built, our_rules};

pub(crate) fn cis() -> &'static Framework {
    framework("cis-aws-foundations").expect("shipped")
}

/// The rules of a set with everything that is generated from them.
pub(crate) fn detectors(set: &RuleSet) -> Vec<Detector> {
    let built = built(set);
    let mut detectors = Detector::all(set);
    let rules = set.rules().filter(|rule| set.raises_alerts(rule));
    for ((detector, made), rule) in detectors.iter_mut().zip(&built.rules).zip(rules) {
        assert!(detector.title == made.title && rule.header.title == made.title);
        for target in [Target::Elastic, Target::Datadog, Target::Sigma] {
            detector.add_output(set, rule, made.output(target).expect("built"));
        }
    }
    detectors
}

/// Rules as written, from texts.
pub(crate) fn rules(texts: &[&str]) -> Vec<Detector> {
    let files = texts.iter().enumerate().map(|(at, text)| {
        let (file, findings) = RuleFile::parse(&format!("rule{at}.yml"), text);
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == crosswalk::diagnostic::Severity::Error);
        assert_eq!(errors.count(), 0, "{findings:#?}\n{text}");
        file
    });
    let set = RuleSet::of(files.collect());
    Detector::all(&set)
}

/// A CloudTrail rule with this detection, as YAML's flow style.
fn rule(detection: &str) -> String {
    format!(
        "title: {detection:?}\nlogsource: {{product: aws, service: cloudtrail}}\ndetection: {{{detection}}}\n"
    )
}

#[test]
fn the_pack_covers_what_it_claims() {
    let detectors = detectors(&our_rules());
    let audit = Audit::of(&detectors, &Scope::all(cis()));
    assert_eq!(audit.places, [Place::Rule, Place::Elastic, Place::Datadog, Place::Sigma]);
    let newest = audit.version("7.0.0").expect("audited");
    for control in &newest.controls {
        for place in &control.places {
            let what = format!("{} on {}", control.slug, place.place.name());
            assert_eq!(place.covered(), place.parts.len(), "{what}");
            assert!(place.grade() >= Some(Grade::Proven), "{what}");
            let whole = |r: &&crosswalk::compliance::RuleRelation| r.covered == r.of;
            let relation = place.relations.iter().find(whole).expect("one rule");
            assert_eq!(relation.relation, SetRelation::EqualTo, "{what}");
        }
    }
    for control in audit.versions.iter().flat_map(|version| &version.controls) {
        let claimed = control.claims.iter().filter(|claim| claim.claimed);
        for claim in claimed {
            let earlier = control.slug == "unauthorized-api-calls" && claim.of == 2;
            assert!(claim.problem().is_none() || earlier, "{}: {claim:?}", control.control);
        }
        let undecided = control.places.iter().flat_map(|place| &place.parts);
        let undecided = undecided.filter(|part| part.state == State::Undecided);
        assert_eq!(undecided.count(), 0, "{}", control.control);
    }
}

#[test]
fn every_witness_is_demanded_and_missed() {
    let detectors = detectors(&our_rules());
    for reading in [Reading::Intent, Reading::Literal] {
        let scope = Scope { reading, ..Scope::all(cis()) };
        let audit = Audit::of(&detectors, &scope);
        let (mut witnesses, mut covered) = (0, 0);
        for control in audit.versions.iter().flat_map(|version| &version.controls) {
            let subject = cis().subject(&control.control.version, &control.control.number);
            let subject = subject.expect("known");
            let demand = cis().demand(subject, &control.control.version).expect("a demand");
            let whole = if reading == Reading::Intent { &demand.intent } else { &demand.literal };
            let place = control.place(Place::Rule).expect("audited");
            for (part, demanded) in place.parts.iter().zip(parts(whole)) {
                assert_eq!(part.name, demanded.name);
                for (rule, verdict) in &part.rules {
                    let meant = detectors[*rule].meaning(Place::Rule).expect("a meaning");
                    match verdict {
                        Verdict::Narrowed { by, .. } => {
                            for one in by {
                                let event = one.witness.as_ref().expect("a witness");
                                assert!(demanded.expr.eval(event), "{event}");
                                assert!(!meant.expr.eval(event), "{event}");
                                witnesses += 1;
                            }
                        }
                        Verdict::Covered { .. } => {
                            // Whatever the tests of rules hold of the part, the rule finds it.
                            let events = detectors.iter().flat_map(|own| &own.tests);
                            for (_, event) in events {
                                let found = !demanded.expr.eval(event) || meant.expr.eval(event);
                                assert!(found, "{event}");
                            }
                            covered += 1;
                        }
                        _ => {}
                    }
                }
            }
            for relation in &place.relations {
                let Some(event) = &relation.beyond else { continue };
                let meant = detectors[relation.rule].meaning(Place::Rule).expect("a meaning");
                assert!(meant.expr.eval(event) && !whole.eval(event), "{event}");
            }
        }
        eprintln!("{reading:?}: {covered} covered, {witnesses} witnesses");
        assert!(covered + witnesses > 500);
    }
}

#[test]
fn a_lost_call_is_one_readable_line() {
    let whole = rule(
        "s: {eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion]}, condition: s",
    );
    let less = rule("s: {eventSource: kms.amazonaws.com, eventName: [DisableKey]}, condition: s");
    let scope = Scope::newest(cis());
    let before = Audit::of(&rules(&[&whole]), &scope);
    let after = Audit::of(&rules(&[&less]), &scope);
    let baseline = report::Baseline::read(&report::json(&before).to_string()).expect("a baseline");
    let fallen = |audit: &Audit| {
        let fallen = baseline.fallen(std::slice::from_ref(audit));
        fallen.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(fallen(&before), Vec::<String>::new());
    assert_eq!(baseline, report::Baseline::of(std::slice::from_ref(&before)));
    assert_eq!(
        fallen(&after),
        [
            "cis-aws-foundations@7.0.0/5.7 on rule: ScheduleKeyDeletion was covered and is not covered now (2/2 before, 1/2 now)"
        ]
    );
}

/// The audit of one control by rules as written.
fn place(texts: &[String], slug: &str) -> crosswalk::compliance::PlaceAudit {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let audit = Audit::of(&rules(&texts), &Scope::newest(cis()));
    let version = audit.versions.first().expect("a version");
    let control = version.controls.iter().find(|control| control.slug == slug);
    control.expect("a control").place(Place::Rule).expect("audited").clone()
}

#[test]
fn rules_cover_together_what_none_covers_alone() {
    let kms = "eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion]";
    let good = rule(&format!("s: {{{kms}, errorCode: null}}, condition: s"));
    let bad = rule(&format!("s: {{{kms}}}, ok: {{errorCode: null}}, condition: s and not ok"));
    let other = rule("s: {'userIdentity.type': Root}, condition: s");
    let both = place(&[good.clone(), bad, other], "kms-cmk-disable-or-delete");
    assert_eq!(both.fraction(), "2/2");
    assert!(both.parts.iter().all(|part| part.state == State::Together));
    let alone = place(&[good], "kms-cmk-disable-or-delete");
    assert_eq!(alone.fraction(), "2/2, 2 narrowed");
    assert_eq!(alone.narrowings(), [NarrowingKind::Outcome]);
}

#[test]
fn chance_finds_count_for_nothing() {
    let root = rule("s: {'userIdentity.type': Root}, condition: s");
    let any = rule("s: {'eventName|exists': true, 'userIdentity.type': Root}, condition: s");
    let new = format!(
        "{}new_value: {{fields: [userIdentity.arn], history: 7d}}\n",
        rule("s: {'userAgent|exists': true}, t: {'userAgent|exists': false}, condition: s or t")
    );
    let found = place(&[root, any, new], "kms-cmk-disable-or-delete");
    assert_eq!((found.reached(), found.relations.len()), (0, 0));
    // Failed calls of the root user are found by chance; all failed calls are not.
    let some = rule("s: {'errorCode|exists': true, 'userIdentity.type': Root}, condition: s");
    assert_eq!(place(&[some], "unauthorized-api-calls").reached(), 0);
    let all = rule("s: {'errorCode|exists': true}, condition: s");
    assert_eq!(place(&[all], "unauthorized-api-calls").covered(), 2);
}

/// Who asks for one of the demanded values asks for what is demanded, for some of it.
#[test]
fn a_value_of_a_demanded_pattern_is_found_in_part() {
    let found = |detection: &str| {
        let found = place(&[rule(detection)], "unauthorized-api-calls");
        (found.covered(), found.reached(), found.narrowings())
    };
    let narrowed = (0, 1, vec![NarrowingKind::Condition]);
    assert_eq!(found("s: {'errorCode|cased': AccessDenied}, condition: s"), narrowed);
    let call = "eventName: DeleteTrail, 'errorCode|cased': AccessDenied";
    assert_eq!(found(&format!("s: {{{call}}}, condition: s")), narrowed);
    let both = "'errorCode|cased': [AccessDenied, Client.UnauthorizedOperation]";
    let (covered, reached, _) = found(&format!("s: {{{both}}}, condition: s"));
    assert_eq!((covered, reached), (0, 2));
    // A choice of errors is no outcome that could be accepted.
    let scope = Scope { accept: vec![NarrowingKind::Outcome], ..Scope::newest(cis()) };
    let text = rule("s: {'errorCode|cased': AccessDenied}, condition: s");
    let audit = Audit::of(&rules(&[&text]), &scope);
    assert_eq!(audit.score(audit.versions.first().expect("a version"), Place::Rule).0, 0);
    // What is excluded, what is not excluded by the demand, and other values are no answer to it.
    let nothing = (0, 0, Vec::new());
    let other = "eventName: DeleteTrail";
    assert_eq!(found(&format!("s: {{{other}}}, condition: s")), nothing);
    let without = "ok: {'errorCode|cased': AccessDenied}, condition: s and not ok";
    assert_eq!(found(&format!("s: {{{other}}}, {without}")), nothing);
    assert_eq!(found("s: {'errorCode|cased': NoSuchBucket}, condition: s"), nothing);
}

#[test]
fn the_fewest_rules_and_single_points_are_told() {
    let of = |names: &str| {
        rule(&format!("s: {{eventSource: kms.amazonaws.com, eventName: [{names}]}}, condition: s"))
    };
    let texts =
        [of("DisableKey"), of("DisableKey, ScheduleKeyDeletion"), of("DisableKey, EnableKey")];
    let found = place(&texts, "kms-cmk-disable-or-delete");
    assert_eq!(found.minimal, [1]);
    assert_eq!(found.single_points, [(1, vec!["ScheduleKeyDeletion".to_owned()])]);
    let relations: Vec<SetRelation> = found.relations.iter().map(|r| r.relation).collect();
    let (subset, equal, cross) =
        (SetRelation::SubsetOf, SetRelation::EqualTo, SetRelation::IntersectsWith);
    assert_eq!(relations, [subset, equal, cross]);
}

#[test]
fn counts_and_first_occurrences_narrow() {
    let text = format!(
        "{}name: disabled\n---\ntitle: many\ncorrelation: {{type: event_count, rules: [disabled], group-by: [userIdentity.arn], timespan: 5m, condition: {{gte: 10}}}}\n",
        rule("s: {eventSource: kms.amazonaws.com, eventName: [DisableKey]}, condition: s")
    );
    let found = place(&[text], "kms-cmk-disable-or-delete");
    assert_eq!(found.narrowings(), [NarrowingKind::Count]);
    assert_eq!(found.fraction(), "1/2, 1 narrowed");
}

#[test]
fn narrowings_can_be_accepted() {
    let text = rule(
        "s: {eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion], errorCode: null, errorMessage: null}, condition: s",
    );
    let scope = Scope { accept: vec![NarrowingKind::Outcome], ..Scope::newest(cis()) };
    let audit = Audit::of(&rules(&[&text]), &scope);
    let version = audit.versions.first().expect("a version");
    assert_eq!(audit.score(version, Place::Rule).0, 2);
}

#[test]
fn what_a_rule_wants_less_of_is_counted_apart() {
    let text = format!(
        "{}id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1\nlevel: low\nelastic:\n  condition: s and ok\n  accept:\n    - {{loss: narrower, reason: only what took effect}}\n",
        rule(
            "s: {eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion]}, ok: {errorCode: null, errorMessage: null}, condition: s"
        )
    );
    let (file, _) = RuleFile::parse("rule.yml", &text);
    let detectors = detectors(&RuleSet::of(vec![file]));
    let audit = Audit::of(&detectors, &Scope::newest(cis()));
    let controls = &audit.versions[0].controls;
    let control =
        controls.iter().find(|own| own.slug == "kms-cmk-disable-or-delete").expect("known");
    let found = control.place(Place::Elastic).expect("audited");
    assert_eq!(found.fraction(), "2/2, 2 narrowed (accepted)");
    assert_eq!(found.narrowings(), [NarrowingKind::Outcome]);
    assert_eq!((found.covered(), found.accepted()), (0, 2));
    assert_eq!(control.place(Place::Datadog).expect("audited").fraction(), "2/2");
    for text in
        [report::terminal(&audit), report::markdown(&audit), report::html(&audit).expect("a page")]
    {
        assert!(text.contains("only what took effect"), "{text}");
    }
}

#[test]
fn logs_are_the_best_evidence() {
    let text = rule(
        "s: {eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion]}, condition: s",
    );
    let logs = [serde_json::json!({"eventSource": "kms.amazonaws.com", "eventName": "DisableKey"})];
    let scope = Scope { logs: &logs, ..Scope::newest(cis()) };
    let audit = Audit::of(&rules(&[&text]), &scope);
    let grades: Vec<Option<Grade>> = audit.versions[0]
        .controls
        .iter()
        .filter(|control| control.slug == "kms-cmk-disable-or-delete")
        .flat_map(|control| control.place(Place::Rule).expect("audited").parts.iter())
        .map(|part| part.grade)
        .collect();
    assert_eq!(grades, [Some(Grade::Seen), Some(Grade::Proven)]);
}
