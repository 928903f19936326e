//! Golden cases: each folder of `cases` holds a foreign document, `input.*`, and what is made of it:
//! `rule.yml` with the rules, `findings.txt` with what is said. `CROSSWALK_BLESS=1` writes both anew.

use std::fs;
use std::path::{Path, PathBuf};

use crosswalk::diagnostic::render::human;
use crosswalk::import::import;
use crosswalk::source::SourceFile;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/cases");
    let entries = fs::read_dir(folder).expect("the folder of cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_case_comes_out_as_expected() {
    let bless = std::env::var_os("CROSSWALK_BLESS").is_some();
    for case in cases() {
        let mut files = fs::read_dir(&case).expect("a folder").map(|entry| entry.expect("entry"));
        let is_input = |name: &str| name.starts_with("input.");
        let input = files.find(|file| file.file_name().to_str().is_some_and(is_input));
        let input = input.unwrap_or_else(|| panic!("{}: no input", case.display())).path();
        let name = input.file_name().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read_to_string(&input).expect("readable");
        let imported = import(&SourceFile::new(name, text.as_str()), None);
        let rules: Vec<&str> = imported.rules.iter().map(|rule| rule.text.as_str()).collect();
        let found =
            [("rule.yml", rules.join("---\n")), ("findings.txt", human(&imported.findings, false))];
        for (file, found) in found {
            let path = case.join(file);
            if bless {
                fs::write(&path, &found).expect("written");
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(found, expected, "{}", path.display());
        }
    }
    assert!(cases().len() >= 8, "only {} cases", cases().len());
}
