//! What cannot be right in a scenario, and where.

use core::fmt;

/// Something that cannot be right: `FILE:LINE: what is wrong and what is expected`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The file's name within the folder.
    pub file: &'static str,
    /// The physical line, from 1; of a row or key that spans several, the first. What concerns the whole file is on line 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub what: String,
}

impl Wrong {
    /// Something wrong in `file` at `line`.
    #[must_use]
    pub fn new(file: &'static str, line: usize, what: impl Into<String>) -> Self {
        Wrong { file, line, what: what.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for Wrong {}

/// A text of the scenario as a message quotes it: on one line, and not longer than a line can bear.
#[must_use]
pub fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    match text.char_indices().nth(CHARS_MAX) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}
