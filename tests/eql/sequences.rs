//! Sequences and samples, there and back.

use crosswalk::language::eql::{lower, parse};
use crosswalk::query::{Expr, JoinKey, Meaning, Sequence, Step};

use super::common::expressions::is;
use super::raising::{Fields, raised};

fn step(expr: Expr, by: &[&str]) -> Step {
    let key = |field: &&str| JoinKey { field: (*field).into(), optional: false };
    Step { expr, by: by.iter().map(key).collect(), missing: false, runs: 1 }
}

#[test]
fn sequences_keep_their_keys_times_and_ends() {
    let mut second = step(is("f", "b"), &["host.id", "process.parent.pid"]);
    second.by[1].optional = true;
    second.runs = 3;
    let sequence = Sequence {
        ordered: true,
        steps: vec![step(is("event.category", "file"), &["host.id", "process.pid"]), second],
        max_span_ms: Some(90_000),
        until: Some(step(is("f", "end"), &["host.id", "process.pid"])),
    };
    let text = concat!(
        "sequence by host.id with maxspan=90s [file where true] by process.pid ",
        r#"[any where f == "b"] by ?process.parent.pid with runs=3 "#,
        r#"until [any where f == "end"] by process.pid"#,
    );
    let meaning = Meaning::Sequence(sequence.clone());
    assert_eq!(raised(&meaning).expect("a query").0, text);
    let again = lower(&parse(text).expect("EQL"), &Fields).expect("a meaning").value;
    assert_eq!(again, meaning);

    let mut missing = sequence.clone();
    missing.steps[1] = Step { missing: true, ..step(is("f", "b"), &["host.id", "x"]) };
    missing.max_span_ms = None;
    assert_eq!(raised(&Meaning::Sequence(missing)), Err(vec!["missing-without-span"]));

    let sample = Sequence {
        ordered: false,
        steps: vec![step(is("f", "a"), &["host.id"]), step(is("f", "b"), &["host.id"])],
        max_span_ms: None,
        until: None,
    };
    let text = r#"sample by host.id [any where f == "a"] [any where f == "b"]"#;
    let meaning = Meaning::Sequence(sample.clone());
    assert_eq!(raised(&meaning).expect("a query").0, text);
    assert_eq!(lower(&parse(text).expect("EQL"), &Fields).expect("a meaning").value, meaning);
    let timed = Sequence { max_span_ms: Some(1), ..sample };
    assert_eq!(raised(&Meaning::Sequence(timed)), Err(vec!["sample"]));
}
