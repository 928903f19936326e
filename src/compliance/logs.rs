//! Demanded events in logs: the best evidence that a rule finds what it should.
//!
//! The demands themselves are run over the logs as if they were rules, so logs of any size are read
//! in one pass and in bounded memory; a few events of each part are kept.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::Value as Json;

use super::audit::{Reading, demanded};
use crate::event::{Fault, Input};
use crate::query::Expr;
use crate::replay::{Happening, Program, Run, Totals};
use crate::rule::controls::Framework;

/// So many events of one part are kept: rules that find a part find each of its events.
const KEPT: usize = 8;

/// What was found in logs.
#[derive(Debug, Default)]
pub struct Sighted {
    /// A few events of each part that happened at all.
    pub events: Vec<Json>,
    /// How many parts of how many happened.
    pub parts: (usize, usize),
    /// What was read.
    pub totals: Totals,
}

/// Looks in logs for events that a framework demands in some versions. `fault` is told what could
/// not be read.
pub fn sighted(
    framework: &Framework,
    versions: &[String],
    reading: Reading,
    inputs: &[Input],
    fault: &mut dyn FnMut(&Input, &Fault),
) -> Sighted {
    let parts: Vec<(String, Expr)> = demanded(framework, versions, reading);
    let all = parts.len();
    let program = Program::looking_for(parts);
    let mut kept: BTreeMap<u32, Vec<Box<str>>> = BTreeMap::new();
    let run = Run { records: true, ..Run::default() };
    let totals = run.over(&program, inputs, &mut |happening| {
        match happening {
            Happening::Found(found) => {
                let own = kept.entry(found.rule).or_default();
                if own.len() < KEPT {
                    own.extend(found.event.record.clone());
                }
            }
            Happening::Fault(input, what) => fault(input, what),
            Happening::Progress => {}
        }
        ControlFlow::Continue(())
    });
    let parts = (kept.len(), all);
    let mut texts: Vec<Box<str>> = kept.into_values().flatten().collect();
    texts.sort();
    texts.dedup();
    let events = texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    Sighted { events, parts, totals }
}
