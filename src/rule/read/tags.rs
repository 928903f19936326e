//! Tags (Sigma tags appendix 2.1) and their check against the shipped ATT&CK table.

use super::section::Section;
use crate::diagnostic::{Findings, closest};
use crate::rule::attack::{self, TechniqueStatus};
use crate::rule::codes;
use crate::source::Spanned;

pub(super) fn read(section: &Section<'_>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let tags = section.texts_or_none("tags", findings);
    for tag in &tags {
        match tag.split_once('.') {
            Some((namespace, name)) if is_word(namespace) && is_word(name) => {
                if namespace.chars().any(|c| c.is_ascii_uppercase()) {
                    let message =
                        format!("the namespace of a tag is lower case, not `{namespace}`");
                    findings.add(&codes::BAD_TAG, tag.span, message);
                } else if namespace == "attack" {
                    attack(tag, name, findings);
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

fn attack(tag: &Spanned<String>, name: &str, findings: &mut Findings) {
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
            findings
                .add(&codes::REVOKED_ATTACK, tag.span, message)
                .help(format!("write `attack.{}`", next.to_lowercase()));
        }
        Some((former, TechniqueStatus::Deprecated)) => {
            let message = format!("{} ({}) is deprecated in ATT&CK", former.id, former.name);
            findings.add(&codes::DEPRECATED_ATTACK, tag.span, message);
        }
        None if is_former_tactic(name) => {
            let message = format!("ATT&CK v{} has no tactic `{name}` any more", attack::VERSION);
            findings
                .add(&codes::REVOKED_ATTACK, tag.span, message)
                .help("it was split into `stealth` and `defense-impairment`");
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

/// The one tactic that a release of ATT&CK took away: v19 split it in two.
fn is_former_tactic(name: &str) -> bool {
    name.replace('_', "-").eq_ignore_ascii_case("defense-evasion")
}
