//! A detection as one text: the YAML that stands below `detection:`.

use super::{Detection, lower, parse, print, raise};
use crate::diagnostic::{Finding, Findings, Severity};
use crate::language::contract::{self, Language};
use crate::language::kit::{MAX_QUERY_BYTES, QueryError};
use crate::query::{Meaning, Refusal, Schema, Translated};
use crate::source::{SourceFile, Span, read_yaml};

/// Sigma in the registry.
#[derive(Debug)]
pub struct Sigma;

impl Language for Sigma {
    type Query = Detection;
    const NAME: &'static str = "sigma";
    const TITLE: &'static str = "Sigma";

    fn parse(text: &str) -> Result<Detection, Vec<QueryError>> {
        if text.len() > MAX_QUERY_BYTES {
            let message = format!("the detection is longer than {MAX_QUERY_BYTES} bytes");
            return Err(vec![QueryError::limit(Span::default(), message)]);
        }
        let (documents, errors) = read_yaml(text);
        let broken = errors.iter().map(|error| QueryError {
            help: error.kind.help().map(str::to_owned),
            ..QueryError::syntax(error.span, error.kind.message())
        });
        let mut errors: Vec<QueryError> = broken.collect();
        let [document] = documents.as_slice() else {
            if errors.is_empty() {
                errors.push(QueryError::syntax(
                    Span::default(),
                    "expected one mapping of selections",
                ));
            }
            return Err(errors);
        };
        let mut findings = Findings::new(&SourceFile::new("detection", text));
        let detection = parse::detection(document, &[], &mut findings);
        if let Some(detection) = &detection {
            parse::validate(detection, document, &[], &mut findings);
        }
        let faults = findings.into_sorted();
        errors.extend(faults.into_iter().filter(|f| f.severity == Severity::Error).map(fault));
        match detection {
            Some(detection) if errors.is_empty() => Ok(detection),
            _ => Err(errors),
        }
    }

    fn print(detection: &Detection) -> String {
        crate::source::write_yaml(&print::detection(detection))
    }

    fn lower(
        detection: &Detection,
        _schema: &dyn Schema,
    ) -> Result<Translated<Meaning>, Vec<QueryError>> {
        lower(detection).map(Meaning::Match).map(Translated::exact)
    }

    fn raise(
        meaning: &Meaning,
        schema: &dyn Schema,
    ) -> Result<Translated<Detection>, Vec<Refusal>> {
        raise(contract::single(meaning, Self::TITLE)?, schema)
    }
}

fn fault(finding: Finding) -> QueryError {
    let span = finding.place.as_ref().map(|place| place.span).unwrap_or_default();
    QueryError { code: finding.code, span, message: finding.message, help: finding.help }
}
