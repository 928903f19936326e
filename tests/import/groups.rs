//! Rules that count in groups: platforms count no events without the field, canonical rules do.

use crosswalk::import::{Expressed, Platform, import};
use serde_json::{Value, json};

use super::round::{build, document};

/// The codes of what building a rule assumes about groups.
fn assumed(text: &str, platform: Platform) -> Vec<String> {
    let output = build("rule.yml", text, platform);
    let about = output.assumptions.iter().filter(|one| one.code == "grouped-field");
    about.filter_map(|one| one.field.as_ref()).map(ToString::to_string).collect()
}

#[test]
fn building_names_the_fields_that_counted_events_must_have() {
    let rule = |asks: &str| {
        format!(
            "title: one\nname: one\nlogsource: {{ product: aws, service: cloudtrail }}\n\
             detection: {{ s: {{ eventName: GetObject{asks} }}, condition: s }}\n---\n\
             title: many\nid: 8ed4f4a0-d224-4e50-941b-622e504031c2\ndescription: d\nlevel: low\ncorrelation: {{ type: event_count, rules: [one], timespan: 10m, \
             group-by: [awsRegion, recipientAccountId], condition: {{ gte: 5 }} }}\n\
             elastic: {{ index: [logs-*] }}\n"
        )
    };
    for platform in [Platform::Elastic, Platform::Datadog] {
        let both = ["awsRegion", "recipientAccountId"];
        assert_eq!(assumed(&rule(""), platform), both, "{platform:?}");
        let one = assumed(&rule(", 'awsRegion|neq': null"), platform);
        assert_eq!(one, ["recipientAccountId"], "{platform:?}");
        // A value is one, too.
        let one = assumed(&rule(", recipientAccountId: '1'"), platform);
        assert_eq!(one, ["awsRegion"], "{platform:?}");
    }
}

#[test]
fn imports_ask_for_the_fields_of_the_group() {
    let elastic = |field: Value| {
        json!({
            "name": "Many", "description": "d", "type": "threshold", "language": "kuery",
            "index": ["logs-*"], "query": "event.code:4625 and host.name:*",
            "threshold": {"field": field, "value": 5}, "from": "now-10m", "interval": "5m",
            "severity": "low", "risk_score": 21,
        })
    };
    let datadog = json!({
        "name": "Many", "type": "log_detection", "message": "m", "isEnabled": true,
        "options": {"detectionMethod": "threshold", "evaluationWindow": 600},
        "queries": [{"name": "q", "query": "service:web", "aggregation": "count",
            "groupByFields": ["@usr.id"]}],
        "cases": [{"name": "c", "status": "low", "condition": "q > 4", "notifications": []}],
    });
    for (body, asked) in [
        (elastic(json!(["user.name"])), Some("user.name|neq: null")),
        // What the query asks for itself is not said again.
        (elastic(json!(["host.name"])), None),
        (elastic(json!([])), None),
        (datadog, Some("\"@usr.id|neq\": null")),
    ] {
        let text = |source| {
            let mut rules = import(&source, None).rules;
            let rule = rules.pop().expect("a rule");
            assert_eq!(rule.expressed, Expressed::Detection, "{}", rule.text);
            rule.text
        };
        let first = text(document(&body));
        let number = usize::from(asked.is_some());
        let asks = |text: &str| asked.map_or(0, |asked| text.matches(asked).count());
        assert_eq!(asks(&first), number, "{first}");
        assert_eq!(
            first.matches("|neq").count(),
            asks(&first) + first.matches("host.name|neq").count()
        );
        // Built and imported again it says the same, once.
        let platform =
            if body.get("queries").is_some() { Platform::Datadog } else { Platform::Elastic };
        let output = build("rule.yml", &first, platform);
        assert!(output.losses.is_empty(), "{:?}", output.losses);
        let assumptions = &output.assumptions;
        assert!(assumptions.iter().all(|one| one.code != "grouped-field"), "{assumptions:?}");
        let again = text(document(&output.payload));
        let logic = |text: &str| text.split("title: Many\n").next().map(str::to_owned);
        assert_eq!(logic(&again), logic(&first));
    }
}
