//! Sigma's condition grammar: `or` < `and` < `not` < `1 of` < parentheses.

use super::ast::{Condition, NamePattern, Quantifier};
use super::codes;
use crate::diagnostic::Code;
use crate::language::kit::{Cursor, MAX_NESTING, QueryError};
use crate::query::{Part, Pattern};
use crate::source::{Span, Spanned};

/// Reads a condition. Places count from the start of the text.
pub fn parse_condition(text: &str) -> Result<Condition, QueryError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0 };
    let condition = parser.or()?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(parser.unexpected(token)),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Token<'t> {
    text: &'t str,
    span: Span,
}

fn error(code: &'static Code, span: Span, message: impl Into<String>) -> QueryError {
    QueryError { code, span, message: message.into(), help: None }
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, QueryError> {
    let mut cursor = Cursor::new(text);
    let mut tokens = Vec::new();
    loop {
        cursor.take_while(char::is_whitespace);
        let start = cursor.at();
        let Some(c) = cursor.peek() else { return Ok(tokens) };
        match c {
            '(' | ')' => {
                cursor.bump();
            }
            '|' if !cursor.rest().starts_with("||") => {
                let message = "aggregations belong into a correlation document";
                return Err(error(&codes::AGGREGATION, Span::new(start, text.len()), message)
                    .help(
                        "add a document with `correlation:` that counts the matches of this rule",
                    ));
            }
            _ if is_word(c) => {
                cursor.take_while(is_word);
            }
            _ => {
                let message = format!("`{c}` cannot stand in a condition");
                let error = error(&codes::CONDITION, cursor.here(), message);
                return Err(match c {
                    '&' | '|' | '!' => error.help("the operators are `and`, `or` and `not`"),
                    _ => error,
                });
            }
        }
        let span = cursor.span_from(start);
        tokens.push(Token { text: &text[span.start..span.end], span });
    }
}

/// Characters of names and of their patterns.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '*' | '.')
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token<'t>],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let eaten = self.peek().is_some_and(|token| token.text == text);
        self.at += usize::from(eaten);
        eaten
    }

    fn or(&mut self) -> Result<Condition, QueryError> {
        self.joined("or", Self::and, Condition::Or)
    }

    fn and(&mut self) -> Result<Condition, QueryError> {
        self.joined("and", Self::not, Condition::And)
    }

    fn joined(
        &mut self,
        word: &str,
        member: fn(&mut Self) -> Result<Condition, QueryError>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Result<Condition, QueryError> {
        let mut members = vec![member(self)?];
        while self.eat(word) {
            members.push(member(self)?);
        }
        Ok(if members.len() == 1 { members.swap_remove(0) } else { join(members) })
    }

    fn not(&mut self) -> Result<Condition, QueryError> {
        if !self.eat("not") {
            return self.primary();
        }
        self.deeper(|parser| Ok(Condition::Not(Box::new(parser.not()?))))
    }

    fn deeper<T>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let message = format!("conditions may be nested {MAX_NESTING} levels deep");
            return Err(QueryError::limit(self.here(), message));
        }
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// The place of the next token, or the end.
    fn here(&self) -> Span {
        self.peek().map_or(Span::new(self.text.len(), self.text.len()), |token| token.span)
    }

    fn primary(&mut self) -> Result<Condition, QueryError> {
        let Some(token) = self.peek() else {
            let message = "the condition ends where a selection name was expected";
            return Err(error(&codes::CONDITION, self.here(), message));
        };
        if self.eat("(") {
            let open = token.span;
            let inner = self.deeper(Self::or)?;
            if !self.eat(")") {
                return Err(match self.peek() {
                    Some(token) => self.unexpected(token),
                    None => error(&codes::CONDITION, open, "this parenthesis is never closed"),
                });
            }
            return Ok(inner);
        }
        self.at += 1;
        let next = self.peek().map(|next| next.text);
        let next_is_of = next == Some("of");
        match token.text {
            "1" | "any" if next_is_of => self.of(Quantifier::One),
            "all" if next_is_of => self.of(Quantifier::All),
            number if next_is_of && number.bytes().all(|b| b.is_ascii_digit()) => {
                let message = format!("`{number} of` is not in Sigma 2.1");
                Err(error(&codes::CONDITION, token.span, message).help("write `1 of` or `all of`"))
            }
            ")" | "and" | "or" | "of" => Err(Self::no_name(token)),
            // A name cannot be followed by a name, so this was meant to be an operator.
            word if is_shouted(word) && next.is_some_and(|next| !ends_operand(next)) => {
                Err(lower_case(token))
            }
            name if name.contains('*') => {
                let message = format!("the pattern `{name}` needs `1 of` or `all of` before it");
                Err(error(&codes::CONDITION, token.span, message))
            }
            name => Ok(Condition::Name(Spanned::new(name.to_owned(), token.span))),
        }
    }

    fn of(&mut self, quantifier: Quantifier) -> Result<Condition, QueryError> {
        self.at += 1;
        let is_name =
            |token: &Token<'_>| !matches!(token.text, "(" | ")" | "and" | "or" | "not" | "of");
        let Some(token) = self.peek().filter(is_name) else {
            let message = "`of` needs a name pattern or `them`";
            return Err(error(&codes::CONDITION, self.here(), message)
                .help("give the selections a common prefix, such as `1 of filter_*`"));
        };
        self.at += 1;
        let pattern = match token.text {
            "them" => NamePattern::Them,
            name => NamePattern::Glob(name_glob(name)),
        };
        Ok(Condition::Of(quantifier, Spanned::new(pattern, token.span)))
    }

    /// The error for a token where an operand must begin.
    fn no_name(token: Token<'_>) -> QueryError {
        let message = format!("`{}` stands where a selection name was expected", token.text);
        error(&codes::CONDITION, token.span, message)
    }

    /// The error for a token behind a finished condition.
    fn unexpected(&self, token: Token<'_>) -> QueryError {
        if is_shouted(token.text) {
            return lower_case(token);
        }
        let message = match token.text {
            ")" => "this parenthesis closes nothing".to_owned(),
            found => format!("`{found}` stands where `and`, `or` or the end was expected"),
        };
        error(&codes::CONDITION, token.span, message)
    }
}

/// Whether a word would be an operator in lower case.
fn is_shouted(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower != word && matches!(lower.as_str(), "and" | "or" | "not" | "of")
}

/// Whether an operand may end before this token.
fn ends_operand(token: &str) -> bool {
    matches!(token, ")" | "and" | "or") || is_shouted(token)
}

fn lower_case(token: Token<'_>) -> QueryError {
    let message = format!("`{}` is no operator", token.text);
    let lower = token.text.to_lowercase();
    error(&codes::CONDITION, token.span, message).help(format!("write `{lower}` in lower case"))
}

/// The pattern of a name; `*` is its only wildcard.
fn name_glob(name: &str) -> Pattern {
    let literals = name.split('*').map(|text| Part::Literal(text.to_owned()));
    literals
        .enumerate()
        .flat_map(|(index, literal)| (index > 0).then_some(Part::Any).into_iter().chain([literal]))
        .collect()
}
