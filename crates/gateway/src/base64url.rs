//! Bytes as base64url without padding (RFC 4648, 5), as browsers write them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The text of bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text; `None`: it is none of this form.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
