//! What a query means.
//!
//! | query | meaning | source |
//! |---|---|---|
//! | `@f:v` | some value equals `v`, case-sensitively; numbers and booleans by their text | the docs |
//! | `@f:v*`, `@f:v?` | some value matches as a whole | the docs; in the open parser `?` is literal |
//! | `@f:*` | `@f` is there, and not only as `null` | the docs, which do not mention `null`; the open matcher takes it for the text `null` |
//! | `@f:>5` | some value is a number above 5 | the docs |
//! | `@f:[1 TO 5]` | some value is at least 1 *and* some value is at most 5 | the open matcher (`filter.rs`) runs the two comparisons by themselves; the docs do not mention arrays of numbers, where one value inside the range could be meant |
//! | `env:v` | some tag is `env:v` | the docs |
//! | `some words` | the message has each of the words, any case | the docs; the open parser joins them to a phrase |
//! | `"some words"` | the message has the words one after another, any case, with no letter or digit between them | the docs |
//! | `net*` | the whole message matches, any case | the docs |
//! | `*:x` | as free text, in any value | the docs describe both searches in the same terms |
//!
//! Refused: ranges and comparisons of text and of tags (the docs know numeric facets only, and
//! nowhere state the order of texts), calculated fields, free text without a letter or digit (the
//! docs say that special characters are not searched for in messages).

use super::field::MESSAGE;
use super::{At, Clause, Field, Limit, Query, Scope, Tree, Value, ValueKind};
use crate::language::kit::QueryError;
use crate::query::{
    Case, Cidr, Expr, FieldPath, Number, Op, Order, Part, Pattern, Schema, Subject, Test,
};

/// Gives a query its meaning over logs, or says of every part that has none why.
///
/// The meaning of this language does not depend on how a field is indexed, so the schema is not
/// asked.
pub fn lower(query: &Query, _schema: &dyn Schema) -> Result<Expr, Vec<QueryError>> {
    let mut errors = Vec::new();
    let expr = combine(query, &mut |clause| match lower_clause(clause) {
        Ok(expr) => expr,
        Err(mut found) => {
            errors.append(&mut found);
            Expr::True
        }
    });
    if errors.is_empty() { Ok(expr) } else { Err(errors) }
}

fn combine<L>(tree: &Tree<L>, leaf: &mut dyn FnMut(&L) -> Expr) -> Expr {
    match tree {
        Tree::Leaf(inner) => leaf(inner),
        Tree::Not(inner) => combine(inner, leaf).negated(),
        Tree::And(members) => Expr::all(members.iter().map(|member| combine(member, leaf))),
        Tree::Or(members) => Expr::any_of(members.iter().map(|member| combine(member, leaf))),
    }
}

fn lower_clause(clause: &Clause) -> Result<Expr, Vec<QueryError>> {
    match clause {
        Clause::All => Ok(Expr::True),
        Clause::FreeText { scope, text, at } => lower_free_text(*scope, text, *at),
        Clause::Match { field, values, at } => lower_match(field, values, *at),
        Clause::Cidr { field, nets, at } => lower_cidr(field, nets, *at),
    }
}

fn lower_free_text(scope: Scope, text: &Pattern, at: At) -> Result<Expr, Vec<QueryError>> {
    let op = match text.as_literal() {
        None => Op::Matches { pattern: text.clone(), case: Case::Insensitive },
        Some(literal) => {
            let words = words(literal);
            if words.is_empty() {
                let message = format!("`{literal}` has no letter or digit to search for");
                let error = QueryError::unsupported(at.0, message);
                let help = "Datadog drops special characters from free text; test an attribute";
                return Err(vec![error.help(help)]);
            }
            Op::Words(words)
        }
    };
    let subject = match scope {
        Scope::Message => Subject::Field(FieldPath::new(MESSAGE)),
        Scope::Everywhere => Subject::Event,
    };
    Ok(Test { subject, op }.into())
}

/// The words of a text, split as [`Op::Words`] splits the text it looks at.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn lower_match(field: &Field, values: &Tree<Value>, at: At) -> Result<Expr, Vec<QueryError>> {
    let path = path_of(field, at)?;
    let mut errors = Vec::new();
    let expr = combine(values, &mut |value| match lower_value(field, &path, value) {
        Ok(expr) => expr,
        Err(error) => {
            errors.push(error);
            Expr::True
        }
    });
    if errors.is_empty() { Ok(expr) } else { Err(errors) }
}

fn path_of(field: &Field, at: At) -> Result<FieldPath, Vec<QueryError>> {
    field.path().ok_or_else(|| {
        let error = QueryError::unsupported(at.0, "the query tests a calculated field");
        let help = "its formula is not part of the query; write the condition on attributes";
        vec![error.help(help)]
    })
}

fn lower_value(field: &Field, path: &FieldPath, value: &Value) -> Result<Expr, QueryError> {
    let numeric = match &value.kind {
        ValueKind::Text(text) => return Ok(Test::field(path.clone(), text_op(field, text)).into()),
        numeric => numeric,
    };
    if field.tag_key().is_some() || path.as_str() == super::field::TAGS {
        let error = QueryError::unsupported(value.at.0, "tags are text and have no order");
        return Err(error.help("Datadog compares numeric attributes only"));
    }
    let number = |limit: &Limit| match limit {
        Limit::Number(number) if number.is_exact() => Ok(*number),
        Limit::Number(_) => {
            let message = "numbers from 2^53 on cannot be compared exactly";
            Err(QueryError::unsupported(value.at.0, message))
        }
        Limit::Text(text) => {
            let message = format!("`{text}` is not a number");
            let error = QueryError::unsupported(value.at.0, message);
            Err(error.help("Datadog documents comparisons and ranges of numbers only"))
        }
    };
    let tests = match numeric {
        ValueKind::Text(_) => Vec::new(),
        ValueKind::Compare { sign, limit } => {
            vec![Op::Compare { order: sign.order(), number: number(limit)? }]
        }
        ValueKind::Range { lower, upper, inclusive } => {
            let lower = lower.as_ref().map(number).transpose()?;
            let upper = upper.as_ref().map(number).transpose()?;
            range_ops(lower, upper, *inclusive)
        }
    };
    Ok(Expr::all(tests.into_iter().map(|op| Test::field(path.clone(), op).into())))
}

fn text_op(field: &Field, text: &Pattern) -> Op {
    let pattern = match field.tag_key() {
        None if text.is_any() => return Op::Exists,
        None => text.clone(),
        Some(key) => {
            let key = Part::Literal(format!("{key}:"));
            std::iter::once(key).chain(text.parts().iter().cloned()).collect()
        }
    };
    Op::Matches { pattern, case: Case::Sensitive }
}

/// The tests whose conjunction is the range. One number at both ends is that number, open ends are
/// presence, both as the open matcher has it.
fn range_ops(lower: Option<Number>, upper: Option<Number>, inclusive: bool) -> Vec<Op> {
    let (above, below) = match inclusive {
        true => (Order::GreaterOrEqual, Order::LessOrEqual),
        false => (Order::Greater, Order::Less),
    };
    match (lower, upper) {
        (None, None) => vec![Op::Exists],
        (Some(lower), Some(upper)) if inclusive && lower == upper => {
            vec![Op::Compare { order: Order::Equal, number: lower }]
        }
        (lower, upper) => {
            let lower = lower.map(|number| Op::Compare { order: above, number });
            let upper = upper.map(|number| Op::Compare { order: below, number });
            lower.into_iter().chain(upper).collect()
        }
    }
}

fn lower_cidr(field: &Field, nets: &[Cidr], at: At) -> Result<Expr, Vec<QueryError>> {
    let path = path_of(field, at)?;
    if field.tag_key().is_some() {
        let error = QueryError::unsupported(at.0, "a tag is not an address");
        return Err(vec![error.help("name an attribute: `CIDR(@field,10.0.0.0/8)`")]);
    }
    Ok(Expr::any_of(nets.iter().map(|net| Test::field(path.clone(), Op::Cidr(*net)).into())))
}
