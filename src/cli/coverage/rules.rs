//! The rules of a run, of whatever kind, with what is generated from them.

use std::path::PathBuf;

use rayon::prelude::*;

use super::super::import::{DOCUMENTS, sources};
use super::super::output::{find_rules, for_people, plural};
use super::super::{Context, Failure, Outcome};
use super::{Audited, Coverage, TOLD};
use crate::build::emit;
use crate::compliance::{Gathered, Place};
use crate::config::Target;
use crate::diagnostic::{Finding, Severity};
use crate::rule::RuleSet;
use crate::target::{Emission, Names, Request, Unknown};

/// The rules of a run.
pub(super) struct Rules {
    pub(super) gathered: Gathered,
    /// Whether rules of the repository itself, or whole documents, could not be read.
    is_broken: bool,
}

impl Rules {
    /// The rules that are named, or those of the configuration.
    pub(super) fn read(context: &Context, wanted: &Coverage) -> Result<Self, Failure> {
        match wanted.rules.is_empty() {
            true => Self::own(context, &wanted.paths, &wanted.target),
            false => Self::foreign(context, &wanted.rules, &wanted.target),
        }
    }

    /// The rules of the repository, with what its platforms get.
    fn own(context: &Context, paths: &[PathBuf], wanted: &[Audited]) -> Result<Self, Failure> {
        // Checks are the business of `check`: here only what could not be read counts.
        let (set, findings) = RuleSet::read(&find_rules(context, paths)?);
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        let errors: Vec<Finding> = findings.iter().filter(is_error).cloned().collect();
        anstream::eprint!("{}", for_people(&errors));
        let mut gathered = Gathered::of_set(set);
        add_outputs(context, &mut gathered, &targets(wanted, &context.config.targets));
        keep(&mut gathered, wanted);
        Ok(Self { gathered, is_broken: !errors.is_empty() })
    }

    /// Rules of any kind.
    fn foreign(context: &Context, named: &[PathBuf], wanted: &[Audited]) -> Result<Self, Failure> {
        let (sources, unreadable) = sources(named, DOCUMENTS)?;
        anstream::eprint!("{}", for_people(&unreadable));
        if sources.is_empty() {
            let paths: Vec<String> = named.iter().map(|p| format!("`{}`", p.display())).collect();
            return Err(Failure(format!(
                "error: there is no rule document in {}",
                paths.join(", ")
            )));
        }
        let mut gathered = Gathered::of(&sources);
        add_outputs(context, &mut gathered, &targets(wanted, &[]));
        keep(&mut gathered, wanted);
        // What nobody understands is no fault of a rule set; what is no document at all is.
        let is_broken = !unreadable.is_empty() || gathered.unread.iter().any(|one| one.is_broken);
        Ok(Self { gathered, is_broken })
    }

    /// Says what is not audited: nothing is left out in silence.
    pub(super) fn tell(&self) {
        let Gathered { detectors, unread, strange, .. } = &self.gathered;
        let read =
            detectors.iter().filter(|one| one.meanings.iter().any(|(_, meant)| meant.is_ok()));
        anstream::eprintln!("read {}", plural(read.count(), "rule"));
        if !unread.is_empty() {
            let is = if unread.len() == 1 { "it is" } else { "they are" };
            anstream::eprintln!(
                "not audited: {}, because {is} not understood",
                plural(unread.len(), "rule")
            );
        }
        for one in unread.iter().take(TOLD) {
            let title = one.title.as_ref().map(|title| format!("`{title}` ")).unwrap_or_default();
            let reason = one.reason.lines().next().unwrap_or_default();
            anstream::eprintln!("  {title}({}): {reason}", one.file);
        }
        if unread.len() > TOLD {
            anstream::eprintln!("  {} more; `--format json` names all", unread.len() - TOLD);
        }
        if !strange.is_empty() {
            let names: Vec<&str> = strange.iter().take(3).map(String::as_str).collect();
            let dots = if strange.len() > 3 { ", ..." } else { "" };
            anstream::eprintln!(
                "no rule of a known kind in {}: {}{dots}",
                plural(strange.len(), "file"),
                names.join(", ")
            );
        }
    }

    /// How the reading went.
    pub(super) fn outcome(&self) -> Outcome {
        if self.is_broken { Outcome::Findings } else { Outcome::Fine }
    }
}

/// The targets whose queries are audited beside the rules.
fn targets(wanted: &[Audited], usual: &[Target]) -> Vec<Target> {
    let with_queries = [Target::Elastic, Target::Datadog, Target::Sigma];
    let is_wanted = |target: &Target| match wanted {
        [] => usual.contains(target),
        wanted => wanted.iter().any(|own| match own {
            Audited::All => true,
            Audited::Canonical => false,
            Audited::Elastic => *target == Target::Elastic,
            Audited::Datadog => *target == Target::Datadog,
            Audited::Sigma => *target == Target::Sigma,
        }),
    };
    with_queries.into_iter().filter(is_wanted).collect()
}

/// Adds what the platforms get of canonical rules. A platform's own rules are not translated.
fn add_outputs(context: &Context, gathered: &mut Gathered, targets: &[Target]) {
    if targets.is_empty() {
        return;
    }
    let Gathered { set, detectors, .. } = gathered;
    let set: &RuleSet = set;
    let names = Names::of(set);
    let rules: Vec<_> = names.iter().collect();
    // The detectors of the set come first, in its order.
    let own = detectors.par_iter_mut().zip(&rules);
    own.for_each(|(detector, (rule, name))| {
        let elastic = &context.config.elastic;
        let request = Request { rule, set, name, elastic, unknown: Unknown::Refuse };
        for target in targets {
            let Some(Emission { output, findings, .. }) = emit(&request, *target) else { continue };
            match output {
                Some(output) => detector.add_output(set, rule, &output),
                None => {
                    let error = findings.iter().find(|one| one.severity == Severity::Error);
                    let reason = error.map_or("nothing is generated", |one| &one.message);
                    detector.add_refusal(*target, reason);
                }
            }
        }
    });
    let foreign = detectors.len().saturating_sub(rules.len());
    if foreign > 0 {
        anstream::eprintln!(
            "note: {} of other platforms: only canonical rules and Sigma are translated, these are audited as they are",
            plural(foreign, "rule")
        );
    }
}

/// Leaves out the rules as written if only platforms are wanted.
fn keep(gathered: &mut Gathered, wanted: &[Audited]) {
    let written = wanted.is_empty()
        || wanted.iter().any(|own| matches!(own, Audited::All | Audited::Canonical));
    if !written {
        for detector in &mut gathered.detectors {
            detector.hidden = vec![Place::Rule];
        }
    }
}
