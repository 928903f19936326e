//! Matches, one by one.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Shown;
use crate::event::Input;
use crate::replay::{Found, Program};

/// How many bytes of lines wait to be written.
const WAITING_BYTES: usize = 64 << 10;

/// Writes matches to standard output, whole lines at a time: who is stopped in the middle leaves
/// no half of a line behind.
pub(super) struct Printer<'p> {
    shown: Shown,
    program: &'p Program,
    inputs: &'p [Input],
    out: Vec<u8>,
    headed: bool,
}

impl<'p> Printer<'p> {
    pub(super) fn new(shown: Shown, program: &'p Program, inputs: &'p [Input]) -> Self {
        Self { shown, program, inputs, out: Vec::new(), headed: false }
    }

    pub(super) fn found(&mut self, found: &Found) -> io::Result<()> {
        match self.shown {
            Shown::Summary => {}
            Shown::Ndjson => {
                let line = self.object(found);
                writeln!(self.out, "{line}")?;
            }
            Shown::Table => self.row(found)?,
        }
        if self.out.len() > WAITING_BYTES { self.flush() } else { Ok(()) }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.out)?;
        self.out.clear();
        stdout.flush()
    }

    fn input(&self, found: &Found) -> &str {
        self.inputs.get(found.event.input as usize).map_or("", Input::name)
    }

    /// Everything that is known of a match.
    fn object(&self, found: &Found) -> Value {
        let event = &*found.event;
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| {
            if !value.is_null() {
                object.insert(key.to_owned(), value);
            }
        };
        if let Some(rule) = self.program.rules.get(found.rule as usize) {
            put("rule", json!(rule.id));
            put("title", json!(rule.title));
            put("level", json!(found.level(rule)));
        }
        put("time", json!(event.time));
        put("event_id", json!(event.id));
        put("input", json!(self.input(found)));
        put("record", json!(event.place.record));
        put("line", json!(event.place.line));
        if let Some(Ok(Value::Object(over))) = found.over_time.as_ref().map(serde_json::to_value) {
            over.into_iter().for_each(|(key, value)| put(&key, value));
        }
        if let Some(record) = &event.record {
            // What cannot be built here was matched without being built; it goes out as a text.
            let built = serde_json::from_str(record);
            put("event", built.unwrap_or_else(|_| Value::String(record.as_ref().to_owned())));
        }
        Value::Object(object)
    }

    fn row(&mut self, found: &Found) -> io::Result<()> {
        if !self.headed {
            self.headed = true;
            writeln!(self.out, "{:<24} {:<13} {:<44} event", "time", "level", "rule")?;
        }
        let event = &*found.event;
        let rule = self.program.rules.get(found.rule as usize);
        let time = event.time.map_or_else(|| "-".to_owned(), |time| time.to_string());
        let level = rule.and_then(|rule| found.level(rule)).map_or("-", |level| level.word());
        let title = rule.map_or("", |rule| rule.title.as_str());
        let place = format!("{}, {}", self.input(found), event.place);
        let id = event.id.as_deref().unwrap_or(&place);
        let mut line = format!("{time:<24} {level:<13} {title:<44} {id}");
        if let Some(over) = &found.over_time {
            let group = over.group.iter().map(|(key, value)| format!(" {key}={value}"));
            line.push_str(&format!("  {}:{}", over.kind, group.collect::<String>()));
            line.push_str(&over.count.as_ref().map_or_else(String::new, |n| format!(" count={n}")));
            let case = over.signal.as_ref().and_then(|signal| signal.case.as_ref());
            line.push_str(&case.map_or_else(String::new, |case| format!(" case={case:?}")));
        }
        // Texts of logs may hold anything; a terminal gets no control characters.
        writeln!(self.out, "{}", line.replace(char::is_control, "\u{fffd}"))
    }
}
