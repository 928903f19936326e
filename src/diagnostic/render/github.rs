//! For GitHub Actions: one workflow command a finding, which the runner turns into an annotation of
//! the changed line.

use std::fmt::Write;

use super::clean;
use super::human::on_one_line;
use crate::diagnostic::{Finding, Severity};
use crate::source::Place;

/// Renders findings as workflow commands, one a line.
pub fn github(findings: &[Finding]) -> String {
    findings.iter().map(command).collect()
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = finding.place.as_ref().map(properties).unwrap_or_default();
    let mut message = clean(&finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {}", clean(help));
    }
    format!("::{name} {place}title={}::{}\n", property(finding.code.name), data(&message))
}

/// The runner drops the columns of an annotation over several lines (it must not have any) and
/// GitHub shows one at its last line, so a long block is marked at its first.
fn properties(place: &Place) -> String {
    let span = on_one_line(place.source.text(), place.span);
    let marked = Place::new(&place.source, span);
    let (start, end) = (marked.start(), marked.end());
    format!(
        "file={},line={},col={},endLine={},endColumn={},",
        property(place.source.name()),
        start.line,
        start.column,
        end.line,
        end.column
    )
}

/// Escapes as the runner reads a command's data (`actions/runner`, ActionCommand.cs).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes as the runner reads a property, where `:` and `,` would end the value.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
