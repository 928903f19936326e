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
    let line = query.print();
    if name != "sigma" && line.contains('\n') {
        return Err(format!("{name}: {line} is not one line"));
    }
    let lines = WIDTHS.iter().map(|width| (Some(*width), query.pretty(*width)));
    for (width, written) in std::iter::once((None, line.clone())).chain(lines) {
        match language.read(&written) {
            Ok(again) if again.tree() == tree => {
                // Of comments, which a tree does not say, too.
                let stays = width.is_none_or(|width| again.pretty(width) == written);
                if again.print() != line || !stays {
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
