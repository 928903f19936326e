//! What public rules really cover: the rules that the project started from, and whole rule sets.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crosswalk::compliance::{
    Audit, Gathered, NarrowingKind, Place, PlaceAudit, Scope, State, Verdict,
};
use crosswalk::source::{SourceFile, discover};
use sha2::{Digest, Sha256};

use crate::audit::cis;
use crate::binary::{here, parts, place, report};
use crate::common::corpus;

/// What a public rule covers of the control on security groups: before 5.0.0 and from then on,
/// which calls it misses and what narrows the others.
struct Case {
    path: &'static str,
    /// Parts that are found at all, and those found in full, of all: in 4.0.1 and in 5.0.0.
    found: [(usize, usize, usize); 2],
    missing: Vec<&'static str>,
    narrowed: &'static [(&'static str, &'static str)],
}

#[test]
fn public_rules_cover_what_the_table_says() {
    let Some(root) = corpus("", "the coverage of public rules") else { return };
    let (ingress, delete) = ("AuthorizeSecurityGroupIngress", "DeleteSecurityGroup");
    let (create, modify) = ("CreateSecurityGroup", "ModifySecurityGroupRules");
    let cases = [
        Case {
            path: "elastic-pages/asciidoc/prebuilt-rule-8-2-1-aws-security-group-configuration-change-detection.asciidoc",
            found: [(4, 0, 6), (5, 0, 7)],
            missing: vec![ingress, delete],
            narrowed: &[("outcome", "errorCode")],
        },
        Case {
            path: "elastic/rules/integrations/aws/persistence_ec2_security_group_configuration_change_detection.toml",
            found: [(5, 0, 6), (6, 0, 7)],
            missing: vec![delete],
            narrowed: &[("outcome", "errorCode")],
        },
        // The page has no query, so the one that runs stands for it. It leaves out whatever is open to the world.
        Case {
            path: "datadog/tf-datadog-siem/log_detection--aws-security-group-created-modified-or-deleted--wqw-oju-hiy.json",
            found: [(6, 0, 6), (6, 0, 7)],
            missing: vec![modify],
            narrowed: &[("exclusion", "cidrIp is `0.0.0.0/0`"), ("exclusion", "cidrIp is `::/0`")],
        },
        Case {
            path: "sigma/rules/cloud/aws/cloudtrail/aws_cloudtrail_security_group_change_ingress_egress.yml",
            found: [(4, 4, 6), (4, 4, 7)],
            missing: vec![create, delete, modify],
            narrowed: &[],
        },
    ];
    for case in cases {
        let path = root.join(case.path);
        let path = path.to_str().expect("UTF-8");
        let report = report(&here(), &["--rules", path, "--version", "4.0.1,5.0.0"]);
        for (version, (reached, covered, of)) in ["4.0.1", "5.0.0"].into_iter().zip(case.found) {
            let found = place(&report, version, "security-group-changes", "rule");
            let count = |state| parts(found, state).len();
            assert_eq!(count("covered"), covered, "{path}");
            assert_eq!(count("covered") + count("narrowed"), reached, "{path}");
            assert_eq!(found["parts"].as_array().map(Vec::len), Some(of), "{path}");
        }
        let found = place(&report, "5.0.0", "security-group-changes", "rule");
        assert_eq!(parts(found, "not-covered"), case.missing, "{path}");
        for part in found["parts"].as_array().expect("parts") {
            if part["state"] == "covered" {
                continue;
            }
            let witness = &part["witness"];
            assert_eq!(witness["eventName"], part["name"], "{path}: {witness}");
            assert_eq!(witness["eventSource"], "ec2.amazonaws.com", "{path}: {witness}");
            if part["state"] == "narrowed" {
                let by = part["rules"][0][1]["by"].as_array().expect("conditions");
                for (kind, words) in case.narrowed {
                    let said = by.iter().any(|one| {
                        let condition = one["condition"].as_str().expect("words");
                        one["kind"] == *kind && condition.contains(words) && one["witness"].is_object()
                    });
                    assert!(said, "{path}: no {kind} `{words}` in {by:?}");
                }
                assert_eq!(by.len(), case.narrowed.len(), "{path}: {by:?}");
            }
        }
    }
}

/// A public rule set.
struct Set {
    name: &'static str,
    folder: &'static str,
    source: &'static str,
}

const SETS: [Set; 4] = [
    Set {
        name: "Elastic",
        folder: "elastic",
        source: "elastic/detection-rules, commit 14cf530f (2026-08-21)",
    },
    Set {
        name: "Datadog, 2026",
        folder: "datadog/default-rules-2026",
        source: "answers of the API in DataDog/terraform-provider-datadog, commit 701d55bc (recorded on 2026-05-20)",
    },
    Set {
        name: "Datadog, 2022",
        folder: "datadog/tf-datadog-siem",
        source: "tomas-mice/tf-datadog-siem, commit 766cb4a8 (a copy of the default rules of December 2022)",
    },
    Set {
        name: "SigmaHQ",
        folder: "sigma",
        source: "SigmaHQ/sigma, commit 8eaafff1 (2026-08-05)",
    },
];

/// One set with what it covers.
struct Audited {
    set: &'static Set,
    files: usize,
    rules: usize,
    unread: usize,
    digest: String,
    audit: Audit,
}

impl Audited {
    fn of(set: &'static Set, root: &Path) -> Self {
        let extensions = ["json", "toml", "yml"];
        let (found, errors) = discover(&[root.join(set.folder)], &extensions);
        assert!(errors.is_empty(), "{errors:?}");
        let mut hasher = Sha256::new();
        let mut sources: Vec<Arc<SourceFile>> = Vec::new();
        for file in found {
            let path: PathBuf = file.path.strip_prefix(root).expect("below").to_owned();
            let source = SourceFile::read(&file.path, &path.to_string_lossy()).expect("readable");
            hasher.update(source.text());
            sources.push(source);
        }
        let digest = hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let gathered = Gathered::of(&sources);
        let audit = Audit::of(&gathered.detectors, &Scope::newest(cis()));
        let is_read = |one: &&crosswalk::compliance::Detector| one.meaning(Place::Rule).is_some();
        Self {
            set,
            files: sources.len(),
            rules: gathered.detectors.iter().filter(is_read).count(),
            unread: gathered.unread.len(),
            digest,
            audit,
        }
    }

    fn place(&self, slug: &str) -> &PlaceAudit {
        let version = self.audit.versions.last().expect("audited");
        let control = version.controls.iter().find(|control| control.slug == slug);
        control.expect("a control").place(Place::Rule).expect("audited")
    }

    /// The titles of rules that find something of a control, those of the smallest set first.
    fn titles(&self, place: &PlaceAudit) -> Vec<&str> {
        let mut rules = place.minimal.clone();
        for part in place.parts.iter().filter(|part| !part.state.is_covered()) {
            let reached = part.rules.iter().filter(|(_, verdict)| verdict.is_reached());
            let closest = reached.min_by_key(|(rule, verdict)| match verdict {
                Verdict::Narrowed { by } => (by.len(), *rule),
                _ => (0, *rule),
            });
            rules.extend(closest.map(|(rule, _)| *rule));
        }
        // Of what several rules find together, each that has a share.
        let shared = place.parts.iter().filter(|part| part.state == State::Together);
        rules.extend(shared.flat_map(|part| &part.rules).map(|(rule, _)| *rule));
        let mut titles: Vec<&str> = Vec::new();
        for rule in rules {
            let title = self.audit.rules[rule].title.as_str();
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles
    }
}

/// The page on public rule sets.
fn page(sets: &[Audited]) -> String {
    let mut out = String::from(
        "# What public rule sets cover of the CIS benchmark\n\n\
         Generated by `CROSSWALK_BLESS=1 cargo test --release --test compliance public_sets`; a test holds it to what is \
         decided. Each set alone says the same with `crosswalk coverage --rules FOLDER`.\n\n\
         The monitoring controls of the CIS Amazon Web Services Foundations Benchmark 7.0.0 ask for an alert on certain \
         events, whatever their outcome. A cell says how many of the demanded parts (API calls, error codes) some rule of \
         the set *covers*, that is finds on every event, and how many more it finds only under further conditions. This is \
         decided from the queries; what the rules are tagged with plays no part.\n\n\
         None of these sets was written to meet the benchmark (Datadog's rules of 2022 name it in tags), most of their rules \
         look for attacks and not for changes, and a narrower rule is often the better alert. The table says what an \
         auditor may conclude, no more. **The sets were not read as a whole**: a part of each is kept back for tests, so \
         an empty cell can mean that the rule is among those.\n\n\
         | set | source | files read | rules understood | not understood |\n|---|---|---|---|---|\n",
    );
    for set in sets {
        let Set { name, source, .. } = set.set;
        let _ = writeln!(out, "| {name} | {source} | {} | {} | {} |", set.files, set.rules, set.unread);
    }
    out.push_str(
        "\nMachine-learning jobs, sequences of events and queries that compute say nothing of single events; they are what is \
         not understood.\n\n## Controls\n\n",
    );
    let head: Vec<&str> = sets.iter().map(|set| set.set.name).collect();
    let _ = writeln!(out, "| control | subject | {} |\n|---|---|{}", head.join(" | "), "---|".repeat(head.len()));
    let version = sets.first().and_then(|set| set.audit.versions.last()).expect("audited");
    for control in &version.controls {
        let cells: Vec<String> = sets.iter().map(|set| cell(set.place(&control.slug))).collect();
        let (number, title) = (&control.control.number, &control.title);
        let _ = writeln!(out, "| {number} | {title} | {} |", cells.join(" | "));
    }
    let scores = sets.iter().map(|set| {
        let version = set.audit.versions.last().expect("audited");
        let (covered, of) = set.audit.score(version, Place::Rule);
        format!("{covered} of {of}")
    });
    let _ = writeln!(out, "| | all parts | {} |", scores.collect::<Vec<_>>().join(" | "));
    out.push_str("\n`3 + 2 of 6`: three parts are covered, two more are found under further conditions, one is not found.\n");
    out.push_str("\n## Why\n");
    for control in &version.controls {
        let _ = writeln!(out, "\n### {} {}\n", control.control.number, control.title);
        for set in sets {
            let found = set.place(&control.slug);
            let _ = writeln!(out, "- **{}**: {}", set.set.name, why(set, found));
        }
    }
    let _ = writeln!(out, "\n<!-- read: {} -->", digests(sets));
    out
}

fn digests(sets: &[Audited]) -> String {
    sets.iter().map(|set| set.digest.as_str()).collect::<Vec<_>>().join(" ")
}

fn cell(place: &PlaceAudit) -> String {
    let (covered, reached, of) = (place.covered(), place.reached(), place.parts.len());
    match reached - covered {
        0 => format!("{covered} of {of}"),
        narrowed => format!("{covered} + {narrowed} of {of}"),
    }
}

fn why(set: &Audited, place: &PlaceAudit) -> String {
    let mut words = Vec::new();
    let titles = set.titles(place);
    if titles.is_empty() {
        return "no rule finds anything of it".to_owned();
    }
    let more = titles.len().saturating_sub(4);
    let shown: Vec<String> = titles.iter().take(4).map(|title| format!("*{}*", escaped(title))).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    words.push(format!("{}{more}", shown.join(", ")));
    let kinds: Vec<&str> = place.narrowings().into_iter().map(NarrowingKind::name).collect();
    if !kinds.is_empty() {
        words.push(format!("narrowed by {}", kinds.join(", ")));
    }
    let missing: Vec<String> =
        place.names(State::NotCovered).into_iter().map(|name| format!("`{name}`")).collect();
    if !missing.is_empty() {
        words.push(format!("not found: {}", missing.join(", ")));
    }
    let open = place.names(State::Undecided);
    if !open.is_empty() {
        words.push(format!("undecided: {}", open.join(", ")));
    }
    words.join("; ")
}

fn escaped(title: &str) -> String {
    title.replace('|', "\\|").replace('*', "\\*").replace('<', "&lt;").replace('[', "\\[")
}

/// Whole sets are audited, every witness is one, and the page says what was found.
#[test]
fn public_sets_are_audited() {
    let Some(root) = corpus("", "the coverage of public rule sets") else { return };
    let sets: Vec<Audited> = SETS.iter().map(|set| Audited::of(set, &root)).collect();
    for set in &sets {
        assert!(set.rules > 100 && set.unread < set.rules, "{}: {}", set.set.name, set.rules);
        let version = set.audit.versions.last().expect("audited");
        let places = version.controls.iter().filter_map(|control| control.place(Place::Rule));
        for part in places.flat_map(|place| &place.parts) {
            assert_ne!(part.state, State::Undecided, "{}: {}", set.set.name, part.name);
            let needs_witness = !part.state.is_covered();
            assert_eq!(part.witness.is_some(), needs_witness, "{}: {}", set.set.name, part.name);
        }
    }
    let path = here().join("docs/public-coverage.md");
    let text = page(&sets);
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the page can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the page");
    if !expected.contains(&digests(&sets)) {
        eprintln!("skipped: docs/public-coverage.md was made of other files than those in CROSSWALK_CORPORA");
        return;
    }
    assert_eq!(text, expected, "read the difference, then CROSSWALK_BLESS=1");
}
