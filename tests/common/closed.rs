//! Running the binary as somebody to whom files can be closed: nothing is to whoever may do
//! everything.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The number of a user who owns nothing.
const NOBODY: u32 = 65_534;

/// Runs the binary in a folder of which some paths are closed. `None`, after saying so aloud, where
/// nothing can be closed to anybody.
pub(super) fn run_with_closed(
    folder: &Path,
    closed: &[&str],
    arguments: &[&str],
) -> Option<(i32, String, String)> {
    let closed: Vec<PathBuf> = closed.iter().map(|path| folder.join(path)).collect();
    // Everybody may come as far as that, and closed is what is closed alone.
    open(folder);
    let binary = folder.join("crosswalk-of-the-test");
    let original = env!("CARGO_BIN_EXE_crosswalk");
    if std::fs::hard_link(original, &binary).is_err() {
        std::fs::copy(original, &binary).expect("copied");
    }
    closed.iter().for_each(|path| permit(path, 0o000));
    let is_closed = |path: &PathBuf| std::fs::File::open(path).is_err();
    let mut command = Command::new(&binary);
    if !closed.iter().all(is_closed) {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    let output = command.output();
    closed.iter().for_each(|path| permit(path, 0o755));
    std::fs::remove_file(&binary).expect("removed");
    match output {
        Ok(Output { status, stdout, stderr }) => {
            let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
            Some((status.code().unwrap_or(-1), text(stdout), text(stderr)))
        }
        Err(error) => {
            eprintln!("skipped: closed files (nothing is closed to this user: {error})");
            None
        }
    }
}

fn permit(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permitted");
}

fn open(path: &Path) {
    permit(path, 0o755);
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("readable") {
            open(&entry.expect("readable").path());
        }
    }
}
