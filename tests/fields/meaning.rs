//! The law of views: a pushed expression says of an event in the view what the original says of
//! the record. Checked on every recorded event.

use std::collections::BTreeSet;

use crosswalk::fields::View;
use crosswalk::query::{Affix, Case, Effect, Expr, FieldPath, Number, Op, Order, Regex, TimePart};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::build::{
    absent, all, any_of, cloudtrail, compare, exists, glob, is, some, succeeded, test, within,
};
use super::corpus::{Event, NOT_PRODUCED, events, leaves, seed_truth, texts};

const RULES: &str = "ipPermissions.items";

/// Expressions in the manner of detection rules.
fn detections() -> Vec<Expr> {
    let from_world = some([
        is(&format!("requestParameters.{RULES}.ipRanges.items.cidrIp"), "0.0.0.0/0"),
        is(&format!("requestParameters.{RULES}.ipv6Ranges.items.cidrIpv6"), "::/0"),
        is("requestParameters.cidrIp", "0.0.0.0/0"),
    ]);
    let groups = [
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        "ModifyInstanceAttribute",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    ];
    let changed = all([is("eventSource", "ec2.amazonaws.com"), any_of("eventName", &groups)]);
    let failed = || some([exists("errorCode"), exists("errorMessage")]);
    let login = is("eventName", "ConsoleLogin");
    let same_user = Op::Field {
        other: "requestParameters.userName".into(),
        affix: Affix::Whole,
        case: Case::Sensitive,
    };
    let at_night = Op::Time {
        part: TimePart::Hour,
        order: Order::Less,
        number: Number::new(6.0).expect("finite"),
    };
    vec![
        changed.clone(),
        all([changed.clone(), succeeded()]),
        all([changed.clone(), failed()]),
        all([changed.clone(), succeeded(), from_world.clone()]),
        all([changed, succeeded(), from_world.clone().negated()]),
        from_world,
        all([is("eventSource", "iam.amazonaws.com"), succeeded()]),
        all([glob("eventName", "delete*"), failed()]),
        all([glob("eventName", "*"), succeeded()]),
        succeeded(),
        failed(),
        all([login.clone(), succeeded()]),
        all([
            login.clone(),
            is("responseElements.ConsoleLogin", "Success"),
            is("additionalEventData.MFAUsed", "No"),
        ]),
        all([login.negated(), succeeded()]),
        all([
            is("userIdentity.type", "Root"),
            absent("userIdentity.invokedBy"),
            is("eventType", "AwsServiceEvent").negated(),
        ]),
        glob("errorCode", "*UnauthorizedOperation"),
        glob("errorCode", "accessdenied*"),
        all([glob("userAgent", "*kali*").negated(), exists("userAgent")]),
        within("sourceIPAddress", "0.0.0.0/0"),
        within("sourceIPAddress", "192.0.2.0/24").negated(),
        glob("sourceIPAddress", "*.amazonaws.com"),
        test("sourceIPAddress", Op::Regex(Regex::new(r"^\d+\.", "").expect("a regex"))),
        is("readOnly", "false"),
        is("managementEvent", "true"),
        absent("readOnly"),
        glob("userIdentity.userName", "b*"),
        glob("userIdentity.userName", "b*").negated(),
        glob("userIdentity.sessionContext.sessionIssuer.userName", "*role*"),
        is("userIdentity.sessionContext.attributes.mfaAuthenticated", "true"),
        test("userIdentity.userName", same_user),
        glob("resources.ARN", "*:secret:*"),
        is("tlsDetails.cipherSuite", "TLS_AES_128_GCM_SHA256"),
        glob("requestParameters.bucketName", "?*"),
        glob("requestParameters.policyDocument", "*\"*\"*"),
        exists("eventID"),
        test("eventTime", at_night),
        compare(&format!("requestParameters.{RULES}.fromPort"), Order::LessOrEqual, 22.0),
        exists(&format!("requestParameters.{RULES}.toPort")),
    ]
}

/// An expression in a view.
struct Pushed {
    view: View,
    expr: Expr,
    effects: BTreeSet<Effect>,
}

/// The expression in every view that can say it.
fn in_every_view(expr: &Expr) -> Vec<Pushed> {
    let pushed = |view| {
        let translated = cloudtrail().push(expr, view).ok()?;
        let names = translated.value.fields();
        let produced = names.iter().all(|name| !NOT_PRODUCED.contains(&name.as_str()));
        let effects = translated.losses.iter().map(|loss| loss.effect).collect();
        produced.then_some(Pushed { view, expr: translated.value, effects })
    };
    [View::Ecs, View::Datadog].into_iter().filter_map(pushed).collect()
}

/// Compares an expression with what becomes of it on some events: they differ at most in the
/// direction of a named loss. Gives the number of matches.
fn agree(expr: &Expr, pushed: &[Pushed], events: &[Event]) -> usize {
    let mut matches = 0;
    for event in events {
        let expected = expr.eval(&event.raw);
        matches += usize::from(expected);
        for Pushed { view, expr: pushed, effects } in pushed {
            let actual = pushed.eval(event.seen(*view));
            let named = if actual { Effect::Wider } else { Effect::Narrower };
            let named = effects.contains(&named) || effects.contains(&Effect::Overlapping);
            assert!(actual == expected || named, "{} in {view}:\n{expr:?}\n{pushed:?}", event.id);
        }
    }
    matches
}

#[test]
fn detections_mean_the_same_in_every_view() {
    let Some(events) = events("detections on recorded events") else { return };
    let detections = detections();
    let (mut compared, mut hits) = (0, 0);
    for expr in &detections {
        let pushed = in_every_view(expr);
        assert!(!pushed.is_empty(), "{expr:?}");
        compared += pushed.len() * events.len();
        hits += usize::from(agree(expr, &pushed, events) > 0);
    }
    println!("{} detections, {hits} with matches, {compared} verdicts compared", detections.len());
}

/// What independent judges found that the published rules match, out of the corpus.
#[test]
fn published_rules_match_what_their_judges_found() {
    let Some(events) = events("published rules on recorded events") else { return };
    let elastic = [
        "AuthorizeSecurityGroupEgress",
        "CreateSecurityGroup",
        "ModifyInstanceAttribute",
        "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    ];
    let ec2 = is("eventSource", "ec2.amazonaws.com");
    let elastic = all([ec2, any_of("eventName", &elastic), succeeded()]);
    let datadog = [
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    ];
    let range = format!("requestParameters.{RULES}.ipRanges.items.cidrIp");
    let from_world = any_of(&range, &["0.0.0.0/0", "::/0"]);
    let datadog = all([any_of("eventName", &datadog), from_world.negated()]);
    let truth = seed_truth();
    for (rule, name) in [(elastic, "elastic_seed"), (datadog, "datadog_seed")] {
        let expected: BTreeSet<_> = truth[name]["matches"]
            .as_array()
            .expect("a list of events")
            .iter()
            .filter_map(|event| event["id"].as_str())
            .collect();
        for Pushed { view, expr, effects } in in_every_view(&rule) {
            assert!(effects.is_empty(), "{name} in {view}");
            let query = all([cloudtrail().scope(view), expr]);
            let hits = events.iter().filter(|event| query.eval(event.seen(view)));
            let hits: BTreeSet<_> = hits.map(|event| event.id.as_str()).collect();
            assert_eq!(hits, expected, "{name} in {view}");
        }
    }
}

/// The corpus has no failed sign-in, and this is the one that the outcome would get wrong: it
/// fails without an error code or message.
#[test]
fn a_failed_sign_in_without_error_fields_is_not_taken_for_a_success() {
    let record = json!({
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "responseElements": {"ConsoleLogin": "Failure"},
    });
    let ecs = json!({
        "event": {
            "provider": "signin.amazonaws.com", "action": "ConsoleLogin", "outcome": "failure",
        },
        "aws": {"cloudtrail": {"flattened": {"response_elements": {"ConsoleLogin": "Failure"}}}},
    });
    for around in [
        is("eventSource", "signin.amazonaws.com"),
        is("eventName", "ConsoleLogin"),
        is("responseElements.ConsoleLogin", "Failure"),
    ] {
        let rule = all([around, succeeded()]);
        let pushed = cloudtrail().push(&rule, View::Ecs).expect("this can be said").value;
        assert!(rule.eval(&record) && pushed.eval(&ecs), "{pushed:?}");
    }
}

#[test]
fn every_recorded_value_is_found_in_every_view() {
    let Some(events) = events("tests of every value on recorded events") else { return };
    let mut compared = 0;
    // The value stands in its own event; whether also in the next one is up to chance.
    for pair in events.windows(2) {
        let mut paths = BTreeSet::new();
        leaves(&pair[0].raw, "", &mut paths);
        for path in paths {
            for value in texts(&pair[0].raw, &FieldPath::new(&path)) {
                let expr = is(&path, &value);
                let pushed = in_every_view(&expr);
                agree(&expr, &pushed, pair);
                compared += pushed.len() * pair.len();
            }
        }
    }
    println!("{compared} verdicts of single values compared");
}

/// Parts of which the random expressions are made.
fn atoms() -> Vec<Expr> {
    let mut atoms: Vec<Expr> = detections();
    atoms.extend([
        exists("errorCode"),
        exists("errorMessage"),
        absent("errorCode"),
        absent("errorMessage"),
        is("eventName", "ConsoleLogin"),
        is("eventName", "GetUser"),
        is("eventSource", "signin.amazonaws.com"),
        is("eventSource", "iam.amazonaws.com"),
        // ECS loses something of these.
        exists("requestParameters.acl"),
        glob("requestParameters.policy", "*"),
        test("responseElements", Op::Null),
    ]);
    atoms
}

#[test]
fn random_combinations_mean_the_same_in_every_view() {
    let Some(events) = events("random expressions on recorded events") else { return };
    let atoms = proptest::sample::select(atoms());
    let expr = atoms.prop_recursive(5, 24, 4, |inner| {
        let members = proptest::collection::vec(inner.clone(), 1..4);
        proptest::prop_oneof![
            inner.prop_map(Expr::negated),
            members.clone().prop_map(Expr::all),
            members.prop_map(Expr::any_of),
        ]
    });
    // Every failed call and a sample of the others: outcomes are where things go wrong.
    let (failed, others): (Vec<_>, Vec<_>) = events.iter().partition(|event| {
        exists("errorCode").eval(&event.raw) || is("eventName", "ConsoleLogin").eval(&event.raw)
    });
    let sample: Vec<_> = failed.into_iter().chain(others.into_iter().step_by(20)).collect();
    let mut runner = TestRunner::deterministic();
    let mut compared = 0;
    for _ in 0..200 {
        let expr = expr.new_tree(&mut runner).expect("a tree").current();
        let pushed = in_every_view(&expr);
        for event in &sample {
            agree(&expr, &pushed, std::slice::from_ref(event));
        }
        compared += pushed.len() * sample.len();
    }
    println!("{compared} verdicts of random expressions compared");
}
