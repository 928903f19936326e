//! The recorded CloudTrail events as every platform holds them, and generated queries read again
//! as the platforms would read them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crosswalk::build::{Built, build};
use crosswalk::config::{Config, Target};
use crosswalk::diagnostic::render::human;
use crosswalk::fields::{Catalog, View};
use crosswalk::language::{datadog, kql};
use crosswalk::query::Expr;
use crosswalk::rule::RuleSet;
use crosswalk::site::Templates;
use crosswalk::source::discover;
use crosswalk::target::Output;
use serde_json::Value;

use super::{corpus, rows, text};

/// Events in their three views, in one order.
#[derive(Debug)]
pub struct Events {
    pub ids: Vec<String>,
    pub raw: Vec<Value>,
    pub ecs: Vec<Value>,
    pub datadog: Vec<Value>,
}

impl Events {
    /// The events of the corpus, or `None` after saying what is skipped.
    pub fn load() -> Option<Self> {
        let root = corpus("cloudtrail", "agreement on real CloudTrail events")?;
        let read = |name: &str| rows(&root.join(name));
        let raw = read("events.jsonl");
        let ids = raw.iter().map(|row| text(row, "id").to_owned()).collect();
        let member = |rows: Vec<Value>, key: &str| -> Vec<Value> {
            rows.into_iter().map(|mut row| row[key].take()).collect()
        };
        Some(Self {
            ids,
            raw: member(raw, "event"),
            ecs: member(read("ecs_docs.jsonl"), "ecs"),
            datadog: read("datadog_docs.jsonl"),
        })
    }

    /// The events as one view holds them.
    pub fn view(&self, view: View) -> &[Value] {
        match view {
            View::Raw => &self.raw,
            View::Ecs => &self.ecs,
            View::Datadog => &self.datadog,
        }
    }

    /// The ids of the events that match in a view.
    pub fn hits(&self, view: View, expr: &Expr) -> BTreeSet<&str> {
        let pairs = self.ids.iter().zip(self.view(view));
        pairs.filter(|(_, event)| expr.eval(event)).map(|(id, _)| id.as_str()).collect()
    }
}

/// The view that a platform's queries are about.
pub fn view_of(target: Target) -> View {
    if target == Target::Elastic { View::Ecs } else { View::Datadog }
}

/// The generated text of all queries of an output, parsed again, joined by "or".
pub fn reparsed(output: &Output) -> Expr {
    let catalog =
        Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).expect("shipped catalogue");
    let schema = catalog.schema(view_of(output.target));
    let parsed = output.queries.iter().map(|query| match output.target {
        Target::Elastic => {
            let tree = kql::parse(&query.text).unwrap_or_else(|e| panic!("{e:?}\n{}", query.text));
            kql::lower(&tree, &schema).unwrap_or_else(|e| panic!("{e:?}\n{}", query.text)).value
        }
        _ => {
            let tree =
                datadog::parse(&query.text).unwrap_or_else(|e| panic!("{e:?}\n{}", query.text));
            datadog::lower(&tree, &schema).unwrap_or_else(|e| panic!("{e:?}\n{}", query.text))
        }
    });
    Expr::any_of(parsed.collect::<Vec<_>>())
}

/// The rules that the project ships, read without a finding.
pub fn our_rules() -> RuleSet {
    let rules = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let (set, findings) = RuleSet::read(&discover(&[rules], &["yml"]).0);
    assert!(findings.is_empty(), "{}", human(&findings, false));
    set
}

/// The shipped templates.
pub fn templates() -> Templates {
    Templates::load(None).expect("the shipped templates are good")
}

/// Everything that a set of rules gives, without an error.
pub fn built(set: &RuleSet) -> Built {
    let built = build(set, &Config::default(), &Target::ALL, &templates());
    assert!(!built.has_errors(), "{}", human(&built.findings, false));
    built
}

/// Whether the rule accepts that an output differs in this way.
pub fn accepts(output: &Output, relation: &str) -> bool {
    output.accepted.iter().any(|accept| accept.loss.value == relation)
}
