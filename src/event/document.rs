//! Inputs that are JSON values: records one after another, lists of them, CloudTrail's objects with
//! `Records`, and what other services [wrap](super::envelope) its records in. A list is never held as
//! a whole, however long it is.

use super::block::{BLOCK_BYTES, Block, Cut, MAX_RECORD_BYTES};
use super::envelope::{Inside, inside, is_list, may_wrap};
use super::recover::{Trouble, mark, swallows};
use super::scan::{Scanner, Step};
use super::split::Feed;
use super::wrappers::{Wrappers, both};
use super::{Fault, Place};

/// Cuts by structure.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) feed: Feed,
    /// Everything before this is cut.
    pub(super) at: usize,
    state: State,
    records: u64,
    /// How a record begins.
    pub(super) mark: Option<Vec<u8>>,
    wrappers: Wrappers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between values.
    Top,
    /// In a list of records.
    List {
        /// Whether it is a member of an object, such as `Records`.
        wrapped: bool,
    },
    /// Behind the `Records` of an object.
    Tail,
}

impl Document {
    pub(super) fn new(feed: Feed, wrappers: Wrappers) -> Self {
        let feed = feed.without_bom();
        Self { feed, at: 0, state: State::Top, records: 0, mark: None, wrappers }
    }

    pub(super) fn next_block(&mut self) -> Option<Block> {
        let mut block = Block::default();
        while self.at < BLOCK_BYTES {
            let next = self.skip(self.at, self.state != State::Top);
            let Some(byte) = self.byte(next) else {
                self.end(&mut block);
                break;
            };
            self.at = next;
            match (self.state, byte) {
                (State::Top, b'[') => self.enter(next + 1, false),
                (State::Top, b'{') => self.object(&mut block),
                (State::List { wrapped }, b']') => {
                    self.state = if wrapped { State::Tail } else { State::Top };
                    self.at = next + 1;
                }
                (State::Tail, _) => self.tail(&mut block),
                (_, byte) => self.element(byte, &mut block),
            }
        }
        block.fill(self.feed.cut(self.at));
        self.at = 0;
        (!block.is_empty() || !block.bytes.is_empty()).then_some(block)
    }

    fn enter(&mut self, at: usize, wrapped: bool) {
        self.state = State::List { wrapped };
        self.at = at;
    }

    /// The end of the input: lists have to be closed, and the stream to be whole.
    fn end(&mut self, block: &mut Block) {
        self.at = self.feed.buffer.len();
        if let Some(fault) = self.feed.take_fault() {
            block.faults.push(fault);
        } else if self.state != State::Top {
            block.faults.push(Fault::whole("the input ends before its list of records does"));
        }
        self.state = State::Top;
    }

    /// A value where a record may stand.
    fn element(&mut self, byte: u8, block: &mut Block) {
        let start = self.at;
        let place = self.next_place();
        match self.value_end(start, start) {
            Ok(end) => {
                self.at = end;
                match byte {
                    b'{' => self.record(start, end, place, block),
                    _ if end == start => self.stray(place, block),
                    b'[' => self.not_an_object("a list", place, block),
                    b'"' => self.not_an_object("a text", place, block),
                    _ => self.not_an_object("no object", place, block),
                }
            }
            Err(trouble) => self.trouble(start, trouble, place, block),
        }
    }

    fn not_an_object(&mut self, what: &str, place: Place, block: &mut Block) {
        block.faults.push(Fault::at(place, format!("the record is {what}; it must be an object")));
    }

    /// Something that begins no value.
    fn stray(&mut self, place: Place, block: &mut Block) {
        block.faults.push(Fault::at(place, "there is no JSON value here"));
        self.resume(self.at);
    }

    /// An object outside of a list: CloudTrail's, with a list of records inside, or a record.
    fn object(&mut self, block: &mut Block) {
        let start = self.at;
        let place = Place { record: self.records + 1, line: None };
        let mut at = start + 1;
        let trouble = loop {
            at = self.skip(at, true);
            match self.byte(at) {
                Some(b'}') => {
                    self.at = at + 1;
                    self.records += 1;
                    return self.record(start, at + 1, place, block);
                }
                Some(b'"') => {}
                Some(_) => break Trouble::Broken,
                None => break Trouble::Ended,
            }
            match self.member(start, at) {
                Ok((true, list)) => return self.enter(list, true),
                Ok((false, end)) => at = end,
                Err(Trouble::Large(scanner)) => break Trouble::Large(scanner.within_object()),
                Err(trouble) => break trouble,
            }
        };
        self.records += 1;
        // What is broken inside but has an end is for whoever builds the record.
        let whole = matches!(trouble, Trouble::Broken).then(|| self.value_end(start, start));
        if let Some(Ok(end)) = whole {
            self.at = end;
            return self.record(start, end, place, block);
        }
        self.trouble(start, trouble, place, block);
    }

    /// A key with its value: whether it is the list of records, with the place in it; or the end.
    fn member(&mut self, start: usize, at: usize) -> Result<(bool, usize), Trouble> {
        let end = self.value_end(start, at)?;
        let key = self.feed.buffer.get(at..end).unwrap_or_default();
        let (is_records, is_list) = (key == b"\"Records\"", is_list(key));
        let colon = self.skip(end, false);
        match self.byte(colon) {
            Some(b':') => {}
            Some(_) => return Err(Trouble::Broken),
            None => return Err(Trouble::Ended),
        }
        let value = self.skip(colon + 1, false);
        let is_list = (is_records || is_list)
            && self.byte(value) == Some(b'[')
            && (is_records || self.begins_wrapped(start, value + 1));
        if is_list && (is_records || self.wrappers == Wrappers::Opened) {
            return Ok((true, value + 1));
        }
        match self.value_end(start, value) {
            // What wraps is too large to be a record; its members are not.
            Err(Trouble::Large(_)) if is_list => Ok((true, value + 1)),
            Ok(end) if end == value => Err(Trouble::Broken),
            end => Ok((false, end?)),
        }
    }

    /// Whether the first value of a list holds a record of CloudTrail. `record` is as above.
    fn begins_wrapped(&mut self, record: usize, list: usize) -> bool {
        let first = self.skip(list, false);
        let end = self.value_end(record, first).unwrap_or(first);
        let value = self.feed.buffer.get(first..end).unwrap_or_default();
        value.starts_with(b"{") && inside(value) != Inside::Itself
    }

    /// What stands behind the list of records is no event.
    fn tail(&mut self, block: &mut Block) {
        let mut scanner = Scanner::inside_object();
        self.state = State::Top;
        loop {
            match scanner.feed(self.feed.buffer.get(self.at..).unwrap_or_default()) {
                Step::Ended(end) => {
                    self.at += end;
                    return;
                }
                Step::Broken(_) => {
                    let reason = "what follows the list of records is broken";
                    block.faults.push(Fault::whole(reason));
                    return self.resume(self.at);
                }
                Step::More => {
                    self.drop_from(self.at);
                    if !self.feed.fill() {
                        self.state = State::Tail;
                        return;
                    }
                }
            }
        }
    }

    fn record(&mut self, start: usize, end: usize, place: Place, block: &mut Block) {
        if end - start > MAX_RECORD_BYTES {
            return block.too_large(place);
        }
        let bytes = self.feed.buffer.get(start..end).unwrap_or_default();
        if swallows(bytes, self.mark.as_deref()) {
            return self.trouble(start, Trouble::Broken, place, block);
        }
        if self.mark.is_none() {
            self.mark = mark(bytes);
        }
        let cut = |start, end| Cut { start, end, place, wraps: false };
        match self.wrappers {
            Wrappers::Kept => return block.cuts.push(cut(start, end)),
            Wrappers::Both if may_wrap(bytes) => return both(bytes, cut(start, end), block),
            Wrappers::Both | Wrappers::Opened => {}
        }
        match inside(bytes) {
            Inside::Itself => block.cuts.push(cut(start, end)),
            Inside::Part(part) => block.cuts.push(cut(start + part.start, start + part.end)),
            Inside::Text(text) => block.opened(text.as_bytes(), place),
            Inside::Broken(reason) => block.faults.push(Fault::at(place, reason)),
        }
    }

    /// Where the value that begins here ends; no value ends where it begins. `record` is where the
    /// record begins that it is a part of.
    fn value_end(&mut self, record: usize, at: usize) -> Result<usize, Trouble> {
        if !matches!(self.byte(at), Some(b'{' | b'[' | b'"')) {
            return Ok(self.bare_end(at));
        }
        let mut scanner = Scanner::default();
        let mut fed = at;
        loop {
            match scanner.feed(self.feed.buffer.get(fed..).unwrap_or_default()) {
                Step::Ended(end) => return Ok(fed + end),
                Step::Broken(_) => return Err(Trouble::Broken),
                Step::More => fed = self.feed.buffer.len(),
            }
            if fed - record > MAX_RECORD_BYTES {
                return Err(Trouble::Large(scanner));
            }
            if !self.feed.fill() {
                return Err(Trouble::Ended);
            }
        }
    }

    /// The end of a number or a word.
    fn bare_end(&mut self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            if !(byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
                break;
            }
            at += 1;
        }
        at
    }

    /// Behind blanks, and behind commas where they part values.
    fn skip(&mut self, mut at: usize, commas: bool) -> usize {
        while let Some(byte) = self.byte(at) {
            if !(byte.is_ascii_whitespace() || (commas && byte == b',')) {
                break;
            }
            at += 1;
        }
        at
    }

    fn byte(&mut self, at: usize) -> Option<u8> {
        while at >= self.feed.buffer.len() {
            if !self.feed.fill() {
                return None;
            }
        }
        self.feed.buffer.get(at).copied()
    }

    pub(super) fn drop_from(&mut self, at: usize) {
        self.feed.buffer.truncate(at);
    }

    fn next_place(&mut self) -> Place {
        self.records += 1;
        Place { record: self.records, line: None }
    }
}
