//! Logs that are broken, cut off or not there: clear words, the rest goes on, and the exit code
//! says that something is missing.

use serde_json::{Value, json};

use super::{crosswalk, gzip, record, rule};

const RULE: &str = "detection: { s: { eventName: CreateUser }, condition: s }";

/// Runs a rule for `CreateUser` over a file; exit code, ids of the matches, standard error.
fn over(name: &str, bytes: &[u8]) -> (i32, Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rule.yml"), rule("r", RULE)).expect("written");
    std::fs::write(folder.path().join(name), bytes).expect("written");
    let (code, stdout, stderr) = crosswalk(folder.path(), &["replay", "rule.yml", name], b"");
    (code, ids(&stdout), stderr)
}

fn ids(stdout: &str) -> Vec<String> {
    let id = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("a JSON line");
        value["event_id"].as_str().unwrap_or_default().to_owned()
    };
    stdout.lines().map(id).collect()
}

fn created(id: &str) -> String {
    record(id, 0, "CreateUser", json!({})).to_string()
}

#[test]
fn a_truncated_gzip_gives_what_came_before() {
    let lines: String =
        (0..20_000).map(|n| created(&format!("id-{n}-{}", n * 7919)) + "\n").collect();
    let packed = gzip(lines.as_bytes());
    let (code, found, stderr) = over("log.gz", &packed[..packed.len() / 2]);
    assert_eq!(code, 2, "{stderr}");
    assert!(found.len() > 5_000 && found.len() < 15_000, "{}", found.len());
    assert!(stderr.contains("log.gz: the gzip data ends early"), "{stderr}");
    assert!(stderr.contains("partial:"), "{stderr}");
}

#[test]
fn several_gzip_members_are_one_file() {
    let packed = [gzip((created("a") + "\n").as_bytes()), gzip(created("b").as_bytes())].concat();
    let (code, found, _) = over("log.gz", &packed);
    assert_eq!((code, found), (0, vec!["a".to_owned(), "b".to_owned()]));
}

/// Tapes and block devices fill up with zeros, which `gzip` reads over.
#[test]
fn zeros_behind_gzip_data_are_no_damage() {
    let both = || [gzip((created("a") + "\n").as_bytes()), gzip(created("b").as_bytes())].concat();
    let expected = vec!["a".to_owned(), "b".to_owned()];
    for zeros in [1, 511, 300_000] {
        let (code, found, stderr) = over("log.gz", &[both(), vec![0; zeros]].concat());
        assert_eq!((code, found), (0, expected.clone()), "{zeros}: {stderr}");
    }
    let member = gzip(created("c").as_bytes());
    for (what, rest) in [
        ("text", b"rest".to_vec()),
        ("zeros and text", [&[0; 512][..], b"rest"].concat()),
        ("zeros and a member", [&[0; 512][..], &member[..]].concat()),
        ("half of a header", vec![0x1f]),
    ] {
        let (code, found, stderr) = over("log.gz", &[both(), rest].concat());
        assert_eq!((code, found), (2, expected.clone()), "{what}: {stderr}");
        assert!(stderr.contains("log.gz: the gzip data"), "{what}: {stderr}");
    }
}

#[test]
fn a_damaged_gzip_is_named() {
    let mut packed = gzip(created("a").as_bytes());
    packed[12..30].fill(0xff);
    let (code, _, stderr) = over("log.gz", &packed);
    assert!(code == 2 && stderr.contains("gzip data is damaged"), "{stderr}");
}

#[test]
fn a_record_that_is_too_large_is_left_out() {
    let large = record("large", 0, "CreateUser", json!({"text": "x".repeat(50 << 20)})).to_string();
    let lines = [created("a"), large.clone(), created("b")].join("\n");
    let wrapped = format!("{{\"Records\":[{},{large},{}]}}", created("a"), created("b"));
    for (name, text) in [("log.ndjson", lines), ("log.json", wrapped)] {
        let (code, found, stderr) = over(name, text.as_bytes());
        assert_eq!((code, found), (2, vec!["a".to_owned(), "b".to_owned()]), "{name}: {stderr}");
        assert!(stderr.contains("the record is larger than 16 MiB"), "{stderr}");
        assert!(
            stderr.contains(if name == "log.json" { "record 2" } else { "line 2" }),
            "{stderr}"
        );
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_named() {
    let mut lines = format!("{}\n{}\n{}\n", created("a"), created("b"), created("c")).into_bytes();
    let place = lines.windows(3).position(|bytes| bytes == b"\"b\"").expect("there");
    lines[place + 1] = 0xff;
    let (code, found, stderr) = over("log.jsonl", &lines);
    assert_eq!((code, found), (2, vec!["a".to_owned(), "c".to_owned()]));
    assert!(stderr.contains("line 2: the record is not UTF-8"), "{stderr}");
}

#[test]
fn broken_records_are_named_counted_and_passed() {
    let lines: String = (0..40)
        .map(
            |n| if n % 2 == 0 { created(&n.to_string()) } else { "{\"a\": nul}".to_owned() } + "\n",
        )
        .collect();
    let (code, found, stderr) = over("log.jsonl", lines.as_bytes());
    assert_eq!((code, found.len()), (2, 20));
    assert!(
        stderr.contains("line 2: the record is broken: expected ident (byte 10 of it)"),
        "{stderr}"
    );
    assert!(stderr.contains("log.jsonl: 10 more"), "{stderr}");
    assert!(stderr.contains("partial: 20 parts"), "{stderr}");
}

#[test]
fn what_is_no_log_is_said_to_be_none() {
    for (bytes, words) in [
        (&b"PK\x03\x04rest"[..], "zip archive"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (b"\x28\xb5\x2f\xfdx", "zstd"),
        (b"[1, \"a\", []]", "it must be an object"),
        (b"not json at all", "the record is broken"),
        (b"{\"Records\":[{\"a\":1}", "ends before its list"),
        (b"{\"a\":1", "ends inside of the record"),
    ] {
        let (code, _, stderr) = over("log.json", bytes);
        assert!(code == 2 && stderr.contains(words), "{words}: {stderr}");
    }
    let (code, _, stderr) = over("log.json", b"");
    assert!(code == 0 && stderr.contains("replayed 0 events"), "{stderr}");
}

#[test]
fn paths_that_cannot_be_read_are_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rule.yml"), rule("r", RULE)).expect("written");
    std::fs::write(folder.path().join("log.json"), created("a")).expect("written");
    let arguments = ["replay", "rule.yml", "missing", "log.json"];
    let (code, stdout, stderr) = crosswalk(folder.path(), &arguments, b"");
    assert_eq!((code, ids(&stdout)), (2, vec!["a".to_owned()]));
    assert!(stderr.contains("missing: there is no such file or folder"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named_and_the_rest_goes_on() {
    use super::closed::run_with_closed;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("rules/rule.yml", &rule("r", RULE));
    write("rules/more/rule.yml", &rule("s", RULE));
    write("logs/log.json", &created("a"));
    write("logs/closed.json", &created("b"));
    write("logs/closed/log.json", &created("c"));
    let run =
        |closed: &[&str], arguments: &[&str]| run_with_closed(folder.path(), closed, arguments);

    let closed = ["logs/closed", "logs/closed.json"];
    let arguments = ["replay", "rules/rule.yml", "logs"];
    let Some((code, stdout, stderr)) = run(&closed, &arguments) else { return };
    assert_eq!((code, ids(&stdout)), (2, vec!["a".to_owned()]), "{stderr}");
    assert!(stderr.contains("error: logs/closed: you may not read it"), "{stderr}");
    assert!(stderr.contains("error: logs/closed.json: you may not read it"), "{stderr}");
    assert!(stderr.contains("partial: 2 parts of the logs could not be read"), "{stderr}");
    let arguments =
        ["--output-format", "json", "replay", "rules/rule.yml", "logs", "--format", "summary"];
    let (_, stdout, _) = run(&closed, &arguments).expect("runs again");
    let summary: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((&summary["partial"], &summary["matches"]), (&json!(true), &json!(1)));
    // Nobody closed, nothing is missing.
    let (code, stdout, stderr) = run(&[], &["replay", "rules/rule.yml", "logs"]).expect("runs");
    assert_eq!((code, ids(&stdout).len()), (0, 3), "{stderr}");
    // Without a rule there is nothing to run, and what would be missing looks like no match.
    for closed in ["rules/more", "rules/more/rule.yml"] {
        let (code, stdout, stderr) = run(&[closed], &["replay", "rules", "logs"]).expect("runs");
        let expected = format!("error: `{closed}`: you may not read it\n");
        assert_eq!((code, stdout.as_str(), stderr), (2, "", expected));
    }
}

/// A record in a text that is broken is named by the place of what it stands in.
#[test]
fn a_broken_record_in_a_wrapper_is_named() {
    let event = |text: &str| json!({"EventId": "1", "CloudTrailEvent": text});
    let (good, other) = (created("a"), created("b"));
    let cut = &good[..good.len() / 2];
    let all = [event(&good), event(cut), event("none"), event(&other)];
    let lines: String = all.iter().map(|one| format!("{one}\n")).collect();
    let list = serde_json::to_string_pretty(&json!({"Events": all})).expect("JSON");
    let truncated = list[..list.rfind("eventID").expect("there")].to_owned();
    for (name, text, places) in
        [("log.jsonl", lines, ["line 2", "line 3"]), ("log.json", list, ["record 2", "record 3"])]
    {
        let (code, found, stderr) = over(name, text.as_bytes());
        assert_eq!((code, found), (2, vec!["a".to_owned(), "b".to_owned()]), "{stderr}");
        let [broken, none] = places;
        for expected in [
            format!("{name}: {broken}: the record in `CloudTrailEvent` is broken: EOF"),
            format!("{name}: {none}: the text in `CloudTrailEvent` is no JSON object"),
        ] {
            assert!(stderr.contains(&expected), "{expected}: {stderr}");
        }
    }
    let (code, found, stderr) = over("log.json", truncated.as_bytes());
    assert_eq!((code, found), (2, vec!["a".to_owned()]), "{stderr}");
    assert!(stderr.contains("log.json: record 4: the input ends inside"), "{stderr}");
}
