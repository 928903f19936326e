//! Rules over logs: what they would have found.
//!
//! [`Program::new`] compiles all rules of a set: their tests into one [`Index`] by field, and what
//! they ask of several events into detectors. [`Run::over`] takes records through it, in parallel
//! and in bounded memory, and hands out what is found in an order that depends on the records
//! alone. A rule over single events matches where [`Expr::eval`](crate::query::Expr::eval) says
//! so; the index is only a quicker way to the same answer.

mod assemble;
mod atoms;
mod compile;
mod correlate;
mod datadog;
mod detector;
mod examine;
mod found;
mod index;
mod log_source;
mod moment;
mod need;
mod needles;
mod probe;
mod program;
mod run;
mod sift;
mod signal;
mod state;
mod timeline;
mod window;

pub use compile::{Form, Options};
pub use found::{Event, Found, OverTime, Signal, SignalChange};
pub use index::{Index, Known, PredicateId};
pub use moment::Moment;
pub use program::{LeftOut, Program, RuleFacts};
pub use run::{Happening, Run, Totals};
pub use timeline::{Limits, MAX_GROUPS, MAX_WAITING};
