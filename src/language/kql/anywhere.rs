//! A test of all values, as Sigma's keywords are: KQL's value without a field.
//!
//! Kibana looks for such a value in the index's default fields, which are all fields unless the
//! index is configured otherwise: in quotes as a phrase, with wildcards as a query string. Query
//! strings are split at blanks, and a wildcard finds nothing beyond one, so a pattern with blanks
//! in it becomes its pieces, all of which must be there. (Source: `kbn-es-query`, node type `is`.)
//!
//! | code | kind | when |
//! |---|---|---|
//! | `default-fields` | assumption | always |
//! | `case` | loss | any letter case is asked for; the values of keywords are exact |
//! | `free-text` | loss | a pattern with blanks is asked for piece by piece |
//! | `free-text` | refusal | something else than a text is asked for |

use super::ast::{Literal, Node, Query};
use super::group;
use super::literal::without_single;
use super::raise::Raised;
use super::regex::each_pattern;
use crate::query::{Case, Effect, Ledger, Op, Part, Pattern};

/// Raises a test of all values. After a refusal the result does not matter.
pub(super) fn raise(op: &Op, ledger: &mut Ledger) -> Raised {
    match op {
        Op::Matches { pattern, case } => matches(pattern, *case, ledger),
        Op::Regex(regex) => each_pattern(regex, None, ledger, &mut matches),
        _ => refuse("KQL looks for texts, not for this, where no field is named", ledger),
    }
}

fn refuse(reason: &str, ledger: &mut Ledger) -> Raised {
    ledger.refuse("free-text", None, reason);
    Raised::refused()
}

fn matches(pattern: &Pattern, case: Case, ledger: &mut Ledger) -> Raised {
    if pattern.is_any() {
        // Every event has some value: its time.
        return Raised::Always;
    }
    if case == Case::Insensitive && !pattern.is_caseless() {
        let reason = format!(
            "the platform compares the values of all fields with `{pattern}` case-sensitively, the rule does not"
        );
        ledger.lose("case", Effect::Narrower, None, reason);
    }
    let literals = match pattern.as_literal() {
        Some(text) => vec![Literal::quoted(text)],
        None => pieces(pattern, ledger),
    };
    let reason = "the index searches all fields where a query names none, and all are keywords";
    ledger.assume("default-fields", None, reason);
    let queries = literals.into_iter().map(|one| Query::is(Literal::null(), Node::leaf(one)));
    match group::all(queries.collect()) {
        Some(query) => Raised::When(query),
        None => refuse("KQL cannot look for blanks where no field is named", ledger),
    }
}

/// What stands between the blanks of a pattern, each as a pattern that may stand anywhere there.
fn pieces(pattern: &Pattern, ledger: &mut Ledger) -> Vec<Literal> {
    let mut pieces: Vec<Vec<Part>> = vec![Vec::new()];
    for part in without_single(pattern, None, ledger).parts() {
        let Part::Literal(text) = part else {
            pieces.last_mut().into_iter().for_each(|piece| piece.push(part.clone()));
            continue;
        };
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                pieces.last_mut().into_iter().for_each(|piece| piece.push(Part::Any));
                pieces.push(vec![Part::Any]);
            }
            let word = Part::Literal(word.to_owned());
            pieces.last_mut().into_iter().for_each(|piece| piece.push(word.clone()));
        }
    }
    if pieces.len() > 1 {
        let reason = format!(
            "a value with wildcards and without a field ends at a blank, so the pieces of `{pattern}` are looked for one by one"
        );
        ledger.lose("free-text", Effect::Wider, None, reason);
    }
    let mut literals: Vec<Literal> = Vec::new();
    for piece in pieces.into_iter().map(Pattern::from_iter).filter(|piece| !piece.is_any()) {
        let literal = Literal::unquoted(piece).filter(|literal| !literals.contains(literal));
        literals.extend(literal);
    }
    literals
}
