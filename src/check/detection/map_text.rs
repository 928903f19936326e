//! Patterns over the texts that Elastic makes of CloudTrail's objects.

use super::{Subject, native};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::{Part, Pattern};
use crate::rule::Rule;

code! {
    /// a pattern asks for what no text of request parameters can hold
    ///
    /// Elastic holds `requestParameters`, `responseElements` and `additionalEventData` of
    /// CloudTrail as one text each, in the way that Java writes a map:
    /// `{groupId=sg-1, ipPermissions={items=[{fromPort=22}]}}`. The text starts and ends with a
    /// brace. A backslash before a star never occurs in it, and a list of a lone star, `[*]`,
    /// only in a policy. Such values were most likely meant as wildcards.
    ///
    /// ```yaml
    /// aws.cloudtrail.request_parameters|contains: 'valuesToAdd=[\*]'    # bad
    /// aws.cloudtrail.request_parameters|contains: 'valuesToAdd=[*]'     # good: any one list
    /// ```
    MAP_TEXT = "impossible-map-text", Warning;
}

pub(super) const CHECK: Check = Check { code: &MAP_TEXT, run: Run::Detection(run) };

/// The same for queries that stay in the language of their platform.
pub(super) const NATIVE: Check = Check { code: &MAP_TEXT, run: Run::Rule(run_native) };

/// The fields that hold such a text (elastic/integrations, pipeline of `aws.cloudtrail`).
const FIELDS: &[&str] = &[
    "aws.cloudtrail.request_parameters",
    "aws.cloudtrail.response_elements",
    "aws.cloudtrail.additional_eventdata",
];

/// The elements of a policy whose value may be a list of a lone star (AWS, "IAM JSON policy
/// elements reference").
const POLICY_ELEMENTS: &[&str] = &[
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "AWS",
    "Federated",
    "Service",
];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(field) = &written.item.field else { continue };
        if !FIELDS.contains(&field.as_str()) {
            continue;
        }
        for (value, pattern) in written.values() {
            let Some((what, help)) = impossible(pattern) else { continue };
            findings.add(&MAP_TEXT, value.span, format!("`{}` {what}", field.as_str())).help(help);
        }
    }
}

fn run_native(rule: &Rule, findings: &mut Findings) {
    for (field, pattern) in native::patterns(rule) {
        if FIELDS.contains(&field.as_str())
            && let Some((what, help)) = impossible(&pattern)
        {
            let message = format!("the query looks for `{pattern}`, and `{field}` {what}");
            findings.add(&MAP_TEXT, rule.header.title_span, message).help(help);
        }
    }
}

/// What is true of the text though the pattern asks for something else, and what to do.
fn impossible(pattern: &Pattern) -> Option<(&'static str, &'static str)> {
    let literals = || {
        pattern.parts().iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            _ => None,
        })
    };
    if literals().any(|text| text.contains(r"\*") || text.contains(r"\?")) {
        return Some((
            "never holds a backslash before a `*` or `?`",
            "if a wildcard is meant, write it without the backslashes",
        ));
    }
    if literals().any(holds_lone_star) {
        return Some((
            "never holds `[*]`",
            "if any list is meant, write the star without the backslash before it",
        ));
    }
    let first = pattern.parts().first();
    let last = pattern.parts().last();
    let starts = !matches!(first, Some(Part::Literal(text)) if !text.starts_with('{'));
    let ends = !matches!(last, Some(Part::Literal(text)) if !text.ends_with('}'));
    (!starts || !ends)
        .then_some(("always has braces around it", "write `contains` for a part of the text"))
}

/// Whether the text holds `[*]` as the value of something that is no element of a policy.
fn holds_lone_star(text: &str) -> bool {
    text.match_indices("[*]").any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let key = before.strip_suffix('=').and_then(|key| {
            key.rsplit(|c: char| !c.is_alphanumeric()).next().filter(|key| !key.is_empty())
        });
        key.is_some_and(|key| !POLICY_ELEMENTS.contains(&key))
    })
}
