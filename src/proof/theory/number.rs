//! Numbers: ranges of what comparisons leave, exactly, over the numbers that there are.

use super::value::{Ask, ops};
use crate::proof::boolean::Atoms;
use crate::query::{Number, Op, Order};

/// What comparisons leave of all numbers, ends included, and which tests drew the ends.
struct Range {
    low: (i64, Option<usize>),
    high: (i64, Option<usize>),
    holes: Vec<(i64, usize)>,
}

/// The place of a number among all: neighbours differ by one.
fn place(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn number_at(place: i64) -> f64 {
    f64::from_bits((place ^ (((place >> 63) as u64) >> 1) as i64) as u64)
}

impl Range {
    /// `None` if the value need not be a number.
    fn of(ask: &Ask<'_>, atoms: &Atoms) -> Option<Self> {
        let compares = |tests| {
            ops(tests, atoms).filter_map(|(atom, op)| match op {
                Op::Compare { order, number } => Some((atom, *order, *number)),
                _ => None,
            })
        };
        if compares(ask.all).next().is_none() && !ask.domain.is_number() {
            return None;
        }
        let mut range =
            Self { low: (place(f64::MIN), None), high: (place(f64::MAX), None), holes: Vec::new() };
        for (atom, order, number) in compares(ask.all) {
            range.cut(atom, order, number);
        }
        for (atom, order, number) in compares(ask.none) {
            match order {
                Order::Less => range.cut(atom, Order::GreaterOrEqual, number),
                Order::LessOrEqual => range.cut(atom, Order::Greater, number),
                Order::Greater => range.cut(atom, Order::LessOrEqual, number),
                Order::GreaterOrEqual => range.cut(atom, Order::Less, number),
                Order::Equal => range.holes.push((place(number.get()), atom)),
            }
        }
        Some(range)
    }

    fn cut(&mut self, atom: usize, order: Order, number: Number) {
        let at = place(number.get());
        // -0 is 0, so nothing lies between 0 and the number before it.
        let before = if at == 0 { -2 } else { at - 1 };
        let mut raise = |to: i64| {
            if to > self.low.0 {
                self.low = (to, Some(atom));
            }
        };
        match order {
            Order::Greater => raise(at + 1),
            Order::GreaterOrEqual | Order::Equal => raise(at),
            _ => {}
        }
        let mut lower = |to: i64| {
            if to < self.high.0 {
                self.high = (to, Some(atom));
            }
        };
        match order {
            Order::Less => lower(before),
            Order::LessOrEqual | Order::Equal => lower(at),
            _ => {}
        }
    }

    fn holds(&self, place: i64) -> bool {
        (self.low.0..=self.high.0).contains(&place)
            && !self.holes.iter().any(|(hole, _)| *hole == place)
    }
}

/// The tests that leave no number.
pub(super) fn clash(ask: &Ask<'_>, atoms: &Atoms) -> Option<Vec<usize>> {
    let range = Range::of(ask, atoms)?;
    let (low, high) = (range.low.0, range.high.0);
    let few = high.saturating_sub(low) < range.holes.len() as i64;
    if low <= high && !(few && (low..=high).all(|place| !range.holds(place))) {
        return None;
    }
    let ends = [range.low.1, range.high.1].into_iter().flatten();
    let holes = range.holes.iter().filter(|(hole, _)| (low..=high).contains(hole));
    let mut core: Vec<usize> = ends.chain(holes.map(|(_, atom)| *atom)).collect();
    // Without it the value need not be a number.
    if !core.iter().any(|atom| ask.all.contains(atom)) {
        let compares = ops(ask.all, atoms).find(|(_, op)| matches!(op, Op::Compare { .. }));
        core.extend(compares.map(|(atom, _)| atom));
    }
    core.sort_unstable();
    core.dedup();
    Some(core)
}

/// Numbers that the comparisons leave, small whole ones near the ends first.
pub(super) fn candidates(ask: &Ask<'_>, atoms: &Atoms) -> Vec<String> {
    let Some(range) = Range::of(ask, atoms) else { return Vec::new() };
    let (low, high) = (number_at(range.low.0), number_at(range.high.0));
    let mut values = vec![];
    for near in [0.0, 1.0, 2.0, 3.0, 10.0, 100.0, 1000.0] {
        values.extend([near, low.ceil() + near, low + near / 8.0, high.floor() - near]);
    }
    values.extend([low, high, low / 2.0 + high / 2.0]);
    values
        .extend((0..4).flat_map(|by| [number_at(range.low.0 + by), number_at(range.high.0 - by)]));
    let values = values.into_iter().filter_map(Number::new);
    let mut texts: Vec<String> = Vec::new();
    for value in values.filter(|value| range.holds(place(value.get()))) {
        let text = value.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.sort_by_key(String::len);
    let whole: Vec<String> = texts.iter().filter(|text| !text.contains('.')).cloned().collect();
    // The same numbers in other words.
    for change in [|text: &String| format!("{text}.0"), |text: &String| format!("{text}e0")] {
        texts.extend(whole.iter().map(change));
    }
    texts.extend(whole.iter().map(|text| format!(" {text}")));
    texts
}
