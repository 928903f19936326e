//! Why an expression matches an event, or does not: for people whose rule surprises them.

use serde_json::Value;

use super::{Expr, FieldPath, Found, Op, Subject, Test, text_of};

/// Most values of a field that a reason shows.
const SHOWN: usize = 3;

/// One thing that decides the verdict on an event.
#[derive(Clone, Debug)]
pub struct Reason<'x> {
    /// Whose values were looked at.
    pub subject: &'x Subject,
    /// What was asked of them; several where any of them would have done.
    pub asked: Vec<&'x Op>,
    /// Whether some value satisfies one of them.
    pub holds: bool,
    /// The values that were there, as text; at most a few.
    pub found: Vec<String>,
}

impl Expr {
    /// What decides whether the event matches. Of a conjunction that fails, every member that
    /// does; of a disjunction that fails, the member that fails for the fewest reasons, or all of
    /// them if they ask for values of one field.
    pub fn why<'x>(&'x self, event: &Value) -> Vec<Reason<'x>> {
        match self {
            Expr::True | Expr::False => Vec::new(),
            Expr::Test(test) => vec![Reason::of(test, event)],
            Expr::Not(inner) => inner.why(event),
            Expr::And(members) => {
                let verdict = self.eval(event);
                let deciding = members.iter().filter(|member| member.eval(event) == verdict);
                deciding.flat_map(|member| member.why(event)).collect()
            }
            Expr::Or(members) => {
                let verdict = self.eval(event);
                if let Some(one) = Reason::of_alternatives(members, event).filter(|_| !verdict) {
                    return vec![one];
                }
                let deciding = members.iter().filter(|member| member.eval(event) == verdict);
                let fewest = deciding.map(|member| member.why(event)).min_by_key(Vec::len);
                fewest.unwrap_or_default()
            }
        }
    }
}

impl<'x> Reason<'x> {
    fn of(test: &'x Test, event: &Value) -> Self {
        let found = found(&test.subject, event);
        Self { subject: &test.subject, asked: vec![&test.op], holds: test.eval(event), found }
    }

    /// The one reason for alternatives that all look at the same field, none of which holds.
    fn of_alternatives(members: &'x [Expr], event: &Value) -> Option<Self> {
        let tests: Option<Vec<&Test>> = members
            .iter()
            .map(|member| match member {
                Expr::Test(test) => Some(test),
                _ => None,
            })
            .collect();
        let tests = tests?;
        let subject = &tests.first()?.subject;
        if tests.iter().any(|test| test.subject != *subject) {
            return None;
        }
        let found = found(subject, event);
        Some(Self {
            subject,
            asked: tests.iter().map(|test| &test.op).collect(),
            holds: false,
            found,
        })
    }

    /// ``eventName: expected is `a`, found `b` `` or ``errorCode: expected not exists, found `c` ``:
    /// what would have to be otherwise for the verdict to change. `name` gives the name of a field.
    pub fn line(&self, name: &dyn Fn(&FieldPath) -> FieldPath) -> String {
        let field = match self.subject {
            Subject::Field(path) => name(path).to_string(),
            Subject::Event => "any value".to_owned(),
        };
        let not = if self.holds { "not " } else { "" };
        format!("{field}: expected {not}{}, found {}", self.asked(), self.found())
    }

    /// What was asked, in words: ``is `a` or is `b` or 3 more``.
    fn asked(&self) -> String {
        let shown: Vec<String> = self.asked.iter().take(SHOWN).map(|op| op.to_string()).collect();
        let words = shown.join(" or ");
        match self.asked.len().saturating_sub(SHOWN) {
            0 => words,
            more => format!("{words} or {more} more"),
        }
    }

    /// The values that were there, in words.
    fn found(&self) -> String {
        match self.found.as_slice() {
            [] => "nothing".to_owned(),
            values => values.join(", "),
        }
    }
}

/// The values of a subject as text, the first few.
fn found(subject: &Subject, event: &Value) -> Vec<String> {
    let Subject::Field(path) = subject else { return vec!["no such value".to_owned()] };
    let mut values = Vec::new();
    let mut left = 0;
    path.any(event, &mut |found| {
        match values.len() < SHOWN {
            true => values.push(in_words(found)),
            false => left += 1,
        }
        false
    });
    if left > 0 {
        values.push(format!("{left} more"));
    }
    values
}

fn in_words(found: Found<'_>) -> String {
    match found {
        Found::Null => "null".to_owned(),
        Found::Composite => "an object".to_owned(),
        Found::Scalar(scalar) => format!("`{}`", text_of(scalar).unwrap_or_default()),
    }
}

impl Expr {
    /// The tests that came out the same on every one of some events: nothing shows what they are
    /// for. With each, whether it held.
    pub fn unexercised<'x>(&'x self, events: &[Value]) -> Vec<(&'x Test, bool)> {
        let mut seen: Vec<&Test> = Vec::new();
        let mut idle = Vec::new();
        for test in self.tests() {
            if seen.contains(&test) {
                continue;
            }
            seen.push(test);
            let held = events.iter().filter(|event| test.eval(event)).count();
            if held == 0 || held == events.len() {
                idle.push((test, held > 0));
            }
        }
        idle
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is(field: &str, text: &str) -> Expr {
        Test::field(field, Op::is(text)).into()
    }

    fn reasons(expr: &Expr, event: &Value) -> Vec<String> {
        expr.why(event).iter().map(|reason| reason.line(&Clone::clone)).collect()
    }

    #[test]
    fn every_member_that_fails_is_named() {
        let expr = Expr::all([is("a", "1"), is("b", "2"), is("c", "3")]);
        let event = json!({"a": "1", "b": "x"});
        assert_eq!(
            reasons(&expr, &event),
            ["b: expected is `2`, found `x`", "c: expected is `3`, found nothing"]
        );
    }

    #[test]
    fn values_of_one_field_are_one_reason() {
        let expr = Expr::any_of(["1", "2", "3", "4", "5"].map(|text| is("a", text)));
        assert_eq!(
            reasons(&expr, &json!({"a": ["x", null, {"b": 1}]})),
            ["a: expected is `1` or is `2` or is `3` or 2 more, found `x`, null, an object"]
        );
    }

    #[test]
    fn the_nearest_alternative_speaks_for_all() {
        let near = Expr::all([is("a", "1"), is("b", "2")]);
        let far = Expr::all([is("c", "1"), is("d", "2")]);
        let reasons = reasons(&Expr::any_of([far, near]), &json!({"a": "1"}));
        assert_eq!(reasons, ["b: expected is `2`, found nothing"]);
    }

    #[test]
    fn an_exclusion_that_holds_is_a_reason() {
        let expr = Expr::all([is("a", "1"), is("b", "2").negated()]);
        let reasons = reasons(&expr, &json!({"a": "1", "b": "2"}));
        assert_eq!(reasons, ["b: expected not is `2`, found `2`"]);
    }

    #[test]
    fn tests_without_both_verdicts_are_unexercised() {
        let expr = Expr::any_of([is("a", "1"), is("b", "2"), is("a", "3")]);
        let events = [json!({"a": "1", "b": "2"}), json!({"b": "2"})];
        let idle = expr.unexercised(&events);
        let idle: Vec<_> = idle.iter().map(|(test, held)| (test.to_string(), *held)).collect();
        assert_eq!(idle, [("b is `2`".to_owned(), true), ("a is `3`".to_owned(), false)]);
    }
}
