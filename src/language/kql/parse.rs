//! From text to tree.
//!
//! A recursive descent over Kibana's grammar. Queries and value lists have the same rules for
//! `or`, `and`, `not` and parentheses, so these are written once, for both kinds of leaf. After an
//! error the parser skips to the next `or`, `and` or closing mark of the same depth and goes on,
//! so that independent errors are all reported; the tree is then not given out.

use super::ast::{Bound, Clause, Literal, Located, Node, Query, Tree, Values};
use super::{hint, lex};
use crate::language::kit::{Cursor, MAX_NESTING, MAX_QUERY_BYTES, QueryError};
use crate::source::Span;

/// Errors after which the rest of a query is not read.
const MAX_ERRORS: usize = 20;

/// Reads a query. An empty one is `*:*`, as in Kibana. The spans of the tree and of the errors
/// count bytes of `text`.
pub fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
    let mut parser =
        Parser { cursor: Cursor::new(text), depth: 0, errors: Vec::new(), given_up: false };
    if text.len() > MAX_QUERY_BYTES {
        let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes");
        return Err(vec![QueryError::limit(Span::default(), message)]);
    }
    let query = parser.whole();
    if parser.errors.is_empty() { Ok(query) } else { Err(parser.errors) }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    /// Parentheses and braces around the current place.
    depth: usize,
    errors: Vec<QueryError>,
    /// Whether the rest of the query is not read, after a limit was hit.
    given_up: bool,
}

/// What a tree combines: clauses in a query, literals in a value list.
trait Leaf: Sized {
    /// What is asked for where a leaf is missing.
    const WANTED: &'static str;

    /// What to do about a colon that cannot follow a leaf.
    const COLON: &'static str;

    /// Reads one leaf. After an error any leaf will do.
    fn read(parser: &mut Parser<'_>) -> Self;
}

impl Leaf for Clause {
    const WANTED: &'static str = "a test such as `field:value`";
    const COLON: &'static str = "a value with `:` in it needs quotes, or `\\:`";

    fn read(parser: &mut Parser<'_>) -> Self {
        parser.clause()
    }
}

impl Leaf for Literal {
    const WANTED: &'static str = "a value";
    const COLON: &'static str = "a list holds values of one field; a value with `:` needs quotes";

    fn read(parser: &mut Parser<'_>) -> Self {
        parser.literal(Self::WANTED).value
    }
}

impl Parser<'_> {
    fn whole(&mut self) -> Query {
        self.blanks();
        if self.cursor.is_at_end() {
            let field = Located::new(Literal::any(), self.cursor.here());
            let values = Node::leaf(Literal::any());
            return Node::leaf(Clause::Is { field, values });
        }
        let query = self.any();
        while !self.cursor.is_at_end() {
            // Only a closing mark that closes nothing stops a tree before the end.
            let here = self.cursor.here();
            let mark = self.cursor.bump().unwrap_or_default();
            self.error(QueryError::syntax(here, format!("this `{mark}` closes nothing")));
            self.after_operand::<Clause>();
            if lex::JOINING.iter().any(|word| lex::eat_joining(&mut self.cursor, word)) {
                self.any::<Clause>();
            }
        }
        query
    }

    /// `all or all ...`
    fn any<L: Leaf>(&mut self) -> Node<L> {
        self.joined("or", Self::all, Tree::Or)
    }

    /// `negation and negation ...`
    fn all<L: Leaf>(&mut self) -> Node<L> {
        self.joined("and", Self::negation, Tree::And)
    }

    fn joined<L: Leaf>(
        &mut self,
        word: &str,
        member: fn(&mut Self) -> Node<L>,
        join: fn(Vec<Node<L>>) -> Tree<L>,
    ) -> Node<L> {
        let first = member(self);
        let mut span = first.span;
        let mut members = vec![first];
        while lex::eat_joining(&mut self.cursor, word) {
            let next = member(self);
            span = span.to(next.span);
            members.push(next);
        }
        match members.pop() {
            Some(only) if members.is_empty() => only,
            last => Located::new(join(members.into_iter().chain(last).collect()), span),
        }
    }

    /// `not operand` or `operand`, then whatever may stand after one.
    fn negation<L: Leaf>(&mut self) -> Node<L> {
        let start = self.cursor.at();
        let node = if lex::eat_keyword(&mut self.cursor, "not") {
            let inner = self.operand();
            let span = inner.span;
            Located::new(Tree::Not(Box::new(inner)), Span::new(start, span.end))
        } else {
            self.operand()
        };
        self.after_operand::<L>();
        node
    }

    /// A leaf, or a tree in parentheses.
    fn operand<L: Leaf>(&mut self) -> Node<L> {
        if self.cursor.peek() == Some('(') {
            return self.enclosed(')', Self::any);
        }
        let start = self.cursor.at();
        let leaf = L::read(self);
        let text = self.cursor.text().get(start..self.cursor.at()).unwrap_or_default();
        let end = start + text.trim_end_matches(lex::is_trimmed).len();
        Located::new(Tree::Leaf(leaf), Span::new(start, end))
    }

    /// Reads what stands between the opening mark that is next and its `close`.
    fn enclosed<L: Leaf>(&mut self, close: char, read: fn(&mut Self) -> Node<L>) -> Node<L> {
        let open = self.cursor.here();
        self.cursor.bump();
        if self.depth == MAX_NESTING {
            let message = format!("the query is nested deeper than {MAX_NESTING} levels");
            self.error(QueryError::limit(open, message));
            self.give_up();
        }
        self.depth += 1;
        self.blanks();
        let mut node = read(self);
        self.blanks();
        self.depth -= 1;
        match self.cursor.peek() {
            Some(c) if c == close => {}
            Some(c) => {
                let message = format!("expected `{close}`, found `{c}`");
                self.error(QueryError::syntax(self.cursor.here(), message));
            }
            None => self.error(
                QueryError::syntax(open, "this is not closed")
                    .help(format!("add the `{close}` that belongs to it")),
            ),
        }
        self.cursor.bump();
        node.span = self.cursor.span_from(open.start);
        node
    }

    /// `field:value`, `field:(values)`, `path:{ query }`, `field < value` or a bare value.
    fn clause(&mut self) -> Clause {
        let field = self.literal(Clause::WANTED);
        let end = self.cursor.at();
        self.blanks();
        if self.cursor.eat(":") {
            self.blanks();
            if self.cursor.peek() == Some('{') {
                let query = Box::new(self.enclosed('}', Self::any));
                return Clause::Nested { path: field, query };
            }
            return Clause::Is { field, values: self.operand() };
        }
        if let Some(bound) = self.bound() {
            self.blanks();
            let literal = self.literal(Literal::WANTED);
            return Clause::Range { field, bound, literal };
        }
        self.cursor.reset(end);
        let values: Values = Located::new(Tree::Leaf(field.value), field.span);
        Clause::Is { field: Located::new(Literal::null(), field.span), values }
    }

    fn bound(&mut self) -> Option<Bound> {
        use Bound::{Greater, GreaterOrEqual, Less, LessOrEqual};
        // The longer signs first.
        let bounds = [LessOrEqual, GreaterOrEqual, Less, Greater];
        bounds.into_iter().find(|bound| self.cursor.eat(bound.sign()))
    }

    /// A quoted or unquoted literal; `wanted` names what is missing if there is none.
    fn literal(&mut self, wanted: &str) -> Located<Literal> {
        let start = self.cursor.at();
        let read = if self.cursor.peek() == Some('"') {
            lex::quoted(&mut self.cursor).map(Some)
        } else {
            lex::unquoted(&mut self.cursor)
        };
        let literal = match read {
            Ok(Some(literal)) => literal,
            Ok(None) => {
                self.error(hint::missing(&self.cursor, wanted));
                self.skip();
                Literal::any()
            }
            Err(error) => {
                self.error(error);
                self.skip();
                Literal::any()
            }
        };
        let text = self.cursor.text().get(start..self.cursor.at()).unwrap_or_default();
        let length = text.trim_end_matches(lex::is_trimmed).len();
        Located::new(literal, Span::new(start, start + length))
    }

    /// Checks that an operand is followed by something that can follow one, and if not, says so
    /// and skips to where something can.
    fn after_operand<L: Leaf>(&mut self) {
        let end = self.cursor.at();
        if lex::at_joining(&self.cursor) {
            return;
        }
        self.blanks();
        if !matches!(self.cursor.peek(), None | Some(')' | '}')) {
            self.error(hint::superfluous(&self.cursor, end, L::COLON));
            self.skip();
        }
    }

    /// Goes on to the next `or`, `and` or closing mark outside of quotes and inner parentheses.
    fn skip(&mut self) {
        let mut open = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                ')' | '}' if open == 0 => return,
                ')' | '}' => open -= 1,
                '(' | '{' => open += 1,
                '"' => {
                    // Its own errors are not news: there is one here already.
                    let _ = lex::quoted(&mut self.cursor);
                    continue;
                }
                '\\' => {
                    self.cursor.bump();
                }
                c if lex::is_blank(c) => {
                    if open == 0 && lex::at_joining(&self.cursor) {
                        return;
                    }
                    self.blanks();
                    continue;
                }
                _ => {}
            }
            self.cursor.bump();
        }
    }

    fn blanks(&mut self) {
        self.cursor.take_while(lex::is_blank);
    }

    fn error(&mut self, error: QueryError) {
        if !self.given_up {
            self.errors.push(error);
        }
        if self.errors.len() == MAX_ERRORS {
            self.give_up();
        }
    }

    /// Reads no more of the query and reports no more errors.
    fn give_up(&mut self) {
        self.given_up = true;
        self.cursor.reset(self.cursor.text().len());
    }
}
