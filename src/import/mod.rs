//! Foreign rule documents as canonical rules.
//!
//! A document is read into the body that its platform's API would take ([`Foreign`]), whatever form
//! it came in; a body becomes a canonical rule in [`canonical`]. Nothing of a document is lost: what
//! no key of a rule can say stays in the `patch` of the platform's section.

mod canonical;
pub mod codes;
pub mod datadog;
mod elastic;
mod foreign;
mod json_tree;
mod kind;
mod rules;
mod tell;
mod tree;
mod unknown;

use std::sync::Arc;

pub use canonical::{
    Canonical, Expressed, asked_logsource, asks_for_data_set, index_logsource, may_hold,
};
pub use datadog::terraform;
pub use foreign::{Beside, Foreign, Platform};
pub use kind::Kind;
pub use rules::{Versions, rules, versions};
pub use unknown::unknown;

use crate::diagnostic::{Finding, Findings};
use crate::fields::{View, Vocabulary};
use crate::language::kit::QueryError;
use crate::language::registry::Dialect;
use crate::query::Expr;
use crate::source::SourceFile;

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its kind, if that could be told.
    pub kind: Option<Kind>,
    /// The rules of it, in its order.
    pub rules: Vec<Canonical>,
    /// What is to be said of it.
    pub findings: Vec<Finding>,
}

/// Imports a document of a kind, or of the kind that it looks like.
pub fn import(source: &Arc<SourceFile>, kind: Option<Kind>) -> Imported {
    let mut findings = Findings::new(source);
    let Some(kind) = kind.or_else(|| Kind::of(source)) else {
        unknown("imported", Kind::ALL.iter().map(|kind| kind.name()), &mut findings);
        return Imported { kind: None, rules: Vec::new(), findings: findings.into_sorted() };
    };
    let rules = match kind.bodies(source, &mut findings) {
        None => canonical::sigma(source, &mut findings),
        Some(bodies) => {
            bodies.iter().map(|foreign| canonical::canonical(foreign, &mut findings)).collect()
        }
    };
    Imported { kind: Some(kind), rules, findings: findings.into_sorted() }
}

/// The rules of a document in the form of their platform's API; `None` for Sigma, which has none.
pub fn bodies(
    source: &Arc<SourceFile>,
    kind: Kind,
    findings: &mut Findings,
) -> Option<Vec<Foreign>> {
    kind.bodies(source, findings)
}

/// The canonical text of one rule of a document.
pub fn canonical_text(foreign: &Foreign, findings: &mut Findings) -> String {
    canonical::canonical(foreign, findings).text
}

/// A file name for a title, without extension.
pub fn stem(title: &str) -> String {
    canonical::stem(title)
}

/// What a query asks for, over the record's fields if a catalogue knows them all, else over the
/// platform's; with it, whose names these are. The errors say why that cannot be stated.
pub fn state(
    dialect: &dyn Dialect,
    text: &str,
    view: View,
) -> Result<(Expr, Vocabulary), Vec<QueryError>> {
    canonical::state(dialect, text, view)
}
