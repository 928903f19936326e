//! The encodings behind `base64`, `base64offset` and the UTF-16 modifiers.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, &byte| group << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for index in 0..4 {
            if index <= chunk.len() {
                let sextet = (group >> (18 - 6 * index)) & 63;
                out.push(char::from(ALPHABET[sextet as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// What the bytes look like inside a longer base64 text, at each of the three offsets: the
/// characters that also depend on the neighbours are cut off (specification, `base64offset`).
/// Lengths count bytes; pySigma counts characters and goes wrong beyond ASCII.
pub(super) fn base64_offsets(bytes: &[u8]) -> [String; 3] {
    const START: [usize; 3] = [0, 2, 3];
    const END: [usize; 3] = [0, 3, 2];
    [0, 1, 2].map(|offset| {
        let padded: Vec<u8> =
            std::iter::repeat_n(b' ', offset).chain(bytes.iter().copied()).collect();
        let text = base64(&padded);
        let end = text.len() - END[padded.len() % 3];
        text.get(START[offset]..end).unwrap_or_default().to_owned()
    })
}

/// UTF-16, low byte first.
pub(super) fn utf16_le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// UTF-16, high byte first.
pub(super) fn utf16_be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// UTF-16, low byte first, after the byte-order mark FF FE.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(utf16_le(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }

    #[test]
    fn offsets_count_bytes_not_characters() {
        assert_eq!(base64_offsets(b"foobar"), ["Zm9vYmFy", "Zvb2Jhc", "mb29iYX"]);
        assert_eq!(base64_offsets("é1".as_bytes()), ["w6kx", "OpM", "DqT"]);
    }

    #[test]
    fn an_offset_is_found_inside_any_longer_text() {
        for needle in ["a", "ab", "abc", "http://", "é1"] {
            let needle = needle.as_bytes();
            for before in 0..3 {
                for after in 0..3 {
                    let whole = [&b"xyz"[..before], needle, &b"uvw"[..after]].concat();
                    let offsets = base64_offsets(needle);
                    assert!(
                        base64(&whole).contains(&offsets[before]),
                        "{needle:?} {before} {after}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_byte_order_mark_is_that_of_utf_16() {
        assert_eq!(base64(&utf16("cmd")), "//5jAG0AZAA=");
    }
}
