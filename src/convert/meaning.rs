//! From what a rule asks for to the text of a query.

use super::to::{names_its_source, view};
use super::{Converted, Refused, Text, logsource};
use crate::fields::{View, Vocabulary};
use crate::language::registry::Dialect;
use crate::query::{Assumption, Expr, Loss, Meaning, Refusal, Sequence, Step, Translated};

/// Columns at which a query is broken into lines.
const WIDTH: usize = 100;

/// Writes a query that asks for `meaning`, whose fields are those of the `vocabulary`. Languages whose
/// queries name what they read get the patterns of `index`; of others, it is assumed what they read.
pub(super) fn query(
    meaning: Meaning,
    vocabulary: &Vocabulary,
    language: &dyn Dialect,
    index: &[String],
) -> Result<Converted, Refused> {
    let view = view(language);
    let named = names_its_source(language);
    let unsaid =
        if named { None } else { logsource::of_index(index, vocabulary, &meaning.exprs()) };
    let pushed = push(meaning, vocabulary, view)?;
    let schema = vocabulary.schema(view, &pushed.value.exprs());
    let mut raised = language.raise(&pushed.value, &*schema)?;
    if !index.is_empty() {
        raised.value.set_source(index);
    }
    raised.assumptions.extend(unsaid);
    let text = Text { name: None, text: raised.value.pretty(WIDTH) };
    Ok(converted(
        vec![text],
        pushed.losses.into_iter().chain(raised.losses).collect(),
        pushed.assumptions.into_iter().chain(raised.assumptions).collect(),
    ))
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
    let push = |expr: &Expr| vocabulary.push(expr, view);
    match meaning {
        Meaning::Match(expr) => Ok(push(&expr)?.map(Meaning::Match)),
        Meaning::Threshold(mut threshold) => {
            for field in &mut threshold.group_by {
                *field = name(vocabulary, field, view)?;
            }
            for having in &mut threshold.having {
                if let crate::query::Counted::Distinct(field) = &mut having.count {
                    *field = name(vocabulary, field, view)?;
                }
            }
            let pushed = push(&threshold.expr)?;
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
        let pushed = vocabulary.push(&step.expr, view)?;
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

fn name(
    vocabulary: &Vocabulary,
    field: &crate::query::FieldPath,
    view: View,
) -> Result<crate::query::FieldPath, Vec<Refusal>> {
    vocabulary.name(field, view).ok_or_else(|| {
        let reason = format!("{view} has no field that holds the values of `{field}`");
        vec![Refusal { code: "no-field", field: Some(field.clone()), reason }]
    })
}
