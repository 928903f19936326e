//! All tests of one field, asked of one value at once.

use super::atoms::{TestId, Truth};
use super::needles::{Needles, Regexes};
use crate::event::{FastMap, Scalar};
use crate::query::{Case, Number, Op, Order, fold};

/// The tests of one field (or of any scalar), by what they look at.
#[derive(Debug, Default)]
pub(super) struct Probe {
    exists: Vec<TestId>,
    null: Vec<TestId>,
    /// Every scalar satisfies these.
    scalar: Vec<TestId>,
    exact: FastMap<Box<str>, TestId>,
    folded: FastMap<Box<str>, TestId>,
    needles: Needles,
    folded_needles: Needles,
    regexes: Regexes,
    numbers: Vec<(TestId, Order, Number)>,
    /// Addresses, dates and words: few, and each looks at its text.
    others: Vec<(TestId, Op)>,
}

/// A place for folded texts, kept from value to value.
pub(super) type Folded = String;

impl Probe {
    /// Sorts the tests of a field. Comparisons between fields are not among them.
    pub(super) fn new<'t>(tests: impl Iterator<Item = (TestId, &'t Op)>) -> Self {
        let mut probe = Self::default();
        let (mut exact, mut folded, mut regexes) = (Vec::new(), Vec::new(), Vec::new());
        for (test, op) in tests {
            match op {
                Op::Exists => probe.exists.push(test),
                Op::Null => probe.null.push(test),
                Op::Matches { pattern, .. } if pattern.is_any() => probe.scalar.push(test),
                Op::Matches { pattern, case: Case::Sensitive } => match pattern.as_literal() {
                    Some(text) => _ = probe.exact.insert(text.into(), test),
                    None => exact.push((test, pattern.clone())),
                },
                Op::Matches { pattern, case: Case::Insensitive } => {
                    let pattern = pattern.folded();
                    // Literals that differ in case alone are one text for two tests.
                    match pattern.as_literal() {
                        Some(text) if !probe.folded.contains_key(text) => {
                            probe.folded.insert(text.into(), test);
                        }
                        _ => folded.push((test, pattern)),
                    }
                }
                Op::Regex(regex) => regexes.push((test, regex.clone())),
                Op::Compare { order, number } => probe.numbers.push((test, *order, *number)),
                Op::Cidr(_) | Op::Time { .. } | Op::Words(_) => {
                    probe.others.push((test, op.clone()))
                }
                Op::Field { .. } => {}
            }
        }
        probe.needles = Needles::new(exact);
        probe.folded_needles = Needles::new(folded);
        probe.regexes = Regexes::new(regexes);
        probe
    }

    /// Sets the tests that a value satisfies.
    pub(super) fn apply(&self, value: &Scalar<'_>, truth: &mut Truth, room: &mut Folded) {
        if *value == Scalar::Null {
            self.null.iter().for_each(|test| truth.set(*test));
            return;
        }
        self.exists.iter().for_each(|test| truth.set(*test));
        let Some(text) = value.text() else { return };
        self.scalar.iter().for_each(|test| truth.set(*test));
        if !self.exact.is_empty()
            && let Some(test) = self.exact.get(&*text)
        {
            truth.set(*test);
        }
        if !self.needles.is_empty() {
            self.needles.apply(&text, truth);
        }
        self.apply_folded(&text, truth, room);
        if !self.regexes.is_empty() {
            self.regexes.apply(&text, truth);
        }
        if !self.numbers.is_empty()
            && let Some(number) = value.number()
        {
            for (test, order, literal) in &self.numbers {
                if order.holds(number.cmp(literal)) {
                    truth.set(*test);
                }
            }
        }
        for (test, op) in &self.others {
            if !truth.is_on(*test) && op.accepts_text(&text) {
                truth.set(*test);
            }
        }
    }

    fn apply_folded(&self, text: &str, truth: &mut Truth, room: &mut Folded) {
        if self.folded.is_empty() && self.folded_needles.is_empty() {
            return;
        }
        room.clear();
        if text.is_ascii() {
            room.push_str(text);
            room.make_ascii_lowercase();
        } else {
            room.extend(text.chars().map(fold));
        }
        if let Some(test) = self.folded.get(room.as_str()) {
            truth.set(*test);
        }
        if !self.folded_needles.is_empty() {
            self.folded_needles.apply(room, truth);
        }
    }
}
