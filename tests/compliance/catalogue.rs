//! The demands of the shipped catalogue against the benchmark's filters, as other people's copies
//! have them: every control, version, reading and form, on events that satisfy each condition and
//! on near misses.

use std::collections::BTreeSet;

use crosswalk::query::Expr;
use crosswalk::rule::controls::framework;
use serde_json::Value;

use crate::common::corpus;
use crate::demand::Tree;
use crate::synthetic;

fn tree(value: &Value) -> Tree {
    serde_json::from_value(value.clone()).expect("a tree")
}

/// Whether an expression and a tree say the same of every event.
fn agree(expr: &Expr, tree: &Tree, events: &[Value], what: &str) -> usize {
    for event in events {
        assert_eq!(expr.eval(event), tree.holds(event), "{what} on {event}");
    }
    events.len()
}

#[test]
fn every_demand_is_the_published_one() {
    let Some(path) = corpus("../facts/data/cis_aws_monitoring.json", "the benchmark's demands")
    else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("readable");
    let records: Vec<Value> = serde_json::from_str(&text).expect("records");
    let cis = framework("cis-aws-foundations").expect("shipped");
    let (mut judged, mut readings) = (0, 0);
    for record in &records {
        let text = |key: &str| record[key].as_str().expect("text");
        let (slug, version) = (text("slug"), text("version"));
        let subject = cis.subjects.iter().find(|subject| subject.slug == slug).expect("known");
        let control = subject.control.get(version).expect("a control");
        assert_eq!(control.number, text("control"), "{slug} {version}");
        assert_eq!(u64::from(control.level), record["level"].as_u64().expect("a level"));
        assert_eq!(control.assessment, text("assessment"), "{slug} {version}");
        let demand = cis.demand(subject, version).expect("a demand");
        let variants = record["variants"].as_array().expect("variants");
        assert_eq!(demand.variants.len(), variants.len(), "{slug} {version}");
        assert_eq!(demand.expects.outcome, record["expects"]["outcome"], "{slug} {version}");
        let forms = variants.iter().map(|form| &form["filter"]);
        let forms = forms.zip(demand.variants.iter().map(|variant| &variant.expr));
        let published = [(&record["filter"], &demand.literal), (&record["intent"], &demand.intent)];
        for (filter, expr) in published.into_iter().chain(forms) {
            let filter = tree(filter);
            let events: Vec<Value> = ["filter", "intent"]
                .iter()
                .flat_map(|reading| synthetic::events(&tree(&record[*reading])))
                .chain(synthetic::events(&filter))
                .collect();
            judged += agree(expr, &filter, &events, &format!("{slug} {version}"));
            readings += 1;
        }
        let kinds = |kinds: Vec<&str>| kinds.into_iter().collect::<BTreeSet<_>>().len();
        let told = cis.disagreements(subject, version);
        let published = record["disagreements"].as_array().expect("disagreements");
        let published: Vec<&str> = published.iter().filter_map(|d| d["what"].as_str()).collect();
        let own: Vec<&str> = told.iter().map(|one| one.kind.as_str()).collect();
        let both = own.iter().chain(&published).copied().collect();
        assert!(kinds(own.clone()) == kinds(both) && kinds(own) == kinds(published));
        let shared = record["event_name_collisions_other_services"].clone();
        let own = serde_json::to_value(&demand.shared).expect("JSON");
        assert_eq!(own, shared, "{slug} {version}");
    }
    assert_eq!(records.len(), 164);
    eprintln!("{} records, {readings} readings on {judged} events", records.len());
}
