//! Import, build, import again: the second rule is the first, as far as an API's body goes.

use std::collections::BTreeMap;

use crosswalk::import::{Kind, Platform, import};
use rayon::prelude::*;

use super::round::{Round, document, rounds};

/// Keys of a rule of which the body of an API knows nothing, by kind, and why.
const BESIDE_THE_BODY: &[(&[Kind], &str, &str)] = &[
    (ALL, "date", "Elastic's repository and Datadog's answers have it beside the rule"),
    (ALL, "modified", "likewise"),
    (&[Kind::ElasticToml], "status", "its maturity stands in `[metadata]`"),
    (&[Kind::ElasticToml], "elastic/integration", "likewise"),
    (&[Kind::ElasticToml], "logsource", "of a rule in words of its own, it is read from there"),
    (&[Kind::ElasticPage], "id", "no page has one: it is derived from the name, and then kept"),
    (&[Kind::ElasticPage], "elastic/page", "anchors of the page"),
    (PAGES, "elastic/patch", "a page is kept to the letter, a body in what it says"),
    (PAGES, "datadog/patch", "likewise"),
    (DATADOG, "id", "a rule has none of its own: it is derived from the next"),
    (DATADOG, "datadog/id", "the id of a default rule stands beside it"),
    (DATADOG, "datadog/slug", "the address of a page"),
];

const ALL: &[Kind] = Kind::ALL;
const PAGES: &[Kind] = &[Kind::ElasticPage, Kind::DatadogPage];
const DATADOG: &[Kind] = &[Kind::Datadog, Kind::DatadogPage];

/// A tag that the reader cannot decide about, and says so: ATT&CK split this tactic, and nothing in
/// the rule tells which half is meant. The target has no name for it.
const UNDECIDED: &str = "- attack.defense-evasion";

/// A rule's text without the remarks at its top and without what stands beside a body.
fn comparable(text: &str, kind: Kind) -> String {
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut out = String::new();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for line in lines.filter(|line| line.trim() != UNDECIDED) {
        // A page keeps blanks at the ends of its lines, a body does not.
        let own = line.replace('"', "");
        let line = if PAGES.contains(&kind) { own.trim_end() } else { line };
        let depth = line.len() - line.trim_start().len();
        path.retain(|(own, _)| *own < depth);
        let key = line.trim().split(':').next().unwrap_or_default();
        path.push((depth, key.to_owned()));
        let at: Vec<&str> = path.iter().map(|(_, key)| key.as_str()).collect();
        let at = at.join("/");
        let beside = |(kinds, key, _): &(&[Kind], &str, &str)| {
            kinds.contains(&kind) && (at == *key || at.starts_with(&format!("{key}/")))
        };
        if !BESIDE_THE_BODY.iter().any(beside) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The kind of the body that a rule builds to.
fn body_kind(round: &Round) -> Kind {
    match round.foreign.platform {
        Platform::Elastic => Kind::Elastic,
        Platform::Datadog => Kind::Datadog,
    }
}

#[test]
fn what_was_built_is_imported_as_it_was() {
    let Some(rounds) = rounds("importing again what was built") else { return };
    let different: Vec<String> = rounds
        .par_iter()
        .filter_map(|round| {
            let again = import(&document(&round.output.payload), Some(body_kind(round)));
            let texts: Vec<&str> = again.rules.iter().map(|rule| rule.text.as_str()).collect();
            let [text] = texts.as_slice() else { return Some(format!("{}: no rule", round.name)) };
            let comparable = |text: &str| comparable(text, round.kind);
            let (first, second) = (comparable(&round.rule.text), comparable(text));
            (first != second).then(|| {
                let diff = similar::TextDiff::from_lines(&first, &second);
                format!("{}\n{}", round.name, diff.unified_diff().context_radius(1))
            })
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for round in rounds {
        *counts.entry(round.kind.name()).or_default() += 1;
    }
    println!("{} of {counts:?} are no fixed points", different.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
}
