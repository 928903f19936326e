//! The index: all predicates of one view of events, evaluated together.
//!
//! The tests of all predicates are sorted by field. While a record is read, each of its wanted
//! values meets all tests of its field at once; what holds is a set of bits. A predicate is looked
//! at if one of the tests that it needs holds, and then decided by the bits alone. The judge of
//! all this is [`Expr::eval`]: on every event both say the same.

use serde_json::Value;

use super::atoms::{Atoms, NodeId, TestId, Truth, number};
use super::need::need;
use super::probe::{Folded, Probe};
use crate::event::{Pick, Scalar, Shape, Sink, Slot, Wanted};
use crate::query::{Affix, Case, Expr, FieldPath, Op, Subject};

/// A predicate; its place in the list of all.
pub type PredicateId = u32;

/// Predicates over one view of events.
#[derive(Debug, Default)]
pub struct Index {
    wanted: Wanted,
    /// Whether the values of a slot are kept until all are there.
    kept: Vec<bool>,
    atoms: Atoms,
    roots: Vec<NodeId>,
    probes: Vec<Probe>,
    /// The tests of any scalar.
    anywhere: Probe,
    pairs: Vec<Pair>,
    /// Predicates by a test that they need.
    watchers: Vec<Vec<PredicateId>>,
    /// Predicates that may hold where no test does.
    always: Vec<PredicateId>,
    /// What the index cannot do: any scalar compared with a field.
    by_reference: Vec<(PredicateId, Expr)>,
}

/// A comparison of two fields.
#[derive(Debug)]
struct Pair {
    test: TestId,
    one: Slot,
    other: Slot,
    affix: Affix,
    case: Case,
}

/// What is known of one event, and room to find it out; kept from event to event.
#[derive(Debug)]
pub struct Known<'r> {
    truth: Truth,
    room: Folded,
    items: Vec<(Slot, Scalar<'r>)>,
    /// The predicates that hold, in order.
    pub holds: Vec<PredicateId>,
    /// Whether something has another shape than is expected of it.
    pub is_odd: bool,
}

impl<'r> Known<'r> {
    /// The kept values of a field.
    pub fn values(&self, slot: Slot) -> impl Iterator<Item = &Scalar<'r>> {
        self.items.iter().filter(move |(own, _)| *own == slot).map(|(_, value)| value)
    }

    /// The first text of a field.
    pub fn text(&self, slot: Slot) -> Option<&str> {
        self.values(slot).find_map(|value| match value {
            Scalar::Text(text) => Some(&**text),
            _ => None,
        })
    }
}

impl Index {
    /// Adds a predicate.
    pub fn add(&mut self, expr: &Expr) -> PredicateId {
        let id = number(self.roots.len());
        let odd = |test: &&crate::query::Test| {
            test.subject == Subject::Event && matches!(test.op, Op::Field { .. })
        };
        let tests = expr.tests();
        if tests.iter().any(odd) {
            self.by_reference.push((id, expr.clone()));
            self.roots.push(self.atoms.add(&Expr::False));
        } else {
            self.roots.push(self.atoms.add(expr));
        }
        id
    }

    /// Keeps the values of a field for whoever asks after an event.
    pub fn keep(&mut self, path: &FieldPath) -> Slot {
        let slot = self.wanted.add(path);
        let size = self.kept.len().max(slot as usize + 1);
        self.kept.resize(size, false);
        if let Some(kept) = self.kept.get_mut(slot as usize) {
            *kept = true;
        }
        slot
    }

    /// Expects a shape of records; others are [odd](Known::is_odd).
    pub fn expect(&mut self, path: &FieldPath, shape: Shape) {
        self.wanted.expect(path, shape);
    }

    /// Makes the index of what was added.
    pub fn build(&mut self) {
        self.sort_tests();
        self.watch();
        self.atoms.finish();
    }

    /// How many distinct tests and predicates there are.
    pub fn size(&self) -> (usize, usize) {
        (self.atoms.tests.len(), self.roots.len())
    }

    /// The fields that are taken out of records; `None` if everything is looked at.
    pub fn fields(&self) -> Option<&[FieldPath]> {
        (!self.wanted.is_everything()).then(|| self.wanted.paths())
    }

    /// Whether events have to be built as a whole.
    pub fn needs_events(&self) -> bool {
        !self.by_reference.is_empty()
    }

    fn sort_tests(&mut self) {
        let tests = std::mem::take(&mut self.atoms.tests);
        let mut by_slot: Vec<Vec<(TestId, &Op)>> = Vec::new();
        let mut anywhere = Vec::new();
        for (id, test) in tests.iter().enumerate() {
            let id = number(id);
            match (&test.subject, &test.op) {
                (Subject::Field(path), Op::Field { other, affix, case }) => {
                    let (one, other) = (self.keep(path), self.keep(other));
                    self.pairs.push(Pair { test: id, one, other, affix: *affix, case: *case });
                }
                (Subject::Field(path), op) => {
                    let slot = self.wanted.add(path) as usize;
                    if by_slot.len() <= slot {
                        by_slot.resize_with(slot + 1, Vec::new);
                    }
                    by_slot.get_mut(slot).into_iter().for_each(|tests| tests.push((id, op)));
                }
                (Subject::Event, op) => anywhere.push((id, op)),
            }
        }
        if !anywhere.is_empty() {
            self.wanted.add_everything();
        }
        self.probes = by_slot.into_iter().map(|tests| Probe::new(tests.into_iter())).collect();
        self.anywhere = Probe::new(anywhere.into_iter());
        self.atoms.tests = tests;
    }

    /// Finds out what each predicate needs.
    fn watch(&mut self) {
        let mut users = vec![0; self.atoms.tests.len()];
        for root in &self.roots {
            count_users(&self.atoms, *root, &mut users);
        }
        self.watchers = vec![Vec::new(); self.atoms.tests.len()];
        for (id, root) in self.roots.iter().enumerate() {
            let id = number(id);
            match need(&self.atoms, *root, &users) {
                None => self.always.push(id),
                Some(need) => {
                    for test in need.tests {
                        self.watchers.get_mut(test as usize).into_iter().for_each(|w| w.push(id));
                    }
                }
            }
        }
    }

    /// Room for events.
    pub fn room<'r>(&self) -> Known<'r> {
        let truth = Truth::of(self.atoms.tests.len());
        let room = Folded::new();
        Known { truth, room, items: Vec::new(), holds: Vec::new(), is_odd: false }
    }

    /// Finds the predicates that hold of a record. The error says why the record is broken.
    pub fn text<'r>(
        &self,
        record: &'r str,
        known: &mut Known<'r>,
    ) -> Result<(), serde_json::Error> {
        self.begin(known);
        Pick::new(&self.wanted).text(record, &mut Gather { index: self, known })?;
        self.decide(known, || serde_json::from_str(record).ok());
        Ok(())
    }

    /// Finds the predicates that hold of an event that was built.
    pub fn value<'r>(&self, event: &'r Value, known: &mut Known<'r>) {
        self.begin(known);
        Pick::new(&self.wanted).value(event, &mut Gather { index: self, known });
        self.decide(known, || Some(event.clone()));
    }

    fn begin(&self, known: &mut Known<'_>) {
        known.truth.clear();
        known.items.clear();
        known.holds.clear();
        known.is_odd = false;
    }

    fn decide(&self, known: &mut Known<'_>, event: impl FnOnce() -> Option<Value>) {
        for pair in &self.pairs {
            if pair.holds(known) {
                known.truth.set(pair.test);
            }
        }
        let Known { truth, holds, .. } = known;
        holds.extend(&self.always);
        for test in truth.on() {
            holds.extend(self.watchers.get(*test as usize).into_iter().flatten());
        }
        holds.sort_unstable();
        holds.dedup();
        holds.retain(|id| {
            self.roots.get(*id as usize).is_some_and(|root| self.atoms.holds(*root, truth))
        });
        if !self.by_reference.is_empty()
            && let Some(event) = event()
        {
            let found = self.by_reference.iter().filter(|(_, expr)| expr.eval(&event));
            holds.extend(found.map(|(id, _)| *id));
            holds.sort_unstable();
        }
    }
}

impl Pair {
    fn holds(&self, known: &Known<'_>) -> bool {
        known.values(self.one).filter_map(Scalar::text).any(|text| {
            let mut others = known.values(self.other).filter_map(Scalar::text);
            others.any(|other| self.affix.stands(&text, &other, self.case))
        })
    }
}

fn count_users(atoms: &Atoms, node: NodeId, users: &mut [u32]) {
    use super::atoms::Node;
    match atoms.node(node) {
        Node::True | Node::False => {}
        Node::Test(test) => users.get_mut(*test as usize).into_iter().for_each(|n| *n += 1),
        Node::Not(inner) => count_users(atoms, *inner, users),
        Node::And(members) | Node::Or(members) => {
            members.iter().for_each(|member| count_users(atoms, *member, users));
        }
    }
}

/// Takes the values of one record.
struct Gather<'i, 'k, 'r> {
    index: &'i Index,
    known: &'k mut Known<'r>,
}

impl<'r> Sink<'r> for Gather<'_, '_, 'r> {
    fn found(&mut self, slot: Slot, value: Scalar<'r>) {
        let Known { truth, room, items, .. } = &mut *self.known;
        if let Some(probe) = self.index.probes.get(slot as usize) {
            probe.apply(&value, truth, room);
        }
        if self.index.kept.get(slot as usize).is_some_and(|kept| *kept) {
            items.push((slot, value));
        }
    }

    fn any(&mut self, value: &Scalar<'r>) {
        let Known { truth, room, .. } = &mut *self.known;
        self.index.anywhere.apply(value, truth, room);
    }

    fn odd(&mut self) {
        self.known.is_odd = true;
    }

    fn restart(&mut self) {
        self.index.begin(self.known);
    }
}
