//! The rules that other people have published, by platform.

use std::sync::Arc;

use crosswalk::import::{Foreign, Kind};
use crosswalk::source::SourceFile;

use super::common::{corpus, files};

/// Folder, extension and kind of every corpus of a platform that has an API.
const FOLDERS: &[(&str, &str, Kind)] = &[
    ("elastic", "toml", Kind::ElasticToml),
    ("elastic-pages/md", "md", Kind::ElasticPage),
    ("datadog", "json", Kind::Datadog),
    ("datadog-pages", "md", Kind::DatadogPage),
];

/// One document of a corpus.
pub(crate) struct Document {
    /// Its path, for messages.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: Kind,
    pub(crate) source: Arc<SourceFile>,
}

impl Document {
    /// The rules of it in the form of the platform's API.
    pub(crate) fn bodies(&self) -> Vec<Foreign> {
        let mut findings = crosswalk::diagnostic::Findings::new(&self.source);
        crosswalk::import::bodies(&self.source, self.kind, &mut findings).expect("no Sigma")
    }
}

/// Every document; `None` after saying what is skipped.
pub(crate) fn documents(what: &str) -> Option<Vec<Document>> {
    let mut all = Vec::new();
    for (folder, extension, kind) in FOLDERS {
        for path in files(&corpus(folder, what)?, extension) {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(&path).expect("readable");
            let source = SourceFile::new(name.as_str(), text.as_str());
            all.push(Document { name, kind: *kind, source });
        }
    }
    Some(all)
}
