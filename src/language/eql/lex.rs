//! From text to tokens.
//!
//! Sources: the syntax reference of Elasticsearch's documentation (strings, raw strings, escapes,
//! comments, backticks) and the table of facts that the tests hold this against.

use crate::language::kit::{Cursor, QueryError};
use crate::query::Number;
use crate::source::Span;

/// The words with a meaning of their own, lower case only. As names they need backticks.
pub(super) const KEYWORDS: [&str; 16] = [
    "and", "any", "by", "false", "in", "join", "like", "maxspan", "not", "null", "of", "or",
    "regex", "true", "where", "with",
];

/// Keywords where a query starts.
pub(super) const OPENING: [&str; 3] = ["sequence", "sample", "until"];

/// The signs, the longer ones first.
const SIGNS: [&str; 22] = [
    "==", "!=", "<=", ">=", "![", "<", ">", "=", ":", "(", ")", "[", "]", ",", ".", "+", "-", "*",
    "/", "%", "|", "?",
];

/// What stands in a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A name or keyword, and whether `~` follows it.
    Word(&'t str, bool),
    /// A name in backticks, free of them.
    Name(String),
    /// A text.
    Text(String),
    /// A number without a point.
    Integer(i64),
    /// A number with one.
    Decimal(Number),
    /// A sign.
    Sign(&'static str),
    /// What was complained of.
    Bad,
}

/// A token with its place.
pub(super) type Placed<'t> = (Token<'t>, Span);

/// What a text is made of.
#[derive(Debug, Default)]
pub(super) struct Tokens<'t> {
    /// The comments before the first token.
    pub(super) comments: Vec<String>,
    /// The tokens.
    pub(super) tokens: Vec<Placed<'t>>,
    /// What is wrong.
    pub(super) errors: Vec<QueryError>,
}

/// Whether a text can be a name without backticks.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| is_word_char(c) && !c.is_ascii_digit())
        && text.chars().all(is_word_char)
        && !KEYWORDS.contains(&text)
        && !OPENING.contains(&text)
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '@')
}

/// Splits a text into tokens.
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    let mut lexer = Lexer { cursor: Cursor::new(text), found: Tokens::default() };
    while lexer.skip_blanks() {
        let start = lexer.cursor.at();
        let token = lexer.token().unwrap_or_else(|error| {
            lexer.found.errors.push(error);
            Token::Bad
        });
        let span = lexer.cursor.span_from(start);
        lexer.found.tokens.push((token, span));
    }
    lexer.found
}

struct Lexer<'t> {
    cursor: Cursor<'t>,
    found: Tokens<'t>,
}

impl<'t> Lexer<'t> {
    /// Skips blanks and comments; whether something follows.
    fn skip_blanks(&mut self) -> bool {
        loop {
            self.cursor.take_while(char::is_whitespace);
            let start = self.cursor.at();
            let comment = if self.cursor.eat("//") {
                self.cursor.take_while(|c| c != '\n' && c != '\r')
            } else if self.cursor.eat("/*") {
                let rest = self.cursor.rest();
                let Some(length) = rest.find("*/") else {
                    let span = Span::new(start, start + 2);
                    let error = QueryError::syntax(span, "this comment is not closed");
                    self.found.errors.push(error.help("end it with `*/`"));
                    self.cursor.reset(self.cursor.text().len());
                    return false;
                };
                self.cursor.reset(start + 2 + length + 2);
                rest.get(..length).unwrap_or_default()
            } else {
                return !self.cursor.is_at_end();
            };
            if self.found.tokens.is_empty() {
                // What could end a comment is taken apart, so that it can be written as either kind.
                let text = comment.replace("*/", "* /");
                let words: Vec<&str> = text.split_whitespace().collect();
                self.found.comments.push(words.join(" "));
            }
        }
    }

    fn token(&mut self) -> Result<Token<'t>, QueryError> {
        let Some(c) = self.cursor.peek() else { return Ok(Token::Bad) };
        let fraction = c == '.' && self.cursor.peek_second().is_some_and(|c| c.is_ascii_digit());
        match c {
            '"' if self.cursor.rest().starts_with("\"\"\"") => self.raw_text(),
            '"' => self.text(),
            '`' => self.name(),
            '\'' => Err(self.single_quotes()),
            c if c.is_ascii_digit() || fraction => self.number(),
            c if is_word_char(c) => {
                let word = self.cursor.take_while(is_word_char);
                Ok(Token::Word(word, self.cursor.eat("~")))
            }
            c => match SIGNS.into_iter().find(|sign| self.cursor.eat(sign)) {
                Some(sign) => Ok(Token::Sign(sign)),
                None => Err(self.bad(c)),
            },
        }
    }

    fn bad(&mut self, c: char) -> QueryError {
        let span = self.cursor.here();
        self.cursor.bump();
        let error = QueryError::syntax(span, format!("`{c}` has no meaning here"));
        match c {
            '&' => error.help("write `and`"),
            '!' => error.help("write `not`"),
            '~' => error.help("`~` follows its word directly: `like~`"),
            '\u{201c}' | '\u{201d}' => error.help("texts stand between straight quotes: `\"`"),
            c if c.is_alphabetic() => error.help("such a name needs backticks"),
            _ => error.help("a text needs quotes, an unusual name backticks"),
        }
    }

    fn single_quotes(&mut self) -> QueryError {
        let start = self.cursor.at();
        self.cursor.bump();
        self.cursor.take_while(|c| !matches!(c, '\'' | '\n' | '\r'));
        self.cursor.eat("'");
        QueryError::syntax(self.cursor.span_from(start), "texts do not stand between single quotes")
            .help("write `\"...\"`")
    }

    fn raw_text(&mut self) -> Result<Token<'t>, QueryError> {
        let start = self.cursor.at();
        self.cursor.eat("\"\"\"");
        let rest = self.cursor.rest();
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let Some(length) = rest.get(..line).and_then(|line| line.find("\"\"\"")) else {
            let quotes = Span::new(start, start + 3);
            self.cursor.reset(self.cursor.at() + line);
            return Err(QueryError::syntax(quotes, "this text is not closed")
                .help("end it with `\"\"\"` on the same line"));
        };
        // Up to two quotes before the closing three belong to the text.
        let after = rest.get(length + 3..).unwrap_or_default();
        let more = after.chars().take_while(|c| *c == '"').take(2).count();
        let text = rest.get(..length + more).unwrap_or_default().to_owned();
        self.cursor.reset(start + 3 + length + more + 3);
        Ok(Token::Text(text))
    }

    fn text(&mut self) -> Result<Token<'t>, QueryError> {
        let start = self.cursor.at();
        self.cursor.bump();
        let mut text = String::new();
        let mut wrong = None;
        loop {
            match self.cursor.peek() {
                None | Some('\n' | '\r') => {
                    let quote = Span::new(start, start + 1);
                    return Err(QueryError::syntax(quote, "this quote is not closed").help(
                        "a text ends on its line; a quote in it is `\\\"`, a line feed `\\n`",
                    ));
                }
                Some('"') => break,
                Some('\\') => match self.escape() {
                    Ok(c) => text.push(c),
                    Err(error) => wrong = wrong.or(Some(error)),
                },
                Some(c) => {
                    text.push(c);
                    self.cursor.bump();
                }
            }
        }
        self.cursor.bump();
        wrong.map_or(Ok(Token::Text(text)), Err)
    }

    fn escape(&mut self) -> Result<char, QueryError> {
        let start = self.cursor.at();
        self.cursor.bump();
        let c = self.cursor.bump();
        let decoded = match c {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some(c @ ('\\' | '"' | '\'')) => Some(c),
            Some('u') => self.code_point(),
            _ => None,
        };
        decoded.ok_or_else(|| {
            let span = self.cursor.span_from(start);
            let escape = self.cursor.text().get(span.start..span.end).unwrap_or("\\");
            QueryError::syntax(span, format!("`{escape}` is not an escape"))
                .help("write `\\\\` for a backslash, or put the text between `\"\"\"`")
        })
    }

    /// What follows `\u`: two to eight hexadecimal digits in braces.
    fn code_point(&mut self) -> Option<char> {
        let end = self.cursor.rest().strip_prefix('{')?.find('}')?;
        let digits = self.cursor.rest().get(1..=end)?;
        let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok();
        let code = code.filter(|_| hexadecimal && (2..=8).contains(&digits.len()))?;
        self.cursor.reset(self.cursor.at() + end + 2);
        char::from_u32(code)
    }

    fn name(&mut self) -> Result<Token<'t>, QueryError> {
        let start = self.cursor.at();
        self.cursor.bump();
        let mut name = String::new();
        loop {
            name.push_str(self.cursor.take_while(|c| c != '`'));
            if self.cursor.is_at_end() {
                let span = Span::new(start, start + 1);
                return Err(QueryError::syntax(span, "this backtick is not closed")
                    .help("a backtick inside of a name is doubled"));
            }
            self.cursor.bump();
            if !self.cursor.eat("`") {
                break;
            }
            name.push('`');
        }
        if name.is_empty() {
            return Err(QueryError::syntax(self.cursor.span_from(start), "a name cannot be empty"));
        }
        Ok(Token::Name(name))
    }

    fn number(&mut self) -> Result<Token<'t>, QueryError> {
        let start = self.cursor.at();
        let digits =
            |cursor: &mut Cursor<'_>| !cursor.take_while(|c| c.is_ascii_digit()).is_empty();
        digits(&mut self.cursor);
        let mut decimal = self.cursor.eat(".");
        digits(&mut self.cursor);
        let end = self.cursor.at();
        if self.cursor.eat("e") || self.cursor.eat("E") {
            let _ = self.cursor.eat("+") || self.cursor.eat("-");
            if digits(&mut self.cursor) {
                decimal = true;
            } else {
                self.cursor.reset(end);
            }
        }
        let span = self.cursor.span_from(start);
        let text = self.cursor.text().get(span.start..span.end).unwrap_or_default();
        let token = match decimal {
            true => text.parse().ok().and_then(Number::new).map(Token::Decimal),
            false => text.parse().ok().map(Token::Integer),
        };
        token.ok_or_else(|| QueryError::limit(span, "this number is too large"))
    }
}
