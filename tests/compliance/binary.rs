//! The binary, for runs that are looked at from outside.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Exit code, standard output, standard error.
pub(crate) type Outcome = (i32, String, String);

/// Runs `crosswalk coverage` in a folder.
pub(crate) fn coverage(folder: &Path, arguments: &[&str]) -> Outcome {
    outcome(folder, &[&["coverage"], arguments].concat())
}

/// Runs the binary in a folder, without the settings of whoever runs the tests.
pub(crate) fn outcome(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crosswalk"));
    for (name, _) in std::env::vars() {
        if name.starts_with("CROSSWALK_") {
            command.env_remove(name);
        }
    }
    let command = command.args(arguments).current_dir(folder);
    let output = command.env("NO_COLOR", "1").stdin(Stdio::null()).output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("exits"), text(output.stdout), text(output.stderr))
}

/// The same, where it has to succeed.
pub(crate) fn passes(folder: &Path, arguments: &[&str]) -> (String, String) {
    let (code, out, err) = coverage(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}\n{out}{err}");
    (out, err)
}

/// The JSON report of a run.
pub(crate) fn report(folder: &Path, arguments: &[&str]) -> Value {
    let (out, _) = passes(folder, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&out).expect("JSON")
}

/// One control of a report, in one version and place.
pub(crate) fn place<'r>(report: &'r Value, version: &str, slug: &str, place: &str) -> &'r Value {
    let list = |value: &'r Value, key: &str| value[key].as_array().expect(key).iter();
    let version = list(&report["audit"], "versions").find(|own| own["version"] == version);
    let control = list(version.expect("audited"), "controls").find(|own| own["slug"] == slug);
    let found = list(control.expect("a control"), "places").find(|own| own["place"] == place);
    found.expect("audited there")
}

/// The parts of a place in a state.
pub(crate) fn parts<'r>(place: &'r Value, state: &str) -> Vec<&'r str> {
    let parts = place["parts"].as_array().expect("parts").iter();
    let parts = parts.filter(|part| part["state"] == state);
    parts.map(|part| part["name"].as_str().expect("a name")).collect()
}

/// This repository.
pub(crate) fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
