//! What queries mean.

use std::collections::BTreeMap;

use crosswalk::language::esql::{lower, parse};
use crosswalk::query::Meaning;

use super::corpora;

#[test]
fn elastic_rules_have_a_meaning_or_are_refused_by_name() {
    let Some(corpora) = corpora::directory("the ES|QL queries of Elastic's rules") else { return };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (file, text) in corpora::elastic_queries(&corpora) {
        match lower(&parse(&text).expect("ES|QL"), &()) {
            Ok(meaning) => *kinds.entry(meaning.value.kind()).or_default() += 1,
            Err(errors) => {
                *kinds.entry("refused").or_default() += 1;
                *reasons.entry(errors[0].message.clone()).or_default() += 1;
                if std::env::var_os("SHOW").is_some() {
                    println!("{}", file.display());
                    for e in errors {
                        println!(
                            "   {}: {:?}",
                            e.message,
                            text.get(e.span.start..e.span.end)
                                .map(|t| t.chars().take(100).collect::<String>())
                        );
                    }
                }
            }
        }
    }
    for (reason, count) in &reasons {
        println!("{count:4} {reason}");
    }
    println!("{kinds:?}");
    let _ = Meaning::Match;
}
