//! Two versions of a set: what is the same on both sides need not be imported for `diff` to say what
//! it would say if it were.

use std::sync::Arc;

use crosswalk::change::changes;
use crosswalk::import::{rules, versions};
use crosswalk::proof::Limits;
use crosswalk::source::SourceFile;

use super::common::{corpus, files};

type Set = Vec<Arc<SourceFile>>;

/// Compares both ways; returns what changed, and how many rules were left out.
fn compared(old: &Set, new: &Set) -> (String, usize) {
    let limits = Limits::default();
    let told = |changes: Vec<_>| serde_json::to_string_pretty(&changes).expect("JSON");
    let short = versions(old, new);
    let found = told(changes(&short.old.0, &short.new.0, &limits));
    let (before, after) = (rules(old).0, rules(new).0);
    assert_eq!(found, told(changes(&before, &after, &limits)));
    let alerting = after.rules().filter(|rule| after.raises_alerts(rule)).count();
    let own = short.new.0.rules().filter(|rule| short.new.0.raises_alerts(rule)).count();
    assert_eq!(own + short.unchanged, alerting);
    (found, short.unchanged)
}

/// Another root, and some files changed, gone, new, or under another name.
fn changed(old: &Set) -> Set {
    let mut new: Set = Vec::new();
    for (at, source) in old.iter().enumerate() {
        let name = source.name().replacen("old/", "new/", 1);
        let text = source.text();
        match at % 11 {
            3 => {}
            5 => new.push(SourceFile::new(name, text.replace("risk_score = ", "risk_score = 1"))),
            7 => {
                new.push(SourceFile::new(name, text.replace("query = '''\n", "query = '''\nnot ")))
            }
            8 => new.push(SourceFile::new(format!("new/other_{at}.toml"), text)),
            9 => {
                new.push(SourceFile::new(name, text));
                new.push(SourceFile::new(format!("new/copy/{at}.toml"), text));
            }
            _ => new.push(SourceFile::new(name, text)),
        }
    }
    new
}

#[test]
fn unchanged_documents_are_left_out_and_change_nothing() {
    let Some(root) = corpus("elastic/rules/integrations/aws", "versions of Elastic's rules") else {
        return;
    };
    let read = |path: &std::path::PathBuf| {
        let name = format!("old/{}", path.strip_prefix(&root).expect("inside").display());
        SourceFile::read(path, &name).expect("readable")
    };
    let old: Set = files(&root, "toml").iter().map(read).collect();
    let new = changed(&old);
    let (found, unchanged) = compared(&old, &new);
    eprintln!(
        "{} of {} documents left out, {} bytes of changes",
        unchanged,
        new.len(),
        found.len()
    );
    assert!(unchanged > old.len() / 2 && found.contains("risk_score"));
    assert_eq!(compared(&old, &old), ("[]".to_owned(), old.len()));
}

const QUERY: &str = r#"{"name": "Trail stopped", "rule_id": "5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1",
"type": "query", "language": "kuery", "risk_score": 21, "severity": "low", "index": ["logs-*"],
"query": "event.dataset:aws.cloudtrail and event.action:StopLogging", "description": "x"}"#;

/// A filter reaches into every file of its log source, so nothing may be left out.
#[test]
fn a_filter_that_changes_changes_rules_that_stay() {
    let filter = |name: &str| {
        let text = format!(
            "title: f\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d2\n\
             logsource: {{product: aws, service: cloudtrail}}\nfilter:\n  rules: any\n  \
             selection: {{userIdentity.userName: {name}}}\n  condition: not selection\n"
        );
        vec![SourceFile::new("a/rule.json", QUERY), SourceFile::new("a/filter.yml", text)]
    };
    let (found, unchanged) = compared(&filter("ann"), &filter("bob"));
    assert_eq!(unchanged, 0);
    assert!(found.contains("Trail stopped") && found.contains("overlapping"), "{found}");
    let alone = vec![SourceFile::new("a/rule.json", QUERY)];
    assert_eq!(compared(&alone, &alone), ("[]".to_owned(), 1));
}
