//! What public rules really cover: the rules that the project started from, and whole rule sets.

use std::path::Path;

use crosswalk::compliance::{Audit, Detector, Grade, NarrowingKind, Place, Scope, State};
use crosswalk::import::import;
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::source::SourceFile;

use crate::audit::{cis, rules};
use crate::common::corpus;

/// The first rule of a document that is imported.
fn imported(path: &Path) -> Vec<Detector> {
    let source = SourceFile::read(path, "rule").expect("readable");
    let imported = import(&source, None);
    let texts: Vec<&str> = imported.rules.iter().map(|rule| rule.text.as_str()).collect();
    rules(&texts)
}

/// What a public rule covers of the control on security groups: before 5.0.0 and from then on,
/// which calls it misses and what narrows the others.
struct Case {
    path: &'static str,
    fractions: (&'static str, &'static str),
    missing: Vec<&'static str>,
    narrowed: Vec<NarrowingKind>,
}

#[test]
fn public_rules_cover_what_the_table_says() {
    let Some(root) = corpus("", "the coverage of public rules") else { return };
    let asciidoc = "elastic-pages/asciidoc/prebuilt-rule-8-2-1-aws-security-group-configuration-change-detection.asciidoc";
    let today = "elastic/rules/integrations/aws/persistence_ec2_security_group_configuration_change_detection.toml";
    let datadog = "datadog/tf-datadog-siem/log_detection--aws-security-group-created-modified-or-deleted--wqw-oju-hiy.json";
    let sigma =
        "sigma/rules/cloud/aws/cloudtrail/aws_cloudtrail_security_group_change_ingress_egress.yml";
    let outcome = [NarrowingKind::Outcome].as_slice();
    let (ingress, delete) = ("AuthorizeSecurityGroupIngress", "DeleteSecurityGroup");
    let (create, modify) = ("CreateSecurityGroup", "ModifySecurityGroupRules");
    let case = |path, old, new, missing: &[&'static str], narrowed: &[NarrowingKind]| Case {
        path,
        fractions: (old, new),
        missing: missing.to_vec(),
        narrowed: narrowed.to_vec(),
    };
    let cases = [
        case(asciidoc, "4/6, 4 narrowed", "5/7, 5 narrowed", &[ingress, delete], outcome),
        case(today, "5/6, 5 narrowed", "6/7, 6 narrowed", &[delete], outcome),
        // Leaves out whatever is open to the world.
        case(datadog, "6/6, 6 narrowed", "6/7, 6 narrowed", &[modify], &[NarrowingKind::Exclusion]),
        case(sigma, "4/6", "4/7", &[create, delete, modify], &[]),
    ];
    for Case { path, fractions, missing, narrowed } in cases {
        let detectors = imported(&root.join(path));
        let audit = Audit::of(&detectors, &Scope::all(cis()));
        let at = |version: &str| {
            let version = audit.version(version).expect("audited");
            let control = version.controls.iter().find(|c| c.slug == "security-group-changes");
            control.expect("a control").place(Place::Rule).expect("audited").clone()
        };
        let (before, after) = (at("4.0.1"), at("5.0.0"));
        assert_eq!((before.fraction().as_str(), after.fraction().as_str()), fractions, "{path}");
        assert_eq!(after.names(State::NotCovered), missing, "{path}");
        assert_eq!(after.narrowings(), narrowed, "{path}");
        for part in after.parts.iter().filter(|part| !part.state.is_covered()) {
            assert!(part.witness.is_some(), "{path}: {}", part.name);
        }
    }
}

/// Every public rule of the corpora as a detector, with the name of its set.
fn public(root: &Path) -> Vec<(&'static str, Vec<Detector>)> {
    let sets = [("elastic", "toml"), ("datadog", "json"), ("sigma", "yml")];
    let read = |(name, extension): (&'static str, &str)| {
        let files = crate::common::files(&root.join(name), extension);
        let mut parsed = Vec::new();
        for file in files {
            let Ok(source) = SourceFile::read(&file, &file.to_string_lossy()) else { continue };
            for (at, rule) in import(&source, None).rules.iter().enumerate() {
                let name = format!("{}#{at}", source.name());
                parsed.push(RuleFile::parse(&name, &rule.text).0);
            }
        }
        (name, Detector::all(&RuleSet::of(parsed)))
    };
    sets.into_iter().map(read).collect()
}

/// What every public rule set covers. Slow without optimisation, so it runs on demand.
#[test]
#[ignore = "reads all corpora; run it with --release"]
fn public_sets_are_audited_in_seconds() {
    let Some(root) = corpus("", "the coverage of public rule sets") else { return };
    for (name, detectors) in public(&root) {
        let time = std::time::Instant::now();
        let audit = Audit::of(&detectors, &Scope::all(cis()));
        eprintln!("{name}: {} rules audited in {:?}", detectors.len(), time.elapsed());
        let newest = audit.versions.last().expect("a version");
        for control in &newest.controls {
            let place = control.place(Place::Rule).expect("audited");
            let grade = place.grade().map_or("", Grade::name);
            let open = place.names(State::Undecided);
            eprintln!(
                "  {} {}: {} {grade} by {:?}; undecided {open:?}; {:?}",
                control.control.number,
                control.slug,
                place.fraction(),
                place.minimal.iter().map(|rule| &audit.rules[*rule].title).collect::<Vec<_>>(),
                place.narrowings(),
            );
        }
    }
}
