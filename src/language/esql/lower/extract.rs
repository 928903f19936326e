//! Commands that add columns by looking into texts, other indices or models.
//!
//! Those that leave the rows alone make their columns unknown. Which columns a pattern of
//! `DISSECT` or `GROK` makes stands in the pattern. Source: Elastic's page *Process data with
//! DISSECT and GROK*.

use super::super::ast::Command;
use super::super::expression::{Expression, Node};
use super::Lowerer;
use super::column::Column;
use crate::language::kit::QueryError;
use crate::source::Span;

impl Lowerer<'_> {
    /// A command that makes columns, or is refused.
    pub(super) fn extraction(&mut self, command: &Command, span: Span) {
        match command {
            Command::Dissect { pattern, .. } => {
                for name in dissect_names(&pattern.value) {
                    self.unknown(name, "DISSECT", pattern.span);
                }
            }
            Command::Grok { patterns, .. } => {
                for pattern in patterns {
                    for name in grok_names(&pattern.value) {
                        self.unknown(name, "GROK", pattern.span);
                    }
                }
            }
            Command::Completion { name, .. } => {
                let name = name.as_ref().map_or("completion", |name| name.value.as_str());
                self.unknown(name, "COMPLETION", span);
            }
            Command::Rerank { name, .. } => {
                let name = name.as_ref().map_or("_score", |name| name.value.as_str());
                self.unknown(name, "RERANK", span);
            }
            Command::Enrich { .. } => self.refuse(span, "`ENRICH` adds what another index holds"),
            Command::LookupJoin { .. } => {
                self.refuse(span, "`LOOKUP JOIN` adds what another index holds");
            }
            Command::MvExpand(_) => {
                self.refuse(span, "`MV_EXPAND` makes several rows of one event");
            }
            Command::Sample(_) => self.refuse(span, "`SAMPLE` takes rows by chance"),
            Command::Fork(_) => self.refuse(span, "`FORK` gives an event several rows"),
            Command::Fuse(_) => self.refuse(span, "`FUSE` puts rows together by their rank"),
            Command::ChangePoint { .. } => {
                self.refuse(span, "`CHANGE_POINT` looks at all rows together");
            }
            Command::Parts { command, .. } => {
                self.refuse(span, format!("`{command}` takes a text apart"));
            }
            // INVARIANT: the others are handled by `pipe` and `columns`.
            _ => {}
        }
    }

    /// Makes a column whose content is known only when the query runs.
    pub(super) fn unknown(&mut self, name: &str, command: &str, span: Span) {
        let message = format!("`{name}` is what `{command}` makes when the query runs");
        let error = QueryError::unsupported(span, message);
        self.scope.bind(name, Column::Unknown(error.into()));
    }
}

/// The name of a call, for messages.
pub(super) fn called(node: &Node) -> Option<&str> {
    match &node.value {
        Expression::Call { name, .. } => Some(name),
        _ => None,
    }
}

/// The columns of a pattern such as `%{a} %{+b/2} %{?skipped} %{c->}`.
fn dissect_names(pattern: &str) -> impl Iterator<Item = &str> {
    keys(pattern).filter(|key| !key.starts_with('?')).filter_map(|key| {
        let key = key.trim_start_matches(['+', '&', '*']);
        let key = key.strip_suffix("->").unwrap_or(key);
        let name = key.split('/').next().unwrap_or_default();
        (!name.is_empty()).then_some(name)
    })
}

/// The columns of a pattern such as `%{IP:a} %{NUMBER:b:int} (?<c>[0-9]+)`.
fn grok_names(pattern: &str) -> impl Iterator<Item = &str> {
    let keyed = keys(pattern).filter_map(|key| key.split(':').nth(1));
    let grouped = pattern.split("(?<").skip(1).filter_map(|rest| {
        // `(?<=` and `(?<!` look behind and name nothing.
        let named = !rest.starts_with(['=', '!']);
        rest.split('>').next().filter(|_| named)
    });
    keyed.chain(grouped)
}

/// What stands between `%{` and `}`.
fn keys(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split("%{").skip(1).filter_map(|rest| rest.split_once('}').map(|(key, _)| key))
}
