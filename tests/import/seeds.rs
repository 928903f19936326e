//! The two vendor pages that Crosswalk started from: importing one and building the result gives
//! the page again, byte by byte.

use std::sync::Arc;

use crosswalk::build::build;
use crosswalk::config::{Config, Target};
use crosswalk::import::{Kind, import};
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::site::Templates;
use crosswalk::source::SourceFile;

use super::common::corpus;

/// What no rule can say: a slip of the page's own, whose link leads elsewhere than its text says. The
/// anchors, which no rule can derive, are kept in `elastic.page`.
const SLIPS: &[(&str, &str)] = &[("ec2-security-groups.md)", "ec2-security-groups.html)")];

const PAGES: &[(&str, Kind, &str)] = &[
    ("000_91eaf2639b46cda7.txt", Kind::ElasticPage, "elastic"),
    ("002_ee03e3e2c2bbb04b.txt", Kind::DatadogPage, "datadog"),
];

/// The page that a platform gets of the rule in a text.
fn page(rule: &str, platform: &str) -> String {
    let (file, _) = RuleFile::parse("page.yml", rule);
    let set = RuleSet::of(vec![file]);
    let templates = Templates::load(None).expect("good templates");
    let built = build(&set, &Config::default(), &Target::ALL, &templates);
    let path = format!("docs/{platform}/page.md");
    let findings = format!("{:#?}\n{rule}", built.findings);
    let page = built.artifacts.into_iter().find(|artifact| artifact.path == path);
    String::from_utf8(page.expect(&findings).bytes).expect("UTF-8")
}

#[test]
fn seed_pages_come_back_byte_by_byte() {
    let Some(folder) = corpus("../seeds", "the seed pages") else { return };
    for (name, kind, platform) in PAGES {
        let seed = std::fs::read_to_string(folder.join(name)).expect("readable");
        let source: Arc<SourceFile> = SourceFile::new(*name, seed.as_str());
        let imported = import(&source, None);
        assert_eq!(imported.kind, Some(*kind));
        let [rule] = imported.rules.as_slice() else { panic!("{name}: {:?}", imported.findings) };
        let page = page(&rule.text, platform);
        let mut seed = seed;
        for (theirs, meant) in SLIPS {
            seed = seed.replace(theirs, meant);
        }
        let (seed, page) = (seed.trim_end_matches('\n'), page.trim_end_matches('\n'));
        let diff = similar::TextDiff::from_lines(seed, page);
        assert!(seed == page, "{name}\n{}", diff.unified_diff());
    }
}
