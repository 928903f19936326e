//! The laws on every public query.

use rayon::prelude::*;

use super::common::{corpus, queries};
use super::laws::round_trip;
use super::meaning::{comes_back, schema};
use crosswalk::language::registry::ALL;

/// Languages and how many queries of them the corpora hold at least. Nobody publishes queries in
/// Lucene's.
const FEWEST: &[(&str, usize)] =
    &[("datadog", 1), ("eql", 700), ("esql", 159), ("kql", 560), ("lucene", 0), ("sigma", 2_700)];

#[test]
fn every_public_query_reads_and_is_written_as_the_same_query() {
    let Some(corpora) = corpus("", "every public query in every language") else { return };
    for language in ALL {
        let queries = queries::public(&corpora, language.name());
        eprintln!("{}: {} queries", language.name(), queries.len());
        let fewest = FEWEST.iter().find(|(name, _)| *name == language.name());
        assert!(fewest.is_some_and(|(_, fewest)| queries.len() >= *fewest), "{}", language.name());
        let broken = |(file, text): &(String, String)| {
            round_trip(*language, text).err().map(|error| format!("{file}: {error}"))
        };
        let errors: Vec<String> = queries.par_iter().filter_map(broken).collect();
        assert!(errors.is_empty(), "{} of {}: {}", errors.len(), queries.len(), errors[0]);
    }
}

#[test]
fn every_public_query_that_can_be_stated_comes_back() {
    let Some(corpora) = corpus("", "the meaning of every public query") else { return };
    for language in ALL {
        let queries = queries::public(&corpora, language.name());
        let results: Vec<_> = queries
            .par_iter()
            .map(|(file, text)| {
                let query = language.read(text).map_err(|e| format!("{file}: {e:?}"))?;
                match query.lower(schema(*language)) {
                    Err(_) => Ok(None),
                    Ok(meaning) => comes_back(*language, &meaning.value, schema(*language))
                        .map(Some)
                        .map_err(|error| format!("{file}: {error}")),
                }
            })
            .collect();
        let errors: Vec<&String> = results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert!(errors.is_empty(), "{}: {} differ: {}", language.name(), errors.len(), errors[0]);
        let count = |wanted| results.iter().filter(|r| **r == Ok(wanted)).count();
        let (name, exact, lossy, refused) =
            (language.name(), count(Some(true)), count(Some(false)), count(None));
        eprintln!("{name}: {exact} come back, {lossy} with a loss, {refused} have no meaning");
    }
}
