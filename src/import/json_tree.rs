//! The spanned tree of a JSON text.
//!
//! `serde_json` decides whether the text is JSON and what its scalars mean; it has no places. A
//! walk over the text that it accepted adds them. The depth is bounded by the library's own limit,
//! which holds for values that it builds (it skips values of any depth).

use std::collections::HashMap;

use serde_json::Value as Json;

use super::codes::IMPORT_SYNTAX;
use super::tell::tell;
use super::tree::{Data, Member, Node, Text};
use crate::diagnostic::Findings;
use crate::source::{Span, Spanned};

/// Whether a text is one JSON value.
pub(in crate::import) fn is_json(text: &str) -> bool {
    serde_json::from_str::<Json>(text).is_ok()
}

/// Reads a file that is one JSON value. `None` after a finding.
pub(in crate::import) fn read(findings: &mut Findings) -> Option<Node> {
    let whole = Span::new(0, findings.source().text().len());
    read_within(whole, findings)
}

/// Reads one JSON value that stands at `within` of the file. `None` after a finding.
pub(in crate::import) fn read_within(within: Span, findings: &mut Findings) -> Option<Node> {
    let source = std::sync::Arc::clone(findings.source());
    let text = source.text().get(within.start..within.end)?;
    if let Err(error) = serde_json::from_str::<Json>(text) {
        let at = within.start + offset(text, error.line(), error.column());
        let message = format!("this is not JSON: {}", words(&error));
        tell(findings, &IMPORT_SYNTAX, Span::new(at, at), message);
        return None;
    }
    let mut walk = Walk { text: source.text(), at: within.start, findings };
    walk.value()
}

/// What went wrong, without the place that the library adds: the finding has its own.
fn words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(words, _)| words.to_owned())
}

/// The offset of a line and column that count from 1, on the start of a character.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A walk along a text that is known to be JSON: whatever is not as expected ends it.
struct Walk<'t, 'f> {
    text: &'t str,
    at: usize,
    findings: &'f mut Findings,
}

impl Walk<'_, '_> {
    fn value(&mut self) -> Option<Node> {
        let start = self.skip_blanks();
        let data = match self.peek()? {
            b'{' => Data::Object(self.members()?),
            b'[' => Data::List(self.items()?),
            b'"' => Data::Text(self.string()?),
            _ => self.word()?,
        };
        Some(Node { span: Span::new(start, self.at), data })
    }

    fn members(&mut self) -> Option<Vec<Member>> {
        let mut members: Vec<Member> = Vec::new();
        let mut places = HashMap::new();
        self.at += 1;
        loop {
            let start = self.skip_blanks();
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                _ => {
                    let key = Spanned::new(self.string()?.value, Span::new(start, self.at));
                    self.skip_blanks();
                    self.at += 1; // the colon
                    let member = Member { value: self.value()?, key };
                    let index = *places.entry(member.key.value.clone()).or_insert(members.len());
                    match members.get_mut(index) {
                        None => members.push(member),
                        Some(first) => self.again(first, member),
                    }
                }
            }
        }
        self.at += 1;
        Some(members)
    }

    /// A name that was there before: readers of JSON take the last value, so this one does.
    fn again(&mut self, first: &mut Member, member: Member) {
        let message = format!("the key `{}` stands here twice", *member.key);
        let before = self.findings.place(first.key.span);
        if let Some(finding) = tell(self.findings, &IMPORT_SYNTAX, member.key.span, message) {
            finding
                .related(before, "here for the first time; this value is not read")
                .help("remove one of the two: most programs read the last one only");
        }
        *first = member;
    }

    fn items(&mut self) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => items.push(self.value()?),
            }
        }
        self.at += 1;
        Some(items)
    }

    fn string(&mut self) -> Option<Text> {
        let start = self.at;
        let mut escaped = false;
        let inside = self.text.as_bytes().get(start + 1..)?;
        let length = inside.iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })?;
        self.at = start + length + 2;
        let value: String = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
        let verbatim = self.text.get(start + 1..self.at - 1) == Some(value.as_str());
        Some(Text { value, start: verbatim.then_some(start + 1) })
    }

    /// A number or one of the three words.
    fn word(&mut self) -> Option<Data> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..)?;
        let ends = |byte: &u8| b",]} \t\r\n".contains(byte);
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
        match serde_json::from_str(self.text.get(start..self.at)?).ok()? {
            Json::Null => Some(Data::Null),
            Json::Bool(value) => Some(Data::Bool(value)),
            Json::Number(number) => Some(Data::Number(number)),
            _ => None,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) -> usize {
        while self.peek().is_some_and(|byte| b" \t\r\n".contains(&byte)) {
            self.at += 1;
        }
        self.at
    }
}
