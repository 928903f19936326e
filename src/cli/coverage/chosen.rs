//! Which framework, which of its versions and controls.

use super::super::{Context, Failure};
use super::Coverage;
use crate::rule::controls::{self, Framework};

impl Coverage {
    /// The framework that is named, or that of the configuration, or the first.
    pub(super) fn framework(&self, context: &Context) -> Result<&'static Framework, Failure> {
        let known = controls::frameworks();
        let names: Vec<String> = known.iter().map(|one| format!("`{}`", one.framework)).collect();
        let names = names.join(", ");
        match self.framework.as_ref().or(context.config.coverage.framework.as_ref()) {
            Some(id) => controls::framework(id).ok_or_else(|| {
                Failure(format!("error: there is no framework `{id}`; there are {names}"))
            }),
            None => known.first().ok_or_else(|| Failure("error: there is no framework".to_owned())),
        }
    }

    /// The versions that are named, or those of the configuration, or the newest.
    pub(super) fn versions(
        &self,
        context: &Context,
        framework: &Framework,
    ) -> Result<Vec<String>, Failure> {
        let named = match self.version.is_empty() {
            true => &context.config.coverage.version,
            false => &self.version,
        };
        let newest = || framework.newest().map(str::to_owned).into_iter().collect::<Vec<_>>();
        let mut wanted = Vec::new();
        for name in named {
            match name.as_str() {
                "all" => wanted.extend(framework.versions.iter().cloned()),
                "newest" => wanted.extend(newest()),
                own if framework.versions.iter().any(|version| version == own) => {
                    wanted.push(own.to_owned());
                }
                other => {
                    let known = framework.versions.join(", ");
                    return Err(Failure(format!(
                        "error: `{}` has no version `{other}`; there are {known}",
                        framework.framework
                    )));
                }
            }
        }
        Ok(if wanted.is_empty() { newest() } else { wanted })
    }

    /// The subjects of the controls that are asked for.
    pub(super) fn subjects(
        &self,
        framework: &Framework,
        versions: &[String],
    ) -> Result<Vec<String>, Failure> {
        let find = |name: &String| {
            let subject = framework.subjects.iter().find(|subject| {
                let numbered = |version| framework.subject(version, name).map(|own| &own.slug);
                subject.slug == *name
                    || versions.iter().any(|version| numbered(version) == Some(&subject.slug))
            });
            subject.map(|subject| subject.slug.clone()).ok_or_else(|| {
                Failure(format!(
                    "error: `{}` has no control `{name}` in {}",
                    framework.framework,
                    versions.join(", ")
                ))
            })
        };
        self.control.iter().map(find).collect()
    }
}
