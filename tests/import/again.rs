//! Import, build, import again: the second rule is the first, as far as an API's body goes.

use std::collections::BTreeMap;

use crosswalk::import::{Kind, Platform, import};
use rayon::prelude::*;

use super::round::{Round, document, rounds};

/// Keys of a rule of which the body of an API knows nothing, by kind, and why.
const BESIDE_THE_BODY: &[(&[Kind], &str, &str)] = &[
    (ALL, "date", "Elastic's repository and Datadog's answers have it beside the rule"),
    (ALL, "modified", "likewise"),
    (&[Kind::ElasticToml], "status", "its maturity stands in `[metadata]`"),
    (&[Kind::ElasticToml], "elastic/integration", "likewise"),
    (&[Kind::ElasticToml], "logsource", "of a rule in words of its own, it is read from there"),
    (&[Kind::ElasticPage], "id", "no page has one: it is derived from the name, and then kept"),
    (&[Kind::ElasticPage], "elastic/page", "anchors of the page"),
    (PAGES, "elastic/patch", "a page is kept to the letter, a body in what it says"),
    (PAGES, "datadog/patch", "likewise"),
    (DATADOG, "id", "a rule has none of its own: it is derived from the next"),
    (DATADOG, "datadog/id", "the id of a default rule stands beside it"),
    (DATADOG, "datadog/slug", "the address of a page"),
];

const ALL: &[Kind] = Kind::ALL;
const PAGES: &[Kind] = &[Kind::ElasticPage, Kind::DatadogPage];
const DATADOG: &[Kind] = &[Kind::Datadog, Kind::DatadogPage];

/// A tag that the reader cannot decide about, and says so: ATT&CK split this tactic, and nothing in
/// the rule tells which half is meant. The target has no name for it.
const UNDECIDED: &str = "- attack.defense-evasion";

/// A rule's text without the remarks at its top and without what stands beside a body.
fn comparable(text: &str, kind: Kind) -> String {
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut out = String::new();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for line in lines.filter(|line| line.trim() != UNDECIDED) {
        let depth = line.len() - line.trim_start().len();
        path.retain(|(own, _)| *own < depth);
        let key = line.trim().split(':').next().unwrap_or_default();
        path.push((depth, key.to_owned()));
        let at: Vec<&str> = path.iter().map(|(_, key)| key.as_str()).collect();
        let at = at.join("/");
        let beside = |(kinds, key, _): &(&[Kind], &str, &str)| {
            kinds.contains(&kind) && (at == *key || at.starts_with(&format!("{key}/")))
        };
        if !BESIDE_THE_BODY.iter().any(beside) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The second import lists alternatives of one field in the order in which the language wrote them.
const ORDER: &str = "values of one list in another order";
const SELECTIONS: &str = "selections in another order";

/// Rules that do not come back letter by letter, one by one. What they find is the same, which
/// `meaning` holds.
const OPEN: &[(&str, &str)] = &[
    ("aws-cloudtrail-kms-deleted.md", "a page keeps blanks at the ends of its lines"),
    ("aws-cloudtrail-root-account-activity.md", "a page keeps blanks at the ends of its lines"),
    ("defense_evasion_genai_cli_unsafe_permission_bypass.toml", SELECTIONS),
    ("defense_evasion_hex_payload_execution_via_utility.toml", ORDER),
    ("defense_evasion_hidden_directory_creation.toml", ORDER),
    ("defense_evasion_lolbin_so_load.toml", ORDER),
    ("defense_evasion_proxy_execution_via_systemd_run.toml", ORDER),
    ("defense_evasion_rename_esxi_files.toml", ORDER),
    ("defense_evasion_selinux_configuration_creation_or_renaming.toml", ORDER),
    ("defense_evasion_wsl_bash_exec.toml", SELECTIONS),
    ("discovery_kubeconfig_file_discovery.toml", ORDER),
    ("discovery_security_file_access_via_common_utility.toml", ORDER),
    ("discovery_yum_dnf_plugin_detection.toml", ORDER),
    ("execution_unusual_library_load_via_python.toml", ORDER),
    ("exfiltration_potential_data_splitting_for_exfiltration.toml", ORDER),
    ("initial_access_anomalous_rsc_flight_data_patterns.toml", SELECTIONS),
    ("lateral_movement_kubeconfig_file_activity.toml", ORDER),
    (
        "log_detection--a-potentially-malicious-file-was-sent-in-a-microsoft-teams-message--cny-m8i-h2h.json",
        SELECTIONS,
    ),
    (
        "log_detection--a-user-received-multiple-accessdenied-errors--l4i-pca-qc5.json",
        "a rule that counts once is built as one that does not count",
    ),
    (
        "log_detection--potential-illicit-consent-grant-attack-via-azure-registered-application--2js-obz-qoo.json",
        "the log source is read from the first of several queries",
    ),
    ("persistence_dbus_unsual_daemon_parent_execution.toml", ORDER),
    ("persistence_grub_makeconfig.toml", ORDER),
    ("persistence_insmod_kernel_module_load.toml", ORDER),
    ("persistence_kworker_file_creation.toml", ORDER),
    ("persistence_suspicious_webserver_child_process_execution.toml", SELECTIONS),
    ("persistence_webserver_suspicious_child_execution.toml", ORDER),
    ("privilege_escalation_exploit_adobe_acrobat_updater.toml", ORDER),
    ("privilege_escalation_mount_launched_inside_container.toml", ORDER),
];

/// The kind of the body that a rule builds to.
fn body_kind(round: &Round) -> Kind {
    match round.foreign.platform {
        Platform::Elastic => Kind::Elastic,
        Platform::Datadog => Kind::Datadog,
    }
}

#[test]
fn what_was_built_is_imported_as_it_was() {
    let Some(rounds) = rounds("importing again what was built") else { return };
    let is_open = |round: &&Round| OPEN.iter().any(|(name, _)| round.name.ends_with(name));
    let different: Vec<String> = rounds
        .par_iter()
        .filter(|round| !is_open(round))
        .filter_map(|round| {
            let again = import(&document(&round.output.payload), Some(body_kind(round)));
            let texts: Vec<&str> = again.rules.iter().map(|rule| rule.text.as_str()).collect();
            let [text] = texts.as_slice() else { return Some(format!("{}: no rule", round.name)) };
            let comparable = |text: &str| comparable(text, round.kind);
            let (first, second) = (comparable(&round.rule.text), comparable(text));
            (first != second).then(|| {
                let diff = similar::TextDiff::from_lines(&first, &second);
                format!("{}\n{}", round.name, diff.unified_diff().context_radius(1))
            })
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for round in rounds {
        *counts.entry(round.kind.name()).or_default() += 1;
    }
    let open = OPEN.len();
    println!("{} of {counts:?} are no fixed points, {open} known ones apart", different.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
}
