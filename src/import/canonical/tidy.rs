//! One order of a query's parts, so that two wordings of one query become one rule.
//!
//! Languages word what is left out in different ways: `not a and not b`, or `not (a or b)`, before
//! or behind what is looked for. Rule authors put it last, and keep apart what has nothing to do with
//! each other: one filter a field. Nothing of this changes the meaning.

use crate::query::{Case, Expr, Op, Subject, Test};

/// The expression with each part once, and with what is left out behind the rest, by field.
pub(super) fn tidy(expr: Expr) -> Expr {
    // A pattern without letters is the same in any case.
    ordered(expr.map_tests(&|mut test| {
        if let Op::Matches { pattern, case } = &mut test.op
            && pattern.is_caseless()
        {
            *case = Case::Insensitive;
        }
        test.into()
    }))
}

/// What all alternatives ask for, once: `(a and not f) or (b and not f)` as `(a or b) and not f`.
pub(super) fn factored(expr: Expr) -> Expr {
    let Expr::Or(members) = expr else { return expr };
    let mut parts: Vec<Vec<Expr>> = members.into_iter().map(|member| flat(vec![member])).collect();
    let is_shared = |part: &&Expr| parts.iter().all(|other| other.contains(part));
    let shared: Vec<Expr> = parts.iter().take(1).flatten().filter(is_shared).cloned().collect();
    for part in &mut parts {
        part.retain(|member| !shared.contains(member));
    }
    Expr::all(shared.into_iter().chain([Expr::any_of(parts.into_iter().map(Expr::all))]))
}

fn ordered(expr: Expr) -> Expr {
    match expr {
        Expr::And(members) => conjunction(members.into_iter().map(ordered).collect()),
        Expr::Or(members) => Expr::any_of(once(members.into_iter().map(ordered).collect())),
        Expr::Not(inner) => match ordered(*inner) {
            inner @ Expr::Or(_) => conjunction(vec![inner.negated()]),
            other => other.negated(),
        },
        other => other,
    }
}

fn conjunction(members: Vec<Expr>) -> Expr {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for member in once(flat(members)) {
        match member {
            Expr::Not(inner) if !is_presence(&inner) => left_out.extend(alternatives(*inner)),
            other => kept.push(other),
        }
    }
    // An absent field is a fact about the event, not an exception.
    let (absent, left_out): (Vec<_>, Vec<_>) = once(left_out).into_iter().partition(is_presence);
    // Some languages ask for presence with every exception: that belongs behind what is looked for.
    let (mut present, mut kept): (Vec<_>, Vec<_>) = once(kept).into_iter().partition(is_presence);
    present.sort();
    kept.extend(present);
    kept.extend(absent.into_iter().map(Expr::negated));
    let filters = by_field(left_out).into_iter().map(|filter| Expr::any_of(filter).negated());
    Expr::all(kept.into_iter().chain(filters))
}

/// Members of members that are conjunctions themselves.
fn flat(members: Vec<Expr>) -> Vec<Expr> {
    match Expr::all(members) {
        Expr::And(members) => members,
        other => vec![other],
    }
}

fn alternatives(expr: Expr) -> Vec<Expr> {
    match expr {
        // "Has a value, or null" is one question.
        Expr::Or(members) if !members.iter().any(is_null) => members,
        other => vec![other],
    }
}

fn is_presence(expr: &Expr) -> bool {
    matches!(expr, Expr::Test(Test { op: Op::Exists, .. }))
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Test(Test { op: Op::Null, .. }))
}

/// Tests of one field together, in the order in which the fields come up; everything else alone.
fn by_field(members: Vec<Expr>) -> Vec<Vec<Expr>> {
    let mut groups: Vec<(Option<Subject>, Vec<Expr>)> = Vec::new();
    for member in members {
        let subject = subject(&member);
        match groups.iter_mut().find(|(own, _)| own.is_some() && *own == subject) {
            Some((_, group)) => group.push(member),
            None => groups.push((subject, vec![member])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What a test, or every one of several alternatives, is about.
fn subject(expr: &Expr) -> Option<Subject> {
    match expr {
        Expr::Test(test) => Some(test.subject.clone()),
        Expr::Or(members) => {
            let first = members.first().and_then(subject)?;
            members.iter().all(|member| subject(member).as_ref() == Some(&first)).then_some(first)
        }
        _ => None,
    }
}

fn once(members: Vec<Expr>) -> Vec<Expr> {
    let mut out: Vec<Expr> = Vec::new();
    for member in members {
        if !out.contains(&member) {
            out.push(member);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(field: &str, value: &str) -> Expr {
        Test::field(field, Op::is(value)).into()
    }

    #[test]
    fn two_wordings_become_one() {
        let (a, b, c, x) = (test("a", "1"), test("b", "2"), test("a", "3"), test("x", "4"));
        let apart = Expr::all([
            a.clone().negated(),
            x.clone(),
            b.clone().negated(),
            c.clone().negated(),
            x.clone(),
        ]);
        let joined = Expr::all([x, Expr::any_of([a, b, c]).negated()]);
        assert_eq!(tidy(apart.clone()), tidy(joined.clone()));
        // Digits have no case, so `tidy` says any.
        assert!(tidy(apart.clone()).same_alternatives(&apart.folded()));
        assert!(tidy(joined.clone()).same_alternatives(&joined.folded()));
    }

    #[test]
    fn what_all_alternatives_ask_for_is_said_once() {
        let (a, b, f) = (test("a", "1"), test("b", "2"), test("f", "3").negated());
        let apart =
            Expr::any_of([Expr::all([a.clone(), f.clone()]), Expr::all([f.clone(), b.clone()])]);
        assert_eq!(factored(apart), Expr::all([f.clone(), Expr::any_of([a.clone(), b])]));
        // Whatever one alternative asks for beyond that makes no difference.
        let one = Expr::any_of([f.clone(), Expr::all([a, f.clone()])]);
        assert!(factored(one).same_alternatives(&f));
    }

    #[test]
    fn absent_fields_are_no_exceptions() {
        let exists: Expr = Test::field("a", Op::Exists).into();
        let expr = Expr::all([exists.clone().negated(), test("b", "1")]);
        assert!(tidy(expr.clone()).same_alternatives(&expr.clone().folded()));
        assert!(!matches!(tidy(expr), Expr::Not(_)));
    }
}
