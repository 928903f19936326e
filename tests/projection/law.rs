//! `eval(query, project(record)) == eval(pull_back(query), record)`.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::fields::{Catalog, View};
use crosswalk::language::registry::by_name;
use crosswalk::query::{Assumption, Effect, Expr, Found, Refusal, Translated};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::common::cloudtrail::Events;
use crate::common::{corpus, queries, witness};
use crate::{cloudtrail, projected};

/// Whether an assumption of a translation holds of a record, as far as it is of a kind that records
/// break; all others hold of every recorded one.
fn holds(assumption: &Assumption, record: &Value) -> bool {
    let Some(field) = &assumption.field else { return true };
    let found = |fits: fn(Found<'_>) -> bool| field.any(record, &mut |found| fits(found));
    match assumption.code {
        "non-empty" => record
            .get(field.as_str())
            .is_none_or(|value| *value != json!("") && *value != json!({})),
        "not-an-object" => !found(|found| found == Found::Composite),
        _ => true,
    }
}

/// What came of the queries of one language.
#[derive(Default)]
struct Tally {
    exact: usize,
    lossy: usize,
    refused: BTreeMap<&'static str, usize>,
    assumed: BTreeMap<&'static str, usize>,
    hits: usize,
    /// Records made for the queries, and hits among them.
    near: (usize, usize),
    /// Pairs of query and event that are not compared, since the event breaks an assumption.
    outside: usize,
    wrong: Vec<String>,
}

/// Records made of what a translation asks for: with the fields that it names, near misses, and
/// with what a platform would drop.
fn near(back: &Expr) -> Vec<Value> {
    let mut records = Vec::new();
    let dropped = [
        ("errorCode", json!("")),
        ("errorMessage", json!(null)),
        ("responseElements", json!(null)),
        ("userIdentity.userName", json!("")),
        ("requestParameters.userName", json!([])),
    ];
    for event in witness::events(back, false) {
        let mut record = json!({});
        let fields = event.as_object().expect("an object").iter();
        fields.for_each(|(path, value)| put(&mut record, path, value.clone()));
        let (path, empty) = &dropped[records.len() / 3 % dropped.len()];
        let mut other = record.clone();
        put(&mut other, path, empty.clone());
        let mut login = record.clone();
        put(&mut login, "eventName", json!("ConsoleLogin"));
        put(&mut login, "responseElements.ConsoleLogin", json!("Failure"));
        records.extend([record, other, login]);
    }
    records
}

/// Puts a value where the record has no object; what would stand below a text is left out.
fn put(record: &mut Value, path: &str, value: Value) {
    let Some(members) = record.as_object_mut() else { return };
    match path.split_once('.') {
        None if members.get(path).is_some_and(Value::is_object) => {}
        None => drop(members.insert(path.to_owned(), value)),
        Some((step, rest)) => {
            put(members.entry(step).or_insert_with(|| json!({})), rest, value);
        }
    }
}

/// Compares one expression on all events.
fn compare(
    expr: &Expr,
    back: &Translated<Expr>,
    records: &[Value],
    documents: &[Value],
    ids: &[String],
) -> Tally {
    let mut tally = Tally::default();
    let narrower = back.losses.iter().any(|loss| loss.effect != Effect::Wider);
    let wider = back.losses.iter().any(|loss| loss.effect != Effect::Narrower);
    for ((record, document), id) in records.iter().zip(documents).zip(ids) {
        let (before, after) = (expr.eval(document), back.value.eval(record));
        tally.hits += usize::from(before);
        if before == after || (before && narrower) || (after && wider) {
            continue;
        }
        match back.assumptions.iter().all(|assumption| holds(assumption, record)) {
            true => tally.wrong.push(format!("{id}: {before} became {after}")),
            false => tally.outside += 1,
        }
    }
    tally
}

/// Every public query of a language as expressions over a view.
fn expressions(language: &str, view: View) -> Option<Vec<(String, Expr)>> {
    let corpora = corpus("", "public queries on projections")?;
    let dialect = by_name(language).expect("registered");
    let mut expressions = Vec::new();
    let unique: BTreeSet<(String, String)> =
        queries::public(&corpora, language).into_iter().collect();
    for (file, text) in unique {
        let Ok(query) = dialect.read(&text) else { continue };
        let Ok(meaning) = query.lower(&cloudtrail().schema(view)) else { continue };
        expressions
            .extend(meaning.value.exprs().into_iter().map(|expr| (file.clone(), expr.clone())));
    }
    Some(expressions)
}

/// A way back from documents to records.
type PullBack = fn(&Catalog, &Expr, View) -> Result<Translated<Expr>, Vec<Refusal>>;

fn law(language: &str, view: View, least: usize) -> Option<usize> {
    law_of(Catalog::pull_back, language, view, least)
}

/// The law of one way back. Returns how many expressions it refuses.
fn law_of(pull_back: PullBack, language: &str, view: View, least: usize) -> Option<usize> {
    let (Some(events), Some(expressions)) = (Events::load(), expressions(language, view)) else {
        return None;
    };
    let documents = projected(&events.raw, view);
    let tallies: Vec<Tally> = expressions
        .par_iter()
        .map(|(file, expr)| match pull_back(cloudtrail(), expr, view) {
            Ok(back) => {
                let mut tally = compare(expr, &back, &events.raw, &documents, &events.ids);
                let records = near(&back.value);
                let documents = projected(&records, view);
                let names: Vec<String> = records.iter().map(Value::to_string).collect();
                let more = compare(expr, &back, &records, &documents, &names);
                tally.near = (records.len(), more.hits);
                tally.outside += more.outside;
                tally.wrong.extend(more.wrong);
                tally.exact += usize::from(back.losses.is_empty());
                tally.lossy += usize::from(!back.losses.is_empty());
                let codes: BTreeSet<_> = back.assumptions.iter().map(|a| a.code).collect();
                codes.into_iter().for_each(|code| *tally.assumed.entry(code).or_default() += 1);
                tally.wrong.iter_mut().for_each(|wrong| *wrong = format!("{file}: {wrong}"));
                tally
            }
            Err(refusals) => {
                let codes: BTreeSet<_> = refusals.iter().map(|refusal| refusal.code).collect();
                let refused = codes.into_iter().map(|code| (code, 1)).collect();
                Tally { refused, ..Tally::default() }
            }
        })
        .collect();
    let mut all = Tally::default();
    for tally in tallies {
        all.exact += tally.exact;
        all.lossy += tally.lossy;
        all.hits += tally.hits;
        all.near = (all.near.0 + tally.near.0, all.near.1 + tally.near.1);
        all.outside += tally.outside;
        all.wrong.extend(tally.wrong);
        tally.refused.into_iter().for_each(|(code, n)| *all.refused.entry(code).or_default() += n);
        tally.assumed.into_iter().for_each(|(code, n)| *all.assumed.entry(code).or_default() += n);
    }
    eprintln!(
        "{language}: {} expressions, {} exact, {} with a loss, refused {:?}, assumed {:?}; {} hits, {:?} on made records, {} outside of an assumption",
        expressions.len(),
        all.exact,
        all.lossy,
        all.refused,
        all.assumed,
        all.hits,
        all.near,
        all.outside
    );
    assert!(
        all.wrong.is_empty(),
        "{} wrong: {:#?}",
        all.wrong.len(),
        all.wrong.iter().take(20).collect::<Vec<_>>()
    );
    assert!(all.exact >= least, "{} are exact", all.exact);
    Some(expressions.len() - all.exact - all.lossy)
}

#[test]
fn kql_says_of_records_what_it_says_of_documents() {
    law("kql", View::Ecs, 480);
}

#[test]
fn eql_says_of_records_what_it_says_of_documents() {
    law("eql", View::Ecs, 860);
}

#[test]
fn esql_says_of_records_what_it_says_of_documents() {
    law("esql", View::Ecs, 29);
}

#[test]
fn datadog_says_of_records_what_it_says_of_logs() {
    law("datadog", View::Datadog, 300);
}

/// What a platform adds is in no log that is projected, so hardly anything is refused then.
#[test]
fn datadog_says_of_records_what_it_says_of_projected_logs() {
    let refused = law("datadog", View::Datadog, 300);
    let left = law_of(Catalog::pull_back_projection, "datadog", View::Datadog, 300);
    assert!(refused.zip(left).is_none_or(|(refused, left)| left * 2 < refused), "{left:?}");
}
