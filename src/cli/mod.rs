//! The command line: one file per verb. Verbs parse arguments, call the library and print;
//! nothing else happens here.
//!
//! stdout carries data, stderr carries talk. Exit codes: 0 fine, 1 findings, 2 usage,
//! configuration or input and output.

mod ask;
mod build;
mod check;
mod codes;
mod completions;
mod convert;
mod coverage;
mod create;
mod diff;
mod explain;
mod fmt;
mod import;
mod init;
mod log_source;
mod man;
mod new;
mod operand;
mod output;
mod prove;
mod replay;
mod schema;
mod synth;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::diagnostic::{Finding, Severity};
use crate::rule::controls;
use crate::site::{TemplateError, Templates};
pub use codes::{codes, pages};
use output::Format;

/// What scripts need to know; it stands in the help and in the manual.
const EXIT_CODES: &str = "Exit codes: 0 fine; 1 findings; 2 usage, configuration, input or output.";

/// A compiler for detection rules.
#[derive(Debug, Parser)]
#[command(name = "crosswalk", version, about, after_help = EXIT_CODES, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// Options of every verb.
#[derive(Debug, clap::Args)]
struct Global {
    /// Read this configuration file instead of the nearest crosswalk.toml.
    #[arg(long, global = true, env = "CROSSWALK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// How findings are printed.
    #[arg(long, global = true, env = "CROSSWALK_OUTPUT_FORMAT", value_enum, default_value_t)]
    output_format: Format,
    /// Fail on warnings too.
    #[arg(
        long,
        global = true,
        env = "CROSSWALK_STRICT",
        // `1` is how pipelines say yes, and what clap takes by itself is `true` alone.
        value_parser = clap::builder::FalseyValueParser::new()
    )]
    strict: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Read rules and report everything that is wrong with them.
    Check(check::Check),
    /// Generate Elastic rules, Datadog payloads, Sigma and documentation.
    Build(build::Build),
    /// Write rules in the one way.
    Fmt(fmt::Fmt),
    /// Read rules of other platforms into canonical rules.
    Import(import::Import),
    /// Convert rules or queries from one language into another.
    Convert(convert::Convert),
    /// Run the tests of rules, on the rules and on every platform's query.
    Test(test::Test),
    /// Prove whether two rules or queries detect the same.
    Prove(prove::Prove),
    /// Show what a change of rules does to detection.
    Diff(diff::Diff),
    /// Make test events for a rule, matches and near misses.
    Synth(synth::Synth),
    /// Show which demands of control frameworks rules really meet.
    Coverage(coverage::Coverage),
    /// Run rules over logs and print what they find.
    Replay(replay::Replay),
    /// Show every stage of one rule, or explain a code.
    Explain(explain::Explain),
    /// Make a new repository of rules, with an example and continuous integration.
    Init(init::Init),
    /// Make a new rule from a template.
    New(new::New),
    /// Print the JSON Schema of canonical rules, for editors.
    Schema(schema::Schema),
    /// Print completions for a shell.
    Completions(completions::Completions),
    /// Print the manual page, or write all of them into a folder.
    Man(man::Man),
}

/// How a verb ended.
enum Outcome {
    /// Nothing to complain about.
    Fine,
    /// Findings that fail the run.
    Findings,
    /// The work was done on a part of the input only; what is missing was said.
    Partial,
}

/// A run that could not be done: configuration, input or output. The text is for people.
struct Failure(String);

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self(message)
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let Arguments { global, verb } = Arguments::parse();
    match execute(&global, verb) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Partial) => ExitCode::from(2),
        Err(Failure(message)) => {
            anstream::eprintln!("{}", message.trim_end());
            ExitCode::from(2)
        }
    }
}

fn execute(global: &Global, verb: Verb) -> Result<Outcome, Failure> {
    let context = || {
        let context = Context::new(global)?;
        // Claims of rules resolve against the frameworks of the repository, too.
        context.extend_controls(&[])?;
        Ok::<_, Failure>(context)
    };
    match verb {
        Verb::Check(verb) => verb.run(&context()?),
        Verb::Build(verb) => verb.run(&context()?),
        Verb::Fmt(verb) => verb.run(&context()?),
        Verb::Import(verb) => verb.run(&context()?),
        Verb::Convert(verb) => verb.run(&context()?),
        Verb::Test(verb) => verb.run(&context()?),
        Verb::Prove(verb) => verb.run(&context()?),
        Verb::Synth(verb) => verb.run(&context()?),
        Verb::Diff(verb) => verb.run(&context()?),
        // It may name further frameworks, and they can be made known only once.
        Verb::Coverage(verb) => verb.run(&Context::new(global)?),
        Verb::Replay(verb) => verb.run(&context()?),
        Verb::Explain(verb) => verb.run(&context()?),
        Verb::Init(verb) => verb.run(),
        Verb::New(verb) => verb.run(),
        Verb::Schema(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
        Verb::Man(verb) => verb.run(),
    }
}

/// What every verb works with: flags over environment over file.
struct Context {
    config: Config,
    format: Format,
    strict: bool,
}

impl Context {
    fn new(global: &Global) -> Result<Self, Failure> {
        let config = Config::load(global.config.as_deref(), std::path::Path::new("."))
            .map_err(|finding| Failure(output::for_people(&[*finding])))?;
        let strict = global.strict || config.strict;
        Ok(Self { config, format: global.output_format, strict })
    }

    /// Makes the frameworks of the repository known, and further ones.
    fn extend_controls(&self, more: &[PathBuf]) -> Result<(), Failure> {
        let own = self.config.controls.iter().map(|path| self.config.resolve(path));
        let paths: Vec<PathBuf> = own.chain(more.iter().cloned()).collect();
        if paths.is_empty() {
            return Ok(());
        }
        let (frameworks, findings) = controls::load(&paths);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Failure(output::for_people(&findings)));
        }
        anstream::eprint!("{}", output::for_people(&findings));
        match controls::extend(frameworks).first() {
            Some(taken) => Err(Failure(format!(
                "error: there is a framework `{}` already; give yours an id of its own",
                taken.framework
            ))),
            None => Ok(()),
        }
    }

    /// The shipped templates, with the repository's own in place of theirs.
    fn templates(&self) -> Result<Templates, Failure> {
        let folder = self.config.templates.as_ref().map(|folder| self.config.resolve(folder));
        Templates::load(folder.as_deref()).map_err(|errors| {
            let findings: Vec<Finding> = errors.iter().map(TemplateError::finding).collect();
            Failure(output::for_people(&findings))
        })
    }

    /// The paths of the command line, or those of the configuration.
    fn paths(&self, named: &[PathBuf]) -> Vec<PathBuf> {
        match named {
            [] => self.config.rules.iter().map(|path| self.config.resolve(path)).collect(),
            named => named.to_vec(),
        }
    }
}
