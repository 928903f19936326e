//! What `prove` calls equal, held against events: recorded ones and a thousand random ones a rule.

use std::cell::OnceCell;
use std::net::IpAddr;

use crosswalk::fields::{Catalog, Field, View, Vocabulary};
use crosswalk::proof::{Assumed, AssumedFact, Comparison};
use crosswalk::query::{
    Expr, FieldPath, FieldType, Found, Op, Pattern, Respelt, Schema, Spelling, text_of,
};
use serde_json::Value;

use super::common::cloudtrail::Events as CloudTrail;
use super::common::random::{Events, Shapes, nested};
use super::common::translations::Pair;
use super::common::{corpus, rows};

/// Random events for each rule.
pub(super) const RANDOM: usize = if cfg!(debug_assertions) { 50 } else { 1_000 };

/// Recorded events.
pub(super) struct Recorded {
    cloudtrail: CloudTrail,
    others: Vec<Value>,
}

impl Recorded {
    pub(super) fn load() -> Option<Self> {
        let cloudtrail = CloudTrail::load()?;
        let mut others = Vec::new();
        for (file, member) in [
            ("regression_pairs.jsonl", "event"),
            ("oracle_cases.jsonl", "event"),
            ("execution_cases.jsonl", "docs"),
        ] {
            for mut row in rows(&corpus("sigma-truth", "recorded events")?.join(file)) {
                match row[member].take() {
                    Value::Array(events) => others.extend(events),
                    event => others.push(event),
                }
            }
        }
        assert!(others.len() > 100 && others.iter().all(Value::is_object));
        Some(Self { cloudtrail, others })
    }
}

/// How many events were asked.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub(super) recorded: usize,
    pub(super) random: usize,
    /// Of the random ones, those that both sides match.
    pub(super) matched: usize,
    /// Pairs that are one and the same expression, which no event can tell apart.
    pub(super) same: usize,
    /// Events of a kind that the proof says it is not about.
    pub(super) beyond: usize,
}

impl std::ops::AddAssign for Held {
    fn add_assign(&mut self, more: Self) {
        self.recorded += more.recorded;
        self.random += more.random;
        self.matched += more.matched;
        self.same += more.same;
        self.beyond += more.beyond;
    }
}

/// The events of one rule, made once for all its translations.
#[derive(Default)]
pub(super) struct Asked {
    direct: OnceCell<Verdicts>,
    records: OnceCell<Option<Verdicts>>,
}

/// Events with what the rule says of them.
struct Verdicts(Vec<(Value, bool)>);

fn view_of(vocabulary: Vocabulary) -> View {
    match vocabulary {
        Vocabulary::View(view) => view,
        _ => View::Raw,
    }
}

impl Asked {
    /// Asks both sides of a pair that is called equal. The error is an event on which they differ.
    pub(super) fn hold(
        &self,
        pair: &Pair,
        found: &Comparison,
        recorded: &Recorded,
    ) -> Result<Held, String> {
        match pair.catalog {
            Some(catalog) => self.over_records(pair, catalog, found, recorded),
            None => self.directly(pair, found, recorded),
        }
    }

    fn directly(
        &self,
        pair: &Pair,
        found: &Comparison,
        recorded: &Recorded,
    ) -> Result<Held, String> {
        let (left, right) = (&pair.left.expr, &pair.right.expr);
        if left == right {
            return Ok(Held { same: 1, ..Held::default() });
        }
        let schema = pair.schema();
        let asked = self.direct.get_or_init(|| {
            let mut events = Events::around(left, &schema, &pair.rule, Shapes::All);
            Verdicts((0..RANDOM).map(|_| judged(events.next(), left)).collect())
        });
        let mut held = Held::default();
        for (event, verdict) in &asked.0 {
            let agrees = right.eval(event) == *verdict;
            if !agrees && !is_within(event, found, &schema, [left, right]) {
                held.beyond += 1;
                continue;
            }
            held.random += 1;
            held.matched += usize::from(agrees && *verdict);
            agrees.then_some(()).ok_or_else(|| told(pair, event, *verdict))?;
        }
        for event in &recorded.others {
            let verdict = left.eval(event);
            let agrees =
                right.eval(event) == verdict || !is_within(event, found, &schema, [left, right]);
            agrees.then_some(()).ok_or_else(|| told(pair, event, verdict))?;
        }
        held.recorded = recorded.others.len();
        Ok(held)
    }

    /// Events are records, of which each side sees the document that its platform holds.
    fn over_records(
        &self,
        pair: &Pair,
        catalog: &'static Catalog,
        found: &Comparison,
        recorded: &Recorded,
    ) -> Result<Held, String> {
        let views = [pair.left.vocabulary, pair.right.vocabulary].map(view_of);
        let [left, right] = [&pair.left.expr, &pair.right.expr];
        let schema = catalog.schema(View::Raw);
        let always = catalog.always();
        let seen = |event: &Value, expr: &Expr, view| match view {
            View::Raw => expr.eval(event),
            _ => expr.eval(&catalog.project(event, view)),
        };
        let mut held = Held::default();
        let asked = self.records.get_or_init(|| {
            // What the way back loses is no question of single events.
            let back =
                catalog.pull_back(left, views[0]).ok().filter(|own| own.losses.is_empty())?;
            let mut events = Events::around(&back.value, &schema, &pair.rule, Shapes::Scalars);
            let made = (0..RANDOM).filter_map(|_| nested(&events.next()));
            Some(Verdicts(
                made.map(|event| (event.clone(), seen(&event, left, views[0]))).collect(),
            ))
        });
        for (event, verdict) in asked.iter().flat_map(|asked| &asked.0) {
            let agrees = seen(event, right, views[1]) == *verdict;
            let is_meant = || {
                always.iter().all(|(expr, _)| expr.eval(event))
                    && has_published_texts(event, catalog)
                    && is_within(event, found, &schema, [left, right])
            };
            if !agrees && !is_meant() {
                held.beyond += 1;
                continue;
            }
            held.random += 1;
            held.matched += usize::from(agrees && *verdict);
            agrees.then_some(()).ok_or_else(|| told(pair, event, *verdict))?;
        }
        if !std::ptr::eq(catalog, cloudtrail()) {
            return Ok(held);
        }
        let events = &recorded.cloudtrail;
        for at in 0..events.ids.len() {
            let [own, other] = views.map(|view| &events.view(view)[at]);
            let verdict = left.eval(own);
            let agrees = right.eval(other) == verdict;
            agrees.then_some(()).ok_or_else(|| told(pair, &events.raw[at], verdict))?;
        }
        held.recorded = events.ids.len();
        Ok(held)
    }
}

fn cloudtrail() -> &'static Catalog {
    Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).expect("shipped catalogue")
}

/// Whether fields whose values are published hold texts, as the table of the record says.
fn has_published_texts(event: &Value, catalog: &Catalog) -> bool {
    catalog.raw_names().map(FieldPath::new).all(|field| {
        let published = |row: &Field| matches!(row.spelling, Spelling::OneOf(_));
        let is_other =
            |found: Found<'_>| matches!(found, Found::Scalar(value) if !value.is_string());
        !catalog.row(&field).is_some_and(published) || !field.any(event, &mut { is_other })
    })
}

fn judged(event: Value, expr: &Expr) -> (Value, bool) {
    let verdict = expr.eval(&event);
    (event, verdict)
}

fn told(pair: &Pair, event: &Value, verdict: bool) -> String {
    let who = if verdict { "the rule" } else { "the translation" };
    format!("{}: only {who} matches {event}\n    {}", pair.right.title, pair.texts.join(" | "))
}

/// Whether an event is of the kind that a proof assumes.
fn is_within(event: &Value, found: &Comparison, schema: &dyn Schema, sides: [&Expr; 2]) -> bool {
    found.assumed.iter().all(|Assumed { field, what }| {
        let facts = schema.facts(field);
        let mut values = 0;
        let mut fails = |found: Found<'_>| {
            values += 1;
            match (what, found) {
                (AssumedFact::Single, _) => values > 1,
                (AssumedFact::NeverNull, found) => found == Found::Null,
                (AssumedFact::NeverEmpty | AssumedFact::Scalar, Found::Composite) => true,
                (AssumedFact::NeverEmpty, Found::Scalar(value)) => value.as_str() == Some(""),
                (AssumedFact::Spelling, Found::Scalar(value)) => {
                    !is_spelt(value, &facts.spelling) || is_respelt(value, field, sides)
                }
                (AssumedFact::Type, Found::Scalar(value)) => !is_of(value, facts.kind),
                _ => false,
            }
        };
        !field.any(event, &mut fails)
    })
}

fn is_spelt(value: &Value, spelling: &Spelling) -> bool {
    let Some(text) = text_of(value) else { return true };
    match spelling {
        Spelling::OneOf(values) => values.iter().any(|own| *own == text),
        other => match other.respell(&Pattern::literal(text.clone())) {
            Respelt::Exact(exact) => exact.as_literal() == Some(&*text),
            Respelt::AsWritten => true,
            Respelt::Unsure => matches!(other, Spelling::Free),
        },
    }
}

/// Whether a value is a constant of the rules in other letters.
fn is_respelt(value: &Value, field: &FieldPath, sides: [&Expr; 2]) -> bool {
    let Some(text) = text_of(value) else { return false };
    sides.iter().flat_map(|side| side.tests()).filter(|test| test.path() == Some(field)).any(
        |test| match &test.op {
            Op::Matches { pattern, .. } => {
                pattern.matches(&text, true) && !pattern.matches(&text, false)
            }
            _ => false,
        },
    )
}

fn is_of(value: &Value, kind: FieldType) -> bool {
    let Some(text) = text_of(value) else { return false };
    match kind {
        FieldType::Number => text.parse::<f64>().is_ok_and(|number| number.to_string() == text),
        FieldType::Boolean => matches!(&*text, "true" | "false"),
        FieldType::Ip => text.parse::<IpAddr>().is_ok_and(|address| address.to_string() == text),
        _ => true,
    }
}
