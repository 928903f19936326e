//! Which rule became which.

use std::collections::HashSet;
use std::ptr;

use crate::rule::{Rule, RuleSet};

/// A rule before and after; one of them is missing where the rule is new or gone.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'r> {
    /// Before.
    pub old: Option<&'r Rule>,
    /// After.
    pub new: Option<&'r Rule>,
}

/// Pairs the alerting rules of two sets: by id, then by Sigma name, then by title, then by the
/// only rule of a file. The order is that of the new set; rules that are gone come last.
pub fn pairs<'r>(old: &'r RuleSet, new: &'r RuleSet) -> Vec<Pair<'r>> {
    let before: Vec<&Rule> = old.rules().filter(|rule| old.raises_alerts(rule)).collect();
    let after: Vec<&Rule> = new.rules().filter(|rule| new.raises_alerts(rule)).collect();
    let mut partner: Vec<Option<&Rule>> = vec![None; after.len()];
    let mut taken: HashSet<*const Rule> = HashSet::new();
    for key in KEYS {
        for (index, rule) in after.iter().enumerate() {
            if partner[index].is_some() {
                continue;
            }
            let Some(wanted) = key(rule) else { continue };
            let fits = |other: &&&Rule| {
                !taken.contains(&ptr::from_ref(**other)) && key(other).as_ref() == Some(&wanted)
            };
            if let Some(found) = before.iter().find(fits) {
                taken.insert(ptr::from_ref(*found));
                partner[index] = Some(found);
            }
        }
    }
    let kept = after.iter().zip(&partner).map(|(new, old)| Pair { old: *old, new: Some(new) });
    let gone = before.iter().filter(|rule| !taken.contains(&ptr::from_ref(**rule)));
    kept.chain(gone.map(|old| Pair { old: Some(old), new: None })).collect()
}

/// What two versions of a rule have in common, the surest first.
const KEYS: [fn(&Rule) -> Option<String>; 4] = [
    |rule| rule.header.id.as_ref().map(|id| id.value.to_string()),
    |rule| rule.header.name.as_ref().map(|name| name.value.clone()),
    |rule| Some(rule.header.title.clone()),
    |rule| Some(file_name(rule.source.name()).to_owned()),
];

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFile;

    fn set(rules: &[(&str, &str)]) -> RuleSet {
        let text = |head: &str| {
            format!("{head}\nlogsource: {{product: x}}\ndetection: {{a: {{b: c}}, condition: a}}\n")
        };
        let files = rules.iter().map(|(name, head)| RuleFile::parse(name, &text(head)).0);
        RuleSet::of(files.collect())
    }

    fn names(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<(String, String)> {
        let (old, new) = (set(old), set(new));
        let title = |rule: Option<&Rule>| rule.map_or(String::new(), |r| r.header.title.clone());
        pairs(&old, &new).iter().map(|pair| (title(pair.old), title(pair.new))).collect()
    }

    #[test]
    fn a_rule_keeps_its_partner_under_another_title_and_file() {
        let id = "id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1";
        let old = format!("title: one\n{id}");
        let new = format!("title: another\n{id}");
        assert_eq!(
            names(&[("a.yml", &old)], &[("b.yml", &new)]),
            [("one".to_owned(), "another".to_owned())]
        );
    }

    #[test]
    fn rules_without_a_partner_are_new_or_gone() {
        assert_eq!(
            names(&[("a.yml", "title: one")], &[("b.yml", "title: two")]),
            [(String::new(), "two".to_owned()), ("one".to_owned(), String::new())]
        );
    }

    #[test]
    fn an_id_is_surer_than_a_title() {
        let id = "id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1";
        let old = [("a.yml", "title: x".to_owned()), ("b.yml", format!("title: y\n{id}"))];
        let old: Vec<(&str, &str)> = old.iter().map(|(n, t)| (*n, t.as_str())).collect();
        let new = format!("title: x\n{id}");
        assert_eq!(
            names(&old, &[("c.yml", &new)]),
            [("y".to_owned(), "x".to_owned()), ("x".to_owned(), String::new())]
        );
    }
}
