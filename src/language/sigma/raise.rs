//! From an expression to a detection that a person might have written.
//!
//! Conjunctions of positive tests on distinct fields become one selection; a disjunction over one
//! field becomes a list of values; what is negated becomes a selection named `filter_…`, as rule
//! authors do. Everything that the algebra can say, Sigma can say, except words of analysed text.

use super::ast::{Condition, Detection, Item, Selection, Value};
use super::{Modifier, escape};
use crate::query::{
    Affix, Case, Effect, Expr, Ledger, Op, Order, Part, Pattern, Refusal, Schema, Subject, Test,
    Translated,
};
use crate::source::{Span, Spanned};

/// Writes an expression as a detection with one condition.
pub fn raise(expr: &Expr, _schema: &dyn Schema) -> Result<Translated<Detection>, Vec<Refusal>> {
    let mut raise = Raise::default();
    let condition = raise.condition(expr, false);
    let Raise { mut detection, ledger, .. } = raise;
    detection.conditions.extend(condition.map(nowhere));
    ledger.close(detection)
}

#[derive(Default)]
struct Raise {
    detection: Detection,
    ledger: Ledger,
    selections: usize,
    filters: usize,
}

fn nowhere<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

impl Raise {
    /// The condition for an expression; `None` after a refusal.
    fn condition(&mut self, expr: &Expr, negated: bool) -> Option<Condition> {
        if let Some(selection) = self.selection(expr) {
            return Some(Condition::Name(nowhere(self.name(selection?, negated))));
        }
        match expr {
            Expr::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner, !negated)?))),
            Expr::And(members) => self.conjunction(members, negated),
            Expr::Or(members) => Some(Condition::Or(self.conditions(members, negated)?)),
            Expr::True | Expr::False | Expr::Test(_) => {
                self.ledger.refuse(
                    "constant",
                    None,
                    "Sigma has no condition that is always or never true",
                );
                None
            }
        }
    }

    fn conditions(&mut self, members: &[Expr], negated: bool) -> Option<Vec<Condition>> {
        let conditions: Vec<_> = members.iter().map(|m| self.condition(m, negated)).collect();
        conditions.into_iter().collect()
    }

    /// Members that fit into one mapping go into one selection; a key that comes twice opens
    /// another one.
    fn conjunction(&mut self, members: &[Expr], negated: bool) -> Option<Condition> {
        let mut groups: Vec<Vec<Item>> = Vec::new();
        let mut rest = Vec::new();
        for member in members {
            let Some(item) = item_of(member) else {
                rest.push(member.clone());
                continue;
            };
            let item = self.checked(member, item)?;
            let fits = |group: &&mut Vec<Item>| {
                group.iter().chain([&item]).all(has_key)
                    && !group.iter().any(|other| same_key(other, &item))
            };
            match groups.iter_mut().find(fits) {
                Some(group) => group.push(item),
                None => groups.push(vec![item]),
            }
        }
        let mut conditions = Vec::new();
        for group in groups {
            let name = self.name(selection_of(group), negated);
            conditions.push(Condition::Name(nowhere(name)));
        }
        conditions.extend(self.conditions(&rest, negated)?);
        Some(if conditions.len() == 1 {
            conditions.swap_remove(0)
        } else {
            Condition::And(conditions)
        })
    }

    fn name(&mut self, selection: Selection, negated: bool) -> String {
        let (counter, word) = if negated {
            (&mut self.filters, "filter")
        } else {
            (&mut self.selections, "selection")
        };
        *counter += 1;
        let name = if *counter == 1 { word.to_owned() } else { format!("{word}_{counter}") };
        self.detection.selections.push((nowhere(name.clone()), selection));
        name
    }

    /// The expression as one selection, if it has the shape of one. The inner `None` is a refusal.
    fn selection(&mut self, expr: &Expr) -> Option<Option<Selection>> {
        if let Some(item) = item_of(expr) {
            return Some(self.checked(expr, item).map(|item| selection_of(vec![item])));
        }
        match expr {
            Expr::And(members) => {
                let items: Option<Vec<Item>> = members.iter().map(item_of).collect();
                let items = items.filter(|items| distinct_keys(items))?;
                let checked =
                    members.iter().zip(items).map(|(member, item)| self.checked(member, item));
                Some(checked.collect::<Option<Vec<_>>>().map(Selection::All))
            }
            Expr::Or(members) if members.iter().all(is_selection) => {
                let members: Vec<_> = members.iter().map(|member| self.selection(member)).collect();
                let members: Option<Vec<Option<Selection>>> = members.into_iter().collect();
                members.map(|members| {
                    members.into_iter().collect::<Option<Vec<_>>>().map(Selection::Any)
                })
            }
            _ => None,
        }
    }

    /// Refuses what an item cannot carry.
    fn checked(&mut self, expr: &Expr, item: Item) -> Option<Item> {
        for test in expr.tests() {
            match &test.op {
                Op::Words(words) => {
                    // Between several words any sign may stand in analysed text, not only a blank.
                    let effect = if words.len() > 1 { Effect::Overlapping } else { Effect::Wider };
                    self.ledger.lose(
                        "words",
                        effect,
                        test.path(),
                        "Sigma has no analysed text: the words are searched for as a part of the value, with single blanks between them",
                    );
                }
                Op::Null if !is_presence(expr) => {
                    self.ledger.lose(
                        "null",
                        Effect::Wider,
                        test.path(),
                        "to Sigma a field that holds `null` and one that is absent are the same",
                    );
                }
                Op::Compare { order: Order::Equal, .. } => {
                    self.ledger.lose(
                        "numeric-equality",
                        Effect::Narrower,
                        test.path(),
                        "Sigma compares numbers by their digits: 5 and 5.0 are not equal",
                    );
                }
                _ => {}
            }
        }
        Some(item)
    }
}

fn is_selection(expr: &Expr) -> bool {
    match expr {
        Expr::And(members) => {
            let items: Option<Vec<Item>> = members.iter().map(item_of).collect();
            items.is_some_and(|items| distinct_keys(&items))
        }
        other => item_of(other).is_some(),
    }
}

/// Keywords without modifiers have no key, so they cannot stand in a mapping.
fn has_key(item: &Item) -> bool {
    item.field.is_some() || !item.modifiers.is_empty()
}

/// Items of one mapping; several plain keywords are a list instead.
fn selection_of(items: Vec<Item>) -> Selection {
    match items.as_slice() {
        [item] if !has_key(item) && item.list => {
            let keyword = |value: &Spanned<Value>| {
                Selection::All(vec![self::item(None, Vec::new(), vec![value.value.clone()])])
            };
            Selection::Any(item.values.iter().map(keyword).collect())
        }
        _ => Selection::All(items),
    }
}

/// Whether items can stand in one mapping.
fn distinct_keys(items: &[Item]) -> bool {
    items.iter().all(has_key)
        && items
            .iter()
            .enumerate()
            .all(|(index, item)| !items[..index].iter().any(|o| same_key(o, item)))
}

fn same_key(a: &Item, b: &Item) -> bool {
    super::print::key(a) == super::print::key(b)
}

/// The item for a test, for a junction of tests that differ only in the value, or for an absent
/// field. `None` for everything else.
fn item_of(expr: &Expr) -> Option<Item> {
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
fn is_presence(expr: &Expr) -> bool {
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

fn item(field: Option<&str>, modifiers: Vec<Modifier>, values: Vec<Value>) -> Item {
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
