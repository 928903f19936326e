//! The tags of a rule, in Datadog's vocabulary.

use crate::fields::View;
use crate::query::{Expr, Op, Subject, Test};
use crate::rule::Shape;
use crate::rule::attack::{Tactic, Technique, tactic, technique};
use crate::target::{Compiled, Request};

/// Keys whose values come from the rule itself.
pub(super) const GENERATED: &[&str] = &[
    "source",
    "scope",
    "security",
    "iaas",
    "tactic",
    "technique",
    "framework",
    "requirement",
    "control",
    "framework_requirement",
    "framework_requirement_control",
];

/// `key:value` tags: source, scope, ATT&CK, controls, then the author's own.
///
/// Claims come twice. Datadog's own rules carry `framework:`, `control:` and `requirement:` as a
/// bag in which nobody can see which control belongs to which framework; the paired form
/// `framework_requirement_control:handle/requirement/control` keeps them together, and the version
/// with them. Plain `control:` tags are ordered from the oldest version to the newest.
pub(super) fn tags(request: &Request<'_>, compiled: Option<&Compiled>) -> Vec<String> {
    let (header, variant) = (&request.rule.header, &request.rule.sections.datadog);
    let mut tags = Vec::new();
    let mut add = |key: &str, value: &str| {
        let tag = format!("{key}:{value}");
        if !value.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    add("source", &compiled.and_then(source).unwrap_or_default());
    add("scope", variant.scope.as_deref().unwrap_or_default());
    add("security", variant.security.as_deref().unwrap_or_default());
    add("iaas", variant.iaas.as_deref().unwrap_or_default());
    let attack: Vec<&str> = header.tags_of("attack").collect();
    for Tactic { id, short_name, .. } in attack.iter().filter_map(|tag| tactic(tag)) {
        add("tactic", &format!("{id}-{short_name}"));
    }
    for Technique { id, name, .. } in attack.iter().filter_map(|tag| technique(tag)) {
        add("technique", &format!("{id}-{}", slug(name)));
    }
    claims(request, &mut add);
    variant
        .tags
        .iter()
        .filter_map(|tag| tag.split_once(':'))
        .for_each(|(key, value)| add(key, value));
    tags
}

fn claims(request: &Request<'_>, add: &mut impl FnMut(&str, &str)) {
    let controls = request.rule.sections.controls.iter().map(|control| &control.value);
    let mut known: Vec<_> = controls.filter_map(|claim| Some((claim, claim.resolve()?))).collect();
    known.sort_by_key(|(claim, (framework, _))| {
        (framework.framework.as_str(), framework.age(&claim.version))
    });
    for (claim, (framework, _)) in &known {
        add("framework", &framework.datadog_handle);
        add("requirement", &framework.requirement);
        add("control", &claim.number);
    }
    for (claim, (framework, _)) in &known {
        let handle = format!("{}-{}", claim.framework, claim.version);
        let value = format!("{handle}/{}/{}", framework.requirement, claim.number);
        add("framework_requirement_control", &value);
    }
}

/// The value that every log of a query has in `source`.
fn source(compiled: &Compiled) -> Option<String> {
    let (Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. }) =
        &compiled.shape
    else {
        return None;
    };
    let pushed = compiled.vocabulary.push(expr.clone(), View::Datadog).ok()?;
    demanded(&pushed.value).map(str::to_owned)
}

fn demanded(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::And(members) => members.iter().find_map(demanded),
        Expr::Test(Test { subject: Subject::Field(field), op: Op::Matches { pattern, .. } }) => {
            pattern.as_literal().filter(|_| field.as_str() == "source")
        }
        _ => None,
    }
}

/// `Cloud Firewall` as `cloud-firewall`.
fn slug(name: &str) -> String {
    let word: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    word.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
