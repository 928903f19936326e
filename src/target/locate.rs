//! From a field that a translation stumbles over back to the line of the rule that looks at it.

use super::Request;
use crate::fields::View;
use crate::language::sigma::{Item, Selection};
use crate::query::FieldPath;
use crate::rule::Logic;
use crate::source::Span;

/// The key of the first item that looks at the field, which may be named as in the rule or as in
/// the view; the rule's title if there is none.
pub(super) fn field(request: &Request<'_>, view: View, field: Option<&FieldPath>) -> Span {
    let title = request.rule.header.title_span;
    let (Logic::Detection { logsource, detection }, Some(field)) = (&request.rule.logic, field)
    else {
        return title;
    };
    let catalog = logsource.catalog();
    let is_meant = |item: &&Item| {
        item.field.as_ref().is_some_and(|name| {
            let raw = FieldPath::new(name.as_str());
            raw == *field
                || catalog.and_then(|catalog| catalog.name(&raw, view)).as_ref() == Some(field)
        })
    };
    let mut items = detection.selections.iter().flat_map(|(_, selection)| items(selection));
    items.find(is_meant).map_or(title, |item| item.span)
}

fn items(selection: &Selection) -> Vec<&Item> {
    match selection {
        Selection::All(items) => items.iter().collect(),
        Selection::Any(members) => members.iter().flat_map(items).collect(),
    }
}
