//! File names of artifacts: the rule's own file name, longer only where two would collide.

use std::collections::HashMap;

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
        let mut depth = 1;
        loop {
            let named: Vec<(&Rule, String)> = named(&rules, depth);
            let mut count: HashMap<&str, usize> = HashMap::new();
            named.iter().for_each(|(_, name)| *count.entry(name).or_default() += 1);
            let clash = count.values().any(|count| *count > 1);
            // Path parts run out at some depth; rules of one file are numbered apart already.
            if !clash || depth == 32 {
                return Self { rules: named };
            }
            depth += 1;
        }
    }

    /// The rules with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'r Rule, &str)> {
        self.rules.iter().map(|(rule, name)| (*rule, name.as_str()))
    }
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
    }
}
