//! The grammar, held against Elastic's rules.

use crosswalk::language::esql::{parse, pretty, print};

use super::corpora;

#[test]
fn every_elastic_rule_parses_and_survives_printing() {
    let Some(corpora) = corpora::directory("the ES|QL queries of Elastic's rules") else { return };
    let queries = corpora::elastic_queries(&corpora);
    let mut failed = 0;
    for (file, text) in &queries {
        let query = match parse(text) {
            Ok(query) => query,
            Err(errors) => {
                for error in errors {
                    let start = error.span.start;
                    eprintln!(
                        "{}: {} at {:?}",
                        file.display(),
                        error.message,
                        text[start..].chars().take(40).collect::<String>()
                    );
                }
                failed += 1;
                continue;
            }
        };
        let line = print(&query);
        assert_eq!(parse(&line).as_ref(), Ok(&query), "{}: {line}", file.display());
        assert!(!line.contains('\n'), "one line: {line}");
        for width in [40, 100] {
            let lines = pretty(&query, width);
            assert_eq!(parse(&lines).as_ref(), Ok(&query), "{}:\n{lines}", file.display());
            let again = parse(&lines).expect("ES|QL");
            assert_eq!(pretty(&again, width), lines, "comments stay: {}", file.display());
        }
        if std::env::var_os("SHOW").is_some() {
            println!("{}\n", pretty(&query, 100));
        }
    }
    assert_eq!(failed, 0);
    assert!(queries.len() >= 159, "only {} queries found", queries.len());
}
