//! What is proven of every generated query: how it stands to its rule.
//!
//! The text of the query is read again, as its platform would read it, and carried back to the
//! fields of the record; then both are compared. So a certificate leans on nothing that made the
//! query, only on the reading of the language and on the field catalogue.

use serde::Serialize;
use serde_json::Value as Json;

use super::codes;
use crate::config::Target;
use crate::diagnostic::Finding;
use crate::proof::{Limits, Relation, Side};
use crate::query::Effect;
use crate::relate::{compare_translated, of_output, of_rule};
use crate::rule::{Accept, Logic};
use crate::source::Place;
use crate::target::codes::UNUSED_ACCEPT;
use crate::target::{Emission, Output, Request};

/// How a generated query stands to its rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    /// `equal`, `narrower`, `wider`, `overlapping`, `disjoint` or `undecided`.
    pub relation: &'static str,
    /// Why it is undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
    /// Which of the rule and its query no event can match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<&'static str>,
    /// What the relation leans on, in words.
    pub assumptions: Vec<String>,
    /// A record that the rule matches and the query does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<Json>,
    /// A record that the query matches and the rule does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<Json>,
}

/// Proves how one output stands to its rule, unless there is nothing to prove, and adds to its
/// findings what the author must know.
pub(super) fn certify(request: &Request<'_>, emission: &mut Emission) -> Option<Certificate> {
    let output = emission.output.as_ref()?;
    if matches!(request.rule.logic, Logic::Native { .. }) || output.queries.is_empty() {
        return None;
    }
    let certificate = Certificate::of(request, output);
    if let Some(used) = certificate.accepted_by_name(request, output.target) {
        // Losses alone did not show what the entry is for.
        emission.findings.retain(|finding| {
            let place = finding.place.as_ref();
            finding.code != &UNUSED_ACCEPT || place.is_none_or(|p| p.span != used.loss.span)
        });
    }
    let finding = certificate.finding(request, output);
    emission.findings.extend(finding);
    Some(certificate)
}

impl Certificate {
    fn of(request: &Request<'_>, output: &Output) -> Self {
        let Request { rule, set, .. } = *request;
        let related = of_rule(set, rule).and_then(|own| {
            let made = of_output(set, rule, output)?;
            let view = output.target.view();
            compare_translated(&own, &made, view, &output.assumptions, &Limits::default())
        });
        match related {
            Err(unrelated) => Self {
                relation: "undecided",
                undecided: Some(unrelated.0.join("; ")),
                never: Vec::new(),
                assumptions: Vec::new(),
                missed: None,
                added: None,
            },
            Ok(related) => {
                let comparison = related.comparison;
                let undecided = match comparison.relation {
                    Relation::Undecided(limit) => Some(limit.in_words()),
                    _ => None,
                };
                let assumed = comparison.assumed.iter();
                let assumed = assumed.map(|one| format!("`{}` {}", one.field, one.what.in_words()));
                let side = |side: &Side| if *side == Side::Left { "rule" } else { "query" };
                Self {
                    never: comparison.never.iter().map(side).collect(),
                    relation: comparison.relation.name(),
                    undecided,
                    assumptions: assumed.chain(related.notes).collect(),
                    missed: comparison.only_left,
                    added: comparison.only_right,
                }
            }
        }
    }

    /// What is proven, in one sentence.
    pub(super) fn in_words(&self) -> String {
        let proven = match self.relation {
            _ if self.never.len() > 1 => "no event can match the rule, and none its query",
            "equal" => "the query matches the same events as the rule",
            "narrower" => "the query misses events of the rule, and adds none",
            "wider" => "the query matches all events of the rule, and others",
            "overlapping" => "the query misses events of the rule, and adds others",
            "disjoint" => "no event matches both the query and the rule",
            _ => return format!("Not proven: {}.", self.undecided.as_deref().unwrap_or_default()),
        };
        format!("Proven: {proven}.")
    }

    /// What the author must know, unless the rule accepts it.
    fn finding(&self, request: &Request<'_>, output: &Output) -> Option<Finding> {
        let code = match self.relation {
            "equal" => return None,
            "wider" => &codes::PROVEN_WIDER,
            "undecided" => &codes::UNDECIDED,
            _ => &codes::PROVEN_DIFFERENCE,
        };
        if self.is_accepted(request, output) {
            return None;
        }
        let at = Place::new(&request.rule.source, request.rule.header.title_span);
        let mut finding = Finding::new(code, at, self.message(output.target));
        finding.help(format!(
            "to accept it, add `accept: [{{loss: {}, reason: ...}}]` to the platform's section",
            self.relation
        ));
        Some(finding)
    }

    fn message(&self, target: Target) -> String {
        let who = format!("the query for {}", target.name());
        if let Some(reason) = &self.undecided {
            return format!("{who} could not be shown to detect what the rule detects: {reason}");
        }
        let missed = self.missed.as_ref().map(|event| format!("misses `{event}`"));
        let added = self.added.as_ref().map(|event| format!("adds `{event}`"));
        let events: Vec<String> = [missed, added].into_iter().flatten().collect();
        format!("{who} is {} than the rule: it {}", self.comparative(), events.join(" and "))
    }

    /// As it stands before "than the rule".
    fn comparative(&self) -> &'static str {
        match self.relation {
            "narrower" => "narrower",
            "wider" => "wider",
            _ => "other",
        }
    }

    /// The entry that names the relation.
    fn accepted_by_name<'r>(&self, request: &Request<'r>, target: Target) -> Option<&'r Accept> {
        accepts(request, target).iter().find(|entry| entry.loss.value == self.relation)
    }

    /// Whether the section of the platform wants the difference: by the relation itself, or by
    /// losses that have this effect together.
    fn is_accepted(&self, request: &Request<'_>, output: &Output) -> bool {
        if self.accepted_by_name(request, output.target).is_some() {
            return true;
        }
        let accept = accepts(request, output.target);
        let named = |effect: Effect| {
            accept.iter().any(|entry| {
                let code = entry.loss.value.as_str();
                let has = |other: Effect| other == effect || other == Effect::Overlapping;
                Effect::from_name(code).is_some_and(has)
                    || output.losses.iter().any(|loss| loss.code == code && has(loss.effect))
            })
        };
        match self.relation {
            "narrower" => named(Effect::Narrower),
            "wider" => named(Effect::Wider),
            "overlapping" => named(Effect::Narrower) && named(Effect::Wider),
            _ => false,
        }
    }
}

fn accepts<'r>(request: &Request<'r>, target: Target) -> &'r [Accept] {
    match target {
        Target::Elastic => &request.rule.sections.elastic.accept,
        Target::Datadog => &request.rule.sections.datadog.accept,
        Target::Sigma | Target::Docs => &[],
    }
}
