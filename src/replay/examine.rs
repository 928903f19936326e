//! One block of records through all predicates.

use std::sync::Arc;

use serde_json::Value;

use super::detector::{Detector, Member, Taken};
use super::program::{Kind, Lane, Program, Trigger, When};
use super::sift;
use super::timeline::Observation;
use super::{Event, Found, Known, Moment};
use crate::event::{Block, Fault, Record, Scalar, Slot};
use crate::fields::{Catalog, View};

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
    /// Records that were seen as a platform sees them.
    pub(super) projected: u64,
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
        for record in block.all() {
            let place = record.place;
            let text = match std::str::from_utf8(record.bytes) {
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
            self.record(text, record, input, &known, &mut out);
        }
        out
    }

    fn record(
        &self,
        text: &str,
        of: Record<'_>,
        input: u32,
        known: &Known<'_>,
        out: &mut Examined,
    ) {
        let (program, place) = (self.program, of.place);
        let kind = match is_cloudtrail(known, program.slots.shape) {
            _ if of.wraps => Kind::Wrapper,
            true => Kind::CloudTrail,
            false => Kind::Other,
        };
        let is_cloudtrail = kind == Kind::CloudTrail;
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
        let (found, observed) = (out.found.len(), out.observations.len());
        let mut follow = Follow { program, kind, is_odd: known.is_odd, event: &event, out };
        let is_asked = follow.lane(&program.raw, known, true);
        if is_cloudtrail
            && !program.projected.is_empty()
            && let Err(error) = follow.projections(text, is_asked)
        {
            out.faults.push(Fault::at(place, broken(&error)));
        }
        // Predicates are shared, so what follows from them is not in the order of the rules.
        let new = out.found.get_mut(found..).unwrap_or_default();
        new.sort_by_key(|found| found.rule);
        let new = out.observations.get_mut(observed..).unwrap_or_default();
        new.sort_by_key(|one| (one.detector, one.member));
    }
}

/// How every type of CloudTrail's events begins; the version stands beside it in every record, of
/// calls, of sign-ins, of services and of insights (AWS, "CloudTrail record contents").
const CLOUDTRAIL_TYPE: &str = "Aws";

/// The type of the records that have neither name nor source, which are their `insightDetails`'.
const INSIGHT: &str = "AwsCloudTrailInsight";

/// Whether this is a record of CloudTrail, by its fields. Excerpts leave some of them out: they are
/// known by the name of the call with that of its service, insights by their type alone.
fn is_cloudtrail(known: &Known<'_>, [name, source, version, kind]: [Slot; 4]) -> bool {
    let has_version = known.text(version).is_some();
    let is_call = known.text(name).is_some()
        && known
            .text(source)
            .is_some_and(|service| has_version || service.ends_with(".amazonaws.com"));
    is_call
        || known.text(kind).is_some_and(|kind| {
            kind == INSIGHT || (has_version && kind.starts_with(CLOUDTRAIL_TYPE))
        })
}

/// Does what follows from what holds of one record.
struct Follow<'f> {
    program: &'f Program,
    kind: Kind,
    is_odd: bool,
    event: &'f dyn Fn() -> Arc<Event>,
    out: &'f mut Examined,
}

impl Follow<'_> {
    /// What follows in one view. Returns whether Datadog's log has to be made.
    fn lane(&mut self, lane: &Lane, known: &Known<'_>, is_record: bool) -> bool {
        let mut is_asked = false;
        let uses = known.holds.iter().filter_map(|id| lane.uses.get(*id as usize));
        let uses = uses.filter(|own| own.sources.have(self.kind));
        let all = uses.flat_map(|own| &own.triggers);
        for then in all.filter(|then| then.when.includes(self.is_odd)) {
            match then.trigger {
                Trigger::MakeLog => is_asked = true,
                Trigger::Alert(rule) => {
                    self.out.found.push(Found { rule, event: (self.event)(), over_time: None });
                }
                Trigger::Observe { detector, member } => {
                    let own = self.program.detectors.get(detector as usize);
                    let Some(watched) = own else { continue };
                    let Some(own) = watched.members.get(member as usize) else { continue };
                    let of_record = is_record && then.when == When::Usual;
                    let taken = own.of_record.as_ref().filter(|_| of_record).unwrap_or(&own.taken);
                    let counted = Counted { of: (detector, member), watched, taken, own };
                    counted.observe(known, (self.event)(), self.out);
                }
            }
        }
        is_asked
    }

    /// What follows from what platforms make of the record. The error says why it cannot be built.
    fn projections(&mut self, text: &str, is_asked: bool) -> Result<(), serde_json::Error> {
        let program = self.program;
        let is_said = |view| view == sift::VIEW && program.is_sifted && !self.is_odd && !is_asked;
        let views = program.projected.iter().filter(|(view, _)| !is_said(*view));
        let views: Vec<&(View, Lane)> = views.collect();
        let catalog = Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None);
        let Some(catalog) = catalog.filter(|_| !views.is_empty()) else { return Ok(()) };
        let record: Value = serde_json::from_str(text)?;
        self.out.projected += 1;
        for (view, lane) in views {
            let document = catalog.project(&record, *view);
            let mut known = lane.index.room();
            lane.index.value(&document, &mut known);
            self.lane(lane, &known, false);
        }
        Ok(())
    }
}

/// An event that counts for a rule over time.
struct Counted<'c> {
    /// For which detector and rule.
    of: (u32, u32),
    watched: &'c Detector,
    own: &'c Member,
    taken: &'c Taken,
}

impl Counted<'_> {
    /// Takes what counts: once for each combination of its values.
    fn observe(&self, known: &Known<'_>, event: Arc<Event>, out: &mut Examined) {
        let (detector, member) = self.of;
        let groups = combinations(known, &self.taken.group, self.own.whole);
        let values: Vec<Option<Arc<str>>> = match *self.taken.values.as_slice() {
            [] => vec![None],
            [slot] if !self.watched.logic.names_values() => {
                texts(known, slot).map(|text| Some(text.into())).collect()
            }
            ref several => {
                let all = combinations(known, several, true);
                all.iter().map(|one| Some(as_json(one))).collect()
            }
        };
        if groups.is_empty() || values.is_empty() {
            return;
        }
        let Some(time) = event.time else {
            out.timeless += 1;
            return;
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
