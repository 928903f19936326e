//! What can be wrong with the YAML of a file, in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use super::{MAX_DEPTH, MAX_NODES, Span};

/// Why a text is no usable YAML.
#[derive(Clone, Debug, PartialEq)]
pub struct YamlError {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: YamlErrorKind,
}

/// The kinds of [`YamlError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YamlErrorKind {
    /// The text breaks YAML's grammar.
    Syntax {
        /// What is wrong.
        message: String,
        /// What is usually meant, where that is known.
        help: Option<&'static str>,
    },
    /// The same key twice in one mapping; the place of the first.
    DuplicateKey(String, Span),
    /// A key that is a list or a mapping.
    ComplexKey,
    /// `<<`, which copied the entries of another mapping in YAML 1.1 and is no part of 1.2.
    MergeKey,
    /// More than [`MAX_DEPTH`] levels of lists and mappings.
    TooDeep,
    /// More than [`MAX_NODES`] values, copies by aliases included.
    TooMany,
}

impl YamlErrorKind {
    /// An alias that stands inside what it would copy.
    pub(super) fn endless_alias() -> Self {
        let message = "this alias stands inside the value that it names".to_owned();
        YamlErrorKind::Syntax { message, help: None }
    }

    /// What is wrong, lower case.
    pub fn message(&self) -> String {
        match self {
            YamlErrorKind::Syntax { message, .. } => message.clone(),
            YamlErrorKind::DuplicateKey(key, _) => format!("the key `{key}` stands here twice"),
            YamlErrorKind::ComplexKey => "a key must be a text".to_owned(),
            YamlErrorKind::MergeKey => "merge keys (`<<`) are no part of YAML 1.2".to_owned(),
            YamlErrorKind::TooDeep => {
                format!("lists and mappings may be nested {MAX_DEPTH} levels deep")
            }
            YamlErrorKind::TooMany => {
                format!("a file may hold {MAX_NODES} values, copies by aliases included")
            }
        }
    }

    /// What to do.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            YamlErrorKind::Syntax { help, .. } => *help,
            YamlErrorKind::MergeKey => {
                Some("write the entries out, or let an alias stand for a whole value")
            }
            _ => None,
        }
    }
}

/// The slips that rule authors make get words of their own; the rest keeps the library's.
impl From<&ScanError> for YamlErrorKind {
    fn from(error: &ScanError) -> Self {
        use ErrorKind as E;
        let (message, help) = match error.kind() {
            E::UnknownAnchor => {
                ("this alias names no anchor", "put quotes round a text that starts with `*`")
            }
            E::UnexpectedCharacter { character } => {
                return YamlErrorKind::Syntax {
                    message: format!("no value can start with `{character}`"),
                    help: Some("put quotes round the value"),
                };
            }
            E::TabInBlockIndentation | E::TabInIndentation | E::TabNotAllowed => {
                ("a tab cannot indent", "indent with spaces")
            }
            E::MappingValueNotAllowed => {
                ("a second `:` cannot stand here", "put quotes round a text that holds `: `")
            }
            E::InvalidColonPlacement | E::UnclosedFlowCollection { .. } => {
                ("a list or mapping before this place is still open", "close it with `]` or `}`")
            }
            E::UnclosedQuotedScalar | E::InvalidQuotedScalarIndent => (
                "a quoted text is still open here",
                "close the quotes, or indent the lines on which the text goes on",
            ),
            E::InvalidBlockScalarHeader => (
                "nothing but a line end can follow `|` or `>`",
                "put quotes round a key or text that starts so",
            ),
            E::SimpleKeyExpected => ("this line is no `key: value`", "put a blank behind the `:`"),
            E::RecursionLimitExceeded => return YamlErrorKind::TooDeep,
            _ => return YamlErrorKind::Syntax { message: words(error), help: None },
        };
        YamlErrorKind::Syntax { message: message.to_owned(), help: Some(help) }
    }
}

/// The library's message without its own idea of the place.
fn words(error: &ScanError) -> String {
    let info = error.info();
    let message = info.split(" at byte ").next().unwrap_or(&info);
    let mut chars = message.trim_end_matches('.').chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_lowercase().collect::<String>() + chars.as_str())
}
