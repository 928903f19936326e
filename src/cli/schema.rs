//! `crosswalk schema`: the JSON Schema of canonical rules.

use super::output::write;
use super::{Failure, Outcome};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        write(include_str!("../../schemas/rule.schema.json"))?;
        Ok(Outcome::Fine)
    }
}
