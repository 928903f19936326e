//! Which findings a run wants to see.

use super::{Check, Run, checks, codes};
use crate::diagnostic::suppress::{self, Allowable};
use crate::diagnostic::{Code, Finding, Severity, closest};
use crate::rule::RuleSet;

/// Names of codes from the command line or from `crosswalk.toml`.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only these; empty means all.
    select: Vec<&'static Code>,
    /// Not these.
    ignore: Vec<&'static Code>,
}

impl Choice {
    /// Looks the names up. The error says which one is wrong.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, String> {
        let known = codes();
        let find = |name: &String| {
            known.iter().find(|code| code.name == *name).copied().ok_or_else(|| {
                let near = closest(name, known.iter().map(|code| code.name));
                let help = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                format!("`{name}` is no code of a check{help}")
            })
        };
        let select = select.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let ignore = ignore.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        match ignore.iter().find(|code| stands(code)) {
            Some(code) => Err(format!(
                "`{code}` cannot be ignored: a rule with it was not read as it was meant"
            )),
            None => Ok(Self { select, ignore }),
        }
    }

    /// Whether the run wants to see a finding. Errors of the reader are always seen.
    pub fn keeps(&self, finding: &Finding) -> bool {
        self.wants(finding.code)
    }

    fn wants(&self, code: &'static Code) -> bool {
        let is_selected = self.select.is_empty() || self.select.contains(&code);
        stands(code) || (is_selected && !self.ignore.contains(&code))
    }

    /// Whether a check has to run: the run wants to see what it finds, or hear of a comment that
    /// allows what it does not find.
    pub(super) fn asks_for(&self, check: &Check, set: &RuleSet) -> bool {
        let is_allowed =
            || set.files().iter().any(|file| suppress::may_allow(&file.source, check.code));
        self.wants(check.code)
            || self.wants(&suppress::UNUSED_ALLOW) && !is_across_files(check) && is_allowed()
    }
}

/// Whether what a check finds depends on which files are read.
fn is_across_files(check: &Check) -> bool {
    let is_over_sets = |own: &Check| matches!(own.run, Run::Set(_));
    match check.run {
        Run::Beside(code) => checks().any(|own| own.code == code && is_over_sets(own)),
        _ => is_over_sets(check),
    }
}

/// Whether a code is an error of the reader: the rule says something else than its author meant,
/// and nobody can wish that away.
fn stands(code: &Code) -> bool {
    code.severity == Severity::Error
        && !checks().any(|check| check.code == code)
        && !suppress::CODES.contains(&code)
}

/// Whether a comment in a rule can allow a finding of a code.
pub fn can_be_allowed(code: &Code) -> bool {
    codes().contains(&code) && !stands(code) && !suppress::CODES.contains(&code)
}

/// Takes away what comments allow; see [`suppress::suppress`].
pub(super) fn suppress(set: &RuleSet, findings: &mut Vec<Finding>) -> usize {
    let sources: Vec<_> = set.files().iter().map(|file| &file.source).collect();
    let mut codes = codes();
    codes.retain(|code| can_be_allowed(code));
    let across: Vec<&Code> =
        checks().filter(|check| is_across_files(check)).map(|check| check.code).collect();
    let allowable = Allowable { codes: &codes, across_files: &across };
    suppress::suppress(&sources, findings, allowable)
}
