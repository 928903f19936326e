//! The flat list of tactics and techniques at the end of a page, put back into its hierarchy: the
//! order says which technique belongs to which tactic.

use serde_json::{Map, Value as Json, json};

use super::facts::link;
use super::lines::{Line, Lines};
use super::markup::Markup;
use crate::diagnostic::Findings;

/// The label that begins the list, or the part of it for a further framework.
const FRAMEWORK: &str = "Framework";

/// What every part of the list begins with.
const TACTIC: &str = "* Tactic:";

/// The framework whose name the pages show in another way.
const ATTACK: &str = "MITRE ATT&CK";

/// The lines of an entry and the members that they are.
const MEMBERS: &[(&str, &str)] =
    &[("Name: ", "name"), ("ID: ", "id"), ("Reference URL: ", "reference")];

/// Whether the list begins here.
pub(super) fn begins(markup: Markup, line: Line<'_>) -> bool {
    framework(markup, line).is_some()
}

/// The framework that a line names.
fn framework(markup: Markup, line: Line<'_>) -> Option<String> {
    let (open, close) = markup.label();
    let rest = line.text.strip_prefix(open)?.strip_prefix(FRAMEWORK)?.strip_prefix(close)?;
    let name = rest.strip_prefix(' ')?;
    Some(if name == markup.attack() { ATTACK.to_owned() } else { markup.text(name) })
}

/// Whether the list begins at an offset of the file: a guide may hold a paragraph about frameworks,
/// but no tactic stands below that.
pub(super) fn stands(text: &str, at: usize) -> bool {
    let mut lines = text.get(at..).unwrap_or_default().lines();
    let first = Line { start: at, text: lines.next().unwrap_or_default() };
    let next = lines.find(|line| !line.trim().is_empty());
    begins(Markup::Markdown, first) && next.is_none_or(|next| next == TACTIC)
}

/// Reads as much of the list as there is. What follows stays in `lines`.
pub(super) fn read(markup: Markup, lines: &mut Lines<'_>, findings: &mut Findings) -> Vec<Json> {
    let mut threats: Vec<Json> = Vec::new();
    let mut current = None;
    while let Some(line) = lines.skip_blanks() {
        if let Some(name) = framework(markup, line) {
            current = Some(name);
            lines.next();
            continue;
        }
        let kind = line.text.strip_prefix("* ").and_then(|line| line.strip_suffix(':'));
        // A technique needs a tactic before it, and a sub-technique a technique.
        let place = match (kind, &current) {
            (Some("Tactic"), Some(framework)) => {
                threats.push(json!({"framework": framework}));
                threats.last_mut().map(Place::Tactic)
            }
            (Some("Technique"), _) => list(threats.last_mut(), "technique").map(Place::Item),
            (Some("Sub-technique"), _) => {
                let technique = threats.last_mut().and_then(|threat| threat.get_mut("technique"));
                let technique =
                    technique.and_then(Json::as_array_mut).and_then(|all| all.last_mut());
                list(technique, "subtechnique").map(Place::Item)
            }
            _ => None,
        };
        let Some(place) = place else { break };
        lines.next();
        let entry = Json::Object(entry(markup, lines, findings));
        match place {
            Place::Tactic(threat) => threat["tactic"] = entry,
            Place::Item(list) => list.push(entry),
        }
    }
    threats
}

/// Where an entry goes.
enum Place<'v> {
    Tactic(&'v mut Json),
    Item(&'v mut Vec<Json>),
}

/// The list under a name, made if there is none.
fn list<'v>(value: Option<&'v mut Json>, name: &str) -> Option<&'v mut Vec<Json>> {
    let members = value?.as_object_mut()?;
    members.entry(name).or_insert_with(|| json!([])).as_array_mut()
}

/// The members of an entry, which stand below it.
fn entry(markup: Markup, lines: &mut Lines<'_>, findings: &mut Findings) -> Map<String, Json> {
    let mut entry = Map::new();
    while let Some(item) = lines.skip_blanks().and_then(|line| line.behind(markup.member())) {
        let found = MEMBERS.iter().find_map(|(label, name)| Some((*name, item.behind(label)?)));
        let Some((name, value)) = found else { break };
        let text = match name {
            "reference" => link(markup, value, findings),
            _ => markup.text(value.text),
        };
        entry.insert(name.to_owned(), Json::String(text));
        lines.next();
    }
    entry
}
