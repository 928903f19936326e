//! Conditions: fields with their values, free text, `CIDR(...)`.

use super::Parser;
use crate::language::datadog::{At, Clause, Field, Query, Scope, Tree, Value, ValueKind};
use crate::language::datadog::{field::Presence, lexis};
use crate::language::kit::QueryError;
use crate::query::{Cidr, Pattern};

impl Parser<'_> {
    /// One condition, without what stands before it.
    pub(super) fn clause(&mut self) -> Option<Query> {
        let start = self.cursor.at();
        if self.cursor.eat("CIDR(") {
            let clause = self.cidr(start);
            if clause.is_none() {
                // The `)` is that of `CIDR(`, not of a group around.
                self.cursor.take_while(|c| c != ')');
                self.cursor.eat(")");
            }
            return clause;
        }
        if self.cursor.eat("*:") {
            return self.everywhere(start);
        }
        match self.cursor.peek() {
            Some('@') => self.sigil(start, Field::Attribute),
            Some('#') => self.sigil(start, Field::Calculated),
            Some('"') => {
                let text = self.quoted()?;
                if self.cursor.peek() == Some(':') {
                    let span = self.cursor.span_from(start);
                    let error = QueryError::syntax(span, "the name of a field cannot be quoted");
                    return self.fail(error.help("escape its special characters with `\\`"));
                }
                self.free_text(start, Scope::Message, text)
            }
            Some(c) if lexis::cannot_start(c) => {
                let error = self.forbidden(self.cursor.here(), c);
                self.fail(error)
            }
            _ => {
                let text = self.term(|_| false)?;
                if self.cursor.peek() == Some(':') {
                    let name = self.name(start, &text)?;
                    self.bare(start, name)
                } else {
                    self.free_text(start, Scope::Message, text)
                }
            }
        }
    }

    /// What follows `*:`.
    fn everywhere(&mut self, start: usize) -> Option<Query> {
        let here = self.cursor.here();
        let text = match self.cursor.peek() {
            Some('"') => self.quoted()?,
            Some(c) if !lexis::cannot_start(c) => self.term(|_| false)?,
            _ => {
                let error = QueryError::syntax(here, "a word or quoted text is missing after `*:`");
                return self.fail(error.help("full-text search takes one term: `*:word`"));
            }
        };
        self.free_text(start, Scope::Everywhere, text)
    }

    fn free_text(&mut self, start: usize, scope: Scope, text: Pattern) -> Option<Query> {
        let at = At(self.cursor.span_from(start));
        self.end_of_value(start)?;
        let clause = if text.is_any() { Clause::All } else { Clause::FreeText { scope, text, at } };
        Some(Tree::Leaf(clause))
    }

    /// `@name:...` or `#name:...`
    fn sigil(&mut self, start: usize, field: fn(String) -> Field) -> Option<Query> {
        self.cursor.bump();
        let text = self.term(|_| false)?;
        let name = self.name(start, &text)?;
        if self.cursor.peek() != Some(':') {
            let (raw, span) = (self.raw(start), self.cursor.span_from(start));
            let error = QueryError::syntax(span, format!("`{raw}` has no value"));
            return self.fail(error.help(format!("write `{raw}:*` to ask whether it is there")));
        }
        self.values(start, field(name))
    }

    /// The text of a term as the name of a field.
    fn name(&mut self, start: usize, text: &Pattern) -> Option<String> {
        let span = self.cursor.span_from(start);
        match text.as_literal() {
            Some("") => {
                let error = QueryError::syntax(span, "the name of the field is missing");
                self.fail(error.help("write `@name:value`"))
            }
            Some(name) => Some(name.to_owned()),
            None => {
                let error = QueryError::syntax(span, "wildcards work in values, not in names");
                self.fail(error.help("name the field, or search everywhere with `*:value`"))
            }
        }
    }

    /// `name:...`; the cursor is at the colon.
    fn bare(&mut self, start: usize, name: String) -> Option<Query> {
        match Presence::of(&name) {
            Some(presence) => self.presence(start, presence),
            None => self.values(start, Field::Bare(name)),
        }
    }

    /// `:value` or `:(value OR value)` of a field. A blank after the colon is no harm, as in the
    /// open parser.
    fn values(&mut self, start: usize, field: Field) -> Option<Query> {
        self.cursor.bump();
        let colon = self.cursor.span_from(start);
        self.skip_blanks();
        let values = match self.cursor.peek() {
            None | Some(')') => {
                let error = QueryError::syntax(colon, "the field has no value");
                self.fail(error.help("write `\"\"` for the empty text, `*` for any value"))
            }
            Some('(') => self.group(Parser::value),
            Some(_) => self.value(),
        }?;
        let at = At(self.cursor.span_from(start));
        Some(Tree::Leaf(Clause::Match { field, values, at }))
    }

    /// `_exists_:@f` and `_missing_:@f` of the open parser, as what the docs write for them: `@f:*`
    /// and `-@f:*`.
    fn presence(&mut self, start: usize, presence: Presence) -> Option<Query> {
        self.cursor.bump();
        self.skip_blanks();
        let quoted = self.cursor.peek() == Some('"');
        let text = if quoted { self.quoted()? } else { self.term(|_| false)? };
        let name = self.name(start, &text)?;
        let at = At(self.cursor.span_from(start));
        self.end_of_value(start)?;
        let field = match name.strip_prefix('@') {
            Some(name) => Field::Attribute(name.to_owned()),
            None => Field::Bare(name),
        };
        let values = Tree::Leaf(Value { kind: ValueKind::Text(Pattern::any()), at });
        let there = Tree::Leaf(Clause::Match { field, values, at });
        Some(match presence {
            Presence::Exists => there,
            Presence::Missing => there.negated(),
        })
    }

    /// What follows `CIDR(`.
    fn cidr(&mut self, start: usize) -> Option<Query> {
        let ends = |c: char| c == ',';
        self.skip_blanks();
        let name_start = self.cursor.at();
        let attribute = self.cursor.eat("@");
        let text = self.term(ends)?;
        let name = self.name(name_start, &text)?;
        let field = if attribute { Field::Attribute(name) } else { Field::Bare(name) };
        let mut nets = Vec::new();
        loop {
            self.skip_blanks();
            if !self.cursor.eat(",") {
                break;
            }
            self.skip_blanks();
            nets.push(self.net()?);
        }
        let closed = !nets.is_empty() && self.cursor.eat(")");
        let at = At(self.cursor.span_from(start));
        if !closed {
            let error = QueryError::syntax(at.0, "this is not a list of networks");
            return self.fail(error.help("write `CIDR(@field,10.0.0.0/8,192.168.0.0/16)`"));
        }
        Some(Tree::Leaf(Clause::Cidr { field, nets, at }))
    }

    fn net(&mut self) -> Option<Cidr> {
        let start = self.cursor.at();
        let raw = self.cursor.take_while(|c| !c.is_whitespace() && c != ',' && c != ')');
        match Cidr::parse(raw) {
            Some(net) => Some(net),
            None => {
                let span = self.cursor.span_from(start);
                let error = QueryError::syntax(span, format!("`{raw}` is not a network"));
                let help = "write an address and the length of its prefix, with all bits after \
                            the prefix zero: `10.0.0.0/8`";
                self.fail(error.help(help))
            }
        }
    }
}
