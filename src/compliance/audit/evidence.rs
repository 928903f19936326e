//! What stands behind a claim: the query alone, a test event, or events that really happened.

use super::grades::{Grade, State};
use super::model::Claim;
use super::questions::Asked;
use super::{Run, Verdict};
use crate::compliance::detector::{Detector, Place};
use crate::fields::View;
use crate::query::Expr;
use crate::rule::ControlRef;

impl Run<'_> {
    /// The best evidence for a part. A claim that nothing shows is the least of all.
    pub(super) fn grade(
        &self,
        asked: &Asked<'_>,
        place: Place,
        part: usize,
        state: State,
        rules: &[(usize, Verdict)],
    ) -> Option<Grade> {
        if !state.is_covered() {
            let framework = &self.scope.framework.framework;
            let number = asked.subject.control.get(asked.version).map(|own| &own.number);
            let claims = |detector: &Detector| {
                detector.claims.iter().any(|claim| {
                    claim.framework == *framework
                        && claim.version == asked.version
                        && Some(&claim.number) == number
                })
            };
            return self.detectors.iter().any(claims).then_some(Grade::Claimed);
        }
        let part = self.grounds.part(View::Raw, part)?;
        let covering = rules.iter().filter(|(_, verdict)| verdict.is_reached());
        let covering = covering.filter_map(|(rule, _)| self.detectors.get(*rule));
        covering.map(|detector| self.evidence(detector, place, part)).max()
    }

    fn evidence(&self, detector: &Detector, place: Place, part: &Expr) -> Grade {
        // Test events and logs are records: only a meaning over records can be run on them.
        let meant = detector.meaning(place).filter(|meant| meant.view == View::Raw);
        let Some(meant) = meant else { return Grade::Proven };
        let shows = |event: &serde_json::Value| part.eval(event) && meant.expr.eval(event);
        if self.scope.logs.iter().any(shows) {
            Grade::Seen
        } else if detector.tests.iter().any(|(_, event)| shows(event)) {
            Grade::Tested
        } else {
            Grade::Proven
        }
    }

    /// What rules claim of a control, and what they could claim.
    pub(super) fn claims(&self, asked: &Asked<'_>, control: &ControlRef) -> Vec<Claim> {
        let claims = self.detectors.iter().enumerate().filter_map(|(rule, detector)| {
            let answer = self.answers.get(rule)?.get(&Place::Rule);
            let verdicts = asked.parts.iter().map(|(_, part)| answer?.verdicts.get(part));
            let (mut covered, mut reached) = (0, 0);
            for verdict in verdicts.flatten() {
                covered += usize::from(verdict.is_covered());
                reached += usize::from(verdict.is_reached());
            }
            let claimed = detector.claims.contains(control);
            let of = asked.parts.len();
            (claimed || reached > 0).then_some(Claim { rule, claimed, covered, reached, of })
        });
        claims.collect()
    }
}
