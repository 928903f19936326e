//! One rule over single events, prepared once for all checks of the family.

use std::sync::OnceLock;

use indexmap::IndexMap;

use crate::fields::{Catalog, Fact, Field};
use crate::language::sigma::{
    Condition, Detection, Item, Modifier, Selection, Value, lower_item, parse_text,
};
use crate::query::{Case, Expr, FieldPath, Pattern};
use crate::rule::{Logic, Logsource, Rule};
use crate::source::{Span, Spanned};

use super::parts;

/// A rule over single events.
#[derive(Debug)]
pub struct Subject<'r> {
    /// The rule.
    pub(in crate::check) rule: &'r Rule,
    /// Its selections and conditions.
    pub(super) detection: &'r Detection,
    /// Where its events come from.
    pub(super) logsource: &'r Logsource,
    /// What is known of the fields of these events.
    pub(in crate::check) catalog: Option<&'static Catalog>,
    /// Every item of every selection, in the order of the file.
    pub(super) items: Vec<Written<'r>>,
    meanings: OnceLock<IndexMap<&'r str, Meaning<'r>>>,
}

/// An item with its values as patterns.
#[derive(Debug)]
pub(super) struct Written<'r> {
    /// The item.
    pub(super) item: &'r Item,
    /// The items that stand in the same mapping, itself included.
    pub(super) beside: &'r [Item],
    /// What each value compares with; `None` for those that are no plain text or number, or that
    /// modifiers turn into something else than a pattern.
    pub(super) patterns: Vec<Option<Pattern>>,
    /// Whether letters must agree in case.
    pub(super) case: Case,
}

/// What a selection means, with letters folded where case does not matter.
#[derive(Debug)]
pub(super) enum Meaning<'r> {
    /// All items hold; items without a meaning are left out.
    All(Vec<(&'r Item, Expr)>),
    /// One of several members holds.
    Any(Expr),
    /// Something of it has no meaning; the reader has said so.
    Unknown,
}

impl Meaning<'_> {
    /// The whole selection as one expression.
    pub(super) fn whole(&self) -> Option<Expr> {
        match self {
            Meaning::All(items) => Some(Expr::all(items.iter().map(|(_, expr)| expr.clone()))),
            Meaning::Any(expr) => Some(expr.clone()),
            Meaning::Unknown => None,
        }
    }
}

/// Whether a rule names the fields of its log source as the records do.
fn has_own_names(rule: &Rule) -> bool {
    rule.header.taxonomy.as_deref().is_none_or(|taxonomy| taxonomy == "sigma")
}

impl<'r> Subject<'r> {
    /// Prepares a rule; `None` for one over the matches of other rules.
    pub(in crate::check) fn of(rule: &'r Rule) -> Option<Self> {
        let Logic::Detection { logsource, detection } = &rule.logic else { return None };
        // Tables of log sources have the names of the record, and a platform has its own.
        let catalog = has_own_names(rule).then(|| logsource.catalog()).flatten();
        let mut items = Vec::new();
        for (_, selection) in &detection.selections {
            written(selection, &mut items);
        }
        Some(Self { rule, detection, logsource, catalog, items, meanings: OnceLock::new() })
    }

    /// The meaning of a selection.
    pub(super) fn meaning(&self, name: &str) -> Option<&Meaning<'r>> {
        self.meanings().get(name)
    }

    /// The meaning of every selection, in the order of the file.
    pub(super) fn meanings(&self) -> &IndexMap<&'r str, Meaning<'r>> {
        self.meanings.get_or_init(|| {
            let selections = self.detection.selections.iter();
            selections.map(|(name, selection)| (name.as_str(), meaning(selection))).collect()
        })
    }

    /// Whether a field is known to have at most one value in an event: the catalogue says so, or
    /// the log source is one of an operating system, whose records are flat. In a platform's
    /// documents they are not: ECS has all arguments of a process in one field.
    pub(in crate::check) fn is_single(&self, field: &FieldPath) -> bool {
        match self.catalog {
            Some(catalog) => catalog.row(field).is_some_and(|row| row.has(Fact::Single)),
            None => {
                let system = self.logsource.product.as_deref();
                has_own_names(self.rule) && matches!(system, Some("windows" | "linux" | "macos"))
            }
        }
    }

    /// What the catalogue knows of the field of an item.
    pub(super) fn row(&self, written: &Written<'_>) -> Option<&'static Field> {
        let field = written.item.field.as_ref()?;
        self.catalog?.row(&FieldPath::new(field.as_str()))
    }

    /// Every field that the rule names, with its place: in selections, then in groups.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'r str, Span)> {
        let items = self.items.iter().filter_map(|written| written.item.field.as_ref());
        items.map(|field| (field.as_str(), field.span)).chain(self.grouping())
    }

    /// Every item of every selection.
    pub(in crate::check) fn items(&self) -> impl Iterator<Item = &'r Item> {
        self.items.iter().map(|written| written.item)
    }

    /// Product, service and category of the events.
    pub(in crate::check) fn source(&self) -> [Option<&'r str>; 3] {
        self.logsource.parts()
    }

    /// Where the rule's own condition stands; of several, the first.
    pub(in crate::check) fn own_condition(&self) -> Option<Span> {
        self.detection.conditions.first().map(|condition| condition.span)
    }

    /// Whether platforms or cases have conditions of their own.
    pub(in crate::check) fn has_variants(&self) -> bool {
        self.conditions().count() > self.detection.conditions.len()
    }

    /// The fields by whose values matches are told apart.
    pub(super) fn grouping(&self) -> impl Iterator<Item = (&'r str, Span)> + use<'r> {
        let sections = &self.rule.sections;
        let new = sections.new_value.iter().flat_map(|new| &new.fields);
        new.chain(&sections.datadog.group_by).map(|field| (field.as_str(), field.span))
    }

    /// What a condition over the rule's selections means, letters folded; `None` if it is too
    /// large to be looked at or has no meaning.
    pub(in crate::check) fn condition(&self, condition: &Condition) -> Option<Expr> {
        parts::is_small(self, condition).then(|| parts::meaning(self, condition)).flatten()
    }

    /// What the rule's own conditions mean together.
    pub(in crate::check) fn whole(&self) -> Option<Expr> {
        let conditions = self.detection.conditions.iter();
        let meanings: Option<Vec<Expr>> = conditions.map(|one| self.condition(one)).collect();
        meanings.map(Expr::any_of)
    }

    /// Every condition over the rule's selections: its own, then those of platforms and cases.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &'r Spanned<Condition>> {
        let sections = &self.rule.sections;
        let platforms = [&sections.elastic.condition, &sections.datadog.condition];
        let cases = sections.datadog.cases.iter().map(|case| &case.condition);
        self.detection.conditions.iter().chain(platforms.into_iter().flatten()).chain(cases)
    }
}

/// Collects the items of a selection; the reader bounds its depth.
fn written<'r>(selection: &'r Selection, out: &mut Vec<Written<'r>>) {
    match selection {
        Selection::Any(members) => members.iter().for_each(|member| written(member, out)),
        Selection::All(items) => out.extend(items.iter().map(|item| {
            let (read, case) = reading(item);
            let patterns = item.values.iter().map(|value| read(&value.value)).collect();
            Written { item, beside: items, patterns, case }
        })),
    }
}

/// How the item turns a value into a pattern.
fn reading(item: &Item) -> (impl Fn(&Value) -> Option<Pattern>, Case) {
    let (mut before, mut after) = (item.field.is_none(), item.field.is_none());
    let mut case = Case::Insensitive;
    let mut plain = true;
    for modifier in &item.modifiers {
        match modifier.value {
            Modifier::Contains => (before, after) = (true, true),
            Modifier::StartsWith => after = true,
            Modifier::EndsWith => before = true,
            Modifier::Cased => case = Case::Sensitive,
            Modifier::EveryValue | Modifier::Neq => {}
            _ => plain = false,
        }
    }
    let read = move |value: &Value| {
        let pattern = match value {
            Value::Text(text) => parse_text(text),
            Value::Number(text) => Pattern::literal(text.clone()),
            Value::Bool(value) => Pattern::literal(value.to_string()),
            Value::Null => return None,
        };
        let pattern = if before { pattern.with_any_before() } else { pattern };
        plain.then(|| if after { pattern.with_any_after() } else { pattern })
    };
    (read, case)
}

impl Written<'_> {
    /// Whether a modifier stands behind the field.
    pub(super) fn has(&self, wanted: Modifier) -> bool {
        self.item.modifiers.iter().any(|modifier| modifier.value == wanted)
    }

    /// The values with the patterns that they compare with.
    pub(super) fn values(&self) -> impl Iterator<Item = (&Spanned<Value>, &Pattern)> {
        let pairs = self.item.values.iter().zip(&self.patterns);
        pairs.filter_map(|(value, pattern)| Some((value, pattern.as_ref()?)))
    }
}

fn meaning(selection: &Selection) -> Meaning<'_> {
    match selection {
        Selection::All(items) => {
            let lowered = items.iter().map(|item| Some((item, lower_item(item).ok()?.folded())));
            lowered.collect::<Option<Vec<_>>>().map_or(Meaning::Unknown, Meaning::All)
        }
        Selection::Any(members) => {
            let lowered = members.iter().map(|member| meaning(member).whole());
            let lowered: Option<Vec<Expr>> = lowered.collect();
            lowered.map_or(Meaning::Unknown, |members| Meaning::Any(Expr::any_of(members)))
        }
    }
}
