//! Which rule became which.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use crate::rule::{Rule, RuleSet};

/// A rule before and after; one of them is missing where the rule is new or gone.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'r> {
    /// Before.
    pub old: Option<&'r Rule>,
    /// After.
    pub new: Option<&'r Rule>,
}

/// Pairs the alerting rules of two sets: those whose document has not changed, then by id, then by Sigma name, then by title, then by the
/// only rule of a file. The order is that of the new set; rules that are gone come last.
pub fn pairs<'r>(old: &'r RuleSet, new: &'r RuleSet) -> Vec<Pair<'r>> {
    let before: Vec<&Rule> = old.rules().filter(|rule| old.raises_alerts(rule)).collect();
    let after: Vec<&Rule> = new.rules().filter(|rule| new.raises_alerts(rule)).collect();
    let mut partners = Partners {
        of_old: vec![None; before.len()],
        of_new: vec![None; after.len()],
        before: &before,
        after: &after,
    };
    // Wherever a document is the same, so are its rules, even if they have their ids from others.
    partners.by(&|rule| Some((rule.source.file_name(), rule.source.text(), rule.span.start)));
    KEYS.iter().for_each(|key| partners.by(key));
    let Partners { of_old, of_new, .. } = partners;
    let partner = |old: Option<usize>| before.get(old?).copied();
    let kept =
        after.iter().zip(of_new).map(|(new, old)| Pair { old: partner(old), new: Some(new) });
    let gone = before.iter().zip(of_old).filter(|(_, new)| new.is_none());
    kept.chain(gone.map(|(old, _)| Pair { old: Some(old), new: None })).collect()
}

/// Who is whose, by number, as far as that is known.
struct Partners<'a, 'r> {
    before: &'a [&'r Rule],
    after: &'a [&'r Rule],
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl<'r> Partners<'_, 'r> {
    /// Makes partners of the rules without one that have the same key, in their order.
    fn by<K: Hash + Eq>(&mut self, key: &dyn Fn(&'r Rule) -> Option<K>) {
        let mut free: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, rule) in
            self.before.iter().enumerate().filter(|(at, _)| self.of_old[*at].is_none())
        {
            if let Some(key) = key(rule) {
                free.entry(key).or_default().push_back(at);
            }
        }
        for (at, rule) in self.after.iter().enumerate() {
            let is_free = self.of_new[at].is_none();
            let wanted = key(rule).filter(|_| is_free);
            let found = wanted.and_then(|key| free.get_mut(&key)?.pop_front());
            if let Some(found) = found {
                (self.of_new[at], self.of_old[found]) = (Some(found), Some(at));
            }
        }
    }
}

/// What two versions of a rule have in common, the surest first.
const KEYS: [fn(&Rule) -> Option<String>; 4] = [
    |rule| rule.header.id.as_ref().map(|id| id.value.to_string()),
    |rule| rule.header.name.as_ref().map(|name| name.value.clone()),
    |rule| Some(rule.header.title.clone()),
    |rule| Some(rule.source.file_name().to_owned()),
];

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
