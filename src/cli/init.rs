//! `crosswalk init`: a new repository of rules that passes its own continuous integration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::create::{create, fill};
use super::output::shell_word;
use super::{Failure, Outcome};
use crate::config::FILE_NAME;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder; made if it is not there.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

macro_rules! file {
    ($path:literal) => {
        file!($path, $path)
    };
    ($path:literal, $template:literal) => {
        ($path, include_str!(concat!("../../templates/init/", $template)))
    };
}

/// Every file by its path in the repository. The configuration comes last: it is what makes a
/// folder a repository of rules, so a run that failed half-way can be repeated.
const FILES: &[(&str, &str)] = &[
    file!(".github/workflows/crosswalk.yml"),
    // Under its own name it would hide files of ours.
    file!(".gitignore", "gitignore"),
    file!(".gitlab-ci.yml"),
    file!(".pre-commit-config.yaml"),
    file!("README.md"),
    file!("rules/aws/guardduty/detector_switched_off.yml"),
    file!("crosswalk.toml"),
];

impl Init {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        if self.folder.join(FILE_NAME).symlink_metadata().is_ok() {
            let folder = self.folder.display();
            return Err(Failure(format!(
                "error: `{folder}` is a repository of rules already: it has a `{FILE_NAME}`"
            )));
        }
        let values = BTreeMap::from([
            ("PACKAGE", env!("CARGO_PKG_NAME")),
            ("RUST", env!("CARGO_PKG_RUST_VERSION")),
            ("VERSION", env!("CARGO_PKG_VERSION")),
        ]);
        for (path, template) in FILES {
            let made = create(&self.folder.join(path), &fill(template, &values))?;
            let what = if made { "made" } else { "kept, was there already:" };
            anstream::eprintln!("{what} {path}");
        }
        let enter = match self.folder.as_path() {
            folder if folder == Path::new(".") => String::new(),
            folder => format!("cd {} && ", shell_word(folder)),
        };
        anstream::eprintln!("\nnext: {enter}crosswalk check && crosswalk build");
        Ok(Outcome::Fine)
    }
}
