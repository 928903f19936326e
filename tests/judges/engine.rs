//! Engines as processes: all questions in, all answers out, one process an engine.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::common::random::Shapes;
use super::questions::Question;

/// An engine that somebody else wrote.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) name: &'static str,
    /// The language that it reads.
    pub(super) language: &'static str,
    /// The variable that says where it is.
    pub(super) variable: &'static str,
    pub(super) runner: Runner,
    /// What its events may hold.
    pub(super) shapes: Shapes,
    /// Whether events have objects for the steps of a name; otherwise names are dotted.
    pub(super) nested: bool,
    /// Every how-manyth file of rules it is asked about: one that is slow is asked less.
    pub(super) every: usize,
}

/// What runs an engine: the variable holds the interpreter, or what the program is to load.
#[derive(Debug)]
pub(super) enum Runner {
    Python(&'static str),
    Node(&'static str),
    Java(&'static str),
}

/// The answer to one question.
#[derive(Debug)]
pub(super) enum Answer {
    /// One verdict an event; `None` where the engine failed on it.
    Verdicts(Vec<Option<bool>>),
    Refused(String),
}

impl Engine {
    /// How to start it, or `None` after saying that it is skipped.
    pub(super) fn command(&self) -> Option<Command> {
        let Some(place) = std::env::var_os(self.variable).map(PathBuf::from) else {
            eprintln!("skipped: queries judged by {} ({} is not set)", self.name, self.variable);
            return None;
        };
        let engines = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/engines");
        Some(match self.runner {
            Runner::Python(file) => {
                let mut command = Command::new(place);
                command.arg("-B").arg(engines.join(file));
                command
            }
            Runner::Node(file) => {
                let mut command = Command::new("node");
                command.arg(engines.join(file)).arg(place);
                command
            }
            Runner::Java(file) => {
                let mut command = Command::new("java");
                command.arg("-Xss64m").arg("-cp").arg(place.join("*")).arg(engines.join(file));
                command
            }
        })
    }

    /// Asks everything at once.
    pub(super) fn ask(&self, mut command: Command, questions: &[Question]) -> Vec<Answer> {
        let mut engine = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut input = engine.stdin.take().expect("a pipe");
        let asked: Vec<String> = questions
            .iter()
            .enumerate()
            .map(|(id, own)| {
                let Question { text, events, fields, .. } = own;
                let fields: serde_json::Map<String, Value> =
                    fields.iter().map(|(name, kind)| (name.clone(), json!(kind))).collect();
                json!({"id": id, "query": text, "fields": fields, "events": events}).to_string()
            })
            .collect();
        let writer = std::thread::spawn(move || {
            for line in asked {
                // A process that ended early is noticed by what it answered.
                if writeln!(input, "{line}").is_err() {
                    return;
                }
            }
        });
        let output = engine.wait_with_output().expect("an end");
        writer.join().expect("a writer");
        assert!(output.status.success(), "{}: {}", self.name, output.status);
        let text = String::from_utf8(output.stdout).expect("text");
        let answers: Vec<Answer> =
            text.lines().enumerate().map(|(id, line)| answer(id, line)).collect();
        assert_eq!(answers.len(), questions.len(), "{}", self.name);
        answers
    }
}

fn answer(id: usize, line: &str) -> Answer {
    let row: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    assert_eq!(row["id"], json!(id), "{line}");
    match row["verdicts"].as_str() {
        Some(verdicts) => Answer::Verdicts(
            verdicts
                .chars()
                .map(|letter| match letter {
                    '1' => Some(true),
                    '0' => Some(false),
                    _ => None,
                })
                .collect(),
        ),
        None => Answer::Refused(row["error"].as_str().unwrap_or_default().to_owned()),
    }
}
