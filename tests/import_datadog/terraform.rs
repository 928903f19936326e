//! Terraform, in HCL and in its JSON syntax: what is read, what is refused, and what is written.

use crosswalk::diagnostic::Severity;
use crosswalk::import::datadog::terraform;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::common::{corpus, files};
use super::{import, only, told};

const HCL: &str = r#"
# Comments stand anywhere.
resource "datadog_security_monitoring_rule" "trail_stopped" {
  name    = "Trail stopped"
  enabled = true

  message = <<-EOT
    ## Goal
    Tell when a trail stops; $${x} stays.

      * indented
  EOT

  query {
    name            = "stopped"
    query           = "source:cloudtrail @evt.name:StopLogging"
    group_by_fields = ["@userIdentity.arn"]
  }

  case {
    status        = "high"
    condition     = "stopped > 0 && stopped < 9"
    notifications = []
  }
  case { # again
    status = "info"
  }

  options {
    evaluation_window = 300

    new_value_options {
      forget_after = "21"
    }
  }

  tags = toset(["security:attack", "source:cloudtrail"])

  depends_on = [datadog_role.x]
}
"#;

fn body() -> Value {
    json!({
        "name": "Trail stopped", "isEnabled": true,
        "message": "## Goal\nTell when a trail stops; ${x} stays.\n\n  * indented\n",
        "queries": [{
            "name": "stopped", "query": "source:cloudtrail @evt.name:StopLogging",
            "groupByFields": ["@userIdentity.arn"],
        }],
        "cases": [
            {"status": "high", "condition": "stopped > 0 && stopped < 9", "notifications": []},
            {"status": "info"},
        ],
        "options": {"evaluationWindow": 300, "newValueOptions": {"forgetAfter": 21}},
        "tags": ["security:attack", "source:cloudtrail"],
    })
}

#[test]
fn a_resource_is_a_body_of_the_api() {
    let rule = only(HCL);
    assert_eq!(Value::Object(rule.body), body());
    let other = json!({
        "resource": "datadog_security_monitoring_rule.trail_stopped",
        "depends_on": "depends_on = [datadog_role.x]",
    });
    assert_eq!(Value::Object(rule.beside.other), other);
    assert!(HCL[rule.query_start.expect("a place")..].starts_with("source:cloudtrail"));
    assert!(HCL[rule.span.start..].starts_with("resource"));
}

#[test]
fn the_json_syntax_says_the_same() {
    let document = json!({
        "//": "a comment",
        "resource": [{"datadog_security_monitoring_rule": {"trail_stopped": {
            "name": "Trail stopped", "enabled": "true",
            "message": "## Goal\nTell when a trail stops; $${x} stays.\n\n  * indented\n",
            "query": {
                "name": "stopped", "query": "source:cloudtrail @evt.name:StopLogging",
                "group_by_fields": ["@userIdentity.arn"],
            },
            "case": [
                {"status": "high", "condition": "stopped > 0 && stopped < 9", "notifications": []},
                {"//": "again", "status": "info"},
            ],
            "options": [{"evaluation_window": 300, "new_value_options": {"forget_after": "21"}}],
            "tags": ["security:attack", "source:cloudtrail"],
            "depends_on": ["datadog_role.x"],
        }}}],
    });
    let text = document.to_string();
    let rule = only(&text);
    assert_eq!(Value::Object(rule.body), body());
    assert!(text[rule.query_start.expect("a place")..].starts_with("source:cloudtrail"));
    assert_eq!(rule.beside.other["depends_on"], json!(r#"["datadog_role.x"]"#));
}

#[test]
fn state_holds_texts_for_everything() {
    let rule = only(
        r#"resource "datadog_security_monitoring_rule" "tfer--abc" {
  case {
    condition = "a > 5 \u0026\u0026 b > 0"
    status    = "low"
  }
  enabled            = "false"
  has_extended_title = "true"
  options {
    keep_alive = "3600"
    decrease_criticality_based_on_env = "false"
  }
  signal_query {
    rule_id                = "abc-def-ghi"
    correlated_query_index = "1"
  }
  signal_query {
    rule_id                = "jkl-mno-pqr"
    correlated_query_index = ""
  }
}"#,
    );
    let body = json!({
        "cases": [{"condition": "a > 5 && b > 0", "status": "low"}],
        "isEnabled": false, "hasExtendedTitle": true,
        "options": {"keepAlive": 3600, "decreaseCriticalityBasedOnEnv": false},
        "queries": [{"ruleId": "abc-def-ghi", "correlatedQueryIndex": 1}, {"ruleId": "jkl-mno-pqr"}],
    });
    assert_eq!(Value::Object(rule.body), body);
}

/// Expressions and their values as Terraform 1.11.4 gives them (`terraform console`).
const VALUES: &[(&str, &str)] = &[
    (
        r#""a\tb\u00e9 \U0001F600 \"c\" $${d} %%{e} $5 $$ 5%""#,
        "a\tb\u{e9} \u{1F600} \"c\" ${d} %{e} $5 $$ 5%",
    ),
    ("<<EOT\nEOT", ""),
    ("<<EOT\n\nEOT", "\n"),
    ("<<EOT\n  a \\n $${b}\n EOT", "  a \\n ${b}\n"),
    ("<<-EOT\n    a\n      b\n\n    c\n  EOT", "a\n  b\n\nc\n"),
    // Lines of blanks neither count nor change, and a tab counts as one.
    ("<<-EOT\n    a\n  \n    EOT", "a\n  \n"),
    ("<<-EOT\n  \ta\n    b\nEOT", "a\n b\n"),
    ("chomp(<<EOT\na\n\nEOT\n)", "a"),
    ("trimspace(<<-EOT\n\n    a\n\n  EOT\n)", "a"),
    ("(\"a\")", "a"),
];

#[test]
fn texts_have_the_values_that_terraform_gives_them() {
    for (expression, value) in VALUES {
        let start = "resource \"datadog_security_monitoring_rule\" \"x\" {\n  message = ";
        let rule = only(&format!("{start}{expression}\n}}\n"));
        assert_eq!(rule.body["message"], json!(value), "{expression}");
    }
}

#[test]
fn what_terraform_works_out_is_refused_at_its_place() {
    let document = r#"
variable "tag" {}
locals { a = 1 }
resource "aws_s3_bucket" "b" {}
resource "datadog_security_monitoring_rule" "computed" {
  name    = "x ${var.tag}"
  tags    = local.tags
  message = file("message.md")
  dynamic "case" {
    for_each = []
    content {}
  }
}
resource "datadog_security_monitoring_rule" "written" {
  count   = 2
  name    = "kept"
  enabled = "perhaps"
  novelty = 1
  name_of = null
  options {}
  options {}
}
resource "datadog_security_monitoring_default_rule" "d" {}
"#;
    let (rules, findings) = import("rules.tf", document);
    assert_eq!(
        told(&findings),
        [
            "import-field 2:1 `variable` is not read",
            "import-field 3:1 `locals` is not read",
            "import-field 4:1 `aws_s3_bucket` is not read",
            "import-syntax 6:16 only Terraform can work out what stands here",
            "import-syntax 7:13 only Terraform can work out `local.tags`",
            "import-syntax 8:13 only Terraform can work out `file(\"message.md\")`",
            "import-syntax 9:3 only Terraform can work out `dynamic` blocks with a label",
            "import-field 15:3 one rule is read, however many `count` makes of it",
            "import-field 17:13 `enabled` must be a boolean, not text",
            "import-field 18:3 the provider has no argument `novelty` here",
            "import-field 19:3 the provider has no argument `name_of` here",
            "import-field 21:3 `options` stands here twice; the first is kept",
            "import-field 23:1 `datadog_security_monitoring_default_rule` is not read",
        ]
    );
    let notes = findings.iter().filter(|finding| finding.severity == Severity::Note).count();
    assert_eq!((rules.len(), notes), (1, 4));
    let body = json!({
        "name": "kept", "isEnabled": "perhaps", "novelty": 1, "name_of": null, "options": {},
    });
    assert_eq!(Value::Object(rules[0].body.clone()), body);
}

#[test]
fn templates_of_the_json_syntax_are_refused_at_their_place() {
    let document = r#"{"resource": {"datadog_security_monitoring_rule": {
  "a": {"name": "x ${var.tag}", "tags": ["%{ if a }b%{ endif }"]},
  "b": {"name": "kept", "dynamic": {"case": {}}},
  "c": {"name": "kept"}
}}, "variable": {"tag": {}}}"#;
    let (rules, findings) = import("rules.tf.json", document);
    assert_eq!(
        told(&findings),
        [
            "import-syntax 2:20 only Terraform can work out what stands here",
            "import-syntax 2:43 only Terraform can work out what stands here",
            "import-syntax 3:25 only Terraform can work out `dynamic` blocks",
            "import-field 5:5 `variable` is not read",
        ]
    );
    assert_eq!(rules.len(), 1);
}

#[test]
fn a_resource_may_hold_the_json_of_the_api() {
    let heredoc = r#"resource "datadog_security_monitoring_rule_json" "x" {
  json = <<EOF
{"name": "n", "isEnabled": 2,
 "queries": [{"query": "@a:b"}]}
EOF
}"#;
    let encoded = r#"resource "datadog_security_monitoring_rule_json" "x" {
  json = jsonencode({ name = "n", isEnabled = 2, "queries" = [{ query : "@a:b" }] })
}"#;
    let body = json!({"name": "n", "isEnabled": 2, "queries": [{"query": "@a:b"}]});
    for (document, place) in [(heredoc, "3:28"), (encoded, "2:10")] {
        let (rules, findings) = import("rules.tf", document);
        assert_eq!(
            told(&findings),
            [format!("import-field {place} `isEnabled` must be a boolean, not a number")]
        );
        assert_eq!(Value::Object(rules[0].body.clone()), body);
    }
    let (rules, _) = import("rules.tf", heredoc);
    assert!(heredoc[rules[0].query_start.expect("a place")..].starts_with("@a:b"));
    for (json, expected) in [
        ("\"{\\\"a\\\": \"", "this is not JSON: EOF while parsing a value"),
        ("\"[1]\"", "a rule must be an object, not a list"),
        ("1", "a rule in JSON needs the argument `json` with its text"),
    ] {
        let document = heredoc.replace(heredoc.split_once("= ").expect("=").1, json) + "\n}";
        let (rules, findings) = import("rules.tf", &document);
        assert!(rules.is_empty());
        assert!(told(&findings)[0].ends_with(expected), "{:?}", told(&findings));
    }
}

#[test]
fn broken_syntax_is_one_error_with_a_place() {
    let broken = HCL.replace("= true", "= = true");
    let (rules, findings) = import("rules.tf", &broken);
    assert!(rules.is_empty());
    assert!(
        told(&findings)[0].starts_with("import-syntax 5:13 this is no valid HCL"),
        "{:?}",
        told(&findings)
    );
    let deep = HCL.replace("= true", &format!("= {}", "[".repeat(100_000)));
    assert_eq!(import("rules.tf", &deep).1.len(), 1);
}

#[test]
fn a_body_is_written_as_terraform_fmt_would_lay_it_out() {
    let body = body();
    let expected = r#"resource "datadog_security_monitoring_rule" "trail_stopped" {
  name    = "Trail stopped"
  enabled = true
  tags    = ["security:attack", "source:cloudtrail"]

  message = <<EOT
## Goal
Tell when a trail stops; $${x} stays.

  * indented
EOT

  query {
    name            = "stopped"
    query           = "source:cloudtrail @evt.name:StopLogging"
    group_by_fields = ["@userIdentity.arn"]
  }

  case {
    status        = "high"
    condition     = "stopped > 0 && stopped < 9"
    notifications = []
  }

  case {
    status = "info"
  }

  options {
    evaluation_window = 300

    new_value_options {
      forget_after = 21
    }
  }
}
"#;
    assert_eq!(terraform(body.as_object().expect("an object")), expected);
}

#[test]
fn what_the_resource_has_no_argument_for_is_written_as_json() {
    for body in [
        json!({"name": "n", "findingType": "x"}),
        json!({"name": "n", "type": "cloud_configuration"}),
        json!({"name": 1}),
        json!({"name": "n", "queries": [{"customQueryExtension": "x ${y}"}], "tags": ["a\n$${"]}),
    ] {
        let body = body.as_object().expect("an object");
        let written = terraform(body);
        assert!(written.contains("datadog_security_monitoring_rule_json"), "{written}");
        let (rules, _) = import("rules.tf", &written);
        assert_eq!(&rules[0].body, body, "{written}");
    }
}

/// A body without what says the same as nothing: empty lists of blocks.
fn without_empty_blocks(body: &Map<String, Value>) -> Map<String, Value> {
    let blocks = ["queries", "cases", "filters", "thirdPartyCases", "referenceTables"];
    let is_empty = |key: &str, value: &Value| blocks.contains(&key) && *value == json!([]);
    let entries = body.iter().filter(|(key, value)| !is_empty(key, value));
    entries.map(|(key, value)| (key.clone(), value.clone())).collect()
}

#[test]
fn public_rules_survive_terraform() {
    let Some(root) = corpus("datadog", "Datadog's rules") else { return };
    let (mut own, mut as_json) = (0, 0);
    for path in files(&root, "json") {
        let body = only(&std::fs::read_to_string(&path).expect("readable")).body;
        let written = terraform(&body);
        let read = only(&written).body;
        match written.contains("_rule_json\"") {
            true => {
                assert_eq!(read, body, "{}", path.display());
                as_json += 1;
            }
            false => {
                assert_eq!(read, without_empty_blocks(&body), "{}", path.display());
                own += 1;
            }
        }
        assert_eq!(terraform(&read), written, "{}", path.display());
    }
    println!("{own} with arguments, {as_json} as JSON");
    assert!(own > 200 && as_json > 50);
}

proptest! {
    #[test]
    fn any_text_survives_terraform(
        name in "(?s)[a-zEOT${%}\"\\\\ \n\t\r\u{7}é😀]{0,12}",
        message in "(?s)([a-zEOT${%}\"\\\\ \n\t\r]|EOT|\n){0,24}",
    ) {
        for kind in ["log_detection", "cloud_configuration"] {
            let body = json!({"name": name, "message": message, "type": kind, "queries": [{"query": name}]});
            let body = body.as_object().expect("an object");
            let (rules, findings) = import("rules.tf", &terraform(body));
            prop_assert!(findings.is_empty(), "{findings:?}\n{}", terraform(body));
            prop_assert_eq!(&rules[0].body, body);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(?s)[a-z{}\\[\\]\"=<-EOF\n ${%}#/\\\\:,é]{0,60}") {
        for document in [
            format!("resource \"datadog_security_monitoring_rule\" \"x\" {{\n{text}\n}}"),
            format!("{{\"isEnabled\": {text}"),
            format!("{{\"datadog_security_monitoring_rule\": {text}"),
            format!("---\ntype: security_rules\n{text}\n---\n{text}"),
        ] {
            let _ = import("any", &document);
        }
    }
}
