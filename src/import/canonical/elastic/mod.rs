//! Elastic's rules.

mod logic;
mod patch;
mod section;

use serde_json::{Map, Value as Json};

use super::draft::{Draft, derived_id};
use super::settle::settled;
use super::{Expressed, logsource, native, report, threat};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::import::foreign::Foreign;
use crate::target::elastic;
use logic::Reason;

/// Fills a draft with everything that the rule says.
pub(super) fn fill(foreign: &Foreign, draft: &mut Draft, findings: &mut Findings) -> Expressed {
    let body = &foreign.body;
    header(foreign, draft);
    section::section(foreign, draft);
    let expressed = match settled(foreign, draft, logic::logic) {
        Ok(()) => Expressed::Detection,
        Err(Reason::NoQuery) => {
            let kind = text(body, "type").unwrap_or("unknown");
            let message = format!("this rule of type `{kind}` has no query");
            report(&codes::ENVELOPE_ONLY, message, foreign, findings);
            Expressed::Envelope
        }
        Err(Reason::Query(errors)) => native(foreign, errors, draft, findings),
    };
    if expressed != Expressed::Detection {
        let index = texts(body, "index");
        draft.set("logsource", logsource::of_elastic(None, &index, &foreign.beside.integration));
        draft.patch("elastic", Map::new());
    }
    // As the target groups them, whatever the order of the rule.
    draft.settle_attack(|header| threat::tags(&Json::Array(elastic::threat(header))));
    patch::remember(foreign, draft);
    expressed
}

fn header(foreign: &Foreign, draft: &mut Draft) {
    let (body, beside) = (&foreign.body, &foreign.beside);
    let name = text(body, "name").unwrap_or("Rule without a name");
    let title: String = name.chars().take(256).collect();
    draft.set("title", &title);
    let id = text(body, "rule_id").and_then(|id| uuid::Uuid::parse_str(id).ok());
    draft.set("id", id.unwrap_or_else(|| derived_id(&format!("elastic {name}"))));
    let status = match beside.maturity.as_deref() {
        Some("production") => Some("stable"),
        Some("beta") => Some("test"),
        Some("development" | "experimental") => Some("experimental"),
        Some("deprecated") => Some("deprecated"),
        _ => None,
    };
    draft.set("status", status);
    draft.set("description", text(body, "description").map(str::trim));
    draft.set("license", text(body, "license"));
    draft.set("author", Some(texts(body, "author").join(", ")).filter(|list| !list.is_empty()));
    draft.set("references", texts(body, "references"));
    draft.set("date", beside.date.map(|date| date.to_string()));
    draft.set(
        "modified",
        beside.modified.filter(|m| Some(*m) != beside.date).map(|d| d.to_string()),
    );
    draft.set("tags", body.get("threat").and_then(threat::tags));
    let cases = texts(body, "false_positives");
    draft.set("falsepositives", cases.iter().map(|case| unindented(case)).collect::<Vec<_>>());
    draft.set("level", text(body, "severity"));
    let (controls, _) = claims(body);
    draft.set("controls", controls);
    draft.set("triage", text(body, "note").and_then(guide));
}

/// Claims that Crosswalk wrote into the tags, and the tags of the rule's author.
fn claims(body: &Map<String, Json>) -> (Vec<String>, Vec<String>) {
    let (claims, tags): (Vec<String>, Vec<String>) =
        texts(body, "tags").into_iter().partition(|tag| tag.starts_with("Control: "));
    (claims.iter().map(|tag| tag.replacen("Control: ", "", 1)).collect(), tags)
}

/// The guide below the heading that Elastic's guides open with. A guide that opens otherwise stays
/// in the patch.
fn guide(note: &str) -> Option<&str> {
    if note.is_empty() {
        return Some("");
    }
    let (heading, rest) = note.trim_start().split_once('\n')?;
    heading.trim_end().eq_ignore_ascii_case("## Triage and analysis").then(|| rest.trim())
}

/// A text without the blanks by which its file sets the lines after the first one off.
fn unindented(text: &str) -> String {
    let (first, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let width = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = rest.lines().filter(|line| !line.trim().is_empty());
    let common = filled.map(width).min().unwrap_or_default();
    let lines = rest.lines().map(|line| line.get(common..).unwrap_or_default().trim_end());
    std::iter::once(first.trim_end()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// A text of the body.
fn text<'b>(body: &'b Map<String, Json>, key: &str) -> Option<&'b str> {
    body.get(key).and_then(Json::as_str)
}

/// The texts of a list of the body.
fn texts(body: &Map<String, Json>, key: &str) -> Vec<String> {
    let list = body.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}
