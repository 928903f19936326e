//! Queries in our own words, one block each, blocks parted by a line of `----`.

use std::path::Path;

use crosswalk::language::registry::{self, Dialect};

/// The samples of a language: good ones, and broken ones with at least two independent errors.
pub(crate) struct Samples {
    pub(crate) language: &'static dyn Dialect,
    pub(crate) good: Vec<String>,
    pub(crate) broken: Vec<String>,
}

/// The samples of every language.
pub(crate) fn all() -> Vec<Samples> {
    registry::ALL.iter().map(|language| of(*language)).collect()
}

fn of(language: &'static dyn Dialect) -> Samples {
    let read = |name: String| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages/samples");
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{}: {e}: every language needs samples", path.display()));
        let blocks = text.split("\n----\n").map(|block| block.trim_end_matches('\n').to_owned());
        blocks.filter(|block| !block.trim().is_empty()).collect::<Vec<_>>()
    };
    let name = language.name();
    let samples = Samples {
        language,
        good: read(format!("{name}.txt")),
        broken: read(format!("{name}.broken.txt")),
    };
    assert!(samples.good.len() >= 10 && samples.broken.len() >= 2, "{name} has too few samples");
    samples
}

#[test]
fn names_are_sorted_and_unique() {
    let names: Vec<&str> = registry::ALL.iter().map(|language| language.name()).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    for name in names {
        assert_eq!(registry::by_name(name).map(|language| language.name()), Some(name));
    }
}
