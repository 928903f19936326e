//! Reading logs and running rules over them. The reference evaluator is the judge of the index, and
//! `serde_json` that of the readers.

#[cfg(unix)]
#[path = "../common/closed.rs"]
mod closed;
#[path = "../common/mod.rs"]
mod common;

mod damage;
mod datadog;
mod documents;
mod index;
mod layouts;
mod over_time;
mod sources;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crosswalk::event::{Input, inputs};
use crosswalk::replay::{Happening, Options, Program, Run, Totals};
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;
use serde_json::{Value, json};

/// The rules of some files.
fn rules(texts: &[&str]) -> RuleSet {
    let sources: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| SourceFile::new(format!("{at}.yml"), *text))
        .collect();
    let (set, findings) = RuleSet::parse(&sources);
    assert!(findings.is_empty(), "{findings:?}");
    set
}

/// A rule for CloudTrail's records with this body.
fn rule(name: &str, body: &str) -> String {
    format!(
        "title: {name}\nname: {name}\nlogsource: {{ product: aws, service: cloudtrail }}\n{body}\n"
    )
}

/// A record as CloudTrail writes it, of a minute of one day.
fn record(id: &str, minute: u32, name: &str, more: Value) -> Value {
    let (hour, minute) = (minute / 60, minute % 60);
    let mut record = json!({
        "eventVersion": "1.08", "eventID": id, "eventSource": "iam.amazonaws.com",
        "eventName": name, "eventTime": format!("2024-05-01T{hour:02}:{minute:02}:00Z"),
    });
    let more = more.as_object().cloned().unwrap_or_default();
    record.as_object_mut().expect("an object").extend(more);
    record
}

/// What a run over some paths finds: rule, event and what is said of several events; with the
/// faults and the totals.
#[derive(Debug, Default)]
struct Replayed {
    found: Vec<(String, String, Value)>,
    faults: Vec<String>,
    totals: Totals,
}

impl Replayed {
    fn of(program: &Program, paths: &[PathBuf]) -> Self {
        let (inputs, faults): (Vec<Input>, _) = inputs(paths);
        let mut out = Self::default();
        out.faults.extend(faults.into_iter().map(|(_, fault)| fault.to_string()));
        out.totals = Run::default().over(program, &inputs, &mut |happening| {
            match happening {
                Happening::Found(found) => {
                    let rule = program.rules[found.rule as usize].title.clone();
                    let id = found.event.id.as_deref().unwrap_or_default().to_owned();
                    out.found.push((rule, id, json!(found.over_time)));
                }
                Happening::Fault(_, fault) => out.faults.push(fault.to_string()),
                Happening::Progress => {}
            }
            ControlFlow::Continue(())
        });
        out
    }

    /// Rule and event of each match.
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.found.iter().map(|(rule, id, _)| (rule.as_str(), id.as_str())).collect()
    }
}

/// Rules over records, as a file with a record a line.
fn replay(rules_text: &[&str], records: &[Value]) -> Replayed {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(&path, lines).expect("written");
    let program = Program::new(&rules(rules_text), Options::default());
    assert!(program.left_out.is_empty(), "{:?}", program.left_out);
    Replayed::of(&program, &[path])
}

/// The binary, with what it reads from standard input.
fn crosswalk(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_crosswalk"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut pipe = child.stdin.take().expect("piped");
    let stdin = stdin.to_vec();
    let writer = std::thread::spawn(move || _ = pipe.write_all(&stdin));
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    writer.join().expect("written");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Packs bytes as gzip.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}
