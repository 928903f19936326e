//! The ATT&CK tags of a rule, looked up.

use std::collections::BTreeSet;

use crate::rule::Rule;
use crate::rule::attack::{self, Technique, TechniqueStatus};
use crate::source::Spanned;

/// What the tags of a rule name.
pub(super) struct Tagged<'r> {
    /// Active techniques with their tags.
    pub(super) techniques: Vec<(&'r Spanned<String>, &'static Technique)>,
    /// Short names of tactics.
    pub(super) tactics: BTreeSet<&'static str>,
}

impl<'r> Tagged<'r> {
    /// Looks up every tag of the namespace `attack`. `None` if one of them is a former or unknown
    /// tactic or technique: what goes with what is not known then, and the reader has said so.
    pub(super) fn of(rule: &'r Rule) -> Option<Self> {
        let mut tagged = Self { techniques: Vec::new(), tactics: BTreeSet::new() };
        for tag in &rule.header.tags {
            let Some(name) = tag.strip_prefix("attack.") else { continue };
            if let Some(tactic) = attack::tactic(name) {
                tagged.tactics.insert(tactic.short_name);
            } else if let Some(technique) = attack::technique(name) {
                if technique.status != TechniqueStatus::Active {
                    return None;
                }
                tagged.techniques.push((tag, technique));
            } else if !attack::is_other_object(name) {
                return None;
            }
        }
        Some(tagged)
    }
}
