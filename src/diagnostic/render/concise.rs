//! One line a finding, as compilers print for editors: `file:line:column: severity[code] message`.

use std::fmt::Write;

use super::clean;
use crate::diagnostic::Finding;

/// Renders findings one a line.
pub fn concise(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        if let Some(place) = &finding.place {
            let _ = write!(out, "{place}: ");
        }
        let message = clean(&finding.message);
        let _ = writeln!(out, "{}[{}] {message}", finding.severity, finding.code);
    }
    out
}
