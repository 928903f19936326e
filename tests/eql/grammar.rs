//! The grammar: Elastic's rules, corners, errors.

use crosswalk::language::eql::{parse, pretty, print};

use super::corpora;

#[test]
fn every_elastic_rule_parses_and_survives_printing() {
    let Some(corpora) = corpora::directory("the EQL queries of Elastic's rules") else { return };
    let queries = corpora::elastic_queries(&corpora);
    let mut commented = 0;
    for (file, text) in &queries {
        let query = parse(text).unwrap_or_else(|e| panic!("{}: {e:?}", file.display()));
        let line = print(&query);
        assert_eq!(parse(&line).as_ref(), Ok(&query), "{}: {line}", file.display());
        let lines = pretty(&query, 80);
        assert_eq!(parse(&lines).as_ref(), Ok(&query), "{}:\n{lines}", file.display());
        commented += usize::from(!query.comments.is_empty());
    }
    eprintln!("{} queries, {commented} with comments before the first word", queries.len());
    assert!(queries.len() >= 700, "only {} queries found", queries.len());
}
