//! `crosswalk completions`: what a shell needs to complete verbs and flags.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, Failure, Outcome};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        let mut command = Arguments::command();
        clap_complete::generate(self.shell, &mut command, "crosswalk", &mut script);
        super::output::write(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Fine)
    }
}
