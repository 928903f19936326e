//! From text to tree.
//!
//! A recursive descent over the tokens, by the rules of Lucene's classic query parser as
//! Elasticsearch runs it: words that no operator separates stay together, and each `AND` makes
//! the clauses on both of its sides required. After an error the parser skips to the next `AND`,
//! `OR` or parenthesis of the same depth, so that independent errors are all reported; the tree
//! is then not given out.

use super::ast::{Clause, FieldName, Node, Occur, Query, Term};
use super::atom::{Comparison, Decimal, Wildcard, Word, Words};
use super::lex::{self, MAX_ERRORS, Token};
use super::stream::Parser;
use crate::language::kit::{Located, MAX_NESTING, MAX_QUERY_BYTES, QueryError};
use crate::query::{Order, Pattern};
use crate::source::Span;

/// Reads a query. The spans of the tree and of the errors count bytes of `text`.
pub fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
    if text.len() > MAX_QUERY_BYTES {
        let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes");
        return Err(vec![QueryError::limit(Span::default(), message)]);
    }
    let (tokens, errors) = lex::tokens(text);
    if errors.len() >= MAX_ERRORS {
        return Err(errors);
    }
    let mut parser = Parser::new(text, tokens, errors);
    let query = parser.whole();
    parser.finish(query)
}

impl Parser {
    fn whole(&mut self) -> Query {
        if self.peek().is_none() {
            let message =
                "the query is empty: Kibana takes that for everything, Elasticsearch for nothing";
            self.error(QueryError::syntax(self.here(), message).help("write `*:*` for everything"));
        }
        let query = self.junction();
        while let Some(span) = self.eat(&Token::Close) {
            self.error(
                QueryError::syntax(span, "this `)` closes nothing")
                    .help("a value with `)` in it needs quotes, or `\\)`"),
            );
            self.junction();
        }
        query
    }

    /// Reads clauses up to a closing parenthesis or the end.
    fn junction(&mut self) -> Query {
        let start = self.here();
        let mut clauses: Vec<Clause> = Vec::new();
        loop {
            let joint = self.conjunction(&mut clauses);
            if joint.is_none()
                && let Some(words) = self.words()
            {
                clauses.push(Clause { occur: Occur::Should, query: words });
                continue;
            }
            let sign = self.sign();
            if matches!(self.peek(), None | Some(Token::Close)) {
                if joint.is_some() || sign.is_some() || clauses.is_empty() {
                    self.missing();
                }
                break;
            }
            // After an error something stands in, so that what follows is not said to lack it.
            let query = self.operand().unwrap_or_else(|| {
                self.skip();
                Query::everything()
            });
            let occur = match (sign, joint) {
                (Some(Token::Plus), _) | (None, Some(Token::And)) => Occur::Must,
                (Some(_), _) => Occur::MustNot,
                (None, _) => Occur::Should,
            };
            clauses.push(Clause { occur, query });
        }
        let span = start.to(self.before());
        match Query::clauses(clauses) {
            Some(query) if matches!(query.value, Node::Clauses(_)) => {
                Located::new(query.value, span)
            }
            Some(query) => query,
            // There was an error, so the tree is not given out.
            None => Query::everything(),
        }
    }

    /// Reads `AND` or `OR`. What stands before an `AND` is required, unless it is prohibited.
    fn conjunction(&mut self, clauses: &mut [Clause]) -> Option<Token> {
        let joining = |token: &Token| matches!(token, Token::And | Token::Or);
        let first = self.next_if(joining)?;
        match clauses.last_mut() {
            None => self.error(
                QueryError::syntax(first.span, "there is nothing before this operator")
                    .help("the word itself needs quotes"),
            ),
            Some(last) if first.value == Token::And && last.occur == Occur::Should => {
                last.occur = Occur::Must;
            }
            Some(_) => {}
        }
        while let Some(more) = self.next_if(joining) {
            self.error(
                QueryError::syntax(more.span, "one operator follows another")
                    .help("drop one; the word itself needs quotes"),
            );
        }
        Some(first.value)
    }

    /// Reads the sign before an operand.
    fn sign(&mut self) -> Option<Token> {
        let is_sign = |token: &Token| matches!(token, Token::Plus | Token::Minus | Token::Not);
        let first = self.next_if(is_sign)?;
        while let Some(more) = self.next_if(is_sign) {
            self.error(
                QueryError::syntax(more.span, "one sign follows another")
                    .help("use parentheses: `NOT (NOT ...)`"),
            );
        }
        Some(first.value)
    }

    /// Reads two or more words that are handed to the analyser together. A word is not one of
    /// them if what follows makes it a field, a lone `*` or the operand of something.
    fn words(&mut self) -> Option<Query> {
        let word = |at: usize| match self.tokens.get(at).map(|token| &token.value) {
            Some(Token::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let stays = |at: usize| {
            let next = self.tokens.get(at + 1).map(|token| &token.value);
            !matches!(next, Some(Token::And | Token::Or | Token::Colon | Token::Star))
                && !matches!(next, Some(Token::Tilde(_) | Token::Boost(_)))
        };
        let mut words = vec![word(self.at)?];
        while let Some(next) = word(self.at + words.len()).filter(|_| stays(self.at + words.len()))
        {
            words.push(next);
        }
        if words.len() < 2 {
            return None;
        }
        let start = self.here();
        self.at += words.len();
        let term = Term::Words(Words::new(words)?);
        Some(Located::new(Node::Term(term), start.to(self.before())))
    }

    /// Reads `field:` if it is there, and a parenthesis or a term.
    fn operand(&mut self) -> Option<Query> {
        let start = self.here();
        let Some(name) = self.field_name() else { return self.value() };
        let query = Box::new(self.value()?);
        Some(Located::new(Node::Field { name, query }, start.to(self.before())))
    }

    fn field_name(&mut self) -> Option<Located<FieldName>> {
        let followed = self.tokens.get(self.at + 1).is_some_and(|t| t.value == Token::Colon);
        let name = match self.tokens.get(self.at).filter(|_| followed)? {
            Located { value: Token::Word(word), span } => {
                Located::new(FieldName::new(word.text()), *span)
            }
            Located { value: Token::Star, span } => Located::new(FieldName::new("*"), *span),
            _ => return None,
        };
        self.at += 2;
        Some(name)
    }

    fn value(&mut self) -> Option<Query> {
        let start = self.here();
        let query = match self.eat(&Token::Open) {
            Some(open) => self.parenthesis(open)?,
            None => self.term()?,
        };
        let Some(factor) = self.boost() else { return Some(query) };
        let node = Node::Boosted { query: Box::new(query), factor };
        Some(Located::new(node, start.to(self.before())))
    }

    fn parenthesis(&mut self, open: Span) -> Option<Query> {
        if self.depth == MAX_NESTING {
            let message = format!("parentheses are nested deeper than {MAX_NESTING} levels");
            self.error(QueryError::limit(open, message));
            self.give_up();
            return None;
        }
        self.depth += 1;
        let mut query = self.junction();
        self.depth -= 1;
        match self.eat(&Token::Close) {
            Some(close) => query.span = open.to(close),
            None => self.error(QueryError::syntax(open, "this is not closed")),
        }
        Some(query)
    }

    fn term(&mut self) -> Option<Query> {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            self.missing();
            return None;
        };
        let term = match token.value {
            Token::Word(word) => return self.word(word, token.span),
            Token::Star => pattern(Pattern::any()),
            Token::Pattern(found) => pattern(found),
            Token::Regex(expression) => Term::Regex(expression),
            Token::Range(from, to) => Term::Range { from, to },
            Token::Quoted(text) => Term::Phrase { text, slop: None },
            _ => {
                self.missing();
                return None;
            }
        };
        self.at += 1;
        let slop = self.tilde();
        let term = match (term, slop) {
            (Term::Phrase { text, .. }, Some(slop)) => Term::Phrase { text, slop: slop.value },
            (term, Some(slop)) => {
                let message = "`~` stands after a word or a phrase only";
                self.error(
                    QueryError::syntax(slop.span, message)
                        .help("a value with `~` in it needs quotes, or `\\~`"),
                );
                term
            }
            (term, None) => term,
        };
        Some(Located::new(Node::Term(term), token.span.to(self.before())))
    }

    /// Reads what may follow a lone word: `~` makes it fuzzy. Elasticsearch finds the order of a
    /// comparison in the word itself.
    fn word(&mut self, word: Word, span: Span) -> Option<Query> {
        self.at += 1;
        let term = match self.tilde() {
            Some(distance) => Term::Fuzzy { text: word, distance: distance.value },
            None => match comparison(&word) {
                Some(comparison) => Term::Compare(comparison),
                None => Term::Words(Words::new(vec![word])?),
            },
        };
        Some(Located::new(Node::Term(term), span.to(self.before())))
    }

    /// Reads a tilde, also if a boost comes before it.
    fn tilde(&mut self) -> Option<Located<Option<Decimal>>> {
        if matches!(self.peek(), Some(Token::Boost(_)))
            && matches!(self.peek_second(), Some(Token::Tilde(_)))
        {
            // `a^2~1` says the same as `a~1^2`.
            self.tokens.swap(self.at, self.at + 1);
        }
        let tilde = self.next_if(|token| matches!(token, Token::Tilde(_)))?;
        match tilde.value {
            Token::Tilde(number) => Some(Located::new(number, tilde.span)),
            _ => None,
        }
    }

    fn boost(&mut self) -> Option<Decimal> {
        match self.next_if(|token| matches!(token, Token::Boost(_)))?.value {
            Token::Boost(factor) => Some(factor),
            _ => None,
        }
    }
}

fn pattern(pattern: Pattern) -> Term {
    Term::Wildcard(Wildcard::new(pattern).unwrap_or_else(Wildcard::any))
}

fn comparison(word: &Word) -> Option<Comparison> {
    let orders = [
        (">=", Order::GreaterOrEqual),
        ("<=", Order::LessOrEqual),
        (">", Order::Greater),
        ("<", Order::Less),
    ];
    orders
        .into_iter()
        .find_map(|(sign, order)| Comparison::new(order, word.text().strip_prefix(sign)?))
}
