//! Older pages, in asciidoc.

use serde_json::{Value, json};

use super::{common, read};

pub(crate) const PAGE: &str = r#"[[rare-sign-in]]
=== Rare Sign-in

Somebody signs in
from afar.

*Rule type*: query

*Rule indices*: 

* logs-*
* filebeat-*

*Severity*: low

*Risk score*: 21

*Runs every*: 2 hours

*Searches indices from*: now-9m ({ref}/common-options.html#date-math[Date Math format], see also <<rule-schedule, `Additional look-back time`>>)

*Maximum alerts per execution*: 50

*References*: None

*Version*: 7 (<<rare-sign-in-history, version history>>)

*Added ({stack} release)*: 7.9.0

*Rule authors*: Ana Example, Ben Example

*Rule license*: None

==== Potential false positives

Travellers.

==== Investigation guide


[source,markdown]
----------------------------------
## Triage
==== not a section
----------------------------------

==== Setup


*First*

Switch it on.

==== Rule query


[source,js]
----------------------------------
user.name: a-
b
----------------------------------

==== Threat mapping

*Framework*: MITRE ATT&CK^TM^

* Tactic:
** Name: Initial Access
** ID: TA0001
** Reference URL: https://attack.mitre.org/tactics/TA0001/
* Technique:
** Name: Valid Accounts
** ID: T1078
** Reference URL: https://attack.mitre.org/techniques/T1078/
* Sub-technique:
** Name: Cloud Accounts
** ID: T1078.004
** Reference URL: https://attack.mitre.org/techniques/T1078/004/

[[rare-sign-in-history]]
==== Rule version history

Version 7 (8.5.0 release)::
* Formatting only
"#;

#[test]
fn an_old_page_becomes_a_body() {
    let file = read(PAGE);
    assert_eq!(
        file.lines(),
        [
            "47:1 import-field: this section is written in asciidoc and stays so",
            "59:1 import-field: this line ends within a name: the page was wrapped behind hyphens",
        ]
    );
    assert_eq!(file.at_query(0, 9), Some("user.name"));
    let entry = |id: &str, name: &str, path: &str| {
        let reference = format!("https://attack.mitre.org/{path}/");
        json!({"id": id, "name": name, "reference": reference})
    };
    let mut technique = entry("T1078", "Valid Accounts", "techniques/T1078");
    technique["subtechnique"] =
        json!([entry("T1078.004", "Cloud Accounts", "techniques/T1078/004")]);
    let expected = json!({
        "name": "Rare Sign-in",
        "description": "Somebody signs in\nfrom afar.",
        "type": "query",
        "index": ["logs-*", "filebeat-*"],
        "severity": "low",
        "risk_score": 21,
        "interval": "2h",
        "from": "now-9m",
        "max_signals": 50,
        "version": 7,
        "author": ["Ana Example", "Ben Example"],
        "false_positives": ["Travellers."],
        "note": "## Triage\n==== not a section",
        "setup": "*First*\n\nSwitch it on.",
        "query": "user.name: a-\nb",
        "threat": [{
            "framework": "MITRE ATT&CK",
            "tactic": entry("TA0001", "Initial Access", "tactics/TA0001"),
            "technique": [technique],
        }],
    });
    let rule = &file.rules[0];
    assert_eq!(Value::Object(rule.body.clone()), expected);
    let other = json!({
        "added_in_stack": "7.9.0",
        "version_history": "Version 7 (8.5.0 release)::\n* Formatting only",
    });
    assert_eq!(Value::Object(rule.beside.other.clone()), other);
}

/// Lines that say where things are and nothing else.
const FRAME: &[&str] = &[
    "==== Potential false positives",
    "==== Investigation guide",
    "==== Rule query",
    "==== Threat mapping",
    "==== Rule version history",
    "[source,js]",
    "[source, js]",
    "[source,markdown]",
    "[source, markdown]",
    "----------------------------------",
    "* Tactic:",
    "* Technique:",
    "* Sub-technique:",
];

#[test]
fn elastics_old_pages_are_read_in_full() {
    let Some(corpus) = common::corpus("elastic-pages/asciidoc", "Elastic's old pages") else {
        return;
    };
    let mut pages = 0;
    for path in common::files(&corpus, "asciidoc") {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = read(&text);
        for line in file.lines() {
            assert!(line.contains("wrapped behind hyphens"), "{}: {line}", path.display());
            eprintln!("{}: {line}", path.file_name().unwrap().display());
        }
        let rule = &file.rules[0];
        let held = texts(&json!([rule.body, rule.beside.other]));
        let package = rule.beside.page.package.clone().unwrap_or_default().replace('.', "-");
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            let value = value_of(line);
            let is_kept = FRAME.contains(&line)
                || value == "None"
                || line.starts_with("[[") && line.contains(&package)
                || held.contains(value)
                || line.starts_with("*Rule authors*") && held.contains(&value.replace(", ", "\n"));
            assert!(is_kept, "{}: {line}", path.display());
        }
        pages += 1;
    }
    assert_eq!(pages, 27);
}

/// What a line says behind its label or list mark, in the words of a rule.
fn value_of(line: &str) -> &str {
    let value = line.strip_prefix("=== ").or(line.strip_prefix("* ")).unwrap_or(line);
    let value = match value.split_once("*: ").filter(|_| line.starts_with('*')) {
        Some((_, value)) => value.split_once(" (").map_or(value, |(value, _)| value),
        None => value,
    };
    let value = match value.strip_prefix("** ").and_then(|rest| rest.split_once(": ")) {
        Some((_, value)) => value,
        None => value,
    };
    match value {
        "MITRE ATT&CK^TM^" => "MITRE ATT&CK",
        "5 minutes" => "5m",
        "15 minutes" => "15m",
        "1 hour" => "1h",
        // Their items follow.
        "*Rule indices*:" | "*References*:" | "*Tags*:" | "*Rule authors*:" => "",
        value => value,
    }
}

/// Every text and number, a line each.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(members) => members.values().map(texts).collect(),
        value => format!("{value}\n"),
    }
}

/// The same page in asciidoc and in Markdown is the same rule.
#[test]
fn both_markups_of_a_page_say_the_same() {
    let Some(old) = common::corpus("elastic-pages/asciidoc", "Elastic's old pages") else { return };
    let Some(new) = common::corpus("../seeds", "the first page of the project") else { return };
    let name = "prebuilt-rule-8-2-1-aws-security-group-configuration-change-detection.asciidoc";
    let old = read(&std::fs::read_to_string(old.join(name)).unwrap()).only();
    let seeds = common::files(&new, "txt").into_iter();
    let texts = seeds.map(|path| std::fs::read_to_string(path).unwrap());
    let new = texts.filter(|text| text.contains("\n**Rule type**: ")).map(|text| read(&text));
    let new = new.map(|file| file.rules[0].clone()).next().unwrap();
    assert_eq!(old.body, new.body);
    assert_eq!(old.beside.page.package, new.beside.page.package);
}
