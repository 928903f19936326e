//! From text to tree: queries, sequences, samples and pipes. Conditions are read in
//! [`condition`](super::condition).
//!
//! A recursive descent. After an error the parser skips to the next `and`, `or`, comma or closing
//! mark of the same depth, or to the next `[` of a sequence, and goes on, so that independent
//! errors are all reported; the tree is then not given out.

use super::ast::{Category, Event, Form, MaxSpan, Pipe, Query, Sample, Sequence, Step, Unit};
use super::expression::Field;
use super::hint;
use super::lex::{self, Token};
use super::parser::Parser;
use crate::language::kit::{Located, MAX_QUERY_BYTES, QueryError};
use crate::source::Span;

/// Reads a query. The spans of the tree and of the errors count bytes of `text`.
pub fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
    if text.len() > MAX_QUERY_BYTES {
        let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes");
        return Err(vec![QueryError::limit(Span::default(), message)]);
    }
    let lex::Tokens { comments, tokens, errors } = lex::tokens(text);
    let mut parser = Parser::new(text.len(), tokens, errors);
    let query = parser.whole(comments);
    parser.finish(query)
}

impl Parser<'_> {
    fn whole(&mut self, comments: Vec<String>) -> Query {
        let form = if self.eat_word("sequence") {
            Form::Sequence(self.sequence())
        } else if self.eat_word("sample") {
            let by = self.keys();
            Form::Sample(Sample { by, steps: self.steps() })
        } else {
            Form::Event(self.event())
        };
        let mut pipes = Vec::new();
        while self.eat_sign("|") {
            pipes.extend(self.pipe());
        }
        if self.peek().is_some() {
            let error = hint::superfluous(self, matches!(form, Form::Event(_)));
            self.error(error);
        }
        Query { comments, form, pipes }
    }

    /// `category where condition`
    fn event(&mut self) -> Event {
        let span = self.here();
        let category = match self.peek().cloned() {
            Some(Token::Word("any", false)) => Some(Category::Any),
            Some(Token::Word(word, false)) if lex::is_word(word) && self.second_is_where() => {
                Some(Category::named(word))
            }
            Some(Token::Text(text)) => Some(Category::Named(text)),
            _ => None,
        };
        match category {
            Some(_) => self.at += 1,
            None => {
                let error = hint::no_category(self);
                self.error(error);
                while !matches!(
                    self.peek(),
                    None | Some(Token::Word("where", _) | Token::Sign("]"))
                ) {
                    self.at += 1;
                }
            }
        }
        let known = category.is_some();
        let category = Located::new(category.unwrap_or(Category::Any), span);
        if !self.eat_word("where") {
            if known {
                let error = hint::missing(self, "`where`");
                self.error(error.help("a query is `category where condition`"));
            }
            self.skip_step();
            return Event { category, condition: Self::nothing(span) };
        }
        Event { category, condition: self.condition() }
    }

    fn second_is_where(&self) -> bool {
        matches!(self.ahead(1), Some(Token::Word("where", false)))
    }

    /// What follows `sequence`.
    fn sequence(&mut self) -> Sequence {
        let by = self.keys();
        let mut max_span = None;
        if self.eat_word("with") {
            max_span = self.max_span();
            if self.is_word("by") {
                let error = QueryError::syntax(self.here(), "`by` stands before `with`");
                self.error(error.help("write `sequence by key with maxspan=1m`"));
                self.keys();
            }
        }
        let steps = self.steps();
        let until = self.eat_word("until").then(|| self.step());
        if max_span.is_none()
            && let Some(step) = steps.iter().find(|step| step.value.missing)
        {
            let error = QueryError::syntax(step.span, "a missing event needs a `maxspan`");
            self.error(error.help("write `sequence with maxspan=1m`: it says by when"));
        }
        Sequence { by, max_span, steps, until }
    }

    /// `maxspan=1m`
    fn max_span(&mut self) -> Option<Located<MaxSpan>> {
        if !self.eat_word("maxspan") || !self.eat_sign("=") {
            let error = hint::missing(self, "`maxspan=` and a time");
            self.error(error);
            self.skip_step();
            return None;
        }
        let start = self.here();
        let count = match self.peek() {
            Some(Token::Integer(count)) => u64::try_from(*count).ok(),
            _ => None,
        };
        let Some(count) = count else {
            let error = hint::missing(self, "a whole number and a unit, such as `1m`");
            self.error(error);
            self.skip_step();
            return None;
        };
        self.at += 1;
        let unit = match self.peek() {
            Some(Token::Word(word, false)) => Unit::ALL.into_iter().find(|u| u.sign() == *word),
            _ => None,
        };
        let span = start.to(self.here());
        if unit.is_some() || matches!(self.peek(), Some(Token::Word(word, _)) if *word != "by") {
            self.at += 1;
        }
        let found = unit.map(|unit| MaxSpan { count, unit });
        let found = found.filter(|found| found.milliseconds().is_some());
        if found.is_none() {
            let error = QueryError::syntax(span, "this is not a time");
            self.error(error.help("the units are `ms`, `s`, `m`, `h` and `d`"));
        }
        found.map(|found| Located::new(found, span))
    }

    fn steps(&mut self) -> Vec<Located<Step>> {
        let mut steps = Vec::new();
        while matches!(self.peek(), Some(Token::Sign("[" | "!["))) {
            steps.push(self.step());
        }
        if steps.is_empty() {
            let error = hint::missing(self, "`[category where condition]`");
            self.error(error);
        }
        steps
    }

    /// `[event] by key with runs=2`, or `![event]`.
    fn step(&mut self) -> Located<Step> {
        let start = self.here();
        let missing = self.eat_sign("![");
        if !missing && !self.eat_sign("[") {
            let error = hint::missing(self, "`[category where condition]`");
            self.error(error);
            self.skip_step();
        }
        let event = self.event();
        if !self.eat_sign("]") {
            let error = match self.peek() {
                None => QueryError::syntax(start, "this is not closed").help("add the `]`"),
                Some(_) => hint::superfluous(self, false),
            };
            self.error(error);
            self.skip_step();
            self.eat_sign("]");
        }
        let by = self.keys();
        let runs = if self.eat_word("with") { self.runs() } else { None };
        Located::new(Step { missing, event, by, runs }, start.to(self.before()))
    }

    /// `runs=2`
    fn runs(&mut self) -> Option<Located<u32>> {
        if self.eat_word("runs") && self.eat_sign("=") {
            let span = self.here();
            let runs = match self.peek() {
                Some(Token::Integer(runs)) => u32::try_from(*runs).ok(),
                _ => None,
            };
            if let Some(runs) = runs.filter(|runs| *runs > 0) {
                self.at += 1;
                return Some(Located::new(runs, span));
            }
        }
        let error = hint::missing(self, "`runs=` and a whole number");
        self.error(error);
        self.skip_step();
        None
    }

    /// `by key, key`, if `by` is next.
    fn keys(&mut self) -> Vec<Located<Field>> {
        let mut keys = Vec::new();
        if !self.eat_word("by") {
            return keys;
        }
        loop {
            let span = self.here();
            match self.field() {
                Some(field) => keys.push(Located::new(field, span.to(self.before()))),
                None => {
                    let error = hint::missing(self, "a field");
                    self.error(error);
                    self.skip_step();
                }
            }
            if !self.eat_sign(",") {
                return keys;
            }
        }
    }

    fn pipe(&mut self) -> Option<Located<Pipe>> {
        let span = self.here();
        let make: fn(u64) -> Pipe = match self.peek() {
            Some(Token::Word("head", false)) => Pipe::Head,
            Some(Token::Word("tail", false)) => Pipe::Tail,
            _ => {
                let error = hint::pipe(self);
                self.error(error);
                self.skip_pipe();
                return None;
            }
        };
        self.at += 1;
        let count = match self.peek() {
            Some(Token::Integer(count)) => u64::try_from(*count).ok(),
            _ => None,
        };
        if count.is_none() {
            let error = hint::missing(self, "how many, a whole number");
            self.error(error);
            self.skip_pipe();
        }
        self.at += usize::from(count.is_some());
        count.map(|count| Located::new(make(count), span.to(self.before())))
    }
}
