//! From one test to one condition, by the mapping of its field.
//!
//! | code | kind | when |
//! |---|---|---|
//! | `ascii-case` | assumption | any case is asked for of a letter beyond ASCII, which EQL does not fold |
//! | `ascii-classes` | assumption | `\d`, `\w`, `\s` and `\b` are written out for ASCII |
//! | `canonical-form` | assumption | the platform compares numbers and addresses by value |
//! | `case`, `fixed-case` | loss, assumption | leaves of flattened fields are exact |
//! | `empty-dropped` | assumption | `null` never reaches the index |
//! | `flattened-wildcard` | refusal | leaves of flattened fields take no pattern but `text*` |
//! | `field-type` | assumption | a literal is a number or a text, and no table has the field's type |
//! | `keyword-sub-field` | assumption | EQL looks at the whole values of a text field in its sub-field |
//! | `single-valued` | assumption | two fields are equal if each starts with the other |

use super::expression::{Comparison, Expression, Literal, Lookup, Node};
use super::function::Function;
use super::lookup::folds_ascii;
use super::raise::{boolean, field};
use crate::language::kit::lucene_regex::to_lucene;
use crate::query::{
    Affix, Case, FieldFacts, FieldPath, FieldType, Ledger, Number, Op, Part, Pattern, Regex,
    Schema, Test,
};

/// Raises a test to a condition that is null where the field is missing. After a refusal the
/// result does not matter.
pub(super) fn raise_test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Node {
    let Some(path) = test.path() else {
        let reason = "EQL cannot look for a value without a field";
        ledger.refuse("free-text", None, reason);
        return boolean(true);
    };
    let mut facts = schema.facts(path);
    // A literal of EQL has a type, and so have its fields.
    if let Some(kind) = facts.taken_for.filter(|_| facts.kind == FieldType::Keyword)
        && matches!(test.op, Op::Matches { .. } | Op::Compare { .. })
    {
        facts.kind = kind;
        ledger.assume_type(path, kind);
    }
    let mut subject = Subject { path, facts: &facts, ledger };
    match &test.op {
        Op::Exists => subject.exists(),
        Op::Null => subject.null(),
        Op::Matches { pattern, .. } if pattern.is_any() => {
            subject.ledger.assume_no_object(path, &facts);
            subject.exists()
        }
        Op::Matches { pattern, case } => subject.matches(pattern, *case),
        Op::Regex(regex) => subject.regex(regex),
        Op::Compare { order, number } => subject.compare(*order, *number),
        Op::Cidr(cidr) if facts.kind == FieldType::Ip => subject.network(*cidr),
        Op::Cidr(_) => subject.refuse("cidr-on-text", "networks can only be told on `ip` fields"),
        Op::Field { other, affix, case } => {
            let both = [&facts, &schema.facts(other)];
            if *affix == Affix::Whole && both.iter().any(|facts| facts.many) {
                let reason = format!("EQL cannot tell which values of it and `{other}` are equal");
                return subject.refuse("field-comparison", &reason);
            }
            let single = both.iter().all(|facts| facts.single);
            subject.other_field(other, *affix, *case, single)
        }
        Op::Words(_) => subject.refuse("words", "EQL cannot look for words"),
        Op::Time { .. } => subject.refuse("time-part", "EQL cannot look at a part of a date"),
    }
}

/// A field as a value.
pub(super) fn value(path: &FieldPath) -> Node {
    Expression::Field(field(path)).into()
}

pub(super) fn text(text: impl Into<String>) -> Node {
    Expression::Literal(Literal::Text(text.into())).into()
}

pub(super) fn number(number: Number) -> Node {
    let integer = number.get() as i64;
    // Within 2^53, where every integer is exact.
    let whole = number.get().abs() <= 9e15 && integer as f64 == number.get();
    let literal = if whole { Literal::Integer(integer) } else { Literal::Decimal(number) };
    Expression::Literal(literal).into()
}

pub(super) fn call(function: Function, insensitive: bool, arguments: Vec<Node>) -> Node {
    Expression::Call { function, insensitive, arguments }.into()
}

/// The field of a test, and the book that its costs go into.
pub(super) struct Subject<'a> {
    pub(super) path: &'a FieldPath,
    pub(super) facts: &'a FieldFacts,
    ledger: &'a mut Ledger,
}

impl Subject<'_> {
    pub(super) fn refuse(&mut self, code: &'static str, reason: &str) -> Node {
        self.ledger.refuse(code, Some(self.path), format!("`{}`: {reason}", self.path));
        boolean(true)
    }

    pub(super) fn assume(&mut self, code: &'static str, reason: String) {
        self.ledger.assume(code, Some(self.path), reason);
    }

    pub(super) fn assume_type(&mut self, kind: FieldType) {
        self.ledger.assume_type(self.path, kind);
    }

    pub(super) fn compared(&self, operator: Comparison, right: Node) -> Node {
        let (left, right) = (Box::new(value(self.path)), Box::new(right));
        Expression::Compare { left, operator, right }.into()
    }

    pub(super) fn is(&self, literal: Node) -> Node {
        self.compared(Comparison::Equal, literal)
    }

    fn among(&self, operator: Lookup, literal: impl Into<String>) -> Node {
        let value = Box::new(value(self.path));
        Expression::Among { value, operator, list: vec![text(literal)] }.into()
    }

    fn exists(&self) -> Node {
        self.compared(Comparison::NotEqual, Expression::Literal(Literal::Null).into())
    }

    /// Elasticsearch does not index `null`, so no query finds it.
    fn null(&mut self) -> Node {
        if !self.facts.never_null {
            return self.refuse("null", "Elasticsearch cannot tell `null` from an absent field");
        }
        let reason = format!("`{}` is never `null`: empty values are dropped", self.path);
        self.assume("empty-dropped", reason);
        boolean(false)
    }

    fn matches(&mut self, pattern: &Pattern, case: Case) -> Node {
        match self.facts.kind {
            FieldType::Keyword => self.text_like(pattern, case),
            FieldType::Text => {
                self.by_whole_value();
                self.text_like(pattern, case)
            }
            FieldType::Flattened => {
                let pattern = self.ledger.exact_case(self.path, pattern, case, self.facts);
                match pattern.parts() {
                    [Part::Literal(start), Part::Any] => {
                        call(Function::StartsWith, false, vec![value(self.path), text(start)])
                    }
                    _ => match pattern.as_literal() {
                        Some(literal) => self.is(text(literal)),
                        None => self.refuse_on_flattened(),
                    },
                }
            }
            FieldType::Ip => self.address(pattern, case),
            FieldType::Number => self.number(pattern),
            FieldType::Boolean => {
                let literal = pattern.as_literal().map(|text| folded(text, case));
                match literal.as_deref() {
                    Some("true") => self.is(boolean(true)),
                    Some("false") => self.is(boolean(false)),
                    _ => self.refuse("not-a-boolean", "the field is `true` or `false`"),
                }
            }
            FieldType::Date => self.refuse("date", "EQL cannot compare dates as text"),
        }
    }

    fn refuse_on_flattened(&mut self) -> Node {
        let reason = "Elasticsearch takes only `text*` as a pattern on a leaf of a flattened field";
        self.refuse("flattened-wildcard", reason)
    }

    fn by_whole_value(&mut self) {
        let reason = format!("the text field `{}` has a sub-field of whole values", self.path);
        self.assume("keyword-sub-field", reason);
    }

    /// A pattern on an exact field.
    fn text_like(&mut self, pattern: &Pattern, case: Case) -> Node {
        let sign = |part: &Part| matches!(part, Part::Literal(text) if text.contains(['*', '?']));
        let signs = pattern.parts().iter().any(sign);
        if case == Case::Insensitive {
            folds_ascii(self.path, pattern, self.ledger);
        }
        match (pattern.as_literal(), case) {
            (Some(literal), Case::Sensitive) => self.is(text(literal)),
            // Wildcards cannot be escaped, but `in~` has none.
            (Some(literal), Case::Insensitive) if signs => self.among(Lookup::InAnyCase, literal),
            _ if signs => self.pattern_as_regex(pattern, case),
            (_, Case::Sensitive) => self.among(Lookup::Like, written(pattern)),
            (_, Case::Insensitive) => self.among(Lookup::Is, written(pattern)),
        }
    }

    /// A pattern in which `*` or `?` stands for itself.
    fn pattern_as_regex(&mut self, pattern: &Pattern, case: Case) -> Node {
        let part = |part: &Part| match part {
            Part::Any => ".*".to_owned(),
            Part::One => ".".to_owned(),
            Part::Literal(text) => regex::escape(text),
        };
        let source: String = pattern.parts().iter().map(part).collect();
        let flags = if case == Case::Insensitive { "is" } else { "s" };
        match Regex::new(&format!("^{source}$"), flags) {
            Ok(regex) => self.regex(&regex),
            Err(error) => self.refuse("regex", &error.to_string()),
        }
    }

    fn regex(&mut self, regex: &Regex) -> Node {
        match self.facts.kind {
            FieldType::Keyword => {}
            FieldType::Text => self.by_whole_value(),
            FieldType::Flattened => return self.refuse_on_flattened(),
            _ => return self.refuse("regex", "only texts can match an expression"),
        }
        match to_lucene(regex) {
            Ok(lucene) => {
                if lucene.ascii_classes {
                    let reason = format!(
                        "`{}` holds no digits, letters or blanks beyond ASCII where {regex:?} asks for some",
                        self.path
                    );
                    self.assume("ascii-classes", reason);
                }
                if lucene.plain_letters {
                    let reason = format!("`{}` spells `k` and `s` as anyone does", self.path);
                    self.assume("plain-letters", reason);
                }
                let operator =
                    if lucene.insensitive { Lookup::RegexAnyCase } else { Lookup::Regex };
                self.among(operator, lucene.source)
            }
            Err(refusal) => {
                let reason = format!("Lucene's regular expressions cannot say it: {refusal}");
                self.refuse("regex", &reason)
            }
        }
    }

    /// EQL compares two fields by their ends only. Two texts are equal if each starts with the
    /// other.
    fn other_field(&mut self, other: &FieldPath, affix: Affix, case: Case, single: bool) -> Node {
        let insensitive = case == Case::Insensitive;
        let holds = |function, one: &FieldPath, other: &FieldPath| {
            call(function, insensitive, vec![value(one), value(other)])
        };
        match affix {
            Affix::Start => holds(Function::StartsWith, self.path, other),
            Affix::End => holds(Function::EndsWith, self.path, other),
            Affix::Within => holds(Function::StringContains, self.path, other),
            Affix::Whole => {
                if !single {
                    let reason = format!("`{}` and `{other}` have one value each", self.path);
                    self.assume("single-valued", reason);
                }
                Expression::And(vec![
                    holds(Function::StartsWith, self.path, other),
                    holds(Function::StartsWith, other, self.path),
                ])
                .into()
            }
        }
    }
}

/// The pattern with EQL's wildcards.
fn written(pattern: &Pattern) -> String {
    let part = |part: &Part| match part {
        Part::Any => "*".to_owned(),
        Part::One => "?".to_owned(),
        Part::Literal(text) => text.clone(),
    };
    pattern.parts().iter().map(part).collect()
}

pub(super) fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => text.to_owned(),
        Case::Insensitive => text.to_ascii_lowercase(),
    }
}
