//! Wildcards that are none, in fields whose values cannot hold their signs.

use super::{Subject, native};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::{Part, Pattern};
use crate::rule::Rule;

code! {
    /// a `?` or `*` stands for itself where no value can hold it
    ///
    /// A backslash before a wildcard makes it an ordinary character. No host name holds `?` or
    /// `*`, nor does any file name of Windows, and those of other systems hardly ever do. So the
    /// value matches nothing, and most likely a wildcard was meant. Rules that were imported are
    /// prone to this: an unquoted `?` is no wildcard in KQL, and between quotes no sign is one.
    ///
    /// `\\?\` and `\??\` before a path, and `\\*\` before a share, are what Windows writes, and
    /// nothing is said of them.
    ///
    /// ```yaml
    /// destination.domain: 'store\?.gofile.io'    # bad
    /// destination.domain: 'store?.gofile.io'     # good
    /// ```
    LITERAL_WILDCARD = "literal-wildcard", Warning;
}

pub(super) const CHECK: Check = Check { code: &LITERAL_WILDCARD, run: Run::Detection(run) };

/// The same for queries that stay in the language of their platform.
pub(super) const NATIVE: Check = Check { code: &LITERAL_WILDCARD, run: Run::Rule(run_native) };

/// The last words of the names of fields that hold a host name.
///
/// Sources: the field reference of ECS; the taxonomy of Sigma's log sources.
const HOSTS: &[&str] = &[
    "domain",
    "registered_domain",
    "top_level_domain",
    "server_name",
    "hostname",
    "question.name",
    "host.name",
    "QueryName",
    "DestinationHostname",
    "SourceHostname",
    "cs-host",
];

/// The last words of the names of fields that hold the name or path of a file.
const FILES: &[&str] = &[
    "executable",
    "working_directory",
    "file.path",
    "file.target_path",
    "file.directory",
    "file.name",
    "file.extension",
    "dll.path",
    "dll.name",
    "process.name",
    "parent.name",
    "pe.original_file_name",
    "Image",
    "ParentImage",
    "SourceImage",
    "TargetImage",
    "ImageLoaded",
    "TargetFilename",
    "OriginalFileName",
    "CurrentDirectory",
];

/// What Windows writes before paths and shares.
const PREFIXES: &[&str] = &[r"\\?\", r"\??\", r"\\*\"];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(field) = &written.item.field else { continue };
        let Some(what) = held_by(field.as_str()) else { continue };
        for (value, pattern) in written.values() {
            let Some(sign) = sign_in(pattern) else { continue };
            let message = format!("`{sign}` stands for itself here, and no {what} holds one");
            findings
                .add(&LITERAL_WILDCARD, value.span, message)
                .help(format!("if a wildcard is meant, write `{sign}` without the backslash"));
        }
    }
}

fn run_native(rule: &Rule, findings: &mut Findings) {
    for (field, pattern) in native::patterns(rule) {
        let (Some(what), Some(sign)) = (held_by(&field), sign_in(&pattern)) else { continue };
        let message = format!(
            "`{sign}` in `{pattern}`, which the query looks for in `{field}`, stands for itself, and no {what} holds one"
        );
        findings.add(&LITERAL_WILDCARD, rule.header.title_span, message);
    }
}

/// What a field holds, in words, if its values cannot hold signs of wildcards.
fn held_by(field: &str) -> Option<&'static str> {
    let ends = |words: &&str| {
        field.strip_suffix(*words).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    if HOSTS.iter().any(&ends) {
        return Some("host name");
    }
    FILES.iter().any(ends).then_some("file name")
}

/// The first sign of a wildcard that is an ordinary character of the pattern.
fn sign_in(pattern: &Pattern) -> Option<char> {
    pattern.parts().iter().find_map(|part| {
        let Part::Literal(text) = part else { return None };
        let bare = PREFIXES.iter().fold(text.clone(), |text, prefix| text.replace(prefix, "\\"));
        bare.chars().find(|c| matches!(c, '?' | '*'))
    })
}
