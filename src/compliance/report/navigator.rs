//! For the ATT&CK Navigator: a layer in the format 4.5.

use serde_json::{Map, Value, json};

use crate::compliance::{AttackCoverage, AttackGrade};

/// The newest Navigator that the layer was written for; the format needs 4.9.0.
const NAVIGATOR: &str = "5.1.0";

/// From a tag alone to a tested rule.
const COLOURS: [&str; 3] = ["#f3c78a", "#9ec9e8", "#3f8f5b"];

/// The coverage as a layer named `name`.
pub fn navigator(coverage: &AttackCoverage, name: &str) -> Value {
    let colour = |grade: AttackGrade| {
        let own = AttackGrade::ALL.iter().position(|other| *other == grade);
        own.and_then(|at| COLOURS.get(at)).copied().unwrap_or("#ffffff")
    };
    let techniques = coverage.techniques.iter().map(|row| {
        let rules: Vec<String> =
            row.rules.iter().map(|(title, grade)| format!("{title} ({})", grade.name())).collect();
        let mut technique = Map::new();
        technique.insert("techniqueID".to_owned(), json!(row.technique.id));
        technique.insert("score".to_owned(), json!(row.grade.score()));
        technique.insert("color".to_owned(), json!(colour(row.grade)));
        technique.insert("comment".to_owned(), json!(rules.join("\n")));
        technique.insert("enabled".to_owned(), json!(true));
        let metadata = json!([
            {"name": "grade", "value": row.grade.name()},
            {"name": "rules", "value": row.rules.len().to_string()},
        ]);
        technique.insert("metadata".to_owned(), metadata);
        let link = json!([{"label": row.technique.name, "url": row.technique.url()}]);
        technique.insert("links".to_owned(), link);
        Value::Object(technique)
    });
    let legend = AttackGrade::ALL.iter();
    let legend = legend.map(|grade| json!({"label": grade.name(), "color": colour(*grade)}));
    json!({
        "name": name,
        "versions": {"attack": coverage.version, "navigator": NAVIGATOR, "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": format!(
            "{} of {} techniques of ATT&CK v{} have a rule: {} by a tag that agrees with its tactics, {} with a test event",
            coverage.techniques.len(),
            coverage.active,
            coverage.version,
            coverage.at_least(AttackGrade::Consistent),
            coverage.at_least(AttackGrade::Tested),
        ),
        "sorting": 3,
        "layout": {
            "layout": "side",
            "showID": true,
            "showName": true,
            "expandedSubtechniques": "annotated",
        },
        "hideDisabled": false,
        "techniques": techniques.collect::<Value>(),
        "gradient": {"colors": COLOURS, "minValue": 0, "maxValue": 100},
        "legendItems": legend.collect::<Value>(),
        "metadata": [
            {"name": "generator", "value": format!("crosswalk {}", env!("CARGO_PKG_VERSION"))},
        ],
    })
}
