//! Templates of users: what is wrong with them is told with file and line, and never a panic.

use std::path::Path;

use crosswalk::diagnostic::render::concise;
use crosswalk::rule::ElasticPage;
use crosswalk::site::{DatadogPage, PageError, Templates, datadog_page, elastic_page};
use serde_json::{Value, json};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The one error of a page that is made with a template, without the folder's own path.
fn page_error(folder: &Path) -> String {
    let templates = Templates::load(Some(folder)).unwrap();
    let error = datadog_page(&templates, &payload(), &DatadogPage::default()).unwrap_err();
    assert!(matches!(error, PageError::Template(_)), "{error:?}");
    let finding = concise(&[error.finding()]);
    finding.replace(&format!("{}/", folder.display()), "")
}

fn payload() -> Value {
    json!({"name": "A rule", "message": "Text", "type": "log_detection"})
}

#[test]
fn syntax_errors_are_told_for_every_file_with_their_lines() {
    let folder = folder(&[
        ("elastic.md.jinja", "fine\n\n  {% if rule %}\n"),
        ("rule.md.jinja", "# {{ page.title | }}\n"),
        ("notes.txt", "{% not read"),
    ]);
    let errors = Templates::load(Some(folder.path())).unwrap_err();
    let findings: Vec<_> = errors.iter().map(|error| error.finding()).collect();
    let told = concise(&findings).replace(&format!("{}/", folder.path().display()), "");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with("elastic.md.jinja:3:3: error[template] unexpected end"), "{told}");
    assert!(lines[1].starts_with("rule.md.jinja:1:1: error[template] "), "{told}");
    assert!(errors[0].to_string().contains("elastic.md.jinja:3: "));
}

#[test]
fn faults_while_a_page_is_made_have_their_lines() {
    for (template, expected) in [
        (
            "a\n{{ rule.titel }}",
            "datadog.md.jinja:2:1: error[template] `rule.titel` is not defined\n",
        ),
        (
            "{% if nothing %}{% endif %}",
            "datadog.md.jinja:1:1: error[template] `nothing` is not defined\n",
        ),
        (
            "\n\n{{ rule.name | shout }}",
            "datadog.md.jinja:3:1: error[template] filter shout is unknown\n",
        ),
        (
            "{{ rule.name | fence(1) }}",
            "datadog.md.jinja:1:1: error[template] value is not a string\n",
        ),
        (
            "{{ {'a': {}} | front_matter }}",
            "datadog.md.jinja:1:1: error[template] front matter holds texts and lists of texts, not a map\n",
        ),
        (
            "{% include 'x.jinja' %}",
            "datadog.md.jinja:1:1: error[template] tried to include non-existing template 'x.jinja'\n",
        ),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "datadog.md.jinja:1:1: error[template] the template does not come to an end in 20000000 steps\n",
        ),
        (
            "{% for a in range(9999) %}{{ 'x' * 9999 }}{% endfor %}",
            "error[template] `datadog.md.jinja`: the page is larger than 16 MiB\n",
        ),
    ] {
        let folder = folder(&[("datadog.md.jinja", template)]);
        assert_eq!(page_error(folder.path()), expected, "{template}");
    }
}

#[test]
fn faults_of_included_files_are_told_there() {
    let folder = folder(&[
        ("datadog.md.jinja", "{% include 'team/part.jinja' %}"),
        ("team/part.jinja", "\n\n  {{ missing }}"),
    ]);
    assert_eq!(
        page_error(folder.path()),
        "team/part.jinja:3:3: error[template] `missing` is not defined\n"
    );
}

#[test]
fn endless_recursion_ends() {
    let folder = folder(&[
        ("datadog.md.jinja", "{% include 'a.jinja' %}"),
        ("a.jinja", "{% include 'datadog.md.jinja' %}"),
    ]);
    let told = page_error(folder.path());
    assert!(told.contains("recursion limit"), "{told}");
    let macros = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    let told = page_error(self::folder(&[("datadog.md.jinja", macros)]).path());
    assert!(told.contains("recursion limit"), "{told}");
}

#[test]
fn folders_that_cannot_be_used_are_told() {
    let missing = Templates::load(Some(Path::new("no/such/folder"))).unwrap_err();
    assert_eq!(missing.len(), 1);
    assert!(missing[0].finding().message.contains("no/such/folder"), "{}", missing[0]);
    let reserved = folder(&[("builtin/elastic.md.jinja", "x")]);
    let errors = Templates::load(Some(reserved.path())).unwrap_err();
    assert!(errors[0].message.contains("`builtin/` holds the shipped templates"), "{}", errors[0]);
    let binary = tempfile::tempdir().unwrap();
    std::fs::write(binary.path().join("elastic.md.jinja"), b"\xff\xfe").unwrap();
    let errors = Templates::load(Some(binary.path())).unwrap_err();
    assert!(errors[0].message.contains("not UTF-8"), "{}", errors[0]);
}

#[test]
fn payloads_without_a_page_are_told() {
    let templates = Templates::load(None).unwrap();
    let told = |error: PageError| error.finding().message;
    let elastic =
        |payload| told(elastic_page(&templates, &payload, &ElasticPage::default()).unwrap_err());
    let datadog =
        |payload| told(datadog_page(&templates, &payload, &DatadogPage::default()).unwrap_err());
    assert_eq!(elastic(json!({})), "the Elastic payload makes no page: missing field `name`");
    assert_eq!(
        elastic(json!([])),
        "the Elastic payload makes no page: invalid length 0, expected struct Payload with 18 elements"
    );
    assert_eq!(
        datadog(json!({"name": "x"})),
        "the Datadog payload makes no page: missing field `message`"
    );
    assert_eq!(
        datadog(json!({"name": "x", "message": "y", "type": "z"})),
        "the Datadog payload makes no page: rules of the type `z` have no page"
    );
}
