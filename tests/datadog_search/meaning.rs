//! What queries match, as the documentation has it.
//!
//! Where Datadog's open matcher (VRL) answers otherwise, the probe says so.

use crosswalk::query::Expr;
use serde_json::{Value, json};

use crate::{log, meaning};

/// A query, an event, and whether they match.
fn check(probes: &[(&str, Value, bool)]) {
    for (query, event, expected) in probes {
        assert_eq!(meaning(query).eval(event), *expected, "{query} on {event}");
    }
}

/// The log of a call that opens ports to a network, as CloudTrail nests it.
fn ingress(event_name: &str, network: &str) -> Value {
    let ranges = json!({"items": [{"ipRanges": {"items": [{"cidrIp": network}]}}]});
    log(json!({"evt": {"name": event_name}, "requestParameters": {"ipPermissions": ranges}}))
}

const CIDR_IP: &str = "@requestParameters.ipPermissions.items.ipRanges.items.cidrIp";

#[test]
fn attributes_are_compared_exactly() {
    let named = |name: &str| log(json!({"evt": {"name": name}}));
    check(&[
        ("source:cloudtrail @evt.name:CreateSecurityGroup", named("CreateSecurityGroup"), true),
        (
            "source:cloudtrail @evt.name:(CreateSecurityGroup OR DeleteSecurityGroup)",
            named("DeleteSecurityGroup"),
            true,
        ),
        ("@a:BCD", log(json!({"a": "bcd"})), false),
        ("@a:true", log(json!({"a": true})), true),
        ("@a:5", log(json!({"a": 5})), true),
        ("@a:foo,bar", log(json!({"a": "foo,bar"})), true),
        (r#"@a:"x\"y""#, log(json!({"a": "x\"y"})), true),
        (r#"-@a:"" @a:*"#, log(json!({"a": ""})), false),
        (r#"-@a:"" @a:*"#, log(json!({"a": "x"})), true),
        ("@x-y.z_w:1", log(json!({"x-y": {"z_w": 1}})), true),
        // VRL does not find a key with a dot in it.
        ("@a.b:1", log(json!({"a.b": 1})), true),
        (
            "@userIdentity.session_name:i-*",
            log(json!({"userIdentity": {"session_name": "i-0abc"}})),
            true,
        ),
    ]);
}

#[test]
fn one_value_of_several_is_enough() {
    check(&[
        // VRL compares an array as a whole, as JSON text, and does not look into it.
        ("@a:x", log(json!({"a": ["x", "y"]})), true),
        (
            &format!(r#"{CIDR_IP}:"0.0.0.0/0""#),
            ingress("AuthorizeSecurityGroupIngress", "0.0.0.0/0"),
            true,
        ),
        (
            &format!(
                r#"source:cloudtrail @evt.name:AuthorizeSecurityGroupIngress -{CIDR_IP}:("0.0.0.0/0" OR "::/0")"#
            ),
            ingress("AuthorizeSecurityGroupIngress", "0.0.0.0/0"),
            false,
        ),
        (
            r#"@resp.type:("AWS::S3::Object" AND "AWS::Lambda::Function")"#,
            log(json!({"resp": {"type": ["AWS::S3::Object", "AWS::Lambda::Function"]}})),
            true,
        ),
        ("-@a:(x AND z)", log(json!({"a": ["x", "y"]})), true),
    ]);
}

#[test]
fn wildcards_work_outside_quotes() {
    let a = |text: &str| log(json!({"a": text}));
    check(&[
        ("@a:b*d", a("bxxd"), true),
        (r#"@a:"b*d""#, a("bxxd"), false),
        (r#"@a:"b*d""#, a("b*d"), true),
        (r"@a:b\*d", a("bxxd"), false),
        (r"@a:b\*d", a("b*d"), true),
        (r"@a:b\*d*", a("bxxdz"), false),
        (r"@a:b\*d*", a("b*dz"), true),
        // VRL takes `?` for itself.
        ("@a:b?d", a("bcd"), true),
        ("@a:hello?world", a("hello world"), true),
        ("@a:b?d", a("bd"), false),
        (r#"@a:("x y" OR z*)"#, a("zed"), true),
        ("@a:($x OR y)", a("y"), true),
        (r"@http.useragent:\APN\/*", log(json!({"http": {"useragent": "APN/1.0"}})), true),
        (r"@http.url:/api\-v1/*", log(json!({"http": {"url": "/api-v1/x"}})), true),
    ]);
}

#[test]
fn exclusion_and_presence() {
    let a = |value: Value| log(json!({ "a": value }));
    check(&[
        ("-@a:*", log(json!({"b": 1})), true),
        ("-@a:x", log(json!({"b": 1})), true),
        ("@a:*", a(json!("x")), true),
        ("@a:*", a(json!({"b": 1})), true),
        // VRL turns `null` into text; the documentation is silent; Crosswalk takes it for absent.
        ("@a:*", a(json!(null)), false),
        ("_exists_:@a", a(json!("x")), true),
        ("_missing_:@a", log(json!({"b": 1})), true),
        ("-@a:(1 OR 2)", a(json!(2)), false),
        ("NOT @a:1 @b:2", log(json!({"a": 0, "b": 2})), true),
        ("NOT(@a:1 @b:2)", log(json!({"a": 0, "b": 2})), true),
        ("@a:(-x)", a(json!("y")), true),
    ]);
}

#[test]
fn and_binds_tighter_than_or() {
    let abc = |a: i32, b: i32, c: i32| log(json!({"a": a, "b": b, "c": c}));
    check(&[
        ("@a:1 OR @b:2 @c:3", abc(1, 0, 0), true),
        ("@a:1 @b:2 OR @c:3", abc(0, 0, 3), true),
        ("@a:1 -@b:2 OR -@c:3", abc(0, 2, 4), true),
        ("(@a:1 AND @b:2) OR (@c:3)", abc(0, 0, 3), true),
        ("@a:1 && @b:2", abc(1, 2, 0), true),
        ("@a:1 || @b:2", abc(0, 2, 0), true),
        ("+@a:1 +@b:2", abc(1, 0, 0), false),
    ]);
}

#[test]
fn numbers_are_compared_as_numbers() {
    let a = |value: Value| log(json!({ "a": value }));
    check(&[
        ("@a:[1 TO 5]", a(json!(3)), true),
        ("@a:[1 TO 5]", a(json!(5)), true),
        ("@a:{1 TO 5}", a(json!(5)), false),
        ("@a:[* TO 5]", a(json!(-7)), true),
        ("@a:[5 TO *]", a(json!(4)), false),
        ("@a:[* TO *]", a(json!(4)), true),
        ("@a:[1.0 TO 3.9]", a(json!(3.9)), true),
        ("@a:[5 TO 5]", a(json!([4, 6])), false),
        // VRL compares these two as texts.
        ("@a:>2", a(json!("3")), true),
        ("@a:>2", a(json!("10")), true),
        ("@a:<90", a(json!("x")), false),
        (r"@a:>=\-3", a(json!(-3)), true),
        ("@a:<=-3", a(json!(-2)), false),
        ("@a:(>10 OR <2)", a(json!(1)), true),
    ]);
}

#[test]
fn networks_hold_addresses() {
    let ip = |ip: &str| log(json!({"network": {"client": {"ip": ip}}}));
    check(&[
        // VRL reads these as free text.
        ("CIDR(@network.client.ip,10.0.0.0/8)", ip("10.1.2.3"), true),
        ("CIDR(@network.client.ip, 13.0.0.0/8, fe80::/10)", ip("fe80::1"), true),
        ("NOT(CIDR(@network.client.ip, 10.0.0.0/8))", ip("10.1.2.3"), false),
        ("CIDR(@network.client.ip,10.0.0.0/8)", ip("cloudformation.amazonaws.com"), false),
    ]);
}

#[test]
fn free_text_looks_for_words_of_the_message() {
    let message = |text: &str| json!({"source": "x", "message": text, "attributes": {"a": "far"}});
    check(&[
        ("hello", message("say hello there"), true),
        ("hello", message("say Hello there"), true),
        ("hello", message("say othello"), false),
        // VRL joins the two to a phrase.
        ("hello world", message("hello beautiful world"), true),
        (r#""hello world""#, message("hello beautiful world"), false),
        (r#""hello world""#, message("Hello, world"), true),
        ("far", message("near"), false),
        ("*NETWORK*", message("no network left"), true),
        ("web*", message("a web"), false),
        ("*", message(""), true),
        ("", message(""), true),
        (r"message:*\!*", message("what!"), true),
        ("message:WHAT*", message("what!"), false),
    ]);
}

#[test]
fn full_text_looks_everywhere_in_any_case() {
    check(&[
        // VRL knows `*:*` only.
        ("*:hello", log(json!({"x": "hello"})), true),
        ("*:HELLO", log(json!({"x": [{"y": "say hello"}]})), true),
        ("*:hello*", log(json!({"x": "hello_world"})), true),
        (r#"*:"hello world""#, log(json!({"x": "hello world"})), true),
        ("*:hello", json!({"source": "x", "message": "hello there"}), true),
        ("*:hello", log(json!({"hello": "x"})), false),
        ("*:*", log(json!({})), true),
    ]);
}

#[test]
fn bare_names_are_reserved_or_tags() {
    check(&[
        ("env:prod", json!({"tags": ["env:prod"]}), true),
        ("env:(prod OR test)", json!({"tags": ["team:x", "env:test"]}), true),
        ("(env:prod AND -version:beta)", json!({"tags": ["env:prod", "version:1"]}), true),
        ("env:p*", json!({"tags": ["env:prod"]}), true),
        ("env:*", json!({"tags": ["env:prod"]}), true),
        ("-env:*", json!({"tags": ["team:x"]}), true),
        ("tags:lonely", json!({"tags": ["lonely"]}), true),
        ("env:prod", log(json!({"env": "prod"})), false),
        ("status:error", json!({"status": "error"}), true),
        (
            "source:(cloudtrail OR amazon-security-lake)",
            json!({"source": "amazon-security-lake"}),
            true,
        ),
    ]);
}

#[test]
fn the_seed_rule_misses_groups_opened_to_the_world() {
    let world = format!(r#"{CIDR_IP}:("0.0.0.0/0" OR "::/0")"#);
    let seed = Expr::any_of(
        [
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
            "(AuthorizeSecurityGroupIngress OR AuthorizeSecurityGroupEgress OR \
             RevokeSecurityGroupIngress OR RevokeSecurityGroupEgress)",
        ]
        .map(|names| meaning(&format!("source:cloudtrail @evt.name:{names} -{world}"))),
    );
    let sibling =
        meaning(&format!("source:cloudtrail @evt.name:AuthorizeSecurityGroupIngress {world}"));
    let ranges = json!({"items": [{"ipv6Ranges": {"items": [{"cidrIpv6": "::/0"}]}}]});
    let ipv6 = log(json!({
        "evt": {"name": "AuthorizeSecurityGroupIngress"},
        "requestParameters": {"ipPermissions": ranges},
    }));
    for (event, seed_matches, sibling_matches) in [
        // VRL does not look into the arrays, so to it the seed rule matches these three.
        (ingress("AuthorizeSecurityGroupIngress", "0.0.0.0/0"), false, true),
        (ingress("AuthorizeSecurityGroupEgress", "0.0.0.0/0"), false, false),
        (ingress("RevokeSecurityGroupIngress", "0.0.0.0/0"), false, false),
        (ipv6, true, false),
        (log(json!({"evt": {"name": "CreateSecurityGroup"}})), true, false),
        (ingress("ModifySecurityGroupRules", "0.0.0.0/0"), false, false),
    ] {
        assert_eq!(seed.eval(&event), seed_matches, "seed rule on {event}");
        assert_eq!(sibling.eval(&event), sibling_matches, "its sibling on {event}");
    }
}
