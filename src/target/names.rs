//! File names of artifacts: the rule's own file name, longer only where two would collide.

use std::collections::{HashMap, HashSet};

use crate::rule::{Rule, RuleSet};

/// Artifact names of the alerting rules of a set, in the order of the set.
#[derive(Debug)]
pub struct Names<'r> {
    rules: Vec<(&'r Rule, String)>,
}

impl<'r> Names<'r> {
    /// Names every rule that raises alerts: all but those that a correlation of the set uses up.
    pub fn of(set: &'r RuleSet) -> Self {
        let rules: Vec<&Rule> = set.rules().filter(|rule| set.raises_alerts(rule)).collect();
        let apart = (1..=MAX_DEPTH).map(|depth| named(&rules, depth)).find(|named| !clashes(named));
        // Where no part of the path tells two rules apart, numbers do.
        Self { rules: apart.unwrap_or_else(|| numbered(named(&rules, 1))) }
    }

    /// The rules with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'r Rule, &str)> {
        self.rules.iter().map(|(rule, name)| (*rule, name.as_str()))
    }
}

/// Most parts of a path that a name takes.
const MAX_DEPTH: usize = 32;

/// Whether two names differ in letter case at most: some file systems take them for one.
fn clashes(named: &[(&Rule, String)]) -> bool {
    let mut seen = HashSet::new();
    named.iter().any(|(_, name)| !seen.insert(name.to_lowercase()))
}

/// Gives every later rule of one name the first free number.
fn numbered<'r>(named: Vec<(&'r Rule, String)>) -> Vec<(&'r Rule, String)> {
    let mut taken = HashSet::new();
    let free = |(rule, name): (&'r Rule, String)| {
        let numbers = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbers);
        let free = candidates.find(|candidate| taken.insert(candidate.to_lowercase()));
        (rule, free.unwrap_or(name))
    };
    named.into_iter().map(free).collect()
}

/// Names from the last `depth` parts of each file's path; further rules of one file add their
/// position.
fn named<'r>(rules: &[&'r Rule], depth: usize) -> Vec<(&'r Rule, String)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    rules
        .iter()
        .map(|rule| {
            let path = rule.source.name();
            let nth = seen.entry(path).or_default();
            *nth += 1;
            let stem = stem(path, depth);
            (*rule, if *nth == 1 { stem } else { format!("{stem}_{nth}") })
        })
        .collect()
}

/// `rules/aws/ec2/x.yml` as `x`, `ec2_x` and so on; only characters that every file system takes.
fn stem(path: &str, depth: usize) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.len().saturating_sub(depth);
    let joined = parts.get(last..).unwrap_or_default().join("_");
    let stem = joined.rsplit_once('.').map_or(joined.as_str(), |(stem, _)| stem);
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    stem.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFile;

    fn names(paths: &[&str]) -> Vec<String> {
        let rule = "title: t\nlogsource: {category: c}\ndetection: {s: {a: b}, condition: s}\n";
        let files = paths.iter().map(|path| RuleFile::parse(path, rule).0).collect();
        let set = RuleSet::of(files);
        Names::of(&set).iter().map(|(_, name)| name.to_owned()).collect()
    }

    #[test]
    fn names_are_short_and_unique() {
        assert_eq!(names(&["rules/a/x.yml", "rules/b/y.yml"]), ["x", "y"]);
        assert_eq!(names(&["rules/a/x.yml", "rules/b/x.yml"]), ["a_x", "b_x"]);
        assert_eq!(names(&["a b+c.yml"]), ["a_b_c"]);
        assert_eq!(names(&["x.yml", "x.yaml", "X.yml"]), ["x", "x_2", "X_3"]);
    }
}
