//! ATT&CK: the shipped, versioned table of tactics and techniques (`catalog/attack`).

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Serialize;

/// The version of the shipped table.
pub const VERSION: &str = "19";

/// One tactic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tactic {
    /// `TA0005`.
    pub id: &'static str,
    /// `defense-impairment`.
    pub short_name: &'static str,
    /// `Defense Impairment`.
    pub name: &'static str,
}

impl Tactic {
    /// The page of the tactic.
    pub fn url(&self) -> String {
        format!("https://attack.mitre.org/tactics/{}/", self.id)
    }
}

/// One technique or sub-technique, also former ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Technique {
    /// `T1686.001`.
    pub id: &'static str,
    /// `Cloud Firewall`.
    pub name: &'static str,
    /// Short names of the tactics that it belongs to.
    pub tactics: Vec<&'static str>,
    /// The technique of a sub-technique.
    pub parent: Option<&'static str>,
    /// Whether it can still be used.
    pub status: TechniqueStatus,
}

/// Whether a technique can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TechniqueStatus {
    /// It can.
    Active,
    /// It has moved to this id.
    Revoked(&'static str),
    /// It was dropped without replacement.
    Deprecated,
}

impl Technique {
    /// The page of the technique.
    pub fn url(&self) -> String {
        format!("https://attack.mitre.org/techniques/{}/", self.id.replace('.', "/"))
    }
}

static TACTICS: LazyLock<Vec<Tactic>> = LazyLock::new(|| {
    rows(include_str!("../../catalog/attack/tactics-v19.tsv"))
        .filter_map(|row| match row.as_slice() {
            [id, short_name, name, ..] => Some(Tactic { id, short_name, name }),
            _ => None,
        })
        .collect()
});

static TECHNIQUES: LazyLock<IndexMap<&'static str, Technique>> = LazyLock::new(|| {
    rows(include_str!("../../catalog/attack/enterprise-v19.tsv"))
        .filter_map(|row| match row.as_slice() {
            [id, name, tactics, parent, status, replaced_by, ..] => Some(Technique {
                id,
                name,
                tactics: tactics.split(',').map(str::trim).filter(|t| !t.is_empty()).collect(),
                parent: (!parent.is_empty()).then_some(*parent),
                status: match *status {
                    "active" => TechniqueStatus::Active,
                    "revoked" => TechniqueStatus::Revoked(replaced_by),
                    _ => TechniqueStatus::Deprecated,
                },
            }),
            _ => None,
        })
        .map(|technique| (technique.id, technique))
        .collect()
});

/// The rows of a table behind its header line; lines that start with `#` are remarks.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.skip(1).map(|line| line.split('\t').collect())
}

/// Every tactic in the order of the matrix.
pub fn tactics() -> &'static [Tactic] {
    &TACTICS
}

/// The tactic of a short name or id, in any case; `_` counts as `-`, as older Sigma tags have it.
pub fn tactic(name: &str) -> Option<&'static Tactic> {
    let hyphened = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    let is_short =
        |own: &str| own.len() == name.len() && own.bytes().eq(name.bytes().map(hyphened));
    TACTICS.iter().find(|t| is_short(t.short_name) || t.id.eq_ignore_ascii_case(name))
}

/// Every technique in the order of the table, former ones too.
pub fn techniques() -> impl Iterator<Item = &'static Technique> {
    TECHNIQUES.values()
}

/// The technique of an id, in any case.
pub fn technique(id: &str) -> Option<&'static Technique> {
    TECHNIQUES.get(id.to_uppercase().as_str())
}

/// The technique of an id, or the one that it was revoked for; `None` if it is gone for good.
pub fn active_technique(id: &str) -> Option<&'static Technique> {
    let technique = technique(id)?;
    match technique.status {
        TechniqueStatus::Active => Some(technique),
        TechniqueStatus::Revoked(next) => self::technique(next),
        TechniqueStatus::Deprecated => None,
    }
}

/// Groups, software, data sources and mitigations: part of ATT&CK, not part of the shipped table.
pub fn is_other_object(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["ds", "g", "s", "m", "c"].iter().any(|prefix| {
        lower
            .strip_prefix(prefix)
            .is_some_and(|number| number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(tactics().len(), 15);
        let active = TECHNIQUES.values().filter(|t| t.status == TechniqueStatus::Active);
        assert_eq!(active.clone().count(), 697);
        for technique in active {
            assert!(!technique.tactics.is_empty(), "{}", technique.id);
            for name in &technique.tactics {
                assert!(tactic(name).is_some(), "{}: {name}", technique.id);
            }
        }
    }

    #[test]
    fn revoked_ids_lead_to_active_ones() {
        for former in TECHNIQUES.values() {
            if let TechniqueStatus::Revoked(next) = former.status {
                let next = technique(next).map(|t| t.status);
                assert_eq!(next, Some(TechniqueStatus::Active), "{}", former.id);
            }
        }
    }
}
