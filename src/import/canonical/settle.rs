//! Logic that stays as it is when the rule is built and imported again.
//!
//! Two wordings of one query may be stated in two ways: a language lists literals before patterns, or
//! gathers the values of a field. So what a drafted rule builds to is read once more, and the logic is
//! taken from there, until reading it again says nothing new. Every reading is checked to mean what
//! was read, and so the last one means what the first one did.

use serde_json::Value as Json;

use super::beyond;
use super::draft::Draft;
use crate::import::foreign::{Foreign, Platform};
use crate::language::kit::QueryError;
use crate::target::{datadog, elastic};

/// How often a rule is read again. One round settles nearly all; a rule that has not settled by then
/// goes back and forth.
const ROUNDS: usize = 4;

/// Drafts the logic with `logic` and settles it. A draft without logic is left as it was.
pub(super) fn settled<E: From<Vec<QueryError>>>(
    foreign: &Foreign,
    draft: &mut Draft,
    logic: impl Fn(&Foreign, &mut Draft) -> Result<(), E>,
) -> Result<(), E> {
    let before = draft.clone();
    let result = settle(foreign, draft, &before, logic);
    if result.is_err() {
        *draft = before;
    }
    result
}

fn settle<E: From<Vec<QueryError>>>(
    foreign: &Foreign,
    draft: &mut Draft,
    before: &Draft,
    logic: impl Fn(&Foreign, &mut Draft) -> Result<(), E>,
) -> Result<(), E> {
    logic(foreign, draft)?;
    let mut said = draft.documents();
    for _ in 0..ROUNDS {
        let again = rebuilt(foreign, draft)
            .ok_or_else(|| beyond("what the detection says would not be built again"))?;
        let mut next = before.clone();
        logic(&again, &mut next)
            .map_err(|_| beyond("what it is built to would not be read as a detection again"))?;
        let new = next.documents();
        if new == said {
            return Ok(());
        }
        (*draft, said) = (next, new);
    }
    Err(beyond("each time it is built, it would be read in another way").into())
}

/// The rule with the queries that its draft builds to; `None` if the target refuses the draft.
fn rebuilt(foreign: &Foreign, draft: &Draft) -> Option<Foreign> {
    type Unpatched = fn(&crate::target::Request<'_>) -> Option<Json>;
    let (unpatched, keys): (Unpatched, &[&str]) = match foreign.platform {
        Platform::Elastic => (elastic::unpatched, ELASTIC),
        Platform::Datadog => (datadog::unpatched, DATADOG),
    };
    let made = draft.read(unpatched)??;
    let mut again = foreign.clone();
    for key in keys {
        if let Some(value) = made.get(*key) {
            again.body.insert((*key).to_owned(), value.clone());
        }
    }
    Some(again)
}

/// Keys of Kibana's body that the logic is read from and that the target writes.
const ELASTIC: &[&str] =
    &["type", "language", "query", "threshold", "new_terms_fields", "history_window_start"];

/// Keys of Datadog's body that the logic is read from and that the target writes.
const DATADOG: &[&str] = &["type", "queries", "cases", "tags"];
