//! `init`: what it writes works at once, and what was there stays.

use super::Folder;

#[test]
fn a_new_repository_passes_check_and_build() {
    let folder = Folder::empty();
    folder.passes(&["init"]);
    let (_, _, err) = folder.passes(&["check", "--strict"]);
    assert!(err.contains("checked 1 rule in 1 file: nothing to report"), "{err}");
    folder.passes(&["build"]);
    folder.passes(&["build", "--check"]);
    for file in ["elastic/detector_switched_off.json", "datadog/detector_switched_off.json"] {
        assert!(folder.path("dist").join(file).is_file(), "{file}");
    }
}

#[test]
fn the_example_shows_every_section_and_its_tests_hold_both_verdicts() {
    let rule = Folder::repository().read("rules/aws/guardduty/detector_switched_off.yml");
    for section in ["strategy:", "triage:", "elastic:", "datadog:", "tests:", "changelog:"] {
        assert!(rule.contains(&format!("\n{section}")), "{section}");
    }
    assert!(rule.contains("match: true") && rule.contains("match: false"));
}

#[test]
fn a_named_folder_is_made_and_no_placeholder_is_left() {
    let folder = Folder::empty();
    let (_, out, err) = folder.passes(&["init", "a/b"]);
    assert_eq!(out, "");
    assert!(err.ends_with("next: cd a/b && crosswalk check && crosswalk build\n"), "{err}");
    let files = folder.files();
    assert!(files.contains(&"a/b/.github/workflows/crosswalk.yml".to_owned()), "{files:?}");
    for file in files {
        for name in ["@VERSION@", "@PACKAGE@", "@RUST@"] {
            assert!(!folder.read(&file).contains(name), "{file}: {name}");
        }
    }
}

#[test]
fn the_command_that_comes_next_can_be_pasted() {
    let folder = Folder::empty();
    let (_, _, err) = folder.passes(&["init", "our 'own' rules"]);
    assert!(err.contains(r"cd 'our '\''own'\'' rules' && crosswalk check"), "{err}");
}

#[test]
fn two_runs_write_the_same_bytes() {
    let (first, second) = (Folder::repository(), Folder::repository());
    assert_eq!(first.files(), second.files());
    for file in first.files() {
        assert_eq!(first.read(&file), second.read(&file), "{file}");
    }
}

#[test]
fn files_that_are_there_are_kept() {
    let folder = Folder::empty();
    folder.write("README.md", "mine");
    let (_, _, err) = folder.passes(&["init"]);
    assert!(err.contains("kept, was there already: README.md"), "{err}");
    assert_eq!(folder.read("README.md"), "mine");
    folder.passes(&["check", "--strict"]);
}

#[test]
fn a_repository_of_rules_is_refused_as_it_is() {
    let folder = Folder::empty();
    folder.write("crosswalk.toml", "rules = []\n");
    let (code, _, err) = folder.run(&["init"]);
    assert_eq!(code, 2);
    assert!(err.contains("is a repository of rules already"), "{err}");
    assert_eq!(folder.files(), ["crosswalk.toml"]);
}

#[test]
fn a_run_that_failed_half_way_can_be_repeated() {
    let folder = Folder::empty();
    folder.write("rules", "a file where a folder has to be");
    let (code, _, err) = folder.run(&["init"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot write"), "{err}");
    std::fs::remove_file(folder.path("rules")).expect("removed");
    folder.passes(&["init"]);
    folder.passes(&["check", "--strict"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_followed() {
    let (folder, elsewhere) = (Folder::empty(), Folder::empty());
    std::os::unix::fs::symlink(elsewhere.path("target"), folder.path("README.md")).expect("linked");
    folder.passes(&["init"]);
    assert_eq!(elsewhere.files(), Vec::<String>::new());
}
