//! A value that another value of its list takes in.

use super::Subject;
use super::subject::Written;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Modifier, Value};
use crate::query::{Case, Pattern};
use crate::source::Spanned;

code! {
    /// a value is covered by another value of its list
    ///
    /// Whatever the one matches, the other matches too, so the narrower one does nothing. Either it
    /// can go, or the wider one takes in more than its author thought. Under `all` it is the wider
    /// one that does nothing.
    ///
    /// ```yaml
    /// CommandLine|contains: [mimikatz, mimikatz.exe]    # bad
    /// CommandLine|contains: mimikatz                    # good
    /// ```
    COVERED_VALUE = "covered-value", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &COVERED_VALUE, run: Run::Detection(run) };

/// Most pairs of values that are compared in one list.
const MAX_PAIRS: usize = 100_000;

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    subject.items.iter().for_each(|written| list(written, findings));
}

fn list(written: &Written<'_>, findings: &mut Findings) {
    let every = written.has(Modifier::EveryValue);
    let values: Vec<(&Spanned<Value>, Pattern)> = written
        .values()
        .map(|(value, pattern)| match written.case {
            Case::Insensitive => (value, pattern.folded()),
            Case::Sensitive => (value, pattern.clone()),
        })
        // A wildcard alone has a finding of its own.
        .filter(|(_, pattern)| !pattern.is_any())
        .collect();
    // Without wildcards only equal values cover each other.
    let wide: Vec<_> = values.iter().filter(|(_, one)| one.as_literal().is_none()).collect();
    if wide.len() * values.len() > MAX_PAIRS {
        return;
    }
    for (value, pattern) in &values {
        let other = |other: &&(&Spanned<Value>, Pattern)| {
            let (narrow, wide) = if every { (&other.1, pattern) } else { (pattern, &other.1) };
            // Of two that cover each other, one has to stay; equal ones are duplicates.
            narrow != wide && wide.covers(narrow) && !narrow.covers(wide)
        };
        let found = match every {
            true => values.iter().find(other),
            false => wide.iter().copied().find(other),
        };
        let Some((other, _)) = found else { continue };
        let message = if every {
            "wherever another value of this list matches, this one matches too"
        } else {
            "another value of this list matches everything that this one matches"
        };
        // `all` must not be left with a single value.
        let fix = Fix::remove_member(findings.source(), value.span).filter(|_| !every);
        let place = findings.place(other.span);
        let finding = findings.add(&COVERED_VALUE, value.span, message);
        finding.related(place, "this one").help("take it out, or make the other one narrower");
        finding.fix = fix;
    }
}
