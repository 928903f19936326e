//! From a detection to its meaning.

use std::collections::HashMap;

use super::ast::{Condition, Detection, Item, NamePattern, Quantifier, Selection};
use super::budget::Budget;
use super::{apply, codes};
use crate::diagnostic::{all_of, closest};
use crate::language::kit::QueryError;
use crate::query::Expr;
use crate::source::{Span, Spanned};

/// The meaning of a detection: any of its conditions. Gives every error, with places in the file.
pub fn lower(detection: &Detection) -> Result<Expr, Vec<QueryError>> {
    if detection.conditions.is_empty() {
        // Without a condition a detection says nothing; "matches nothing" would be a guess.
        let message = "this detection has no condition that could be read".to_owned();
        let (code, span) = (&codes::CONDITION, Span::default());
        return Err(vec![QueryError { code, span, message, help: None }]);
    }
    Lowering::new(detection).any_condition()
}

/// The meaning of one condition over a detection's selections.
pub fn lower_condition(
    detection: &Detection,
    condition: &Condition,
) -> Result<Expr, Vec<QueryError>> {
    Lowering::new(detection).condition(condition)
}

/// The meaning of one item of a selection.
pub fn lower_item(item: &Item) -> Result<Expr, Vec<QueryError>> {
    apply::item(item, &mut Budget::default())
}

/// Everything that keeps a detection from having a meaning. Every selection is looked at, used or
/// not. Names in `unread` stand in the file, but could not be read; that was reported before.
pub(super) fn problems(detection: &Detection, unread: &[&str]) -> Vec<QueryError> {
    let mut lowering = Lowering::new(detection);
    let mut problems = Vec::new();
    for (name, selection) in &detection.selections {
        let before = lowering.budget.left();
        let faults = lowering.faults(selection);
        if faults.is_empty() {
            let steps = before.saturating_sub(lowering.budget.left());
            lowering.steps.insert(name, steps);
        }
        problems.extend(faults);
    }
    for condition in &detection.conditions {
        problems.extend(lowering.misnomers(condition, unread));
    }
    if problems.is_empty() && unread.is_empty() && !detection.conditions.is_empty() {
        lowering.budget = Budget::default();
        problems.extend(detection.conditions.iter().flat_map(|one| lowering.overrun(one)));
    }
    problems
}

struct Lowering<'d> {
    detection: &'d Detection,
    names: HashMap<&'d str, &'d Selection>,
    /// What the meaning of a selection costs, where it is known.
    steps: HashMap<&'d str, usize>,
    budget: Budget,
}

type Lowered = Result<Expr, Vec<QueryError>>;

impl<'d> Lowering<'d> {
    fn new(detection: &'d Detection) -> Self {
        let selections = detection.selections.iter();
        let names = selections.map(|(name, selection)| (name.as_str(), selection)).collect();
        Self { detection, names, steps: HashMap::new(), budget: Budget::default() }
    }

    /// Any of the detection's conditions.
    fn any_condition(&mut self) -> Lowered {
        let conditions = self.detection.conditions.iter();
        Ok(Expr::any_of(collect(conditions.map(|condition| self.condition(condition)))?))
    }

    fn condition(&mut self, condition: &'d Condition) -> Lowered {
        match condition {
            Condition::Name(name) => {
                self.named(name).unwrap_or_else(|| Err(vec![self.no_selection(name)]))
            }
            Condition::Of(quantifier, pattern) => {
                let names = self.matching(pattern).map_err(|error| vec![error])?;
                if names.is_empty() {
                    return Err(vec![self.no_match(pattern)]);
                }
                let members = collect(names.iter().filter_map(|name| self.named(name)))?;
                Ok(match quantifier {
                    Quantifier::One => Expr::any_of(members),
                    Quantifier::All => Expr::all(members),
                })
            }
            Condition::Not(inner) => Ok(self.condition(inner)?.negated()),
            Condition::And(members) => Ok(Expr::all(self.conditions(members)?)),
            Condition::Or(members) => Ok(Expr::any_of(self.conditions(members)?)),
        }
    }

    fn conditions(&mut self, members: &'d [Condition]) -> Result<Vec<Expr>, Vec<QueryError>> {
        collect(members.iter().map(|member| self.condition(member)))
    }

    /// The selection of a name, if there is one.
    fn named(&mut self, name: &str) -> Option<Lowered> {
        let selection = *self.names.get(name)?;
        Some(self.selection(selection))
    }

    /// The error of a condition over sound selections: it takes too many steps. Its meaning is not
    /// made for that, as the cost of each selection is known.
    fn overrun(&mut self, condition: &'d Condition) -> Vec<QueryError> {
        match condition {
            Condition::Name(name) => self.overrun_of(name),
            Condition::Of(_, pattern) => match self.matching(pattern) {
                Ok(names) => names.into_iter().flat_map(|name| self.overrun_of(name)).collect(),
                Err(error) => vec![error],
            },
            Condition::Not(inner) => self.overrun(inner),
            Condition::And(members) | Condition::Or(members) => {
                members.iter().flat_map(|member| self.overrun(member)).collect()
            }
        }
    }

    fn overrun_of(&mut self, name: &str) -> Vec<QueryError> {
        match self.steps.get(name) {
            Some(steps) if *steps <= self.budget.left() => {
                self.budget.spend(*steps, Span::default()).err().into_iter().collect()
            }
            // Doing the work finds the place where the steps run out.
            _ => self.named(name).and_then(Result::err).unwrap_or_default(),
        }
    }

    fn selection(&mut self, selection: &Selection) -> Lowered {
        match selection {
            Selection::All(items) => Ok(Expr::all(collect(
                items.iter().map(|item| apply::item(item, &mut self.budget)),
            )?)),
            Selection::Any(members) => {
                Ok(Expr::any_of(collect(members.iter().map(|member| self.selection(member)))?))
            }
        }
    }

    /// What keeps a selection from having a meaning.
    fn faults(&mut self, selection: &Selection) -> Vec<QueryError> {
        match selection {
            Selection::All(items) => {
                items.iter().flat_map(|item| apply::faults(item, &mut self.budget)).collect()
            }
            Selection::Any(members) => {
                members.iter().flat_map(|member| self.faults(member)).collect()
            }
        }
    }

    /// The names that a pattern means.
    fn matching(&mut self, pattern: &'d Spanned<NamePattern>) -> Result<Vec<&'d str>, QueryError> {
        self.budget.spend(self.detection.selections.len(), pattern.span)?;
        Ok(self.detection.matching(pattern).collect())
    }

    /// Names and patterns of a condition that mean no selection.
    fn misnomers(&mut self, condition: &'d Condition, unread: &[&str]) -> Vec<QueryError> {
        match condition {
            Condition::Name(name) => {
                let known =
                    self.names.contains_key(name.as_str()) || unread.contains(&name.as_str());
                if known { Vec::new() } else { vec![self.no_selection(name)] }
            }
            Condition::Of(_, pattern) => match self.matching(pattern) {
                Err(error) => vec![error],
                Ok(names) if !names.is_empty() => Vec::new(),
                Ok(_) if unread.iter().any(|name| pattern.accepts(name)) => Vec::new(),
                Ok(_) => vec![self.no_match(pattern)],
            },
            Condition::Not(inner) => self.misnomers(inner, unread),
            Condition::And(members) | Condition::Or(members) => {
                members.iter().flat_map(|member| self.misnomers(member, unread)).collect()
            }
        }
    }

    fn no_selection(&mut self, name: &Spanned<String>) -> QueryError {
        let message = format!("no selection is called `{}`", name.value);
        let affordable = self.budget.spend(self.names.len(), name.span).is_ok();
        let near = if affordable { closest(name, self.own_names()) } else { None };
        let help = near.map(|near| format!("did you mean `{near}`?")).or_else(|| self.inventory());
        QueryError { code: &codes::UNKNOWN_SELECTION, span: name.span, message, help }
    }

    fn no_match(&self, pattern: &Spanned<NamePattern>) -> QueryError {
        let (message, help) = match &pattern.value {
            NamePattern::Them => {
                ("`them` means no selection: every name starts with `_`".to_owned(), None)
            }
            NamePattern::Glob(glob) => {
                let shouted =
                    glob.as_literal().is_some_and(|name| name.eq_ignore_ascii_case("them"));
                let help = if shouted { Some("write `them` in lower case".into()) } else { None };
                let message = format!("no selection has a name like `{glob}`");
                (message, help.or_else(|| self.inventory()))
            }
        };
        QueryError { code: &codes::UNKNOWN_SELECTION, span: pattern.span, message, help }
    }

    fn own_names(&self) -> impl Iterator<Item = &'d str> {
        self.detection.selections.iter().map(|(name, _)| name.as_str())
    }

    /// The selections that there are, if not too many to name.
    fn inventory(&self) -> Option<String> {
        match self.detection.selections.len() {
            0 => None,
            1 => Some(format!("the only selection is {}", all_of(self.own_names()))),
            2..=10 => Some(format!("the selections are {}", all_of(self.own_names()))),
            _ => None,
        }
    }
}

/// All results, or all errors.
fn collect(
    results: impl Iterator<Item = Result<Expr, Vec<QueryError>>>,
) -> Result<Vec<Expr>, Vec<QueryError>> {
    let mut members = Vec::new();
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(member) => members.push(member),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(members) } else { Err(errors) }
}
