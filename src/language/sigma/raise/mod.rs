//! From an expression to a detection that a person might have written.
//!
//! Conjunctions of positive tests on distinct fields become one selection; a disjunction over one
//! field becomes a list of values; what is negated becomes a selection named `filter_…`, as rule
//! authors do. Everything that the algebra can say, Sigma can say, except words of analysed text.

mod items;

use super::ast::{Condition, Detection, Item, Selection, Value};
use crate::query::{Effect, Expr, Ledger, Op, Order, Refusal, Schema, Translated};
use crate::source::{Span, Spanned};
use items::{is_presence, item_of};

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
                Op::Compare { number, .. } if !number.is_exact() => {
                    let reason = "numbers from 2^53 on cannot be compared exactly";
                    self.ledger.refuse("number-size", test.path(), reason);
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
                Selection::All(vec![items::item(None, Vec::new(), vec![value.value.clone()])])
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
