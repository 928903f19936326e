//! Modifiers at work: from one item to an expression.
//!
//! Modifiers run from left to right over a working value; what a modifier accepts is a matter of
//! the working value's kind, so illegal combinations are found where they happen and not by a
//! table of forbidden pairs. Nearly all items of public rules hold texts that go out as one pattern
//! each, whatever the order of their modifiers; these take the short way of [`Affixes`].

use super::affixes::Affixes;
use super::ast::{Item, Value};
use super::budget::{self, Budget};
use super::expand::{MAX_ALTERNATIVES, encoded, expand, too_many, windash};
use super::finish::finish;
use super::working::{Piece, Step, Working, start, trouble};
use super::{Modifier, codes};
use crate::language::kit::QueryError;
use crate::query::{Affix, Case, Cidr, Expr, FieldPath, Order, Subject};
use crate::source::{Span, Spanned};

/// The meaning of an item, or everything that is wrong with it.
pub(super) fn item(item: &Item, budget: &mut Budget) -> Result<Expr, Vec<QueryError>> {
    let subject = match &item.field {
        Some(field) => Subject::Field(FieldPath::new(field.as_str())),
        None => Subject::Event,
    };
    let affixes = Affixes::of(item);
    let mut errors = Vec::new();
    let mut members = Vec::with_capacity(item.values.len());
    for value in &item.values {
        let short = affixes.filter(|affixes| affixes.fit(value));
        let lowered = match short {
            Some(affixes) => budget.spend(1, value.span).map(|()| affixes.test(&subject, value)),
            None => alternatives(item, &subject, value, budget),
        };
        match lowered {
            Ok(expr) => members.push(expr),
            Err(error) => errors.push(error),
        }
        if budget.is_over() {
            break;
        }
    }
    if !errors.is_empty() {
        errors.dedup();
        return Err(errors);
    }
    let has = |wanted| item.modifiers.iter().any(|modifier| modifier.value == wanted);
    let joined = if has(Modifier::EveryValue) { Expr::all(members) } else { Expr::any_of(members) };
    Ok(if has(Modifier::Neq) { joined.negated() } else { joined })
}

/// Everything that is wrong with an item. Those that take the short way are not lowered for that:
/// all that can be wrong with one is that the steps run out.
pub(super) fn faults(item: &Item, budget: &mut Budget) -> Vec<QueryError> {
    let short = Affixes::of(item).is_some_and(|own| item.values.iter().all(|one| own.fit(one)));
    if !short {
        return self::item(item, budget).err().unwrap_or_default();
    }
    let over = item.values.iter().find_map(|value| budget.spend(1, value.span).err());
    over.into_iter().collect()
}

/// One value through all modifiers; the alternatives it expands to are always joined by "or".
pub(super) fn alternatives(
    item: &Item,
    subject: &Subject,
    value: &Spanned<Value>,
    budget: &mut Budget,
) -> Result<Expr, QueryError> {
    let mut working = vec![start(&value.value)];
    let mut case = Case::Insensitive;
    for modifier in &item.modifiers {
        if modifier.value == Modifier::Cased {
            case = Case::Sensitive;
        }
        let mut next = Vec::new();
        for one in working {
            let more = apply(modifier, one, value.span)?;
            if next.is_empty() {
                next = more;
            } else {
                next.extend(more);
            }
            if next.len() > MAX_ALTERNATIVES {
                return Err(too_many(modifier.value, value.span));
            }
        }
        working = next;
    }
    let mut finished = Vec::with_capacity(working.len());
    for one in working {
        let regex = matches!(one, Working::Regex { .. });
        budget.spend(if regex { budget::REGEX } else { 1 }, value.span)?;
        finished.push(finish(subject, one, case, value.span)?);
    }
    Ok(Expr::any_of(finished))
}

/// One modifier on one working value.
fn apply<'v>(modifier: &Spanned<Modifier>, value: Working<'v>, at: Span) -> Step<'v> {
    use Modifier as M;
    let name = modifier.value;
    // A value of the wrong type is the value's fault, a value that modifiers have changed is not.
    let (noun, plain) = (value.noun(), value.is_plain());
    let unfit = |wanted: &str| {
        let (code, span) =
            if plain { (&codes::VALUE, at) } else { (&codes::MODIFIER, modifier.span) };
        trouble(code, span, format!("`{name}` needs {wanted}, not {noun}"))
    };
    let late = || {
        let message = format!("`{name}` must come before modifiers that change the value");
        trouble(&codes::MODIFIER, modifier.span, message)
    };
    match (name, value) {
        (M::EveryValue | M::Neq, value) => Ok(vec![value]),
        (M::Cased, value @ (Working::Text { .. } | Working::Field { .. })) => Ok(vec![value]),
        (M::Cased, _) => Err(unfit("a text")),
        (M::Contains | M::StartsWith | M::EndsWith, value) => {
            affix(name, value).ok_or_else(|| unfit("a text"))
        }
        (M::Re | M::Cidr | M::FieldRef, Working::Text { raw: None, .. }) => Err(late()),
        (M::Re, Working::Text { raw: Some(raw), .. }) => {
            Ok(vec![Working::Regex { source: raw.to_owned(), flags: String::new() }])
        }
        (M::Re, Working::Number { text, order: None, part: None }) => {
            Ok(vec![Working::Regex { source: text, flags: String::new() }])
        }
        (M::AnyCase | M::Multiline | M::DotAll, Working::Regex { source, flags }) => {
            Ok(vec![Working::Regex { source, flags: flags + name.name() }])
        }
        (M::AnyCase | M::Multiline | M::DotAll, _) => {
            let message = format!("`{name}` can only follow `re`");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (M::Cidr, Working::Text { raw: Some(raw), .. }) => cidr(raw, at),
        (M::FieldRef, Working::Text { raw: Some(raw), .. }) => {
            Ok(vec![Working::Field { other: raw.to_owned(), affix: Affix::Whole }])
        }
        (M::Re | M::Cidr | M::FieldRef, _) => Err(unfit("a text")),
        (M::Exists, Working::Bool { value, exists: false }) => {
            Ok(vec![Working::Bool { value, exists: true }])
        }
        // Most Sigma tools read YAML 1.1, where these words are booleans too.
        (M::Exists, Working::Text { raw: Some(raw), .. }) => match yaml_1_1_boolean(raw) {
            Some(value) => Ok(vec![Working::Bool { value, exists: true }]),
            None => Err(unfit("`true` or `false`")),
        },
        (M::Exists, _) => Err(unfit("`true` or `false`")),
        (M::Expand, value) => expand(value).ok_or_else(|| unfit("a text")),
        (M::Windash, value @ Working::Text { .. }) => windash(value, at),
        (
            M::Wide | M::Utf16Be | M::Utf16 | M::Base64 | M::Base64Offset,
            Working::Text { pieces, .. },
        ) => encoded(modifier, pieces),
        (M::Windash | M::Wide | M::Utf16Be | M::Utf16 | M::Base64 | M::Base64Offset, _) => {
            Err(unfit("a text"))
        }
        (M::Lt | M::Lte | M::Gt | M::Gte, Working::Number { order: Some(_), .. }) => {
            let message = format!("`{name}` cannot follow another comparison");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (M::Lt | M::Lte | M::Gt | M::Gte, value) => {
            compared(name, value).ok_or_else(|| unfit("a number"))
        }
        (_, Working::Number { part: Some(_), .. }) => {
            let message = format!("`{name}` cannot follow another part of a date");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (_, value) => dated(name, value).ok_or_else(|| unfit("a number")),
    }
}

fn yaml_1_1_boolean(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" => Some(true),
        "no" | "off" => Some(false),
        _ => None,
    }
}

fn cidr(text: &str, at: Span) -> Step<'static> {
    match Cidr::parse(text) {
        Some(cidr) => Ok(vec![Working::Cidr(cidr)]),
        None => {
            let message = format!("`{text}` is not a network in CIDR notation");
            let trouble = trouble(&codes::VALUE, at, message);
            Err(trouble.help("write the first address and the length, such as `10.0.0.0/8`"))
        }
    }
}

fn affix(modifier: Modifier, value: Working<'_>) -> Option<Vec<Working<'_>>> {
    let (before, after) = match modifier {
        Modifier::Contains => (true, true),
        Modifier::StartsWith => (false, true),
        _ => (true, false),
    };
    Some(vec![match value {
        Working::Text { mut pieces, .. } => {
            if before {
                pieces.insert(0, Piece::Any);
            }
            if after {
                pieces.push(Piece::Any);
            }
            Working::Text { pieces, raw: None }
        }
        // A number has no start or end of its own, but its text has.
        Working::Number { text, order: None, part: None } => {
            let pieces = vec![Piece::Text(text)];
            return affix(modifier, Working::Text { pieces, raw: None });
        }
        // The expression is searched for anywhere already; the group keeps a top-level `|` whole.
        Working::Regex { source, flags } => {
            let start = if before { "" } else { "^" };
            let end = if after { "" } else { "$" };
            Working::Regex { source: format!("{start}(?:{source}){end}"), flags }
        }
        Working::Field { other, .. } => {
            let affix = match modifier {
                Modifier::Contains => Affix::Within,
                Modifier::StartsWith => Affix::Start,
                _ => Affix::End,
            };
            Working::Field { other, affix }
        }
        _ => return None,
    }])
}

fn compared(modifier: Modifier, value: Working<'_>) -> Option<Vec<Working<'_>>> {
    let order = match modifier {
        Modifier::Lt => Order::Less,
        Modifier::Lte => Order::LessOrEqual,
        Modifier::Gt => Order::Greater,
        _ => Order::GreaterOrEqual,
    };
    match numeric(value)? {
        Working::Number { text, order: None, part } => {
            Some(vec![Working::Number { text, order: Some(order), part }])
        }
        _ => None,
    }
}

fn dated(modifier: Modifier, value: Working<'_>) -> Option<Vec<Working<'_>>> {
    match numeric(value)? {
        Working::Number { text, order, part: None } => {
            Some(vec![Working::Number { text, order, part: modifier.time_part() }])
        }
        _ => None,
    }
}

/// A quoted number is a number where only numbers make sense.
fn numeric(value: Working<'_>) -> Option<Working<'_>> {
    match value {
        Working::Text { raw: Some(raw), .. } => raw
            .trim()
            .parse::<f64>()
            .is_ok_and(f64::is_finite)
            .then(|| Working::Number { text: raw.to_owned(), order: None, part: None }),
        number @ Working::Number { .. } => Some(number),
        _ => None,
    }
}
