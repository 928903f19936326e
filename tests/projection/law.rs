//! `eval(query, project(record)) == eval(pull_back(query), record)`.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::fields::View;
use crosswalk::language::registry::by_name;
use crosswalk::query::{Assumption, Effect, Expr, Found, Translated};
use rayon::prelude::*;
use serde_json::Value;

use crate::common::cloudtrail::Events;
use crate::common::{corpus, queries};
use crate::{cloudtrail, projected};

/// Whether an assumption of a translation holds of a record, as far as it is of a kind that records
/// break; all others hold of every recorded one.
fn holds(assumption: &Assumption, record: &Value) -> bool {
    let Some(field) = &assumption.field else { return true };
    let found = |fits: fn(Found<'_>) -> bool| field.any(record, &mut |found| fits(found));
    match assumption.code {
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
    /// Pairs of query and event that are not compared, since the event breaks an assumption.
    outside: usize,
    wrong: Vec<String>,
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

fn law(language: &str, view: View, least: usize) {
    let (Some(events), Some(expressions)) = (Events::load(), expressions(language, view)) else {
        return;
    };
    let documents = projected(&events.raw, view);
    let tallies: Vec<Tally> = expressions
        .par_iter()
        .map(|(file, expr)| match cloudtrail().pull_back(expr, view) {
            Ok(back) => {
                let mut tally = compare(expr, &back, &events.raw, &documents, &events.ids);
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
        all.outside += tally.outside;
        all.wrong.extend(tally.wrong);
        tally.refused.into_iter().for_each(|(code, n)| *all.refused.entry(code).or_default() += n);
        tally.assumed.into_iter().for_each(|(code, n)| *all.assumed.entry(code).or_default() += n);
    }
    eprintln!(
        "{language}: {} expressions, {} exact, {} with a loss, refused {:?}, assumed {:?}; {} hits, {} outside of an assumption",
        expressions.len(),
        all.exact,
        all.lossy,
        all.refused,
        all.assumed,
        all.hits,
        all.outside
    );
    assert!(
        all.wrong.is_empty(),
        "{} wrong: {:#?}",
        all.wrong.len(),
        all.wrong.iter().take(20).collect::<Vec<_>>()
    );
    assert!(all.exact >= least, "{} are exact", all.exact);
}

#[test]
fn kql_says_of_records_what_it_says_of_documents() {
    law("kql", View::Ecs, 0);
}

#[test]
fn eql_says_of_records_what_it_says_of_documents() {
    law("eql", View::Ecs, 0);
}

#[test]
fn esql_says_of_records_what_it_says_of_documents() {
    law("esql", View::Ecs, 0);
}

#[test]
fn lucene_says_of_records_what_it_says_of_documents() {
    law("lucene", View::Ecs, 0);
}

#[test]
fn datadog_says_of_records_what_it_says_of_logs() {
    law("datadog", View::Datadog, 0);
}
