//! Queries of every kind find the same on records of every shape, whether logs are made of some
//! records or of all.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{record, rule, rules};
use super::sifted::{Both, told, written};
use super::{body, case};

/// Queries that a record answers in full, in part, and not at all.
const QUERIES: &[&str] = &[
    "@evt.name:A",
    "@evt.name:(A OR B) -@usr.name:x",
    "@eventName:A*",
    "@evt.name:*",
    "-@evt.name:*",
    "@evt:*",
    "@evt.name.x:A",
    "@usr:* -@usr.id:x",
    "@usr.name:x OR @usr.account_id:5",
    "@level:Error",
    "-@level:Error status:info",
    "status:error @error.kind:A",
    "source:cloudtrail @network.client.ip:10.0.0.7",
    "CIDR(@network.client.ip,10.0.0.0/8)",
    "@network.client.geoip.country.iso_code:XX",
    "@evt.name:A @network.client.geoip.country.iso_code:XX",
    "@evt.name:A -@network.client.geoip.country.iso_code:XX",
    "-(@evt.name:A OR @http.useragent_details.os.family:x)",
    "-(@evt.name:A @threat_intel.results.category:x)",
    "@userIdentity.session_name:s*",
    "@userIdentity.assumed_role:* @evt.name:(A OR B)",
    "@userIdentity:*",
    "@userIdentity.arn:*role*",
    "@http.useragent:x*",
    "@http:*",
    "@error:* -@errorMessage:*",
    "@requestParameters.n:>4",
    "some words",
    "*:A",
];

/// What queries are grouped by, alone or two by two: what records have, what logs have, and both.
const GROUPS: &[&[&str]] = &[
    &[],
    &["@usr.name"],
    &["@userIdentity.arn", "@network.client.ip"],
    &["@userIdentity.session_name"],
    &["@evt.name", "@level"],
    &["source", "@eventName"],
    &["@userIdentity"],
    &["@usr.name", "team"],
];

/// Every query as a rule that raises a signal for each of its logs.
static PROGRAMS: LazyLock<Both> = LazyLock::new(|| {
    let texts: Vec<String> = (0..)
        .zip(QUERIES)
        .flat_map(|(at, query)| [(at, query), (at + 3, query)])
        .map(|(at, query)| {
            let options = json!({"evaluationWindow": 0, "keepAlive": 0, "maxSignalDuration": 0});
            let mut body = body(&[("a", "A")], json!([case("", "a > 0", "low")]), options);
            let own = &mut body["queries"][0];
            own["query"] = json!(query);
            own["groupByFields"] = json!(GROUPS[at % GROUPS.len()]);
            own["hasOptionalGroupByFields"] = json!(at % 2 == 0);
            if at % 5 == 0 {
                own["aggregation"] = json!("cardinality");
                own["distinctFields"] = json!(["@http.useragent"]);
            }
            rule(&format!("r{at}"), &format!("level: low\ndatadog:\n  patch: {body}"))
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let both = Both::of(&rules(&texts), false);
    assert_eq!(both.sifted.left_out, []);
    both
});

/// Where records differ from what the table says of them.
const PATHS: &[&str] = &[
    "eventName",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "userIdentity",
    "userIdentity.arn",
    "userIdentity.principalId",
    "userIdentity.accountId",
    "userIdentity.userName",
    "userIdentity.assumed_role",
    "userIdentity.session_name",
    "requestParameters.n",
    "evt",
    "evt.name",
    "usr.name",
    "usr",
    "network.client.ip",
    "network.client.geoip.country.iso_code",
    "http.useragent",
    "error",
    "error.kind",
    "level",
    "status",
    "source",
    "attributes.evt.name",
    "message",
];

const ROLE: &str = "arn:aws:sts::1:assumed-role/role/s1";

fn value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("A"),
        json!("x"),
        json!("10.0.0.7"),
        json!(ROLE),
        json!(""),
        json!(null),
        json!(5),
        json!(true),
        json!([]),
        json!({}),
        json!(["A", "x"]),
        json!([null]),
        json!([["A"]]),
        json!({"name": "A", "arn": ROLE, "userName": "x"}),
        json!([{"name": "A", "arn": ROLE, "userName": "x", "session_name": "s2"}]),
        json!({"client": {"ip": "10.0.0.7"}, "n": 5, "x": "A"}),
        json!({"name.x": "A", "client.ip": "10.0.0.7"}),
    ])
}

/// What is said at a path.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Key by key.
    Nested,
    /// By one key with dots, or by two keys with all of the dots in the second.
    Dotted,
    /// By a key that the record has once more.
    Again,
}

fn change() -> impl Strategy<Value = (&'static str, Value, Way)> {
    let way = prop::sample::select(vec![Way::Nested, Way::Nested, Way::Dotted, Way::Again]);
    (prop::sample::select(PATHS), value(), way)
}

/// The text of a record with some changes.
fn text(usual: bool, changes: &[(&str, Value, Way)]) -> String {
    let more = json!({
        "userIdentity": {"type": "AssumedRole", "arn": ROLE, "userName": "x", "accountId": "1"},
        "sourceIPAddress": "10.0.0.7", "userAgent": "x/1", "requestParameters": {"n": 5},
    });
    let mut record = record("i", 0, "A", if usual { more } else { json!({}) });
    let mut tail = String::new();
    for (path, value, way) in changes {
        match way {
            Way::Nested => put(&mut record, path, value.clone()),
            Way::Dotted => {
                _ = record.as_object_mut().expect("one").insert((*path).into(), value.clone())
            }
            Way::Again => {
                let mut other = json!({});
                put(&mut other, path, value.clone());
                let other = other.to_string();
                tail.push_str(&format!(",{}", &other[1..other.len() - 1]));
            }
        }
    }
    let record = record.to_string();
    format!("{}{tail}}}", &record[..record.len() - 1])
}

fn put(record: &mut Value, path: &str, value: Value) {
    let Some(members) = record.as_object_mut() else { return };
    match path.split_once('.') {
        None => drop(members.insert(path.to_owned(), value)),
        Some((step, rest)) => put(members.entry(step).or_insert_with(|| json!({})), rest, value),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn records_of_any_shape_raise_the_same_signals(
        records in prop::collection::vec(
            (any::<bool>(), prop::collection::vec(change(), 0..3)), 1..8,
        ),
    ) {
        let texts: Vec<String> = records.iter().map(|(usual, changes)| text(*usual, changes)).collect();
        let (_folder, log) = written(&texts);
        PROGRAMS.run(&log).map_err(|error| TestCaseError::fail(format!("{error}\n{texts:#?}")))?;
    }
}

#[test]
fn queries_of_every_kind_raise_signals() {
    let failed =
        [("errorCode", json!("A"), Way::Nested), ("message", json!("some words"), Way::Nested)];
    let clash = [("network.client.geoip.country.iso_code", json!("XX"), Way::Nested)];
    let (_folder, log) = written(&[text(true, &[]), text(true, &failed), text(false, &clash)]);
    let (found, totals, _) = PROGRAMS.run(&log).expect("the same");
    assert!(found > QUERIES.len(), "{found}");
    assert_eq!((totals.events, totals.faults), (3, 0));
}

/// A program of one query, grouped by a field.
fn one(query: &str, group: &str) -> Both {
    let mut body = body(&[("a", "A")], json!([case("", "a > 0", "low")]), json!({}));
    body["queries"][0]["query"] = json!(query);
    body["queries"][0]["groupByFields"] = json!([group]);
    let text = rule("r", &format!("level: low\ndatadog:\n  patch: {body}"));
    Both::of(&rules(&[&text]), false)
}

#[test]
fn logs_are_made_where_they_are_needed() {
    let other = [("eventName", json!("C"), Way::Nested)];
    let odd = [("evt", json!({"name": "A"}), Way::Nested)];
    let odd_name = [("eventName", json!(["C"]), Way::Nested)];
    let texts = [text(true, &[]), text(true, &other), text(true, &odd), text(true, &odd_name)];
    for (query, group, logs) in [
        // Of the two odd records only.
        ("@evt.name:A", "@usr.name", 2),
        ("@evt.name:A -@level:Error status:info", "@network.client.ip", 2),
        // Of those that match as well, for the group.
        ("@evt.name:A", "@userIdentity.session_name", 3),
        // Of those that match as far as their records tell.
        ("@evt.name:A -*:zzz", "@usr.name", 3),
        ("@evt.name:A OR *:zzz", "@usr.name", 4),
        // What Datadog would look up is in no log that is made here.
        ("-@threat_intel.results.category:x -host:h", "@network.client.geoip.city.name", 2),
        // Nothing counts without the tag.
        ("source:cloudtrail", "team", 2),
    ] {
        let (_folder, log) = written(&texts);
        let (_, totals, all) = one(query, group).run(&log).expect("the same");
        assert_eq!((totals.projected, all.projected), (logs, 4), "{query} by {group}");
    }
}

#[test]
fn a_record_of_which_no_log_can_be_made_is_a_fault_where_one_is_needed() {
    let record = text(true, &[]);
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let deep = format!("{},\"deep\":{deep}}}", &record[..record.len() - 1]);
    let (_folder, log) = written(&[deep, record]);
    let both = one("@evt.name:A", "@usr.name");
    let (found, totals) = told(&both.sifted, &log);
    assert_eq!((found.len(), totals.faults), (1, 0), "{found:?}");
    let (found, totals) = told(&both.plain, &log);
    assert_eq!((found.len(), totals.faults), (2, 1), "{found:?}");
    assert!(found.iter().any(|told| told.contains("recursion limit")), "{found:?}");
}
