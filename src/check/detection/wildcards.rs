//! Wildcards where a modifier says it.

use super::subject::Written;
use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Edit, Findings, Fix, code};
use crate::language::sigma::{Modifier, Value, parse_text, print};
use crate::query::{Part, Pattern};
use crate::source::{SourceFile, Span, Spanned};

code! {
    /// wildcards stand where a modifier says the same
    ///
    /// `contains`, `startswith` and `endswith` say at first sight what is meant, and values need
    /// no quotes and no escapes for them.
    ///
    /// ```yaml
    /// userAgent: '*curl*'            # bad
    /// userAgent|contains: curl       # good
    /// ```
    WILDCARDS = "wildcards-for-modifier", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &WILDCARDS, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let plain = |one: &Spanned<Modifier>| {
            matches!(one.value, Modifier::EveryValue | Modifier::Cased | Modifier::Neq)
        };
        let Some(field) = &written.item.field else { continue };
        if !written.item.modifiers.iter().all(plain) {
            continue;
        }
        let Some(modifier) = common(written) else { continue };
        let fix = fix(written, modifier, findings.source());
        let message = format!("`{modifier}` says the same as these wildcards");
        let finding = findings.add(&WILDCARDS, written.item.span, message);
        finding.help(format!("write `{}|{modifier}` and leave the wildcards out", field.value));
        finding.fix = fix;
    }
}

/// The modifier that fits every value of the item.
fn common(written: &Written<'_>) -> Option<Modifier> {
    let mut modifiers = written.item.values.iter().map(|value| match &value.value {
        Value::Text(text) => fitting(&parse_text(text)),
        _ => None,
    });
    let first = modifiers.next()??;
    modifiers.all(|one| one == Some(first)).then_some(first)
}

/// The modifier that says what the outer wildcards of a pattern say, if there are no others.
fn fitting(pattern: &Pattern) -> Option<Modifier> {
    match pattern.parts() {
        [Part::Any, Part::Literal(_), Part::Any] => Some(Modifier::Contains),
        [Part::Literal(_), Part::Any] => Some(Modifier::StartsWith),
        [Part::Any, Part::Literal(_)] => Some(Modifier::EndsWith),
        _ => None,
    }
}

fn fix(written: &Written<'_>, modifier: Modifier, source: &SourceFile) -> Option<Fix> {
    let mut item = written.item.clone();
    item.modifiers.insert(0, Spanned::new(modifier, Span::default()));
    let key = edit::rename_key(source, written.item, written.beside, &print::key(&item))?;
    let values = written.item.values.iter().map(|value| bare(value, source));
    Some(Fix { edits: std::iter::once(Some(key)).chain(values).collect::<Option<_>>()? })
}

/// The value without the wildcards at its ends, if what is left is a literal to Sigma.
fn bare(value: &Spanned<Value>, source: &SourceFile) -> Option<Edit> {
    let Value::Text(text) = &value.value else { return None };
    let inner = text.trim_start_matches('*');
    let inner = if parse_text(text).parts().last() == Some(&Part::Any) {
        inner.trim_end_matches('*')
    } else {
        inner
    };
    let literal = parse_text(text).parts().iter().find(|part| **part != Part::Any).cloned();
    (parse_text(inner).parts() == literal.as_slice())
        .then(|| edit::replace(source, value.span, text, inner))
        .flatten()
}
