//! Commands.
//!
//! Sources: Elastic's reference pages of the commands, one each. A command that is not known here
//! is an error by name.

use super::super::ast::{Aggregate, Assignment, Command, Enriched, Fuse, Renaming, SortKey, Stats};
use super::super::expression::Options;
use super::super::lex;
use super::super::name::{Name, NamePattern};
use super::{Parser, Read};
use crate::language::kit::Located;
use crate::language::kit::QueryError;
use crate::source::Span;

/// Reads what follows the name of a command.
type Reader = fn(&mut Parser<'_>) -> Read<Command>;

/// Processing commands with their readers. `INLINE STATS` and `LOOKUP JOIN` have two words.
const COMMANDS: &[(&str, Reader)] = &[
    ("WHERE", |parser| parser.expression().map(Command::Where)),
    ("EVAL", |parser| parser.list(Parser::assignment).map(Command::Eval)),
    ("KEEP", |parser| parser.list(Parser::name_pattern).map(Command::Keep)),
    ("DROP", |parser| parser.list(Parser::name_pattern).map(Command::Drop)),
    ("RENAME", |parser| parser.list(Parser::renaming).map(Command::Rename)),
    ("STATS", |parser| parser.stats(false)),
    ("INLINESTATS", |parser| parser.stats(true)),
    ("INLINE", |parser| parser.expect_word("stats").and_then(|()| parser.stats(true))),
    ("SORT", |parser| parser.list(Parser::sort_key).map(Command::Sort)),
    ("LIMIT", |parser| parser.operand().map(Command::Limit)),
    ("SAMPLE", |parser| parser.operand().map(Command::Sample)),
    ("DISSECT", |parser| parser.dissect()),
    ("GROK", |parser| parser.grok()),
    ("ENRICH", |parser| parser.enrich()),
    ("LOOKUP", |parser| parser.lookup_join()),
    ("MV_EXPAND", |parser| parser.name().map(Command::MvExpand)),
    ("FORK", |parser| parser.fork()),
    ("FUSE", |parser| parser.fuse()),
    ("CHANGE_POINT", |parser| parser.change_point()),
    ("COMPLETION", |parser| parser.completion()),
    ("RERANK", |parser| parser.rerank()),
    ("URI_PARTS", |parser| parser.parts("URI_PARTS")),
    ("USER_AGENT", |parser| parser.parts("USER_AGENT")),
    ("REGISTERED_DOMAIN", |parser| parser.parts("REGISTERED_DOMAIN")),
    ("IP_LOCATION", |parser| parser.parts("IP_LOCATION")),
];

impl Parser<'_> {
    /// A command after a `|`.
    pub(super) fn command(&mut self) -> Read<Command> {
        let (word, span) = self.command_word()?;
        let known = COMMANDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
        let Some((_, read)) = known else {
            let near = COMMANDS
                .iter()
                .map(|(name, _)| {
                    (strsim::damerau_levenshtein(name, &word.to_ascii_uppercase()), name)
                })
                .min()
                .filter(|(distance, _)| *distance < 3);
            let error = QueryError::syntax(span, format!("unknown command `{word}`"));
            return Err(Box::new(match near {
                Some((_, name)) => error.help(format!("perhaps `{name}`")),
                None => error,
            }));
        };
        read(self)
    }

    pub(super) fn command_word(&mut self) -> Read<(String, Span)> {
        self.blanks();
        let start = self.cursor.at();
        match lex::word(&mut self.cursor) {
            "" => self.expected("a command"),
            word => Ok((word.to_owned(), self.cursor.span_from(start))),
        }
    }

    /// `name = value` or `value`.
    pub(super) fn assignment(&mut self) -> Read<Assignment> {
        let name = self.assigned();
        Ok(Assignment { name, value: self.expression()? })
    }

    /// `name =`, if that is next.
    fn assigned(&mut self) -> Option<Located<Name>> {
        self.try_next(|parser| {
            let name = parser.name().ok()?;
            let assigned = parser.eat("=") && parser.cursor.peek() != Some('=');
            assigned.then_some(name)
        })
    }

    fn name_pattern(&mut self) -> Read<Located<NamePattern>> {
        self.blanks();
        let start = self.cursor.at();
        match lex::name_pattern(&mut self.cursor)? {
            Some(pattern) => Ok(Located::new(pattern, self.cursor.span_from(start))),
            None => self.expected("the name of a column"),
        }
    }

    fn renaming(&mut self) -> Read<Renaming> {
        if let Some(new) = self.assigned() {
            return Ok(Renaming { old: self.name()?, new });
        }
        let old = self.name()?;
        self.expect_word("as")?;
        Ok(Renaming { old, new: self.name()? })
    }

    fn stats(&mut self, inline: bool) -> Read<Command> {
        let mut aggregates = Vec::new();
        let mut grouped = self.eat_word("by");
        if !grouped {
            aggregates = self.list(Self::aggregate)?;
            grouped = self.eat_word("by");
        }
        let by = if grouped { self.list(Self::assignment)? } else { Vec::new() };
        Ok(Command::Stats(Stats { inline, aggregates, by }))
    }

    fn aggregate(&mut self) -> Read<Aggregate> {
        let Assignment { name, value } = self.assignment()?;
        let filter = if self.eat_word("where") { Some(self.expression()?) } else { None };
        Ok(Aggregate { name, value, filter })
    }

    fn sort_key(&mut self) -> Read<SortKey> {
        let value = self.expression()?;
        let descending = match () {
            () if self.eat_word("asc") => Some(false),
            () if self.eat_word("desc") => Some(true),
            () => None,
        };
        let nulls_first = match () {
            () if !self.eat_word("nulls") => None,
            () if self.eat_word("first") => Some(true),
            () if self.eat_word("last") => Some(false),
            () => return self.expected("`FIRST` or `LAST`"),
        };
        Ok(SortKey { value, descending, nulls_first })
    }

    fn dissect(&mut self) -> Read<Command> {
        let input = self.operand()?;
        let pattern = self.string()?;
        let separator = if self.eat_word("append_separator") {
            self.expect("=")?;
            Some(self.string()?.value)
        } else {
            None
        };
        Ok(Command::Dissect { input, pattern, separator })
    }

    fn grok(&mut self) -> Read<Command> {
        let input = self.operand()?;
        Ok(Command::Grok { input, patterns: self.list(Self::string)? })
    }

    fn enrich(&mut self) -> Read<Command> {
        let policy = self.index()?;
        let on = if self.eat_word("on") { Some(self.name()?) } else { None };
        let with = if self.eat_word("with") {
            self.list(|parser| {
                let name = parser.assigned();
                Ok(Enriched { name, field: parser.name()? })
            })?
        } else {
            Vec::new()
        };
        Ok(Command::Enrich { policy, on, with })
    }

    fn lookup_join(&mut self) -> Read<Command> {
        self.expect_word("join")?;
        let index = self.index()?;
        self.expect_word("on")?;
        Ok(Command::LookupJoin { index, on: self.list(Self::expression)? })
    }

    fn fork(&mut self) -> Read<Command> {
        let mut branches = Vec::new();
        self.expect("(")?;
        loop {
            let outer = std::mem::take(&mut self.comments);
            let branch = self.nested(|parser| {
                let first = parser.stage(Self::command, false);
                Ok(first.into_iter().chain(parser.commands(false)).collect())
            });
            self.comments = outer;
            branches.push(branch?);
            self.expect(")")?;
            if !self.eat("(") {
                return Ok(Command::Fork(branches));
            }
        }
    }

    fn fuse(&mut self) -> Read<Command> {
        let mut fuse = Fuse::default();
        for method in ["RRF", "LINEAR"] {
            if self.eat_word(method) {
                fuse.method = Some(method.to_owned());
                break;
            }
        }
        loop {
            if self.eat_word("score") {
                self.expect_word("by")?;
                fuse.score = Some(self.name()?);
            } else if self.eat_word("group") {
                self.expect_word("by")?;
                fuse.group = Some(self.name()?);
            } else if self.eat_word("key") {
                self.expect_word("by")?;
                fuse.key = self.list(Self::name)?;
            } else {
                fuse.with = self.with()?;
                return Ok(Command::Fuse(fuse));
            }
        }
    }

    fn change_point(&mut self) -> Read<Command> {
        let value = self.name()?;
        let on = if self.eat_word("on") { Some(self.name()?) } else { None };
        let names = if self.eat_word("as") {
            let kind = self.name()?;
            self.expect(",")?;
            Some((kind, self.name()?))
        } else {
            None
        };
        Ok(Command::ChangePoint { value, on, names })
    }

    fn completion(&mut self) -> Read<Command> {
        let name = self.assigned();
        let prompt = self.operand()?;
        Ok(Command::Completion { name, prompt, with: self.with()? })
    }

    fn rerank(&mut self) -> Read<Command> {
        let name = self.assigned();
        let query = self.operand()?;
        self.expect_word("on")?;
        let on = self.list(Self::assignment)?;
        Ok(Command::Rerank { name, query, on, with: self.with()? })
    }

    fn parts(&mut self, command: &str) -> Read<Command> {
        let Some(prefix) = self.assigned() else {
            return self.expected("`prefix = value`");
        };
        let value = self.expression()?;
        Ok(Command::Parts { command: command.to_owned(), prefix, value, with: self.with()? })
    }

    /// `WITH {...}`, if it is next.
    fn with(&mut self) -> Read<Option<Options>> {
        if self.eat_word("with") { self.options().map(Some) } else { Ok(None) }
    }
}
