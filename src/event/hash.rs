//! A quick hash for look-ups in tables that are made of rules.
//!
//! The standard hasher withstands keys that somebody chose to collide. Here the keys of a table
//! come from rules and only what is looked up comes from logs, which cannot make a table slow.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with the quick hash.
pub type FastMap<K, V> = HashMap<K, V, FastState>;

/// Makes the quick hash.
pub type FastState = BuildHasherDefault<Fast>;

/// Multiplies eight bytes at a time by an odd number with well spread bits and folds the halves of
/// the product.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fast(u64);

/// The fraction of the golden ratio in 64 bits, made odd.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Fast {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(u128::from(SPREAD));
        #[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        self.0 = folded.rotate_left(23);
    }
}

impl Hasher for Fast {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.add(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
