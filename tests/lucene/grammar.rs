//! The grammar, held against Lucene's.

use crosswalk::language::lucene::{Node, Occur, Query, Term, parse, pretty, print};

use super::corpora;

#[test]
fn every_query_of_pysigma_parses_and_survives_printing() {
    let Some(corpora) = corpora::directory("queries that pySigma printed") else { return };
    let queries = corpora::printed_by_pysigma(&corpora);
    let mut refused = 0;
    for (rule, text) in &queries {
        let query = match parse(text) {
            Ok(query) => query,
            Err(errors) => {
                eprintln!("{rule}: {:?}: {text:.200}", errors[0]);
                refused += 1;
                continue;
            }
        };
        let line = print(&query);
        assert_eq!(parse(&line).as_ref(), Ok(&query), "{rule}: {line}");
        let lines = pretty(&query, 80);
        assert_eq!(parse(&lines).as_ref(), Ok(&query), "{rule}:\n{lines}");
    }
    eprintln!("{} queries, {refused} refused", queries.len());
    assert!(queries.len() >= 5_000, "only {} queries found", queries.len());
}
