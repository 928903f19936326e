//! Raw names where Elastic needs those of ECS.

use crate::check::{Check, Run, Subject};
use crate::diagnostic::{Findings, code};
use crate::fields::View;
use crate::query::FieldPath;

code! {
    /// a field of Elastic's envelope has its raw name
    ///
    /// `investigation_fields` and the groups of `alert_suppression` go to Kibana as they stand, so
    /// they need the names that fields have there. Under a raw name Kibana shows nothing, and
    /// groups all alerts together.
    ///
    /// ```yaml
    /// elastic: {investigation_fields: [userIdentity.arn]}                      # bad
    /// elastic: {investigation_fields: [aws.cloudtrail.user_identity.arn]}      # good
    /// ```
    RAW_FIELD = "raw-field", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &RAW_FIELD, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(catalog) = subject.catalog else { return };
    let elastic = &subject.rule.sections.elastic;
    let groups = elastic.alert_suppression.iter().flat_map(|suppression| &suppression.group_by);
    for field in elastic.investigation_fields.iter().chain(groups) {
        let raw = FieldPath::new(field.as_str());
        let Some(name) = catalog.name(&raw, View::Ecs).filter(|name| *name != raw) else {
            continue;
        };
        let message = format!("Elastic has no field `{raw}`");
        let finding = findings.add(&RAW_FIELD, field.span, message);
        finding.help(format!("there its values stand in `{name}`"));
        // A plain scalar of YAML cannot start with `@`.
        let quote = if name.as_str().starts_with('@') { "\"" } else { "" };
        finding.fix(field.span, format!("{quote}{name}{quote}"));
    }
}
