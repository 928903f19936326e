//! What an input is, told by how it begins.

use super::scan::{Scanner, Step};

/// How many bytes of an input are looked at.
pub(super) const HEAD_BYTES: usize = 64 << 10;

/// The ways of cutting an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record a line. A broken one ends with its line.
    Lines,
    /// JSON values one after another, over as many lines as they like.
    Document,
}

/// Beginnings of files that are no JSON in UTF-8, and what they are.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"\xff\xfe", "the input is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "the input is UTF-16; save it as UTF-8"),
    (b"\x28\xb5\x2f\xfd", "the input is compressed with zstd; only gzip is read"),
    (b"BZh", "the input is compressed with bzip2; only gzip is read"),
    (b"\xfd7zXZ", "the input is compressed with xz; only gzip is read"),
    (b"PK\x03\x04", "the input is a zip archive; unpack it first"),
    (b"PAR1", "the input is a Parquet file; only JSON is read"),
    (b"Obj\x01", "the input is an Avro file; only JSON is read"),
];

/// The kind of an input by its first bytes; an error if it is nothing that is read here.
pub(super) fn kind(head: &[u8]) -> Result<Kind, &'static str> {
    if let Some((_, reason)) = FOREIGN.iter().find(|(start, _)| head.starts_with(start)) {
        return Err(reason);
    }
    let head = head.trim_ascii_start();
    match head.first() {
        Some(b'{') => Ok(object(head)),
        Some(b'[') => Ok(Kind::Document),
        _ => Ok(Kind::Lines),
    }
}

/// An object on a line of its own is a record a line, unless it is the beginning of one that goes
/// on below. If the first record is broken, the next line tells: only a new record begins there
/// with a bracket and without indentation.
fn object(head: &[u8]) -> Kind {
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default().trim_ascii_end();
    if first.len() == head.len() {
        return Kind::Document;
    }
    let whole = Scanner::default().feed(first) == Step::Ended(first.len());
    let next = lines.find(|line| !line.trim_ascii().is_empty());
    if whole || next.is_some_and(|line| line.starts_with(b"{")) {
        Kind::Lines
    } else {
        Kind::Document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_known_by_their_beginning() {
        for (head, expected) in [
            ("", Ok(Kind::Lines)),
            ("{\"a\":1}\n{\"a\":2}\n", Ok(Kind::Lines)),
            ("{\"a\":\n{\"a\":2}\n", Ok(Kind::Lines)),
            ("{\n  \"a\": 1\n}\n", Ok(Kind::Document)),
            ("{\"Records\":[{}]}", Ok(Kind::Document)),
            ("  [\n{}]", Ok(Kind::Document)),
            ("BZh91AY", Err(())),
        ] {
            assert_eq!(kind(head.as_bytes()).map_err(|_| ()), expected, "{head}");
        }
    }
}
