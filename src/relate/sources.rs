//! How log sources stand to one another: those of Sigma's rules, and those for which queries of the
//! platforms ask.
//!
//! The platforms have names of their own. Elastic's `endpoint` reads Windows too, and what Sigma calls
//! `windows/sysmon` is `windows.sysmon_operational` there, so other names alone do not make other logs.
//! Sources of the names: Sigma's page of log sources, Elastic's list of integrations and their data
//! sets, Datadog's list of log sources.

use std::collections::BTreeSet;

use crate::proof::Relation;
use crate::rule::Logsource;

/// Products that have one name everywhere, so that another of these is another product.
const PRODUCTS: &[&str] = &["aws", "azure", "gcp", "github", "linux", "macos", "okta", "windows"];

/// Services of a product for which the same holds.
const SERVICES: &[(&str, &[&str])] = &[
    ("aws", &["cloudtrail", "guardduty", "vpcflow", "waf"]),
    ("azure", &["activitylogs", "auditlogs", "signinlogs"]),
];

/// Whether two log sources, each in the words of whoever names it, are known to have no event in common.
/// A category is no service, and what they have in common is known to nobody.
pub(super) fn are_other_logs(left: &Logsource, right: &Logsource) -> bool {
    let product = |source: &Logsource| {
        // Datadog's `azure.activity_directory` is one of Azure's.
        let name = source.product.as_deref()?.split('.').next()?;
        PRODUCTS.iter().copied().find(|known| known.eq_ignore_ascii_case(name))
    };
    let (Some(one), Some(other)) = (product(left), product(right)) else { return false };
    if one != other {
        return true;
    }
    let known = SERVICES.iter().find(|(product, _)| *product == one).map(|(_, known)| *known);
    let service = |source: &Logsource| {
        let name = source.service.as_deref()?;
        known?.iter().copied().find(|known| known.eq_ignore_ascii_case(name))
    };
    service(left).zip(service(right)).is_some_and(|(one, other)| one != other)
}

/// How log sources in the sense of Sigma stand to one another: each key asks for its value, and a key
/// that only one of them has makes it the narrower one. What `windows/security` and
/// `windows/process_creation` have in common is known to nobody.
pub(super) fn sources(left: &Logsource, right: &Logsource) -> Option<Relation> {
    let keys = [
        (&left.category, &right.category),
        (&left.product, &right.product),
        (&left.service, &right.service),
    ];
    let parts = |(one, other): (&Option<String>, &Option<String>)| match (one, other) {
        (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => Relation::Equal,
        (Some(_), Some(_)) => Relation::Disjoint,
        (Some(_), None) => Relation::Wider,
        (None, Some(_)) => Relation::Narrower,
        (None, None) => Relation::Equal,
    };
    let mut relations = keys.map(parts).to_vec();
    if relations.contains(&Relation::Disjoint) {
        return Some(Relation::Disjoint);
    }
    let names: BTreeSet<&String> = left.custom.keys().chain(right.custom.keys()).collect();
    for name in names {
        relations.push(match (left.custom.get(name), right.custom.get(name)) {
            (Some(one), Some(other)) if one == other => Relation::Equal,
            // What such a key means is the business of whoever made it up.
            (Some(_), Some(_)) => return None,
            (Some(_), None) => Relation::Wider,
            (None, _) => Relation::Narrower,
        });
    }
    relations.retain(|relation| *relation != Relation::Equal);
    relations.dedup();
    match relations.as_slice() {
        [] => Some(Relation::Equal),
        [one] => Some(*one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::are_other_logs;
    use crate::rule::Logsource;

    fn source(product: &str, service: &str, category: &str) -> Logsource {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Logsource {
            product: part(product),
            service: part(service),
            category: part(category),
            ..Logsource::default()
        }
    }

    #[test]
    fn only_names_that_mean_one_thing_make_other_logs() {
        let cloudtrail = source("aws", "cloudtrail", "");
        for other in [
            source("gcp", "gcp.audit", ""),
            source("windows", "", "process_creation"),
            source("aws", "guardduty", ""),
            source("azure.activity_directory", "", ""),
        ] {
            assert!(are_other_logs(&cloudtrail, &other), "{other}");
            assert!(are_other_logs(&other, &cloudtrail), "{other}");
        }
        let process = source("windows", "", "process_creation");
        for (one, other) in [
            (&process, source("windows", "", "")),
            (&process, source("windows", "sysmon_operational", "")),
            (&process, source("endpoint", "events.process", "")),
            (&source("windows", "sysmon", ""), source("windows", "sysmon_operational", "")),
            (&source("gcp", "gcp.audit", ""), source("gcp", "audit", "")),
            (&source("gcp", "google_workspace.admin", ""), source("google_workspace", "admin", "")),
            (&cloudtrail, source("aws", "", "")),
            (&cloudtrail, source("", "", "process_creation")),
        ] {
            assert!(!are_other_logs(one, &other), "{one}, {other}");
        }
    }
}
