//! Clauses of shipped Elastic rules that can never hold, found by the checks on the imported rules.

mod common;

use std::collections::BTreeMap;

use common::{corpus, files};
use crosswalk::check::check_imported;
use crosswalk::import::import;
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;
use rayon::prelude::*;

/// The rules, and for each the values that can never occur, looked at one by one: a `?` that KQL
/// does not know, a pattern in a list of EQL's `in`, which compares exactly, or behind its `==`,
/// and stars in `stringContains`, which knows none.
const DEAD: &[(&str, &[&str])] = &[
    ("command_and_control_certutil_network_connection", &["*.digicert.com"]),
    (
        "command_and_control_unusual_network_connection_to_suspicious_web_service",
        &["?.docs.live.net", "?.top4top.io", "store?.gofile.io", "cdn??.space"],
    ),
    ("defense_evasion_interpreter_launched_from_decoded_payload", &["python*"]),
    ("defense_evasion_ld_so_creation", &["/dev/fd/*"]),
    ("exfiltration_rds_snapshot_shared_with_another_account", &["valuesToAdd=[*]"]),
    ("exfiltration_s3_bucket_policy_added_for_public_access", &[r"Principal=\*"]),
    ("persistence_apt_package_manager_file_creation", &["/dev/fd/*"]),
    ("persistence_at_job_creation", &["/dev/fd/*"]),
    ("persistence_init_d_file_creation", &["platform-python*"]),
    ("persistence_lambda_backdoor_invoke_function_for_any_principal", &[r"principal=\*"]),
    ("persistence_lambda_cross_account_invocation_backdoor", &[r"principal=\*"]),
    ("persistence_lkm_configuration_file_creation", &["/dev/fd/*"]),
    ("persistence_systemd_generator_creation", &["/dev/fd/*"]),
    ("privilege_escalation_suspicious_chown_fowner_elevation", &["/root/.ssh/*"]),
    ("privilege_escalation_suspicious_uid_guid_elevation", &["/opt/SolarWinds/Agent/*"]),
];

#[test]
fn dead_clauses_of_shipped_rules_are_found_and_nothing_else() {
    let Some(root) = corpus("elastic", "dead clauses of Elastic's rules") else { return };
    let found: BTreeMap<String, Vec<String>> = files(&root, "toml")
        .par_iter()
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let said = dead(&name, &std::fs::read_to_string(path).expect("readable"));
            (name, said)
        })
        .filter(|(_, said)| !said.is_empty())
        .collect();
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, DEAD.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{found:#?}");
    for ((name, values), said) in DEAD.iter().zip(found.values()) {
        assert_eq!(values.len(), said.len(), "{name}: {said:?}");
        for (value, said) in values.iter().zip(said) {
            assert!(said.contains(&value.replace('\\', "")), "{name}: {value} in {said}");
        }
    }
}

/// What is said of a document, each with the value that it is said of.
fn dead(name: &str, text: &str) -> Vec<String> {
    let mut said = Vec::new();
    for rule in import(&SourceFile::new(name, text), None).rules {
        let source = SourceFile::new(name, rule.text);
        let set = RuleSet::parse(std::slice::from_ref(&source)).0;
        for finding in check_imported(&set) {
            let span = finding.place.as_ref().expect("a place").span;
            let value = source.text().get(span.start..span.end).expect("a place in the text");
            // Of a native query the message says the value, else the place does.
            said.push(format!("{value} {}", finding.message).replace('\\', ""));
        }
    }
    said
}
