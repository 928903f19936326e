//! What `push` makes of an expression: names, derived fields, losses, refusals.

use crosswalk::fields::View;
use crosswalk::query::{
    Affix, Case, Effect, Expr, FieldPath, FieldType, Op, Order, Refusal, Schema, Spelling,
    SpellingRule, Subject, Test,
};
use proptest::prelude::*;

use super::build::{
    absent, all, any_of, cloudtrail, compare, exists, glob, is, some, succeeded, test, within,
};

fn pushed(expr: &Expr, view: View) -> Expr {
    match cloudtrail().push(expr, view) {
        Ok(translated) => translated.value,
        Err(refusals) => panic!("{refusals:?}"),
    }
}

fn refused(expr: &Expr, view: View) -> Vec<(&'static str, FieldPath)> {
    let refusals = cloudtrail().push(expr, view).expect_err("this is refused");
    refusals
        .into_iter()
        .map(|Refusal { code, field, .. }| (code, field.expect("a field")))
        .collect()
}

/// Codes of the assumptions, and codes with effects of the losses.
fn costs(expr: &Expr, view: View) -> (Vec<&'static str>, Vec<(&'static str, Effect)>) {
    let translated = cloudtrail().push(expr, view).expect("this can be said");
    let mut assumptions: Vec<_> = translated.assumptions.iter().map(|a| a.code).collect();
    assumptions.dedup();
    (assumptions, translated.losses.iter().map(|loss| (loss.code, loss.effect)).collect())
}

#[test]
fn tests_are_renamed_one_by_one() {
    for (raw, ecs, datadog) in [
        ("eventName", "event.action", "attributes.evt.name"),
        ("eventSource", "event.provider", "attributes.eventSource"),
        ("userAgent", "user_agent.original", "attributes.http.useragent"),
        ("errorCode", "aws.cloudtrail.error_code", "attributes.error.kind"),
        ("sourceIPAddress", "source.address", "attributes.network.client.ip"),
        (
            "requestParameters.anything.at.all",
            "aws.cloudtrail.flattened.request_parameters.anything.at.all",
            "attributes.requestParameters.anything.at.all",
        ),
    ] {
        let expr = all([is(raw, "x"), glob(raw, "a*").negated()]);
        let expected = |name| all([is(name, "x"), glob(name, "a*").negated()]);
        assert_eq!(pushed(&expr, View::Ecs), expected(ecs));
        assert_eq!(pushed(&expr, View::Datadog), expected(datadog));
        assert_eq!(pushed(&expr, View::Raw), expr);
    }
}

#[test]
fn addresses_go_to_the_field_that_knows_networks() {
    let expr =
        some([within("sourceIPAddress", "10.0.0.0/8"), is("sourceIPAddress", "AWS Internal")]);
    let ecs = some([within("source.ip", "10.0.0.0/8"), is("source.address", "AWS Internal")]);
    assert_eq!(pushed(&expr, View::Ecs), ecs);
}

#[test]
fn success_and_failure_become_the_computed_field() {
    let named = is("eventName", "DeleteTrail");
    let call = is("event.action", "DeleteTrail");
    let failed = some([exists("errorCode"), exists("errorMessage")]);
    let success = is("event.outcome", "success");
    let failure = is("event.outcome", "failure");
    for (outcome, expected) in [
        (succeeded(), success.clone()),
        (failed.clone(), failure.clone()),
        (failed.clone().negated(), success),
        (succeeded().negated(), failure),
        (some([glob("errorCode", "*"), exists("errorMessage")]), is("event.outcome", "failure")),
    ] {
        let expr = all([named.clone(), outcome]);
        assert_eq!(pushed(&expr, View::Ecs), all([call.clone(), expected]), "{expr:?}");
    }
    let error = is("attributes.level", "Error");
    assert_eq!(pushed(&succeeded(), View::Datadog), error.clone().negated());
    assert_eq!(pushed(&failed, View::Datadog), error.clone());
    assert_eq!(pushed(&succeeded().negated(), View::Datadog), error);
}

#[test]
fn outcome_is_used_only_where_console_login_cannot_match() {
    let plain = all([absent("aws.cloudtrail.error_code"), absent("aws.cloudtrail.error_message")]);
    let success = is("event.outcome", "success");
    let login = || is("eventName", "ConsoleLogin");
    let cases = [
        // Nothing, or nothing that helps, is known of the call.
        (None, None),
        (Some(login()), None),
        (Some(any_of("eventName", &["CreateTrail", "ConsoleLogin"])), None),
        (Some(glob("eventName", "consolelog*")), None),
        (Some(glob("eventName", "*Log*")), None),
        (Some(is("eventSource", "signin.amazonaws.com")), None),
        (Some(is("userIdentity.type", "Root")), None),
        (
            Some(test(
                "eventName",
                Op::Field {
                    other: "eventSource".into(),
                    affix: Affix::Whole,
                    case: Case::Sensitive,
                },
            )),
            None,
        ),
        // The call is another one, however that is said.
        (Some(any_of("eventName", &["CreateTrail", "DeleteTrail"])), Some("certain")),
        (Some(glob("eventName", "delete*")), Some("certain")),
        (Some(login().negated()), Some("certain")),
        (Some(some([login(), is("userAgent", "x")]).negated()), Some("certain")),
        (
            Some(some([all([is("eventName", "A"), is("userAgent", "x")]), is("eventName", "B")])),
            Some("certain"),
        ),
        // Only the service is known.
        (Some(is("eventSource", "ec2.amazonaws.com")), Some("assumed")),
        (
            Some(some([is("eventSource", "ec2.amazonaws.com"), is("eventName", "A")])),
            Some("assumed"),
        ),
    ];
    for (around, expected) in cases {
        let around = around.unwrap_or(Expr::True);
        let value = pushed(&all([around.clone(), succeeded()]), View::Ecs);
        let alone = pushed(&around, View::Ecs);
        let outcome = if expected.is_some() { success.clone() } else { plain.clone() };
        assert_eq!(value, all([alone, outcome]), "{around:?}");
        let (assumptions, losses) = costs(&all([around, succeeded()]), View::Ecs);
        assert_eq!(assumptions.contains(&"exception-source"), expected == Some("assumed"));
        assert!(assumptions.contains(&"non-empty"));
        assert_eq!(losses, []);
    }
}

#[test]
fn what_encloses_an_outcome_counts_at_any_distance() {
    let failed = || some([exists("errorCode"), exists("errorMessage")]);
    let expr = all([
        is("eventName", "DeleteTrail"),
        some([is("userIdentity.type", "Root"), all([exists("userAgent"), failed().negated()])]),
    ]);
    let ecs = pushed(&expr, View::Ecs);
    assert!(ecs.fields().contains(&&FieldPath::new("event.outcome")), "{ecs:?}");
    let beside = some([is("eventName", "DeleteTrail"), failed()]);
    let ecs = pushed(&beside, View::Ecs);
    assert!(!ecs.fields().contains(&&FieldPath::new("event.outcome")), "{ecs:?}");
}

#[test]
fn one_of_the_two_error_fields_is_no_outcome() {
    let expr = all([is("eventName", "DeleteTrail"), absent("errorCode")]);
    let ecs = all([is("event.action", "DeleteTrail"), absent("aws.cloudtrail.error_code")]);
    assert_eq!(pushed(&expr, View::Ecs), ecs);
}

#[test]
fn a_shared_field_is_tested_together_with_its_condition() {
    let issuer = "aws.cloudtrail.user_identity.session_context.session_issuer.type";
    let own = pushed(&is("userIdentity.userName", "eve"), View::Ecs);
    assert_eq!(own, all([is("user.name", "eve"), absent(issuer)]));
    let role = pushed(&is("userIdentity.sessionContext.sessionIssuer.userName", "ci"), View::Ecs);
    assert_eq!(role, all([is("user.name", "ci"), exists(issuer)]));
    let equal = Op::Field {
        other: "requestParameters.userName".into(),
        affix: Affix::Whole,
        case: Case::Sensitive,
    };
    let ecs = pushed(&test("userIdentity.userName", equal), View::Ecs);
    assert!(matches!(&ecs, Expr::And(members) if members.len() == 2), "{ecs:?}");
    assert_eq!(cloudtrail().name(&"userIdentity.userName".into(), View::Ecs), None);
}

#[test]
fn emptiness_is_an_assumption_or_a_loss() {
    use Effect::{Narrower, Wider};
    let (non_empty, mapping) = ("non-empty", "platform-mapping");
    let leaf = "requestParameters.acl";
    for (expr, expected) in [
        (exists("errorCode"), (vec![non_empty], vec![])),
        (glob("errorCode", "*"), (vec![non_empty], vec![])),
        (is("errorCode", "AccessDenied"), (vec![], vec![])),
        (exists(leaf), (vec![mapping], vec![("empty-dropped", Narrower)])),
        (absent(leaf), (vec![mapping], vec![("empty-dropped", Wider)])),
        (is(leaf, ""), (vec![mapping], vec![("empty-dropped", Narrower)])),
        (glob(leaf, "*"), (vec![mapping], vec![("empty-dropped", Narrower)])),
        (glob(leaf, "?*"), (vec![mapping], vec![])),
        (test(leaf, Op::Null), (vec![mapping], vec![("null-dropped", Narrower)])),
        (test("errorCode", Op::Null), (vec![non_empty], vec![])),
    ] {
        assert_eq!(costs(&expr, View::Ecs), expected, "{expr:?}");
        // Datadog keeps empty values; a renamed attribute leans on its pipeline.
        let renamed = expr.fields().iter().any(|field| field.as_str() == "errorCode");
        let leans_on = if renamed { vec![mapping] } else { vec![] };
        assert_eq!(costs(&expr, View::Datadog), (leans_on, vec![]), "{expr:?}");
    }
    assert_eq!(pushed(&test("errorCode", Op::Null), View::Ecs), Expr::False);
}

#[test]
fn booleans_take_their_texts_in_any_spelling() {
    let read_only = "aws.cloudtrail.read_only";
    assert_eq!(pushed(&glob("readOnly", "TRUE"), View::Ecs), is(read_only, "true"));
    assert_eq!(pushed(&glob("readOnly", "f*"), View::Ecs), is(read_only, "false"));
    assert_eq!(pushed(&glob("readOnly", "*"), View::Ecs), exists(read_only));
    assert_eq!(refused(&is("readOnly", "maybe"), View::Ecs), [("boolean-text", "readOnly".into())]);
    // Kept as texts by Elastic's own mapping.
    let management = glob("managementEvent", "TRUE");
    assert_eq!(pushed(&management, View::Ecs), glob("aws.cloudtrail.management_event", "TRUE"));
}

#[test]
fn what_a_view_cannot_say_is_refused_all_at_once() {
    let port = "requestParameters.ipPermissions.items.fromPort";
    let expr = all([
        is("sharedEventID", "x"),
        is("no.such.field", "x"),
        compare(port, Order::Less, 22.0),
        is("eventTime", "2024-01-01T00:00:00Z"),
        glob("requestParameters", "*x*"),
    ]);
    let codes: Vec<_> = refused(&expr, View::Ecs).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["date-text", "no-field", "no-field", "object-text", "ordered-text"]);
    assert_eq!(refused(&expr, View::Datadog), [("object-text", "requestParameters".into())]);
    let datadog = pushed(&compare(port, Order::Less, 22.0), View::Datadog);
    assert_eq!(datadog, compare(&format!("attributes.{port}"), Order::Less, 22.0));
}

#[test]
fn a_search_over_all_values_stays_one() {
    let op = Op::is("x");
    let expr = Expr::Test(Test { subject: Subject::Event, op });
    assert_eq!(pushed(&expr, View::Ecs), expr);
    assert_eq!(pushed(&expr, View::Datadog), expr);
}

#[test]
fn schemas_know_types_and_facts() {
    let facts = |view, name: &str| cloudtrail().schema(view).facts(&name.into());
    let camel = Spelling::Rule(SpellingRule::Camel);
    assert_eq!(facts(View::Ecs, "event.action").spelling, camel);
    assert_eq!(facts(View::Datadog, "attributes.evt.name").spelling, camel);
    assert_eq!(facts(View::Ecs, "user.name").spelling, Spelling::Free);
    assert!(facts(View::Ecs, "user.name").single);
    assert!(!facts(View::Ecs, "aws.cloudtrail.resources.arn").single);
    for (name, kind) in [
        ("source.ip", FieldType::Ip),
        ("source.address", FieldType::Keyword),
        ("@timestamp", FieldType::Date),
        ("aws.cloudtrail.read_only", FieldType::Boolean),
        ("aws.cloudtrail.request_parameters.text", FieldType::Text),
        ("aws.cloudtrail.flattened.request_parameters", FieldType::Flattened),
        ("aws.cloudtrail.flattened.request_parameters.x.y", FieldType::Flattened),
        ("aws.cloudtrail.flattened.request_parameters.userName", FieldType::Flattened),
        ("source.as.number", FieldType::Number),
        ("event.outcome", FieldType::Keyword),
        ("unheard.of", FieldType::Keyword),
    ] {
        assert_eq!(facts(View::Ecs, name).kind, kind, "{name}");
        assert!(facts(View::Ecs, name).never_null);
    }
    assert!(facts(View::Datadog, "attributes.error.kind").never_null);
    assert!(!facts(View::Datadog, "attributes.requestParameters.x").never_null);
    let port = "attributes.requestParameters.ipPermissions.items.fromPort";
    assert_eq!(facts(View::Datadog, port).kind, FieldType::Number);
}

#[test]
fn scopes_tell_the_log_source() {
    assert_eq!(cloudtrail().scope(View::Raw), Expr::True);
    assert_eq!(cloudtrail().scope(View::Ecs), is("event.dataset", "aws.cloudtrail"));
    assert_eq!(cloudtrail().scope(View::Datadog), is("source", "cloudtrail"));
}

proptest! {
    #[test]
    fn any_text_is_a_table_or_an_error(text in ".{0,200}") {
        let _ = crosswalk::fields::Catalog::read(&text);
    }

    #[test]
    fn any_field_and_text_is_pushed_or_refused(field in ".{0,40}", text in ".{0,40}") {
        for view in View::ALL {
            let _ = cloudtrail().push(&all([is(&field, &text), glob(&field, &text)]), view);
            let _ = cloudtrail().name(&FieldPath::new(&field), view);
            let _ = cloudtrail().schema(view).facts(&FieldPath::new(&field));
        }
    }
}
