//! What checks say: each folder of `tests/checks` has the name of a code and holds
//!
//! - `fires.yml`, a file in which it occurs, and `fires.txt`, what a person reads about it;
//! - `quiet.yml`, a file without errors in which it does not occur;
//! - `fixed.yml`, if the code has fixes: what `--fix` makes of the first. Fixing it again changes
//!   nothing.
//!
//! A case shows its own code alone, so that a new check touches no old case. Where the name of the
//! file matters, its first line says it: `# file: NAME`. `CROSSWALK_BLESS=1` writes `fires.txt` and
//! `fixed.yml` anew; read the difference before committing it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crosswalk::check::{Choice, Report, codes, reader_codes};
use crosswalk::diagnostic::{Code, Finding, Severity, render};
use crosswalk::source::SourceFile;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

fn blesses() -> bool {
    std::env::var_os("CROSSWALK_BLESS").is_some()
}

/// Code and folder of every case, in order.
fn cases() -> Vec<(&'static Code, PathBuf)> {
    let codes = codes();
    let entries = std::fs::read_dir(folder()).expect("the folder of cases");
    let mut cases: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let code = codes.iter().find(|code| code.name == name).copied();
            (code.unwrap_or_else(|| panic!("tests/checks/{name}: no such code")), path)
        })
        .collect();
    cases.sort_by_key(|(code, _)| code.name);
    cases
}

/// A file of a case, under the name that its first line says.
fn file(path: &Path) -> Arc<SourceFile> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let said = text.lines().next().and_then(|line| line.strip_prefix("# file: "));
    SourceFile::new(said.unwrap_or("rule.yml").to_owned(), text)
}

fn report(source: &Arc<SourceFile>) -> Report {
    Report::of(std::slice::from_ref(source), &Choice::default())
}

/// The findings of one code.
fn of(code: &'static Code, findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.code == code).cloned().collect()
}

/// A run that wants to see some codes only leaves checks out, and finds what it would find if it ran
/// them all.
#[test]
fn what_is_chosen_is_what_all_checks_find_of_it() {
    let sources: Vec<_> = cases().iter().map(|(_, path)| file(&path.join("fires.yml"))).collect();
    let held = |sources: &[Arc<SourceFile>], all: &[Finding], select: &[&str], ignore: &[&str]| {
        let names = |codes: &[&str]| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
        // Errors of the reader cannot be ignored.
        let Ok(choice) = Choice::new(&names(select), &names(ignore)) else { return };
        let kept: Vec<Finding> = all.iter().filter(|one| choice.keeps(one)).cloned().collect();
        let own = Report::of(sources, &choice).findings;
        assert_eq!(render::concise(&own), render::concise(&kept), "{select:?} {ignore:?}");
    };
    for source in &sources {
        let all = report(source).findings;
        let found: BTreeSet<&str> = all.iter().map(|one| one.code.name).collect();
        for name in found {
            held(std::slice::from_ref(source), &all, &[name], &[]);
            held(std::slice::from_ref(source), &all, &[], &[name]);
        }
    }
    // All files together, where checks across files find something, too.
    let all = Report::of(&sources, &Choice::default()).findings;
    for name in ["same-detection", "contained-rule", "dead-clause", "duplicate-id", "unused-allow"]
    {
        assert!(all.iter().any(|one| one.code.name == name), "{name}");
        held(&sources, &all, &[name], &[]);
        held(&sources, &all, &[], &[name]);
    }
}

#[test]
fn every_check_has_a_case() {
    let read = reader_codes();
    let cases = cases();
    let shown = |code: &&Code| code.fixable || !read.contains(code);
    for code in codes().into_iter().filter(shown) {
        assert!(cases.iter().any(|(own, _)| *own == code), "tests/checks/{code} is missing");
    }
}

#[test]
fn cases_fire_as_expected() {
    let mut wrong = Vec::new();
    for (code, case) in cases() {
        let found = of(code, &report(&file(&case.join("fires.yml"))).findings);
        assert!(!found.is_empty(), "{code} does not occur in its fires.yml");
        let actual = render::human(&found, false);
        let path = case.join("fires.txt");
        if blesses() {
            std::fs::write(&path, &actual).expect("the expected text can be written");
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_else(|e| format!("({e})\n"));
        if expected != actual {
            wrong.push(format!("== {code}\n-- expected\n{expected}-- actual\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} cases differ", wrong.join("\n"), wrong.len());
}

#[test]
fn cases_stay_quiet_as_expected() {
    for (code, case) in cases() {
        let findings = report(&file(&case.join("quiet.yml"))).findings;
        let bad: Vec<Finding> = findings
            .into_iter()
            .filter(|one| one.code == code || one.severity == Severity::Error)
            .collect();
        assert!(bad.is_empty(), "{code}\n{}", render::human(&bad, false));
    }
}

#[test]
fn fixes_do_what_they_say_and_nothing_the_second_time() {
    for (code, case) in cases() {
        let source = file(&case.join("fires.yml"));
        let only = Choice::new(&[code.name.to_owned()], &[]).expect("a code");
        let before = of(code, &report(&source).findings);
        let has_fix = before.iter().any(|finding| finding.fix.is_some());
        assert_eq!(
            code.fixable, has_fix,
            "{code}: fires.yml shows a fix exactly if there are some"
        );
        let path = case.join("fixed.yml");
        if !has_fix {
            assert!(!path.exists(), "{code} has no fix, and {} is there", path.display());
            continue;
        }
        let fixed = Report::fixed(vec![source], &only);
        let text = fixed.sources[0].text().to_owned();
        if blesses() {
            std::fs::write(&path, &text).expect("the fixed file can be written");
        }
        let expected = std::fs::read_to_string(&path);
        assert_eq!(expected.ok().as_deref(), Some(text.as_str()), "{code}");
        assert!(of(code, &fixed.report.findings).iter().all(|one| one.fix.is_none()), "{code}");
        let again = Report::fixed(fixed.sources, &only);
        assert_eq!((again.applied.len(), again.sources[0].text()), (0, text.as_str()), "{code}");
    }
}
