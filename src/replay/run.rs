//! A program over inputs, in parallel, with results in the order of the input.
//!
//! Small inputs are read and examined one by one side by side; a large one block by block, while
//! the next blocks are read. At any time no more than a few megabytes of blocks are held. Results
//! are handed out in the order of inputs and records whoever finished first; those over several
//! events follow at the end, in the order of time.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;

use super::examine::{Examined, Examiner};
use super::timeline::Timeline;
use super::{Found, Limits, Program};
use crate::event::{Block, Fault, Input, Splitter};

/// About how many bytes of blocks are examined at once.
const BATCH_BYTES: usize = 4 << 20;

/// What happens during a run.
#[derive(Debug)]
pub enum Happening<'h> {
    /// A rule holds.
    Found(&'h Found),
    /// Something could not be read.
    Fault(&'h Input, &'h Fault),
    /// An input, or a part of one, is done.
    Progress,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records that were read.
    pub events: u64,
    /// Bytes of blocks, unpacked.
    pub bytes: u64,
    /// Events that no rule was for, since nobody knows what they are.
    pub unknown: u64,
    /// Events that counted for a rule over time, but had no time.
    pub timeless: u64,
    /// Events of which it had to be made out what a platform makes of them.
    pub projected: u64,
    /// Things that could not be read.
    pub faults: u64,
    /// What limits have cost.
    pub limits: Limits,
    /// Whether whoever takes the results had enough before the end.
    pub stopped: bool,
}

/// How a run is done.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Whether results hold the records.
    pub records: bool,
    /// Counts the bytes that are read, as they lie there.
    pub read: Arc<AtomicU64>,
}

/// Whoever takes what happens.
type Take<'t> = dyn FnMut(Happening<'_>) -> ControlFlow<()> + 't;

impl Run {
    /// Runs a program over inputs.
    pub fn over(&self, program: &Program, inputs: &[Input], take: &mut Take<'_>) -> Totals {
        let examiner = Examiner { program, records: self.records };
        let mut going = Going {
            examiner,
            timeline: Timeline::new(&program.detectors),
            totals: Totals::default(),
            take,
        };
        let done = self.inputs(inputs, &mut going);
        let Going { timeline, mut totals, take, .. } = going;
        totals.stopped = done.is_break();
        if done.is_continue() {
            let mut stopped = false;
            totals.limits = timeline.finish(&mut |found| {
                stopped = stopped || take(Happening::Found(&found)).is_break();
            });
            totals.stopped = stopped;
        }
        totals
    }

    fn inputs(&self, inputs: &[Input], going: &mut Going<'_, '_>) -> ControlFlow<()> {
        let examiner = going.examiner;
        let side_by_side = rayon::current_num_threads() * 2;
        for (group, some) in inputs.chunks(side_by_side).enumerate() {
            let first = group * side_by_side;
            let number = |at: usize| super::atoms::number(first + at);
            let heads: Vec<Head> = some
                .par_iter()
                .enumerate()
                .map(|(at, input)| Head::of(input, number(at), examiner, &self.read))
                .collect();
            for (at, (head, input)) in heads.into_iter().zip(some).enumerate() {
                for examined in head.examined {
                    going.take(examined, input)?;
                }
                if let Some(rest) = head.rest {
                    going.stream(rest, input, number(at))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// The beginning of an input, examined, with what is left of it.
struct Head {
    examined: Vec<Examined>,
    rest: Option<Splitter>,
}

impl Head {
    fn of(input: &Input, number: u32, examiner: Examiner<'_>, read: &Arc<AtomicU64>) -> Self {
        let mut head = Head { examined: Vec::new(), rest: None };
        let mut splitter = match input.open(read) {
            Ok(splitter) => splitter.with(examiner.program.wrappers()),
            Err(fault) => {
                head.examined.push(Examined { faults: vec![fault], ..Examined::default() });
                return head;
            }
        };
        let mut bytes = 0;
        while let Some(block) = splitter.next_block() {
            bytes += block.size();
            head.examined.push(examiner.block(block, number));
            if bytes >= BATCH_BYTES {
                head.rest = Some(splitter);
                break;
            }
        }
        head
    }
}

/// A run that is going on.
struct Going<'p, 't> {
    examiner: Examiner<'p>,
    timeline: Timeline<'p>,
    totals: Totals,
    take: &'t mut Take<'t>,
}

impl Going<'_, '_> {
    /// Examines blocks while the next ones are read.
    fn stream(&mut self, mut splitter: Splitter, input: &Input, number: u32) -> ControlFlow<()> {
        let mut blocks = read(&mut splitter);
        while !blocks.is_empty() {
            let examiner = self.examiner;
            let work = || -> Vec<Examined> {
                blocks.into_par_iter().map(|block| examiner.block(block, number)).collect()
            };
            let (examined, next) = rayon::join(work, || read(&mut splitter));
            blocks = next;
            for one in examined {
                self.take(one, input)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn take(&mut self, one: Examined, input: &Input) -> ControlFlow<()> {
        let totals = &mut self.totals;
        totals.events += one.events;
        totals.bytes += one.bytes;
        totals.unknown += one.unknown;
        totals.timeless += one.timeless;
        totals.projected += one.projected;
        totals.faults += one.faults.len() as u64;
        for fault in &one.faults {
            (self.take)(Happening::Fault(input, fault))?;
        }
        for found in &one.found {
            (self.take)(Happening::Found(found))?;
        }
        self.timeline.begins(one.first);
        let mut flow = ControlFlow::Continue(());
        for observation in one.observations {
            self.timeline.add(observation, &mut |found| {
                if flow.is_continue() {
                    flow = (self.take)(Happening::Found(&found));
                }
            });
        }
        flow?;
        (self.take)(Happening::Progress)
    }
}

/// The next few blocks.
fn read(splitter: &mut Splitter) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut bytes = 0;
    while bytes < BATCH_BYTES
        && let Some(block) = splitter.next_block()
    {
        bytes += block.size();
        blocks.push(block);
    }
    blocks
}
