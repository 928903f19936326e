//! From text to tokens.
//!
//! Tokens come first because the parser has to look ahead: whether a word belongs to the words
//! before it depends on what follows it. An operator is a word of its own, so `a&&b` is one word
//! and `ANDROID` too; the longest token wins.

use super::atom::{Bound, Decimal, Expression, Word};
use super::chars;
use super::range::range;
use crate::language::kit::{Cursor, Located, QueryError};
use crate::query::{Part, Pattern};
use crate::source::Span;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    And,
    Or,
    Not,
    Plus,
    Minus,
    Open,
    Close,
    Colon,
    /// A lone `*`, which is also a field name.
    Star,
    Boost(Decimal),
    Tilde(Option<Decimal>),
    Word(Word),
    Pattern(Pattern),
    Quoted(String),
    Regex(Expression),
    Range(Bound, Bound),
    /// Something with an error that has been reported.
    Broken,
}

/// Errors after which the rest of a query is not read.
pub(super) const MAX_ERRORS: usize = 20;

/// The tokens of a text and what is wrong with them.
pub(super) fn tokens(text: &str) -> (Vec<Located<Token>>, Vec<QueryError>) {
    let mut cursor = Cursor::new(text);
    let (mut tokens, mut errors) = (Vec::new(), Vec::new());
    while errors.len() < MAX_ERRORS {
        cursor.take_while(chars::is_blank);
        let start = cursor.at();
        let Some(c) = cursor.peek() else { break };
        let token = token(c, &mut cursor).unwrap_or_else(|error| {
            errors.push(error);
            Token::Broken
        });
        tokens.push(Located::new(token, cursor.span_from(start)));
    }
    (tokens, errors)
}

/// Takes one token, at least one character.
fn token(first: char, cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let mut mark = |token| {
        cursor.bump();
        Ok(token)
    };
    match first {
        '(' => mark(Token::Open),
        ')' => mark(Token::Close),
        ':' => mark(Token::Colon),
        '+' | '-' | '!' => sign(first, cursor),
        '^' => boost(cursor),
        '~' => tilde(cursor),
        '"' => quoted(cursor).map(Token::Quoted),
        '/' => regex(cursor),
        '[' | '{' => range(cursor),
        ']' | '}' => {
            cursor.bump();
            let span = cursor.span_from(cursor.at() - 1);
            Err(QueryError::syntax(span, format!("this `{first}` closes no range"))
                .help(format!("a value with `{first}` in it needs quotes, or `\\{first}`")))
        }
        _ => word(cursor),
    }
}

/// A sign is an operator only if something follows it directly.
fn sign(sign: char, cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    cursor.bump();
    if cursor.peek().is_some_and(chars::is_blank) {
        let message = format!("`{sign}` before a blank is no operator, it is looked for as a word");
        return Err(QueryError::unsupported(cursor.span_from(start), message)
            .help(format!("drop the blank, or quote the word: `\"{sign}\"`")));
    }
    Ok(match sign {
        '+' => Token::Plus,
        '-' => Token::Minus,
        _ => Token::Not,
    })
}

/// Lucene takes a word that follows a tilde directly for a number of changes that is none.
fn tilde(cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    cursor.bump();
    let number = decimal(cursor);
    if cursor.take_while(chars::is_in_word).is_empty() && cursor.peek() != Some('\\') {
        return Ok(Token::Tilde(number));
    }
    let message = "`~` is followed by something that is no number";
    Err(QueryError::syntax(cursor.span_from(start), message)
        .help("a value with `~` in it needs quotes, or `\\~`"))
}

fn boost(cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    cursor.bump();
    decimal(cursor).map(Token::Boost).ok_or_else(|| {
        QueryError::syntax(cursor.span_from(start), "`^` needs a number after it")
            .help("a value with `^` in it needs quotes, or `\\^`")
    })
}

fn decimal(cursor: &mut Cursor<'_>) -> Option<Decimal> {
    let start = cursor.at();
    let digit = |c: char| c.is_ascii_digit();
    let whole = cursor.take_while(digit);
    let end = cursor.at();
    if whole.is_empty() || !cursor.eat(".") || cursor.take_while(digit).is_empty() {
        cursor.reset(end);
    }
    cursor.text().get(start..cursor.at()).and_then(Decimal::new)
}

pub(super) fn quoted(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    let start = cursor.at();
    cursor.bump();
    let mut text = String::new();
    let mut broken = None;
    loop {
        match cursor.bump() {
            Some('"') => return broken.map_or(Ok(text), Err),
            Some('\\') if !cursor.is_at_end() => match chars::escaped(cursor, true) {
                Ok(c) => text.push(c),
                Err(error) => broken = broken.or(Some(error)),
            },
            Some(c) => text.push(c),
            None => {
                let span = Span::new(start, start + 1);
                return Err(QueryError::syntax(span, "this quote is not closed"));
            }
        }
    }
}

/// An expression ends at the first slash that follows no backslash, whatever stands before that.
/// If there is none, it ends at the last slash of all.
fn regex(cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    cursor.bump();
    let inside = cursor.at();
    let mut escaped = false;
    let mut last = None;
    while let Some(c) = cursor.bump() {
        if c == '/' {
            last = Some(cursor.at());
            if !escaped {
                break;
            }
        }
        escaped = c == '\\';
    }
    cursor.reset(last.unwrap_or(inside));
    let source = last.and_then(|end| cursor.text().get(inside..end - 1));
    if let Some(expression) = source.and_then(|source| Expression::new(without_end(source))) {
        return Ok(Token::Regex(expression));
    }
    let message = "this slash starts a regular expression that is not closed";
    Err(QueryError::syntax(Span::new(start, inside), message)
        .help("a value with `/` in it needs quotes, or `\\/`"))
}

/// The expression with a class for a backslash at its end, which would hide the closing slash
/// from a reader who is told of another slash behind it.
fn without_end(source: &str) -> String {
    let backslashes = source.len() - source.trim_end_matches('\\').len();
    match source.strip_suffix("\\\\").filter(|_| backslashes.is_multiple_of(2)) {
        Some(start) => format!("{start}[\\\\]"),
        None => source.to_owned(),
    }
}

/// A word, a pattern or an operator. The letters of a pattern are decoded by rules of their own.
fn word(cursor: &mut Cursor<'_>) -> Result<Token, QueryError> {
    let start = cursor.at();
    let mut stars = 0_usize;
    let mut singles = 0_usize;
    while let Some(c) = cursor.peek() {
        match c {
            '*' => stars += 1,
            '?' => singles += 1,
            '\\' => {
                cursor.bump();
            }
            c if chars::is_in_word(c) => {}
            _ => break,
        }
        cursor.bump();
    }
    let raw = cursor.text().get(start..cursor.at()).unwrap_or_default();
    match raw {
        "AND" | "&&" => return Ok(Token::And),
        "OR" | "||" => return Ok(Token::Or),
        "NOT" => return Ok(Token::Not),
        "*" => return Ok(Token::Star),
        _ => {}
    }
    let prefix = stars == 1 && singles == 0 && raw.ends_with('*');
    let pattern = pattern(raw, stars + singles == 0 || prefix).map_err(|mut error| {
        error.span = error.span.shifted(start);
        error
    })?;
    match pattern.as_literal().map(Word::new) {
        None => Ok(Token::Pattern(pattern)),
        // INVARIANT: there is a first character, which is no mark.
        Some(word) => Ok(word.map_or(Token::Broken, Token::Word)),
    }
}

fn pattern(raw: &str, numbers: bool) -> Result<Pattern, QueryError> {
    let mut cursor = Cursor::new(raw);
    let mut parts = Vec::new();
    while let Some(c) = cursor.bump() {
        parts.push(match c {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Literal(chars::escaped(&mut cursor, numbers)?.to_string()),
            c => Part::Literal(c.to_string()),
        });
    }
    Ok(parts.into_iter().collect())
}
