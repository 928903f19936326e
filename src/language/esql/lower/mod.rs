//! From tree to meaning: what Elasticsearch makes of an ES|QL query.
//!
//! A query that filters, names and sorts events asks for single events; with one `STATS` that
//! counts and a condition on the count it is a threshold. Commands are followed one by one with
//! what every column holds, so `EVAL x = TO_LOWER(f) | WHERE x LIKE "a*"` is stated over `f`.
//! What has no meaning over single events (`GROK`, a model's answer, a date that is cut) makes a
//! column unknown, and the query is refused only if a condition looks at it.
//!
//! Conditions are three-valued ([`ternary`]). A comparison of a field with several values is null,
//! so every field that is compared is assumed to have one (`single-valued`). One that is known to hold
//! several is compared value by value, a loss (`several-values`).
//!
//! Which indices are read is not part of the meaning: the rule around the query says which events
//! there are. Elasticsearch refuses a query over a field that no index has; here such a field is
//! absent.

mod call;
mod column;
mod compare;
mod condition;
mod extract;
mod scope;
mod search;
mod stats;
mod ternary;
mod text;
mod value;

use std::collections::BTreeSet;

use super::ast::{Command, FromItem, Query, Source, Stage};
use super::name::NamePattern;
use super::print;
use crate::language::kit::QueryError;
use crate::query::{
    Effect, Expr, FieldPath, Ledger, Meaning, Order, Pattern, Schema, Threshold, Translated,
};
use crate::source::Span;
pub(super) use call::PARTS;
use column::Column;
use scope::Scope;
use stats::Groups;

/// Most tests that a meaning may be made of. Columns can be used over and over, so a short query
/// can stand for a very long one.
const MAX_TESTS: usize = 100_000;

/// A part of the meaning, or why it has none.
type Lowered<T> = Result<T, Box<QueryError>>;

/// States what a query means, for events as `schema` describes them. All refusals are given at
/// once; their spans are those of the tree.
pub fn lower(query: &Query, schema: &dyn Schema) -> Result<Translated<Meaning>, Vec<QueryError>> {
    let mut lowerer = Lowerer {
        schema,
        scope: Scope::default(),
        ledger: Ledger::default(),
        errors: Vec::new(),
        tests_left: MAX_TESTS,
        exact: query.commands.iter().any(is_aggregating),
    };
    lowerer.source(&query.source);
    let meaning = lowerer.pipe(&query.commands);
    if !lowerer.errors.is_empty() {
        let mut said = BTreeSet::new();
        lowerer.errors.retain(|error| said.insert((error.span.start, error.message.clone())));
        return Err(lowerer.errors);
    }
    // INVARIANT: the ledger holds no refusals; they are errors with a place here.
    lowerer.ledger.close(meaning).map_err(|_| Vec::new())
}

struct Lowerer<'s> {
    schema: &'s dyn Schema,
    scope: Scope,
    ledger: Ledger,
    errors: Vec<QueryError>,
    tests_left: usize,
    /// Whether finding more at one place may mean to find less in the end: under `CASE`, or where
    /// events are counted.
    exact: bool,
}

impl Lowerer<'_> {
    fn source(&mut self, source: &Stage<Source>) {
        let span = source.command.span;
        match &source.command.value {
            Source::From(indices) => {
                let subquery = |item: &FromItem| matches!(item, FromItem::Subquery(_));
                if indices.items.iter().any(subquery) {
                    self.refuse(span, "a subquery of `FROM` brings in rows of its own");
                }
            }
            Source::Ts(_) => self.refuse(span, "`TS` reads time series, not events"),
            Source::Row(_) => self.refuse(span, "`ROW` makes a row of its own and reads no events"),
            Source::Show(_) => self.refuse(span, "`SHOW` tells of the cluster, not of events"),
        }
    }

    fn pipe(&mut self, commands: &[Stage<Command>]) -> Meaning {
        let mut wanted = Vec::new();
        let mut groups: Option<Groups> = None;
        for (index, stage) in commands.iter().enumerate() {
            let span = stage.command.span;
            match (&stage.command.value, &mut groups) {
                (Command::Where(condition), None) => wanted.push(self.condition(condition).yes),
                (Command::Where(condition), Some(groups)) => self.having(condition, groups),
                (Command::Stats(stats), None) if !stats.inline => {
                    let expr = Expr::all(std::mem::take(&mut wanted));
                    groups = Some(self.stats(stats, span, expr));
                }
                (Command::Stats(stats), Some(_)) if !stats.inline => {
                    self.refuse(span, "a second `STATS` counts what the first has counted");
                    // Its columns are unknown, and so is everything made of them.
                    break;
                }
                (Command::Limit(count), counted) => {
                    let later = commands.get(index + 1..).unwrap_or_default();
                    match (super::print::value(count).as_str(), counted) {
                        ("0", None) if !later.iter().any(is_aggregating) => {
                            wanted.push(Expr::False)
                        }
                        (count, _) => self.limit(count, later),
                    }
                }
                (command, _) => self.columns(command, span),
            }
        }
        match groups {
            None => Meaning::Match(Expr::all(wanted)),
            Some(groups) => Meaning::Threshold(self.threshold(groups)),
        }
    }

    /// Names what a limit on rows costs: the events that are over it are not seen by what follows.
    fn limit(&mut self, count: &str, later: &[Stage<Command>]) {
        let filters = |stage: &Stage<Command>| matches!(stage.command.value, Command::Where(_));
        let (effect, reason) = if later.iter().any(is_aggregating) {
            (Effect::Overlapping, format!("the query counts {count} events at most"))
        } else if later.iter().any(filters) {
            (
                Effect::Narrower,
                format!("the query looks at {count} events at most, and at no others"),
            )
        } else {
            (Effect::Narrower, format!("the query gives {count} rows at most"))
        };
        self.ledger.lose("row-limit", effect, None, reason);
    }

    /// A command that changes columns and leaves rows as they are, or is refused.
    fn columns(&mut self, command: &Command, span: Span) {
        match command {
            Command::Eval(values) => {
                for assignment in values {
                    let column = self.value(&assignment.value);
                    let column = column.unwrap_or_else(Column::Unknown);
                    let name = match &assignment.name {
                        Some(name) => name.value.as_str().to_owned(),
                        None => print::value(&assignment.value),
                    };
                    self.scope.bind(&name, column);
                }
            }
            Command::Keep(names) | Command::Drop(names) => {
                if let Err(error) = self.charge(self.scope.cost(names.len()), span) {
                    self.errors.push(*error);
                    return;
                }
                let patterns = names.iter().map(|name| name.value.clone()).collect();
                match command {
                    Command::Keep(_) => self.scope.keep(patterns),
                    _ => self.scope.drop(patterns),
                }
            }
            Command::Rename(names) => {
                for renaming in names {
                    let old = renaming.old.value.as_str();
                    let column = self.scope.get(old, renaming.old.span);
                    let column = column.unwrap_or_else(Column::Unknown);
                    self.scope.drop(NamePattern::new(Pattern::literal(old)).into_iter().collect());
                    self.scope.bind(renaming.new.value.as_str(), column);
                }
            }
            // The order of rows matters to `LIMIT` only, whose loss is named.
            Command::Sort(_) => {}
            Command::Stats(stats) => self.inline_stats(stats, span),
            other => self.extraction(other, span),
        }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(QueryError::unsupported(span, message));
    }

    /// Notes that a field is taken to have one value at most; what is known to hold several is
    /// compared value by value, which finds more.
    fn assume_single(&mut self, path: &FieldPath) {
        let facts = self.schema.facts(path);
        if facts.many {
            let reason = format!(
                "ES|QL's comparison holds for no event with several values in `{path}`, this for those with one that fits"
            );
            let effect = if self.exact { Effect::Overlapping } else { Effect::Wider };
            self.ledger.lose("several-values", effect, Some(path), reason);
        } else if !facts.single {
            let reason = format!("`{path}` has one value at most: ES|QL compares no lists");
            self.ledger.assume("single-valued", Some(path), reason);
        }
    }

    /// Counts tests that are about to be repeated.
    fn charge(&mut self, tests: usize, span: Span) -> Lowered<()> {
        match self.tests_left.checked_sub(tests) {
            Some(left) => {
                self.tests_left = left;
                Ok(())
            }
            None => {
                let message =
                    format!("stated over the event, the query has over {MAX_TESTS} tests");
                Err(QueryError::limit(span, message).into())
            }
        }
    }

    fn threshold(&mut self, groups: Groups) -> Threshold {
        let threshold = self.close(groups);
        for field in &threshold.group_by {
            let reason = format!("events without `{field}` make a group of their own");
            self.ledger.assume("null-group", Some(field), reason);
        }
        threshold
    }
}

/// Whether a command makes rows that count others.
fn is_aggregating(stage: &Stage<Command>) -> bool {
    matches!(&stage.command.value, Command::Stats(stats) if !stats.inline)
}

fn refused<T>(span: Span, message: impl Into<String>) -> Lowered<T> {
    Err(QueryError::unsupported(span, message).into())
}

/// Whether a bound cannot hold for a count of zero.
fn asks_for_some(order: Order, number: f64) -> bool {
    match order {
        Order::Greater => number >= 0.0,
        Order::GreaterOrEqual | Order::Equal => number > 0.0,
        Order::Less | Order::LessOrEqual => false,
    }
}
