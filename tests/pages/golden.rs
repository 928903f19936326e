//! Golden pages: each folder `tests/pages/CASE` with an `input` becomes a tree of pages, which must
//! be the tree `tests/pages/CASE/expected`. `CROSSWALK_BLESS=1` writes what comes out.
//!
//! | in `input` | makes |
//! |---|---|
//! | `rules/*.yml` | a page for each rule, the list, and a page for each framework that is claimed |
//! | `targets.json` | the platforms on those pages, by page name |
//! | `elastic/*.json`, `datadog/*.json` | the platform's page: `payload` and the page's `facts` |
//! | `templates/` | takes the place of shipped templates |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crosswalk::query::{Assumption, Effect, FieldPath, Loss, Refusal};
use crosswalk::rule::{self, Accept, Document, ElasticPage, controls};
use crosswalk::site::{
    ControlPage, DatadogPage, IndexPage, ProofView, QueryView, RulePage, TargetView, Templates,
    control_page, datadog_page, elastic_page, index_page, paths, rule_page,
};
use crosswalk::source::{SourceFile, Span, Spanned};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

pub(crate) type Pages = BTreeMap<String, String>;

#[test]
fn pages_are_as_expected() {
    let mut cases = 0;
    for case in children(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")) {
        if case.join("input").is_dir() {
            let pages = build(&case.join("input"));
            compare(&pages, &case.join("expected"));
            cases += 1;
        }
    }
    assert!(cases >= 4, "{cases} cases");
}

#[test]
fn links_lead_to_pages_and_pages_are_tidy() {
    for case in children(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")) {
        if case.join("input").is_dir() {
            let pages = build(&case.join("input"));
            for (path, page) in &pages {
                links_resolve(path, page, &pages);
                if !path.starts_with("docs/elastic") && !path.starts_with("docs/datadog") {
                    is_tidy(path, page);
                }
            }
        }
    }
}

/// Every page of a case, by path.
fn build(input: &Path) -> Pages {
    let user = input.join("templates");
    let templates = Templates::load(user.is_dir().then_some(&*user));
    let templates = templates.unwrap_or_else(|errors| panic!("{errors:?}"));
    let targets = std::fs::read_to_string(input.join("targets.json")).unwrap_or("{}".to_owned());
    let targets: Value = serde_json::from_str(&targets).unwrap();
    let mut rules = Vec::new();
    for path in children(&input.join("rules")) {
        rules.extend(rule_pages(&path, &targets));
    }
    let mut pages = Pages::new();
    for rule in &rules {
        pages.insert(rule.path(), rule_page(&templates, rule).unwrap());
    }
    if !rules.is_empty() {
        pages.insert(
            paths::INDEX.to_owned(),
            index_page(&templates, &IndexPage::of(&rules)).unwrap(),
        );
    }
    for framework in controls::frameworks() {
        let page = ControlPage::of(framework, &rules);
        if rules.iter().any(|rule| rule.claims.iter().any(|c| c.framework == framework.framework)) {
            pages.insert(page.path(), control_page(&templates, &page).unwrap());
        }
    }
    for path in children(&input.join("elastic")) {
        let (name, payload, facts) = payload(&path);
        let facts = ElasticPage {
            package: text(&facts["package"]),
            guide_anchor: number(&facts["guide_anchor"]),
            setup_anchor: number(&facts["setup_anchor"]),
            query_anchor: number(&facts["query_anchor"]),
        };
        pages.insert(paths::elastic(&name), elastic_page(&templates, &payload, &facts).unwrap());
    }
    for path in children(&input.join("datadog")) {
        let (name, payload, facts) = payload(&path);
        let facts = DatadogPage { id: text(&facts["id"]), slug: text(&facts["slug"]) };
        pages.insert(paths::datadog(&name), datadog_page(&templates, &payload, &facts).unwrap());
    }
    pages
}

/// The rules of a file, with the platforms that the case gives them.
fn rule_pages(path: &Path, targets: &Value) -> Vec<RulePage> {
    let name = format!("rules/{}", path.file_name().unwrap().display());
    let source = SourceFile::new(name, std::fs::read_to_string(path).unwrap());
    let (file, findings) = rule::read(&source);
    assert!(!findings.has_errors(), "{path:?}: {:?}", findings.into_sorted());
    let rules = file.documents.iter().filter_map(|document| match document {
        Document::Rule(rule) => Some(rule),
        Document::Filter(_) => None,
    });
    rules
        .map(|rule| {
            let bare = RulePage::of(rule, &[]);
            let views = targets.get(&bare.name).and_then(Value::as_array).cloned();
            let views: Vec<TargetView> = views.unwrap_or_default().iter().map(view).collect();
            RulePage::of(rule, &views)
        })
        .collect()
}

/// A platform's view, as the targets will give it.
fn view(json: &Value) -> TargetView {
    let list = |key: &str| json[key].as_array().cloned().unwrap_or_default();
    let field = |json: &Value| text(&json["field"]).map(|field| FieldPath::new(&field));
    TargetView {
        name: text(&json["name"]).unwrap(),
        page: text(&json["page"]),
        queries: list("queries")
            .iter()
            .map(|query| QueryView {
                name: text(&query["name"]),
                language: text(&query["language"]).unwrap(),
                text: text(&query["text"]).unwrap(),
            })
            .collect(),
        losses: list("losses")
            .iter()
            .map(|loss| Loss {
                code: code(loss),
                effect: match loss["effect"].as_str().unwrap() {
                    "narrower" => Effect::Narrower,
                    "wider" => Effect::Wider,
                    _ => Effect::Overlapping,
                },
                field: field(loss),
                reason: text(&loss["reason"]).unwrap(),
            })
            .collect(),
        assumptions: list("assumptions")
            .iter()
            .map(|a| Assumption {
                code: code(a),
                field: field(a),
                reason: text(&a["reason"]).unwrap(),
            })
            .collect(),
        accepted: list("accepted")
            .iter()
            .map(|accept| Accept {
                loss: Spanned::new(text(&accept["loss"]).unwrap(), Span::default()),
                reason: text(&accept["reason"]).unwrap(),
            })
            .collect(),
        refused: list("refused")
            .iter()
            .map(|r| Refusal {
                code: code(r),
                field: field(r),
                reason: text(&r["reason"]).unwrap(),
            })
            .collect(),
        proof: json.get("proof").map(|proof| ProofView {
            words: text(&proof["words"]).unwrap(),
            assumptions: proof["assumptions"]
                .as_array()
                .map_or(Vec::new(), |all| all.iter().filter_map(text).collect()),
            missed: text(&proof["missed"]),
            added: text(&proof["added"]),
        }),
    }
}

/// Codes are constants of the program; a test may leak its own.
fn code(json: &Value) -> &'static str {
    Box::leak(text(&json["code"]).unwrap().into_boxed_str())
}

fn text(json: &Value) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn number(json: &Value) -> Option<u32> {
    json.as_u64().and_then(|number| u32::try_from(number).ok())
}

fn payload(path: &Path) -> (String, Value, Value) {
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    (name, json["payload"].clone(), json["facts"].clone())
}

/// What a folder holds, by name; nothing if it is not there.
fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn compare(pages: &Pages, expected: &Path) {
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(expected);
        for (path, page) in pages {
            let path = expected.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, page).unwrap();
        }
        return;
    }
    for (path, page) in pages {
        let file = expected.join(path);
        let golden = std::fs::read_to_string(&file)
            .unwrap_or_else(|e| panic!("{}: {e}; CROSSWALK_BLESS=1 writes it", file.display()));
        assert_eq!(*page, golden, "{}; CROSSWALK_BLESS=1 takes the new page", file.display());
    }
    let mut folders = vec![expected.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let own = path.strip_prefix(expected).unwrap().to_str().unwrap();
                assert!(pages.contains_key(own), "{} is no longer made", path.display());
            }
        }
    }
}

/// Relative links lead to pages of the case.
fn links_resolve(path: &str, page: &str, pages: &Pages) {
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
        if dest_url.contains(':') || !dest_url.ends_with(".md") || dest_url.starts_with('/') {
            continue;
        }
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in dest_url.split('/') {
            match part {
                ".." => assert!(parts.pop().is_some(), "{path}: {dest_url}"),
                part => parts.push(part),
            }
        }
        assert!(pages.contains_key(&parts.join("/")), "{path} links to {dest_url}");
    }
}

/// One line end at the end, no blanks at the end of a line, no two empty lines in a row.
fn is_tidy(path: &str, page: &str) {
    assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{path}");
    assert!(!page.contains("\n\n\n"), "{path}");
    for line in page.lines() {
        assert_eq!(line, line.trim_end(), "{path}");
    }
}
