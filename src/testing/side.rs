//! What one side makes of an event: the rule itself, or the query that a platform gets.

use serde_json::Value as Json;

use crate::config::Target;
use crate::fields::{View, Vocabulary};
use crate::query::Expr;
use crate::relate::{Reading, Unrelated, of_output, of_rule};
use crate::rule::{Logsource, Rule, RuleSet};
use crate::target::{Emission, Request};

/// Who judges an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The rule as its author wrote it.
    Canonical,
    /// What a platform gets.
    Target(Target),
}

impl Side {
    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Side::Canonical => "canonical",
            Side::Target(target) => target.name(),
        }
    }

    /// How the side sees an event.
    pub(super) fn view(self) -> View {
        match self {
            Side::Canonical => View::Raw,
            Side::Target(target) => target.view(),
        }
    }
}

/// An expression over events as one side holds them.
#[derive(Debug)]
pub(super) struct Judge {
    side: Side,
    /// Whose names the events of the rule's tests use.
    vocabulary: Vocabulary,
    /// What matches.
    pub(super) expr: Expr,
}

impl Judge {
    /// The rule itself.
    pub(super) fn canonical(set: &RuleSet, rule: &Rule) -> Result<Self, String> {
        let Reading { expr, vocabulary, .. } = of_rule(set, rule).map_err(in_words)?;
        Ok(Self { side: Side::Canonical, vocabulary, expr })
    }

    /// What a platform gets, read again from its text.
    pub(super) fn of_emission(
        request: &Request<'_>,
        target: Target,
        emission: &Emission,
    ) -> Result<Self, String> {
        let Some(output) = &emission.output else {
            let reasons = emission.refused.iter().map(|refusal| refusal.reason.as_str());
            let reasons = reasons.collect::<Vec<_>>().join("; ");
            let none = "the rule is not written".to_owned();
            return Err(if reasons.is_empty() { none } else { reasons });
        };
        let Request { rule, set, .. } = *request;
        let Reading { expr, logsource, .. } = of_output(set, rule, output).map_err(in_words)?;
        let parts = logsource.as_ref().map_or([None; 3], Logsource::parts);
        let vocabulary = Vocabulary::of_rule(rule.header.taxonomy.as_deref(), parts);
        Ok(Self { side: Side::Target(target), vocabulary, expr })
    }

    /// Whether an event of the rule's tests matches.
    pub(super) fn matches(&self, event: &Json) -> bool {
        self.expr.eval(&self.seen(event))
    }

    /// What decides the verdict on an event, in words, under the side's own field names.
    pub(super) fn why(&self, event: &Json) -> Vec<String> {
        let reasons = self.expr.why(&self.seen(event)).into_iter();
        reasons.map(|reason| reason.line(&|path| self.side.view().display(path))).collect()
    }

    /// The event as this side holds it.
    fn seen(&self, event: &Json) -> Json {
        self.vocabulary.project(event, self.side.view())
    }
}

fn in_words(unrelated: Unrelated) -> String {
    unrelated.0.join("; ")
}
