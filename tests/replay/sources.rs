//! The same records give the same matches as a file, a folder or standard input; and which rules
//! run on which records.

use serde_json::{Value, json};

use super::{crosswalk, gzip, record, replay, rule};

const RULES: &str = "detection: { s: { eventName: [A, B] }, condition: s }";
const COUNT: &str = "
title: many
correlation: { type: event_count, rules: [r], group-by: [user], timespan: 40m, condition: { gte: 3 }, generate: true }
";

fn log() -> Vec<Value> {
    (0..200)
        .map(|n| {
            let name = ["A", "B", "C"][n % 3];
            let minute = (n as u32 * 37) % 300;
            record(&format!("id-{n:03}"), minute, name, json!({"user": n % 5}))
        })
        .collect()
}

/// Matches without the names of inputs and places in them.
fn matches(stdout: &str) -> Vec<Value> {
    let parse = |line: &str| {
        let mut value: Value = serde_json::from_str(line).expect("a JSON line");
        let object = value.as_object_mut().expect("an object");
        for key in ["input", "record", "line"] {
            object.shift_remove(key);
        }
        value
    };
    stdout.lines().map(parse).collect()
}

#[test]
fn a_file_a_folder_and_standard_input_are_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    write("rules/r.yml", rule("r", RULES).as_bytes());
    write("rules/many.yml", COUNT.as_bytes());
    let log = log();
    let lines: String = log.iter().map(|record| format!("{record}\n")).collect();
    write("log.json.gz", &gzip(lines.as_bytes()));
    for (at, part) in log.chunks(30).enumerate() {
        let text = json!({"Records": part}).to_string();
        let name = format!("logs/2024/{at:02}.json");
        if at % 2 == 0 {
            write(&name, text.as_bytes());
        } else {
            write(&format!("{name}.gz"), &gzip(text.as_bytes()));
        }
    }
    write("logs/2024/readme.txt", b"no log");
    let run = |logs: &str, stdin: &[u8]| {
        let (code, stdout, stderr) =
            crosswalk(folder.path(), &["replay", "rules", logs, "--format", "ndjson"], stdin);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("replayed 200 events"), "{stderr}");
        matches(&stdout)
    };
    let file = run("log.json.gz", b"");
    let over_time = file.iter().filter(|found| found["title"] == "many").count();
    assert!(file.len() > 134 && over_time > 0, "{}", file.len());
    assert_eq!(file, run("logs", b""));
    assert_eq!(file, run("-", lines.as_bytes()));
    assert_eq!(file, run("-", &gzip(lines.as_bytes())));
}

#[test]
fn rules_run_on_the_records_of_their_log_source() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    std::fs::create_dir(folder.path().join("rules")).expect("made");
    write("rules/aws.yml", &rule("trail", "detection: { s: { user: x }, condition: s }"));
    write(
        "rules/okta.yml",
        "title: okta\nlogsource: { product: okta, service: okta }\n\
         detection: { s: { user: x }, condition: s }\n",
    );
    let trail = record("t", 0, "A", json!({"user": "x"}));
    write("log.jsonl", &format!("{trail}\n{}\n", json!({"user": "x", "@timestamp": 1714521600})));
    let run = |more: &[&str]| {
        let arguments = [&["replay", "rules", "log.jsonl", "--format", "ndjson"], more].concat();
        let (code, stdout, stderr) = crosswalk(folder.path(), &arguments, b"");
        assert_eq!(code, 0, "{stderr}");
        let found: Vec<Value> =
            matches(&stdout).into_iter().map(|mut m| m["title"].take()).collect();
        (found, stdout, stderr)
    };
    let (found, _, stderr) = run(&[]);
    assert_eq!(found, ["trail"]);
    assert!(stderr.contains("not run: 1 rule for other log sources"), "{stderr}");
    assert!(stderr.contains("1 event: each is of no log source"), "{stderr}");
    let (found, stdout, _) = run(&["--logsource", "okta/okta"]);
    assert_eq!(found, ["trail", "okta"]);
    assert!(stdout.contains("\"time\":\"2024-05-01T00:00:00Z\""), "{stdout}");
    assert_eq!(run(&["--all-rules"]).0, ["trail", "okta", "trail", "okta"]);
}

/// What wraps CloudTrail's records is what rules of its own log source are for; no rule has both.
#[test]
fn wrappers_are_opened_for_rules_about_cloudtrail_and_kept_for_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    let other = |title: &str, source: &str, test: &str| {
        format!(
            "title: {title}\nlogsource: {{ {source} }}\n\
             detection: {{ s: {{ {test} }}, condition: s }}\n"
        )
    };
    let trail = rule("trail", "detection: { s: { eventName: A }, condition: s }");
    let words = rule("words", "detection: { s: ['*iam.amazonaws.com*'], condition: s }");
    let bus = other("bus", "product: aws, service: eventbridge", "detail.eventName: A");
    let line = other("line", "product: x", "message|contains: iam.amazonaws.com");
    let whole = other("whole", "product: x", "logGroup: g");
    for (name, text) in [("bus", &bus), ("line", &line), ("whole", &whole)] {
        write(&format!("alone/{name}.yml"), text);
        write(&format!("all/{name}.yml"), text);
    }
    write("all/trail.yml", &trail);
    write("all/words.yml", &words);
    let a = record("a", 0, "A", json!({}));
    let event = json!({"id": "1", "detail-type": "AWS API Call via CloudTrail", "detail": a});
    write("bus.ndjson", &format!("{event}\n"));
    let message = json!({"id": "e", "timestamp": 1, "message": a.to_string()});
    write("line.ndjson", &format!("{message}\n{message}\n"));
    let group = json!({"logGroup": "g", "logEvents": [message]});
    write("whole.json", &format!("{group:#}"));
    let broken = json!({"timestamp": 1, "message": "{\"eventVersion\": \"iam.amazonaws.com"});
    write("broken.ndjson", &format!("{broken}\n"));
    let run = |rules: &str, log: &str, more: &[&str]| {
        let arguments = [&["replay", rules, log, "--format", "ndjson"], more].concat();
        let (code, stdout, stderr) = crosswalk(folder.path(), &arguments, b"");
        assert_eq!(code, 0, "{stderr}");
        let titles = matches(&stdout).into_iter().map(|found| found["title"].to_string());
        let mut titles: Vec<String> = titles.map(|title| title.replace('"', "")).collect();
        titles.sort();
        titles.join(" ")
    };
    for (log, source, alone, all) in [
        ("bus.ndjson", "aws/eventbridge", "bus", "bus trail words"),
        ("line.ndjson", "product=x", "line line", "line line trail trail words words"),
        ("whole.json", "product=x", "whole", "trail whole words"),
    ] {
        // The same whether rules for CloudTrail are there or not, named or all.
        assert_eq!(run("alone", log, &["--logsource", source]), alone, "{log}");
        assert_eq!(run("alone", log, &["--all-rules"]), alone, "{log}");
        assert_eq!(run("all", log, &["--logsource", source]), all, "{log}");
        assert_eq!(run("all", log, &["--all-rules"]), all, "{log}");
        // Nobody is for the wrapper.
        for more in [&[][..], &["--logsource", "aws/cloudtrail"], &["--logsource", "okta/okta"]] {
            let inside = all.split(' ').filter(|title| ["trail", "words"].contains(title));
            let inside: Vec<&str> = inside.collect();
            assert_eq!(run("all", log, more), inside.join(" "), "{log}");
        }
    }
    // Nobody asks for the record inside.
    assert_eq!(run("alone", "broken.ndjson", &["--logsource", "product=x"]), "line");
}

/// Insights have neither a name nor a source of their own; every record has a version and a type.
#[test]
fn cloudtrails_records_are_known_without_name_and_source() {
    let insight = json!({
        "eventVersion": "1.08", "eventTime": "2024-05-01T01:42:00Z", "awsRegion": "us-east-1",
        "eventID": "insight", "eventType": "AwsCloudTrailInsight",
        "sharedEventID": "979c82fe", "insightDetails": {"state": "Start", "eventName": "GetObject"},
        "eventCategory": "Insight",
    });
    let without = |keys: &[&str]| {
        let mut record = insight.clone();
        let object = record.as_object_mut().expect("an object");
        keys.iter().for_each(|key| drop(object.shift_remove(*key)));
        record
    };
    let mut other_type = without(&[]);
    other_type["eventType"] = json!("AwsNewKind");
    let mut foreign = without(&[]);
    foreign["eventType"] = json!("login");
    let mut excerpt_of_other = other_type.clone();
    excerpt_of_other.as_object_mut().expect("an object").shift_remove("eventVersion");
    let log = [
        insight.clone(),
        without(&["eventVersion"]),
        other_type,
        // Not CloudTrail's, or not to be known as such.
        foreign,
        excerpt_of_other,
        without(&["eventType"]),
        record("call", 0, "A", json!({"eventCategory": "Management"})),
    ];
    let rule = rule("i", "detection: { s: { eventCategory: Insight }, condition: s }");
    let replayed = replay(&[&rule], &log);
    assert_eq!((replayed.found.len(), replayed.totals.unknown), (3, 3));
}

/// Rules in a platform's words see what the platform would make of the record.
#[test]
fn rules_with_a_platforms_names_run_on_its_documents() {
    let ecs = rule(
        "e",
        "taxonomy: ecs\ndetection: { s: { event.action: A, event.outcome: failure }, condition: s }",
    );
    let datadog =
        rule("d", "taxonomy: datadog\ndetection: { s: { '@evt.name': A }, condition: s }");
    let over = "title: over\ncorrelation: { type: event_count, rules: [e], timespan: 1h, \
                group-by: [event.provider], condition: { gte: 2 }, generate: true }\n";
    let failed = json!({"errorCode": "AccessDenied"});
    let log = [
        record("1", 0, "A", failed.clone()),
        record("2", 1, "A", json!({})),
        record("3", 2, "A", failed),
        record("4", 3, "B", json!({})),
    ];
    let found = replay(&[&ecs, &datadog, over], &log);
    let expected = [("e", "1"), ("d", "1"), ("d", "2"), ("e", "3"), ("d", "3"), ("over", "3")];
    assert_eq!(found.pairs(), expected);
    assert_eq!(found.found[5].2["group"], json!({"event.provider": "iam.amazonaws.com"}));
}

#[test]
fn counts_are_by_rule_level_and_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let body = "level: high\ndetection: { s: { eventName: A }, condition: s }";
    std::fs::write(folder.path().join("r.yml"), rule("r", body)).expect("written");
    let lines: String =
        [0, 10, 70].map(|minute| format!("{}\n", record("i", minute, "A", json!({})))).concat();
    let run = |more: &[&str]| {
        let arguments = [&["replay", "r.yml", "-", "--by", "hour"], more].concat();
        crosswalk(folder.path(), &arguments, lines.as_bytes()).1
    };
    let json: Value = serde_json::from_str(&run(&["--output-format", "json"])).expect("JSON");
    assert_eq!(json["by_rule"][0]["matches"], 3);
    assert_eq!(json["by_level"], json!({"high": 3}));
    assert_eq!(json["by_time"], json!({"2024-05-01T00": 2, "2024-05-01T01": 1}));
    assert_eq!(json["partial"], false);
    assert!(run(&[]).contains("        2  2024-05-01T00\n"));
}

#[test]
fn a_table_is_for_people_and_records_come_along_if_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let body = "level: high\ndetection: { s: { eventName: A }, condition: s }";
    std::fs::write(folder.path().join("r.yml"), rule("r", body)).expect("written");
    let record = record("i", 0, "A", json!({"x": [1, {"y": null}]}));
    let line = format!("{record}\n{{}}\n");
    let run = |more: &[&str]| {
        let arguments = [&["replay", "r.yml", "-"], more].concat();
        crosswalk(folder.path(), &arguments, line.as_bytes()).1
    };
    let table = run(&["--format", "table"]);
    assert!(table.contains("2024-05-01T00:00:00Z     high          r "), "{table}");
    let found: Value = serde_json::from_str(&run(&["--records"])).expect("one line");
    assert_eq!(found["event"], record);
    assert_eq!((&found["line"], &found["level"]), (&json!(1), &json!("high")));
}

/// What was written when the program is stopped is good.
#[test]
fn a_run_that_is_killed_leaves_whole_lines() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("r.yml"), rule("r", RULES)).expect("written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_crosswalk"))
        .args(["replay", "r.yml", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut pipe = child.stdin.take().expect("piped");
    let line = format!("{}\n", record("i", 0, "A", json!({})));
    // It never ends by itself.
    let writer = std::thread::spawn(move || while pipe.write_all(line.as_bytes()).is_ok() {});
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a line");
    child.kill().expect("killed");
    child.wait().expect("ended");
    writer.join().expect("ended");
    serde_json::from_str::<Value>(&first).expect("a JSON line");
    let mut rest: Vec<String> = out.lines().map(|line| line.expect("UTF-8")).collect();
    // The system may cut what was being written.
    rest.pop();
    for line in rest {
        serde_json::from_str::<Value>(&line).expect("a JSON line");
    }
}
