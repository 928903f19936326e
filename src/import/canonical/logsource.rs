//! A log source for rules that do not name one as Sigma does.

use serde_json::{Map, Value as Json, json};

use crate::fields::View;
use crate::query::{Case, Expr, Op, Part, Pattern};
use crate::rule::Logsource;

/// The log source whose events alone a query over a platform's fields can find, if it asks for one.
pub fn asked_logsource(expr: &Expr, view: View) -> Option<Logsource> {
    let (product, service) = match view {
        View::Ecs => {
            let dataset = demanded(expr, DATASET).and_then(|name| split(&name));
            dataset.or_else(|| Some((demanded(expr, MODULE)?, None)))?
        }
        View::Datadog => by_source(demanded(expr, ORIGIN)?),
        View::Raw => return None,
    };
    Some(Logsource { product: Some(product), service, ..Logsource::default() })
}

/// Whether a query over ECS says which data set it is for.
pub fn asks_for_data_set(expr: &Expr) -> bool {
    demanded(expr, DATASET).is_some()
}

/// The log source that all index patterns are of.
pub fn index_logsource(index: &[String]) -> Option<Logsource> {
    let (product, service) = common(index)?;
    let is_stream = |pattern: &String| pattern.starts_with("logs-");
    let logsource = Logsource { product: Some(product), service, ..Logsource::default() };
    index.iter().all(is_stream).then_some(logsource)
}

/// Patterns that hold no documents of an integration for logs, by how they begin: other shippers and
/// other types of data streams.
const OTHER_INDEXES: &[&str] = &[
    "winlogbeat-",
    "auditbeat-",
    "packetbeat-",
    "heartbeat-",
    "metricbeat-",
    "endgame-",
    "apm-",
    "traces-",
    "metrics-",
    "synthetics-",
    ".alerts-",
    "ml_",
];

/// Whether one of these index patterns may hold documents of a data set, such as `aws.cloudtrail`. An
/// index of somebody's own may hold anything.
pub fn may_hold(index: &[String], dataset: &str) -> bool {
    let stream = format!("logs-{dataset}-");
    let whole = glob(&format!("{stream}*"));
    index.iter().enumerate().any(|(at, pattern)| {
        // `remote:logs-*` is the same pattern in another cluster.
        let pattern = pattern.rsplit(':').next().unwrap_or_default();
        let is_stream = pattern.starts_with("logs-");
        // `-logs-aws*` takes out what the patterns before it name.
        let later = index.get(at + 1..).unwrap_or_default().iter();
        let is_out = later
            .filter_map(|other| other.strip_prefix('-'))
            .map(glob)
            .any(|out| out.covers(&glob(pattern)) || is_stream && out.covers(&whole));
        let may = match is_stream {
            true => begins_like(pattern, &stream),
            false => {
                let is_other = OTHER_INDEXES.iter().any(|other| pattern.starts_with(other));
                !is_other && !pattern.starts_with('-')
            }
        };
        may && !is_out
    })
}

/// An index pattern, in which only `*` stands for something else.
fn glob(text: &str) -> Pattern {
    let pieces = text.split('*').enumerate();
    pieces
        .flat_map(|(at, piece)| {
            let literal = (!piece.is_empty()).then(|| Part::Literal(piece.to_owned()));
            (at > 0).then_some(Part::Any).into_iter().chain(literal)
        })
        .collect()
}

/// Whether a pattern with `*` matches some name that begins with a text.
fn begins_like(pattern: &str, start: &str) -> bool {
    let signs: Vec<char> = pattern.chars().collect();
    // Where in the pattern a match may stand after each character of the text.
    let mut places = vec![0];
    for c in start.chars() {
        let mut next = Vec::new();
        for mut place in places {
            while signs.get(place) == Some(&'*') {
                next.push(place);
                place += 1;
            }
            next.extend((signs.get(place) == Some(&c)).then_some(place + 1));
        }
        next.sort_unstable();
        next.dedup();
        places = next;
    }
    !places.is_empty()
}

/// Fields of the Elastic Common Schema that name the data set, `module.name`.
const DATASET: &[&str] = &["event.dataset", "data_stream.dataset"];

/// Fields of it that name the product.
const MODULE: &[&str] = &["host.os.type", "event.module"];

/// Datadog's attributes that say where a log comes from.
const ORIGIN: &[&str] = &["source", "service"];

/// The log source of an Elastic rule: what its query asks for, else what its index patterns or its
/// integration say. Sigma needs one of category, product and service.
pub(super) fn of_elastic(
    expr: Option<&Expr>,
    index: &[String],
    integration: &[String],
) -> Map<String, Json> {
    let asked = |fields: &[&str]| expr.and_then(|expr| demanded(expr, fields));
    let dataset = asked(DATASET).and_then(|name| split(&name)).or_else(|| common(index));
    if let Some((product, service)) = dataset {
        return named(product, service);
    }
    if let Some(product) = asked(MODULE) {
        return named(product, None);
    }
    let beats =
        [("winlogbeat-*", "windows"), ("auditbeat-*", "linux"), ("packetbeat-*", "network")];
    let by_beat = || beats.iter().find(|(beat, _)| index.iter().any(|own| own == beat));
    match integration.first() {
        Some(integration) => named(integration.clone(), None),
        None => named(by_beat().map_or("elastic", |(_, product)| product).to_owned(), None),
    }
}

/// The log source of a Datadog rule: what its query or its tags say of the source.
pub(super) fn of_datadog(expr: Option<&Expr>, tags: &[&str]) -> Map<String, Json> {
    let asked = expr.and_then(|expr| demanded(expr, ORIGIN));
    let tagged = || tags.iter().find_map(|tag| tag.strip_prefix("source:")).map(str::to_owned);
    let source = asked.or_else(tagged).unwrap_or_else(|| "datadog".to_owned());
    let (product, service) = by_source(source);
    named(product, service)
}

/// Product and service of a source of Datadog, as Sigma calls them.
fn by_source(source: String) -> (String, Option<String>) {
    match source.as_str() {
        "cloudtrail" => ("aws".to_owned(), Some("cloudtrail".to_owned())),
        _ => (source, None),
    }
}

fn named(product: String, service: Option<String>) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("product".to_owned(), json!(product));
    if let Some(service) = service {
        map.insert("service".to_owned(), json!(service));
    }
    map
}

/// The one text that a field must have for the expression to hold, whichever alternative holds; of
/// the fields, the first that is asked for.
fn demanded(expr: &Expr, fields: &[&str]) -> Option<String> {
    match expr {
        Expr::And(members) => {
            let of = |field: &&str| {
                members.iter().find_map(|member| demanded(member, std::slice::from_ref(field)))
            };
            fields.iter().find_map(of)
        }
        Expr::Or(members) => {
            let mut asked = members.iter().map(|member| demanded(member, fields));
            let first = asked.next()??;
            asked.all(|other| other.as_ref() == Some(&first)).then_some(first)
        }
        Expr::Test(test) => {
            let field = test.path()?.as_str();
            let Op::Matches { pattern, case: Case::Sensitive | Case::Insensitive } = &test.op
            else {
                return None;
            };
            fields.contains(&field).then(|| pattern.as_literal().map(str::to_owned)).flatten()
        }
        _ => None,
    }
}

/// `aws.cloudtrail` as product and service.
fn split(dataset: &str) -> Option<(String, Option<String>)> {
    let (product, service) = dataset.split_once('.').unwrap_or((dataset, ""));
    let service = (!service.is_empty()).then(|| service.to_owned());
    (!product.is_empty()).then(|| (product.to_owned(), service))
}

/// What all `logs-*` patterns have in common.
fn common(index: &[String]) -> Option<(String, Option<String>)> {
    let datasets = index.iter().filter_map(|pattern| {
        let name = pattern.strip_prefix("logs-")?;
        let name = name.trim_end_matches(['*', '-', '.']);
        (!name.is_empty() && !name.contains('*')).then(|| split(name)).flatten()
    });
    let mut datasets: Vec<_> = datasets.collect();
    datasets.dedup();
    let (product, service) = datasets.first()?.clone();
    let same_product = datasets.iter().all(|(other, _)| *other == product);
    same_product.then(|| (product, service.filter(|_| datasets.len() == 1)))
}

#[cfg(test)]
mod tests {
    use super::may_hold;

    #[test]
    fn patterns_hold_the_data_sets_whose_streams_they_match() {
        let holds = |pattern: &str| may_hold(&[pattern.to_owned()], "aws.cloudtrail");
        for pattern in [
            "logs-aws.cloudtrail-*",
            "logs-aws.cloudtrail*",
            "logs-aws*",
            "logs-*",
            "logs-*-default",
            "remote:logs-aws.cloudtrail-prod",
            "filebeat-*",
            "my-own-index",
            "*",
        ] {
            assert!(holds(pattern), "{pattern}");
        }
        for pattern in
            ["logs-gcp.audit-*", "logs-aws.s3access-*", "winlogbeat-*", "-logs-*", "logs-aws", ""]
        {
            assert!(!holds(pattern) || pattern.is_empty(), "{pattern}");
        }
        assert!(may_hold(&["winlogbeat-*".into(), "filebeat-*".into()], "aws.cloudtrail"));
        assert!(!may_hold(&[], "aws.cloudtrail"));
        for (index, held) in [
            (["logs-*", "-logs-aws*"], false),
            (["logs-aws*", "-logs-aws.cloudtrail*"], false),
            (["filebeat-*", "-filebeat-*"], false),
            (["-logs-aws*", "logs-*"], true),
            (["logs-*", "-logs-gcp*"], true),
            (["logs-*", "-logs-aws.cloudtrail-test"], true),
        ] {
            assert_eq!(may_hold(&index.map(str::to_owned), "aws.cloudtrail"), held, "{index:?}");
        }
    }
}
