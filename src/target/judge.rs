//! Losses against what the author accepts.
//!
//! A translation that misses events, or a variant whose own condition does, is an error unless the
//! rule says by name that this is wanted. Until relations are proven, a variant's condition is
//! compared on the rule's own test events.

use super::compile::place;
use super::{Request, codes};
use crate::diagnostic::Finding;
use crate::language::sigma::Condition;
use crate::query::{Effect, Expr, Loss};
use crate::rule::Accept;
use crate::source::{Span, Spanned};

/// Checks losses against what the author accepts, and a variant's own conditions against the
/// rule's on its test events.
pub(super) fn judge(
    request: &Request<'_>,
    platform: &str,
    variant: Option<Span>,
    own: &[&Spanned<Condition>],
    losses: &mut Vec<Loss>,
    accept: &[Accept],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = place(request, variant.unwrap_or(request.rule.header.title_span));
    if let Some(first) = own.first() {
        let (own_losses, more) = compare(request, platform, own, first.span, accept);
        losses.extend(own_losses);
        findings.extend(more);
    }
    for loss in losses.iter() {
        let accepted = accept.iter().any(|accept| accepts(accept, loss));
        if accepted {
            continue;
        }
        let (code, relation) = match loss.effect {
            Effect::Wider => (&codes::WIDER, "wider"),
            Effect::Narrower => (&codes::UNACCEPTED_LOSS, "narrower"),
            Effect::Overlapping => (&codes::UNACCEPTED_LOSS, "overlapping"),
        };
        let message = format!("for {platform} the rule becomes {relation}: {}", loss.reason);
        let mut finding = Finding::new(code, at.clone(), message);
        finding.help(format!(
            "to accept it, add `accept: [{{loss: {}, reason: ...}}]` to the platform's section",
            loss.code
        ));
        findings.push(finding);
    }
    for accept in accept {
        if !losses.iter().any(|loss| accepts(accept, loss)) {
            let message = format!("nothing in this rule for {platform} is `{}`", accept.loss.value);
            findings.push(Finding::new(
                &codes::UNUSED_ACCEPT,
                place(request, accept.loss.span),
                message,
            ));
        }
    }
    findings
}

fn accepts(accept: &Accept, loss: &Loss) -> bool {
    let relation = match loss.effect {
        Effect::Narrower => "narrower",
        Effect::Wider => "wider",
        Effect::Overlapping => "overlapping",
    };
    accept.loss.value == loss.code || accept.loss.value == relation
}

/// A platform's own conditions (together, by "or") against the rule's. They are equal if they
/// lower to the same expression; else the test events show the relation, and what they cannot
/// show is what the author claims with `accept`.
fn compare(
    request: &Request<'_>,
    platform: &str,
    own: &[&Spanned<Condition>],
    at: Span,
    accept: &[Accept],
) -> (Option<Loss>, Vec<Finding>) {
    let canonical = request.set.expr(request.rule, None);
    let variants: Result<Vec<Expr>, _> =
        own.iter().map(|condition| request.set.expr(request.rule, Some(condition))).collect();
    let (Ok(canonical), Ok(variants)) = (canonical, variants) else { return (None, Vec::new()) };
    let variant = Expr::any_of(variants);
    if canonical.same_alternatives(&variant) {
        return (None, Vec::new());
    }
    let claims = |relation: &str| {
        accept
            .iter()
            .any(|accept| accept.loss.value == relation || accept.loss.value == "own-condition")
    };
    let mut findings = Vec::new();
    let (mut missed, mut added) = (false, false);
    for test in &request.rule.sections.tests {
        let (rule, own) = (canonical.eval(&test.event), variant.eval(&test.event));
        let (relation, verb) = match (rule, own) {
            (true, false) => ("narrower", "misses"),
            (false, true) => ("wider", "matches"),
            _ => continue,
        };
        missed |= relation == "narrower";
        added |= relation == "wider";
        if !claims(relation) && !claims("overlapping") {
            let message = format!(
                "the condition for {platform} {verb} the test event `{}`, unlike the rule",
                test.name.value
            );
            let mut finding = Finding::new(&codes::VARIANT_DIFFERS, place(request, at), message);
            finding.related(place(request, test.name.span), "this event");
            finding.help(format!(
                "if that is meant, add `accept: [{{loss: {relation}, reason: ...}}]`"
            ));
            findings.push(finding);
        }
    }
    let effect = match (missed || claims("narrower"), added || claims("wider")) {
        (true, false) => Effect::Narrower,
        (false, true) => Effect::Wider,
        (true, true) => Effect::Overlapping,
        // Nothing shows a difference and nobody claims one: no loss to report.
        (false, false) => return (None, findings),
    };
    let reason = format!("{platform} has a condition of its own");
    (Some(Loss { code: "own-condition", effect, field: None, reason }), findings)
}
