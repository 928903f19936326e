//! What the public rules cover that the project started from.

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
        let report = report(
            &here(),
            &["--rules", path, "--version", "4.0.1,5.0.0", "--accept", "presence,disabled"],
        );
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
                        one["kind"] == *kind
                            && condition.contains(words)
                            && one["witness"].is_object()
                    });
                    assert!(said, "{path}: no {kind} `{words}` in {by:?}");
                }
                assert_eq!(by.len(), case.narrowed.len(), "{path}: {by:?}");
            }
        }
    }
}
