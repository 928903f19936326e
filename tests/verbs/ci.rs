//! The files for continuous integration, ours and those that `init` writes: they are read, and the
//! commands in them are run. What only a runner can do (caches, checkouts) is held to its inputs.

use std::process::Command;

use crosswalk::source::{read_yaml, to_json};
use serde_json::Value;

use super::{Folder, Outcome, binary, outcome, own};

fn yaml(text: &str) -> Value {
    let (documents, errors) = read_yaml(text);
    assert!(errors.is_empty(), "{errors:?}");
    to_json(documents.first().expect("a document"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {value}"))
}

/// Runs a script as GitHub's and GitLab's runners do, with crosswalk on the PATH.
fn shell(script: &str, folder: &Folder, variables: &[(String, String)]) -> Outcome {
    let tools = binary().parent().expect("a folder").display();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(folder.0.path()).env("PATH", format!("{tools}:{path}"));
    outcome(command.envs(variables.iter().cloned()))
}

/// The value of `${{ inputs.NAME }}` and of `${{ inputs.NAME || ... }}` if the input is not empty.
fn value(expression: &str, inputs: &Value) -> String {
    let inner = expression.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
    let inner = inner.unwrap_or_else(|| panic!("not understood: {expression}"));
    let name = inner.split_once(" || ").map_or(inner, |(name, _)| name);
    text(inputs, name).to_owned()
}

/// Runs the action as a caller with these inputs, on a runner that has a crosswalk. Stops at the
/// first step that fails.
fn action(folder: &Folder, with: &[(&str, &str)]) -> Outcome {
    let action = yaml(&own("action.yml"));
    let mut inputs = serde_json::Map::new();
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        inputs.insert(name.clone(), Value::from(text(input, "default")));
    }
    inputs.insert("binary".to_owned(), binary().display().to_string().into());
    for (name, value) in with {
        assert!(inputs.contains_key(*name), "the action has no input `{name}`");
        inputs.insert((*name).to_owned(), Value::from(*value));
    }
    let inputs = Value::Object(inputs);
    let mut all = (0, String::new(), String::new());
    for step in list(&action["runs"]["steps"]) {
        let runs = match step["if"].as_str() {
            None => true,
            Some("inputs.build != 'no'") => inputs["build"] != "no",
            Some("inputs.test != 'no'") => inputs["test"] != "no",
            Some("inputs.coverage != 'no'") => inputs["coverage"] != "no",
            Some(condition) => {
                assert!(condition.starts_with("inputs.binary == ''"), "{condition}");
                false
            }
        };
        if !runs {
            continue;
        }
        assert_eq!(text(step, "shell"), "bash", "{step}");
        let script = text(step, "run");
        assert!(!script.contains("${{"), "text of a caller in a script: {script}");
        let variables = step["env"].as_object().into_iter().flatten();
        let variables: Vec<(String, String)> = variables
            .map(|(name, expression)| {
                (name.clone(), value(expression.as_str().expect("text"), &inputs))
            })
            .collect();
        let (code, out, err) = shell(script, folder, &variables);
        all = (code, all.1 + &out, all.2 + &err);
        if code != 0 {
            break;
        }
    }
    all
}

#[test]
fn the_action_checks_and_builds_a_new_repository() {
    let folder = Folder::repository();
    let (code, out, err) = action(&folder, &[]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("checked 1 rule"), "{err}");
    assert!(!folder.path("dist").exists(), "by default nothing is built");
    assert_eq!(action(&folder, &[("build", "check")]).0, 1, "there is no output to be fresh");
    assert_eq!(action(&folder, &[("build", "write")]).0, 0);
    assert_eq!(action(&folder, &[("build", "check")]).0, 0);
}

#[test]
fn the_action_fails_with_annotations_on_a_bad_rule() {
    let folder = Folder::repository();
    folder.write("rules/bad.yml", "title: x\nlogsource: {category: c}\n");
    let (code, out, _) = action(&folder, &[("build", "write")]);
    assert_eq!(code, 1);
    assert!(out.starts_with("::error file=rules/bad.yml,line=1,"), "{out}");
    assert!(!folder.path("dist").exists());
    let paths = [("paths", "rules/aws rules/aws/guardduty")];
    assert_eq!(action(&folder, &paths).0, 0, "the bad rule is not among these paths");
}

#[test]
fn the_action_fails_when_coverage_falls() {
    let folder = Folder::repository();
    let rule = |calls: &str| {
        format!(
            "title: Keys\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1\nstatus: test\ndescription: d\n\
             logsource: {{product: aws, service: cloudtrail}}\ndetection:\n  s:\n    eventSource: kms.amazonaws.com\n    \
             eventName: [{calls}]\n  condition: s\nlevel: low\n"
        )
    };
    folder.write("rules/keys.yml", &rule("DisableKey, ScheduleKeyDeletion"));
    let with = [("coverage", "yes"), ("strict", "false")];
    let (code, _, err) = action(&folder, &with);
    assert!(code == 0 && err.contains("no baseline yet"), "{err}");
    folder.passes(&["coverage", "--write-baseline"]);
    assert_eq!(action(&folder, &with).0, 0);
    folder.write("rules/keys.yml", &rule("ScheduleKeyDeletion"));
    let (code, _, err) = action(&folder, &with);
    assert_eq!(code, 1, "{err}");
    let line =
        "cis-aws-foundations@7.0.0/5.7 on datadog: DisableKey was covered and is not covered now";
    assert!(err.contains(line), "{err}");
    // What other rules cover is not lost because a run checks one of them.
    folder.write("rules/keys.yml", &rule("DisableKey, ScheduleKeyDeletion"));
    let chosen = [("coverage", "yes"), ("strict", "false"), ("paths", "rules/aws")];
    let (code, _, err) = action(&folder, &chosen);
    assert!(code == 0 && err.contains("read 2 rules\n"), "{code} {err}");
    assert_eq!(action(&folder, &[("coverage", "maybe")]).0, 2);
}

#[test]
fn the_action_writes_a_report_and_takes_no_other_word_for_build() {
    let folder = Folder::repository();
    let (code, out, _) =
        action(&folder, &[("output-format", "sarif"), ("report", "out file.sarif")]);
    assert_eq!((code, out.as_str()), (0, ""));
    let log: Value = serde_json::from_str(&folder.read("out file.sarif")).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let (code, out, _) = action(&folder, &[("build", "yes; rm -rf .")]);
    assert_eq!(code, 2, "{out}");
    assert!(folder.path("rules").is_dir());
}

/// Takes the tests out of the example: nothing that a check finds.
fn without_tests(folder: &Folder) {
    let name = "rules/aws/guardduty/detector_switched_off.yml";
    let rule = folder.read(name);
    let (before, after) = rule.split_once("\ntests:").expect("tests");
    let (_, after) = after.split_once("\nchangelog:").expect("a changelog");
    folder.write(name, &format!("{before}\nchangelog:{after}"));
}

#[test]
fn the_action_runs_the_tests_of_rules_if_asked_to() {
    let folder = Folder::repository();
    let (code, out, err) = action(&folder, &[("test", "yes"), ("test-report", "out file.xml")]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(folder.read("out file.xml").contains("<testcase"));
    without_tests(&folder);
    assert_eq!(action(&folder, &[]).0, 0, "nothing is wrong with the rule");
    let (code, out, _) = action(&folder, &[("test", "yes"), ("build", "write")]);
    assert_eq!(code, 1);
    let place = "::warning file=rules/aws/guardduty/detector_switched_off.yml";
    assert!(out.contains(place), "{out}");
    assert!(!folder.path("dist").exists());
    assert_eq!(action(&folder, &[("test", "always")]).0, 2);
}

#[test]
fn inputs_of_the_action_are_never_commands() {
    let folder = Folder::repository();
    for input in
        ["paths", "report", "strict", "output-format", "test", "test-report", "build", "coverage"]
    {
        action(&folder, &[(input, "$(touch owned) `touch owned`; touch owned")]);
        assert!(!folder.path("owned").exists(), "{input}");
    }
}

#[test]
fn the_action_builds_with_the_toolchain_of_the_manifest_and_caches_by_content() {
    let action = yaml(&own("action.yml"));
    let steps = list(&action["runs"]["steps"]);
    let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let rust = env!("CARGO_PKG_RUST_VERSION");
    let install = format!("cargo +{rust} install --locked --path \"$GITHUB_ACTION_PATH\"");
    assert!(scripts[1].contains(&install), "{}", scripts[1]);
    assert!(scripts[1].contains(&format!("rustup toolchain install {rust} ")), "{}", scripts[1]);
    let folder = Folder::empty();
    let variables = [
        ("GITHUB_ACTION_PATH".to_owned(), env!("CARGO_MANIFEST_DIR").to_owned()),
        ("GITHUB_OUTPUT".to_owned(), folder.path("output").display().to_string()),
    ];
    let (code, _, err) = shell(scripts[0], &folder, &variables);
    assert_eq!(code, 0, "{err}");
    let output = folder.read("output");
    let hash = output.trim().strip_prefix("hash=").expect("a hash");
    assert!(hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{output}");
}

#[test]
fn the_workflow_of_init_calls_the_action_rightly() {
    let folder = Folder::repository();
    let workflow = yaml(&folder.read(".github/workflows/crosswalk.yml"));
    let steps = list(&workflow["jobs"]["rules"]["steps"]);
    let ours = steps.iter().find(|step| step["uses"] == "./.crosswalk").expect("our action");
    let with = ours["with"].as_object().expect("inputs").iter();
    let with: Vec<(&str, &str)> =
        with.map(|(name, value)| (name.as_str(), value.as_str().expect("text"))).collect();
    let (code, out, err) = action(&folder, &with);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("1 of 1 rule tested by 20 verdicts"), "the tests run: {err}");
    let upload = steps.iter().find(|step| step["with"]["name"] == "dist").expect("an upload");
    assert!(folder.path(text(&upload["with"], "path")).is_dir());
    let sources = steps.iter().find(|step| step["with"]["path"] == ".crosswalk").expect("sources");
    assert_eq!(text(&sources["with"], "ref"), concat!("v", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_workflow_of_init_says_which_variable_is_missing() {
    let folder = Folder::repository();
    let workflow = yaml(&folder.read(".github/workflows/crosswalk.yml"));
    let first = &list(&workflow["jobs"]["rules"]["steps"])[0];
    let run = |repository: &str| {
        shell(text(first, "run"), &folder, &[("REPOSITORY".to_owned(), repository.to_owned())])
    };
    assert_eq!(run("owner/name").0, 0);
    let (code, out, _) = run("");
    assert_eq!(code, 1);
    assert!(out.contains("CROSSWALK_REPOSITORY"), "{out}");
}

/// The lines of the GitLab job as one script, with crosswalk installed before.
fn gitlab(folder: &Folder) -> Outcome {
    let job = yaml(&folder.read(".gitlab-ci.yml"))["crosswalk"].clone();
    let lines = list(&job["script"]).iter().map(|line| line.as_str().expect("a line"));
    let script = lines.collect::<Vec<_>>().join("\n");
    folder.write(".crosswalk/bin/crosswalk", &format!("exec '{}' \"$@\"", binary().display()));
    let installed = format!("chmod +x .crosswalk/bin/crosswalk\n{script}");
    let report = text(&job["artifacts"]["reports"], "codequality");
    let outcome = shell(&installed, folder, &[]);
    assert!(serde_json::from_str::<Value>(&folder.read(report)).is_ok_and(|r| r.is_array()));
    outcome
}

#[cfg(unix)]
#[test]
fn the_gitlab_job_of_init_passes_and_fails_as_it_should() {
    let folder = Folder::repository();
    let (code, out, err) = gitlab(&folder);
    assert_eq!(code, 0, "{out}{err}");
    assert!(folder.path("dist/manifest.json").is_file());
    let job = yaml(&folder.read(".gitlab-ci.yml"))["crosswalk"].clone();
    assert!(folder.read(text(&job["artifacts"]["reports"], "junit")).contains("<testcase"));
    let good = folder.read("rules/aws/guardduty/detector_switched_off.yml");
    without_tests(&folder);
    let (code, out, err) = gitlab(&folder);
    assert_eq!(code, 1, "the rule is not tested");
    assert!((out + &err).contains("untested-rule"));
    folder.write("rules/aws/guardduty/detector_switched_off.yml", &good);
    folder.write("rules/bad.yml", "title: x\nlogsource: {category: c}\n");
    let (code, out, _) = gitlab(&folder);
    assert_eq!(code, 1);
    assert!(out.contains("error[missing-field]"), "the log tells what is wrong: {out}");
}

#[test]
fn the_hooks_of_pre_commit_run() {
    let folder = Folder::repository();
    folder.passes(&["build"]);
    let own_hooks = yaml(&own(".pre-commit-hooks.yaml"));
    let theirs = yaml(&folder.read(".pre-commit-config.yaml"));
    let hooks = list(&own_hooks).iter().chain(list(&theirs["repos"][0]["hooks"]));
    let mut count = 0;
    for hook in hooks {
        assert_eq!(hook["pass_filenames"], false, "{hook}");
        let (code, out, err) = shell(text(hook, "entry"), &folder, &[]);
        assert_eq!(code, 0, "{hook}\n{out}{err}");
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn commands_in_the_guide_exist() {
    let folder = Folder::repository();
    let guide = own("docs/ci.md");
    for format in ["github", "sarif", "gitlab", "junit"] {
        assert!(guide.contains(&format!("| `{format}` |")), "{format}");
        folder.passes(&["check", "--output-format", format]);
    }
    let action = yaml(&own("action.yml"));
    for input in action["inputs"].as_object().expect("inputs").keys() {
        assert!(guide.contains(&format!("| `{input}` |")), "{input} is not in docs/ci.md");
    }
}
