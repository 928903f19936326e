//! Public rules beside what `convert` makes of them, both read by the library that wrote neither:
//! the source as its platform reads it, the result from its text.

use std::collections::BTreeSet;
use std::sync::Arc;

use crosswalk::convert::{Batch, Converted, Input, Text, To, Unit};
use crosswalk::fields::{Catalog, View, Vocabulary};
use crosswalk::language::registry::Dialect;
use crosswalk::proof::{Comparison, Limits, compare};
use crosswalk::query::{Assumption, Effect, Expr, FieldFacts, FieldPath, Loss, Schema};
pub use crosswalk::relate::view_of as view;
use crosswalk::relate::{self, Reading};
use crosswalk::source::SourceFile;

use super::{corpus, files};

/// Assumptions about which events and which names are meant: no event can show that they matter.
const ABOUT_NAMES: &[&str] = &["log-source", "field-names", "index", "platform-mapping"];

/// A rule and its translation.
#[derive(Debug)]
pub struct Pair {
    pub rule: String,
    pub texts: Vec<String>,
    pub losses: Vec<Loss>,
    pub assumptions: Vec<Assumption>,
    pub left: Reading,
    pub right: Reading,
    /// Whose names the rule uses.
    pub names: Vocabulary,
    pub catalog: Option<&'static Catalog>,
}

/// What is known of fields, together with what a translation assumes of them by name.
pub struct Granted {
    known: Box<dyn Schema>,
    named: Vec<(FieldPath, &'static str)>,
}

impl Schema for Granted {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let mut facts = self.known.facts(field);
        for (_, code) in self.named.iter().filter(|(own, _)| own == field) {
            match *code {
                "field-type" | "canonical-form" => {
                    facts.kind = facts.taken_for.unwrap_or(facts.kind);
                }
                "single-valued" => facts.single = true,
                "never-null" | "null-is-absent" => facts.never_null = true,
                // `not-an-object` says less: a text may be empty. What leans on it stays a difference.
                "non-empty" | "empty-dropped" => facts.never_empty = true,
                _ => {}
            }
        }
        facts
    }
}

/// What became of one rule.
#[derive(Debug)]
pub enum Translated {
    /// The language cannot have it.
    Refused,
    /// It asks for more than single events, or there is no one vocabulary for both.
    Apart(String),
    Pair(Box<Pair>),
}

impl Pair {
    /// How the translation stands to the rule: over the record, where a table knows it, and else
    /// over the names of the rule.
    pub fn related(&self, limits: &Limits) -> Result<Comparison, String> {
        if self.catalog.is_none() {
            return Ok(compare(&self.left.expr, &self.right.expr, &self.schema(), limits));
        }
        let related = relate::compare(&self.left, &self.right, self.catalog, limits);
        related.map(|related| related.comparison).map_err(|why| why.to_string())
    }

    /// What is known of the rule's own names, and what the translation takes for granted.
    pub fn schema(&self) -> Granted {
        let known = self.names.schema(View::Ecs, &[&self.left.expr]);
        let named = |assumption: &Assumption| Some((assumption.field.clone()?, assumption.code));
        Granted { known, named: self.assumptions.iter().filter_map(named).collect() }
    }

    /// Whether the translation itself names a loss with this effect.
    pub fn says(&self, effect: Effect) -> bool {
        self.losses.iter().any(|loss| loss.effect == effect || loss.effect == Effect::Overlapping)
    }

    /// The assumptions that an event can fail. A name that the table of the record lacks is one.
    pub fn leans_on(&self) -> BTreeSet<&'static str> {
        let codes = self.assumptions.iter().map(|assumption| assumption.code);
        let kept = |code: &&str| self.catalog.is_some() && *code == "field-names";
        codes.filter(|code| !ABOUT_NAMES.contains(code) || kept(code)).collect()
    }
}

/// The files of a corpus.
pub fn sources(folder: &str, extension: &str) -> Option<Vec<Arc<SourceFile>>> {
    let root = corpus(folder, "proofs of translated rules")?;
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        SourceFile::read(path, &name).expect("readable")
    };
    Some(files(&root, extension).iter().map(read).collect())
}

/// Every rule of a file in a language.
pub fn of_file(source: &Arc<SourceFile>, form: &str, to: &'static dyn Dialect) -> Vec<Translated> {
    let Ok(readings) = relate::of_source(source, None) else { return Vec::new() };
    let mut units = Vec::new();
    let batch = Batch::read(vec![source.clone()], Input::from_name(form));
    let done: Result<(), std::convert::Infallible> = batch.convert(To::Query(to), |more, _| {
        units.extend(more);
        Ok(())
    });
    let Ok(()) = done;
    assert_eq!(units.len(), readings.len(), "{}", source.name());
    let pairs = units.into_iter().zip(readings);
    pairs
        .map(|(unit, left)| {
            let Unit { source, title, result } = unit;
            match (result, left) {
                (Err(_), _) => Translated::Refused,
                (_, Err(unrelated)) => Translated::Apart(unrelated.to_string()),
                (Ok(done), Ok(left)) => pair(format!("{source}: {title}"), done, left, to),
            }
        })
        .collect()
}

fn pair(rule: String, done: Converted, left: Reading, to: &'static dyn Dialect) -> Translated {
    let view = view(to);
    let catalog = relate::catalog_of(&left);
    let read = |text: &Text| relate::of_made(to, &text.text, &left).map(|reading| reading.expr);
    let members = match done.texts.iter().map(read).collect::<Result<Vec<_>, _>>() {
        Ok(members) => members,
        Err(unrelated) => return Translated::Apart(unrelated.to_string()),
    };
    let mut expr = Expr::any_of(members);
    let vocabulary = match catalog {
        Some(catalog) if view == View::Raw => Vocabulary::Catalogue(catalog),
        Some(_) => Vocabulary::View(view),
        None => {
            // Names that no table knows were kept; Datadog has its attributes in a place of their own.
            expr = expr.renamed(&|field| {
                field
                    .as_str()
                    .strip_prefix("attributes.")
                    .map_or_else(|| field.clone(), FieldPath::new)
            });
            left.vocabulary
        }
    };
    let right = Reading {
        title: format!("{rule} in {}", to.title()),
        expr,
        vocabulary,
        logsource: None,
        notes: Vec::new(),
        beyond: relate::Beyond::default(),
    };
    Translated::Pair(Box::new(Pair {
        rule,
        texts: done.texts.into_iter().map(|text| text.text).collect(),
        losses: done.losses,
        names: left.vocabulary,
        assumptions: done.assumptions,
        left,
        right,
        catalog,
    }))
}
