//! From one test to one term, by the mapping of its field: the way back of
//! [`term`](super::term).
//!
//! | code | kind | when |
//! |---|---|---|
//! | `plain-letters` | assumption | any letter case is asked for: `/[Cc][Mm][Dd]/` |
//! | `fixed-case` | assumption | the same, but the field's values have one known spelling |
//! | `case` | loss | the same, where no expression can be written, or it is too long |
//! | `ascii-classes` | assumption | `\d`, `\w`, `\s` and `\b` are those of ASCII |
//! | `default-fields` | assumption | a value is looked for in all fields |
//! | `analysed-text` | loss, refusal | the field knows its words only |
//! | `canonical-form` | assumption | the platform compares numbers and addresses by value |
//! | `empty-dropped` | assumption | `null` never reaches the index |
//! | `flattened-wildcard` | refusal | leaves of flattened fields take no pattern but `text*` |
//! | `not-an-object` | assumption | `*` asks for any text; what is there may be no text |
//! | `field-name` | refusal | a name with a star in it means many fields |
//! | `regex-dialect` | refusal | Lucene's expressions lack what the rule's uses |

use super::ast::{FieldName, Query, Term};
use super::atom::{Comparison, Expression, Wildcard, Words};
use super::chars::OPERATORS;
use super::lower::EXISTS;
use super::raise::Raised;
use super::term::{assume_default_fields, assume_plain_letters};
use super::{network, text};
use crate::language::kit::lucene_regex::{self, LuceneRegex, RegexRefusal, pattern_has_third_case};
use crate::query::{
    Case, Effect, FieldFacts, FieldPath, FieldType, Ledger, Number, Op, Order, Part, Pattern,
    Regex, Schema, Test,
};

/// Raises a test. After a refusal the result does not matter.
pub(super) fn raise_test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Raised {
    let Some(path) = test.path() else { return anywhere(&test.op, ledger) };
    let facts = schema.facts(path);
    let mut field = Field { path, facts: &facts, ledger };
    if path.as_str().is_empty() || path.as_str().contains('*') {
        return field.refuse("field-name", "a name with a star in it means all fields like it");
    }
    match &test.op {
        Op::Exists => field.exists(),
        Op::Null => field.null(),
        Op::Matches { pattern, .. } if pattern.is_any() => {
            field.ledger.assume_no_object(path, &facts);
            field.exists()
        }
        Op::Matches { pattern, case } => field.matches(pattern, *case),
        Op::Compare { order, number } => field.compare(*order, *number),
        Op::Regex(regex) => field.regex(regex),
        Op::Cidr(cidr) => network::raise(*cidr, &mut field),
        Op::Words(words) if facts.kind == FieldType::Text => field.is(plain(&words.join(" "))),
        Op::Words(_) => field.refuse("words", "words can only be told on analysed text"),
        Op::Field { .. } => {
            field.refuse("field-to-field", "query strings cannot compare two fields")
        }
        Op::Time { .. } => {
            field.refuse("time-part", "query strings cannot look at a part of a date")
        }
    }
}

/// A test of all values. Words and phrases would be analysed as each field is, so the value is
/// told as an expression, which is held against whole values as they stand.
fn anywhere(op: &Op, ledger: &mut Ledger) -> Raised {
    let expression = match op {
        Op::Matches { pattern, case } if !pattern.is_any() => {
            if *case == Case::Insensitive {
                assume_plain_letters(pattern_has_third_case(pattern), None, ledger);
            }
            lucene_regex::pattern_to_lucene(pattern, *case)
        }
        Op::Regex(regex) => lucene_regex::to_lucene_spelt_out(regex),
        _ => {
            let reason = "query strings look for texts, not for this, in all fields";
            ledger.refuse("free-text", None, reason);
            return Raised::refused();
        }
    };
    let written = expression.and_then(|regex| {
        note_costs(&regex, None, ledger);
        written(&regex)
    });
    match written {
        Ok(term) => {
            assume_default_fields(ledger);
            Raised::When(Query::term(term))
        }
        Err(refusal) => {
            ledger.refuse("regex-dialect", None, format!("Lucene cannot say {refusal}"));
            Raised::refused()
        }
    }
}

/// The term of a text: bare if it is one word of plain characters, else in quotes.
pub(super) fn plain(text: &str) -> Term {
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let word = text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(in_word);
    let bare = word && !OPERATORS.contains(&text);
    match Words::one(text).filter(|_| bare) {
        Some(words) => Term::Words(words),
        None => Term::Phrase { text: text.to_owned(), slop: None },
    }
}

/// The term of an expression.
fn written(regex: &LuceneRegex) -> Result<Term, RegexRefusal> {
    let expression = Expression::escaped(&regex.source);
    expression.map(Term::Regex).ok_or_else(|| RegexRefusal("a backslash at the end".into()))
}

/// Notes what an expression in Lucene's dialect leans on.
fn note_costs(regex: &LuceneRegex, field: Option<&FieldPath>, ledger: &mut Ledger) {
    assume_plain_letters(regex.plain_letters, field, ledger);
    if regex.ascii_classes {
        let reason = "`\\d`, `\\w`, `\\s` and `\\b` are those of ASCII, as the values are";
        ledger.assume("ascii-classes", field, reason);
    }
}

/// The field of a test, and the book that its costs go into.
pub(super) struct Field<'a> {
    pub(super) path: &'a FieldPath,
    pub(super) facts: &'a FieldFacts,
    pub(super) ledger: &'a mut Ledger,
}

impl Field<'_> {
    pub(super) fn is(&self, term: Term) -> Raised {
        Raised::When(Query::field(FieldName::new(self.path.as_str()), Query::term(term)))
    }

    pub(super) fn refuse(&mut self, code: &'static str, reason: &str) -> Raised {
        self.ledger.refuse(code, Some(self.path), format!("`{}`: {reason}", self.path));
        Raised::refused()
    }

    pub(super) fn widen(&mut self, code: &'static str, reason: String) {
        self.ledger.lose(code, Effect::Wider, Some(self.path), reason);
    }

    pub(super) fn by_value(&mut self, what: &str) {
        let reason = format!(
            "the {what} in `{}` are always written in one way, so equal text is equal value",
            self.path
        );
        self.ledger.assume("canonical-form", Some(self.path), reason);
    }

    /// `_exists_:path`
    fn exists(&self) -> Raised {
        let name = match Words::one(self.path.as_str()) {
            Some(words) => Term::Words(words),
            None => Term::Phrase { text: self.path.as_str().to_owned(), slop: None },
        };
        Raised::When(Query::field(FieldName::new(EXISTS), Query::term(name)))
    }

    /// Elasticsearch does not index `null`, so no query finds it.
    fn null(&mut self) -> Raised {
        if !self.facts.never_null {
            return self.refuse("null", "Elasticsearch cannot tell `null` from an absent field");
        }
        let reason = format!("`{}` is never `null`: empty values are dropped", self.path);
        self.ledger.assume("empty-dropped", Some(self.path), reason);
        Raised::Never
    }

    fn matches(&mut self, pattern: &Pattern, case: Case) -> Raised {
        match self.facts.kind {
            FieldType::Keyword => self.keyword(pattern, case),
            FieldType::Flattened => {
                let pattern = self.ledger.exact_case(self.path, pattern, case, self.facts);
                let prefix = matches!(pattern.parts(), [Part::Literal(_), Part::Any]);
                if pattern.as_literal().is_none() && !prefix {
                    // elastic/elasticsearch issues 43805 and 157064.
                    let reason = "Elasticsearch takes only `text*` as a pattern on a leaf of a flattened field";
                    return self.refuse("flattened-wildcard", reason);
                }
                self.exact(&pattern)
            }
            FieldType::Text => text::raise(pattern, case, self),
            FieldType::Ip => network::of_pattern(pattern, case, self),
            FieldType::Number => self.number(pattern),
            FieldType::Boolean => match pattern.as_literal().map(|text| folded(text, case)) {
                Some(text) if text == "true" || text == "false" => self.is(plain(&text)),
                _ => self.refuse("not-a-boolean", "the field is `true` or `false`"),
            },
            FieldType::Date => self.refuse("date", "query strings cannot compare dates as text"),
        }
    }

    /// A pattern on an exact field, in the letter case that it asks for.
    fn keyword(&mut self, pattern: &Pattern, case: Case) -> Raised {
        if let Some(pattern) = self.ledger.known_case(self.path, pattern, case, self.facts) {
            return self.exact(&pattern);
        }
        match lucene_regex::pattern_to_lucene(pattern, case).and_then(|regex| written(&regex)) {
            Ok(term) => {
                assume_plain_letters(pattern_has_third_case(pattern), Some(self.path), self.ledger);
                self.is(term)
            }
            Err(_) => {
                let pattern = self.ledger.exact_case(self.path, pattern, case, self.facts);
                self.exact(&pattern)
            }
        }
    }

    /// A pattern in the letter case of the field.
    fn exact(&self, pattern: &Pattern) -> Raised {
        match pattern.as_literal() {
            Some(text) => self.is(plain(text)),
            None => self
                .is(Term::Wildcard(Wildcard::new(pattern.clone()).unwrap_or_else(Wildcard::any))),
        }
    }

    fn regex(&mut self, regex: &Regex) -> Raised {
        match self.facts.kind {
            FieldType::Keyword => {}
            FieldType::Text => {
                return self.refuse("analysed-text", "an expression would be held against words");
            }
            _ => return self.refuse("regex", "only keywords are held against expressions"),
        }
        let term = lucene_regex::to_lucene_spelt_out(regex).and_then(|regex| {
            note_costs(&regex, Some(self.path), self.ledger);
            written(&regex)
        });
        match term {
            Ok(term) => self.is(term),
            Err(refusal) => self.refuse("regex-dialect", &format!("Lucene cannot say {refusal}")),
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

    /// Whether ranges of the field go by numbers: a table says so, or none says otherwise.
    fn is_numeric(&mut self, kind: FieldType) -> bool {
        let unknown = kind == FieldType::Keyword && !self.facts.typed;
        if unknown {
            self.ledger.assume_type(self.path, FieldType::Number);
        }
        unknown || kind == FieldType::Number
    }

    fn compare(&mut self, order: Order, number: Number) -> Raised {
        let number = number.to_string();
        let comparison = Comparison::new(order, number.as_str());
        match (self.facts.kind, comparison) {
            (FieldType::Number, None) => self.is(plain(&number)),
            (kind, Some(comparison)) if self.is_numeric(kind) => self.is(Term::Compare(comparison)),
            (FieldType::Keyword | FieldType::Flattened, None) => {
                self.by_value("numbers");
                self.is(plain(&number))
            }
            _ => self.refuse(
                "numeric-comparison",
                "only number fields are compared as numbers; others go by characters or not at all",
            ),
        }
    }
}

pub(super) fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => text.to_owned(),
        Case::Insensitive => text.to_ascii_lowercase(),
    }
}
