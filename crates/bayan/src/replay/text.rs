//! A file of a scenario as text: UTF-8, with or without a byte order mark.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::wrong::Wrong;

/// The text of a file that must be there.
///
/// # Errors
/// It is missing (`expected` says what should be in it), cannot be read, or is not UTF-8.
pub fn needed(folder: &Path, file: &'static str, expected: &str) -> Result<String, Wrong> {
    optional(folder, file)?.ok_or_else(|| Wrong::new(file, 1, format!("the file is missing; expected {expected}")))
}

/// The text of a file that may be left out.
///
/// # Errors
/// It cannot be read, or is not UTF-8.
pub fn optional(folder: &Path, file: &'static str) -> Result<Option<String>, Wrong> {
    let bytes = match fs::read(folder.join(file)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Wrong::new(file, 1, format!("cannot be read: {error}; expected a readable file"))),
    };
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = line_at(error.as_bytes(), good);
        Wrong::new(file, line, "has bytes that are not UTF-8; expected UTF-8 text")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    if text.starts_with('\u{feff}') {
        return Err(Wrong::new(file, 1, "begins with two byte order marks; expected one or none"));
    }
    Ok(Some(text))
}

/// The physical line, from 1, on which the byte at `at` stands.
#[must_use]
pub fn line_at(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count()
}
