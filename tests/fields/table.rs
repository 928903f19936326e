//! The table against the events: every column of every row, and every fact.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crosswalk::fields::{Fact, Field, How, View};
use crosswalk::query::{FieldPath, FieldType, Spelling, equal_folded};
use serde_json::Value;

use super::build::{cloudtrail, exists, some};
use super::corpus::{Event, NOT_PRODUCED, events, found, leaves, texts};

/// How a column fares over all events.
#[derive(Default)]
struct Tally {
    agree: usize,
    shared: usize,
    differ: Vec<String>,
}

impl Tally {
    fn note(
        &mut self,
        event: &Event,
        what: &str,
        expected: &BTreeSet<String>,
        name: &FieldPath,
        seen: &Value,
    ) {
        let actual = texts(seen, name);
        if *expected == actual {
            self.agree += usize::from(!actual.is_empty());
        } else {
            self.differ.push(format!("{}: {what} is {expected:?}, {name} is {actual:?}", event.id));
        }
    }
}

/// What the ECS type makes of texts: points in time lose their spelling, and what is none is lost.
fn typed(texts: BTreeSet<String>, kind: FieldType) -> BTreeSet<String> {
    match kind {
        FieldType::Date => {
            let times = texts.iter().filter_map(|text| text.parse::<jiff::Timestamp>().ok());
            times.map(|time| format!("{time:.3}")).collect()
        }
        FieldType::Ip => texts.into_iter().filter(|text| text.parse::<IpAddr>().is_ok()).collect(),
        _ => texts,
    }
}

/// Whether the condition of a row's ECS column holds for a record.
fn holds(row: &Field, record: &Value) -> bool {
    row.ecs_when.as_ref().is_none_or(|when| exists(&when.field).eval(record) == when.present)
}

#[test]
fn every_named_column_holds_the_values_of_its_raw_field() {
    let Some(events) = events("the field table against recorded events") else { return };
    let catalog = cloudtrail();
    let mut tally = Tally::default();
    let mut columns = 0;
    for row in &catalog.table().fields {
        let raw = FieldPath::new(&row.raw);
        let produced = |name: &&String| !NOT_PRODUCED.contains(&name.as_str());
        let ecs = row.ecs.iter().filter(produced).map(|name| (name, row.ecs_type));
        let ecs: Vec<_> = ecs.chain(row.ecs_ip.iter().map(|name| (name, FieldType::Ip))).collect();
        let datadog = row.datadog_also.iter().map(|name| View::Datadog.path(name));
        let datadog: Vec<_> = datadog.chain([row.datadog_path()]).collect();
        columns += ecs.len() + datadog.len();
        for event in events {
            for (name, kind) in &ecs {
                if holds(row, &event.raw) {
                    let expected = typed(texts(&event.raw, &raw), *kind);
                    tally.note(event, &row.raw, &expected, &FieldPath::new(*name), &event.ecs);
                } else {
                    tally.shared += usize::from(exists(&row.raw).eval(&event.raw));
                }
            }
            for name in &datadog {
                tally.note(event, &row.raw, &texts(&event.raw, &raw), name, &event.datadog);
            }
        }
    }
    println!("{columns} columns, {} values agree", tally.agree);
    assert_eq!(tally.shared, 0, "a raw field stands where its condition fails");
    assert!(tally.differ.is_empty(), "{}", tally.differ.join("\n"));
}

#[test]
fn every_leaf_of_a_subtree_keeps_its_values() {
    let Some(events) = events("subtrees against recorded events") else { return };
    let catalog = cloudtrail();
    let mut tally = Tally::default();
    let mut paths = BTreeSet::new();
    for event in events {
        for subtree in &catalog.table().subtrees {
            let mut below = BTreeSet::new();
            leaves(&event.raw[&subtree.raw], &subtree.raw, &mut below);
            below.remove(&subtree.raw);
            for path in below {
                let raw = FieldPath::new(&path);
                let expected = texts(&event.raw, &raw);
                for view in [View::Ecs, View::Datadog] {
                    let name = catalog.name(&raw, view).expect("a leaf has a name");
                    tally.note(event, &path, &expected, &name, event.seen(view));
                }
                paths.insert(path);
            }
        }
    }
    println!("{} leaves, {} values agree", paths.len(), tally.agree);
    assert!(tally.differ.is_empty(), "{}", tally.differ.join("\n"));
}

#[test]
fn fields_made_from_others_are_made_as_the_table_says() {
    let Some(events) = events("copied fields against recorded events") else { return };
    let mut tally = Tally::default();
    for row in &cloudtrail().table().fields {
        for copy in &row.ecs_also {
            for event in events {
                let made = copy.only.iter().all(|(field, value)| {
                    texts(&event.raw, &FieldPath::new(field)).contains(value)
                });
                let values = if made {
                    texts(&event.raw, &FieldPath::new(&row.raw))
                } else {
                    BTreeSet::new()
                };
                let expected = values.into_iter().filter_map(|text| {
                    let part = match &copy.part {
                        Some(part) => part.of(&text)?.to_owned(),
                        None => text,
                    };
                    Some(match copy.how {
                        How::Copy | How::Text => part,
                        How::NoIsFalse => (part != "No").to_string(),
                        How::Lower => part.to_lowercase(),
                        How::Time => format!("{:.3}", part.parse::<jiff::Timestamp>().ok()?),
                    })
                });
                let name = FieldPath::new(&copy.name);
                tally.note(event, &row.raw, &expected.collect(), &name, &event.ecs);
            }
        }
    }
    println!("{} made values agree", tally.agree);
    assert!(tally.differ.is_empty(), "{}", tally.differ.join("\n"));
}

#[test]
fn derived_fields_are_computed_as_the_table_says() {
    let Some(events) = events("derived fields against recorded events") else { return };
    for derived in &cloudtrail().table().derived {
        let present = some([exists(&derived.present[0]), exists(&derived.present[1])]);
        let mut exceptions = 0;
        for event in events {
            let reported = derived.except.as_ref().and_then(|except| {
                let applies = except.event.iter().all(|(field, value)| event.raw[field] == **value);
                let value = texts(&event.raw, &FieldPath::new(&except.lower_case_of));
                value.first().filter(|_| applies).map(|text| text.to_lowercase())
            });
            exceptions += usize::from(reported.is_some());
            let computed = if present.eval(&event.raw) {
                Some(derived.if_any.clone())
            } else {
                derived.if_none.clone()
            };
            let expected: BTreeSet<String> = reported.or(computed).into_iter().collect();
            assert_eq!(texts(event.seen(derived.view), &derived.path()), expected, "{}", event.id);
        }
        println!("{} on {} events, {exceptions} exceptions", derived.field, events.len());
    }
}

#[test]
fn facts_hold_of_every_recorded_value() {
    let Some(events) = events("facts about fields against recorded events") else { return };
    let mut wrong = Vec::new();
    for row in &cloudtrail().table().fields {
        let raw = FieldPath::new(&row.raw);
        let mut values: BTreeSet<String> = BTreeSet::new();
        for event in events {
            let found = found(&event.raw, &raw);
            if row.has(Fact::Single) && found.len() > 1 {
                wrong.push(format!("{raw} is not single in {}", event.id));
            }
            let empty = found.iter().any(|value| value.as_deref().unwrap_or_default().is_empty());
            if row.has(Fact::NonEmpty) && empty {
                wrong.push(format!("{raw} is empty in {}", event.id));
            }
            values.extend(found.into_iter().flatten());
        }
        if row.spelling != Spelling::Free {
            for a in &values {
                wrong.extend(
                    values
                        .iter()
                        .filter(|b| a < *b && equal_folded(a, b))
                        .map(|b| format!("{raw} is both {a} and {b}")),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No assertion: records have fields without a row, which ECS drops and Datadog keeps.
#[test]
fn unmapped_fields_are_listed() {
    let Some(events) = events("unmapped fields of recorded events") else { return };
    let mut unmapped: BTreeMap<String, usize> = BTreeMap::new();
    for event in events {
        let mut paths = BTreeSet::new();
        leaves(&event.raw, "", &mut paths);
        for path in paths {
            let raw = FieldPath::new(&path);
            if cloudtrail().row(&raw).is_none() && cloudtrail().name(&raw, View::Ecs).is_none() {
                *unmapped.entry(path).or_default() += 1;
            }
        }
    }
    println!("{unmapped:#?}");
}
