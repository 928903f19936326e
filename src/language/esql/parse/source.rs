//! Source commands, and what they read.

use super::super::ast::{FromItem, Indices, Query, Source, Stage};
use super::super::lex;
use super::{Parser, Read};
use crate::language::kit::QueryError;

impl Parser<'_> {
    /// The first command of a query.
    pub(super) fn source(&mut self) -> Read<Source> {
        let (word, span) = self.command_word()?;
        match word.to_ascii_uppercase().as_str() {
            "FROM" => self.indices().map(Source::From),
            "TS" => self.indices().map(Source::Ts),
            "ROW" => self.list(Self::assignment).map(Source::Row),
            "SHOW" => {
                self.blanks();
                match lex::word(&mut self.cursor) {
                    "" => self.expected("`INFO`"),
                    what => Ok(Source::Show(what.to_ascii_uppercase())),
                }
            }
            _ => Err(QueryError::syntax(span, format!("`{word}` is no source command"))
                .help("a query starts with `FROM`, or with `ROW`, `SHOW` or `TS`")
                .into()),
        }
    }

    fn indices(&mut self) -> Read<Indices> {
        let items = self.list(|parser| {
            if parser.eat("(") {
                return parser.subquery().map(Box::new).map(FromItem::Subquery);
            }
            parser.index().map(FromItem::Pattern)
        })?;
        let metadata = if self.eat_word("metadata") {
            self.list(|parser| parser.name().map(|name| name.value))?
        } else {
            Vec::new()
        };
        Ok(Indices { items, metadata })
    }

    /// A pattern of indices.
    pub(super) fn index(&mut self) -> Read<String> {
        self.blanks();
        match lex::index(&mut self.cursor)? {
            Some(index) => Ok(index),
            None => self.expected("the name of an index"),
        }
    }

    /// A query in parentheses, after the opening one.
    fn subquery(&mut self) -> Read<Query> {
        let outer = std::mem::take(&mut self.comments);
        let query = self.nested(|parser| Ok(parser.query(false)));
        self.comments = outer;
        let query = query?;
        self.expect(")")?;
        match query {
            Some(query) => Ok(query),
            // Its errors are noted already; this one stands for the tree that is not there.
            None => {
                Ok(Query { source: Stage::new(Source::Show(String::new())), commands: Vec::new() })
            }
        }
    }
}
