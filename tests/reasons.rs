//! Every name of a loss, an assumption or a refusal can be explained.

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crosswalk::target::reasons::{REASONS, meaning};

/// Names that stand in the code: the first text behind one of these openings.
const OPENINGS: &[&str] = &[
    "lose(",
    "refuse(",
    "assume(",
    "widen(",
    "refused(ledger, ",
    "Loss { code: ",
    "Refusal { code: ",
    "refusal(",
];

#[test]
fn every_name_in_the_code_has_a_meaning() {
    let source = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut names = BTreeSet::new();
    for path in common::files(&source, "rs") {
        let text = std::fs::read_to_string(&path).expect("readable");
        for opening in OPENINGS {
            for (at, _) in text.match_indices(opening) {
                let rest = text[at + opening.len()..].trim_start();
                let name = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                let is_name =
                    |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                names.extend(name.filter(is_name).map(str::to_owned));
            }
        }
    }
    assert!(names.len() > 30, "{names:?}");
    let unexplained: Vec<_> = names.iter().filter(|name| meaning(name).is_none()).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}

#[test]
fn the_table_is_sorted_and_has_each_name_once() {
    for pair in REASONS.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
    }
}
