//! Gzip data: members one after another, as RFC 1952 (section 2.2) has them.
//!
//! Tapes and block devices fill their last block up with zeros, and `gzip` reads over those; so does
//! this. Anything else behind a member is damage.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// How a member begins (RFC 1952, section 2.3.1).
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Unpacks all members of a stream.
pub(super) struct Members<R> {
    /// The member that is being read; none behind the last.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    /// Begins with the first.
    pub(super) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(reader)) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let number = member.read(buffer)?;
            if number > 0 || buffer.is_empty() {
                return Ok(number);
            }
            let rest = self.member.take().map(GzDecoder::into_inner);
            self.member = rest.map(next).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// What follows a member: another, or the end, which zeros may stand before.
fn next<R: BufRead>(mut reader: R) -> io::Result<Option<GzDecoder<R>>> {
    let mut is_padded = false;
    loop {
        let piece = reader.fill_buf()?;
        let Some(first) = piece.first() else { return Ok(None) };
        match piece.iter().position(|byte| *byte != 0) {
            None => {
                is_padded = true;
                let number = piece.len();
                reader.consume(number);
            }
            Some(0) if !is_padded && *first == GZIP[0] => {
                return Ok(Some(GzDecoder::new(reader)));
            }
            Some(_) => {
                let reason = "something else follows its end";
                return Err(io::Error::new(ErrorKind::InvalidData, reason));
            }
        }
    }
}
