//! A rule that was imported as a detection builds to a query that finds what the original finds.

use std::collections::BTreeMap;

use crosswalk::fields::{Catalog, View, Vocabulary};
use crosswalk::import::{Expressed, Foreign, Platform};
use crosswalk::language::datadog::Datadog;
use crosswalk::language::registry::Dialect;
use crosswalk::query::{Case, Expr, FieldPath, Meaning, Op, Schema, Test};
use crosswalk::rule::{ElasticLanguage, RuleFile, RuleSet};
use crosswalk::target::elastic;
use serde_json::Value;

use super::round::{Round, rounds};

/// Whose fields the rule speaks of.
fn vocabulary(text: &str) -> Vocabulary {
    let set = RuleSet::of(vec![RuleFile::parse("rule.yml", text).0]);
    let rule = set.rules().next().expect("a rule");
    let of = |name: &String| Vocabulary::of_taxonomy(name);
    if let Some(own) = rule.header.taxonomy.as_ref().and_then(of) {
        return own;
    }
    let logsource = rule.logic.logsource().expect("a log source");
    let (product, service) = (logsource.product.as_deref(), logsource.service.as_deref());
    Catalog::for_logsource(product, service, None).map(Vocabulary::Catalogue).expect("a catalogue")
}

/// What one query finds; `None` if it is about several events.
fn lowered(dialect: &dyn Dialect, text: &str, schema: &dyn Schema) -> Expr {
    let query = dialect.read(text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    match query.lower(schema).unwrap_or_else(|errors| panic!("{errors:?}\n{text}")).value {
        Meaning::Match(expr) => expr,
        other => panic!("{other:?}"),
    }
}

/// What all queries of a body find.
fn expr(platform: Platform, body: &Value, schema: &dyn Schema) -> Expr {
    match platform {
        Platform::Elastic => {
            let language = body["language"].as_str().and_then(ElasticLanguage::from_word);
            let language = language.unwrap_or(ElasticLanguage::Kuery);
            lowered(elastic::dialect(language), body["query"].as_str().expect("a query"), schema)
        }
        Platform::Datadog => {
            let queries = body["queries"].as_array().expect("queries").iter();
            let text = |query: &Value| query["query"].as_str().expect("a text").to_owned();
            Expr::any_of(queries.map(|query| lowered(&Datadog, &text(query), schema)))
        }
    }
}

/// The fields that a rule which counts groups by. Platforms count no events without them, and canonical
/// rules ask for them by name.
fn groups(platform: Platform, body: &Value, text: &str) -> Vec<FieldPath> {
    if !text.contains("\ncorrelation:\n") {
        return Vec::new();
    }
    let (names, view) = match platform {
        Platform::Elastic => (&body["threshold"]["field"], View::Ecs),
        Platform::Datadog => (&body["queries"][0]["groupByFields"], View::Datadog),
    };
    let one = names.as_str().into_iter();
    let all = names.as_array().into_iter().flatten().filter_map(Value::as_str).chain(one);
    all.filter(|name| !name.is_empty()).map(|name| view.path(name)).collect()
}

/// Elastic's integrations write the name of a data set into both fields, so a rule may ask for either;
/// a catalogue's scope has one of them.
fn one_name(expr: Expr) -> Expr {
    let expr = expr.renamed(&|field| match field.as_str() {
        "data_stream.dataset" => FieldPath::new("event.dataset"),
        _ => field.clone(),
    });
    // A pattern without letters is the same in any case.
    expr.map_tests(&|mut test| {
        if let Op::Matches { pattern, case } = &mut test.op
            && pattern.is_caseless()
        {
            *case = Case::Insensitive;
        }
        test.into()
    })
}

#[test]
fn rebuilt_queries_find_the_same() {
    let Some(rounds) = rounds("the meaning of rebuilt queries") else { return };
    let (mut same, mut other, mut counting) = (BTreeMap::new(), Vec::new(), 0);
    let detections = rounds.iter().filter(|round| round.rule.expressed == Expressed::Detection);
    for Round { name, kind, foreign: Foreign { platform, body, .. }, rule, output } in detections {
        let view = if *platform == Platform::Elastic { View::Ecs } else { View::Datadog };
        let schema = vocabulary(&rule.text).schema(view, &[]);
        let body = Value::Object(body.clone());
        let there = groups(*platform, &body, &rule.text);
        counting += usize::from(!there.is_empty());
        let original = expr(*platform, &body, &*schema);
        let rebuilt = expr(*platform, &output.payload, &*schema);
        // What the query asks for itself needs no words, and what has none is named.
        let is_open = |field: &FieldPath| !original.asks_for(field);
        let (asked, open): (Vec<_>, Vec<_>) =
            there.into_iter().filter(is_open).partition(|field| rebuilt.asks_for(field));
        let mut named = output.assumptions.iter().filter(|one| one.code == "grouped-field");
        assert!(open.is_empty() || named.next().is_some(), "{name}: {open:?}");
        let asked = asked.into_iter().map(|field| Expr::from(Test::field(field, Op::Exists)));
        let original = one_name(Expr::all(std::iter::once(original).chain(asked)));
        let rebuilt = one_name(rebuilt);
        if original.same_alternatives(&rebuilt) {
            *same.entry(kind.name()).or_insert(0) += 1;
        } else {
            other.push(format!("{name}\n{original:?}\n{rebuilt:?}"));
        }
    }
    println!("{same:?} find the same; {counting} count in groups");
    assert!(counting > 20, "{counting}");
    assert!(other.is_empty(), "{}:\n{}", other.len(), other.join("\n\n"));
}
