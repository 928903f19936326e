//! The verbs as a user meets them: the binary, in folders of its own. `ci` runs what the files for
//! continuous integration say.

mod ci;
#[cfg(unix)]
#[path = "../common/closed.rs"]
mod closed;
mod convert;
mod diff;
mod formats;
mod import;
mod init;
mod new;
mod prove;
mod seeds;
mod synth;
mod test;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder for one test.
struct Folder(tempfile::TempDir);

/// Exit code, standard output, standard error.
type Outcome = (i32, String, String);

impl Folder {
    fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A repository as `init` makes it.
    fn repository() -> Self {
        let folder = Self::empty();
        folder.passes(&["init"]);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    /// Every file, sorted, with `/` between folders.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).expect("readable") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.0.path()).expect("below");
                    found.push(name.to_string_lossy().replace('\\', "/"));
                }
            }
        }
        found.sort();
        found
    }

    /// Runs crosswalk here; nobody is there to answer questions.
    fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(Command::new(binary()).args(arguments).current_dir(self.0.path()))
    }

    fn passes(&self, arguments: &[&str]) -> Outcome {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}\n{out}{err}");
        (code, out, err)
    }
}

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_crosswalk"))
}

/// A file of this repository.
fn own(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Runs a command without the settings of whoever runs the tests.
fn outcome(command: &mut Command) -> Outcome {
    for (name, _) in std::env::vars() {
        if name.starts_with("CROSSWALK_") {
            command.env_remove(name);
        }
    }
    let Output { status, stdout, stderr } =
        command.env("NO_COLOR", "1").stdin(Stdio::null()).output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("exits"), text(stdout), text(stderr))
}

#[test]
fn completions_exist_for_every_shell_and_know_every_verb() {
    let folder = Folder::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (_, script, err) = folder.passes(&["completions", shell]);
        assert_eq!(err, "");
        for verb in ["check", "build", "explain", "init", "new", "man"] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
}

#[test]
fn man_prints_one_page_or_writes_one_a_verb() {
    let folder = Folder::empty();
    let (_, page, _) = folder.passes(&["man"]);
    assert!(page.contains(".TH crosswalk 1"), "{page}");
    folder.passes(&["man", "--dir", "pages"]);
    assert_eq!(folder.read("pages/crosswalk.1"), page);
    assert!(folder.read("pages/crosswalk-check.1").contains("output\\-format"));
}

#[cfg(unix)]
#[test]
fn rules_that_may_not_be_read_are_named_and_nothing_is_judged() {
    let folder = Folder::repository();
    folder
        .write("rules/closed/a.yml", &folder.read("rules/aws/guardduty/detector_switched_off.yml"));
    for verb in ["check", "test", "build"] {
        for path in ["rules/closed", "rules/closed/a.yml"] {
            let Some(outcome) = closed::run_with_closed(folder.0.path(), &[path], &[verb]) else {
                return;
            };
            let expected = format!("error: `{path}`: you may not read it\n");
            assert_eq!(outcome, (2, String::new(), expected), "{verb}");
        }
    }
    assert!(!folder.path("dist").exists());
}
