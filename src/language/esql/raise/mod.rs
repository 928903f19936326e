//! From meaning to tree: an ES|QL query that asks for the same, with what it costs.
//!
//! A condition of ES|QL that looks at an absent field is null, and `NOT` leaves it null, so a
//! negation is pushed down to the tests and says `field IS NULL OR` there, unless the query asks
//! for the field anyway ([`boolean`]). What one test becomes is decided in [`test`]; tests of one
//! field become one list ([`merge`]).
//!
//! | code | kind | when |
//! |---|---|---|
//! | `single-valued` | assumption | ES|QL compares no lists, and nobody knows whether there are any |
//! | `fixed-case` | assumption | any letter case is asked for, values have one spelling |
//! | `canonical-form` | assumption | the platform compares numbers and addresses by value |
//! | `ascii-classes` | assumption | `\d`, `\w`, `\s` and `\b` know ASCII only |
//! | `field-type` | assumption | a literal is a number or a text, and no table has the field's type |
//! | `plain-letters` | assumption | `TO_LOWER` makes no `s` of a long s |
//! | `utc-times` | assumption | Elasticsearch holds dates in UTC |
//! | `approximate-count` | assumption | `COUNT_DISTINCT` estimates |
//! | `null-group` | assumption | events without a group's field are a group |
//! | `default-fields` | assumption | a value without a field is looked for in all of them |
//! | `empty-dropped` | assumption | `null` never reaches the index |
//! | `case` | loss | a letter whose small form is another letter |
//!
//! A language knows no index, so the query reads [`INDICES`];
//! [`set_source`](super::set_source()) puts others there.

mod boolean;
mod merge;
mod regex;
mod search;
mod test;
mod text;
mod value;

use super::ast::{Aggregate, Assignment, Command, FromItem, Indices, Query, Source, Stage, Stats};
use super::expression::{Comparison, Expression, Node};
use super::name::Name;
use crate::language::contract;
use crate::language::kit::MAX_NESTING;
use crate::query::{
    Counted, Expr, FieldPath, Having, Ledger, Meaning, Refusal, Schema, Threshold, Translated,
};

/// What a raised query reads until [`set_source`](super::set_source()) says better.
const INDICES: &str = "logs-*";

/// What Elastic's rule engine needs of every event that a query finds. Source: Elastic's page on
/// ES|QL rules.
const METADATA: [&str; 3] = ["_id", "_index", "_version"];

/// Writes a meaning as an ES|QL query for fields as `schema` describes them. The losses and
/// assumptions say how the query differs; what ES|QL cannot say at all is refused, all of it at
/// once.
pub fn raise(meaning: &Meaning, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
    let mut raiser = Raiser { schema, ledger: Ledger::default() };
    let query = match meaning {
        Meaning::Threshold(threshold) => raiser.threshold(threshold),
        other => {
            let commands = raiser.filter(contract::single(other, "ES|QL")?);
            Query { source: source(&METADATA), commands }
        }
    };
    raiser.ledger.close(query)
}

fn source(metadata: &[&str]) -> Stage<Source> {
    let items = vec![FromItem::Pattern(INDICES.to_owned())];
    let metadata = metadata.iter().copied().filter_map(Name::new).collect();
    Stage::new(Source::From(Indices { items, metadata }))
}

struct Raiser<'s> {
    schema: &'s dyn Schema,
    ledger: Ledger,
}

impl Raiser<'_> {
    /// `WHERE`, unless every event is wanted.
    fn filter(&mut self, expr: &Expr) -> Vec<Stage<Command>> {
        let condition = self.condition(expr);
        if height(&condition) > MAX_NESTING {
            let reason = format!("the condition is nested deeper than {MAX_NESTING} levels");
            self.ledger.refuse("nesting", None, reason);
        }
        if condition.value == Expression::Boolean(true) {
            return Vec::new();
        }
        vec![Stage::new(Command::Where(condition))]
    }

    fn threshold(&mut self, threshold: &Threshold) -> Query {
        let mut commands = self.filter(&threshold.expr);
        let mut aggregates: Vec<Aggregate> = Vec::new();
        let mut bounds = Vec::new();
        for having in &threshold.having {
            let (column, value) = self.counted(&having.count);
            bounds.push(bound(column.clone(), having));
            let aggregate = Aggregate { name: Some(column.into()), value, filter: None };
            if !aggregates.contains(&aggregate) {
                aggregates.push(aggregate);
            }
        }
        let mut by = Vec::new();
        for field in &threshold.group_by {
            let reason = format!("events without `{field}` make a group of their own");
            self.ledger.assume("null-group", Some(field), reason);
            by.push(Assignment { name: None, value: self.column(field) });
        }
        let stats = Stats { inline: false, aggregates, by };
        commands.push(Stage::new(Command::Stats(stats)));
        if let Some(condition) = merge::all(bounds) {
            commands.push(Stage::new(Command::Where(condition)));
        }
        Query { source: source(&[]), commands }
    }

    /// What counts, and the column for it, called as Elastic's own rules call theirs.
    fn counted(&mut self, count: &Counted) -> (Name, Node) {
        match count {
            Counted::Events => {
                let call = Expression::call("COUNT", vec![Expression::Star.into()]);
                (Name::below_esql("event_count"), call)
            }
            Counted::Distinct(field) => {
                let reason =
                    format!("`COUNT_DISTINCT` of `{field}` is exact for numbers this small");
                self.ledger.assume("approximate-count", Some(field), reason);
                let name = field.as_str().replace('.', "_");
                let call = Expression::call("COUNT_DISTINCT", vec![self.column(field)]);
                (Name::below_esql(&format!("{name}_count_distinct")), call)
            }
        }
    }

    /// The column of a field.
    fn column(&mut self, field: &FieldPath) -> Node {
        match Name::new(field.as_str()) {
            Some(name) => Expression::Name(name).into(),
            None => {
                self.ledger.refuse("no-such-field", Some(field), "a field without a name");
                Expression::Null.into()
            }
        }
    }
}

fn bound(column: Name, having: &Having) -> Node {
    let comparison = Comparison::Is(having.order);
    Expression::compare(Expression::Name(column).into(), comparison, number(having.number.get()))
}

/// How many junctions and negations stand inside one another.
fn height(node: &Node) -> usize {
    match &node.value {
        Expression::Or(members) | Expression::And(members) => {
            1 + members.iter().map(height).max().unwrap_or_default()
        }
        Expression::Not(inner) => 1 + height(inner),
        _ => 1,
    }
}

/// A number as ES|QL writes it, with its sign.
fn number(number: f64) -> Node {
    let text = number.abs().to_string();
    let plain = Expression::Number(text).into();
    if number < 0.0 { Expression::Negative(Box::new(plain)).into() } else { plain }
}
