//! Dates: what is asked of each part of one.

use jiff::civil::Date;
use serde_json::json;

use super::value::{Ask, ops};
use crate::proof::boolean::Atoms;
use crate::query::{Op, TimePart};

/// The date that is changed as little as the tests allow.
const USUAL: (i64, i64, i64, i64, i64) = (2024, 5, 6, 7, 8);

/// Most years that are looked through for a day.
const YEARS: usize = 30;

/// Parts that are asked for directly, with all their values.
const PARTS: [(TimePart, i64, i64); 6] = [
    (TimePart::Minute, 0, 59),
    (TimePart::Hour, 0, 23),
    (TimePart::Day, 1, 31),
    (TimePart::Week, 1, 53),
    (TimePart::Month, 1, 12),
    (TimePart::Year, -9999, 9999),
];

/// The tests of one part.
fn tests<'a>(
    part: TimePart,
    tests: &'a [usize],
    atoms: &'a Atoms,
) -> impl Iterator<Item = (usize, &'a Op)> {
    ops(tests, atoms)
        .filter(move |(_, op)| matches!(op, Op::Time { part: own, .. } if *own == part))
}

fn is_asked(ask: &Ask<'_>, atoms: &Atoms) -> bool {
    ops(ask.all, atoms).any(|(_, op)| matches!(op, Op::Time { .. }))
}

/// The values of a part that its tests allow.
fn allowed(ask: &Ask<'_>, atoms: &Atoms, (part, low, high): (TimePart, i64, i64)) -> Vec<i64> {
    let in_order = |op: &Op, value: i64| match op {
        Op::Time { order, number, .. } => order.holds((value as f64).total_cmp(&number.get())),
        _ => false,
    };
    (low..=high)
        .filter(|value| tests(part, ask.all, atoms).all(|(_, op)| in_order(op, *value)))
        .filter(|value| !tests(part, ask.none, atoms).any(|(_, op)| in_order(op, *value)))
        .collect()
}

/// The tests that leave no value of some part.
pub(super) fn clash(ask: &Ask<'_>, atoms: &Atoms) -> Option<Vec<usize>> {
    if !is_asked(ask, atoms) {
        return None;
    }
    let (part, ..) = PARTS.into_iter().find(|part| allowed(ask, atoms, *part).is_empty())?;
    let some = ops(ask.all, atoms).find(|(_, op)| matches!(op, Op::Time { .. }));
    let mut core: Vec<usize> = tests(part, ask.all, atoms)
        .chain(tests(part, ask.none, atoms))
        .chain(some)
        .map(|(atom, _)| atom)
        .collect();
    core.sort_unstable();
    core.dedup();
    Some(core)
}

/// Dates whose parts are as asked.
pub(super) fn candidates(ask: &Ask<'_>, atoms: &Atoms) -> Vec<String> {
    if !is_asked(ask, atoms) {
        return Vec::new();
    }
    let [minutes, hours, days, weeks, months, years] = PARTS.map(|part| allowed(ask, atoms, part));
    let (year, month, day, hour, minute) = USUAL;
    let near = |all: &[i64], usual: i64| -> Option<i64> {
        all.iter().copied().min_by_key(|value| (value - usual).abs())
    };
    let (Some(hour), Some(minute)) = (near(&hours, hour), near(&minutes, minute)) else {
        return Vec::new();
    };
    let mut years = years;
    years.sort_by_key(|own| (own - year).abs());
    let mut found = Vec::new();
    for year in years.into_iter().take(YEARS) {
        let mut best: Option<(i64, Date)> = None;
        for own_month in &months {
            for own_day in &days {
                let date = i16::try_from(year).ok().and_then(|year| {
                    Date::new(year, i8::try_from(*own_month).ok()?, i8::try_from(*own_day).ok()?)
                        .ok()
                });
                let Some(date) = date else { continue };
                let far = (own_month - month).abs() * 31 + (own_day - day).abs();
                if weeks.contains(&i64::from(date.iso_week_date().week()))
                    && best.is_none_or(|(least, _)| far < least)
                {
                    best = Some((far, date));
                }
            }
        }
        if let Some((_, date)) = best {
            found.push(format!("{date}T{hour:02}:{minute:02}:09Z"));
            break;
        }
    }
    // The evaluator has the last word on how a date is read.
    found.retain(|text| {
        ops(ask.all, atoms).all(|(_, op)| !matches!(op, Op::Time { .. }) || op.holds(&json!(text)))
    });
    found
}
