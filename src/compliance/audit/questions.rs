//! What an audit asks: the demands of all versions with their parts, each once.

use indexmap::IndexSet;

use crate::compliance::parts::{Part, parts};
use crate::query::Expr;
use crate::rule::controls::{Demand, Framework, Subject};

use super::grades::Reading;

/// The demands of a framework in the versions that are audited.
pub(super) struct Questions<'f> {
    /// Every control, version by version.
    pub(super) controls: Vec<Asked<'f>>,
    /// Every part of every demand.
    pub(super) parts: IndexSet<Expr>,
    /// Every demand.
    pub(super) demands: IndexSet<Expr>,
    /// The log of each part and demand.
    pub(super) part_logs: Vec<String>,
    /// The log of each demand.
    pub(super) demand_logs: Vec<String>,
    /// The parts of each demand.
    pub(super) demand_parts: Vec<Vec<usize>>,
}

/// The demand of one control.
pub(super) struct Asked<'f> {
    pub(super) version: &'f str,
    pub(super) subject: &'f Subject,
    pub(super) demand: &'f Demand,
    pub(super) log: String,
    /// Names of the parts with their index.
    pub(super) parts: Vec<(String, usize)>,
    /// Index of the demand as a whole.
    pub(super) whole: usize,
}

impl<'f> Questions<'f> {
    pub(super) fn of(
        framework: &'f Framework,
        versions: &[String],
        subjects: &[String],
        reading: Reading,
    ) -> Self {
        let mut all = Self {
            controls: Vec::new(),
            parts: IndexSet::new(),
            demands: IndexSet::new(),
            part_logs: Vec::new(),
            demand_logs: Vec::new(),
            demand_parts: Vec::new(),
        };
        let wanted = framework.versions.iter().filter(|version| versions.contains(version));
        for version in wanted {
            let counts =
                |subject: &&Subject| subjects.is_empty() || subjects.contains(&subject.slug);
            for subject in framework.subjects.iter().filter(counts) {
                if let Some(demand) = framework.demand(subject, version) {
                    all.add(version, subject, demand, reading);
                }
            }
        }
        all
    }

    fn add(
        &mut self,
        version: &'f str,
        subject: &'f Subject,
        demand: &'f Demand,
        reading: Reading,
    ) {
        let expr = match reading {
            Reading::Intent => &demand.intent,
            Reading::Literal => &demand.literal,
        };
        let log = demand.expects.log.to_string();
        let mut named = Vec::new();
        for Part { name, expr } in parts(expr) {
            let (index, new) = self.parts.insert_full(expr);
            if new {
                self.part_logs.push(log.clone());
            }
            named.push((name, index));
        }
        let (whole, new) = self.demands.insert_full(expr.clone());
        if new {
            self.demand_logs.push(log.clone());
            self.demand_parts.push(named.iter().map(|(_, index)| *index).collect());
        }
        self.controls.push(Asked { version, subject, demand, log, parts: named, whole });
    }
}

/// Every part of every demand in some versions, each once, with a name of it.
pub(in crate::compliance) fn demanded(
    framework: &Framework,
    versions: &[String],
    reading: Reading,
) -> Vec<(String, Expr)> {
    let questions = Questions::of(framework, versions, &[], reading);
    let names = questions.controls.iter().flat_map(|asked| &asked.parts);
    let mut parts: Vec<(String, Expr)> = Vec::new();
    for (at, expr) in questions.parts.iter().enumerate() {
        let name = names.clone().find(|(_, part)| *part == at).map(|(name, _)| name.clone());
        parts.push((name.unwrap_or_default(), expr.clone()));
    }
    parts
}
