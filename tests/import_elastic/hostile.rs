//! Damaged documents: no panic, and every finding has a place in the file.

use crosswalk::diagnostic::Findings;
use crosswalk::import::Kind;
use crosswalk::source::SourceFile;
use proptest::prelude::*;
use serde_json::Value;

use super::{asciidoc, json, page, rule_files};

/// A document of every form.
fn documents() -> Vec<String> {
    let answer = json::answer();
    let mut documents = vec![
        rule_files::RULE.to_owned(),
        asciidoc::PAGE.to_owned(),
        serde_json::to_string_pretty(&answer).unwrap(),
        format!("{answer}\n{answer}\n{{\"exported_count\": 2}}\n"),
    ];
    documents.extend(page::pages_of_tests().into_iter().map(|(_, text)| text));
    documents
}

/// Reads a text, if it still is in a known form.
fn survives(text: &str) {
    let source = SourceFile::new("document", text);
    let mut findings = Findings::new(&source);
    let Some(kind) = Kind::of(&source) else { return };
    let rules = crosswalk::import::bodies(&source, kind, &mut findings).unwrap_or_default();
    let text = source.text();
    for finding in findings.into_sorted() {
        let span = finding.place.expect("a place").span;
        assert!(text.get(span.start..span.end).is_some(), "{}: {span:?}", finding.message);
    }
    for rule in rules {
        assert!(text.get(rule.span.start..rule.span.end).is_some());
        if let (Some(start), Some(query)) =
            (rule.query_start, rule.body.get("query").and_then(Value::as_str))
        {
            assert!(text[start..].starts_with(query));
        }
    }
}

#[test]
fn a_document_may_end_anywhere() {
    for document in documents() {
        for end in (0..document.len()).filter(|end| document.is_char_boundary(*end)) {
            survives(&document[..end]);
        }
        survives(&document.replace('\n', "\r\n"));
    }
}

#[test]
fn faults_without_end_are_not_counted_to_the_last() {
    for (document, end) in [
        (format!("[{{\"risk_score\": 1}}{}", ",1".repeat(200_000)), "]"),
        (
            format!(
                "{{\"risk_score\": 1, \"type\": \"query\", \"name\": \"n\", \"tags\": [1{}",
                ",1".repeat(200_000)
            ),
            "]}",
        ),
        (format!("[rule]\ntags = [1{}", ",nan".repeat(200_000)), "]"),
        (format!("[rule]\n{}", "a = \n".repeat(50_000)), ""),
        ("{\"rule_id\"\n".repeat(100_000), "{"),
    ] {
        let read = super::read(&format!("{document}{end}"));
        assert!((1000..20_000).contains(&read.findings.len()), "{}", read.findings.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_may_be_damaged(
        which in 0..7_usize,
        cuts in prop::collection::vec((0.0..1.0_f64, 0..40_usize, "[\\PC\n]{0,6}"), 1..6),
    ) {
        let documents = documents();
        let mut document = documents[which % documents.len()].clone();
        for (at, length, with) in cuts {
            let boundary = |at: usize| (at..=document.len()).find(|at| document.is_char_boundary(*at));
            let start = boundary((at * document.len() as f64) as usize).unwrap_or(document.len());
            let end = boundary(start + length).unwrap_or(document.len());
            document.replace_range(start..end, &with);
        }
        survives(&document);
    }
}
