//! `crosswalk explain`: every stage of one rule, or the meaning of a code.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::codes::codes;
use super::output::{Format, write};
use super::{Context, Failure, Outcome};
use crate::build::{BuiltRule, build};
use crate::config::Target;
use crate::diagnostic::Code;
use crate::fields::{Catalog, View};
use crate::query::{Expr, Translated};
use crate::rule::{Rule, RuleSet, Shape};
use crate::target::{Emission, Names, reasons};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A rule: its file, id, Sigma name or artifact name. Or the code of a finding, a loss, an
    /// assumption or a refusal.
    what: String,
}

impl Explain {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        if let Some(code) = codes().into_iter().find(|code| code.name == self.what) {
            write(&code_text(code, context.format))?;
            return Ok(Outcome::Fine);
        }
        if let Some(meaning) = reasons::meaning(&self.what) {
            write(&format!("{}: {meaning}\n", self.what))?;
            return Ok(Outcome::Fine);
        }
        let path = std::path::PathBuf::from(&self.what);
        let paths = if path.is_file() { vec![path] } else { Vec::new() };
        let (set, findings) = super::output::read_rules(context, &paths)?;
        let rule = find(&set, &self.what).ok_or_else(|| {
            let known = codes().into_iter().map(|code| code.name);
            let help = crate::diagnostic::closest(&self.what, known)
                .map_or(String::new(), |near| format!("; did you mean the code `{near}`?"));
            Failure(format!("error: `{}` is neither a rule nor a code{help}", self.what))
        })?;
        let own = findings.iter().filter(|finding| {
            finding.place.as_ref().is_some_and(|place| place.source.name() == rule.source.name())
        });
        let own: Vec<_> = own.cloned().collect();
        anstream::eprint!("{}", super::output::for_people(&own));
        let targets = [Target::Elastic, Target::Datadog, Target::Sigma];
        let built = build(&set, &context.config, &targets, &context.templates()?);
        let names = Names::of(&set);
        let name = names.iter().find(|(named, _)| std::ptr::eq(*named, rule)).map(|(_, name)| name);
        let built = built.rules.iter().find(|built| Some(built.name.as_str()) == name);
        let stages = Stages::of(&set, rule, built);
        match context.format {
            Format::Json => write(&format!("{:#}\n", stages.json()))?,
            _ => write(&stages.text())?,
        }
        Ok(Outcome::Fine)
    }
}

fn code_text(code: &Code, format: Format) -> String {
    let explanation = code.markdown();
    match format {
        Format::Json => {
            let code =
                json!({"code": code.name, "severity": code.severity, "explanation": explanation});
            format!("{code:#}\n")
        }
        _ => format!("{} ({})\n\n{explanation}\n", code.name, code.severity),
    }
}

pub(super) fn find<'s>(set: &'s RuleSet, what: &str) -> Option<&'s Rule> {
    let by_artifact = || {
        let names = Names::of(set);
        names.iter().find(|(_, name)| *name == what).map(|(rule, _)| rule)
    };
    let name = what.strip_prefix("./").unwrap_or(what);
    set.find(what)
        .or_else(|| set.rules().find(|rule| rule.source.name() == name && set.raises_alerts(rule)))
        .or_else(by_artifact)
}

/// Everything that is known of one rule, stage by stage.
struct Stages<'r> {
    rule: &'r Rule,
    shape: Option<Shape>,
    views: Vec<(View, Result<Translated<Expr>, String>)>,
    emissions: &'r [(Target, Emission)],
}

impl<'r> Stages<'r> {
    fn of(set: &'r RuleSet, rule: &'r Rule, built: Option<&'r BuiltRule>) -> Self {
        let shape = set.shape(rule, None).ok();
        let views = match &shape {
            Some((shape, logsource)) => views(logsource.catalog(), shape),
            None => Vec::new(),
        };
        let emissions = built.map_or(&[][..], |built| &built.emissions);
        Self { rule, shape: shape.map(|(shape, _)| shape), views, emissions }
    }

    fn json(&self) -> Json {
        let views = self.views.iter().map(|(view, pushed)| {
            let pushed = match pushed {
                Ok(pushed) => json!(pushed),
                Err(reason) => json!({"refused": reason}),
            };
            (format!("{view:?}").to_lowercase(), pushed)
        });
        let targets = self.emissions.iter().map(|(target, emission)| {
            (
                target.name().to_owned(),
                json!({"output": emission.output, "refused": emission.refused}),
            )
        });
        json!({
            "rule": self.rule,
            "shape": self.shape,
            "views": views.collect::<serde_json::Map<_, _>>(),
            "targets": targets.collect::<serde_json::Map<_, _>>(),
        })
    }

    fn text(&self) -> String {
        let header = &self.rule.header;
        let mut out = String::new();
        let _ = writeln!(out, "{}\n{}\n", header.title, self.rule.source.name());
        if let Some(logsource) = self.rule.logic.logsource() {
            let _ = writeln!(out, "log source: {logsource}");
        }
        match &self.shape {
            Some(shape) => write_shape(&mut out, shape),
            None => out.push_str("meaning: none, see the findings\n"),
        }
        for (view, pushed) in &self.views {
            let _ = writeln!(
                out,
                "\n== as the {} view calls its fields",
                format!("{view:?}").to_lowercase()
            );
            match pushed {
                Ok(pushed) => out.push_str(&pushed.value.outline()),
                Err(reason) => {
                    let _ = writeln!(out, "refused: {reason}");
                }
            }
        }
        for (target, emission) in self.emissions {
            write_emission(&mut out, *target, emission);
        }
        out
    }
}

fn views(
    catalog: Option<&Catalog>,
    shape: &Shape,
) -> Vec<(View, Result<Translated<Expr>, String>)> {
    let Some(catalog) = catalog else { return Vec::new() };
    let expr = match shape {
        Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => expr,
        Shape::Correlation(_) => return Vec::new(),
    };
    let pushed = |view| {
        catalog.push(expr, view).map_err(|refusals| {
            refusals.into_iter().map(|refusal| refusal.reason).collect::<Vec<_>>().join("; ")
        })
    };
    [View::Ecs, View::Datadog].map(|view| (view, pushed(view))).into()
}

fn write_shape(out: &mut String, shape: &Shape) {
    out.push_str("\n== what it means\n");
    match shape {
        Shape::Match(expr) => out.push_str(&expr.outline()),
        Shape::NewValue { expr, fields, history } => {
            let fields: Vec<&str> = fields.iter().map(crate::query::FieldPath::as_str).collect();
            let _ = writeln!(
                out,
                "first time in {} for {}, among",
                history.in_words(),
                fields.join(", ")
            );
            out.push_str(&expr.outline());
        }
        Shape::Threshold { expr, at_least, window, group_by, count } => {
            let what = match count {
                crate::rule::Count::Events => "events".to_owned(),
                crate::rule::Count::Distinct(field) => format!("values of {field}"),
            };
            let groups: Vec<&str> = group_by.iter().map(crate::query::FieldPath::as_str).collect();
            let each = if groups.is_empty() {
                String::new()
            } else {
                format!(" for each {}", groups.join(", "))
            };
            let _ = writeln!(
                out,
                "at least {at_least} {what} within {}{each}, among",
                window.in_words()
            );
            out.push_str(&expr.outline());
        }
        Shape::Correlation(kind) => {
            let _ = writeln!(out, "a correlation of type `{kind}`");
        }
    }
}

fn write_emission(out: &mut String, target: Target, emission: &Emission) {
    let _ = writeln!(out, "\n== {}", target.name());
    for refusal in &emission.refused {
        let _ = writeln!(out, "refused: {}", refusal.reason);
    }
    let Some(output) = &emission.output else { return };
    for query in &output.queries {
        if let Some(name) = &query.name {
            let _ = writeln!(out, "{name}:");
        }
        let _ = writeln!(out, "{}", query.text.trim_end());
    }
    for loss in &output.losses {
        let _ = writeln!(out, "loss ({}): {}", loss.code, loss.reason);
    }
    for assumption in &output.assumptions {
        let _ = writeln!(out, "assumes ({}): {}", assumption.code, assumption.reason);
    }
}
