//! From what a rule asks for to the text of a query.

use super::to::view;
use super::{Converted, Refused, Text, logsource};
use crate::fields::{View, Vocabulary};
use crate::language::registry::{Dialect, Reads, read_from};
use crate::query::{
    Assumption, Expr, FieldFacts, FieldPath, FieldType, Loss, Meaning, Op, Refusal, Schema,
    Sequence, Step, Translated,
};

/// Columns at which a query is broken into lines.
const WIDTH: usize = 100;

/// Writes a query that asks for `meaning`, whose fields are those of the `vocabulary`. In languages
/// whose queries name what they read it reads what `reads` says; of others, that is assumed.
pub(super) fn query(
    meaning: Meaning,
    vocabulary: &Vocabulary,
    language: &dyn Dialect,
    reads: &Reads,
    texts: Texts,
) -> Result<Converted, Refused> {
    let view = view(language);
    let unsaid = match language.names_source() {
        true => None,
        false => logsource::of_index(&reads.index, vocabulary, &meaning.exprs()),
    };
    let pushed = push(meaning, vocabulary, view)?;
    let exprs = pushed.value.exprs();
    let schema = Written { schema: vocabulary.schema(view, &exprs), exprs, texts };
    let mut raised = language.raise(&pushed.value, &schema)?;
    raised.assumptions.extend(unsaid);
    raised.assumptions.extend(read_from(&mut *raised.value, reads));
    let text = Text { name: None, text: raised.value.pretty(WIDTH) };
    Ok(converted(
        vec![text],
        pushed.losses.into_iter().chain(raised.losses).collect(),
        pushed.assumptions.into_iter().chain(raised.assumptions).collect(),
    ))
}

/// What texts of digits are in the language that a query comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// They may stand for numbers.
    Untyped,
    /// Numbers are written otherwise.
    Typed,
}

/// Fields as a schema describes them, taken for what the literals of the source say.
struct Written<'e> {
    schema: Box<dyn Schema>,
    exprs: Vec<&'e Expr>,
    texts: Texts,
}

impl Schema for Written<'_> {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let facts = self.schema.facts(field);
        let compared = || {
            let mut tests = self.exprs.iter().flat_map(|expr| expr.tests());
            tests.any(|test| test.path() == Some(field) && matches!(test.op, Op::Compare { .. }))
        };
        let is_text = |kind: &FieldType| {
            self.texts == Texts::Typed && *kind != FieldType::Boolean && !compared()
        };
        FieldFacts { taken_for: facts.taken_for.filter(|kind| !is_text(kind)), ..facts }
    }
}

/// Puts a result together, losses and assumptions sorted, each once.
pub(super) fn converted(
    texts: Vec<Text>,
    mut losses: Vec<Loss>,
    mut assumptions: Vec<Assumption>,
) -> Converted {
    losses.sort();
    losses.dedup();
    assumptions.sort();
    assumptions.dedup();
    Converted { texts, losses, assumptions }
}

/// The meaning over the fields of a view.
fn push(
    meaning: Meaning,
    vocabulary: &Vocabulary,
    view: View,
) -> Result<Translated<Meaning>, Vec<Refusal>> {
    // Sigma is what rules are written in: their own names stay.
    if view == View::Raw && !matches!(vocabulary, Vocabulary::Foreign(..)) {
        return Ok(Translated::exact(meaning));
    }
    let push = |expr: Expr| vocabulary.push(expr, view);
    match meaning {
        Meaning::Match(expr) => Ok(push(expr)?.map(Meaning::Match)),
        Meaning::Threshold(mut threshold) => {
            for field in &mut threshold.group_by {
                *field = name(vocabulary, field, view)?;
            }
            for having in &mut threshold.having {
                if let crate::query::Counted::Distinct(field) = &mut having.count {
                    *field = name(vocabulary, field, view)?;
                }
            }
            let pushed = push(std::mem::replace(&mut threshold.expr, Expr::True))?;
            Ok(pushed.map(|expr| {
                threshold.expr = expr;
                Meaning::Threshold(threshold)
            }))
        }
        Meaning::Sequence(sequence) => push_sequence(sequence, vocabulary, view),
    }
}

fn push_sequence(
    mut sequence: Sequence,
    vocabulary: &Vocabulary,
    view: View,
) -> Result<Translated<Meaning>, Vec<Refusal>> {
    let (mut losses, mut assumptions) = (Vec::new(), Vec::new());
    let mut step = |step: &mut Step| -> Result<(), Vec<Refusal>> {
        let pushed = vocabulary.push(std::mem::replace(&mut step.expr, Expr::True), view)?;
        step.expr = pushed.value;
        losses.extend(pushed.losses);
        assumptions.extend(pushed.assumptions);
        for key in &mut step.by {
            key.field = name(vocabulary, &key.field, view)?;
        }
        Ok(())
    };
    sequence.steps.iter_mut().chain(&mut sequence.until).try_for_each(&mut step)?;
    Ok(Translated { value: Meaning::Sequence(sequence), losses, assumptions })
}

fn name(vocabulary: &Vocabulary, field: &FieldPath, view: View) -> Result<FieldPath, Vec<Refusal>> {
    vocabulary.name(field, view).ok_or_else(|| {
        let reason = format!("{view} has no field that holds the values of `{field}`");
        vec![Refusal { code: "no-field", field: Some(field.clone()), reason }]
    })
}
