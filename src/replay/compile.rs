//! From a set of rules to a program.

use std::collections::HashMap;

use super::assemble::{Watched, WatchedMember};
use super::atoms::number;
use super::detector::{Detector, Logic as Condition};
use super::program::{Lane, LeftOut, Program, RuleFacts, Sources, Trigger};
use super::sift::{Sift, Values};
use super::{correlate, datadog};
use crate::fields::View;
use crate::query::{Expr, FieldPath};
use crate::rule::{Logic, Logsource, Rule, RuleSet, Shape, ShapeError};
use crate::target::Names;

/// How rules are to be run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The log source of events that are not CloudTrail's.
    pub logsource: Option<Logsource>,
    /// Run every rule on every event.
    pub all_rules: bool,
    /// The field that holds the time of events that are not CloudTrail's; `@timestamp` if absent.
    pub time_field: Option<String>,
    /// As what rules are run.
    pub form: Form,
    /// Make Datadog's log of every record, also of those that say by themselves that no rule over
    /// logs holds. What is found is the same, and takes longer to find.
    pub all_logs: bool,
}

/// As what rules are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As they are written. What stands only in a platform's own words runs as that platform's rule,
    /// if it can be.
    #[default]
    Canonical,
    /// As the rules that Datadog gets, with its cases, windows and signals.
    Datadog,
}

/// A program that is being made.
pub(super) struct Compiler<'r> {
    pub(super) set: &'r RuleSet,
    pub(super) options: Options,
    pub(super) rules: Vec<RuleFacts>,
    pub(super) left_out: Vec<(RuleFacts, LeftOut)>,
    pub(super) lanes: Vec<(View, Lane)>,
    pub(super) known: HashMap<(View, Sources, Expr), u32>,
    pub(super) detectors: Vec<Detector>,
    pub(super) sift: Option<Sift>,
}

impl Program {
    /// Compiles all rules of a set.
    pub fn new(set: &RuleSet, options: Options) -> Self {
        let mut compiler = Compiler::new(set, options);
        let silent = silent(set);
        let names = Names::of(set);
        let mut names = names.iter().peekable();
        for rule in set.rules() {
            let alerts = !silent.contains(&std::ptr::from_ref(rule));
            let name = names.next_if(|(named, _)| std::ptr::eq(*named, rule)).map(|(_, name)| name);
            if let Err(why) = compiler.rule(rule, alerts.then_some(name).flatten()) {
                compiler.left_out.push((facts(rule), why));
            }
        }
        compiler.finish()
    }
}

impl Program {
    /// A program that looks for events whatever they are of: one rule for each expression over
    /// records, with a name.
    pub fn looking_for(exprs: impl IntoIterator<Item = (String, Expr)>) -> Self {
        let set = RuleSet::default();
        let mut compiler = Compiler::new(&set, Options { all_rules: true, ..Options::default() });
        let sources = Sources { cloudtrail: true, others: true, wrappers: false };
        for (title, expr) in exprs {
            let number = number(compiler.rules.len());
            compiler.rules.push(RuleFacts { id: None, title, level: None, file: String::new() });
            compiler.predicate((View::Raw, sources), expr, Trigger::Alert(number), &Values::NONE);
        }
        compiler.finish()
    }
}

/// The rules that raise no alerts by themselves, as [`RuleSet::raises_alerts`] says of each.
fn silent(set: &RuleSet) -> Vec<*const Rule> {
    let correlations = set.rules().filter_map(|rule| match &rule.logic {
        Logic::Correlation(correlation) if !correlation.generate => Some(correlation),
        _ => None,
    });
    let members = correlations.flat_map(|correlation| &correlation.rules);
    members.filter_map(|name| set.find(name)).map(std::ptr::from_ref).collect()
}

fn facts(rule: &Rule) -> RuleFacts {
    let header = &rule.header;
    let id = header.id.as_ref().map(|id| id.value.to_string());
    RuleFacts {
        id: id.or_else(|| header.name.as_ref().map(|name| name.value.clone())),
        title: header.title.clone(),
        level: header.level.as_ref().map(|level| level.value),
        file: rule.source.name().to_owned(),
    }
}

impl<'r> Compiler<'r> {
    fn new(set: &'r RuleSet, options: Options) -> Self {
        let sift = if options.all_logs { None } else { Sift::new() };
        Self {
            set,
            options,
            sift,
            rules: Vec::new(),
            left_out: Vec::new(),
            lanes: View::ALL.map(|view| (view, Lane::default())).into(),
            known: HashMap::new(),
            detectors: Vec::new(),
        }
    }
}

impl Compiler<'_> {
    /// A rule; `name` is that of its documents, if it raises alerts.
    fn rule(&mut self, rule: &Rule, name: Option<&str>) -> Result<(), LeftOut> {
        match (&rule.logic, name) {
            (Logic::Native { .. }, Some(name)) => self.as_datadog(rule, name),
            (_, Some(name)) if self.options.form == Form::Datadog => self.as_datadog(rule, name),
            (logic, name) => self.as_written(rule, logic, name.is_some()),
        }
    }

    fn as_datadog(&mut self, rule: &Rule, name: &str) -> Result<(), LeftOut> {
        let watched = datadog::watched(self, rule, name)?;
        self.watch(rule, watched)
    }

    fn as_written(&mut self, rule: &Rule, logic: &Logic, alerts: bool) -> Result<(), LeftOut> {
        match logic {
            Logic::Native { .. } => Err(refused(&ShapeError::Native)),
            Logic::Correlation(correlation) => {
                let watched = correlate::watched(self, correlation)?;
                self.watch(rule, watched)
            }
            // It counts for its correlations, which compile it too.
            Logic::Detection { .. } if !alerts => Ok(()),
            Logic::Detection { logsource, .. } => {
                let (view, sources) = self.view(rule, logsource)?;
                let (shape, _) = self.set.shape(rule, None).map_err(|e| refused(&e))?;
                match shape {
                    Shape::NewValue { expr, fields, history } => {
                        let path = |field: &FieldPath| view.path(field.as_str());
                        let group = fields.iter().map(|field| field.to_string()).collect();
                        let fields = fields.iter().map(path).collect();
                        let expr = in_view(expr, view);
                        // What is not there is no new value; Elastic and Datadog see it so too.
                        let member = WatchedMember {
                            view,
                            sources,
                            expr,
                            group: fields,
                            values: Vec::new(),
                            whole: true,
                        };
                        let watched = Watched {
                            kind: "new_value",
                            group,
                            members: vec![member],
                            logic: Condition::Novel,
                            window: milliseconds(history.seconds()),
                        };
                        self.watch(rule, watched)
                    }
                    Shape::Match(expr) => {
                        let number = self.number(rule);
                        let expr = in_view(expr, view);
                        self.predicate(
                            (view, sources),
                            expr,
                            Trigger::Alert(number),
                            &Values::NONE,
                        );
                        Ok(())
                    }
                    Shape::Threshold { .. } | Shape::Correlation(_) => {
                        Err(LeftOut::Refused("the rule has a shape of correlations".to_owned()))
                    }
                }
            }
        }
    }

    pub(super) fn number(&mut self, rule: &Rule) -> u32 {
        self.rules.push(facts(rule));
        number(self.rules.len() - 1)
    }
}

/// An expression with the paths of a view.
pub(super) fn in_view(expr: Expr, view: View) -> Expr {
    if view == View::Raw { expr } else { expr.renamed(&|field| view.path(field.as_str())) }
}

/// Seconds as milliseconds.
pub(super) fn milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX)
}

/// Why a rule without shape does not run.
pub(super) fn refused(error: &ShapeError) -> LeftOut {
    LeftOut::Refused(match error {
        ShapeError::Detection(errors) => {
            let first = errors.first().map(|error| error.message.clone());
            first.unwrap_or_else(|| "its detection has no meaning".to_owned())
        }
        ShapeError::UnknownRule(name) => format!("there is no rule `{name}`"),
        ShapeError::Nested(name) => format!("`{name}` is a correlation itself"),
        ShapeError::MixedLogsources => "its rules read different log sources".to_owned(),
        ShapeError::Native => "it is written in a platform's own language".to_owned(),
    })
}
