//! `schemas/rule.schema.json` against the reader: editors and Crosswalk must not disagree. The
//! reader knows more (conditions, references, calendars), so what it accepts the schema accepts,
//! and both know the same keys and words.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crosswalk::check::check;
use crosswalk::diagnostic::{Finding, Severity};
use crosswalk::language::sigma::Modifier;
use crosswalk::rule::{
    CaseStatus, CorrelationKind, Document, Level, MissingFields, RuleFile, RuleSet, Status,
};
use crosswalk::source::{discover, read_yaml, to_json};
use serde_json::{Map, Value, json};

const SCHEMA: &str = include_str!("../schemas/rule.schema.json");
const EVERY_KEY: &str = include_str!("rule_schema/every_key.yml");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema()).expect("the schema is a schema")
}

/// The documents of a file as an editor sees them. Nothing between two `---` is no document.
fn documents(text: &str) -> Vec<Value> {
    read_yaml(text).0.iter().map(to_json).filter(|document| !document.is_null()).collect()
}

fn errors(text: &str) -> Vec<Finding> {
    let (_, findings) = RuleFile::parse("rule.yml", text);
    findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

/// What the schema says against a text, if anything.
fn complaints(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    let documents = documents(text);
    let errors = documents.iter().flat_map(|document| {
        validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect::<Vec<_>>()
    });
    errors.collect()
}

/// Rules below a folder, with their texts.
fn rules(folder: &Path) -> Vec<(String, String)> {
    let (found, errors) = discover(&[folder.to_owned()], &["yml"]);
    assert_eq!(errors, [""; 0]);
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("readable");
    found.iter().map(|found| (found.name.clone(), read(&found.path))).collect()
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn shipped_rules_are_valid() {
    let validator = validator();
    let rules = rules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    assert!(!rules.is_empty());
    for (name, text) in rules {
        assert_eq!(complaints(&validator, &text), [""; 0], "{name}");
    }
}

#[test]
fn public_rules_that_are_read_are_valid() {
    let Some(corpora) = std::env::var_os("CROSSWALK_CORPORA") else {
        eprintln!("skipped: CROSSWALK_CORPORA is not set; public Sigma rules are not validated");
        return;
    };
    let validator = validator();
    let (mut read, mut refused) = (0, 0);
    for (name, text) in rules(&Path::new(&corpora).join("sigma")) {
        if errors(&text).is_empty() {
            assert_eq!(complaints(&validator, &text), [""; 0], "{name}");
            read += 1;
        } else {
            refused += 1;
        }
    }
    eprintln!("{read} public files are read and valid; {refused} are refused by the reader");
    assert!(read > 2500);
}

/// A rule that both accept; every mutation adds one line to it or takes its `title` away.
const FINE: &str =
    "title: x\nlogsource: {product: aws}\ndetection:\n  sel: {a: b}\n  condition: sel\n";

#[test]
fn both_refuse_the_same_slips() {
    let validator = validator();
    assert!(errors(FINE).is_empty());
    assert_eq!(complaints(&validator, FINE), [""; 0]);
    for slip in [
        "status: tested",
        "level: urgent",
        "id: root-user",
        "name: ''",
        "date: 21.11.2026",
        "modified: 2026-13-01",
        "author: [Ana]",
        "tags: [persistence]",
        "tags: [Attack.t1078]",
        "tags: [7]",
        "references: https://example.com",
        "falsepositives: 7",
        "related: [{id: 5f0c2a52-6f0e-4b5e-9d6c-0c6f4f1f5a11}]",
        "related: [{id: 5f0c2a52-6f0e-4b5e-9d6c-0c6f4f1f5a11, type: twin}]",
        "controls: [4.10]",
        "controls: ['4.10']",
        "controls: []",
        "strategy: [a, b]",
        "new_value: {fields: [a]}",
        "new_value: {fields: [a, b, c, d], history: 7d}",
        "new_value: {fields: [a], history: 0d}",
        "elastic: {intervall: 5m}",
        "elastic: {interval: 5 minutes}",
        "elastic: {interval: 0m}",
        "elastic: {from: 30m}",
        "elastic: {from: now-30x}",
        "elastic: {risk_score: 101}",
        "elastic: {risk_score: '21'}",
        "elastic: {severity: informational}",
        "elastic: {index: logs-*}",
        "elastic: {index: []}",
        "elastic: {condition: [sel]}",
        "elastic: {alert_suppression: {duration: 5m}}",
        "elastic: {alert_suppression: {group_by: [a, b, c, d]}}",
        "elastic: {accept: [{loss: wider}]}",
        "elastic: {page: {guide_anchor: one}}",
        "elastic: {page: {package: [8]}}",
        "elastic:",
        "datadog: {evaluation-window: 5m}",
        "datadog: {evaluation_window: 4m}",
        "datadog: {keep_alive: 1w}",
        "datadog: {cases: [{name: a, condition: sel}]}",
        "datadog: {cases: [{name: a, condition: sel, status: urgent}]}",
        "datadog: {has_extended_title: 'no'}",
        "tests: [{name: a, match: true}]",
        "tests: [{name: a, match: yes, event: {}}]",
        "tests: [{name: a, match: true, event: root}]",
        "tests: [{name: a, match: true, event: {}, expect: true}]",
        "changelog: [{date: 2026-11-21}]",
        "changelog: [{date: today, change: first version}]",
    ] {
        let text = format!("{FINE}{slip}\n");
        assert!(!errors(&text).is_empty(), "the reader accepts {slip}");
        assert!(!complaints(&validator, &text).is_empty(), "the schema accepts {slip}");
    }
}

#[test]
fn both_refuse_the_same_documents() {
    let validator = validator();
    let head = "title: x\nlogsource: {product: aws}\n";
    let rules = "title: x\ncorrelation:\n  rules: [r]\n  timespan: 5m\n";
    for text in [
        FINE.replace("title: x\n", ""),
        FINE.replace("title: x", "title: 7"),
        FINE.replace("title: x", "title: ' '"),
        FINE.replace("product", "definition"),
        FINE.replace("  condition: sel\n", ""),
        FINE.replace("condition: sel", "condition: []"),
        FINE.replace("condition: sel", "condition: 1"),
        FINE.replace("condition: sel", "condition: ''"),
        FINE.replace("  sel: {a: b}\n", ""),
        FINE.replace("{a: b}", "{}"),
        FINE.replace("{a: b}", "[]"),
        FINE.replace("{a: b}", "null"),
        FINE.replace("{a: b}", "{a: []}"),
        FINE.replace("{a: b}", "{a: {b: c}}"),
        FINE.replace("{a: b}", "{a: [[b]]}"),
        FINE.replace("{a: b}", "[[a]]"),
        FINE.replace("{a: b}", "[null]"),
        FINE.replace("{a: b}", "{'': b}"),
        FINE.replace("{a: b}", "{a|: b}"),
        FINE.replace("{a: b}", "{a|contain: b}"),
        format!("{FINE}  timeframe: 5m\n"),
        head.to_owned(),
        format!("{rules}  condition: {{gte: 5}}\n"),
        format!("{rules}  type: count\n  condition: {{gte: 5}}\n"),
        format!("{rules}  type: event_count\n"),
        format!("{rules}  type: event_count\n  condition: r\n"),
        format!("{rules}  type: event_count\n  condition: {{gte: many}}\n"),
        format!("{rules}  type: event_count\n  condition: {{field: a}}\n"),
        format!("{rules}  type: event_count\n  condition: {{gte: 5, atleast: 5}}\n"),
        format!("{rules}  type: value_count\n  condition: {{gte: 5}}\n"),
        format!("{rules}  type: temporal\n  group_by: [a]\n"),
        format!("{rules}  type: temporal\n  aliases: {{a: b}}\n"),
        format!("{rules}  type: temporal\n  generate: perhaps\n"),
        format!("{rules}  type: temporal\ngenerate: perhaps\n"),
        format!("{rules}  type: temporal\n").replace("[r]", "[]"),
        format!("{rules}  type: temporal\n").replace("5m", "5 min"),
        format!("{rules}  type: temporal\nlogsource: {{product: aws}}\n"),
        format!("{rules}  type: temporal\ndetection: {{sel: {{a: b}}, condition: sel}}\n"),
        format!("{rules}  type: temporal\nnew_value: {{fields: [a], history: 7d}}\n"),
        format!("{rules}  type: temporal\nelastic: {{condition: sel}}\n"),
        format!("{head}filter: {{selection: {{a: b}}, condition: selection}}\n"),
        format!("{head}filter: {{rules: [r], selection: {{a: b}}}}\n"),
        format!("{head}filter: {{rules: [], selection: {{a: b}}, condition: selection}}\n"),
        format!("{head}filter: {{rules: [r], condition: selection}}\n"),
        format!("{head}filter: {{rules: [r], s: {{a: b}}, condition: [s, not s]}}\n"),
        format!("{head}filter: {{rules: any, s: {{a: b}}, condition: s}}\nelastic: {{to: now}}\n"),
    ] {
        assert!(!errors(&text).is_empty(), "the reader accepts\n{text}");
        assert!(!complaints(&validator, &text).is_empty(), "the schema accepts\n{text}");
    }
}

#[test]
fn the_rule_with_every_key_is_sound() {
    let (file, findings) = RuleFile::parse("every_key.yml", EVERY_KEY);
    let mut messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
    for document in &file.documents {
        if let Document::Rule(rule) = document {
            assert!(rule.custom.is_empty(), "{:?}", rule.custom);
        }
    }
    // Checks may have wishes; what they call an error is one.
    let errors = check(&RuleSet::of(vec![file])).into_iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    messages.extend(errors.map(|finding| finding.message));
    assert_eq!(messages, [""; 0]);
    assert_eq!(complaints(&validator(), EVERY_KEY), [""; 0]);
}

/// One closed object of the schema with its counterpart in the rule with every key.
struct Closed {
    /// Pointer to the counterpart in its document.
    pointer: String,
    keys: BTreeSet<String>,
    present: BTreeSet<String>,
}

fn keys_of(object: &Map<String, Value>) -> BTreeSet<String> {
    object.keys().cloned().collect()
}

/// Follows a schema and a document side by side and notes every object that allows no other keys.
fn closed(root: &Value, schema: &Value, value: &Value, pointer: &str, out: &mut Vec<Closed>) {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(target.trim_start_matches('#')).expect("a definition");
        return closed(root, target, value, pointer, out);
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                closed(root, &schema["items"], item, &format!("{pointer}/{index}"), out);
            }
        }
        Value::Object(object) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            if schema["additionalProperties"] == json!(false) {
                let (keys, present) = (keys_of(properties), keys_of(object));
                out.push(Closed { pointer: pointer.to_owned(), keys, present });
            }
            for (key, value) in object {
                if let Some(schema) = properties.get(key) {
                    closed(root, schema, value, &format!("{pointer}/{key}"), out);
                }
            }
        }
        _ => {}
    }
}

/// The keys that the reader names when it meets one that it does not know.
fn known_to_the_reader(document: &Value, pointer: &str) -> BTreeSet<String> {
    const UNKNOWN: &str = "zzzzzzzzzzzz";
    let mut document = document.clone();
    let object = document.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
    object.insert(UNKNOWN.to_owned(), json!(1));
    let findings = errors(&document.to_string());
    let is_ours = |finding: &&Finding| finding.message.ends_with(&format!("no key `{UNKNOWN}`"));
    let help = findings.iter().find(is_ours).and_then(|finding| finding.help.clone());
    let help = help.unwrap_or_else(|| panic!("{pointer} takes any key"));
    help.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn reader_and_schema_know_the_same_keys_of_every_section() {
    let (schema, validator) = (schema(), validator());
    let mut seen = 0;
    for document in documents(EVERY_KEY) {
        let mut objects = Vec::new();
        closed(&schema, &schema, &document, "", &mut objects);
        for object in objects {
            let Closed { pointer, keys, present } = &object;
            assert_eq!(present, keys, "the rule with every key lacks some of {pointer}");
            assert_eq!(&known_to_the_reader(&document, pointer), keys, "{pointer}");
            let mut document = document.clone();
            if let Some(object) = document.pointer_mut(pointer).and_then(Value::as_object_mut) {
                object.insert("zzzzzzzzzzzz".to_owned(), json!(1));
            }
            assert!(!validator.is_valid(&document), "the schema takes any key in {pointer}");
            seen += 1;
        }
    }
    assert_eq!(seen, 13);
}

#[test]
fn reader_and_schema_know_the_same_keys_of_a_document() {
    let schema = schema();
    let properties = schema["properties"].as_object().map(keys_of).expect("properties");
    let documents = documents(EVERY_KEY);
    let written = documents.iter().filter_map(Value::as_object).flat_map(Map::keys);
    let mut written: BTreeSet<String> = written.cloned().collect();
    // Beside `correlation` only: its own definition has it.
    assert!(written.remove("generate"));
    assert_eq!(written, properties, "the rule with every key lacks some");
    let (file, _) = RuleFile::parse("every_key.yml", EVERY_KEY);
    let mut known: BTreeSet<String> =
        ["correlation", "filter", "logsource"].map(str::to_owned).into();
    for document in file.documents {
        if let Document::Rule(rule) = document {
            let rule = serde_json::to_value(&rule).expect("a rule is JSON");
            known.extend(rule.as_object().map(keys_of).unwrap_or_default());
        }
    }
    assert!(known.remove("custom"), "what is left over is no key");
    assert_eq!(known, properties);
}

#[test]
fn reader_and_schema_know_the_same_words() {
    let schema = schema();
    for (pointer, words) in [
        ("/properties/status", Status::WORDS),
        ("/properties/level", Level::WORDS),
        ("/$defs/correlation/properties/type", CorrelationKind::WORDS),
        ("/$defs/elastic/properties/severity", crosswalk::rule::Severity::WORDS),
        (
            "/$defs/elastic/properties/alert_suppression/properties/missing_fields",
            MissingFields::WORDS,
        ),
        ("/$defs/datadog/properties/cases/items/properties/status", CaseStatus::WORDS),
    ] {
        let node = schema.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
        assert_eq!(node["enum"], json!(words), "{pointer}");
    }
}

#[test]
fn reader_and_schema_know_the_same_modifiers() {
    let schema = schema();
    let pattern = schema["$defs"]["key"]["pattern"].as_str().expect("a pattern");
    let words = pattern.split(|c: char| !c.is_ascii_alphanumeric());
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    for word in &words {
        assert!(Modifier::from_name(word).is_some(), "the reader has no modifier {word}");
    }
    for modifier in Modifier::ALL {
        assert!(words.contains(modifier.name()), "the schema has no modifier {modifier}");
    }
}
