//! The flat list of tactics and techniques at the end of a page, put back into its hierarchy: the
//! order says which technique belongs to which tactic.

use serde_json::{Map, Value as Json, json};

use super::facts::link;
use super::lines::{Line, Lines};
use super::text::plain;
use crate::diagnostic::Findings;

/// What begins the list, or the part of it for a further framework.
const FRAMEWORK: &str = "**Framework**: ";

/// What every part of the list begins with.
const TACTIC: &str = "* Tactic:";

/// The name of the framework as the pages show it, and as rules have it.
const ATTACK: (&str, &str) = ("MITRE ATT&CKTM", "MITRE ATT&CK");

/// The lines of an entry and the members that they are.
const MEMBERS: &[(&str, &str)] =
    &[("Name: ", "name"), ("ID: ", "id"), ("Reference URL: ", "reference")];

/// Whether the list begins here.
pub(super) fn begins(line: Line<'_>) -> bool {
    line.text.starts_with(FRAMEWORK)
}

/// Whether the list begins at an offset of the file: a guide may hold a paragraph about frameworks,
/// but no tactic stands below that.
pub(super) fn stands(text: &str, at: usize) -> bool {
    let Some(rest) = text.get(at..).filter(|rest| rest.starts_with(FRAMEWORK)) else {
        return false;
    };
    let next = rest.lines().skip(1).find(|line| !line.trim().is_empty());
    next.is_none_or(|next| next == TACTIC)
}

/// Reads as much of the list as there is. What follows stays in `lines`.
pub(super) fn read(lines: &mut Lines<'_>, findings: &mut Findings) -> Vec<Json> {
    let mut threats: Vec<Json> = Vec::new();
    let mut framework = None;
    while let Some(line) = lines.skip_blanks() {
        if let Some(name) = line.behind(FRAMEWORK) {
            let name = if name.text == ATTACK.0 { ATTACK.1.to_owned() } else { plain(name.text) };
            framework = Some(name);
            lines.next();
            continue;
        }
        let kind = line.text.strip_prefix("* ").and_then(|line| line.strip_suffix(':'));
        // A technique needs a tactic before it, and a sub-technique a technique.
        let place = match (kind, &framework) {
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
        let entry = Json::Object(entry(lines, findings));
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
fn entry(lines: &mut Lines<'_>, findings: &mut Findings) -> Map<String, Json> {
    let mut entry = Map::new();
    while let Some(item) = lines.skip_blanks().and_then(|line| line.behind("    * ")) {
        let found = MEMBERS.iter().find_map(|(label, name)| Some((*name, item.behind(label)?)));
        let Some((name, value)) = found else { break };
        let text = if name == "reference" { link(value, findings) } else { plain(value.text) };
        entry.insert(name.to_owned(), Json::String(text));
        lines.next();
    }
    entry
}
