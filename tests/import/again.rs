//! Import, build, import again: the second rule is the first, as far as an API's body goes.

use std::collections::BTreeMap;

use crosswalk::import::{Kind, Platform, import};
use rayon::prelude::*;

use super::round::{Round, document, rounds};

/// Keys of a rule of which the body of an API knows nothing, and why.
const BESIDE_THE_BODY: &[(&str, &str)] = &[
    ("date", "Elastic's repository and Datadog's answers have it beside the rule"),
    ("modified", "likewise"),
    ("status", "the maturity of Elastic's repository is no field of Kibana's"),
    ("id", "a Datadog rule has none of its own: it is derived from the id beside the body"),
    ("logsource", "without a query it is read from the integrations beside the body"),
    ("elastic/integration", "Elastic's repository has it beside the rule"),
    ("elastic/page", "anchors of a documentation page"),
    ("datadog/id", "the id of a default rule"),
    ("datadog/slug", "the address of a documentation page"),
];

/// A rule's text without the remarks at its top and without what stands beside a body.
fn comparable(text: &str) -> String {
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let depth = line.len() - line.trim_start().len();
        if !line.trim().is_empty() {
            path.retain(|(own, _)| *own < depth);
            let key = line.trim().split(':').next().unwrap_or_default();
            path.push((depth, key.to_owned()));
        }
        let at: Vec<&str> = path.iter().map(|(_, key)| key.as_str()).collect();
        let at = at.join("/");
        let beside = |key: &str| at == key || at.starts_with(&format!("{key}/"));
        if !line.trim().is_empty() && !BESIDE_THE_BODY.iter().any(|(key, _)| beside(key)) {
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
