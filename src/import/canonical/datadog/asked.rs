//! What the queries of a rule ask of every log, where the rule stays in Datadog's words.
//!
//! The rule is one for some log source all the same, and its queries say of which: a query that counts
//! by two groups is no detection, but `source:cloudtrail` in it is as plain as in any other.

use serde_json::{Map, Value as Json};

use super::list;
use crate::language::datadog::{Query, Tree, lower, parse};
use crate::query::Expr;

/// What holds of each log that one of the queries finds, as far as can be said; `None` if a query
/// reads no logs.
pub(super) fn of_all(body: &Map<String, Json>) -> Option<Expr> {
    let required = list(body, "filters").iter().filter(|filter| filter["action"] == "require");
    let required = Expr::all(required.map(|filter| of_text(&filter["query"])));
    let queries = list(body, "queries").iter().map(|query| {
        let reads_logs = matches!(query["dataSource"].as_str(), None | Some("logs"));
        let parts = [&query["query"], &query["customQueryExtension"]].map(of_text);
        reads_logs.then(|| Expr::all(parts.into_iter().chain([required.clone()])))
    });
    queries.collect::<Option<Vec<Expr>>>().map(Expr::any_of)
}

fn of_text(text: &Json) -> Expr {
    let query = text.as_str().and_then(|text| parse(text.trim()).ok());
    query.map_or(Expr::True, |query| needed(&query))
}

/// What a query says in parts that have a meaning.
fn needed(query: &Query) -> Expr {
    match (lower(query, &()), query) {
        (Ok(expr), _) => expr,
        (Err(_), Tree::And(members)) => Expr::all(members.iter().map(needed)),
        (Err(_), Tree::Or(members)) => Expr::any_of(members.iter().map(needed)),
        (Err(_), Tree::Not(_) | Tree::Leaf(_)) => Expr::True,
    }
}
