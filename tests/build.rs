//! `build`, end to end: what it writes is valid for the platforms, the same every time, and all or
//! nothing.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crosswalk::target::{Payload, schema_problems};
use serde_json::{Value, json};

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

/// A rule of each shape over CloudTrail, and what goes with them.
const SHAPES: &str = "
title: Console login failed
id: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c01
name: console_login_failed
status: test
logsource: {product: aws, service: cloudtrail}
detection:
  failed: {eventName: ConsoleLogin, responseElements.ConsoleLogin: Failure}
  condition: failed
level: informational
---
title: Many failed console logins
id: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c02
status: test
date: 2026-11-21
correlation:
  type: event_count
  rules: [console_login_failed]
  group-by: [sourceIPAddress]
  timespan: 10m
  condition: {gte: 5}
level: medium
---
title: One address, many users
id: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c03
status: test
date: 2026-11-21
correlation:
  type: value_count
  rules: [console_login_failed]
  group-by: [sourceIPAddress]
  timespan: 1h
  condition: {gt: 3, field: userIdentity.arn}
level: high
";

const NEW_VALUE: &str = "
title: First call of a key from an address
id: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c04
status: test
date: 2026-11-21
logsource: {product: aws, service: cloudtrail}
detection:
  keys: {eventName: GetCallerIdentity}
  condition: keys
level: low
new_value: {fields: [userIdentity.arn, sourceIPAddress], history: 14d}
";

/// A folder of its own with rules in it.
struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    fn new(rules: &[(&str, &str)]) -> Self {
        let workshop = Self { folder: tempfile::tempdir().expect("a folder") };
        rules.iter().for_each(|(name, text)| workshop.write(&format!("rules/{name}"), text));
        workshop
    }

    fn ours() -> Self {
        let workshop = Self::new(&[]);
        for path in common::files(&PathBuf::from(RULES), "yml") {
            let name = path.strip_prefix(RULES).expect("below").to_string_lossy().into_owned();
            workshop.write(&format!("rules/{name}"), &fs::read_to_string(&path).expect("readable"));
        }
        workshop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_crosswalk"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("runs")
    }

    /// Runs and returns exit code, standard output and standard error.
    fn outcome(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().expect("exits"), text(output.stdout), text(output.stderr))
    }

    fn build(&self) {
        let (code, out, err) = self.outcome(&["build"]);
        assert_eq!(code, 0, "{out}{err}");
    }

    /// Every file below `dist` with its bytes.
    fn dist(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("dist"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect(name)).expect("JSON")
    }
}

fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

fn assert_valid(kind: Payload, document: &Value, name: &str) {
    assert_eq!(schema_problems(kind, document), Vec::<String>::new(), "{name}");
}

/// How many rules the project ships, one a file.
fn our_rules() -> usize {
    common::files(&PathBuf::from(RULES), "yml").len()
}

/// The rules in [`SHAPES`] and [`NEW_VALUE`] that make documents of their own.
const EXTRA_RULES: usize = 3;

#[test]
fn every_artifact_is_valid_for_its_platform() {
    let workshop = Workshop::ours();
    workshop.write("rules/shapes.yml", SHAPES);
    workshop.write("rules/new_value.yml", NEW_VALUE);
    workshop.build();
    let mut checked = BTreeMap::new();
    for (name, bytes) in workshop.dist() {
        let folder = name.split('/').next().unwrap_or_default().to_owned();
        let extension = name.rsplit('.').next().unwrap_or_default().to_owned();
        match (folder.as_str(), extension.as_str()) {
            ("elastic", "json") => assert_valid(Payload::Elastic, &parsed(&bytes), &name),
            ("elastic", "ndjson") => {
                for line in String::from_utf8(bytes).expect("UTF-8").lines() {
                    assert_valid(Payload::ElasticLine, &parsed(line.as_bytes()), &name);
                }
            }
            ("datadog", "json") => assert_valid(Payload::Datadog, &parsed(&bytes), &name),
            _ => {}
        }
        *checked.entry((folder, extension)).or_insert(0) += 1;
    }
    let count = |folder: &str, extension: &str| checked[&(folder.to_owned(), extension.to_owned())];
    let rules = our_rules() + EXTRA_RULES;
    assert_eq!(
        (count("elastic", "json"), count("elastic", "toml"), count("elastic", "ndjson")),
        (rules, rules, 1)
    );
    assert_eq!((count("datadog", "json"), count("sigma", "yml")), (rules, rules));
}

#[test]
fn a_second_build_writes_the_same_bytes_and_a_check_finds_nothing() {
    let workshop = Workshop::ours();
    workshop.build();
    let first = workshop.dist();
    workshop.build();
    assert_eq!(workshop.dist(), first);
    let (code, out, err) = workshop.outcome(&["build", "--check"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn check_fails_when_a_rule_changed_and_the_folder_did_not() {
    let workshop = Workshop::ours();
    workshop.build();
    let rule = "rules/aws/iam/root_account_used.yml";
    let text = fs::read_to_string(workshop.path(rule)).expect("readable");
    workshop.write(
        rule,
        &text.replace("level: high", "level: critical").replace("risk_score: 73", "risk_score: 99"),
    );
    let before = workshop.dist();
    let (code, out, err) = workshop.outcome(&["build", "--check"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("changed elastic/root_account_used.json"), "{out}");
    assert_eq!(workshop.dist(), before, "a check writes nothing");
}

#[test]
fn the_manifest_names_every_input_and_output_with_its_hash() {
    let workshop = Workshop::ours();
    workshop.build();
    let manifest = workshop.json("dist/manifest.json");
    let paths = |key: &str| -> Vec<String> {
        let rows = manifest[key].as_array().expect("a list").iter();
        rows.map(|row| row["path"].as_str().expect("a path").to_owned()).collect()
    };
    let mut outputs: Vec<String> = workshop.dist().into_keys().collect();
    outputs.retain(|path| path != "manifest.json");
    assert_eq!(paths("outputs"), outputs);
    assert!(paths("inputs").contains(&"rules/aws/ec2/security_group_changed.yml".to_owned()));
    for row in manifest["outputs"].as_array().expect("a list") {
        assert_eq!(row["sha256"].as_str().map(str::len), Some(64));
    }
}

#[test]
fn a_broken_rule_leaves_the_folder_as_it_was() {
    let workshop = Workshop::ours();
    workshop.build();
    let before = workshop.dist();
    workshop.write(
        "rules/broken.yml",
        "title: x\nlogsource: {category: c}\ndetection: {s: {a: []}, condition: t}\n",
    );
    let (code, _, err) = workshop.outcome(&["build"]);
    assert_eq!(code, 1);
    assert!(err.contains("rules/broken.yml"), "{err}");
    assert!(err.contains("nothing was written"), "{err}");
    assert_eq!(workshop.dist(), before);
}

#[test]
fn a_folder_with_foreign_files_is_never_replaced() {
    let workshop = Workshop::ours();
    workshop.write("dist/notes.txt", "mine");
    let (code, _, err) = workshop.outcome(&["build"]);
    assert_eq!(code, 2);
    assert!(err.contains("notes.txt"), "{err}");
    assert_eq!(fs::read_to_string(workshop.path("dist/notes.txt")).expect("still there"), "mine");
}

#[test]
fn the_import_file_holds_one_rule_a_line() {
    let workshop = Workshop::ours();
    workshop.build();
    let lines = fs::read_to_string(workshop.path("dist/elastic/rules.ndjson")).expect("readable");
    let rules: Vec<Value> = lines.lines().map(|line| parsed(line.as_bytes())).collect();
    assert_eq!(rules.len(), our_rules());
    for rule in rules {
        let alone = workshop
            .dist()
            .into_iter()
            .filter(|(name, _)| name.starts_with("elastic/") && name.ends_with(".json"))
            .map(|(_, bytes)| parsed(&bytes))
            .find(|other| other["rule_id"] == rule["rule_id"]);
        assert_eq!(alone, Some(rule));
    }
}

/// A body in the form of the TOML files, as `detection-rules` reads it back.
fn api_form(toml: &str) -> Value {
    let document: toml::Table = toml::from_str(toml).expect("TOML");
    let mut rule = serde_json::to_value(&document["rule"]).expect("JSON");
    if let Some(mut new_terms) = rule.as_object_mut().expect("a table").remove("new_terms") {
        assert_eq!(new_terms["field"], "new_terms_fields");
        rule["new_terms_fields"] = new_terms["value"].take();
        let mut history = new_terms["history_window_start"][0].take();
        assert_eq!(history["field"], "history_window_start");
        rule["history_window_start"] = history["value"].take();
    }
    rule
}

#[test]
fn the_toml_files_say_what_the_json_files_say() {
    let workshop = Workshop::ours();
    workshop.write("rules/shapes.yml", SHAPES);
    workshop.write("rules/new_value.yml", NEW_VALUE);
    workshop.build();
    let dist = workshop.dist();
    let mut compared = 0;
    for (name, bytes) in &dist {
        let Some(stem) = name.strip_suffix(".toml") else { continue };
        let toml = String::from_utf8(bytes.clone()).expect("UTF-8");
        let mut body = parsed(&dist[&format!("{stem}.json")]);
        body.as_object_mut().expect("an object").remove("version");
        assert_eq!(api_form(&toml), body, "{name}");
        assert!(toml.contains("creation_date = \"2026/11/21\""), "{toml}");
        compared += 1;
    }
    assert_eq!(compared, our_rules() + EXTRA_RULES);
}

#[test]
fn thresholds_and_new_values_keep_their_shape() {
    let workshop = Workshop::new(&[("shapes.yml", SHAPES), ("new_value.yml", NEW_VALUE)]);
    workshop.build();
    let elastic = workshop.json("dist/elastic/shapes.json");
    assert_eq!(elastic["type"], "threshold");
    assert_eq!(elastic["threshold"], json!({"field": ["source.address"], "value": 5}));
    assert_eq!(elastic["from"], "now-10m");
    let distinct = workshop.json("dist/elastic/shapes_2.json");
    let cardinality = json!([{"field": "aws.cloudtrail.user_identity.arn", "value": 4}]);
    assert_eq!(distinct["threshold"]["cardinality"], cardinality);

    let datadog = workshop.json("dist/datadog/shapes.json");
    assert_eq!(datadog["cases"][0]["condition"], "shapes >= 5");
    assert_eq!(datadog["options"]["evaluationWindow"], 600);
    assert_eq!(datadog["queries"][0]["groupByFields"], json!(["@network.client.ip"]));
    let distinct = workshop.json("dist/datadog/shapes_2.json");
    assert_eq!(distinct["queries"][0]["aggregation"], "cardinality");
    assert_eq!(distinct["queries"][0]["distinctFields"], json!(["@userIdentity.arn"]));

    let elastic = workshop.json("dist/elastic/new_value.json");
    assert_eq!(elastic["type"], "new_terms");
    assert_eq!(elastic["history_window_start"], "now-14d");
    assert_eq!(
        elastic["new_terms_fields"],
        json!(["aws.cloudtrail.user_identity.arn", "source.address"])
    );
    let datadog = workshop.json("dist/datadog/new_value.json");
    assert_eq!(datadog["options"]["newValueOptions"]["forgetAfter"], 14);
}

#[test]
fn what_a_platform_cannot_say_is_refused_with_a_place() {
    let rule = "title: Regex\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c05\nlevel: low\n\
                logsource: {product: aws, service: cloudtrail}\n\
                detection: {s: {eventName|re: '^[A-Z]+$'}, condition: s}\n";
    let workshop = Workshop::new(&[("regex.yml", rule)]);
    let (code, _, err) = workshop.outcome(&["build"]);
    assert_eq!(code, 1);
    assert!(err.contains("rules/regex.yml:5:17"), "{err}");
    assert!(err.contains("not-expressible"), "{err}");
    assert!(!workshop.path("dist").exists());
    let (code, _, err) = workshop.outcome(&["build", "--targets", "sigma"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn rules_of_unknown_log_sources_are_refused_instead_of_guessed() {
    let rule = "title: Windows\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c06\nlevel: low\n\
                logsource: {product: windows, category: process_creation}\n\
                detection: {s: {Image|endswith: '\\cmd.exe'}, condition: s}\n";
    let workshop = Workshop::new(&[("windows.yml", rule)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "elastic"]);
    assert_eq!(code, 1);
    assert!(err.contains("windows/process_creation"), "{err}");
}

#[test]
fn sigma_output_loads_in_pysigma_and_passes_the_published_schemas() {
    let workshop = Workshop::ours();
    workshop.write("rules/shapes.yml", SHAPES);
    workshop.write("rules/new_value.yml", NEW_VALUE);
    workshop.build();
    let files = common::files(&workshop.path("dist/sigma"), "yml");
    assert_eq!(files.len(), our_rules() + EXTRA_RULES);
    for path in &files {
        let text = fs::read_to_string(path).expect("readable");
        let (documents, errors) = crosswalk::source::read_yaml(&text);
        assert!(errors.is_empty(), "{errors:?}");
        for document in &documents {
            let document = crosswalk::source::to_json(document);
            let kind = if document.get("correlation").is_some() {
                Payload::SigmaCorrelation
            } else {
                Payload::Sigma
            };
            assert_valid(kind, &document, &path.display().to_string());
        }
        let (_, findings) = crosswalk::rule::RuleFile::parse("out.yml", &text);
        assert!(findings.is_empty(), "{}", crosswalk::diagnostic::render::human(&findings, false));
    }
    let Some(python) = std::env::var_os("CROSSWALK_PYSIGMA") else {
        eprintln!("skipped: loading in pySigma (CROSSWALK_PYSIGMA is not set)");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pysigma/load.py");
    let output = Command::new(python).arg(script).args(&files).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn filters_narrow_the_rules_that_they_name() {
    let filter = "title: Not the scanner\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c07\n\
                  logsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: [0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c08]\n\
                  \x20 scanner: {userAgent|startswith: scanner/}\n  condition: not scanner\n";
    let rule = "title: Listed\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c08\nlevel: low\n\
                logsource: {product: aws, service: cloudtrail}\n\
                detection: {s: {eventName: ListBuckets}, condition: s}\n";
    let workshop = Workshop::new(&[("rule.yml", rule), ("filter.yml", filter)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "datadog"]);
    assert_eq!(code, 0, "{err}");
    let query = workshop.json("dist/datadog/rule.json")["queries"][0]["query"].clone();
    assert_eq!(query, "source:cloudtrail @evt.name:ListBuckets -@http.useragent:scanner/*");
}

/// A rule over CloudTrail with two selections, and whatever else is asked for.
fn rule(id: u8, more: &str) -> String {
    format!(
        "title: Rule {id}\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c{id:02}\nlevel: low\n\
         logsource: {{product: aws, service: cloudtrail}}\n\
         detection: {{s: {{eventName: CreateUser}}, t: {{eventName: DeleteUser}}, condition: s or t}}\n{more}"
    )
}

#[test]
fn a_condition_of_its_own_must_say_how_it_differs() {
    for (section, accept) in [("elastic", "narrower"), ("datadog", "narrower")] {
        let own = rule(20, &format!("{section}:\n  condition: s\n"));
        let workshop = Workshop::new(&[("rule.yml", &own)]);
        let (code, _, err) = workshop.outcome(&["build"]);
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("does not say how it differs"), "{err}");
        let accepted = format!("{own}  accept: [{{loss: {accept}, reason: asked for}}]\n");
        workshop.write("rules/rule.yml", &accepted);
        let (code, _, err) = workshop.outcome(&["build"]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains(&format!("rule on {section} is narrower: asked for")), "{err}");
    }
    // The same condition in other words needs no acceptance.
    let same = rule(
        21,
        "datadog:\n  cases:\n    - {name: a, condition: s, status: low}\n    - {name: b, condition: t, status: low}\n",
    );
    let workshop = Workshop::new(&[("rule.yml", &same)]);
    let (code, _, err) = workshop.outcome(&["build"]);
    assert_eq!((code, err.contains("accepted")), (0, false), "{err}");
}

#[test]
fn a_relation_does_not_accept_losses_of_the_translation() {
    let lossy = "title: Agent\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c22\nlevel: low\n\
                 logsource: {product: aws, service: cloudtrail}\n\
                 detection: {s: {userAgent: Foo}, condition: s}\n\
                 elastic: {accept: [{loss: narrower, reason: whatever}]}\n";
    let workshop = Workshop::new(&[("rule.yml", lossy)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "elastic"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("rules/rule.yml:5:17"), "the place of the field: {err}");
    workshop.write("rules/rule.yml", &lossy.replace("narrower", "case"));
    let (code, _, err) = workshop.outcome(&["build", "-t", "elastic"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_refusal_can_be_accepted_and_is_told() {
    let regex = "title: Regex\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c23\nlevel: low\n\
                 logsource: {product: aws, service: cloudtrail}\n\
                 detection: {s: {eventName|re: '^[A-Z]+$'}, condition: s}\n\
                 datadog: {accept: [{loss: refused, reason: not needed there}]}\n\
                 elastic: {accept: [{loss: refused, reason: not needed there either}]}\n";
    let workshop = Workshop::new(&[("rule.yml", regex)]);
    let (code, _, err) = workshop.outcome(&["build"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("rule on datadog is left out: not needed there"), "{err}");
    assert!(!workshop.path("dist/elastic").exists());
}

#[test]
fn rules_of_one_name_keep_their_files_apart() {
    let files = [rule(24, ""), rule(25, ""), rule(26, "")];
    let names = ["x.yml", "x.yaml", "a/x.yml"];
    let rules: Vec<(&str, &str)> =
        names.into_iter().zip(files.iter().map(String::as_str)).collect();
    let workshop = Workshop::new(&rules);
    workshop.build();
    let payloads = workshop.dist().into_keys().filter(|name| name.starts_with("datadog/")).count();
    assert_eq!(payloads, 3);
    assert_eq!(workshop.outcome(&["build", "--check"]).0, 0);
}

#[test]
fn schedules_leave_no_event_unseen() {
    let minute = SHAPES.replace("timespan: 10m", "timespan: 1m");
    let workshop = Workshop::new(&[("shapes.yml", &minute)]);
    workshop.build();
    let elastic = workshop.json("dist/elastic/shapes.json");
    assert_eq!(
        (elastic["from"].as_str(), elastic["interval"].as_str()),
        (Some("now-1m"), Some("1m"))
    );
    let workshop = Workshop::new(&[("rule.yml", &rule(27, "elastic: {interval: 1h}\n"))]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "elastic"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("looks back 360 seconds and runs every 3600"), "{err}");
    let workshop = Workshop::new(&[("rule.yml", &rule(28, ""))]);
    workshop.write("crosswalk.toml", "[elastic]\ninterval = \"1h\"\nfrom = \"now-5m\"\n");
    assert_eq!(workshop.outcome(&["build", "-t", "elastic"]).0, 1);
}

#[test]
fn envelopes_do_not_change_windows_and_groups_in_silence() {
    for section in [
        "elastic: {from: now-2d}",
        "datadog: {evaluation_window: 5m}",
        "datadog: {group_by: [eventName]}",
    ] {
        let shapes = SHAPES.replace("level: medium", &format!("level: medium\n{section}"));
        let workshop = Workshop::new(&[("shapes.yml", &shapes)]);
        let (code, _, err) = workshop.outcome(&["build"]);
        assert_eq!(code, 1, "{section}: {err}");
    }
    let odd = SHAPES.replace("timespan: 10m", "timespan: 7m");
    let workshop = Workshop::new(&[("shapes.yml", &odd)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "datadog"]);
    assert_eq!(code, 1);
    assert!(err.contains("it counts over no window of 7 minutes"), "{err}");
}

#[test]
fn grouping_signals_does_not_select_events() {
    let workshop =
        Workshop::new(&[("rule.yml", &rule(29, "datadog: {group_by: [userIdentity.arn]}\n"))]);
    workshop.build();
    let query = workshop.json("dist/datadog/rule.json")["queries"][0].clone();
    assert_eq!(query["hasOptionalGroupByFields"], true);
}

#[test]
fn numbers_keep_their_digits_in_sigma() {
    let text = "title: Version\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c30\nlevel: low\n\
                logsource: {product: aws, service: cloudtrail}\n\
                detection: {s: {requestParameters.version: 1.10, requestParameters.n: 7}, condition: s}\n";
    let workshop = Workshop::new(&[("rule.yml", text)]);
    workshop.build();
    let sigma = fs::read_to_string(workshop.path("dist/sigma/rule.yml")).expect("built");
    assert!(sigma.contains("requestParameters.version: \"1.10\""), "{sigma}");
    assert!(sigma.contains("requestParameters.n: 7\n"), "{sigma}");
}

#[test]
fn sigma_output_says_that_it_cannot_say_new_values() {
    let workshop = Workshop::new(&[("rule.yml", NEW_VALUE)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "sigma"]);
    assert_eq!(code, 0);
    assert!(err.contains("wider-translation"), "{err}");
}

#[test]
fn filters_for_any_rule_come_along() {
    let filter = "title: Nobody\nid: 0d6e3a51-5f0c-4d7e-8a34-6f1f5f0a9c31\n\
                  logsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: any\n\
                  \x20 tests: {userAgent: test-agent/1}\n  condition: not tests\n";
    let workshop = Workshop::new(&[("rule.yml", &rule(32, "")), ("filter.yml", filter)]);
    let (code, _, err) = workshop.outcome(&["build", "-t", "sigma"]);
    assert_eq!(code, 0, "{err}");
    let sigma = fs::read_to_string(workshop.path("dist/sigma/rule.yml")).expect("built");
    assert!(sigma.contains("rules: any"), "{sigma}");
}

#[test]
fn a_rule_without_id_is_told_what_elastic_needs() {
    let text =
        rule(33, "").lines().filter(|line| !line.starts_with("id:")).collect::<Vec<_>>().join("\n");
    let workshop = Workshop::new(&[("rule.yml", &text)]);
    let (_, _, err) = workshop.outcome(&["build", "-t", "elastic"]);
    assert!(err.contains("Elastic needs an id"), "{err}");
}

#[test]
fn folders_are_found_however_they_are_named() {
    let workshop = Workshop::ours();
    workshop.build();
    let first = workshop.dist();
    let (code, _, err) = workshop.outcome(&["build", "-o", "./dist/../dist"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(workshop.dist(), first);
    let absolute = workshop.path("rules").display().to_string();
    let (code, _, err) = workshop.outcome(&["build", &absolute, "--check"]);
    assert_eq!(code, 0, "the manifest does not depend on how paths are typed: {err}");
    let twice = workshop.outcome(&["check", "rules", "./rules"]);
    assert_eq!(twice.0, 0, "{}", twice.2);
}

#[cfg(unix)]
#[test]
fn a_linked_folder_stays_linked() {
    let workshop = Workshop::ours();
    fs::create_dir(workshop.path("elsewhere")).expect("made");
    std::os::unix::fs::symlink("elsewhere", workshop.path("dist")).expect("linked");
    workshop.build();
    assert!(workshop.path("dist").is_symlink());
    assert!(workshop.path("elsewhere/manifest.json").exists());
}

#[test]
fn builds_that_make_no_sense_are_refused() {
    let workshop = Workshop::ours();
    workshop.build();
    let before = workshop.dist();
    fs::create_dir(workshop.path("empty")).expect("made");
    for arguments in [
        &["build", "empty"][..],
        &["check", "empty"],
        &["build", "-o", "rules/out"],
        &["check", "missing"],
    ] {
        let (code, _, err) = workshop.outcome(arguments);
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.starts_with("error: "), "{err}");
    }
    workshop.write("crosswalk.toml", "targets = []\n");
    assert_eq!(workshop.outcome(&["build"]).0, 2);
    assert_eq!(workshop.dist(), before);
}

#[test]
fn strict_builds_write_nothing_on_warnings() {
    let workshop = Workshop::new(&[("rule.yml", NEW_VALUE)]);
    let (code, _, _) = workshop.outcome(&["build", "--strict"]);
    assert_eq!(code, 1);
    assert!(!workshop.path("dist").exists());
}

#[test]
fn stale_files_are_findings_for_programs() {
    let workshop = Workshop::ours();
    let (code, out, _) = workshop.outcome(&["build", "--check", "--output-format", "json"]);
    assert_eq!(code, 1);
    let findings: Vec<Value> = serde_json::from_str(&out).expect("one JSON array");
    assert!(findings.iter().all(|finding| finding["code"] == "stale-output"), "{out}");
}
