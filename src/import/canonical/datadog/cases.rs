//! Datadog's cases in the words of a rule.

use serde_json::{Map, Value as Json};

use super::super::beyond;
use super::super::draft::set;
use super::super::named::{Named, word};
use super::super::stated::Stated;
use super::super::tidy::{factored, tidy};
use super::condition::{self, Term};
use super::{list, list_of, status, text};
use crate::language::kit::QueryError;
use crate::query::Expr;

/// The selections of all cases, and the cases over them. A rule with one case that says nothing but
/// its status needs none: then the list is empty.
///
/// What is stated is what a case looks for, not what a query does: the target writes one query a
/// case, too.
pub(super) fn cases(
    body: &Map<String, Json>,
    stated: &[Stated],
) -> Result<(Named, Vec<Json>), Vec<QueryError>> {
    let (own, queries) = (list(body, "cases"), list(body, "queries"));
    let mut used = vec![false; queries.len()];
    let mut wanted = Vec::new();
    for case in own {
        let indices = queries_of(case, queries)?;
        for index in &indices {
            if let Some(used) = used.get_mut(*index) {
                *used = true;
            }
        }
        let parts: Vec<&Stated> = indices.iter().filter_map(|index| stated.get(*index)).collect();
        let one = parts.first().ok_or_else(|| beyond("a case looks for nothing"))?;
        let any = |f: fn(&Stated) -> &Expr| Expr::any_of(parts.iter().map(|part| f(part).clone()));
        let together = Stated {
            expr: tidy(factored(any(|part| &part.expr))),
            viewed: any(|part| &part.viewed),
            vocabulary: one.vocabulary,
            losses: Vec::new(),
        };
        wanted.push((case, together));
    }
    if let Some(index) = used.iter().position(|used| !used) {
        let name = queries.get(index).map(|query| query_name(query, index)).unwrap_or_default();
        return Err(beyond(format!("no case looks at the query `{name}`")));
    }
    if let [(case, together)] = wanted.as_slice()
        && !is_special(case, body)
    {
        return Ok((Named::only(&together.detection(true).map_err(beyond)?), Vec::new()));
    }
    let mut named = Named::default();
    let mut made = Vec::new();
    for (case, together) in wanted {
        let name = name(case);
        named.add(&word(&name), &together.detection(false).map_err(beyond)?);
        let status = status(case).ok_or_else(|| beyond("a case has no status"))?;
        let mut out = Map::new();
        set(&mut out, "name", name);
        set(&mut out, "condition", named.conditions.last());
        set(&mut out, "status", status.word());
        set(&mut out, "notifications", list_of(&case["notifications"]));
        made.push(Json::Object(out));
    }
    Ok((named, made))
}

/// The name of a case, which is that of its query if it has none.
fn name(case: &Json) -> String {
    let own = case["name"].as_str().map(str::trim).filter(|name| !name.is_empty());
    let condition = case["condition"].as_str().unwrap_or_default();
    own.or_else(|| condition.split(['>', ' ']).next()).unwrap_or_default().to_owned()
}

/// Which queries a case looks at, if it asks for one match of any of them.
fn queries_of(case: &Json, queries: &[Json]) -> Result<Vec<usize>, Vec<QueryError>> {
    let text = case["condition"].as_str().unwrap_or_default();
    let parsed =
        condition::parse(text).filter(|all| all.iter().flatten().all(|term| term.at_least == 1));
    let parsed = parsed
        .ok_or_else(|| beyond(format!("the case `{text}` does more than to look for one match")))?;
    if parsed.iter().any(|terms| terms.len() > 1) {
        return Err(beyond(format!("the case `{text}` asks for several logs")));
    }
    let index = |Term { query, .. }: &Term| {
        let mut names = queries.iter().enumerate().map(|(index, query)| query_name(query, index));
        let found = names.position(|name| name == *query);
        found.ok_or_else(|| beyond(format!("the case names no query: `{text}`")))
    };
    parsed.iter().flatten().map(index).collect()
}

/// The name of a query, which is a letter if it has none.
pub(super) fn query_name(query: &Json, index: usize) -> String {
    let own = query["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let letter =
        || u8::try_from(index).ok().map(|index| char::from(b'a' + index.min(25)).to_string());
    own.or_else(letter).unwrap_or_default()
}

/// How many matches of a query a case asks for, if that is all that it asks for.
pub(super) fn counts(case: &Json, query: &Json) -> Option<u64> {
    match condition::parse(case["condition"].as_str()?)?.as_slice() {
        [terms] => match terms.as_slice() {
            [Term { query: name, at_least }] if *name == query_name(query, 0) => Some(*at_least),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a case says more than its status: a name of its own, or whom to tell.
pub(super) fn is_special(case: &Json, body: &Map<String, Json>) -> bool {
    let name = case["name"].as_str().unwrap_or_default().trim();
    (!name.is_empty() && text(body, "name") != Some(name))
        || !list_of(&case["notifications"]).is_empty()
}
