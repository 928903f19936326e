//! Losses against what the author accepts.
//!
//! A translation that misses events, or a variant whose own condition does, is an error unless the
//! rule says by name that this is wanted. Until relations are proven, a variant's condition is
//! compared on the rule's own test events.

use super::compile::place;
use super::{Request, codes, locate};
use crate::diagnostic::Finding;
use crate::fields::View;
use crate::language::sigma::Condition;
use crate::query::{Effect, Expr, Loss};
use crate::rule::Accept;
use crate::source::{Place, Span, Spanned};

/// The code of a loss that comes from a variant's own condition.
pub(super) const OWN_CONDITION: &str = "own-condition";

/// What a platform's section says beside its envelope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant<'v> {
    /// The platform for people.
    pub platform: &'static str,
    /// Its view of an event.
    pub view: View,
    /// The key of the section.
    pub span: Option<Span>,
    /// Conditions that the platform has for itself.
    pub own: &'v [&'v Spanned<Condition>],
    /// What the author accepts.
    pub accept: &'v [Accept],
}

/// Checks losses against what the author accepts, and a variant's own conditions against the
/// rule's on its test events.
pub(super) fn judge(
    request: &Request<'_>,
    variant: &Variant<'_>,
    losses: &mut Vec<Loss>,
) -> Vec<Finding> {
    let Variant { platform, view, span, own, accept } = *variant;
    let (own_loss, mut findings) = compare(request, platform, own, accept);
    losses.extend(own_loss);
    for loss in losses.iter() {
        if accept.iter().any(|accept| accepts(accept, loss)) {
            continue;
        }
        let title = request.rule.header.title_span;
        let at = match (loss.code, own.first(), &loss.field) {
            (OWN_CONDITION, Some(first), _) => first.span,
            (_, _, Some(field)) => locate::field(request, view, Some(field)),
            _ => span.unwrap_or(title),
        };
        findings.push(unaccepted(platform, loss, place(request, at)));
    }
    for accept in accept {
        if !losses.iter().any(|loss| accepts(accept, loss)) {
            let message = format!("nothing in this rule for {platform} is `{}`", accept.loss.value);
            let at = place(request, accept.loss.span);
            findings.push(Finding::new(&codes::UNUSED_ACCEPT, at, message));
        }
    }
    findings
}

/// The entries of `accept:` that some loss needs.
pub(super) fn used(accept: &[Accept], losses: &[Loss]) -> Vec<Accept> {
    let needed = |entry: &&Accept| losses.iter().any(|loss| accepts(entry, loss));
    accept.iter().filter(needed).cloned().collect()
}

/// The finding for a loss that nobody accepted.
pub(super) fn unaccepted(platform: &str, loss: &Loss, at: Place) -> Finding {
    let code = match loss.effect {
        Effect::Wider => &codes::WIDER,
        Effect::Narrower | Effect::Overlapping => &codes::UNACCEPTED_LOSS,
    };
    if loss.code == OWN_CONDITION {
        let message = format!("{} and does not say how it differs from the rule's", loss.reason);
        let mut finding = Finding::new(code, at, message);
        finding.help("add `accept: [{loss: narrower, reason: ...}]`, or `wider`, or `overlapping`");
        return finding;
    }
    let relation = loss.effect.name();
    let message = format!("for {platform} the rule becomes {relation}: {}", loss.reason);
    let mut finding = Finding::new(code, at, message);
    finding.help(format!(
        "to accept it, add `accept: [{{loss: {}, reason: ...}}]` to the platform's section",
        loss.code
    ));
    finding
}

/// A loss of the translation is accepted by its code: a relation would also cover every later loss
/// on any field. A condition that the platform has for itself is accepted by its relation, which
/// is what its author decided.
fn accepts(accept: &Accept, loss: &Loss) -> bool {
    match loss.code {
        OWN_CONDITION => accept.loss.value == loss.effect.name(),
        code => accept.loss.value == code,
    }
}

/// A platform's own conditions (together, by "or") against the rule's. They are equal if they
/// lower to the same expression; else the author has to say how they differ, and the test events
/// must not say otherwise.
fn compare(
    request: &Request<'_>,
    platform: &str,
    own: &[&Spanned<Condition>],
    accept: &[Accept],
) -> (Option<Loss>, Vec<Finding>) {
    let canonical = request.set.expr(request.rule, None);
    let variants: Result<Vec<Expr>, _> =
        own.iter().map(|condition| request.set.expr(request.rule, Some(condition))).collect();
    if own.is_empty() {
        return (None, Vec::new());
    }
    let (Ok(canonical), Ok(variants)) = (canonical, variants) else { return (None, Vec::new()) };
    let variant = Expr::any_of(variants);
    if canonical.same_alternatives(&variant) {
        return (None, Vec::new());
    }
    let claims = [Effect::Narrower, Effect::Wider, Effect::Overlapping];
    let claimed = claims
        .into_iter()
        .find(|effect| accept.iter().any(|accept| accept.loss.value == effect.name()));
    let at = own.first().map_or(request.rule.header.title_span, |condition| condition.span);
    let mut findings = Vec::new();
    for test in &request.rule.sections.tests {
        let (shown, verb) = match (canonical.eval(&test.event), variant.eval(&test.event)) {
            (true, false) => (Effect::Narrower, "misses"),
            (false, true) => (Effect::Wider, "matches"),
            _ => continue,
        };
        if claimed == Some(shown) || claimed == Some(Effect::Overlapping) {
            continue;
        }
        let event = &test.name.value;
        let message = format!(
            "the condition for {platform} {verb} the test event `{event}`, unlike the rule"
        );
        let mut finding = Finding::new(&codes::VARIANT_DIFFERS, place(request, at), message);
        finding.related(place(request, test.name.span), "this event");
        let accept = shown.name();
        finding.help(format!("if that is meant, add `accept: [{{loss: {accept}, reason: ...}}]`"));
        findings.push(finding);
    }
    // What nobody claims can be anything.
    let effect = claimed.unwrap_or(Effect::Overlapping);
    let reason = format!("{platform} has a condition of its own");
    (Some(Loss { code: OWN_CONDITION, effect, field: None, reason }), findings)
}
