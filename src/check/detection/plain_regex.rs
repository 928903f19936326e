//! A regular expression that is a plain text.

use super::subject::Written;
use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Modifier, Value, print};

code! {
    /// a regular expression is a plain text
    ///
    /// Without a sign of its own an expression only asks whether its text stands in the value.
    /// That is `contains`, which every platform has. Expressions mind case, so `cased` belongs to
    /// it to keep the meaning; without `cased`, any case matches, which is mostly better.
    ///
    /// ```yaml
    /// userAgent|re: Boto3                # bad
    /// userAgent|contains|cased: Boto3    # good
    /// ```
    PLAIN_REGEX = "plain-regex", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &PLAIN_REGEX, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let re = written.item.modifiers.iter().find(|one| one.value == Modifier::Re);
        let Some(re) = re else { continue };
        if !written.item.values.iter().all(|value| is_plain(&value.value)) {
            continue;
        }
        let any_case = written.has(Modifier::AnyCase);
        let words = if any_case { "contains" } else { "contains|cased" };
        let edit = fixed(written, any_case, findings);
        let message = "this expression is a plain text, which any value may hold";
        let finding = findings.add(&PLAIN_REGEX, re.span, message);
        finding.help(format!("write `{words}`, which means the same"));
        finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
    }
}

/// Letters and digits of ASCII, and signs that mean nothing in expressions and in Sigma's texts.
fn is_plain(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-/:;,=@%&'\"".contains(c))
}

/// The key with `contains` for `re`. Flags about lines do nothing here; affixes are left alone.
fn fixed(
    written: &Written<'_>,
    any_case: bool,
    findings: &Findings,
) -> Option<crate::diagnostic::Edit> {
    use Modifier::{AnyCase, Cased, Contains, DotAll, EndsWith, Multiline, Re, StartsWith};
    if [Contains, StartsWith, EndsWith].into_iter().any(|affix| written.has(affix)) {
        return None;
    }
    let mut plain = written.item.clone();
    let at = plain.modifiers.iter().position(|one| one.value == Re)?;
    let re = plain.modifiers.get(at)?.span;
    plain.modifiers.retain(|one| !matches!(one.value, Re | AnyCase | Multiline | DotAll));
    let words = [Contains, Cased].into_iter().take(if any_case { 1 } else { 2 });
    let words = words.map(|word| crate::source::Spanned::new(word, re));
    let at = at.min(plain.modifiers.len());
    plain.modifiers.splice(at..at, words);
    edit::rename_key(findings.source(), written.item, written.beside, &print::key(&plain))
}
