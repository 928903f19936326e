//! From a set of rules to a program.

use std::collections::HashMap;

use super::atoms::number;
use super::detector::{Detector, Logic as Condition, Member};
use super::program::{EventSlots, Lane, LeftOut, Program, RuleFacts, Sources, Trigger, Use};
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

/// The field of events that are not CloudTrail's in which most logs keep the time.
const TIME_FIELD: &str = "@timestamp";

/// Fields that every record of CloudTrail has, and hardly anything else all three of: what happened,
/// in which service, and the version of the record, which excerpts leave out.
const CLOUDTRAIL_SHAPE: [&str; 3] = ["eventName", "eventSource", "eventVersion"];

/// A program that is being made.
pub(super) struct Compiler<'r> {
    pub(super) set: &'r RuleSet,
    pub(super) options: Options,
    rules: Vec<RuleFacts>,
    left_out: Vec<(RuleFacts, LeftOut)>,
    lanes: Vec<(View, Lane)>,
    known: HashMap<(View, Sources, Expr), u32>,
    detectors: Vec<Detector>,
}

/// A condition over several events before its fields have numbers.
pub(super) struct Watched {
    pub(super) kind: &'static str,
    pub(super) group: Vec<String>,
    pub(super) members: Vec<WatchedMember>,
    pub(super) logic: Condition,
    /// In milliseconds.
    pub(super) window: i64,
}

/// One of the rules that are watched.
pub(super) struct WatchedMember {
    pub(super) view: View,
    pub(super) sources: Sources,
    pub(super) expr: Expr,
    pub(super) group: Vec<FieldPath>,
    pub(super) values: Vec<FieldPath>,
    /// Whether an event counts only if it has a value for each field of the group.
    pub(super) whole: bool,
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
        let sources = Sources { cloudtrail: true, others: true };
        for (title, expr) in exprs {
            let number = number(compiler.rules.len());
            compiler.rules.push(RuleFacts { id: None, title, level: None, file: String::new() });
            compiler.predicate(View::Raw, sources, expr, Trigger::Alert(number));
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
        Self {
            set,
            options,
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
                        self.predicate(view, sources, in_view(expr, view), Trigger::Alert(number));
                        Ok(())
                    }
                    Shape::Threshold { .. } | Shape::Correlation(_) => {
                        Err(LeftOut::Refused("the rule has a shape of correlations".to_owned()))
                    }
                }
            }
        }
    }

    fn number(&mut self, rule: &Rule) -> u32 {
        self.rules.push(facts(rule));
        number(self.rules.len() - 1)
    }

    fn lane(&mut self, view: View) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|(own, _)| *own == view).map(|(_, lane)| lane)
    }

    /// Adds what follows when an expression holds.
    fn predicate(&mut self, view: View, sources: Sources, expr: Expr, trigger: Trigger) {
        let known = self.known.get(&(view, sources, expr.clone())).copied();
        let Some(lane) = self.lane(view) else { return };
        let id = known.unwrap_or_else(|| {
            lane.uses.push(Use { sources, triggers: Vec::new() });
            lane.index.add(&expr)
        });
        lane.uses.get_mut(id as usize).into_iter().for_each(|own| own.triggers.push(trigger));
        self.known.insert((view, sources, expr), id);
    }

    fn watch(&mut self, rule: &Rule, watched: Watched) -> Result<(), LeftOut> {
        let detector = number(self.detectors.len());
        let mut members = Vec::new();
        let own = self.number(rule);
        for (at, member) in watched.members.into_iter().enumerate() {
            let WatchedMember { view, sources, expr, group, values, whole } = member;
            let Some(lane) = self.lane(view) else { continue };
            members.push(Member {
                group: group.iter().map(|path| lane.index.keep(path)).collect(),
                values: values.iter().map(|path| lane.index.keep(path)).collect(),
                whole,
            });
            let trigger = Trigger::Observe { detector, member: number(at) };
            self.predicate(view, sources, expr, trigger);
        }
        self.detectors.push(Detector {
            rule: own,
            kind: watched.kind,
            group: watched.group,
            members,
            logic: watched.logic,
            window: watched.window,
        });
        Ok(())
    }

    fn finish(self) -> Program {
        let Self { options, rules, left_out, mut lanes, detectors, .. } = self;
        let mut raw = lanes.remove(0).1;
        let mut keep = |path: &str| raw.index.keep(&FieldPath::new(path));
        let slots = EventSlots {
            id: keep("eventID"),
            shape: CLOUDTRAIL_SHAPE.map(&mut keep),
            cloudtrail_time: keep("eventTime"),
            time: keep(options.time_field.as_deref().unwrap_or(TIME_FIELD)),
        };
        raw.index.build();
        let mut projected = lanes;
        projected.retain(|(_, lane)| !lane.uses.is_empty());
        projected.iter_mut().for_each(|(_, lane)| lane.index.build());
        let others = options.all_rules || options.logsource.is_some();
        Program { rules, left_out, raw, projected, detectors, slots, others }
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
