//! Arbitrary text in every place: no panic, no markup out of text, no page that falls apart.

use std::sync::LazyLock;

use crosswalk::rule::{self, Document, ElasticPage, controls};
use crosswalk::site::{
    ControlPage, DatadogPage, IndexPage, QueryView, RulePage, TargetView, Templates, control_page,
    datadog_page, elastic_page, index_page, rule_page,
};
use crosswalk::source::{SourceFile, read_yaml};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

/// Pieces that mean something to Markdown, HTML, YAML or Jinja.
const PIECES: &[&str] = &[
    "a",
    "B",
    "1",
    "2. ",
    "é",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\u{0}",
    "\u{a0}",
    "\u{2028}",
    "|",
    "\\",
    "`",
    "```",
    "~~~",
    "*",
    "**",
    "_",
    "~",
    "[",
    "]",
    "(",
    ")",
    "[x](y)",
    "![",
    "](javascript:a)",
    "[1]",
    "[1]: data:x\n",
    "<",
    ">",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "<script>",
    "&lt;",
    "&",
    "#",
    "# ",
    "## ",
    "===",
    "---",
    "- ",
    "+ ",
    ":",
    ": ",
    "'",
    "\"",
    "{{",
    "}}",
    "{{@evt.name}}",
    "{%",
    "%}",
    "{#",
    "{% raw %}",
    "https://x.example/",
    "<javascript:x>",
    "[^1]",
    "[^1]: x",
    "    ",
    "> ",
    "!",
    "yes",
    "4.10",
    "$",
    "[ ] ",
];

/// Text of which a reader sees something.
fn text() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        3 => prop::collection::vec(prop::sample::select(PIECES), 1..12).prop_map(|p| p.concat()),
        1 => any::<String>(),
    ];
    text.prop_filter("blank", |text| !seen(text).is_empty())
}

/// What a reader is to see of a text on one line.
fn seen(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn a_rule() -> RulePage {
    let source = SourceFile::new(
        "rules/a_rule.yml",
        "title: A rule\nlogsource: {product: aws}\ndetection: {s: {a: b}, condition: s}\n\
         controls: [cis-aws-foundations@1.4.0/4.10]\n",
    );
    let (file, _) = rule::read(&source);
    let Some(Document::Rule(rule)) = file.documents.first() else { panic!("no rule") };
    RulePage::of(rule, &[])
}

/// Text of every heading of a level that stands in no list or quote, as a browser would show it.
fn headings(page: &str, wanted: usize) -> Vec<String> {
    let mut headings = Vec::new();
    let mut open: Option<String> = None;
    let mut depth = 0;
    for event in Parser::new_ext(page, options()) {
        match &event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 && *level as usize == wanted => {
                open = Some(String::new());
            }
            Event::Text(part) => open.iter_mut().for_each(|text| text.push_str(part)),
            Event::End(TagEnd::Heading(_)) => headings.extend(open.take()),
            _ => {}
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    headings
}

/// Text of the cells in the first column of all tables.
fn first_cells(page: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut open: Option<String> = None;
    let mut is_first = false;
    for event in Parser::new_ext(page, options()) {
        match event {
            Event::Start(Tag::TableRow) => is_first = true,
            Event::Start(Tag::TableCell) if is_first => {
                open = Some(String::new());
                is_first = false;
            }
            Event::Text(part) | Event::Code(part) => {
                open.iter_mut().for_each(|text| text.push_str(&part));
            }
            Event::End(TagEnd::TableCell) => cells.extend(open.take()),
            _ => {}
        }
    }
    cells
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
}

/// No HTML, and no link or image whose address runs something.
fn is_harmless(page: &str) -> Result<(), TestCaseError> {
    for event in Parser::new_ext(page, options()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                // The one tag of our own: a line break inside a table cell.
                prop_assert_eq!(html.trim(), "<br>", "{}", page);
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let url = seen(&dest_url).to_lowercase().replace(' ', "");
                prop_assert!(
                    !["javascript:", "data:", "vbscript:"].iter().any(|bad| url.starts_with(bad)),
                    "{}",
                    page
                );
            }
            _ => {}
        }
    }
    Ok(())
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::load(None).unwrap());

/// Enough to meet every pair of pieces in every place; each case makes a whole page.
const CASES: u32 = 150;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn a_rules_page_holds_together(
        title in text(), description in text(), strategy in text(), triage in text(),
        names in prop::collection::vec(text(), 1..4), query in text(), language in text(),
    ) {
        let mut page = a_rule();
        page.title.clone_from(&title);
        page.description = Some(description);
        page.strategy = Some(strategy);
        page.triage = Some(triage);
        page.logsource_definition = names.first().cloned();
        page.falsepositives.clone_from(&names);
        page.references.clone_from(&names);
        page.authors.clone_from(&names);
        page.tags.clone_from(&names);
        page.definition.clone_from(&query);
        let view = TargetView {
            name: title.clone(),
            queries: vec![QueryView { name: Some(title.clone()), language, text: query }],
            ..TargetView::default()
        };
        page.targets = vec![(&view).into()];
        let made = rule_page(&TEMPLATES, &page).unwrap();
        is_harmless(&made)?;
        prop_assert_eq!(headings(&made, 1), [seen(&title)], "{}", made);
        let sections = headings(&made, 2);
        for own in ["Detection", "Strategy", "Triage", "False positives", "References"] {
            prop_assert!(sections.iter().any(|heading| heading == own), "{} in {}", own, made);
        }
        prop_assert!(made.ends_with("\n\n[All rules](../index.md)\n"));
        let last = Parser::new_ext(&made, options()).collect::<Vec<_>>();
        let ends_in_link = matches!(last.as_slice(), [.., Event::End(TagEnd::Link), Event::End(TagEnd::Paragraph)]);
        prop_assert!(ends_in_link, "{}", made);
    }

    #[test]
    fn lists_show_titles_as_they_are(title in text(), logsource in text()) {
        let mut page = a_rule();
        page.title.clone_from(&title);
        page.logsource.clone_from(&logsource);
        let rules = [page];
        let index = index_page(&TEMPLATES, &IndexPage::of(&rules)).unwrap();
        is_harmless(&index)?;
        prop_assert_eq!(first_cells(&index), [seen(&title)], "{}", index);
        let framework = controls::framework("cis-aws-foundations").unwrap();
        let control = control_page(&TEMPLATES, &ControlPage::of(framework, &rules)).unwrap();
        is_harmless(&control)?;
        prop_assert!(control.contains("](../rules/a_rule.md)"));
    }

    #[test]
    fn elastic_pages_hold_together(name in text(), items in prop::collection::vec(text(), 0..4), query in text()) {
        let payload = json!({
            "name": name, "description": query, "type": "query", "severity": "low", "risk_score": 1,
            "index": items, "tags": items, "references": items, "author": items, "query": query,
        });
        let made = elastic_page(&TEMPLATES, &payload, &ElasticPage::default()).unwrap();
        let body = made.splitn(3, "---\n").nth(2).unwrap();
        is_harmless(body)?;
        let title = &headings(body, 1)[0];
        let slug = title.rsplit_once(" [").unwrap().1;
        prop_assert_eq!(title, &format!("{} [{slug}", seen(&name)), "{}", made);
        prop_assert!(made.contains("\n## Rule query [_rule_query]\n\n```"), "{}", made);
    }

    #[test]
    fn datadog_front_matter_says_what_the_rule_says(
        name in text(), tags in prop::collection::vec((text(), text()), 0..4), message in text(),
    ) {
        let tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        let payload = json!({"name": name, "message": message, "tags": tags});
        let made = datadog_page(&TEMPLATES, &payload, &DatadogPage::default()).unwrap();
        let (front_matter, body) = made[4..].split_once("\n---\n\n").unwrap();
        prop_assert_eq!(body, format!("{}\n", message.trim()));
        let (documents, errors) = read_yaml(front_matter);
        prop_assert_eq!(errors, [], "{}", front_matter);
        let mapping = documents[0].as_mapping().unwrap();
        let title = mapping.get("title").unwrap().as_scalar().unwrap();
        prop_assert_eq!(&title.text, &seen(&name), "{}", front_matter);
    }
}
