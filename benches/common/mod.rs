//! What the benches share: a clock for CPU time, the texts that they work on, and the way of a
//! Sigma rule into every language.

#![allow(dead_code, unreachable_pub, reason = "every bench uses a part of this module")]

pub mod clock;
pub mod convert;
pub mod corpus;
pub mod replay;
