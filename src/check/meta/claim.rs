//! The control claims of a rule, looked up.

use std::collections::HashSet;

use crate::rule::controls::{Framework, Subject};
use crate::rule::{ControlRef, Rule};
use crate::source::Spanned;

/// One claim whose control is known.
pub(super) struct Claim<'r> {
    /// As the rule writes it.
    pub(super) control: &'r Spanned<ControlRef>,
    /// Its framework.
    pub(super) framework: &'static Framework,
    /// What the control is about.
    pub(super) subject: &'static Subject,
}

impl<'r> Claim<'r> {
    /// The claims of a rule in order, each once. Unknown ones are left out: the reader has said so.
    pub(super) fn all(rule: &'r Rule) -> Vec<Self> {
        let mut seen = HashSet::new();
        let claims = rule.sections.controls.iter().filter(|control| seen.insert(&control.value));
        let claims = claims.filter_map(|control| {
            let (framework, subject) = control.resolve()?;
            Some(Self { control, framework, subject })
        });
        claims.collect()
    }

    /// The version of the framework.
    pub(super) fn version(&self) -> &'r str {
        &self.control.value.version
    }
}
