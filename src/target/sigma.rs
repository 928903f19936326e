//! Sigma YAML: the rule without what only Crosswalk knows.

use serde_json::{Map, Value as Json, json};

use super::{Artifact, Emission, Output, Payload, QueryText, Request, judge, payload};
use crate::config::Target;
use crate::language::sigma::parse::used_names;
use crate::language::sigma::{self, Detection};
use crate::query::{Effect, Loss, Order, Refusal};
use crate::rule::{Correlation, Filter, Header, Logic, Logsource, Rule, write_rule};

/// Writes the file of one rule: a correlation takes the rules that it builds on with it, so every
/// file stands by itself.
pub fn emit(request: &Request<'_>) -> Emission {
    if matches!(request.rule.logic, Logic::Native { .. }) {
        return native();
    }
    let documents = documents(request);
    let mut findings = Vec::new();
    for (kind, document) in &documents {
        findings.extend(payload::findings(request, *kind, document));
    }
    let text: Vec<String> = documents.iter().map(|(_, document)| write_rule(document)).collect();
    let text = text.join("---\n");
    let query = match &request.rule.logic {
        Logic::Detection { detection, .. } => {
            write_rule(&sigma::print::detection(&own_selections(request.rule, detection)))
        }
        Logic::Correlation(_) | Logic::Native { .. } => text.clone(),
    };
    let artifacts = vec![Artifact::text(format!("sigma/{}.yml", request.name), &text)];
    let losses = new_value_loss(request.rule);
    let at = super::compile::place(request, request.rule.header.title_span);
    findings.extend(losses.iter().map(|loss| judge::unaccepted("Sigma", loss, at.clone())));
    let output = Output {
        target: Target::Sigma,
        payload: documents.last().map(|(_, document)| document.clone()).unwrap_or_default(),
        queries: vec![QueryText { name: None, language: "sigma", text: query }],
        losses,
        assumptions: Vec::new(),
        accepted: Vec::new(),
        artifacts,
    };
    Emission { output: Some(output), refused: Vec::new(), waived: None, findings }
}

/// A rule in a platform's own language is no rule for Sigma. That is what such a rule is, so it
/// needs nobody's consent.
fn native() -> Emission {
    let reason = "the rule stands only in the language of a platform".to_owned();
    let refused = vec![Refusal { code: "native", field: None, reason }];
    Emission { output: None, refused, waived: None, findings: Vec::new() }
}

/// Sigma knows no first occurrences: without them the rule matches every time.
fn new_value_loss(rule: &Rule) -> Vec<Loss> {
    let loss = rule.sections.new_value.as_ref().map(|new| Loss {
        code: "new-value",
        effect: Effect::Wider,
        field: None,
        reason: format!(
            "Sigma cannot say \"for the first time in {}\"",
            new.history.value.in_words()
        ),
    });
    loss.into_iter().collect()
}

/// The rules that a correlation names, the rule itself, and the filters that apply to them.
fn documents(request: &Request<'_>) -> Vec<(Payload, Json)> {
    let mut rules = Vec::new();
    if let Logic::Correlation(correlation) = &request.rule.logic {
        rules.extend(correlation.rules.iter().filter_map(|name| request.set.find(name)));
    }
    rules.push(request.rule);
    let filters = request.set.filters().filter(|filter| {
        let applies =
            |rule: &&Rule| request.set.filters_of(rule).any(|other| std::ptr::eq(other, *filter));
        rules.iter().any(applies)
    });
    let filters = filters.map(|filter| (Payload::SigmaFilter, self::filter(filter)));
    rules.iter().map(|rule| (kind(rule), document(rule))).chain(filters).collect()
}

fn kind(rule: &Rule) -> Payload {
    match rule.logic {
        Logic::Detection { .. } | Logic::Native { .. } => Payload::Sigma,
        Logic::Correlation(_) => Payload::SigmaCorrelation,
    }
}

/// An ordered mapping that leaves out what is absent.
#[derive(Default)]
struct Fields(Map<String, Json>);

impl Fields {
    fn set(&mut self, key: &str, value: impl serde::Serialize) {
        match serde_json::to_value(value) {
            Ok(Json::Null) | Err(_) => {}
            Ok(Json::Array(list)) if list.is_empty() => {}
            Ok(value) => {
                self.0.insert(key.to_owned(), value);
            }
        }
    }
}

/// One rule in the order of the specification. Claims stay, as a key that Sigma allows; texts and
/// variants that only Crosswalk reads do not.
fn document(rule: &Rule) -> Json {
    let mut fields = Fields::default();
    head(&mut fields, &rule.header);
    match &rule.logic {
        Logic::Detection { logsource, detection } => {
            fields.set("logsource", self::logsource(logsource));
            fields.set("detection", sigma::print::detection(&own_selections(rule, detection)));
        }
        Logic::Correlation(correlation) => {
            fields.set("correlation", self::correlation(correlation))
        }
        Logic::Native { logsource } => fields.set("logsource", self::logsource(logsource)),
    }
    tail(&mut fields, &rule.header);
    fields.set("controls", &rule.sections.controls);
    for (key, value) in &rule.custom {
        fields.set(key, value);
    }
    Json::Object(fields.0)
}

/// The detection without selections that only a platform's variant uses: in plain Sigma they would
/// be loose ends.
fn own_selections(rule: &Rule, detection: &Detection) -> Detection {
    let variants = [&rule.sections.elastic.condition, &rule.sections.datadog.condition];
    let cases = rule.sections.datadog.cases.iter().map(|case| &case.condition);
    let conditions = variants.into_iter().flatten().chain(cases).cloned().collect();
    let variants = Detection { selections: detection.selections.clone(), conditions };
    let used = used_names(detection);
    let elsewhere = used_names(&variants);
    let mut own = detection.clone();
    own.selections
        .retain(|(name, _)| used.contains(&name.as_str()) || !elsewhere.contains(&name.as_str()));
    own
}

fn head(fields: &mut Fields, header: &Header) {
    fields.set("title", &header.title);
    fields.set("id", &header.id);
    fields.set("name", &header.name);
    fields.set("related", &header.related);
    fields.set("taxonomy", &header.taxonomy);
    fields.set("status", &header.status);
    fields.set("description", header.description.as_ref().map(|text| text.trim_end()));
    fields.set("license", &header.license);
    fields.set("references", &header.references);
    fields.set("author", &header.author);
    fields.set("date", &header.date);
    fields.set("modified", &header.modified);
    fields.set("tags", &header.tags);
    fields.set("scope", &header.scope);
}

fn tail(fields: &mut Fields, header: &Header) {
    fields.set("fields", &header.fields);
    fields.set("falsepositives", &header.falsepositives);
    fields.set("level", &header.level);
}

fn logsource(logsource: &Logsource) -> Json {
    let mut fields = Fields::default();
    fields.set("category", &logsource.category);
    fields.set("product", &logsource.product);
    fields.set("service", &logsource.service);
    fields.set("definition", &logsource.definition);
    for (key, value) in &logsource.custom {
        fields.set(key, value);
    }
    Json::Object(fields.0)
}

fn correlation(correlation: &Correlation) -> Json {
    let mut fields = Fields::default();
    fields.set("type", correlation.kind);
    fields.set("rules", &correlation.rules);
    if !correlation.aliases.is_empty() {
        fields.set("aliases", &correlation.aliases);
    }
    fields.set("group-by", &correlation.group_by);
    fields.set("timespan", &correlation.timespan);
    fields.set("generate", correlation.generate.then_some(true));
    if let Some(condition) = &correlation.condition {
        let mut bounds = Fields::default();
        for (order, number) in &condition.bounds {
            bounds.set(word(*order), whole(*number));
        }
        bounds.set("neq", condition.not_equal.map(whole));
        bounds.set("field", &condition.field);
        bounds.set("percentile", condition.percentile.map(whole));
        fields.set("condition", Json::Object(bounds.0));
    }
    let extended = correlation.extended.as_ref();
    fields.set("condition", extended.map(|condition| sigma::print::condition(&condition.value)));
    Json::Object(fields.0)
}

fn word(order: Order) -> &'static str {
    match order {
        Order::Less => "lt",
        Order::LessOrEqual => "lte",
        Order::Equal => "eq",
        Order::GreaterOrEqual => "gte",
        Order::Greater => "gt",
    }
}

/// Counts are whole numbers, and should look like it.
fn whole(number: crate::query::Number) -> Json {
    let text = number.to_string();
    text.parse::<i64>().map_or_else(|_| json!(number.get()), |integer| json!(integer))
}

fn filter(filter: &Filter) -> Json {
    let mut fields = Fields::default();
    head(&mut fields, &filter.header);
    fields.set("logsource", logsource(&filter.logsource));
    let mut body = Fields::default();
    match filter.rules.as_slice() {
        [] => body.set("rules", "any"),
        rules => body.set("rules", rules),
    }
    if let Json::Object(detection) = sigma::print::detection(&filter.detection) {
        body.0.extend(detection);
    }
    fields.set("filter", Json::Object(body.0));
    tail(&mut fields, &filter.header);
    Json::Object(fields.0)
}
