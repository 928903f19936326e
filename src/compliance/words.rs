//! Expressions in one line, for people.

use crate::query::{Expr, FieldPath, Op, Part, Test};

/// Most values of a list that are written out.
const SHOWN: usize = 4;

/// The expression in words; long lists are cut.
pub(super) fn line(expr: &Expr) -> String {
    match expr {
        Expr::True => "every event".to_owned(),
        Expr::False => "no event".to_owned(),
        Expr::Test(test) => match filled(test) {
            Some(field) => format!("{field} is not empty"),
            None => test.to_string(),
        },
        Expr::Not(inner) => match &**inner {
            Expr::Test(Test { op: Op::Exists, .. }) => {
                line(inner).replacen(" exists", " is absent", 1)
            }
            Expr::Test(test) if let Some(field) = filled(test) => {
                format!("{field} is absent or empty")
            }
            other => format!("not ({})", line(other)),
        },
        Expr::And(members) => joined(members, " and "),
        Expr::Or(members) => joined(members, " or "),
    }
}

/// The field of a test that asks for any text but the empty one.
fn filled(test: &Test) -> Option<&FieldPath> {
    match &test.op {
        Op::Matches { pattern, .. } if pattern.parts() == [Part::One, Part::Any] => test.path(),
        _ => None,
    }
}

fn joined(members: &[Expr], by: &str) -> String {
    let inner = |member: &Expr| match member {
        Expr::And(_) | Expr::Or(_) => format!("({})", line(member)),
        other => line(other),
    };
    let mut shown: Vec<String> = members.iter().take(SHOWN).map(inner).collect();
    if members.len() > SHOWN {
        shown.push(format!("{} more", members.len() - SHOWN));
    }
    shown.join(by)
}
