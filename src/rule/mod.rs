//! The canonical rule: a Sigma 2.1 document with optional sections for what Sigma cannot say.
//!
//! [`read`] turns a file into typed documents and findings; everything downstream works on the
//! types of [`model`](self) and never looks at text again. Tables that references are checked
//! against (ATT&CK, control frameworks) are compiled in from `catalog/`.

pub mod attack;
pub mod codes;
pub mod controls;
mod correlation;
mod date;
mod duration;
mod logsource;
mod model;
mod read;
mod set;
mod shape;
mod variant;
mod words;
mod write;

pub use crate::language::sigma::Condition;
pub use controls::ControlRef;
pub use correlation::{Correlation, CorrelationKind, Threshold};
pub use date::Date;
pub use duration::{Duration, Unit};
pub use logsource::Logsource;
pub use model::{
    Change, Document, Filter, Header, Level, Logic, NewValue, Related, Rule, RuleFile, Sections,
    Status, TestEvent,
};
pub use read::{MAX_DOCUMENTS, is_date_math, read};
pub use set::{RuleSet, load, unreadable};
use shape::shape;
pub use shape::{Count, Shape, ShapeError, expr};
pub use variant::{
    Accept, Case, CaseStatus, DatadogVariant, ElasticLanguage, ElasticPage, ElasticVariant,
    MissingFields, Severity, Suppression,
};
pub use write::write_rule;
