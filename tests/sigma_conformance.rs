//! Sigma against inputs and outputs that were recorded while other people's suites passed.
//!
//! Where a recorded answer contradicts the specification it is listed in `UPSTREAM_IS_WRONG` with
//! the reason; a listed row that agrees after all fails too, so the list cannot rot.

mod common;

use common::{corpus, rows, text};
use crosswalk::language::sigma::{self, Modifier, parse_text};
use crosswalk::query::{Case, Cidr, Expr, FieldPath, Op, Order, Part, Pattern, Subject, Test};
use crosswalk::rule::{Document, Logic, RuleFile, RuleSet, expr};
use serde_json::{Value, json};

/// Row id and the reason why the recorded answer is wrong by the specification.
const UPSTREAM_IS_WRONG: &[(u64, &str)] =
    &[(389, "`all` with a single value is disallowed; recorded as accepted, here a warning")];

fn conformance(kind: &str) -> Option<Vec<Value>> {
    let path = corpus("sigma-truth/conformance.jsonl", kind)?;
    Some(rows(&path).into_iter().filter(|row| row["kind"] == kind).collect())
}

/// A pattern from the recorded form: texts and `{"wild": "*"}`.
fn pattern(parts: &Value) -> Option<Pattern> {
    let part = |part: &Value| match part {
        Value::String(text) => Some(Part::Literal(text.clone())),
        Value::Object(_) if part["wild"] == "*" => Some(Part::Any),
        Value::Object(_) if part["wild"] == "?" => Some(Part::One),
        _ => None,
    };
    parts.as_array()?.iter().map(part).collect()
}

#[test]
fn strings_are_read_as_recorded() {
    let Some(rows) = conformance("string") else { return };
    let mut checked = 0;
    for row in &rows {
        // `escape: false` switches Sigma's escapes off, which no rule can do.
        if row["escape"] == true
            && let Some(expected) = pattern(&row["expect"])
        {
            assert_eq!(parse_text(text(row, "src")), expected, "{row}");
            checked += 1;
        }
    }
    eprintln!("strings: {checked} of {} rows", rows.len());
    assert!(checked > 20);
}

/// One item `field|modifiers: value` through our parser and `lower`.
fn lowered(field: Option<&str>, modifiers: &[&str], value: &Value) -> Result<Expr, Vec<String>> {
    let key = format!("{}|{}", field.unwrap_or(""), modifiers.join("|"));
    let key = key.trim_end_matches('|');
    let rule = json!({
        "title": "t", "logsource": {"category": "test"},
        "detection": {"sel": if key.is_empty() { json!([value]) } else { json!({key: value}) }, "condition": "sel"},
    });
    rule_expr(&rule.to_string())
}

fn rule_expr(rule: &str) -> Result<Expr, Vec<String>> {
    let (file, findings) = RuleFile::parse("rule.yml", rule);
    let errors: Vec<String> = findings
        .iter()
        .filter(|f| f.severity == crosswalk::diagnostic::Severity::Error)
        .map(|f| format!("{}: {}", f.code, f.message))
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    match file.documents.first() {
        Some(Document::Rule(rule)) => expr(rule, None).map_err(|e| vec![format!("{e:?}")]),
        other => Err(vec![format!("{other:?}")]),
    }
}

/// What the recorded rows call a value, as we would write it in a rule.
fn source_value(value: &Value) -> Option<Value> {
    if let Some(parts) = value.get("str") {
        return Some(Value::String(sigma::escape(&pattern(parts)?)));
    }
    for key in ["num", "bool"] {
        if let Some(plain) = value.get(key) {
            return Some(plain.clone());
        }
    }
    None
}

/// The recorded result as an expression over `field`.
fn recorded(field: Option<&str>, result: &Value) -> Option<Expr> {
    let subject = field.map_or(Subject::Event, |field| Subject::Field(field.into()));
    let test = |op| Expr::from(Test { subject: subject.clone(), op });
    if let Some(alternatives) = result.get("expansion") {
        let members: Option<Vec<Expr>> =
            alternatives.as_array()?.iter().map(|one| recorded(field, one)).collect();
        return members.map(Expr::any_of);
    }
    if let Some(parts) = result.get("str") {
        let case = if result["cased"] == true { Case::Sensitive } else { Case::Insensitive };
        let mut pattern = pattern(parts)?;
        if field.is_none() {
            pattern = pattern.with_any_before().with_any_after();
        }
        return Some(test(Op::Matches { pattern, case }));
    }
    if let Some(network) = result.get("cidr") {
        return Some(test(Op::Cidr(Cidr::parse(network.as_str()?)?)));
    }
    if let Some(exists) = result.get("exists") {
        let present = Expr::any_of([test(Op::Exists), test(Op::Null)]);
        return Some(if exists == true { present } else { present.negated() });
    }
    if let Some(order) = result.get("cmp").or(result.get("time").map(|_| &Value::Null)) {
        let number = crosswalk::query::Number::new(result["num"].as_f64()?)?;
        let order = match order.as_str() {
            Some("LT") => Order::Less,
            Some("LTE") => Order::LessOrEqual,
            Some("GT") => Order::Greater,
            Some("GTE") => Order::GreaterOrEqual,
            _ => Order::Equal,
        };
        // Comparisons of parts of dates are recorded without the part; the caller adds it.
        return Some(test(Op::Compare { order, number }));
    }
    if let Some(number) = result.get("num") {
        let mut pattern = Pattern::literal(number.to_string());
        if field.is_none() {
            pattern = pattern.with_any_before().with_any_after();
        }
        return Some(test(Op::Matches { pattern, case: Case::Insensitive }));
    }
    None
}

#[test]
fn modifiers_do_what_was_recorded() {
    let Some(rows) = conformance("modifier") else { return };
    let (mut checked, mut not_comparable) = (0, Vec::new());
    for row in &rows {
        let id = row["id"].as_u64().expect("an id");
        if UPSTREAM_IS_WRONG.iter().any(|(wrong, _)| *wrong == id) {
            continue;
        }
        let modifier = text(row, "modifier");
        assert!(Modifier::from_name(modifier).is_some(), "unknown modifier in {row}");
        let field = row["field"].as_str();
        let applied: Vec<&str> = row["applied"]
            .as_array()
            .map_or(Vec::new(), |list| list.iter().filter_map(Value::as_str).collect());
        if let Some(error) = row.get("error") {
            // The recorded value already went through `applied`, so the whole chain is replayed.
            let value = source_value(&row["value"]).unwrap_or_else(|| json!("foo.*bar"));
            let chain: Vec<&str> = applied.iter().copied().chain([modifier]).collect();
            let ours = lowered(field, &chain, &value);
            assert!(ours.is_err(), "{error} was recorded, {ours:?} is ours: {row}");
            checked += 1;
            continue;
        }
        // A text that earlier modifiers made can be written into a rule as it is; networks,
        // expressions and expansions cannot, and are covered by the chains of other rows.
        let value = source_value(&row["value"]);
        let expected = row["expect"].as_array().and_then(|list| recorded(field, list.first()?));
        let (Some(value), Some(expected)) = (value, expected) else {
            not_comparable.push(id);
            continue;
        };
        let ours = lowered(field, &[modifier], &value).unwrap_or_else(|e| panic!("{e:?}: {row}"));
        let ours = without_date_part(ours);
        assert_eq!(normal(ours), normal(expected), "{row}");
        checked += 1;
    }
    eprintln!(
        "modifiers: {checked} of {} rows; the others are list modifiers, references, regular expressions and expansions",
        rows.len()
    );
    assert!(checked > 90, "only {checked} rows were comparable: {not_comparable:?}");
}

/// Comparisons of parts of dates are recorded like comparisons of numbers.
fn without_date_part(expr: Expr) -> Expr {
    match expr {
        Expr::Test(Test { subject, op: Op::Time { order, number, .. } }) => {
            Test { subject, op: Op::Compare { order, number } }.into()
        }
        other => other,
    }
}

/// Alternatives in one order: expansions are sets.
fn normal(expr: Expr) -> Expr {
    match expr {
        Expr::Or(members) => {
            let mut members: Vec<Expr> = members.into_iter().map(normal).collect();
            members.sort();
            Expr::any_of(members)
        }
        Expr::And(members) => Expr::all(members.into_iter().map(normal)),
        Expr::Not(inner) => normal(*inner).negated(),
        other => other,
    }
}

/// A recorded condition tree as an expression; `None` if it holds what only a pipeline makes.
fn tree(node: &Value) -> Option<Expr> {
    let members = |key: &str| -> Option<Option<Vec<Expr>>> {
        node.get(key).map(|list| list.as_array()?.iter().map(tree).collect())
    };
    if let Some(members) = members("and") {
        return members.map(Expr::all);
    }
    if let Some(members) = members("or") {
        return members.map(Expr::any_of);
    }
    if let Some(members) = members("not") {
        return Some(members?.into_iter().next()?.negated());
    }
    if let Some(pair) = node.get("eq") {
        let field = pair[0].as_str()?;
        if pair[1].get("null").is_some() {
            return Some(Expr::from(Test::field(field, Op::Exists)).negated());
        }
        if let Some(value) = pair[1].get("bool") {
            let pattern = Pattern::literal(value.to_string());
            return Some(
                Test::field(field, Op::Matches { pattern, case: Case::Insensitive }).into(),
            );
        }
        return recorded(Some(field), &pair[1]);
    }
    node.get("kw").and_then(|value| recorded(None, value))
}

/// Rows whose recorded tree shows what a processing pipeline made of the condition.
const PIPELINES: &[u64] = &[481, 1463, 1469];

#[test]
fn conditions_become_the_recorded_trees() {
    let Some(rows) = conformance("condition") else { return };
    let (mut checked, mut pipelines) = (0, 0);
    let mut wrong = Vec::new();
    for row in &rows {
        if row["detections"].is_null() || PIPELINES.contains(&row["id"].as_u64().unwrap_or(0)) {
            pipelines += 1;
            continue;
        }
        let mut detections = row["detections"].as_object().expect("a mapping").clone();
        detections.insert("condition".into(), row["condition"].clone());
        let rule =
            json!({"title": "t", "logsource": {"category": "test"}, "detection": detections});
        let ours = rule_expr(&rule.to_string());
        if row.get("error").is_some() {
            assert!(ours.is_err(), "must be rejected: {row}");
            checked += 1;
            continue;
        }
        // Fields called `mapped…` were renamed by a pipeline of the recorded suite.
        let recorded = row["expect"].to_string();
        if recorded.contains("\"mapped") && !row["detections"].to_string().contains("\"mapped") {
            pipelines += 1;
            continue;
        }
        let Some(expected) = tree(&row["expect"]) else {
            pipelines += 1;
            continue;
        };
        let ours = ours.map(|ours| normal(without_dates(ours)));
        if ours.as_ref() != Ok(&normal(expected)) {
            wrong.push(format!("ours {ours:?}: {row}"));
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    eprintln!(
        "conditions: {checked} of {} rows; {pipelines} hold regular expressions, references or pipelines' work",
        rows.len()
    );
    assert!(checked > 100, "only {checked}");
}

fn without_dates(expr: Expr) -> Expr {
    match expr {
        Expr::And(members) => Expr::all(members.into_iter().map(without_dates)),
        Expr::Or(members) => Expr::any_of(members.into_iter().map(without_dates)),
        Expr::Not(inner) => without_dates(*inner).negated(),
        other => without_date_part(other),
    }
}

/// Rows of kind `parse` that we judge differently.
const PARSE_DIFFERS: &[(u64, &str)] = &[
    (7, "`action: global` is of Sigma 1 and not in the specification 2.1"),
    (8, "`action: reset` is of Sigma 1 and not in the specification 2.1"),
    (10, "`action: repeat` is of Sigma 1 and not in the specification 2.1"),
    (898, "the specification wants YYYY-MM-DD; one-digit months are read by accident of YAML 1.1"),
    (899, "the specification wants YYYY-MM-DD; one-digit months are read by accident of YAML 1.1"),
    (
        1084,
        "a pattern that names nothing makes the condition meaningless; pySigma 2.0.1 rejects it",
    ),
    (726, "a filter for no rule filters nothing; the specification wants rules, or `any`"),
    (806, "the specification counts the values of one field; a list is pySigma's extension"),
];

#[test]
fn documents_are_accepted_and_rejected_as_recorded() {
    let Some(rows) = conformance("parse") else { return };
    let mut wrong = Vec::new();
    for row in &rows {
        let id = row["id"].as_u64().expect("an id");
        if PARSE_DIFFERS.iter().any(|(differs, _)| *differs == id) {
            continue;
        }
        let what = text(row, "what");
        let (file, mut findings) = RuleFile::parse("rule.yml", &documents(text(row, "src"), what));
        // A single document may refer to rules that come with other files.
        if what.starts_with("collection") {
            findings.extend(crosswalk::check::check(&RuleSet::of(vec![file])));
        }
        let findings = findings.into_iter();
        let errors: Vec<String> = findings
            .filter(|f| f.severity == crosswalk::diagnostic::Severity::Error)
            .map(|f| format!("{}: {}", f.code, f.message))
            .collect();
        let recorded = row
            .get("error")
            .or(row.get("errors"))
            .filter(|e| !e.as_array().is_some_and(Vec::is_empty));
        if recorded.is_some() == errors.is_empty() {
            wrong.push(format!(
                "{id} {} recorded {recorded:?}, ours {errors:?}\n{}",
                text(row, "what"),
                text(row, "src")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n---\n"));
}

/// A recorded list of documents as a stream of documents.
fn documents(source: &str, what: &str) -> String {
    if what != "collection_dicts" {
        return source.to_owned();
    }
    let list: Vec<Value> = serde_json::from_str(source).expect("a JSON list");
    list.iter().map(|document| format!("--- {document}\n")).collect()
}

#[test]
fn networks_hold_what_their_recorded_wildcards_match() {
    let Some(rows) = conformance("cidr_expand") else { return };
    for row in &rows {
        let network = Cidr::parse(text(row, "src")).unwrap_or_else(|| panic!("{row}"));
        let patterns: Vec<Pattern> = row["expect"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(parse_text)
            .collect();
        for address in (0..=255u8)
            .flat_map(|a| [0u8, 1, 127, 128, 168, 255].map(move |b| format!("{a}.{b}.7.1")))
        {
            let wildcard = patterns.iter().any(|pattern| pattern.matches(&address, false));
            assert_eq!(network.contains(&address), wildcard, "{address} {row}");
        }
    }
}

#[test]
fn oracle_cases_are_judged_as_by_the_specification() {
    let Some(path) = corpus("sigma-truth/oracle_cases.jsonl", "oracle cases") else { return };
    for row in rows(&path) {
        let expr = rule_expr(text(&row, "rule")).unwrap_or_else(|e| panic!("{e:?}: {row}"));
        assert_eq!(expr.eval(&row["event"]), row["expect"] == true, "{row}");
    }
}

/// What a run did to a rule before it became a query, if its row names a pipeline: pySigma's
/// `ecs_windows` renames fields and asks for the channel of the service.
fn through_pipeline(expr: Expr, row: &Value) -> Result<Expr, String> {
    const RENAMED: &[(&str, &str)] = &[
        ("EventID", "event.code"),
        ("Channel", "winlog.channel"),
        ("Provider_Name", "winlog.provider_name"),
    ];
    const CHANNELS: &[(&str, &str)] = &[
        ("service: sysmon", "Microsoft-Windows-Sysmon/Operational"),
        ("service: security", "Security"),
        ("service: system", "System"),
    ];
    match row["pipeline"].as_str() {
        None => return Ok(expr),
        Some("ecs_windows") => {}
        Some(other) => return Err(format!("the pipeline `{other}` is not known")),
    }
    let name = |field: &FieldPath| {
        let renamed = RENAMED.iter().find(|(from, _)| field.as_str() == *from);
        renamed.map_or_else(|| field.clone(), |(_, to)| FieldPath::new(*to))
    };
    let renamed = expr.renamed(&name);
    let channel = CHANNELS.iter().find(|(service, _)| text(row, "src").contains(service));
    let channel =
        channel.map(|(_, channel)| Test::field(FieldPath::new("winlog.channel"), Op::is(channel)));
    Ok(Expr::all(channel.map(Expr::from).into_iter().chain([renamed])))
}

#[test]
fn rules_find_what_elasticsearch_found_in_recorded_runs() {
    let Some(path) = corpus("sigma-truth/execution_cases.jsonl", "runs on Elasticsearch") else {
        return;
    };
    let (mut right, mut wrong) = (0, Vec::new());
    for row in rows(&path) {
        let name = text(&row, "test").rsplit("::").next().expect("a name");
        let expr = rule_expr(text(&row, "src")).map_err(|errors| errors.join("; "));
        let expr = match expr.and_then(|expr| through_pipeline(expr, &row)) {
            Ok(expr) => expr,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let docs = row["docs"].as_array().expect("documents");
        let hits = docs.iter().filter(|doc| expr.eval(doc)).count();
        let agrees = Some(hits as u64) == row["expect_hits"].as_u64();
        if !agrees {
            wrong.push(format!("{name}: {hits} for {}", row["expect_hits"]));
        }
        right += usize::from(agrees);
    }
    assert!(wrong.is_empty(), "{right} agree\n{}", wrong.join("\n"));
}

#[test]
fn every_detection_of_the_corpus_reads_back_as_written() {
    let Some(root) = corpus("sigma", "the Sigma corpus") else { return };
    let (mut rules, mut refused) = (0, 0);
    for path in common::files(&root, "yml") {
        let text = std::fs::read_to_string(&path).expect("readable");
        let (file, _) = RuleFile::parse("rule.yml", &text);
        for document in &file.documents {
            let Document::Rule(rule) = document else { continue };
            let Logic::Detection { detection, .. } = &rule.logic else { continue };
            let Ok(meaning) = sigma::lower(detection) else {
                refused += 1;
                continue;
            };
            let again = |detection: Value| {
                rule_expr(
                    &json!({"title": "t", "logsource": {"category": "x"}, "detection": detection})
                        .to_string(),
                )
            };
            let printed = again(sigma::print::detection(detection));
            assert_eq!(printed.as_ref(), Ok(&meaning), "printed: {}", path.display());
            let raised = sigma::raise(&meaning, &()).expect("Sigma says what Sigma said");
            assert!(raised.losses.is_empty(), "{:?}", raised.losses);
            let raised = sigma::print::detection(&raised.value);
            let raised_meaning = again(raised.clone())
                .unwrap_or_else(|e| panic!("{e:?} {raised} {}", path.display()));
            assert_eq!(
                sorted(raised_meaning),
                sorted(meaning),
                "raised: {} {raised}",
                path.display()
            );
            rules += 1;
        }
    }
    eprintln!("{rules} detections read back; {refused} hold open placeholders or errors");
    assert!(rules > 1000);
}

/// Members in one order: raising may regroup them.
fn sorted(expr: Expr) -> Expr {
    let sort = |members: Vec<Expr>| {
        let mut members: Vec<Expr> = members.into_iter().map(sorted).collect();
        members.sort();
        members
    };
    match expr {
        Expr::And(members) => Expr::all(sort(members)),
        Expr::Or(members) => Expr::any_of(sort(members)),
        Expr::Not(inner) => sorted(*inner).negated(),
        other => other,
    }
}
