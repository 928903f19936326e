//! Regular expressions that no platform can run.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::language::sigma::{Modifier, Value};

code! {
    /// a regular expression needs look-around or a back-reference
    ///
    /// Sigma's expressions are those that finite automata can run, and so are Elastic's: neither
    /// has look-ahead, look-behind, back-references or atomic groups, and Datadog has no
    /// expressions at all. Say what must not match with a second selection and `not`.
    ///
    /// ```yaml
    /// CommandLine|re: 'curl (?!.*--version)'    # bad
    /// ```
    ///
    /// ```yaml
    /// # good
    /// curl: {CommandLine|contains: 'curl '}
    /// harmless: {CommandLine|contains: --version}
    /// condition: curl and not harmless
    /// ```
    LOOK_AROUND = "regex-look-around", Warning;
}

pub(super) const CHECK: Check = Check { code: &LOOK_AROUND, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in subject.items.iter().filter(|written| written.has(Modifier::Re)) {
        for value in &written.item.values {
            let Value::Text(text) = &value.value else { continue };
            if let Some(what) = beyond_automata(text) {
                let message = format!("this expression uses {what}, which no platform has");
                findings
                    .add(&LOOK_AROUND, value.span, message)
                    .help("say it with a second selection and `not`, or without it");
            }
        }
    }
}

/// What an expression uses that automata cannot do.
fn beyond_automata(source: &str) -> Option<&'static str> {
    const GROUPS: &[(&str, &str)] = &[
        ("(?=", "look-ahead"),
        ("(?!", "look-ahead"),
        ("(?<=", "look-behind"),
        ("(?<!", "look-behind"),
        ("(?>", "an atomic group"),
        ("(?P=", "a back-reference"),
        ("(?(", "a condition"),
    ];
    let mut rest = source;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match (c, in_class) {
            ('\\', _) => {
                let next = after.chars().next()?;
                if !in_class && matches!(next, '1'..='9' | 'k') {
                    return Some("a back-reference");
                }
                after.get(next.len_utf8()..).unwrap_or_default()
            }
            ('[', false) => {
                in_class = true;
                // A bracket in first place is one of the characters.
                after.strip_prefix('^').unwrap_or(after).strip_prefix(']').unwrap_or(after)
            }
            (']', true) => {
                in_class = false;
                after
            }
            ('(', false) => match GROUPS.iter().find(|(group, _)| rest.starts_with(group)) {
                Some((_, what)) => return Some(what),
                None => after,
            },
            _ => after,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::beyond_automata;
    use proptest::prelude::*;

    #[test]
    fn only_groups_outside_of_classes_and_escapes_count() {
        for (source, expected) in [
            (r"a(?!b)", Some("look-ahead")),
            (r"(a)\1", Some("a back-reference")),
            (r"(?<=a)b", Some("look-behind")),
            (r"(?<name>a)(?:b)(?i:c)", None),
            (r"\(?=", None),
            (r"[(?=]", None),
            (r"[](?=]", None),
            (r"\\1", None),
            (r"a\", None),
        ] {
            assert_eq!(beyond_automata(source), expected, "{source}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(source in any::<String>()) {
            let _ = beyond_automata(&source);
        }
    }
}
