//! A rule that was imported as a detection builds to a query that finds what the original finds.

use std::collections::BTreeMap;

use crosswalk::fields::{Catalog, View, Vocabulary};
use crosswalk::import::{Expressed, Foreign, Platform};
use crosswalk::language::datadog::Datadog;
use crosswalk::language::registry::Dialect;
use crosswalk::query::{Case, Expr, FieldPath, Meaning, Op, Schema};
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
    let (mut same, mut other) = (BTreeMap::new(), Vec::new());
    let detections = rounds.iter().filter(|round| round.rule.expressed == Expressed::Detection);
    for Round { name, kind, foreign: Foreign { platform, body, .. }, rule, output } in detections {
        let view = if *platform == Platform::Elastic { View::Ecs } else { View::Datadog };
        let schema = vocabulary(&rule.text).schema(view, &[]);
        let original = one_name(expr(*platform, &Value::Object(body.clone()), &*schema));
        let rebuilt = one_name(expr(*platform, &output.payload, &*schema));
        if original.same_alternatives(&rebuilt) {
            *same.entry(kind.name()).or_insert(0) += 1;
        } else {
            other.push(format!("{name}\n{original:?}\n{rebuilt:?}"));
        }
    }
    println!("{same:?} find the same");
    assert!(other.is_empty(), "{}:\n{}", other.len(), other.join("\n\n"));
}
