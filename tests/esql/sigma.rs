//! Sigma's rules in ES|QL.

use std::collections::BTreeMap;

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::language::registry::Language;
use crosswalk::language::sigma::Sigma;

use super::common::{corpus, queries, witness};

#[test]
fn sigma_rules_keep_their_meaning() {
    let Some(corpora) = corpus("", "the rules of Sigma in ES|QL") else { return };
    let (mut raised, mut events) = (0, 0);
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, detection) in queries::public(&corpora, "sigma") {
        let detection = Sigma::parse(&detection).expect("a detection");
        let meaning = Sigma::lower(&detection, &()).expect("a meaning").value;
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
        let query = parse(&text).unwrap_or_else(|e| panic!("{file}: {e:?}\n{text}"));
        assert_eq!(query, done.value, "{text}");
        let again = lower(&query, &()).unwrap_or_else(|e| panic!("{file}: {e:?}\n{text}"));
        let again = again.value.as_match().cloned().expect("single events");
        if done.losses.is_empty() {
            for event in witness::events(expr, false) {
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
