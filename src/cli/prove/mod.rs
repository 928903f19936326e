//! `crosswalk prove`: whether two rules or queries detect the same, or a whole set and what it
//! becomes on another platform.

mod corpus;

use std::fmt::Write;
use std::path::PathBuf;

use clap::builder::TypedValueParser;

use serde_json::{Value as Json, json};

use super::log_source::Source;
use super::operand::{failure, read};
use super::output::{Format, plain, write};
use super::{Context, Failure, Outcome};
use crate::convert::To;
use crate::fields::Catalog;
use crate::proof::{Assumed, Comparison, Limit, Limits, Relation, Side};
use crate::relate::{Reading, Related, compare};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "A side is a file with one rule, the id or name of a rule, or a query: \
    `kql:...`, `eql:...`, `esql:...`, `lucene:...`, `datadog:...`, `sigma:...`. Exit code 0 if both \
    detect the same: the same events of the same logs, counted in the same way (with `--corpus`: if every translation detects what its rule detects), 1 if not.")]
pub(super) struct Prove {
    /// What is compared.
    #[arg(value_name = "LEFT", required_unless_present_any = ["left", "corpus"], conflicts_with_all = ["left", "corpus"])]
    first: Option<String>,
    /// What it is compared with.
    #[arg(value_name = "RIGHT", required_unless_present_any = ["right", "corpus"], conflicts_with_all = ["right", "corpus"])]
    second: Option<String>,
    /// The first side, for scripts.
    #[arg(long, value_name = "SIDE", requires = "right")]
    left: Option<String>,
    /// The second side, for scripts.
    #[arg(long, value_name = "SIDE", requires = "left")]
    right: Option<String>,
    /// Whose events queries look at, such as `aws/cloudtrail`; the log source of the other side, or
    /// the one that the query asks for, if this is left out.
    #[arg(long, value_name = "SOURCE")]
    logsource: Option<Source>,
    /// Convert all rules of these files and folders and compare each with what it becomes.
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "to", conflicts_with_all = ["left", "logsource"])]
    corpus: Vec<PathBuf>,
    /// What the rules of `--corpus` become: targets of `convert`, or `all` for every language.
    #[arg(long, value_name = "TARGETS", value_delimiter = ',', value_parser = targets(), requires = "corpus")]
    to: Vec<Targets>,
    /// How the table of `--corpus` is printed.
    #[arg(long, value_enum, default_value_t, requires = "corpus")]
    format: Form,
}

/// Targets as the command line names them.
#[derive(Clone, Debug)]
enum Targets {
    /// Every query language.
    Languages,
    /// One target.
    One(To),
}

fn targets() -> impl TypedValueParser<Value = Targets> {
    let names = To::all().into_iter().map(To::name).chain(["all"]);
    clap::builder::PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        "all" => Ok(Targets::Languages),
        name => To::from_name(name).map(Targets::One).ok_or("unknown target"),
    })
}

/// How a table is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Lines for a terminal.
    #[default]
    Text,
    /// Markdown.
    Md,
    /// One JSON object for each rule and target.
    Json,
}

impl Prove {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        if !self.corpus.is_empty() {
            return self.corpus(context);
        }
        let catalog = match &self.logsource {
            Some(source) => Some(source.known_catalog()?),
            None => None,
        };
        let side = |short: &Option<String>, long: &Option<String>| {
            short.clone().or_else(|| long.clone()).unwrap_or_default()
        };
        let (first, second) = (side(&self.first, &self.left), side(&self.second, &self.right));
        let mut left = read(context, &first, catalog)?;
        let mut right = read(context, &second, catalog)?;
        // Two versions of one rule are told apart by where they stand.
        if left.title == right.title && first != second {
            (left.title, right.title) = (first, second);
        }
        let related = compare(&left, &right, catalog, &Limits::default()).map_err(failure)?;
        match context.format {
            Format::Json => {
                let report = json(&left, &right, &related);
                write(&format!("{report:#}\n"))?;
            }
            _ => write(&plain(&text(&left, &right, &related)))?,
        }
        Ok(if related.is_same() { Outcome::Fine } else { Outcome::Findings })
    }
}

fn json(left: &Reading, right: &Reading, related: &Related) -> Json {
    json!({
        "left": left.title,
        "right": right.title,
        "same": related.is_same(),
        "comparison": related.comparison,
        "logs": related.logs,
        "counting": related.counting,
        "notes": related.notes,
    })
}

fn text(left: &Reading, right: &Reading, related: &Related) -> String {
    let Related { comparison, notes, .. } = related;
    let mut out = format!("{}\n", verdict(&left.title, &right.title, related));
    out.push_str(&beside(&left.title, &right.title, related));
    out.push_str(&witnesses(&left.title, &right.title, comparison));
    let assumed = comparison.assumed.iter().map(assumption);
    let leans: Vec<String> = assumed.chain(notes.iter().cloned()).collect();
    if !leans.is_empty() {
        out.push_str("\nthis leans on:\n");
        for line in leans {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

/// The answer in one sentence.
fn verdict(left: &str, right: &str, related: &Related) -> String {
    let Related { comparison, counting, .. } = related;
    match (comparison.relation, counting) {
        _ if comparison.is_empty() => {
            let looked_at = related.looked_at();
            format!(
                "neither can match: no {looked_at} matches `{left}`, and none matches `{right}`"
            )
        }
        (Relation::Undecided(Limit::OtherLogs), _) => {
            format!(
                "other logs: `{left}` and `{right}` read logs of which nothing tells what they have in common"
            )
        }
        (Relation::Equal, Some(counting)) if counting.same => format!(
            "equal: `{left}` and `{right}` look at the same events, and count and limit them in the same way"
        ),
        (Relation::Equal, Some(counting)) if counting.is_compared => format!(
            "other counting: `{left}` and `{right}` look at the same events, and do not raise alerts for the same ones"
        ),
        (Relation::Equal, Some(_)) => format!(
            "counting not compared: `{left}` and `{right}` look at the same events, and say in words of their own when these raise alerts"
        ),
        (relation, _) => headline(left, right, relation),
    }
}

/// What stands beside the events: sides that match none, other logs, other counts.
fn beside(left: &str, right: &str, related: &Related) -> String {
    let Related { comparison, logs, counting, .. } = related;
    let mut out = String::new();
    if !comparison.is_empty() {
        for side in &comparison.never {
            let title = if *side == Side::Left { left } else { right };
            let _ = writeln!(out, "no {} can match `{title}`", related.looked_at());
        }
    }
    if let Some(logs) = logs {
        let _ = writeln!(out, "`{left}` reads {}, `{right}` reads {}", logs.left, logs.right);
    }
    if let Some(counting) = counting.as_ref().filter(|counting| !counting.same) {
        out.push_str("\nbeside the events, this differs:\n");
        let shown =
            |value: Option<Json>| value.map_or("none".to_owned(), |value| value.to_string());
        for (name, one, other) in counting.differences() {
            let _ = writeln!(out, "  {name}: {} → {}", shown(one), shown(other));
        }
    }
    out
}

/// The relation in one sentence.
pub(super) fn headline(left: &str, right: &str, relation: Relation) -> String {
    match relation {
        Relation::Equal => format!("equal: `{left}` and `{right}` match the same events"),
        Relation::Narrower => {
            format!("narrower: `{right}` misses events of `{left}` and adds none")
        }
        Relation::Wider => format!("wider: `{right}` matches all events of `{left}` and more"),
        Relation::Overlapping => {
            format!("overlapping: `{left}` and `{right}` each match events that the other misses")
        }
        Relation::Disjoint => format!("disjoint: no event matches both `{left}` and `{right}`"),
        Relation::Undecided(limit) => format!("undecided: {}", limit.in_words()),
    }
}

/// The events that show a relation.
pub(super) fn witnesses(left: &str, right: &str, comparison: &Comparison) -> String {
    let mut out = String::new();
    let shown = [
        (format!("only `{left}` matches"), &comparison.only_left),
        (format!("only `{right}` matches"), &comparison.only_right),
        ("both match".to_owned(), &comparison.both),
    ];
    for (words, event) in shown {
        if let Some(event) = event {
            let _ = write!(out, "\n{words}:\n  {event}\n");
        }
    }
    out
}

/// An assumption in words.
pub(super) fn assumption(assumed: &Assumed) -> String {
    format!("`{}` {}", assumed.field, assumed.what.in_words())
}

impl Source {
    /// The field catalogue of these events.
    pub(super) fn catalog(&self) -> Option<&'static Catalog> {
        let [category, product, service] = self.parts();
        Catalog::for_logsource(product, service, category)
    }

    /// The same; an error if there is none.
    pub(super) fn known_catalog(&self) -> Result<&'static Catalog, Failure> {
        self.catalog().ok_or_else(|| {
            let known = "no field catalogue knows the log source";
            Failure(format!("error: {known} `{}`", self.words()))
        })
    }
}
