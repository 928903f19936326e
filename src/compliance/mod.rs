//! Compliance: which demands of a control framework rules really meet.
//!
//! Coverage is decided from what a rule's query matches, never counted from tags. A demand breaks
//! into [parts]; for each part the audit asks whether there is a demanded event that a rule
//! does not find, and shows it. The [catalogue](crate::rule::controls) says what is demanded; the
//! [reports](report) say the answer in the forms that people and machines want.

mod attack;
mod audit;
pub mod codes;
mod decide;
mod detector;
mod envelope;
mod gather;
mod given;
mod ground;
mod logs;
mod parts;
pub mod report;
mod words;

pub use attack::{AttackCoverage, AttackGrade, AttackProblem, TechniqueRow};
pub use audit::{
    Audit, Claim, ControlAudit, Grade, PartAudit, PlaceAudit, Reading, RuleRelation, RuleRow,
    Scope, SetRelation, State, VersionAudit,
};
pub use decide::{Narrowing, NarrowingKind, Verdict};
pub use detector::{Detector, Meant, Place};
pub use gather::{Gathered, Unread};
pub use logs::{Sighted, sighted};
pub use parts::{Part, parts};
