//! `crosswalk man`: manual pages, made from the same words as `--help`.

use std::path::PathBuf;

use clap::CommandFactory;

use super::{Arguments, Failure, Outcome};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// Write a page for crosswalk and one for each verb into this folder instead of printing the
    /// first.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let failure = |error: std::io::Error| Failure(format!("error: manual page: {error}"));
        // `help` is no verb with a page of its own, so none should point there.
        let command = Arguments::command().disable_help_subcommand(true);
        match &self.dir {
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page).map_err(failure)?;
                super::output::write(&String::from_utf8_lossy(&page))?;
            }
            Some(folder) => {
                let at =
                    |error| Failure(format!("error: cannot write `{}`: {error}", folder.display()));
                std::fs::create_dir_all(folder).map_err(at)?;
                clap_mangen::generate_to(command, folder).map_err(at)?;
            }
        }
        Ok(Outcome::Fine)
    }
}
