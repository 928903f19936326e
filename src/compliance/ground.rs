//! The ground on which rules and demands meet: the fields of one log in one view.

use serde_json::Value;

use super::decide::{Found, Narrowing, NarrowingKind, Verdict, find};
use super::given::{Facts, asks, literal};
use super::words;
use crate::fields::{Catalog, View, ViewSchema};
use crate::query::{Case, Expr, FieldPath, Op, Respelt, Schema, Subject, Test};

/// The fields that questions are about.
pub(super) struct Ground {
    /// What knows the fields of the log, if any table does.
    pub(super) catalog: Option<&'static Catalog>,
    pub(super) view: View,
    schema: Option<ViewSchema<'static>>,
    /// What holds of every event of the log in this view: the tests by which the view tells them
    /// from others, under each of their names.
    given: Expr,
    /// What holds of several fields of a record together.
    always: Vec<(Expr, String)>,
}

impl Ground {
    /// The fields of a log in one view.
    pub(super) fn new(catalog: Option<&'static Catalog>, view: View) -> Self {
        let schema = catalog.map(|catalog| catalog.schema(view));
        let scopes = catalog.iter().flat_map(|catalog| &catalog.table().scope);
        let given = scopes.filter(|scope| scope.view == view).flat_map(|scope| {
            let names = std::iter::once(&scope.field).chain(&scope.also);
            names.map(|name| Test::field(view.path(name), Op::is(&scope.is)).into())
        });
        let given = Expr::all(given);
        let always = catalog.filter(|_| view == View::Raw).map(Catalog::always).unwrap_or_default();
        Self { catalog, view, schema, given, always }
    }

    /// A demand, which speaks of the record, in the words of the view.
    pub(super) fn said(&self, demand: &Expr) -> Result<Expr, String> {
        let Some(catalog) = self.catalog.filter(|_| self.view != View::Raw) else {
            return Ok(self.spelt(demand));
        };
        let pushed = catalog.push(demand, self.view).map_err(|refused| {
            refused.first().map_or_else(String::new, |refusal| refusal.reason.clone())
        })?;
        Ok(self.spelt(&pushed.value))
    }

    /// The expression with values spelt as they are known to be, without alternatives that say no
    /// more than another.
    pub(super) fn spelt(&self, expr: &Expr) -> Expr {
        absorbed(spelt(expr.clone(), self.schema()))
    }

    fn schema(&self) -> &dyn Schema {
        match &self.schema {
            Some(schema) => schema,
            None => &(),
        }
    }

    /// What the log as such leaves of a rule: nothing of one that is about another.
    pub(super) fn left_of(&self, rule: &Expr) -> Expr {
        self.facts(&self.given).simplify(&self.spelt(rule))
    }

    /// What holds of every event of the log in this view.
    pub(super) fn given(&self) -> &Expr {
        &self.given
    }

    /// Whether a field has at most one value in an event.
    pub(super) fn is_single(&self, field: &FieldPath) -> bool {
        self.schema().facts(field).single
    }

    fn find(&self, wanted: &Expr) -> Found {
        find(wanted, self.schema(), &self.always)
    }

    /// How a rule stands to a part. Both are in the words of the view. A rule that finds some of the
    /// events by chance only (whatever the root user does) finds none of the part.
    pub(super) fn covers(&self, rule: &Expr, part: &Expr) -> Verdict {
        let given = Expr::all([self.given.clone(), part.clone()]);
        let rest = absorbed(self.facts(&given).simplify(&self.spelt(rule)));
        // Whoever finds everything finds this, too; whoever asks for something else finds it by chance.
        if rest == Expr::False || (rest != Expr::True && !self.is_about(rule, part)) {
            return Verdict::NotCovered;
        }
        let with = |more: Expr| self.find(&Expr::all([given.clone(), more]));
        let undecided = |limit: &str| Verdict::Undecided { limit: limit.to_owned() };
        let missed = match with(rule.clone().negated()) {
            Found::Never(assumed) => return Verdict::Covered { assumed },
            Found::Undecided(limit) => return undecided(limit),
            Found::Event(event) => event,
        };
        match with(rule.clone()) {
            Found::Never(_) => Verdict::NotCovered,
            Found::Undecided(limit) => undecided(limit),
            Found::Event(_) => {
                let by = self.narrowings(&given, &rest, missed);
                let assumed = match with(Expr::all([rest, rule.clone().negated()])) {
                    Found::Never(assumed) => assumed,
                    _ => Vec::new(),
                };
                Verdict::Narrowed { by, assumed }
            }
        }
    }

    /// What a rule asks for beyond a part, condition by condition, each with an event that is missed
    /// because of it, if possible of it alone.
    fn narrowings(&self, given: &Expr, rest: &Expr, missed: Value) -> Vec<Narrowing> {
        let conditions = match rest {
            Expr::And(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut by = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let others = conditions.iter().enumerate().filter(|(other, _)| *other != at);
            let alone = Expr::all(others.map(|(_, other)| other.clone()));
            let without = [given.clone(), condition.clone().negated()];
            let found = match self.find(&Expr::all(without.clone().into_iter().chain([alone]))) {
                Found::Event(event) => Found::Event(event),
                _ => self.find(&Expr::all(without)),
            };
            if let Found::Event(event) = found {
                by.push(self.narrowing(given, condition, event));
            }
        }
        if by.is_empty() {
            by.push(self.narrowing(given, rest, missed));
        }
        merge(&mut by);
        by
    }

    /// An event of a demand.
    pub(super) fn example(&self, part: &Expr) -> Option<Value> {
        match self.find(&Expr::all([self.given.clone(), part.clone()])) {
            Found::Event(event) => Some(event),
            _ => None,
        }
    }

    /// An event that a rule finds and a demand does not ask for.
    pub(super) fn overreach(&self, rule: &Expr, demand: &Expr) -> Found {
        self.find(&Expr::all([self.given.clone(), rule.clone(), demand.clone().negated()]))
    }

    /// What is known of an event of which these tests hold.
    fn facts(&self, holds: &Expr) -> Facts<'_> {
        let mut facts = Facts::new(self.schema());
        let members = match holds {
            Expr::And(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        for (test, holds) in members.iter().filter_map(literal) {
            facts.learn(test, holds);
        }
        facts
    }

    /// Whether a rule asks for something that the part demands: for all of it, or for some of the
    /// values that it demands of a field.
    pub(super) fn is_about(&self, rule: &Expr, part: &Expr) -> bool {
        let facts = self.facts(part);
        // Alternatives that another one makes idle ask for nothing.
        let rule = self.spelt(rule);
        let asked = |test: &Test| asks(test) && facts.value(test) == Some(true);
        let wanted = wanted(&rule);
        rule.tests().into_iter().any(asked)
            || wanted.iter().any(|test| facts.are_narrowed_by(test))
            || wanted.iter().any(|test| self.is_pattern_of(test, &facts))
    }

    /// Whether a regular expression finds all of the values that are demanded of its field, or some and
    /// no others. It is asked last, for that takes automata.
    fn is_pattern_of(&self, test: &Test, facts: &Facts<'_>) -> bool {
        let is_never = |wanted: Expr| matches!(self.find(&wanted), Found::Never(_));
        matches!(test.op, Op::Regex(_))
            && facts.demanded(&test.subject).any(|fact| {
                let (test, fact) = (Expr::from(test.clone()), Expr::from(fact.clone()));
                is_never(Expr::all([fact.clone(), test.clone().negated()]))
                    || is_never(Expr::all([test, fact.negated()]))
            })
    }

    /// Whoever demands certain errors is missed by a narrower choice of them, and not by an outcome.
    fn narrowing(&self, given: &Expr, condition: &Expr, witness: Value) -> Narrowing {
        let demanded = given.fields();
        let outcome = |field: &&FieldPath| self.is_outcome(field) && !demanded.contains(field);
        let kind = match condition {
            _ if condition.fields().iter().all(outcome) => NarrowingKind::Outcome,
            Expr::Not(_) => NarrowingKind::Exclusion,
            _ if asks_for_presence(condition) => NarrowingKind::Presence,
            _ => NarrowingKind::Condition,
        };
        let condition = words::line(condition);
        Narrowing { kind, condition, witness: Some(witness) }
    }

    /// Whether a field says how a call ended: one that the platform computes that from, or into.
    fn is_outcome(&self, field: &FieldPath) -> bool {
        let Some(catalog) = self.catalog else { return false };
        catalog.table().derived.iter().any(|derived| {
            let present = derived.present.iter().any(|raw| {
                let raw = FieldPath::new(raw);
                raw == *field || catalog.name(&raw, self.view).as_ref() == Some(field)
            });
            present || (derived.view == self.view && derived.path() == *field)
        })
    }
}

/// Most alternatives that are compared with one another: the cases of a rule, not the values of a
/// list.
const MAX_ABSORBED: usize = 64;

/// The expression without alternatives that have all the members of another and more.
fn absorbed(expr: Expr) -> Expr {
    let alternatives = match expr {
        Expr::Or(members) if members.len() <= MAX_ABSORBED => members,
        other => return other,
    };
    let members = |expr: &Expr| match expr {
        Expr::And(members) => members.clone(),
        other => vec![other.clone()],
    };
    let sets: Vec<Vec<Expr>> = alternatives.iter().map(members).collect();
    let is_within = |few: &[Expr], all: &[Expr]| few.iter().all(|own| all.contains(own));
    let kept = alternatives.into_iter().enumerate().filter(|(at, _)| {
        let Some(own) = sets.get(*at) else { return true };
        !sets.iter().enumerate().any(|(other, set)| {
            other != *at && is_within(set, own) && (set.len() < own.len() || other < *at)
        })
    });
    Expr::any_of(kept.map(|(_, expr)| expr))
}

/// Conditions of one kind that say the same outcome twice (`errorCode` and `errorMessage`) are one.
fn merge(by: &mut Vec<Narrowing>) {
    let is_outcome = |one: &Narrowing| one.kind == NarrowingKind::Outcome;
    let outcomes: Vec<&str> =
        by.iter().filter(|one| is_outcome(one)).map(|one| one.condition.as_str()).collect();
    if outcomes.len() < 2 {
        return;
    }
    let condition = outcomes.join(" and ");
    let mut first = true;
    by.retain_mut(|one| {
        let keep = !is_outcome(one) || first;
        if is_outcome(one) {
            first = false;
            one.condition.clone_from(&condition);
        }
        keep
    });
}

/// Whether a condition asks only for fields to be there.
fn asks_for_presence(condition: &Expr) -> bool {
    match condition {
        Expr::Test(Test { op: Op::Cidr(cidr), .. }) => cidr.net().prefix_len() == 0,
        Expr::Test(test) => matches!(test.op, Op::Exists | Op::Null),
        Expr::And(members) | Expr::Or(members) => members.iter().all(asks_for_presence),
        _ => false,
    }
}

/// The tests that an expression wants to hold: those that stand in no `not`, or in two.
fn wanted(expr: &Expr) -> Vec<&Test> {
    fn walk<'e>(expr: &'e Expr, negated: bool, out: &mut Vec<&'e Test>) {
        match expr {
            Expr::True | Expr::False => {}
            Expr::Test(test) => out.extend((!negated).then_some(test)),
            Expr::Not(inner) => walk(inner, !negated, out),
            Expr::And(members) | Expr::Or(members) => {
                members.iter().for_each(|member| walk(member, negated, out));
            }
        }
    }
    let mut out = Vec::new();
    walk(expr, false, &mut out);
    out
}

/// The expression with values spelt as they are known to be: in one published way, whatever letter
/// case a rule allows.
pub(super) fn spelt(expr: Expr, schema: &dyn Schema) -> Expr {
    expr.map_tests(&|mut test| {
        let Subject::Field(field) = &test.subject else { return test.into() };
        if let Op::Matches { pattern, case } = &mut test.op
            && *case == Case::Insensitive
        {
            match schema.facts(field).spelling.respell(pattern) {
                Respelt::Exact(exact) => (*pattern, *case) = (exact, Case::Sensitive),
                Respelt::AsWritten => *case = Case::Sensitive,
                Respelt::Unsure => {}
            }
        }
        test.into()
    })
}
