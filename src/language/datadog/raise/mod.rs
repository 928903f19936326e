//! An expression as a query, with what the translation costs.
//!
//! Walks the expression once: [`atom`] says each test, [`shape`] joins the results in the style of
//! Datadog's own rules.

mod atom;
mod regex;
mod shape;

use super::{At, Clause, Field, Query, Scope, Tree, print_field};
use crate::language::kit::MAX_NESTING;
use crate::query::{Expr, FieldPath, Ledger, Pattern, Refusal, Schema, Translated};

/// Writes an expression over logs (see [the module](super)) as a query, or refuses with all the
/// reasons.
///
/// | code | meaning |
/// |---|---|
/// | loss `case` | the attribute is compared case-sensitively |
/// | loss `full-text` | `*:x` finds more than the test |
/// | loss `null` | no value is found where `null` stands |
/// | loss `control-character` | alternatives of a regular expression that hold one are left out |
/// | assumption `one-line`, `ascii-classes`, `plain-letters` | patterns stand for a regular expression |
/// | assumption `fixed-case` | the values have one letter case |
/// | assumption `numeric-facet` | the attribute is a facet of numbers |
/// | assumption `never-null` | the field is never `null` |
/// | assumption `null-is-absent` | `@f:*` does not hold on `null` |
/// | assumption `not-an-object` | the field never holds an object or an empty array |
/// | assumption `full-text-search` | the query runs where `*:x` works |
/// | refusal `no-such-field` | logs have no such field |
/// | refusal `regex`, `field-comparison`, `time-part`, `words`, `full-text-test`, `tag-test` | the language has no such test |
/// | refusal `control-character` | a name or value holds one |
/// | refusal `matches-nothing` | the expression holds on no event |
/// | refusal `nesting` | the expression is nested too deep |
pub fn raise(expr: &Expr, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
    let mut ledger = Ledger::default();
    let query = walk(expr, schema, &mut ledger, 0);
    if shape::is_nothing(&query) {
        ledger.refuse("matches-nothing", None, "the query would match no log at all");
    }
    match ledger.close(query) {
        Ok(mut translated) => {
            translated
                .losses
                .iter_mut()
                .for_each(|loss| say(&mut loss.reason, loss.field.as_ref()));
            let assumptions = translated.assumptions.iter_mut();
            assumptions.for_each(|leans| say(&mut leans.reason, leans.field.as_ref()));
            Ok(translated)
        }
        Err(mut refusals) => {
            refusals
                .iter_mut()
                .for_each(|refusal| say(&mut refusal.reason, refusal.field.as_ref()));
            Err(refusals)
        }
    }
}

/// Lets a reason call its field as queries do: `@evt.name`, not its path in the log.
fn say(reason: &mut String, path: Option<&FieldPath>) {
    if let Some((path, field)) = path.and_then(|path| Some((path, Field::of(path)?))) {
        *reason = reason.replace(&format!("`{path}`"), &format!("`{}`", print_field(&field)));
    }
}

fn walk(expr: &Expr, schema: &dyn Schema, ledger: &mut Ledger, depth: usize) -> Query {
    if depth > MAX_NESTING {
        let reason = format!("the expression is nested deeper than {MAX_NESTING} levels");
        return refused(ledger, "nesting", None, reason);
    }
    let depth = depth + 1;
    match expr {
        Expr::True => Tree::Leaf(Clause::All),
        Expr::False => shape::nothing(),
        Expr::Test(test) => atom::raise_test(test, schema, ledger),
        Expr::Not(inner) => ledger.negated(|ledger| walk(inner, schema, ledger, depth)).negated(),
        Expr::And(members) => {
            let members = members.iter().map(|member| walk(member, schema, ledger, depth));
            shape::all(members.collect(), schema)
        }
        Expr::Or(members) => {
            let members = members.iter().map(|member| walk(member, schema, ledger, depth));
            shape::any_of(members.collect())
        }
    }
}

/// Notes a refusal. The result stands in for the query, which is never given out then; it is no
/// constant, so that the rest of the walk goes on as usual.
fn refused(
    ledger: &mut Ledger,
    code: &'static str,
    field: Option<&FieldPath>,
    reason: impl Into<String>,
) -> Query {
    ledger.refuse(code, field, reason);
    let text = Pattern::default();
    Tree::Leaf(Clause::FreeText { scope: Scope::Message, text, at: At::default() })
}
