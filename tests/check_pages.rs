//! The pages in `docs/checks` are those that the codes make. `CROSSWALK_BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crosswalk::cli::{codes, pages};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks")
}

fn present() -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(folder()) else { return BTreeMap::new() };
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a text"))
        })
        .collect()
}

#[test]
fn pages_are_up_to_date() {
    let (wanted, present) = (pages(), present());
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        std::fs::create_dir_all(folder()).expect("the folder");
        for name in present.keys().filter(|name| !wanted.contains_key(*name)) {
            std::fs::remove_file(folder().join(name)).expect("an old page goes");
        }
        for (name, page) in &wanted {
            std::fs::write(folder().join(name), page).expect("a page is written");
        }
        return;
    }
    let names = wanted.keys().chain(present.keys());
    let mut stale: Vec<&String> =
        names.filter(|name| wanted.get(*name) != present.get(*name)).collect();
    stale.sort();
    stale.dedup();
    assert!(
        stale.is_empty(),
        "stale in docs/checks: {stale:?}; run CROSSWALK_BLESS=1 cargo test --test check_pages"
    );
}

#[test]
fn codes_have_one_name_each() {
    let codes = codes();
    for pair in codes.windows(2) {
        assert_ne!(pair[0].name, pair[1].name);
    }
}

/// Who reads a page of a check wants to see what to write instead.
#[test]
fn checks_show_what_is_bad_and_what_is_good() {
    for check in crosswalk::check::checks() {
        let text = check.code.explanation.to_lowercase();
        assert!(text.contains("bad") && text.contains("good"), "{}", check.code);
        assert!(text.matches("```").count() % 2 == 0, "{}: a code block is open", check.code);
    }
}
