//! One test as one clause.

use super::regex::each_pattern;
use super::{refused, shape};
use crate::language::datadog::field::{MESSAGE, Presence, TAGS};
use crate::language::datadog::{
    At, Clause, Field, Limit, Query, Scope, Sign, Tree, Value, ValueKind,
};
use crate::query::{
    Case, Effect, FieldPath, Ledger, Number, Op, Order, Part, Pattern, Schema, Subject, Test,
};

/// Writes one test as a clause.
pub(super) fn raise_test(test: &Test, schema: &dyn Schema, ledger: &mut Ledger) -> Query {
    let path = match &test.subject {
        Subject::Event => return raise_anywhere(&test.op, ledger),
        Subject::Field(path) => path,
    };
    let Some(field) = Field::of(path) else {
        let reason = format!("Datadog logs have no field `{path}`");
        return refused(ledger, "no-such-field", Some(path), reason);
    };
    if has_control(path.as_str()) {
        let reason = "the name of the field holds a control character";
        return refused(ledger, "control-character", Some(path), reason);
    }
    match &test.op {
        Op::Exists => raise_exists(field, path, schema, ledger),
        Op::Null => raise_null(path, schema, ledger),
        Op::Matches { pattern, case } => raise_text(field, path, pattern, *case, schema, ledger),
        Op::Compare { order, number } => raise_number(field, path, *order, *number, ledger),
        Op::Cidr(net) if path.as_str() != TAGS => {
            Tree::Leaf(Clause::Cidr { field, nets: vec![*net], at: At::default() })
        }
        Op::Words(words) if path.as_str() == MESSAGE => {
            raise_words(Scope::Message, words, Some(path), ledger)
        }
        Op::Regex(regex) => {
            each_pattern(regex, Some(path), ledger, &mut |pattern, case, ledger| {
                raise_text(field.clone(), path, pattern, case, schema, ledger)
            })
        }
        op => refuse_op(op, path, ledger),
    }
}

fn clause(field: Field, kind: ValueKind) -> Query {
    let values = Tree::Leaf(Value::new(kind));
    Tree::Leaf(Clause::Match { field, values, at: At::default() })
}

fn refuse_op(op: &Op, path: &FieldPath, ledger: &mut Ledger) -> Query {
    let (code, reason) = match op {
        Op::Field { .. } => ("field-comparison", "Datadog log search cannot compare two fields"),
        Op::Time { .. } => ("time-part", "Datadog log search cannot look at parts of a date"),
        Op::Words(_) => ("words", "Datadog splits only the message into words"),
        _ => ("tag-test", "Datadog compares tags as text only"),
    };
    refused(ledger, code, Some(path), reason)
}

fn raise_exists(field: Field, path: &FieldPath, schema: &dyn Schema, ledger: &mut Ledger) -> Query {
    if !schema.facts(path).never_null {
        // The open matcher takes `null` for a text; the docs are silent. See `lower`.
        let reason = format!("Datadog takes a `null` in `{path}` for no value");
        ledger.assume("null-is-absent", Some(path), reason);
    }
    clause(field, ValueKind::Text(Pattern::any()))
}

fn raise_null(path: &FieldPath, schema: &dyn Schema, ledger: &mut Ledger) -> Query {
    if schema.facts(path).never_null {
        ledger.assume("never-null", Some(path), format!("`{path}` is never `null`"));
    } else {
        let reason = format!("`{path}`: Datadog log search has no test for `null`");
        ledger.lose("null", Effect::Narrower, Some(path), reason);
    }
    shape::nothing()
}

fn raise_number(
    field: Field,
    path: &FieldPath,
    order: Order,
    number: Number,
    ledger: &mut Ledger,
) -> Query {
    if path.as_str() == TAGS {
        return refused(ledger, "tag-test", Some(path), "Datadog compares tags as text only");
    }
    if !number.is_exact() {
        let reason = "numbers from 2^53 on cannot be compared exactly";
        return refused(ledger, "number-size", Some(path), reason);
    }
    let reason = format!("`{path}` is a facet of numbers, which comparisons need");
    ledger.assume("numeric-facet", Some(path), reason);
    let limit = Limit::Number(number);
    let kind = match Sign::of(order) {
        Some(sign) => ValueKind::Compare { sign, limit },
        // `@f:5` would compare texts: `5.0` is equal as a number only.
        None => {
            ValueKind::Range { lower: Some(limit.clone()), upper: Some(limit), inclusive: true }
        }
    };
    clause(field, kind)
}

fn raise_text(
    field: Field,
    path: &FieldPath,
    pattern: &Pattern,
    case: Case,
    schema: &dyn Schema,
    ledger: &mut Ledger,
) -> Query {
    if holds_control(pattern) {
        let reason = format!("`{pattern}` holds a control character, which no query can");
        return refused(ledger, "control-character", Some(path), reason);
    }
    if pattern.is_any() {
        ledger.assume_no_object(path, &schema.facts(path));
        return raise_exists(field, path, schema, ledger);
    }
    if path.as_str() == MESSAGE && case == Case::Insensitive && is_message_pattern(pattern) {
        let text = pattern.clone();
        return Tree::Leaf(Clause::FreeText { scope: Scope::Message, text, at: At::default() });
    }
    let pattern = ledger.exact_case(path, pattern, case, &schema.facts(path));
    let (field, pattern) = match path.as_str() {
        TAGS => split_tag(&pattern).unwrap_or((field, pattern)),
        _ => (field, pattern),
    };
    clause(field, ValueKind::Text(pattern))
}

/// Whether free text can hold the pattern: it has wildcards and nothing special between them.
fn is_message_pattern(pattern: &Pattern) -> bool {
    pattern.as_literal().is_none()
        && literals(pattern).all(|text| text.chars().all(char::is_alphanumeric))
}

/// A pattern for `env:prod` as key and value, if the part before the colon is a key.
fn split_tag(pattern: &Pattern) -> Option<(Field, Pattern)> {
    let (first, rest) = pattern.parts().split_first()?;
    let Part::Literal(text) = first else { return None };
    let (key, value) = text.split_once(':')?;
    let field = Field::Bare(key.to_owned());
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let unusable = key.is_empty()
        || !key.chars().all(is_key)
        || field.is_reserved()
        || Presence::of(key).is_some();
    let value: Pattern =
        std::iter::once(Part::Literal(value.to_owned())).chain(rest.iter().cloned()).collect();
    (!unusable).then_some((field, value))
}

/// A test of any value of the log: full-text search.
fn raise_anywhere(op: &Op, ledger: &mut Ledger) -> Query {
    match op {
        Op::Words(words) => raise_words(Scope::Everywhere, words, None, ledger),
        Op::Matches { pattern, case } => raise_text_anywhere(pattern, *case, ledger),
        Op::Regex(regex) => each_pattern(regex, None, ledger, &mut raise_text_anywhere),
        _ => {
            let reason = format!("full-text search cannot ask whether some value {op}");
            refused(ledger, "full-text-test", None, reason)
        }
    }
}

fn raise_text_anywhere(pattern: &Pattern, case: Case, ledger: &mut Ledger) -> Query {
    if holds_control(pattern) {
        let reason = format!("`{pattern}` holds a control character, which no query can");
        return refused(ledger, "control-character", None, reason);
    }
    if pattern.is_any() {
        // Every log has some value: its source, its status, its time.
        return Tree::Leaf(Clause::All);
    }
    let exact = match pattern.as_literal() {
        Some(text) if !text.chars().any(char::is_alphanumeric) => {
            let reason = format!("`{text}` has no letter or digit to search for");
            return refused(ledger, "words", None, reason);
        }
        Some(_) => false,
        None => case == Case::Insensitive || pattern.is_caseless(),
    };
    if !exact {
        let reason = format!("`*:` looks for the words of `{pattern}` anywhere and in any case");
        ledger.lose("full-text", Effect::Wider, None, reason);
    }
    full_text(pattern.clone(), Scope::Everywhere, ledger)
}

fn raise_words(
    scope: Scope,
    words: &[String],
    path: Option<&FieldPath>,
    ledger: &mut Ledger,
) -> Query {
    let is_word = |word: &String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    if words.is_empty() || !words.iter().all(is_word) {
        let reason = format!("`{}` is not a list of words", words.join(" "));
        return refused(ledger, "words", path, reason);
    }
    full_text(Pattern::literal(words.join(" ")), scope, ledger)
}

fn full_text(text: Pattern, scope: Scope, ledger: &mut Ledger) -> Query {
    if scope == Scope::Everywhere {
        // The docs list monitors, dashboards and notebooks, and rule out filters of pipelines.
        let reason = "the query runs where Datadog offers full-text search (`*:`)";
        ledger.assume("full-text-search", None, reason);
    }
    Tree::Leaf(Clause::FreeText { scope, text, at: At::default() })
}

fn literals(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.parts().iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Whether the pattern holds a character that no query can hold.
pub(super) fn holds_control(pattern: &Pattern) -> bool {
    literals(pattern).any(has_control)
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}
