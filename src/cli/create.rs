//! Files that a verb makes from a template: never in place of one that is there.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Failure;

/// Writes a new file and the folders above it. `false` if something of this name is there, which
/// stays as it was, a dangling link included.
pub(super) fn create(path: &Path, text: &str) -> Result<bool, Failure> {
    let failure = |error| Failure(format!("error: cannot write `{}`: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failure)?;
    }
    // The system looks and creates in one step, so that nobody can come between.
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(failure).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failure(error)),
    }
}

/// Puts values in place of `@NAME@`, in one pass: what a value holds is never a name.
pub(super) fn fill(template: &str, values: &BTreeMap<&str, &str>) -> String {
    let mut pieces = template.split('@');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    // Whether the `@` in front of the piece ended a name.
    let mut after_name = false;
    for piece in pieces {
        match values.get(piece).filter(|_| !after_name) {
            Some(value) => {
                out.push_str(value);
                after_name = true;
            }
            None => {
                if !after_name {
                    out.push('@');
                }
                out.push_str(piece);
                after_name = false;
            }
        }
    }
    out
}

/// A text as a YAML value: bare where no reader could take it for something else, otherwise as
/// JSON writes it, which YAML 1.2 can read.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: &[&str] = &["y", "yes", "n", "no", "on", "off", "true", "false", "null"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-./()".contains(c))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_replace_their_names_once() {
        let values = BTreeMap::from([("A", "@B@"), ("B", "2")]);
        let filled = fill("x: @A@ @B@, uses: actions/checkout@v4 @C@\n@A@@B@", &values);
        assert_eq!(filled, "x: @B@ 2, uses: actions/checkout@v4 @C@\n@B@2");
    }
}
