//! Which rule is for which events.

use super::compile::Compiler;
use super::program::{LeftOut, Sources};
use crate::fields::{View, Vocabulary};
use crate::rule::{Logsource, Rule};

impl Compiler<'_> {
    /// The view whose names a rule uses for its fields, and the events that it is for: what a
    /// platform makes of records is known of CloudTrail's only.
    pub(super) fn view(
        &self,
        rule: &Rule,
        logsource: &Logsource,
    ) -> Result<(View, Sources), LeftOut> {
        let taxonomy = rule.header.taxonomy.as_deref().unwrap_or_default();
        match Vocabulary::of_taxonomy(taxonomy) {
            Some(Vocabulary::View(view)) if view != View::Raw => {
                Ok((view, self.sources_in(view, logsource)?))
            }
            _ => Ok((View::Raw, self.sources(logsource)?)),
        }
    }

    /// The events that a rule is for whose fields have the names of a platform.
    pub(super) fn sources_in(&self, view: View, logsource: &Logsource) -> Result<Sources, LeftOut> {
        let sources =
            Sources { cloudtrail: self.sources(logsource)?.cloudtrail, ..Sources::default() };
        if sources.are_none() {
            let reason =
                format!("its fields have the names of {view}, and only CloudTrail's are known");
            return Err(LeftOut::Refused(reason));
        }
        Ok(sources)
    }

    /// The events that a rule is for.
    fn sources(&self, wanted: &Logsource) -> Result<Sources, LeftOut> {
        let text = |text: &str| Some(text.to_owned());
        let cloudtrail =
            Logsource { product: text("aws"), service: text("cloudtrail"), ..Logsource::default() };
        let (all, others) = (self.options.all_rules, self.options.logsource.as_ref());
        let is_trail = cloudtrail.is_within(wanted);
        let named = others.filter(|own| own.is_within(wanted));
        let sources = Sources {
            cloudtrail: all || is_trail,
            others: all || named.is_some(),
            // A rule about CloudTrail has the records inside; what wraps them would count twice.
            wrappers: named.is_some_and(|own| !own.is_within(&cloudtrail)) || (all && !is_trail),
        };
        if sources.are_none() { Err(LeftOut::LogSource) } else { Ok(sources) }
    }
}
