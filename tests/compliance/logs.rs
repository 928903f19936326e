//! Demanded events in recorded logs: what one pass finds is what judging every record would find.

use std::collections::BTreeSet;

use crosswalk::compliance::{Reading, parts, sighted};
use crosswalk::event::inputs;
use crosswalk::query::Expr;
use serde_json::Value;

use crate::audit::cis;
use crate::common::{corpus, rows};

#[test]
fn one_pass_finds_what_judging_every_record_finds() {
    let Some(path) = corpus("cloudtrail/events.jsonl", "demanded events in recorded logs") else {
        return;
    };
    let records: Vec<Value> = rows(&path).into_iter().map(|mut row| row["event"].take()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.ndjson");
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(&log, lines.join("\n")).expect("written");
    let (inputs, faults) = inputs(&[log]);
    assert!(faults.is_empty());
    for reading in [Reading::Intent, Reading::Literal] {
        let versions = &cis().versions;
        let seen = sighted(cis(), versions, reading, &inputs, &mut |_, fault| panic!("{fault}"));
        assert_eq!(seen.totals.events, records.len() as u64);
        let demands = cis().subjects.iter().flat_map(|subject| &subject.demands);
        let whole = demands.map(|demand| match reading {
            Reading::Intent => &demand.intent,
            Reading::Literal => &demand.literal,
        });
        let all: BTreeSet<Expr> = whole.flat_map(parts).map(|part| part.expr).collect();
        let happened = all.iter().filter(|part| records.iter().any(|record| part.eval(record)));
        let happened: Vec<&Expr> = happened.collect();
        assert_eq!(seen.parts, (happened.len(), all.len()), "{reading:?}");
        assert!(happened.len() > 20);
        for part in happened {
            assert!(seen.events.iter().any(|event| part.eval(event)), "{part:?}");
        }
        assert!(seen.events.iter().all(|event| records.contains(event)));
    }
}
