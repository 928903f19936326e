//! From tests to single items of a selection: a field, its modifiers and its values.

use super::super::ast::{Item, Value};
use super::super::{Modifier, escape};
use super::nowhere;
use crate::query::{Affix, Case, Expr, Op, Order, Part, Pattern, Subject, Test};
use crate::source::Span;

/// The item for a test, for a junction of tests that differ only in the value, or for an absent
/// field. `None` for everything else.
pub(super) fn item_of(expr: &Expr) -> Option<Item> {
    match expr {
        Expr::Test(test) => single(test),
        Expr::Not(inner) => match &**inner {
            Expr::Test(Test { subject: Subject::Field(field), op: Op::Exists }) => {
                Some(item(Some(field.as_str()), Vec::new(), vec![Value::Null]))
            }
            Expr::Or(members) => presence(members, false),
            _ => None,
        },
        Expr::Or(members) => presence(members, true).or_else(|| merged(members, None)),
        Expr::And(members) => merged(members, Some(Modifier::EveryValue)),
        Expr::True | Expr::False => None,
    }
}

/// `exists: true` is "has a value, or null"; `exists: false` its complement.
fn presence(members: &[Expr], present: bool) -> Option<Item> {
    match members {
        [
            Expr::Test(Test { subject: Subject::Field(field), op: Op::Exists }),
            Expr::Test(Test { subject: Subject::Field(other), op: Op::Null }),
        ] if field == other => {
            Some(item(Some(field.as_str()), vec![Modifier::Exists], vec![Value::Bool(present)]))
        }
        _ => None,
    }
}

/// Whether an expression asks only if a field is there, with a value or with `null`.
pub(super) fn is_presence(expr: &Expr) -> bool {
    let expr = if let Expr::Not(inner) = expr { inner } else { expr };
    matches!(expr, Expr::Or(members) if presence(members, true).is_some())
}

/// Items with one key become one item with a list of values.
fn merged(members: &[Expr], extra: Option<Modifier>) -> Option<Item> {
    let items: Option<Vec<Item>> = members
        .iter()
        .map(|member| match member {
            Expr::Test(test) => single(test),
            // `null` in a list is an alternative, never one of "all".
            Expr::Not(_) if extra.is_none() => item_of(member),
            _ => None,
        })
        .collect();
    let items = items?;
    let (first, rest) = items.split_first()?;
    let modifiers = |item: &Item| item.modifiers.iter().map(|m| m.value).collect::<Vec<_>>();
    let name = |item: &Item| item.field.as_ref().map(|field| field.value.clone());
    let alike = |item: &Item| name(item) == name(first) && modifiers(item) == modifiers(first);
    // A negated member is allowed beside plain values only: `field: [a, null]`.
    let exists =
        members.iter().any(|member| matches!(member, Expr::Test(Test { op: Op::Exists, .. })));
    if exists || !rest.iter().all(alike) {
        return None;
    }
    let values: Vec<Value> =
        items.iter().flat_map(|item| item.values.iter().map(|v| v.value.clone())).collect();
    let modifiers = modifiers(first).into_iter().chain(extra).collect();
    Some(Item { list: true, ..item(name(first).as_deref(), modifiers, values) })
}

/// An item that stands nowhere in a text.
pub(super) fn item(field: Option<&str>, modifiers: Vec<Modifier>, values: Vec<Value>) -> Item {
    Item {
        field: field.map(|field| nowhere(field.to_owned())),
        modifiers: modifiers.into_iter().map(nowhere).collect(),
        values: values.into_iter().map(nowhere).collect(),
        list: false,
        span: Span::default(),
    }
}

/// The item of one test.
fn single(test: &Test) -> Option<Item> {
    let field = test.path().map(|path| path.as_str());
    let (mut modifiers, value, case) = match &test.op {
        // `exists` also holds for `null`; the exact complement of Sigma's `null` is `neq: null`.
        Op::Exists => (vec![Modifier::Neq], Value::Null, Case::Insensitive),
        Op::Null => (vec![Modifier::Exists], Value::Bool(true), Case::Insensitive),
        Op::Matches { pattern, case } => {
            let pattern = match field {
                Some(_) => pattern.clone(),
                None => inner_of_keyword(pattern)?,
            };
            let (modifiers, text) = affixes(&pattern);
            (
                modifiers,
                Value::Text(text),
                if pattern.is_caseless() { Case::Insensitive } else { *case },
            )
        }
        Op::Regex(regex) => (
            regex_modifiers(regex.flags()),
            Value::Text(regex.source().to_owned()),
            Case::Insensitive,
        ),
        Op::Compare { order, number } => {
            let order = order_modifiers(*order).unwrap_or_default();
            (order, Value::Number(number.to_string()), Case::Insensitive)
        }
        Op::Cidr(cidr) => (vec![Modifier::Cidr], Value::Text(cidr.to_string()), Case::Insensitive),
        Op::Field { other, affix, case } => {
            let affix = match affix {
                Affix::Whole => None,
                Affix::Start => Some(Modifier::StartsWith),
                Affix::End => Some(Modifier::EndsWith),
                Affix::Within => Some(Modifier::Contains),
            };
            let modifiers = std::iter::once(Modifier::FieldRef).chain(affix).collect();
            (modifiers, Value::Text(other.as_str().to_owned()), *case)
        }
        Op::Time { part, order, number } => {
            let part = Modifier::ALL.iter().copied().find(|m| m.time_part() == Some(*part))?;
            let order = order_modifiers(*order).unwrap_or_default();
            (
                std::iter::once(part).chain(order).collect(),
                Value::Number(number.to_string()),
                Case::Insensitive,
            )
        }
        Op::Words(words) => (
            vec![Modifier::Contains],
            Value::Text(escape(&Pattern::literal(words.join(" ")))),
            Case::Insensitive,
        ),
    };
    if case == Case::Sensitive {
        modifiers.push(Modifier::Cased);
    }
    Some(item(field, modifiers, vec![value]))
}

/// A keyword is searched for inside a value, so its pattern has `*` on both ends.
fn inner_of_keyword(pattern: &Pattern) -> Option<Pattern> {
    match pattern.parts() {
        [Part::Any, inner @ .., Part::Any] => Some(inner.iter().cloned().collect()),
        _ => None,
    }
}

/// `*x*` as `contains: x` and so on; other wildcards stay in the text.
fn affixes(pattern: &Pattern) -> (Vec<Modifier>, String) {
    let text = |parts: &[Part]| escape(&parts.iter().cloned().collect());
    match pattern.parts() {
        [Part::Any, inner @ .., Part::Any] if plain(inner) => {
            (vec![Modifier::Contains], text(inner))
        }
        [Part::Any, inner @ ..] if plain(inner) => (vec![Modifier::EndsWith], text(inner)),
        [inner @ .., Part::Any] if plain(inner) => (vec![Modifier::StartsWith], text(inner)),
        parts => (Vec::new(), text(parts)),
    }
}

fn plain(parts: &[Part]) -> bool {
    matches!(parts, [Part::Literal(_)])
}

fn regex_modifiers(flags: &str) -> Vec<Modifier> {
    let flag = |flag| {
        Modifier::from_name(match flag {
            'i' => "i",
            'm' => "m",
            _ => "s",
        })
    };
    std::iter::once(Modifier::Re).chain(flags.chars().filter_map(flag)).collect()
}

fn order_modifiers(order: Order) -> Option<Vec<Modifier>> {
    Some(vec![match order {
        Order::Less => Modifier::Lt,
        Order::LessOrEqual => Modifier::Lte,
        Order::Greater => Modifier::Gt,
        Order::GreaterOrEqual => Modifier::Gte,
        Order::Equal => return None,
    }])
}
