//! What is in a file, by its content: the name and the sender say what they like.

use exchange::files::FileKind;

/// The kind of these bytes; `None`: none that is taken in. Only formats that say what they are in their first bytes are,
/// and that no browser runs: a container such as a ZIP would have to be opened to know what it is. What stands before is not
/// passed over, as readers of PDF do (ISO 32000-1, 7.5.2, wants it first): it could be a page.
pub(super) fn kind_of(bytes: &[u8]) -> Option<FileKind> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(FileKind::Png),
        [0xff, 0xd8, 0xff, ..] => Some(FileKind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileKind::Webp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the list of what is taken in: the four kinds by their first bytes, and nothing that a browser would run or that
    /// a person might open as a program.
    #[test]
    fn kinds_are_found_by_content() {
        let webp = b"RIFF\x24\0\0\0WEBPVP8 ".as_slice();
        for (bytes, kind) in [
            (b"%PDF-1.7\n1 0 obj".as_slice(), Some(FileKind::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(FileKind::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", Some(FileKind::Jpeg)),
            (webp, Some(FileKind::Webp)),
            (b"", None),
            (b"%PD", None),
            (b"\xef\xbb\xbf%PDF-1.7", None),
            (b"RIFF\x24\0\0\0WAVEfmt ", None),
            (b"<!doctype html><script>alert(1)</script>", None),
            (b" \n<html>%PDF-1.7", None),
            (b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", None),
            (b"GIF89a\x01\0\x01\0", None),
            (b"PK\x03\x04\x14\0\x06\0", None),
            (b"MZ\x90\0\x03\0\0\0", None),
            (b"\x7fELF\x02\x01\x01\0", None),
            (b"#!/bin/sh\n", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
            (b"a,b\r\n1,2\r\n", None),
        ] {
            assert_eq!(kind_of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
