//! Reading and writing are inverse to each other.

use crosswalk::language::registry::Dialect;

use super::samples::all;

/// Widths of lines: nothing fits, some does, everything does.
const WIDTHS: &[usize] = &[1, 40, 100, 100_000];

/// What is written of a query reads as the same query.
pub(crate) fn round_trip(language: &dyn Dialect, text: &str) -> Result<(), String> {
    let name = language.name();
    let query = language.read(text).map_err(|errors| format!("{name}: {text}: {errors:?}"))?;
    let tree = query.tree();
    let mut written = vec![query.print()];
    written.extend(WIDTHS.iter().map(|width| query.pretty(*width)));
    for written in written {
        match language.read(&written) {
            Ok(again) if again.tree() == tree => {
                if again.print() != query.print() {
                    return Err(format!("{name}: {written} is written in two ways"));
                }
            }
            Ok(again) => return Err(format!("{name}: {text}\n{written}\n{}", again.tree())),
            Err(errors) => return Err(format!("{name}: {text}\n{written}\n{errors:?}")),
        }
    }
    Ok(())
}

#[test]
fn what_is_written_reads_as_the_same_query() {
    for samples in all() {
        for text in &samples.good {
            round_trip(samples.language, text).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn one_line_is_one_line() {
    for samples in all().iter().filter(|samples| samples.language.name() != "sigma") {
        for text in &samples.good {
            let query = samples.language.read(text).expect("a sample");
            assert!(
                !query.print().contains('\n'),
                "{}: {}",
                samples.language.name(),
                query.print()
            );
        }
    }
}

#[test]
fn several_errors_are_reported_at_once_each_at_its_place() {
    for samples in all() {
        for text in &samples.broken {
            let name = samples.language.name();
            let errors = samples.language.read(text).expect_err("a broken sample");
            assert!(errors.len() >= 2, "{name}: {text}: {errors:?}");
            for error in &errors {
                let range = error.span.start..error.span.end;
                assert!(text.get(range).is_some(), "{name}: {text}: {error:?}");
                assert!(!error.message.is_empty() && !error.message.ends_with('.'), "{error:?}");
            }
            let mut places: Vec<_> = errors.iter().map(|error| error.span.start).collect();
            places.dedup();
            assert!(places.len() >= 2, "{name}: {text}: {errors:?}");
        }
    }
}
