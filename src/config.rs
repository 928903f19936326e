//! `crosswalk.toml`: what a repository of rules says once instead of on every command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::diagnostic::{Finding, codes};
use crate::source::{Place, SourceFile, Span};

codes! {
    /// the configuration file cannot be used
    ///
    /// `crosswalk.toml` is read from the current folder or the nearest folder above it. An unknown
    /// key or a value of the wrong type stops the run, because half a configuration is none.
    CONFIG = "bad-configuration", Error;
}

/// The name of the file.
pub const FILE_NAME: &str = "crosswalk.toml";

/// The settings of a repository. Paths are relative to the folder of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Files and folders with rules.
    pub rules: Vec<PathBuf>,
    /// Files and folders with control frameworks of the repository's own.
    pub controls: Vec<PathBuf>,
    /// Where `build` writes.
    pub output: PathBuf,
    /// What `build` makes.
    pub targets: Vec<Target>,
    /// A folder whose templates replace the shipped ones of the same name.
    pub templates: Option<PathBuf>,
    /// Whether warnings fail a run.
    pub strict: bool,
    /// What `check` reports.
    pub check: CheckOptions,
    /// What `coverage` audits, and what it is held against.
    pub coverage: CoverageOptions,
    /// Defaults for rules that leave out a field of `elastic:`.
    pub elastic: ElasticDefaults,
    /// The folder that paths are relative to.
    #[serde(skip)]
    pub root: PathBuf,
}

/// Which findings a repository wants to see, by code.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckOptions {
    /// Only these, and errors that keep a rule from being read; empty means all.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
}

/// Which controls a repository is held to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CoverageOptions {
    /// The framework, by its id; the first that is known if left out.
    pub framework: Option<String>,
    /// Its versions, `newest` or `all`; the newest if empty.
    pub version: Vec<String>,
    /// Kinds of narrowing that count as coverage.
    pub accept: Vec<String>,
    /// The share of demanded parts, in percent, that has to be covered on every target.
    pub fail_under: Option<u8>,
    /// What was covered before, as `coverage --write-baseline` wrote it.
    pub baseline: Option<PathBuf>,
}

/// Defaults of Elastic's envelope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ElasticDefaults {
    /// Index patterns.
    pub index: Vec<String>,
    /// How often rules run, such as `5m`.
    pub interval: Option<String>,
    /// Start of the look-back, such as `now-15m`.
    pub from: Option<String>,
}

/// What can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Elastic rules: JSON, NDJSON, TOML.
    Elastic,
    /// Datadog rule payloads.
    Datadog,
    /// Sigma rules.
    Sigma,
    /// Documentation pages.
    Docs,
}

impl Target {
    /// Every target, in the order in which reports name them.
    pub const ALL: [Target; 4] = [Target::Elastic, Target::Datadog, Target::Sigma, Target::Docs];

    /// The name on the command line and in paths.
    pub fn name(self) -> &'static str {
        match self {
            Target::Elastic => "elastic",
            Target::Datadog => "datadog",
            Target::Sigma => "sigma",
            Target::Docs => "docs",
        }
    }
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Target::ALL.into_iter().find(|target| target.name() == name);
        known.ok_or_else(|| {
            format!("`{name}` is no target; there are elastic, datadog, sigma and docs")
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rules: vec![PathBuf::from("rules")],
            controls: Vec::new(),
            output: PathBuf::from("dist"),
            targets: Target::ALL.to_vec(),
            templates: None,
            strict: false,
            check: CheckOptions::default(),
            coverage: CoverageOptions::default(),
            elastic: ElasticDefaults::default(),
            root: PathBuf::new(),
        }
    }
}

impl Config {
    /// Reads a named file, or the nearest `crosswalk.toml` from `start` upwards, or the defaults
    /// if there is none.
    pub fn load(named: Option<&Path>, start: &Path) -> Result<Self, Box<Finding>> {
        let path = match named {
            Some(path) => Some(path.to_owned()),
            None => nearest(start),
        };
        let Some(path) = path else { return Ok(Self::default()) };
        let name = path.to_string_lossy().replace('\\', "/");
        let source = SourceFile::read(&path, name.strip_prefix("./").unwrap_or(&name))
            .map_err(|error| Box::new(Finding::general(&CONFIG, error.to_string())))?;
        let mut config = Self::parse(&source)?;
        config.root = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(config)
    }

    /// Reads the text of a configuration file.
    pub fn parse(source: &Arc<SourceFile>) -> Result<Self, Box<Finding>> {
        toml::from_str(source.text()).map_err(|error| {
            let span = error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
            let message = error.message().lines().next().unwrap_or("not readable").to_owned();
            Box::new(Finding::new(&CONFIG, Place::new(source, span), message))
        })
    }

    /// A path of the configuration as seen from the current folder.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.root.join(path)
    }
}

/// The file in `start` or the nearest folder above; named relatively where it is in `start`, so
/// that findings name rules as the user does.
fn nearest(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    let folder = start.ancestors().find(|folder| folder.join(FILE_NAME).is_file())?;
    if folder == start { Some(PathBuf::from(FILE_NAME)) } else { Some(folder.join(FILE_NAME)) }
}
