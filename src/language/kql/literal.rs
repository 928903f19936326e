//! From one test to one clause, by the mapping of its field: the way back of
//! [`lower`](super::lower()).
//!
//! | code | kind | when |
//! |---|---|---|
//! | `case`, `fixed-case` | loss, assumption | any letter case is asked for, keywords are exact |
//! | `single-character-wildcard` | loss | KQL has no `?`; `*` is wider |
//! | `blank-at-end` | loss | Kibana cuts blanks off the ends of a pattern; `*` is wider |
//! | `analysed-text` | loss, refusal | the field knows its words only |
//! | `canonical-form` | assumption | the platform compares numbers and addresses by value |
//! | `empty-dropped` | assumption | `null` never reaches the index |
//! | `null-dropped` | loss | `null` is an absent field there |
//! | `cidr-on-text` | refusal | patterns cannot tell the network |
//! | `flattened-wildcard` | refusal | leaves of flattened fields take no pattern but `text*` |
//! | `regex` | refusal | the expression says more than patterns can |
//! | `keyword-mapping` | assumption | the field is a keyword, so a pattern may hold blanks |
//! | `not-an-object` | assumption | `*` asks for any text; what is there may be no text |

use super::ast::{Bound, Clause, Literal, Located, Node, Query};
use super::raise::Raised;
use super::{anywhere, regex};
use crate::language::kit::elasticsearch::address;
use crate::query::{
    Case, Cidr, Effect, FieldFacts, FieldPath, FieldType, Ledger, Number, Op, Order, Part, Pattern,
    Schema, Test,
};

/// Raises a test. After a refusal the result does not matter.
pub(super) fn raise_test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Raised {
    let Some(path) = test.path() else { return anywhere::raise(&test.op, ledger) };
    let facts = schema.facts(path);
    let mut field = Field { path, facts: &facts, ledger };
    match &test.op {
        Op::Exists => field.is(Literal::any()),
        Op::Null => field.null(),
        Op::Matches { pattern, .. } if pattern.is_any() => {
            field.ledger.assume_no_object(path, &facts);
            field.is(Literal::any())
        }
        Op::Matches { pattern, case } => field.matches(pattern, *case),
        Op::Compare { order, number } => field.compare(*order, *number),
        Op::Cidr(cidr) if facts.kind == FieldType::Ip => {
            field.is(Literal::quoted(address::literal(*cidr)))
        }
        Op::Cidr(cidr) => field.network(*cidr),
        Op::Words(words) if facts.kind == FieldType::Text => field.is(plain(&words.join(" "))),
        Op::Words(_) => field.refuse("words", "words can only be told on analysed text"),
        Op::Regex(regex) => {
            regex::each_pattern(regex, Some(path), ledger, &mut |pattern, case, ledger| {
                Field { path, facts: &facts, ledger }.matches(pattern, case)
            })
        }
        Op::Field { .. } => field.refuse("field-to-field", "KQL cannot compare two fields"),
        Op::Time { .. } => field.refuse("time-part", "KQL cannot look at a part of a date"),
    }
}

/// The pattern with `*` for every `?`.
pub(super) fn without_single(
    pattern: &Pattern,
    path: Option<&FieldPath>,
    ledger: &mut Ledger,
) -> Pattern {
    if !pattern.parts().contains(&Part::One) {
        return pattern.clone();
    }
    let reason = format!("KQL has no wildcard for one character; in `{pattern}` it is `*`");
    ledger.lose("single-character-wildcard", Effect::Wider, path, reason);
    let wildcard = |part: &Part| if *part == Part::One { Part::Any } else { part.clone() };
    pattern.parts().iter().map(wildcard).collect()
}

/// The literal of a text: bare if it is a number, a boolean or one lower-case word, else quoted.
fn plain(text: &str) -> Literal {
    let word = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    // Bare, these would be or hold a keyword: `cannot` is followed by a blank sooner or later.
    let keyword = matches!(text, "or" | "and" | "null") || text.ends_with("not");
    let bare = (word && !keyword) || is_decimal(text);
    let unquoted = Literal::unquoted(Pattern::literal(text)).filter(|_| bare);
    unquoted.unwrap_or_else(|| Literal::quoted(text))
}

/// Digits with at most one point inside and a minus before them.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

/// The field of a test, and the book that its costs go into.
struct Field<'a> {
    path: &'a FieldPath,
    facts: &'a FieldFacts,
    ledger: &'a mut Ledger,
}

impl Field<'_> {
    fn is(&self, literal: Literal) -> Raised {
        Raised::When(Query::is(Literal::name(self.path.as_str()), Node::leaf(literal)))
    }

    fn refuse(&mut self, code: &'static str, reason: &str) -> Raised {
        self.ledger.refuse(code, Some(self.path), format!("`{}`: {reason}", self.path));
        Raised::refused()
    }

    fn assume(&mut self, code: &'static str, reason: String) {
        self.ledger.assume(code, Some(self.path), reason);
    }

    fn widen(&mut self, code: &'static str, reason: String) {
        self.ledger.lose(code, Effect::Wider, Some(self.path), reason);
    }

    /// Elasticsearch does not index `null`, so no query finds it.
    fn null(&mut self) -> Raised {
        if self.facts.never_null {
            let reason = format!("`{}` is never `null`: empty values are dropped", self.path);
            self.assume("empty-dropped", reason);
        } else {
            let reason = format!("`{}`: Elasticsearch takes `null` for an absent field", self.path);
            self.ledger.lose("null-dropped", Effect::Narrower, Some(self.path), reason);
        }
        Raised::Never
    }

    fn matches(&mut self, pattern: &Pattern, case: Case) -> Raised {
        match self.facts.kind {
            FieldType::Keyword | FieldType::Flattened => {
                let pattern = self.ledger.exact_case(self.path, pattern, case, self.facts);
                match pattern.as_literal() {
                    Some(text) => self.is(plain(text)),
                    None => self.wildcard(&pattern),
                }
            }
            FieldType::Text => self.text(pattern, case),
            FieldType::Ip => self.address(pattern, case),
            FieldType::Number => self.number(pattern),
            FieldType::Boolean => match pattern.as_literal().map(|text| folded(text, case)) {
                Some(text) if text == "true" || text == "false" => self.is(plain(&text)),
                _ => self.refuse("not-a-boolean", "the field is `true` or `false`"),
            },
            FieldType::Date => self.refuse("date", "KQL cannot compare dates as text"),
        }
    }

    /// A pattern on an exact field.
    fn wildcard(&mut self, pattern: &Pattern) -> Raised {
        let pattern = without_single(pattern, Some(self.path), self.ledger);
        let (literal, pattern) = match Literal::unquoted(pattern.clone()) {
            Some(literal) => (literal, pattern),
            None => {
                let reason =
                    format!("Kibana cuts the blanks off the ends of `{pattern}`; `*` stands there");
                self.widen("blank-at-end", reason);
                let pattern = pattern.with_any_before().with_any_after();
                (Literal::unquoted(pattern.clone()).unwrap_or_else(Literal::any), pattern)
            }
        };
        let holds_blank = pattern
            .parts()
            .iter()
            .any(|part| matches!(part, Part::Literal(text) if text.contains(char::is_whitespace)));
        let prefix = matches!(pattern.parts(), [Part::Literal(_), Part::Any]);
        if self.facts.kind == FieldType::Flattened && (holds_blank || !prefix) {
            // elastic/elasticsearch issues 43805 and 157064: such a query fails on every run.
            let reason =
                "Elasticsearch takes only `text*` as a pattern on a leaf of a flattened field";
            return self.refuse("flattened-wildcard", reason);
        }
        if holds_blank {
            let reason = format!(
                "Kibana knows that `{}` is a keyword and nothing else, and does not split patterns at blanks",
                self.path
            );
            self.assume("keyword-mapping", reason);
        }
        self.is(literal)
    }

    /// A whole-text pattern on analysed text, of which only the words are known.
    fn text(&mut self, pattern: &Pattern, case: Case) -> Raised {
        let word = |text: &str| text.chars().all(char::is_alphanumeric);
        match pattern.parts() {
            [Part::Literal(text)] if text.contains(char::is_alphanumeric) => {
                let reason = format!(
                    "`{}` is analysed: it holds `{text}` wherever the words stand",
                    self.path
                );
                self.widen("analysed-text", reason);
                self.is(Literal::quoted(text.as_str()))
            }
            [Part::Any, Part::Literal(text), Part::Any] if word(text) => {
                if case == Case::Sensitive && !pattern.is_caseless() {
                    let reason = format!("`{}` is analysed: letter case is lost", self.path);
                    self.widen("analysed-text", reason);
                }
                match Literal::unquoted(pattern.clone()) {
                    Some(literal) => self.is(literal),
                    None => self.refuse("analysed-text", "the pattern cannot be told"),
                }
            }
            _ => self.refuse("analysed-text", "the field knows its words, not its whole text"),
        }
    }

    /// A pattern on a field of numbers: one number, as the field itself writes it.
    fn number(&mut self, pattern: &Pattern) -> Raised {
        let number = pattern.as_literal().and_then(|text| text.parse().ok()).and_then(Number::new);
        match number.map(|number| number.to_string()) {
            Some(text) if pattern.as_literal() == Some(&text) => {
                self.by_value("numbers");
                self.is(plain(&text))
            }
            _ => self.refuse("not-a-number", "the field is a number, the pattern is none"),
        }
    }

    /// A pattern on a field of addresses: an address, as the field itself writes it, or octets
    /// that make a network.
    fn address(&mut self, pattern: &Pattern, case: Case) -> Raised {
        let literal = match pattern.as_literal() {
            Some(text) => address::canonical(&folded(text, case)),
            None => address::of_octets(pattern).map(address::literal),
        };
        let Some(literal) = literal else {
            return self.refuse("not-an-address", "the field is an address, the pattern is none");
        };
        // An IPv4 address has one form only.
        if literal.contains(':') {
            self.by_value("addresses");
        }
        self.is(Literal::quoted(literal))
    }

    /// A network on a field that holds addresses as text.
    fn network(&mut self, cidr: Cidr) -> Raised {
        let exact = matches!(self.facts.kind, FieldType::Keyword | FieldType::Flattened);
        match address::patterns(cidr).filter(|_| exact) {
            Some(patterns) => {
                self.by_value("addresses");
                let raised = patterns.iter().map(|one| self.matches(one, Case::Sensitive));
                regex::any(raised.collect())
            }
            None => self.refuse("cidr-on-text", "this network can only be told on an `ip` field"),
        }
    }

    fn by_value(&mut self, what: &str) {
        let reason = format!(
            "the {what} in `{}` are always written in one way, so equal text is equal value",
            self.path
        );
        self.assume("canonical-form", reason);
    }

    /// Whether ranges of the field go by numbers: a table says so, or none says otherwise.
    fn is_numeric(&mut self, kind: FieldType) -> bool {
        let unknown = kind == FieldType::Keyword && !self.facts.typed;
        if unknown {
            self.ledger.assume_type(self.path, FieldType::Number);
        }
        unknown || kind == FieldType::Number
    }

    fn compare(&mut self, order: Order, number: Number) -> Raised {
        let literal = plain(&number.to_string());
        let bound = Bound::of(order);
        match (self.facts.kind, bound) {
            (FieldType::Number, None) => self.is(literal),
            (FieldType::Keyword | FieldType::Flattened, None) => {
                self.by_value("numbers");
                self.is(literal)
            }
            (kind, Some(bound)) if self.is_numeric(kind) => {
                let field = Located::from(Literal::name(self.path.as_str()));
                Raised::When(Node::leaf(Clause::Range { field, bound, literal: literal.into() }))
            }
            _ => self.refuse(
                "numeric-comparison",
                "only number fields are compared as numbers; others go by characters or not at all",
            ),
        }
    }
}

fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => text.to_owned(),
        Case::Insensitive => text.to_ascii_lowercase(),
    }
}
