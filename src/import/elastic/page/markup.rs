//! The two markups that pages were written in, as far as they differ for one and the same fact.

use super::text::{address, plain};

/// A markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// The pages of 2025.
    Markdown,
    /// The pages before.
    Asciidoc,
}

impl Markup {
    /// What stands around a bold label.
    pub(super) fn label(self) -> (&'static str, &'static str) {
        match self {
            Markup::Markdown => ("**", "**:"),
            Markup::Asciidoc => ("*", "*:"),
        }
    }

    /// What begins a line below a tactic or technique.
    pub(super) fn member(self) -> &'static str {
        match self {
            Markup::Markdown => "    * ",
            Markup::Asciidoc => "** ",
        }
    }

    /// How the name of the framework ATT&CK is shown.
    pub(super) fn attack(self) -> &'static str {
        match self {
            Markup::Markdown => "MITRE ATT&CKTM",
            Markup::Asciidoc => "MITRE ATT&CK^TM^",
        }
    }

    /// The text that is shown: only Markdown was escaped when the page was made.
    pub(super) fn text(self, shown: &str) -> String {
        match self {
            Markup::Markdown => plain(shown),
            Markup::Asciidoc => shown.trim().to_owned(),
        }
    }

    /// An address, and where the link leads if that is somewhere else.
    pub(super) fn address(self, shown: &str) -> (String, Option<String>) {
        match self {
            Markup::Markdown => address(shown),
            Markup::Asciidoc => (shown.trim().to_owned(), None),
        }
    }
}
