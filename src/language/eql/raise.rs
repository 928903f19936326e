//! From meaning to tree: an EQL query that asks for the same, with what it costs.
//!
//! Conditions are made in [`exact`](super::exact), which knows about null, and tests in
//! [`literal`](super::literal). A test of the category field that the whole query asks for becomes
//! the word before `where`. Fields stand without `?`, which lets an *index* lack them, except where
//! the query asks for absence: there the field may well be in no index at all.

use super::ast::{Category, Event, Form, MaxSpan, Query, Sample, Sequence, Step};
use super::exact::condition;
use super::expression::{Expression, Field, Literal};
use crate::language::kit::{Located, elasticsearch};
use crate::query::{
    Case, Expr, FieldPath, FieldType, JoinKey, Ledger, Meaning, Op, Refusal, Schema,
    Sequence as Meant, Step as MeantStep, Test, Translated,
};

/// The field that the word before `where` is compared with unless a rule says otherwise.
const EVENT_CATEGORY: &str = "event.category";

/// Writes a query that asks for `meaning`, for fields as `schema` describes them. What EQL cannot
/// say at all is refused, all of it at once.
pub fn raise(meaning: &Meaning, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
    let mut ledger = Ledger::default();
    let form = match meaning {
        Meaning::Match(expr) => Form::Event(event(expr, schema, &mut ledger)),
        Meaning::Sequence(meant) if meant.ordered => {
            Form::Sequence(sequence(meant, schema, &mut ledger))
        }
        Meaning::Sequence(meant) => Form::Sample(sample(meant, schema, &mut ledger)),
        Meaning::Threshold(_) => {
            let reason = "the query counts events; EQL cannot";
            ledger.refuse("threshold", None, reason);
            Form::Event(event(&Expr::True, schema, &mut ledger))
        }
    };
    ledger.close(Query { comments: Vec::new(), form, pipes: Vec::new() })
}

fn event(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger) -> Event {
    let expr = &networks_on_texts(expr, schema, ledger);
    let members = match expr {
        Expr::And(members) => members.as_slice(),
        single => std::slice::from_ref(single),
    };
    let named = members.iter().position(|member| category(member).is_some());
    let name = named.and_then(|at| category(members.get(at)?));
    let Some(name) = name else {
        return Event::new(Category::Any, condition(expr, schema, ledger));
    };
    let rest = members.iter().enumerate().filter(|(at, _)| Some(*at) != named);
    let rest = Expr::all(rest.map(|(_, member)| member.clone()));
    Event::new(Category::named(name), condition(&rest, schema, ledger))
}

/// The expression with networks told by patterns where a field holds addresses as text.
fn networks_on_texts(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger) -> Expr {
    let patterns = |test: &Test| match (&test.op, test.path()) {
        (Op::Cidr(cidr), Some(path)) if schema.facts(path).kind == FieldType::Keyword => {
            elasticsearch::address::patterns(*cidr)
        }
        _ => None,
    };
    for test in expr.tests() {
        if let (Some(path), Some(_)) = (test.path(), patterns(test)) {
            let reason = format!(
                "the addresses in `{path}` are always written in one way, so equal text is equal value"
            );
            ledger.assume("canonical-form", Some(path), reason);
        }
    }
    expr.clone().map_tests(&|test| match patterns(&test) {
        Some(patterns) => Expr::any_of(patterns.into_iter().map(|pattern| {
            let op = Op::Matches { pattern, case: Case::Sensitive };
            Expr::from(Test { subject: test.subject.clone(), op })
        })),
        None => test.into(),
    })
}

/// The category that an expression asks for.
fn category(expr: &Expr) -> Option<&str> {
    let Expr::Test(Test { op: Op::Matches { pattern, case }, .. }) = expr else { return None };
    let Expr::Test(test) = expr else { return None };
    let on_category = test.path().is_some_and(|path| path.as_str() == EVENT_CATEGORY);
    let exact = *case == Case::Sensitive;
    pattern.as_literal().filter(|_| on_category && exact)
}

fn sequence(meant: &Meant, schema: &dyn Schema, ledger: &mut Ledger) -> Sequence {
    let shared = shared_keys(meant, ledger);
    let needs_span = meant.steps.iter().any(|step| step.missing);
    if needs_span && meant.max_span_ms.is_none() {
        let reason = "a sequence in which an event must be missing needs a longest time in EQL";
        ledger.refuse("missing-without-span", None, reason);
    }
    let mut raised = |step: &MeantStep| Located::from(self::step(step, shared, schema, ledger));
    Sequence {
        steps: meant.steps.iter().map(&mut raised).collect(),
        until: meant.until.as_ref().map(&mut raised),
        max_span: meant.max_span_ms.map(|span| MaxSpan::of(span).into()),
        by: keys(meant.steps.first().map_or(&[], |step| step.by.get(..shared).unwrap_or_default())),
    }
}

fn sample(meant: &Meant, schema: &dyn Schema, ledger: &mut Ledger) -> Sample {
    let shared = shared_keys(meant, ledger);
    let refuse = |ledger: &mut Ledger, reason: &str| ledger.refuse("sample", None, reason);
    if meant.steps.iter().any(|step| step.by.is_empty()) {
        refuse(ledger, "the events of a sample in EQL share at least one value");
    }
    if meant.until.is_some() || meant.max_span_ms.is_some() {
        refuse(ledger, "a sample in EQL has no time: neither a longest one nor an end");
    }
    if meant.steps.iter().any(|step| step.missing || step.runs != 1) {
        refuse(ledger, "each member of a sample in EQL is one event");
    }
    let raised = |step| Located::from(self::step(step, shared, schema, ledger));
    Sample {
        by: keys(meant.steps.first().map_or(&[], |step| step.by.get(..shared).unwrap_or_default())),
        steps: meant.steps.iter().map(raised).collect(),
    }
}

/// How many keys all steps begin with alike.
fn shared_keys(meant: &Meant, ledger: &mut Ledger) -> usize {
    let Some(first) = meant.steps.first() else {
        ledger.refuse("sequence", None, "a sequence needs at least one event");
        return 0;
    };
    if meant.steps.iter().any(|step| step.by.len() != first.by.len()) {
        let reason = "the events of a sequence share equally many values in EQL";
        ledger.refuse("sequence", None, reason);
    }
    let steps = || meant.steps.iter().chain(&meant.until);
    let alike = |at: &usize| steps().all(|step| step.by.get(*at) == first.by.get(*at));
    (0..first.by.len()).take_while(alike).count()
}

fn step(step: &MeantStep, shared: usize, schema: &dyn Schema, ledger: &mut Ledger) -> Step {
    Step {
        missing: step.missing,
        event: event(&step.expr, schema, ledger),
        by: keys(step.by.get(shared..).unwrap_or_default()),
        runs: (step.runs != 1).then(|| step.runs.into()),
    }
}

fn keys(keys: &[JoinKey]) -> Vec<Located<Field>> {
    let field =
        |key: &JoinKey| Field { optional: key.optional, path: key.field.as_str().to_owned() };
    keys.iter().map(|key| field(key).into()).collect()
}

/// A constant.
pub(super) fn boolean(value: bool) -> super::expression::Node {
    Expression::Literal(Literal::Boolean(value)).into()
}

/// A field as EQL has it.
pub(super) fn field(path: &FieldPath) -> Field {
    Field::new(path.as_str())
}
