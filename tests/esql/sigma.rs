//! Sigma's rules in ES|QL.

use std::collections::BTreeMap;

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::language::registry::Language;
use crosswalk::language::sigma::Sigma;
use crosswalk::query::Meaning;

use super::{corpora, synthesis};

#[test]
fn sigma_rules_keep_their_meaning() {
    let Some(corpora) = corpora::directory("the rules of Sigma in ES|QL") else { return };
    let (mut raised, mut events) = (0, 0);
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
    for file in corpora::files(&corpora.join("sigma"), "yml") {
        let Some(meaning) = sigma_detection(&file) else { continue };
        let expr = meaning.as_match().expect("Sigma detections ask for single events");
        let done = match raise(&meaning, &()) {
            Ok(done) => done,
            Err(refusals) => {
                *refused.entry(refusals[0].code).or_default() += 1;
                continue;
            }
        };
        for loss in &done.losses {
            *lost.entry(loss.code).or_default() += 1;
        }
        let text = print(&done.value);
        let query = parse(&text).unwrap_or_else(|e| panic!("{}: {e:?}\n{text}", file.display()));
        assert_eq!(query, done.value, "{text}");
        let again =
            lower(&query, &()).unwrap_or_else(|e| panic!("{}: {e:?}\n{text}", file.display()));
        let again = again.value.as_match().cloned().expect("single events");
        if done.losses.is_empty() {
            for event in synthesis::events(expr, 25) {
                assert_eq!(expr.eval(&event), again.eval(&event), "{text} on {event}");
                events += 1;
            }
        }
        raised += 1;
    }
    println!(
        "{raised} Sigma rules raised, {events} verdicts alike, lost {lost:?}, refused {refused:?}"
    );
    assert!(raised > 2700, "{raised}");
}

/// The meaning of a Sigma rule's detection; `None` for correlations, placeholders and the like.
fn sigma_detection(file: &std::path::Path) -> Option<Meaning> {
    let text = std::fs::read_to_string(file).expect("readable");
    let start = text.find("\ndetection:\n")? + "\ndetection:\n".len();
    let rest = &text[start..];
    let end = rest
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .find(|at| rest[*at..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '-'));
    let detection = Sigma::parse(&rest[..end.unwrap_or(rest.len())]).ok()?;
    Sigma::lower(&detection, &()).ok().map(|meaning| meaning.value)
}
