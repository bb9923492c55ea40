//! Writing CBOR to memory.

use minicbor::encode::write::Cursor;
use minicbor::{Encode, Encoder};

/// What nearly every item fits into.
const SMALL: usize = 192;

/// Appends the encoding of `value`. An item is written to a small block first and appended whole: growing a vector byte
/// by byte costs more than everything else that a bid does.
pub(crate) fn append<T: Encode<()>>(value: &T, bytes: &mut Vec<u8>) {
    let mut small = [0u8; SMALL];
    let mut encoder = Encoder::new(Cursor::new(&mut small[..]));
    if encoder.encode(value).is_ok() {
        let length = encoder.writer().position();
        bytes.extend_from_slice(&small[..length]);
    } else {
        minicbor::encode(value, bytes).expect("writing to memory does not fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that an item of any size is appended as it would be written directly.
    #[test]
    fn small_and_large_items_are_the_same_bytes() {
        for length in [0, 1, 100, SMALL - 2, SMALL - 1, SMALL, SMALL + 1, 5000] {
            let text = "x".repeat(length);
            let mut bytes = b"before".to_vec();
            append(&text, &mut bytes);
            assert_eq!(bytes[6..], minicbor::to_vec(&text).unwrap());
        }
    }
}
