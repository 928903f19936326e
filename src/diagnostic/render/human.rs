//! For people: the line, a caret, what is wrong, what to do.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Finding, Severity};
use crate::source::Place;

/// Renders findings with their source lines. `colour` adds terminal escapes; everything else is
/// the same with and without.
pub fn human(findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    findings.iter().map(|finding| renderer.render(&[group(finding)]) + "\n\n").collect()
}

fn group(finding: &Finding) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&finding.message).id(finding.code.name);
    let mut group = match &finding.place {
        None => Group::with_title(title),
        Some(place) => {
            snippets(finding, place).into_iter().fold(Group::with_title(title), Group::element)
        }
    };
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// One snippet per file that the finding speaks of, the finding's own file first.
fn snippets<'a>(finding: &'a Finding, place: &'a Place) -> Vec<Snippet<'a, Annotation<'a>>> {
    let primary = annotation(AnnotationKind::Primary, place, finding.label.as_deref());
    let mut files = vec![(place, vec![primary])];
    for (other, label) in &finding.related {
        let note = annotation(AnnotationKind::Context, other, Some(label));
        match files.iter_mut().find(|(file, _)| file.source.name() == other.source.name()) {
            Some((_, notes)) => notes.push(note),
            None => files.push((other, vec![note])),
        }
    }
    files
        .into_iter()
        .map(|(file, notes)| {
            Snippet::source(file.source.text()).path(file.source.name()).annotations(notes)
        })
        .collect()
}

fn annotation<'a>(kind: AnnotationKind, place: &Place, label: Option<&'a str>) -> Annotation<'a> {
    let text = place.source.text();
    let start = place.span.start.min(text.len());
    // A finding about a long block points at its first line: the rest is context, not the fault.
    let end = place.span.end.min(text.len());
    let end = text.get(start..end).and_then(|s| s.find('\n')).map_or(end, |line| start + line);
    kind.span(start..end.max(start)).label(label)
}
