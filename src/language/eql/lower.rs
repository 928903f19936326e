//! From tree to meaning: what Elasticsearch makes of an EQL query.
//!
//! A condition matches where it is true; see [`truth`](super::truth) for null. Of several values
//! of a field one is enough. What cannot be stated is refused by name, at its place.
//!
//! | query | meaning |
//! |---|---|
//! | `category where` | the category field holds exactly this value; `any` asks for nothing |
//! | `sequence`, `sample` | [`Sequence`], keys of the whole before those of a step |
//! | `head`, `tail` | refused: they cut off what was found, which is no property of an event |

use super::ast::{Category, Event, Form, Pipe, Query, Step};
use super::expression::{Expression, Field, Node};
use super::truth::Truth;
use crate::language::kit::{Located, QueryError};
use crate::query::{
    Expr, FieldPath, JoinKey, Ledger, Meaning, Op, Schema, Sequence, Step as MeantStep, Test,
    Translated,
};
use crate::source::Span;

/// What is asked of Elasticsearch beside the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The field that the word before `where` is compared with.
    pub event_category: FieldPath,
}

impl Default for Options {
    fn default() -> Self {
        Self { event_category: FieldPath::new("event.category") }
    }
}

/// States what a query means for events as `schema` describes them. All refusals are given at
/// once; their spans are those of the tree.
pub fn lower(query: &Query, schema: &dyn Schema) -> Result<Translated<Meaning>, Vec<QueryError>> {
    lower_with(query, schema, &Options::default())
}

/// The same for a query that is run with other options.
pub fn lower_with(
    query: &Query,
    schema: &dyn Schema,
    options: &Options,
) -> Result<Translated<Meaning>, Vec<QueryError>> {
    let mut lowering = Lowering { schema, options, ledger: Ledger::default(), errors: Vec::new() };
    let meaning = lowering.query(query);
    if !lowering.errors.is_empty() {
        return Err(lowering.errors);
    }
    // Reading refuses through `errors`, so the ledger holds assumptions only.
    lowering.ledger.close(meaning).map_err(|_| Vec::new())
}

/// What is known while a query is read.
pub(super) struct Lowering<'s> {
    pub(super) schema: &'s dyn Schema,
    options: &'s Options,
    pub(super) ledger: Ledger,
    errors: Vec<QueryError>,
}

impl Lowering<'_> {
    fn query(&mut self, query: &Query) -> Meaning {
        for pipe in &query.pipes {
            let word = match pipe.value {
                Pipe::Head(_) => "head",
                Pipe::Tail(_) => "tail",
            };
            let reason = format!("`{word}` cuts off what was found, which no event can show");
            self.refuse_with(pipe.span, reason, "leave the pipe out");
        }
        match &query.form {
            Form::Event(event) => Meaning::Match(self.event(event)),
            Form::Sequence(sequence) => {
                let steps = self.steps(&sequence.by, &sequence.steps);
                let until = sequence.until.as_ref().map(|step| self.step(&sequence.by, step));
                let max_span = sequence.max_span.as_ref();
                Meaning::Sequence(Sequence {
                    ordered: true,
                    steps,
                    max_span_ms: max_span.and_then(|span| span.value.milliseconds()),
                    until,
                })
            }
            Form::Sample(sample) => Meaning::Sequence(Sequence {
                ordered: false,
                steps: self.steps(&sample.by, &sample.steps),
                max_span_ms: None,
                until: None,
            }),
        }
    }

    fn steps(&mut self, by: &[Located<Field>], steps: &[Located<Step>]) -> Vec<MeantStep> {
        let keys = steps.first().map_or(0, |step| step.value.by.len());
        if let Some(step) = steps.iter().find(|step| step.value.by.len() != keys) {
            let reason = "the steps of a sequence join by equally many keys";
            self.refuse_with(step.span, reason, "give each step as many keys behind its `by`");
        }
        steps.iter().map(|step| self.step(by, step)).collect()
    }

    fn step(&mut self, by: &[Located<Field>], step: &Located<Step>) -> MeantStep {
        let key = |key: &Located<Field>| JoinKey {
            field: key.value.path(),
            optional: key.value.optional,
        };
        let step = &step.value;
        MeantStep {
            expr: self.event(&step.event),
            by: by.iter().chain(&step.by).map(key).collect(),
            missing: step.missing,
            runs: step.runs.as_ref().map_or(1, |runs| runs.value),
        }
    }

    fn event(&mut self, event: &Event) -> Expr {
        let category = match &event.category.value {
            Category::Any => Expr::True,
            Category::Named(name) => {
                Test::field(self.options.event_category.clone(), Op::is(name)).into()
            }
        };
        let condition = self.condition(&event.condition);
        super::truth::all([category, condition.yes])
    }

    /// When a condition is true, and when it is false.
    pub(super) fn condition(&mut self, node: &Node) -> Truth {
        let mut members =
            |members: &[Node]| members.iter().map(|member| self.condition(member)).collect();
        match &node.value {
            Expression::Or(alternatives) => Truth::any_of(members(alternatives)),
            Expression::And(conditions) => Truth::all(members(conditions)),
            Expression::Not(inner) => self.condition(inner).negated(),
            Expression::Compare { left, operator, right } => {
                self.compare(left, *operator, right, node.span)
            }
            Expression::Among { value, operator, list } => self.among(value, *operator, list),
            _ => {
                let value = self.value(node);
                self.truth_of(value, node.span)
            }
        }
    }

    /// Notes a refusal. After one the result does not matter.
    pub(super) fn refuse(&mut self, span: Span, reason: impl Into<String>) -> Truth {
        self.errors.push(QueryError::unsupported(span, reason));
        Truth::NULL
    }

    pub(super) fn refuse_with(
        &mut self,
        span: Span,
        reason: impl Into<String>,
        help: &str,
    ) -> Truth {
        self.errors.push(QueryError::unsupported(span, reason).help(help));
        Truth::NULL
    }
}
