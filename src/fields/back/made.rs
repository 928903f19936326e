//! Fields whose values are made from a raw field's.

use serde_json::json;

use super::{Back, filled, is, refuse_computed};
use crate::fields::project::accepts;
use crate::fields::{Copied, How, Part as Cut};
use crate::query::{Case, Expr, FieldPath, Ledger, Op, Part, Pattern, Regex, Test};

impl Back<'_> {
    /// A field that is made from a raw one, for the events for which it is.
    pub(super) fn copied(&self, raw: &str, copied: &Copied, op: &Op, ledger: &mut Ledger) -> Expr {
        let made = match (&copied.part, copied.how) {
            (Some(cut), how) => self.part(raw, cut, how, op, ledger),
            (None, How::Copy | How::Text) => self.values(raw, op, ledger),
            (None, How::Lower) => self.lower(raw, op, ledger),
            (None, How::Time) => self.times(raw, op, ledger),
            (None, How::NoIsFalse) => {
                let (no, yes) = (accepts(op, &json!(false)), accepts(op, &json!(true)));
                let (is_no, any) = (is(raw, "No"), filled(raw));
                match (no, yes) {
                    (true, true) => any,
                    (true, false) => is_no,
                    (false, true) => Expr::all([any, is_no.negated()]),
                    (false, false) => Expr::False,
                }
            }
        };
        let only = copied.only.iter().map(|(raw, text)| is(raw, text));
        Expr::all(only.chain([made]))
    }

    /// A field that holds values in lower case.
    pub(super) fn lower(&self, raw: &str, op: &Op, ledger: &mut Ledger) -> Expr {
        match op {
            Op::Matches { pattern, case: Case::Sensitive } => {
                if !is_lower(pattern) {
                    return Expr::False;
                }
                assume_letters(raw, ledger);
                let op = Op::Matches { pattern: pattern.clone(), case: Case::Insensitive };
                self.values(raw, &op, ledger)
            }
            // Numbers, addresses and words are the same in any case.
            Op::Regex(_) | Op::Time { .. } => refuse_computed(raw, op, ledger),
            _ => self.values(raw, op, ledger),
        }
    }

    /// A field that holds a part of texts.
    fn part(&self, raw: &str, cut: &Cut, how: How, op: &Op, ledger: &mut Ledger) -> Expr {
        let found = match op {
            Op::Exists => Some(cut.any()),
            Op::Matches { pattern, case } => {
                let lower = how == How::Lower;
                if lower && *case == Case::Sensitive && !is_lower(pattern) {
                    return Expr::False;
                }
                let case = if lower { Case::Insensitive } else { *case };
                if lower {
                    assume_letters(raw, ledger);
                }
                match inside(pattern, case, cut) {
                    Inside::Never => return Expr::False,
                    Inside::Unclear => None,
                    Inside::Expression(inner) => Some(cut.with(&inner)),
                }
            }
            _ => None,
        };
        match found.and_then(|source| Regex::new(&source, "").ok()) {
            Some(regex) => Test::field(raw, Op::Regex(regex)).into(),
            None => refuse_computed(raw, op, ledger),
        }
    }
}

/// A pattern over a part, as an expression.
enum Inside {
    /// A letter of it cannot stand there.
    Never,
    /// It depends on the letter's case.
    Unclear,
    /// The expression.
    Expression(String),
}

fn inside(pattern: &Pattern, case: Case, cut: &Cut) -> Inside {
    let Ok(each) = regex::Regex::new(&format!(r"\A(?:{})\z", cut.each)) else {
        return Inside::Unclear;
    };
    let mut source = String::new();
    for part in pattern.parts() {
        match part {
            Part::Any => source.push_str(&format!("(?:{})*", cut.each)),
            Part::One => source.push_str(&format!("(?:{})", cut.each)),
            Part::Literal(text) => {
                if !text.chars().all(|c| each.is_match(c.encode_utf8(&mut [0; 4]))) {
                    return if case == Case::Sensitive { Inside::Never } else { Inside::Unclear };
                }
                let flag = if case == Case::Sensitive { "" } else { "i" };
                source.push_str(&format!("(?{flag}:{})", regex::escape(text)));
            }
        }
    }
    Inside::Expression(source)
}

/// Whether a pattern has no letter that lower case would change.
fn is_lower(pattern: &Pattern) -> bool {
    pattern.parts().iter().all(|part| match part {
        Part::Literal(text) => text.to_lowercase() == *text,
        _ => true,
    })
}

fn assume_letters(raw: &str, ledger: &mut Ledger) {
    let reason = format!("`{raw}` spells `k` and `s` as letters of ASCII");
    ledger.assume("plain-letters", Some(&FieldPath::new(raw)), reason);
}
