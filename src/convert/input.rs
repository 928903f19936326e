//! What can be converted: documents with rules, and bare queries.

use crate::import::Kind;
use crate::language::registry::{self, Dialect};
use crate::source::SourceFile;

/// Languages whose own name means a document already, and what a bare query of them is called.
const RENAMED: &[(&str, &str)] = &[("datadog", "datadog-query"), ("sigma", "sigma-detection")];

/// A form in which rules come in.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// A document with rules.
    Document(Kind),
    /// The text of one query.
    Query(&'static dyn Dialect),
}

impl Input {
    /// Every form: the documents, then the query languages.
    pub fn all() -> Vec<Self> {
        let documents = Kind::ALL.iter().map(|kind| Self::Document(*kind));
        documents.chain(registry::ALL.iter().map(|language| Self::Query(*language))).collect()
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.name(),
            Self::Query(language) => query_name(language.name()),
        }
    }

    /// The form of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|input| input.name() == name)
    }

    /// The form of a file: a query if its extension is the name of a language, else what its
    /// content looks like.
    pub fn of(source: &SourceFile) -> Option<Self> {
        let extension = source.name().rsplit_once('.').map(|(_, extension)| extension);
        let language = extension.and_then(registry::by_name).map(Self::Query);
        language.or_else(|| Kind::of(source).map(Self::Document))
    }

    /// Extensions of files below a folder that may hold this, beside those of all documents.
    pub fn extensions() -> Vec<&'static str> {
        registry::ALL.iter().map(|language| language.name()).collect()
    }
}

/// What a bare query of a language is called, for input and for output.
pub(super) fn query_name(language: &'static str) -> &'static str {
    let renamed = RENAMED.iter().find(|(own, _)| *own == language);
    renamed.map_or(language, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_name_of_its_own() {
        let names: Vec<_> = Input::all().into_iter().map(Input::name).collect();
        for name in &names {
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
            assert_eq!(Input::from_name(name).map(Input::name), Some(*name));
        }
    }
}
