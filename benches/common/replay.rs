//! Rules over recorded events, on one thread.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crosswalk::event::inputs;
use crosswalk::replay::{Form, Found, Happening, Options, Program, Run, Totals};
use serde_json::Value;

/// Makes this thread the only one that works, so that its clock tells everything.
pub fn alone() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("nothing has run in parallel yet");
}

/// The recorded CloudTrail events, a record a line, as often as asked.
pub fn write_events(corpora: &Path, path: &Path, times: usize) -> Result<usize, String> {
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    let rows = corpora.join("cloudtrail/events.jsonl");
    let rows = std::fs::read_to_string(&rows).map_err(|e| format!("{}: {e}", rows.display()))?;
    let mut lines = String::new();
    for row in rows.lines() {
        let mut row: Value = serde_json::from_str(row).map_err(|error| error.to_string())?;
        lines.push_str(&format!("{}\n", row["event"].take()));
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(said)?);
    for _ in 0..times {
        file.write_all(lines.as_bytes()).map_err(said)?;
    }
    file.flush().map_err(said)?;
    Ok(rows.lines().count() * times)
}

/// Compiles rules; all of them for every event, or those for the event's log source.
pub fn program(rules: &crosswalk::rule::RuleSet, all_rules: bool, form: Form) -> Program {
    Program::new(rules, Options { all_rules, form, ..Options::default() })
}

/// Runs a program over a file.
pub fn run(program: &Program, log: &Path, take: &mut dyn FnMut(&Found)) -> Totals {
    let (inputs, faults) = inputs(&[PathBuf::from(log)]);
    assert!(faults.is_empty(), "{faults:?}");
    Run::default().over(program, &inputs, &mut |happening| {
        if let Happening::Found(found) = happening {
            take(found);
        }
        ControlFlow::Continue(())
    })
}
