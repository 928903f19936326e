//! Reads one of Elastic's Markdown pages of a rule back into a payload. For tests only: it accepts
//! what the pages of the corpus hold and panics at anything else.

use crosswalk::rule::ElasticPage;
use serde_json::{Value, json};

/// A page's facts.
pub(crate) struct Read {
    /// The rule in the form of Kibana's API, as far as the page shows it.
    pub(crate) payload: Value,
    /// What only the page knows.
    pub(crate) facts: ElasticPage,
    /// Whether the page names stack and serverless in its front matter: a later edition of the
    /// same pages.
    pub(crate) applies_to: bool,
    /// Reference targets that differ from their text.
    pub(crate) mangled: Vec<(String, String)>,
}

/// Reads a page.
pub(crate) fn read(page: &str) -> Read {
    let (front_matter, body) =
        page.strip_prefix("---\n").unwrap().split_once("\n---\n\n# ").unwrap();
    let (title, body) = body.split_once("\n\n").unwrap();
    let (name, slug) = title.strip_suffix(']').unwrap().rsplit_once(" [").unwrap();
    let (description, body) = body.split_once("\n\n**Rule type**: ").unwrap();
    let mut facts = ElasticPage { package: package(slug), ..ElasticPage::default() };
    let mut mangled = Vec::new();
    let field = |label: &str| scalar(body, label);
    let mut payload = json!({
        "name": name,
        "description": description,
        "type": body.lines().next().unwrap(),
        "index": list(body, "Rule indices"),
        "severity": field("Severity"),
        "risk_score": field("Risk score").parse::<u64>().unwrap(),
        "interval": field("Runs every"),
        "from": field("Searches indices from").split_once(" (").unwrap().0,
        "max_signals": field("Maximum alerts per execution").parse::<u64>().unwrap(),
        "references": references(body, &mut mangled),
        "tags": list(body, "Tags"),
        "version": field("Version").parse::<u64>().unwrap(),
        "author": list(body, "Rule authors"),
        "license": field("Rule license"),
        "threat": threat(body),
    });
    for (key, heading, anchor) in [
        ("note", "Investigation guide", &mut facts.guide_anchor),
        ("setup", "Setup", &mut facts.setup_anchor),
        ("query", "Rule query", &mut facts.query_anchor),
    ] {
        if let Some((number, text)) = section(body, heading) {
            *anchor = Some(number);
            payload[key] = json!(text);
        }
    }
    let applies_to = front_matter.starts_with("applies_to:");
    Read { payload, facts, applies_to, mangled }
}

/// `prebuilt-rule-8-2-1-name` holds the package 8.2.1.
fn package(slug: &str) -> Option<String> {
    let parts: Vec<&str> = slug.strip_prefix("prebuilt-rule-")?.splitn(4, '-').collect();
    Some(parts[..3].join("."))
}

fn scalar<'p>(body: &'p str, label: &str) -> &'p str {
    let (_, rest) = body.split_once(&format!("\n**{label}**: ")).unwrap();
    rest.lines().next().unwrap()
}

fn list<'p>(body: &'p str, label: &str) -> Vec<&'p str> {
    let Some((_, rest)) = body.split_once(&format!("\n**{label}**:\n\n")) else {
        return Vec::new();
    };
    let items = rest.split_once("\n\n").unwrap().0;
    items.lines().map(|line| line.strip_prefix("* ").unwrap()).collect()
}

/// The text of a link is the address that the rule names; the migration of the pages changed some
/// targets.
fn references(body: &str, mangled: &mut Vec<(String, String)>) -> Vec<String> {
    let read = |link: &str| {
        let (text, target) = link[1..].strip_suffix(')').unwrap().split_once("](").unwrap();
        if text != target {
            mangled.push((text.to_owned(), target.to_owned()));
        }
        text.to_owned()
    };
    list(body, "References").into_iter().map(read).collect()
}

/// A section's number and text; a query stands in a fence.
fn section(body: &str, heading: &str) -> Option<(u32, String)> {
    let anchor = format!("\n## {heading} [_{}_", heading.to_lowercase().replace(' ', "_"));
    let (_, rest) = body.split_once(&anchor)?;
    let (number, rest) = rest.split_once("]\n\n").unwrap();
    let text = match rest.strip_prefix("```js\n") {
        Some(query) => query.split_once("\n```\n").unwrap().0,
        None => {
            let ends = ["\n## Setup [_", "\n## Rule query [_"];
            let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
            rest[..end].trim_end_matches('\n')
        }
    };
    Some((number.parse().unwrap(), text.to_owned()))
}

/// The flat list, put back into tactics that hold techniques that hold sub-techniques.
fn threat(body: &str) -> Value {
    let Some((_, rest)) = body.split_once("\n**Framework**: MITRE ATT&CKTM\n") else {
        return json!([]);
    };
    let mut tactics: Vec<Value> = Vec::new();
    for item in rest.split("\n* ").skip(1) {
        let value = |label: &str| {
            let (_, rest) = item.split_once(&format!("    * {label}: ")).unwrap();
            rest.lines().next().unwrap()
        };
        let url = value("Reference URL");
        let url = &url[1..url.find("](").unwrap()];
        let entry = json!({"id": value("ID"), "name": value("Name"), "reference": url});
        match item.split_once(':').unwrap().0 {
            "Tactic" => tactics.push(json!({
                "framework": "MITRE ATT&CK", "tactic": entry, "technique": []
            })),
            "Technique" => last(&mut tactics, "technique").push(entry),
            "Sub-technique" => {
                let techniques = last(&mut tactics, "technique");
                last(techniques, "subtechnique").push(entry);
            }
            other => panic!("unknown entry {other}"),
        }
    }
    Value::Array(tactics)
}

fn last<'v>(values: &'v mut [Value], key: &str) -> &'v mut Vec<Value> {
    let value = values.last_mut().unwrap().as_object_mut().unwrap();
    value.entry(key).or_insert_with(|| json!([])).as_array_mut().unwrap()
}
