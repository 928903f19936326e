//! Where text comes from: files, places in them, and spanned trees.
//!
//! Everything downstream works on trees whose every node knows its bytes in the file, so that a
//! finding raised three stages later still points at the right character. Types are *not* decided
//! here: a scalar keeps its text and its style, and the reader of a field says what it must be.
//! That is how the control number `4.10` stays `4.10`.

mod comments;
mod discover;
mod file;
mod json;
mod node;
mod replace;
mod scalar;
mod span;
mod toml;
mod within;
mod write;
mod yaml;
mod yaml_error;

pub use comments::comments;
pub use discover::{Found, closed, discover};
pub use file::{MAX_FILE_BYTES, ReadError, SourceFile};
pub use json::to_json;
pub use node::{Entry, Kind, Mapping, Node, Scalar, Style};
pub use replace::{replace_file, replace_text};
pub use scalar::{Resolved, resolve};
pub use span::{LineColumn, Place, Span, Spanned};
pub use toml::{TomlError, read_toml};
pub use within::Within;
pub use write::write_yaml;
pub use yaml::{MAX_DEPTH, MAX_NODES, read_yaml};
pub use yaml_error::{YamlError, YamlErrorKind};
