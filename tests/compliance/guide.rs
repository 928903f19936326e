//! `docs/coverage.md` shows what the binary prints.

use crate::binary::{here, passes};
use crate::verb::write;

/// The guide's outputs are real: every line of a block is printed, up to where it is cut.
#[test]
fn the_guide_shows_what_is_printed() {
    let guide = std::fs::read_to_string(here().join("docs/coverage.md")).expect("the guide");
    let folder = tempfile::tempdir().expect("a folder");
    let rules = here().join("rules");
    write(
        folder.path(),
        "crosswalk.toml",
        &format!("rules = [{:?}]\n", rules.to_str().expect("UTF-8")),
    );
    let blocks = guide.split("```console\n$ crosswalk coverage").skip(1);
    let mut held = 0;
    for block in blocks {
        let (block, _) = block.split_once("\n```").expect("an end");
        let (arguments, lines) = block.split_once('\n').expect("output");
        // Others need a rule of somebody else, or one that was changed.
        if arguments.contains("--rules") || arguments.contains('>') {
            continue;
        }
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let (out, err) = passes(folder.path(), &arguments);
        let printed: Vec<&str> = out.lines().chain(err.lines()).collect();
        for line in lines.lines() {
            let is = |own: &&str| match line.strip_suffix(" …") {
                Some(start) => own.starts_with(start),
                None => *own == line,
            };
            assert!(printed.iter().any(is), "{arguments:?}: {line}");
        }
        held += 1;
    }
    assert_eq!(held, 3);
}
