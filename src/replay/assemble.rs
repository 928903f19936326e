//! What rules come down to finds its place: predicates in the index of their view, conditions over
//! several events among the detectors, fields under their numbers.

use super::atoms::number;
use super::compile::Compiler;
use super::detector::{Detector, Logic, Member, Taken};
use super::program::{EventSlots, Lane, LeftOut, Program, Sources, Then, Trigger, Use, When};
use super::sift::{self, Sift, Sifted, Values};
use crate::fields::View;
use crate::query::{Expr, FieldPath};
use crate::rule::Rule;

/// The field of events that are not CloudTrail's in which most logs keep the time.
const TIME_FIELD: &str = "@timestamp";

/// Fields that CloudTrail's records are known by: what happened, in which service, the version of
/// the record, and the type of the event.
const CLOUDTRAIL_SHAPE: [&str; 4] = ["eventName", "eventSource", "eventVersion", "eventType"];

/// A condition over several events before its fields have numbers.
pub(super) struct Watched {
    pub(super) kind: &'static str,
    pub(super) group: Vec<String>,
    pub(super) members: Vec<WatchedMember>,
    pub(super) logic: Logic,
    /// In milliseconds.
    pub(super) window: i64,
}

/// One of the rules that are watched.
pub(super) struct WatchedMember {
    pub(super) view: View,
    pub(super) sources: Sources,
    pub(super) expr: Expr,
    pub(super) group: Vec<FieldPath>,
    pub(super) values: Vec<FieldPath>,
    /// Whether an event counts only if it has a value for each field of the group.
    pub(super) whole: bool,
}

impl Compiler<'_> {
    fn lane(&mut self, view: View) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|(own, _)| *own == view).map(|(_, lane)| lane)
    }

    /// Adds what follows when an expression over a view holds, with the values that this needs.
    pub(super) fn predicate(
        &mut self,
        (view, sources): (View, Sources),
        expr: Expr,
        trigger: Trigger,
        values: &Values,
    ) {
        let sift = self.sift.as_ref().filter(|_| view == sift::VIEW);
        let log = match sift.map(|sift| sift.sift(&expr, trigger, values)) {
            None => Then { trigger, when: When::Always },
            Some(Sifted { record, log }) => {
                if let Some((of_record, then)) = record {
                    self.follows(View::Raw, sources, of_record, then);
                }
                log
            }
        };
        self.follows(view, sources, expr, log);
    }

    fn follows(&mut self, view: View, sources: Sources, expr: Expr, then: Then) {
        let known = self.known.get(&(view, sources, expr.clone())).copied();
        let Some(lane) = self.lane(view) else { return };
        let id = known.unwrap_or_else(|| {
            lane.uses.push(Use { sources, triggers: Vec::new() });
            lane.index.add(&expr)
        });
        lane.uses.get_mut(id as usize).into_iter().for_each(|own| own.triggers.push(then));
        self.known.insert((view, sources, expr), id);
    }

    /// Keeps the values of a group, and those that are counted.
    fn taken(&mut self, view: View, group: &[FieldPath], values: &[FieldPath]) -> Taken {
        let Some(lane) = self.lane(view) else { return Taken::default() };
        let mut keep =
            |paths: &[FieldPath]| paths.iter().map(|path| lane.index.keep(path)).collect();
        Taken { group: keep(group), values: keep(values) }
    }

    pub(super) fn watch(&mut self, rule: &Rule, watched: Watched) -> Result<(), LeftOut> {
        let detector = number(self.detectors.len());
        let mut members = Vec::new();
        let own = self.number(rule);
        for (at, member) in watched.members.into_iter().enumerate() {
            let WatchedMember { view, sources, expr, group, values, whole } = member;
            let sift = self.sift.as_ref().filter(|_| view == sift::VIEW);
            let found = sift.map_or(Values::InLog, |sift| sift.values(&group, &values, whole));
            let trigger = Trigger::Observe { detector, member: number(at) };
            self.predicate((view, sources), expr, trigger, &found);
            let of_record = match &found {
                Values::InRecord(group, values) => Some(self.taken(View::Raw, group, values)),
                Values::InLog | Values::Nowhere => None,
            };
            members.push(Member { taken: self.taken(view, &group, &values), of_record, whole });
        }
        self.detectors.push(Detector {
            rule: own,
            kind: watched.kind,
            group: watched.group,
            members,
            logic: watched.logic,
            window: watched.window,
        });
        Ok(())
    }

    pub(super) fn finish(self) -> Program {
        let Self { options, rules, left_out, mut lanes, detectors, sift, .. } = self;
        let mut raw = lanes.remove(0).1;
        let mut keep = |path: &str| raw.index.keep(&FieldPath::new(path));
        let slots = EventSlots {
            id: keep("eventID"),
            shape: CLOUDTRAIL_SHAPE.map(&mut keep),
            cloudtrail_time: keep("eventTime"),
            time: keep(options.time_field.as_deref().unwrap_or(TIME_FIELD)),
        };
        let mut projected = lanes;
        projected.retain(|(_, lane)| !lane.uses.is_empty());
        let has_logs = projected.iter().any(|(view, _)| *view == sift::VIEW);
        let sift = sift.filter(|_| has_logs);
        let shape = sift.iter().flat_map(Sift::shape);
        shape.for_each(|(path, shape)| raw.index.expect(path, shape));
        raw.index.build();
        projected.iter_mut().for_each(|(_, lane)| lane.index.build());
        let is_sifted = sift.is_some();
        let others = options.all_rules || options.logsource.is_some();
        Program { rules, left_out, raw, projected, is_sifted, detectors, slots, others }
    }
}
