//! Writing CBOR to memory.

use core::convert::Infallible;

use minicbor::encode::Write;
use minicbor::{Encode, Encoder};

/// Bytes at the end of a vector. An item is written in pieces of one to nine bytes; they must be copied where they are
/// made, because a call for each costs more than everything else that a bid does.
struct End<'a>(&'a mut Vec<u8>);

impl Write for End<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// Appends the encoding of `value`.
pub(crate) fn append<T: Encode<()>>(value: &T, bytes: &mut Vec<u8>) {
    Encoder::new(End(bytes)).encode(value).expect("writing to memory does not fail");
}
