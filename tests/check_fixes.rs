//! Fixes keep what a rule detects: on rules made up from the characters that YAML and Sigma treat
//! in a way of their own, and on public rules. And no text makes a check panic.

mod common;

use std::sync::Arc;

use crosswalk::check::{Choice, Report};
use crosswalk::diagnostic::Severity;
use crosswalk::query::{Expr, Op, Subject};
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a file of one rule detects.
fn meaning(set: &RuleSet) -> Option<Expr> {
    set.expr(set.rules().next()?, None).ok()
}

/// A file of one rule before and after its fixes; nothing if there is an error in it, for then
/// nobody can say what it detects.
fn fixed(text: &str) -> Option<(Expr, Expr, String)> {
    let source = SourceFile::new("rule.yml", text);
    let choice = Choice::default();
    let before = Report::of(std::slice::from_ref(&source), &choice);
    let after = Report::fixed(vec![source], &choice);
    if before.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return None;
    }
    let text = after.sources.first()?.text().to_owned();
    let kept = meaning(&after.report.set).expect("a fixed rule has a meaning");
    Some((meaning(&before.set)?, kept, text))
}

/// A value as a YAML scalar in one of the three styles.
fn scalar() -> impl Strategy<Value = String> {
    let text = r##"[ab\\*? A1.'"#]{1,6}"##;
    prop_oneof![
        r"[abA1*]{0,3}[a-z][abA1*]{0,3}",
        text.prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        text.prop_map(|text| format!("{:?}", text.replace('\'', ""))),
    ]
}

fn item() -> impl Strategy<Value = String> {
    let field = prop_oneof![Just("f"), Just("g"), Just("'f'")];
    let modifiers = prop_oneof![
        Just(""),
        Just("|contains"),
        Just("|endswith"),
        Just("|cased"),
        Just("|cased|startswith"),
        Just("|contains|all"),
        Just("|re"),
        Just("|re|i"),
        Just("|all"),
    ];
    let block = |values: &[String]| {
        values.iter().map(|value| format!("\n      - {value}")).collect::<String>()
    };
    (field, modifiers, proptest::collection::vec(scalar(), 1..5), any::<bool>()).prop_map(
        move |(field, modifiers, values, flow)| {
            let key = match field.strip_prefix('\'') {
                Some(name) => format!("'{}{modifiers}'", name.trim_end_matches('\'')),
                None => format!("{field}{modifiers}"),
            };
            match values.as_slice() {
                [one] => format!("    {key}: {one}\n"),
                values if flow => format!("    {key}: [{}]\n", values.join(", ")),
                values => format!("    {key}:{}\n", block(values)),
            }
        },
    )
}

fn rule(items: &[String]) -> String {
    let items = items.concat();
    format!(
        "title: t\nlogsource: {{category: c}}\ndetection:\n  s:\n{items}  condition: 1 of them\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn fixes_of_made_up_rules_keep_the_meaning(
        items in proptest::collection::vec(item(), 1..3),
        values in proptest::collection::vec(r"[abA1\\*? .'\x22#]{0,6}", 40),
    ) {
        let text = rule(&items);
        let Some((before, after, fixed)) = fixed(&text) else { return Ok(()) };
        for pair in values.windows(2) {
            let event = json!({"f": [pair[0], pair[1]], "g": pair[1]});
            prop_assert_eq!(before.eval(&event), after.eval(&event), "{}\n{}\n{}", text, fixed, event);
        }
    }

    #[test]
    fn no_text_makes_a_check_panic(
        field in "\\PC{0,12}", value in any::<String>(), condition in "[a-z0-9 ()*]{0,24}",
    ) {
        let rule = json!({
            "title": "t",
            "logsource": {"product": "aws", "service": "cloudtrail"},
            "detection": {
                "a": {field.clone(): [value, "*", "**", null], "f|re": value},
                "b": {(field + "|contains|all"): [value, value]},
                "condition": condition,
            },
            "datadog": {"group_by": [value], "cases": [
                {"name": value, "condition": "a", "status": "low"},
                {"name": value, "condition": "a and not b", "status": "low"},
            ]},
            "elastic": {"from": value, "investigation_fields": [value], "condition": "b or not b"},
            "tests": [{"name": value, "match": true, "event": {"f": value}}],
        });
        let _ = fixed(&rule.to_string());
    }
}

/// Values near those that a rule compares with: such as match, and such as just do not.
fn events(expr: &Expr) -> Vec<Value> {
    let mut events = vec![json!({})];
    for test in expr.tests() {
        let (Subject::Field(field), Op::Matches { pattern, .. }) = (&test.subject, &test.op) else {
            continue;
        };
        let text = pattern.to_string().replace("\\\\", "\\");
        for text in [text.replace('*', ""), text.replace('*', "x"), text.to_uppercase()] {
            events.push(json!({field.as_str(): text}));
        }
    }
    events
}

#[test]
fn fixes_of_public_rules_keep_the_meaning() {
    let Some(folder) = common::corpus("sigma", "fixes of public rules") else { return };
    let mut changed = 0;
    for path in common::files(&folder, "yml") {
        let name = path.to_string_lossy();
        let Ok(source) = SourceFile::read(&path, &name) else { continue };
        let choice = Choice::default();
        let before = Report::of(std::slice::from_ref(&source), &choice);
        if before.findings.iter().all(|finding| finding.fix.is_none()) {
            continue;
        }
        changed += 1;
        let after = Report::fixed(vec![Arc::clone(&source)], &choice);
        let pairs = before.set.rules().zip(after.report.set.rules());
        for (old, new) in pairs {
            let (Ok(old), Ok(new)) = (before.set.expr(old, None), after.report.set.expr(new, None))
            else {
                continue;
            };
            for event in events(&old) {
                assert_eq!(old.eval(&event), new.eval(&event), "{name}: {event}");
            }
        }
    }
    assert!(changed > 20, "only {changed} files of the corpus have something to fix");
}
