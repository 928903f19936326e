//! The import table: which folder of `src` may use which. A stage that reaches past its
//! neighbours makes every later change wider than it has to be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Folder (or file) of `src` and what it may import from the crate. A name with `::` allows only
/// that part of a folder. `docs/architecture.md` has the same table.
const TABLE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("query", &[]),
    ("diagnostic", &["source"]),
    ("event", &["query"]),
    ("fields", &["query"]),
    ("proof", &["query"]),
    ("language", &["query", "source", "diagnostic"]),
    ("rule", &["query", "fields", "language::sigma", "language::kit", "source", "diagnostic"]),
    ("format", &["source", "rule", "diagnostic"]),
    (
        "import",
        &[
            "rule",
            "fields",
            "query",
            "diagnostic",
            "language",
            "source",
            "target",
            "format",
            "config",
        ],
    ),
    ("check", &["rule", "fields", "query", "diagnostic", "language", "source", "proof"]),
    (
        "convert",
        &[
            "import",
            "rule",
            "target",
            "language",
            "fields",
            "query",
            "diagnostic",
            "source",
            "config",
        ],
    ),
    ("config", &["source", "diagnostic"]),
    (
        "replay",
        &[
            "event",
            "rule",
            "target",
            "config",
            "language::sigma",
            "language::datadog",
            "language::kit",
            "language::registry",
            "fields",
            "query",
        ],
    ),
    (
        "compliance",
        &[
            "rule",
            "target",
            "import",
            "relate",
            "fields",
            "query",
            "proof",
            "event",
            "replay",
            "config",
            "source",
            "diagnostic",
        ],
    ),
    ("target", &["rule", "language", "fields", "query", "source", "diagnostic", "config"]),
    ("site", &["rule", "query", "target", "diagnostic", "source"]),
    (
        "build",
        &["rule", "target", "site", "config", "diagnostic", "query", "source", "relate", "proof"],
    ),
    (
        "relate",
        &[
            "rule",
            "target",
            "import",
            "convert",
            "language",
            "fields",
            "query",
            "proof",
            "source",
            "diagnostic",
            "config",
        ],
    ),
    ("change", &["rule", "target", "relate", "convert", "proof", "source"]),
    (
        "testing",
        &[
            "rule",
            "build",
            "target",
            "check",
            "relate",
            "fields",
            "query",
            "diagnostic",
            "source",
            "config",
        ],
    ),
    ("cli", &[EVERYTHING]),
    ("main", &[EVERYTHING]),
];

/// No limit.
const EVERYTHING: &str = "everything";

/// The root of the crate, which only declares what there is.
const ROOT: &str = "lib";

/// Every source file as its module path (`language/sigma/mod.rs` is `language`, `sigma`) with its
/// text.
fn modules() -> BTreeMap<Vec<String>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut modules = BTreeMap::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("below src").with_extension("");
                let parts = name.iter().map(|part| part.to_string_lossy().into_owned());
                let module = parts.filter(|part| part != "mod").collect();
                modules.insert(module, std::fs::read_to_string(&path).expect("readable"));
            }
        }
    }
    modules
}

/// The code of a file: no comments (their links are no imports) and no tests, which stand last.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What a file uses of its crate, as paths from the crate's root of at most two names.
fn imports(module: &[String], text: &str) -> BTreeSet<Vec<String>> {
    let code = code(text);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            found.extend(paths(code.get(at + "crate::".len()..).unwrap_or_default(), 2));
        }
    }
    // One `super` for each level leads out of the file, one more than that out of the crate.
    let out = "super::".repeat(module.len());
    for (at, _) in code.match_indices(&out) {
        let rest = code.get(at + out.len()..).unwrap_or_default();
        let longer = code.get(..at).is_some_and(|before| before.ends_with("super::"));
        if !longer && !rest.starts_with("super::") {
            found.extend(paths(rest, 2));
        }
    }
    found
}

/// The paths that begin here, through one level of braces: `a::{b, c::d}` is `a::b` and `a::c`.
fn paths(text: &str, most: usize) -> Vec<Vec<String>> {
    if let Some(group) = text.strip_prefix('{') {
        return members(group).into_iter().flat_map(|member| paths(member.trim(), most)).collect();
    }
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return Vec::new();
    }
    let rest = text.get(name.len()..).and_then(|rest| rest.strip_prefix("::"));
    let tails = rest.filter(|_| most > 1).map(|rest| paths(rest, most - 1)).unwrap_or_default();
    // No tail: the name itself, or everything in it (`*`).
    let tails = if tails.is_empty() { vec![Vec::new()] } else { tails };
    tails.into_iter().map(|tail| [vec![name.clone()], tail].concat()).collect()
}

/// The members of a group, up to its closing brace.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
            }
            '}' if depth == 0 => {
                members.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    members
}

/// Whether a row allows a path.
fn allows(row: &[&str], path: &[String]) -> bool {
    row.iter().any(|allowed| {
        let allowed: Vec<&str> = allowed.split("::").collect();
        allowed == [EVERYTHING] || path.get(..allowed.len()).is_some_and(|own| own == allowed)
    })
}

#[test]
fn imports_follow_the_table() {
    let mut wrong = Vec::new();
    for (module, text) in modules() {
        let folder = module.first().map(String::as_str).unwrap_or_default();
        if folder == ROOT {
            continue;
        }
        let Some((_, row)) = TABLE.iter().find(|(name, _)| *name == folder) else {
            wrong.push(format!("src/{folder} has no row in the table"));
            continue;
        };
        let foreign = imports(&module, &text).into_iter().filter(|path| path[0] != folder);
        for path in foreign.filter(|path| !allows(row, path)) {
            wrong.push(format!("{} uses {}", module.join("::"), path.join("::")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever the table says: a language is a thing of its own.
#[test]
fn languages_know_nothing_of_rules() {
    for (module, text) in modules().iter().filter(|(module, _)| module[0] == "language") {
        for path in imports(module, text) {
            let forbidden = ["rule", "target", "check", "fields"].contains(&path[0].as_str());
            assert!(!forbidden, "{} uses {}", module.join("::"), path.join("::"));
        }
    }
}

#[test]
fn the_table_names_what_there_is() {
    let folders: BTreeSet<String> = modules().keys().map(|module| module[0].clone()).collect();
    for (folder, row) in TABLE {
        assert!(folders.contains(*folder), "there is no src/{folder}");
        for name in row.iter().filter(|name| **name != EVERYTHING) {
            let top = name.split("::").next().unwrap_or_default();
            let known = TABLE.iter().any(|(folder, _)| *folder == top);
            assert!(known, "{folder} may import {name}, which has no row");
        }
    }
}

/// The rows of the page: `` | `folder` | duty | imports | ``. Part of a row for several folders
/// is a row for each; what stands in parentheses is an explanation.
fn documented(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let words = |cell: &str| -> Vec<String> {
        let cell = cell.split('(').next().unwrap_or_default();
        let words = cell.split(|c: char| !(c.is_alphanumeric() || "_./:".contains(c)));
        let words = words.map(|word| word.trim_end_matches(".rs").trim_matches('/'));
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [folders, _, imports] = cells.as_slice() else { continue };
        if !folders.starts_with('`') {
            continue;
        }
        let imports: BTreeSet<String> = words(imports).into_iter().collect();
        rows.extend(words(folders).into_iter().map(|folder| (folder, imports.clone())));
    }
    rows
}

#[test]
fn the_documented_table_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let Ok(page) = std::fs::read_to_string(path) else {
        eprintln!("skipped: docs/architecture.md does not exist; its table is not compared");
        return;
    };
    let tops = |row: &[&str]| -> BTreeSet<String> {
        row.iter().map(|name| name.split("::").next().unwrap_or_default().to_owned()).collect()
    };
    let enforced = TABLE.iter().map(|(folder, row)| ((*folder).to_owned(), tops(row)));
    assert_eq!(documented(&page), enforced.collect());
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::source::{Span, Place};\nuse crate::{query, language::{kit, sigma}};\nuse crate::target::*;\n\
                use super::super::check;\nfn f() { crate::rule::read() }\n/// [`x`](crate::cli)\n\
                macro!($crate::diagnostic::Code)\n#[cfg(test)]\nmod tests { use crate::site; }";
    let module = ["language".to_owned(), "kql".to_owned()];
    let found = imports(&module, text).into_iter().map(|path| path.join("::"));
    let expected = [
        "check",
        "diagnostic::Code",
        "language::kit",
        "language::sigma",
        "query",
        "rule::read",
        "source::Place",
        "source::Span",
        "target",
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let page = "| folder | duty | imports |\n|---|---|---|\n| `main.rs`, `cli/` | x | everything |\n\
                | `rule` | x | `query`, language (sigma, kit) |\n| `source` | x | – |";
    let rows = documented(page);
    let row = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    assert_eq!(rows.get("cli").cloned(), row(&["everything"]));
    assert_eq!(rows.get("rule").cloned(), row(&["query", "language"]));
    assert_eq!(rows.get("source").cloned(), row(&[]));
}
