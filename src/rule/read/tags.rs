//! Tags (Sigma tags appendix 2.1) and their check against the shipped ATT&CK table.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::section::Section;
use crate::diagnostic::{Edit, Findings, Fix, closest};
use crate::rule::attack::{self, TechniqueStatus};
use crate::rule::codes;
use crate::source::{SourceFile, Spanned};

pub(super) fn read(section: &Section<'_>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let tags = section.texts_or_none("tags", findings);
    let halves = LazyCell::new(|| Halves::of(&tags));
    for tag in &tags {
        match tag.split_once('.') {
            Some((namespace, name)) if is_word(namespace) && is_word(name) => {
                if namespace.chars().any(|c| c.is_ascii_uppercase()) {
                    let message =
                        format!("the namespace of a tag is lower case, not `{namespace}`");
                    findings.add(&codes::BAD_TAG, tag.span, message);
                } else if namespace == "attack" {
                    attack(tag, name, &halves, findings);
                }
            }
            _ => {
                let message = format!("`{}` is not a tag of the form `namespace.name`", tag.value);
                findings.add(&codes::BAD_TAG, tag.span, message);
            }
        }
    }
    tags
}

/// The specification's pattern is lower case, but its own example `d3fend.d3f-WindowsNtOpenFile`
/// is not; letters of both cases pass here.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn attack(
    tag: &Spanned<String>,
    name: &str,
    halves: &LazyCell<Halves, impl FnOnce() -> Halves>,
    findings: &mut Findings,
) {
    if attack::is_other_object(name) || attack::tactic(name).is_some() {
        return;
    }
    match attack::technique(name).map(|technique| (technique, technique.status)) {
        Some((_, TechniqueStatus::Active)) => {}
        Some((former, TechniqueStatus::Revoked(next))) => {
            let message = format!(
                "{} ({}) was revoked; in ATT&CK v{} it is {next}",
                former.id,
                former.name,
                attack::VERSION
            );
            let next = format!("attack.{}", next.to_lowercase());
            findings
                .add(&codes::REVOKED_ATTACK, tag.span, message)
                .help(format!("write `{next}`"))
                .fix(tag.span, next);
        }
        Some((former, TechniqueStatus::Deprecated)) => {
            let message = format!("{} ({}) is deprecated in ATT&CK", former.id, former.name);
            findings.add(&codes::DEPRECATED_ATTACK, tag.span, message);
        }
        None if is_former_tactic(name) => {
            let message = format!("ATT&CK v{} has no tactic `{name}` any more", attack::VERSION);
            let fix = halves.fix(tag, findings.source());
            let finding = findings.add(&codes::REVOKED_ATTACK, tag.span, message);
            finding.help("it was split into `stealth` and `defense-impairment`").fix = fix;
        }
        None => {
            let message =
                format!("ATT&CK v{} has no tactic or technique `{name}`", attack::VERSION);
            let finding = findings.add(&codes::UNKNOWN_ATTACK, tag.span, message);
            let wanted = name.replace('_', "-");
            let tactics = attack::tactics().iter().map(|tactic| tactic.short_name);
            if let Some(near) = closest(&wanted, tactics) {
                finding.help(format!("did you mean `attack.{near}`?"));
            }
        }
    }
}

/// What the techniques of a rule say about the former tactic.
struct Halves {
    /// Those of its two halves to which a technique belongs.
    meant: Vec<&'static str>,
    /// Those among them that are not tagged yet.
    missing: Vec<&'static str>,
}

impl Halves {
    fn of(tags: &[Spanned<String>]) -> Self {
        let names = || tags.iter().filter_map(|tag| tag.strip_prefix("attack."));
        let techniques = names().filter_map(attack::active_technique);
        let wanted: BTreeSet<_> = techniques.flat_map(|technique| &technique.tactics).collect();
        let tagged: BTreeSet<_> =
            names().filter_map(attack::tactic).map(|t| t.short_name).collect();
        let mut meant = vec!["stealth", "defense-impairment"];
        meant.retain(|half| wanted.contains(half));
        let mut missing = meant.clone();
        missing.retain(|half| !tagged.contains(half));
        Self { meant, missing }
    }

    /// Puts the halves that are meant in place of the former tactic. `None` if no technique says
    /// which half that is.
    fn fix(&self, tag: &Spanned<String>, source: &SourceFile) -> Option<Fix> {
        let word = |half: &str| format!("attack.{half}");
        let replaced = |half| Edit { span: tag.span, replacement: word(half) };
        match self.missing.as_slice() {
            [] if self.meant.is_empty() => None,
            [] => Fix::remove_member(source, tag.span),
            [half] => Some(Fix { edits: vec![replaced(half)] }),
            [first, second, ..] => {
                let mut fix = Fix::insert_member(source, tag.span, &word(first))?;
                fix.edits.push(replaced(second));
                Some(fix)
            }
        }
    }
}

/// The one tactic that a release of ATT&CK took away: v19 split it in two.
fn is_former_tactic(name: &str) -> bool {
    name.replace('_', "-").eq_ignore_ascii_case("defense-evasion")
}
