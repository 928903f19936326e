//! The ATT&CK tags of a rule, looked up.

use crate::rule::Rule;
use crate::rule::attack::{self, Tactic, Technique, TechniqueStatus};
use crate::source::Spanned;

/// What the tags of a rule name.
pub(super) struct Tagged<'r> {
    /// Active techniques with their tags.
    pub(super) techniques: Vec<(&'r Spanned<String>, &'static Technique)>,
    /// Tactics with their tags.
    pub(super) tactics: Vec<(&'r Spanned<String>, &'static Tactic)>,
}

impl<'r> Tagged<'r> {
    /// Looks up every tag of the namespace `attack`. `None` if one of them is a former or unknown
    /// tactic or technique: what goes with what is not known then, and the reader has said so.
    pub(super) fn of(rule: &'r Rule) -> Option<Self> {
        let mut tagged = Self { techniques: Vec::new(), tactics: Vec::new() };
        for tag in &rule.header.tags {
            let Some(name) = tag.strip_prefix("attack.") else { continue };
            if let Some(tactic) = attack::tactic(name) {
                tagged.tactics.push((tag, tactic));
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

    /// Whether a tactic is tagged, by its short name.
    pub(super) fn has_tactic(&self, name: &str) -> bool {
        self.tactics.iter().any(|(_, tactic)| tactic.short_name == name)
    }
}
