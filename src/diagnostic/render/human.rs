//! For people: the line, a caret, what is wrong, what to do.

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};

use super::clean;
use crate::diagnostic::{Finding, Severity};
use crate::source::{LineColumn, Place, Span};

/// Renders findings with their source lines. `colour` adds terminal escapes; everything else is
/// the same with and without.
pub fn human(findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for finding in findings {
        let finding = cleaned(finding);
        out.push_str(&renderer.render(&[group(&finding)]));
        out.push_str("\n\n");
    }
    out
}

fn cleaned(finding: &Finding) -> Finding {
    let related = finding.related.iter();
    Finding {
        message: clean(&finding.message),
        label: finding.label.as_deref().map(clean),
        help: finding.help.as_deref().map(clean),
        related: related.map(|(place, label)| (place.clone(), clean(label))).collect(),
        ..finding.clone()
    }
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

/// A mark on a file with the words under it.
struct Mark<'a> {
    kind: AnnotationKind,
    place: &'a Place,
    label: Option<&'a str>,
}

impl Mark<'_> {
    fn is_near(&self, place: &Place) -> bool {
        let distance = self.place.span.start.abs_diff(place.span.start);
        self.place.source.name() == place.source.name() && distance < MAX_SNIPPET
    }
}

/// Most bytes of a file that one snippet may run over. A mark further away gets its own, and a
/// longer line is not shown.
const MAX_SNIPPET: usize = 1 << 16;

/// The places of everything that the finding speaks of, its own first.
fn snippets<'a>(finding: &'a Finding, place: &'a Place) -> Vec<Element<'a>> {
    let label = finding.label.as_deref();
    let mut groups = vec![vec![Mark { kind: AnnotationKind::Primary, place, label }]];
    for (place, label) in &finding.related {
        let mark = Mark { kind: AnnotationKind::Context, place, label: Some(label) };
        match groups.iter_mut().find(|marks| marks.iter().all(|other| other.is_near(place))) {
            Some(marks) => marks.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    let elements = groups.iter().filter_map(|marks| match snippet(marks) {
        Some(snippet) => Some(snippet.into()),
        None => marks.first().map(|mark| origin(mark.place).into()),
    });
    elements.collect()
}

/// The name of a place alone.
fn origin(place: &Place) -> Origin<'_> {
    let LineColumn { line, column } = place.start();
    Origin::path(place.source.name()).line(line).char_column(column)
}

/// The lines from the first mark to the last: the renderer reads all it is given, and a file may
/// be large and have many findings. `None` if the lines are too long to show, or there are none.
fn snippet<'a>(marks: &[Mark<'a>]) -> Option<Snippet<'a, Annotation<'a>>> {
    let source = &marks.first()?.place.source;
    let text = source.text();
    let spans: Vec<Span> = marks.iter().map(|mark| on_one_line(text, mark.place.span)).collect();
    let first = spans.iter().map(|span| span.start).min()?;
    let last = spans.iter().map(|span| span.end).max()?;
    let start = text.get(..first)?.rfind('\n').map_or(0, |line_end| line_end + 1);
    let line_end = text.get(last..)?.find(['\r', '\n']);
    let end = line_end.map_or(text.len(), |line_end| last + line_end);
    if text.is_empty() || end - start > 2 * MAX_SNIPPET {
        return None;
    }
    let annotations = marks
        .iter()
        .zip(spans)
        .map(|(mark, span)| mark.kind.span(span.start - start..span.end - start).label(mark.label));
    let snippet = Snippet::source(text.get(start..end)?).path(source.name());
    Some(snippet.line_start(source.line_column(start).line).annotations(annotations))
}

/// A finding about a long block points at its first line: the rest is context, not the fault.
pub(super) fn on_one_line(text: &str, span: Span) -> Span {
    let start = span.start.min(text.len());
    let end = span.end.min(text.len());
    let line_end = text.get(start..end).and_then(|marked| marked.find(['\r', '\n']));
    Span::new(start, line_end.map_or(end, |line_end| start + line_end))
}
