//! Events made from a demand: for each way to satisfy it one event, for each condition near
//! misses, and each of them in several surroundings. The corpus of real events lacks most of the
//! demanded calls; nothing is left unseen here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::demand::{Leaf, Test, Tree};

/// What an event says of the fields that matter; `None` is a field that must be absent.
type Facts = BTreeMap<String, Option<String>>;

/// Matching events and near misses of a demand.
pub(crate) fn events(demand: &Tree) -> Vec<Value> {
    let ways = ways(demand);
    let misses: Vec<Facts> = ways.iter().flat_map(|facts| near_misses(demand, facts)).collect();
    ways.iter().chain(&misses).flat_map(surrounded).collect()
}

/// Every way to satisfy a demand, one for each listed value.
fn ways(tree: &Tree) -> Vec<Facts> {
    match tree {
        Tree::Leaf(leaf) => examples(leaf)
            .into_iter()
            .map(|value| Facts::from([(leaf.field.clone(), value)]))
            .collect(),
        Tree::Any { any } => any.iter().flat_map(ways).collect(),
        Tree::All { all } => all.iter().map(ways).fold(vec![Facts::new()], |sofar, more| {
            let join = |facts: &Facts| {
                let facts = facts.clone();
                more.iter().map(move |other| {
                    facts.clone().into_iter().chain(other.clone()).collect::<Facts>()
                })
            };
            sofar.iter().flat_map(join).collect()
        }),
    }
}

/// For each condition of the demand, the facts with that one field spoilt.
fn near_misses(demand: &Tree, facts: &Facts) -> Vec<Facts> {
    let spoilt = |leaf: &Leaf| {
        let field = leaf.field.clone();
        counterexamples(leaf).into_iter().map(move |value| {
            let mut facts = facts.clone();
            facts.insert(field.clone(), value);
            facts
        })
    };
    demand.leaves().into_iter().flat_map(spoilt).collect()
}

/// Values that satisfy a condition.
fn examples(leaf: &Leaf) -> Vec<Option<String>> {
    match &leaf.test {
        Test::Eq { value } => vec![Some(value.clone())],
        Test::In { values } => values.iter().cloned().map(Some).collect(),
        Test::Ne { .. } => vec![None, Some("203.0.113.24".to_owned())],
        Test::NotExists => vec![None],
        Test::Wildcard { value } => {
            let around = if value.starts_with('*') { "Client." } else { "Exception" };
            vec![Some(value.replace('*', "")), Some(value.replace('*', around))]
        }
    }
}

/// Values that fail a condition, by little.
fn counterexamples(leaf: &Leaf) -> Vec<Option<String>> {
    match &leaf.test {
        Test::Eq { .. } | Test::In { .. } if leaf.field == "eventSource" => {
            vec![Some("iot.amazonaws.com".to_owned()), Some("ec2.amazonaws.com.evil".to_owned())]
        }
        Test::Eq { value } => vec![None, Some(format!("{value}s"))],
        Test::In { values } => vec![None, values.first().map(|value| format!("{value}s"))],
        Test::Ne { value } => vec![Some(value.clone())],
        Test::NotExists => vec![Some("autoscaling.amazonaws.com".to_owned())],
        Test::Wildcard { value } => {
            let fixed = value.replace('*', "");
            vec![None, Some(fixed.to_lowercase()), Some(format!("-{fixed}-"))]
        }
    }
}

/// The facts in several surroundings, which fill only fields that the facts leave open.
fn surrounded(facts: &Facts) -> Vec<Value> {
    let login = facts.get("eventName").is_some_and(|name| name.as_deref() == Some("ConsoleLogin"));
    let surroundings = if login { LOGINS } else { CALLS };
    surroundings
        .iter()
        .map(|fill| {
            let mut event = json!({});
            let open = fill.iter().filter(|(field, _)| !facts.contains_key(*field));
            let open = open.map(|(field, value)| (*field, *value));
            let given =
                facts.iter().filter_map(|(field, value)| Some((field.as_str(), value.as_deref()?)));
            for (field, value) in open.chain(given) {
                set(&mut event, field, value);
            }
            event
        })
        .collect()
}

/// A few fields with their values.
type Fill = &'static [(&'static str, &'static str)];

/// A user's call, the same refused, one that a service made, and one of a role's session.
const CALLS: &[Fill] = &[
    &[("eventType", "AwsApiCall"), ("eventName", "ListThings"), ("userIdentity.type", "IAMUser")],
    &[
        ("userIdentity.type", "IAMUser"),
        ("errorCode", "Client.UnauthorizedOperation"),
        ("errorMessage", "You are not authorized to perform this operation."),
    ],
    &[
        ("userIdentity.type", "AWSService"),
        ("userIdentity.invokedBy", "ecs.amazonaws.com"),
        ("sourceIPAddress", "ecs.amazonaws.com"),
    ],
    &[("userIdentity.type", "AssumedRole"), ("sourceIPAddress", "2001:db8:51a::17")],
];

/// Sign-ins: of a user, of the root user, of a role, failed, and with a second factor.
const LOGINS: &[Fill] = &[
    &[SIGN_IN, SUCCESS, ("userIdentity.type", "IAMUser")],
    &[SIGN_IN, SUCCESS, ("userIdentity.type", "Root")],
    &[SIGN_IN, SUCCESS, ("userIdentity.type", "AssumedRole")],
    &[
        SIGN_IN,
        ("responseElements.ConsoleLogin", "Failure"),
        ("errorMessage", "No username found in supplied account"),
        ("userIdentity.type", "IAMUser"),
    ],
    &[SIGN_IN, SUCCESS, ("additionalEventData.MFAUsed", "Yes"), ("userIdentity.type", "IAMUser")],
];
const SIGN_IN: (&str, &str) = ("eventSource", "signin.amazonaws.com");
const SUCCESS: (&str, &str) = ("responseElements.ConsoleLogin", "Success");

/// Writes a text at a path, with the objects on the way.
fn set(event: &mut Value, path: &str, text: &str) {
    let mut place = event;
    for step in path.split('.') {
        place = &mut place[step];
    }
    *place = Value::from(text);
}
