//! JSON with places.
//!
//! `serde_json` judges the grammar and bounds the nesting at 128 levels (which it does only for
//! values that it builds, so it builds them); a second walk over the
//! text, which by then is known to be good, finds where each value stands, and keys that come
//! twice, of which `serde_json` would silently keep one.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::node::{Data, Member, Node, Text};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::source::{Span, Spanned};

/// Reads a JSON text that begins at `offset` of the file. A syntax error is a finding and `None`.
pub(super) fn read(text: &str, offset: usize, findings: &mut Findings) -> Option<Node> {
    if let Err(error) = serde_json::from_str::<Json>(text) {
        let at = place(text, error.line(), error.column());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        let message = format!("this is no valid JSON: {message}");
        findings.add(&codes::IMPORT_SYNTAX, Span::new(at, at).shifted(offset), message);
        return None;
    }
    Scanner { text, at: 0, offset, findings }.value()
}

/// The offset of a line and a column, both from 1; the column counts bytes.
fn place(text: &str, line: usize, column: usize) -> usize {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(starts).nth(line.saturating_sub(1)).unwrap_or(0);
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Walks over good JSON. `None` would mean that the text is not good after all.
struct Scanner<'t, 'f> {
    text: &'t str,
    at: usize,
    /// Where the text begins in its file.
    offset: usize,
    findings: &'f mut Findings,
}

impl<'t> Scanner<'t, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Steps over a byte, and over the blanks around it.
    fn eat(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
            self.blanks();
        }
        found
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start, self.at).shifted(self.offset)
    }

    fn value(&mut self) -> Option<Node> {
        self.blanks();
        let start = self.at;
        let data = match self.peek()? {
            b'{' => self.object()?,
            b'[' => self.list()?,
            b'"' => Data::Text(self.string()?),
            _ => self.atom()?,
        };
        Some(Node { span: self.span(start), data })
    }

    fn atom(&mut self) -> Option<Data> {
        let rest = self.text.get(self.at..)?;
        let end = rest.find(|c: char| c.is_ascii_whitespace() || ",]}".contains(c));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        match serde_json::from_str(word).ok()? {
            Json::Null => Some(Data::Null),
            Json::Bool(value) => Some(Data::Bool(value)),
            Json::Number(number) => Some(Data::Number(number)),
            _ => None,
        }
    }

    fn string(&mut self) -> Option<Text> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let written = self.text.get(start..self.at)?;
        let value: String = serde_json::from_str(written).ok()?;
        let verbatim = written.get(1..written.len() - 1) == Some(value.as_str());
        Some(Text { value, start: verbatim.then_some(start + 1 + self.offset) })
    }

    fn list(&mut self) -> Option<Data> {
        let mut items = Vec::new();
        self.eat(b'[');
        while self.peek()? != b']' {
            items.push(self.value()?);
            self.eat(b',');
        }
        self.at += 1;
        Some(Data::List(items))
    }

    fn object(&mut self) -> Option<Data> {
        let mut members: Vec<Member> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        self.eat(b'{');
        while self.peek()? != b'}' {
            let start = self.at;
            let key = self.string()?.value;
            let key = Spanned::new(key, self.span(start));
            self.eat(b':');
            let value = self.value()?;
            self.eat(b',');
            match seen.get(&key.value).and_then(|&index| members.get_mut(index)) {
                Some(first) => {
                    let message = format!("the key `{}` stands here twice", key.value);
                    let before = self.findings.place(first.key.span);
                    self.findings
                        .add(&codes::IMPORT_FIELD, key.span, message)
                        .related(before, "here for the first time; this value is not read");
                    first.value = value;
                }
                None => {
                    seen.insert(key.value.clone(), members.len());
                    members.push(Member { key, value });
                }
            }
        }
        self.at += 1;
        Some(Data::Object(members))
    }
}
