//! One block of records through all predicates.

use std::sync::Arc;

use serde_json::Value;

use super::program::{Lane, Program, Trigger};
use super::timeline::Observation;
use super::{Event, Found, Known, Moment};
use crate::event::{Block, Fault, Place, Scalar, Slot};
use crate::fields::Catalog;

/// Most combinations of values of one event that count for one rule.
const MAX_COMBINATIONS: usize = 64;

/// What one block told.
#[derive(Debug, Default)]
pub(super) struct Examined {
    pub(super) events: u64,
    /// Events that no rule is for, since nobody knows what they are.
    pub(super) unknown: u64,
    /// Events that count for a rule over time, but have no time.
    pub(super) timeless: u64,
    pub(super) bytes: u64,
    pub(super) first: Option<Moment>,
    pub(super) faults: Vec<Fault>,
    pub(super) found: Vec<Found>,
    pub(super) observations: Vec<Observation>,
}

/// How records are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Examiner<'p> {
    pub(super) program: &'p Program,
    /// Whether results hold the records.
    pub(super) records: bool,
}

impl Examiner<'_> {
    /// Looks at every record of a block.
    pub(super) fn block(&self, mut block: Block, input: u32) -> Examined {
        let mut out = Examined { bytes: block.size() as u64, ..Examined::default() };
        out.faults = std::mem::take(&mut block.faults);
        let mut known = self.program.raw.index.room();
        for (place, record) in block.records() {
            let text = match std::str::from_utf8(record) {
                Ok(text) => text,
                Err(error) => {
                    let at = error.valid_up_to() + 1;
                    let reason = format!("the record is not UTF-8 (byte {at} of it)");
                    out.faults.push(Fault::at(place, reason));
                    continue;
                }
            };
            if let Err(error) = self.program.raw.index.text(text, &mut known) {
                out.faults.push(Fault::at(place, broken(&error)));
                continue;
            }
            self.record(text, place, input, &known, &mut out);
        }
        out
    }

    fn record(&self, text: &str, place: Place, input: u32, known: &Known<'_>, out: &mut Examined) {
        let program = self.program;
        let is_cloudtrail = is_cloudtrail(known, program.slots.shape);
        out.events += 1;
        out.unknown += u64::from(!is_cloudtrail && !program.others);
        let time = || {
            let slots = &program.slots;
            let slot = if is_cloudtrail { slots.cloudtrail_time } else { slots.time };
            known.values(slot).find_map(Moment::of)
        };
        if !program.detectors.is_empty() {
            out.first = out.first.into_iter().chain(time()).min();
        }
        let event = std::cell::OnceCell::new();
        let event = || {
            Arc::clone(event.get_or_init(|| {
                Arc::new(Event {
                    input,
                    place,
                    id: known.text(program.slots.id).map(Into::into),
                    time: time(),
                    record: self.records.then(|| text.into()),
                })
            }))
        };
        follow(&program.raw, known, is_cloudtrail, program, &event, out);
        if is_cloudtrail && !program.projected.is_empty() {
            let built: Option<Value> = serde_json::from_str(text).ok();
            for (view, lane) in &program.projected {
                let catalog = Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None);
                let Some((record, catalog)) = built.as_ref().zip(catalog) else { continue };
                let document = catalog.project(record, *view);
                let mut known = lane.index.room();
                lane.index.value(&document, &mut known);
                follow(lane, &known, is_cloudtrail, program, &event, out);
            }
        }
    }
}

/// Whether this is a record of CloudTrail, by its fields; an excerpt by the name of its service.
fn is_cloudtrail(known: &Known<'_>, [name, source, version]: [Slot; 3]) -> bool {
    known.text(name).is_some()
        && known.text(source).is_some_and(|service| {
            known.text(version).is_some() || service.ends_with(".amazonaws.com")
        })
}

/// Does what follows from the predicates that hold.
fn follow(
    lane: &Lane,
    known: &Known<'_>,
    is_cloudtrail: bool,
    program: &Program,
    event: &dyn Fn() -> Arc<Event>,
    out: &mut Examined,
) {
    let uses = known.holds.iter().filter_map(|id| lane.uses.get(*id as usize));
    let uses = uses.filter(|own| own.sources.have(is_cloudtrail));
    let first = out.found.len();
    for trigger in uses.flat_map(|own| &own.triggers) {
        match *trigger {
            Trigger::Alert(rule) => {
                out.found.push(Found { rule, event: event(), over_time: None });
            }
            Trigger::Observe { detector, member } => {
                observe(known, (detector, member), program, event(), out);
            }
        }
    }
    // Predicates are shared, so what follows from them is not in the order of the rules.
    out.found.get_mut(first..).into_iter().for_each(|new| new.sort_by_key(|found| found.rule));
}

/// An event that counts for a rule over time: once for each combination of its values.
fn observe(
    known: &Known<'_>,
    (detector, member): (u32, u32),
    program: &Program,
    event: Arc<Event>,
    out: &mut Examined,
) {
    let Some(watched) = program.detectors.get(detector as usize) else { return };
    let Some(own) = watched.members.get(member as usize) else { return };
    let Some(time) = event.time else {
        out.timeless += 1;
        return;
    };
    let groups = combinations(known, &own.group, own.whole);
    let values: Vec<Option<Arc<str>>> = match *own.values.as_slice() {
        [] => vec![None],
        [slot] if !watched.logic.names_values() => {
            texts(known, slot).map(|text| Some(text.into())).collect()
        }
        _ => combinations(known, &own.values, true).iter().map(|all| Some(as_json(all))).collect(),
    };
    for group in groups {
        let group = as_json(&group);
        out.observations.extend(values.iter().map(|value| Observation {
            detector,
            member,
            time,
            group: Arc::clone(&group),
            value: value.clone(),
            event: Arc::clone(&event),
        }));
    }
}

/// Every combination of the values of some fields. One without value has none if it is `whole`, and
/// else takes part as such.
fn combinations(known: &Known<'_>, slots: &[Slot], whole: bool) -> Vec<Vec<Option<String>>> {
    let mut combinations: Vec<Vec<Option<String>>> = vec![Vec::new()];
    for slot in slots {
        let mut values: Vec<Option<String>> = texts(known, *slot).map(Some).collect();
        if values.is_empty() && !whole {
            values.push(None);
        }
        let with = |one: &Vec<Option<String>>, value: &Option<String>| {
            one.iter().chain([value]).cloned().collect()
        };
        let all = combinations.iter().flat_map(|one| values.iter().map(move |v| with(one, v)));
        combinations = all.take(MAX_COMBINATIONS).collect();
    }
    combinations
}

fn as_json(values: &[Option<String>]) -> Arc<str> {
    serde_json::to_string(values).unwrap_or_default().into()
}

/// The distinct texts of a field, in order.
fn texts(known: &Known<'_>, slot: Slot) -> impl Iterator<Item = String> {
    let mut texts: Vec<String> =
        known.values(slot).filter_map(Scalar::text).map(|text| text.into_owned()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.into_iter()
}

/// Why a record is none, without the line, which is always the first.
fn broken(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default();
    format!("the record is broken: {reason} (byte {} of it)", error.column())
}
