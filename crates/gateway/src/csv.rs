//! Tables as CSV (RFC 4180), for spreadsheets and other programs.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

/// A table that is written row by row.
pub(crate) struct Csv(String);

impl Csv {
    /// With a heading.
    pub fn new(heading: &[&str]) -> Self {
        let mut csv = Csv(String::with_capacity(4096));
        csv.row(heading);
        csv
    }

    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    /// A text that a spreadsheet would take for a formula gets an apostrophe in front; a number is none.
    fn cell(&mut self, cell: &str) {
        let number = cell.strip_prefix('-').unwrap_or(cell).bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
        let quoted = cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
        if quoted {
            self.0.push('"');
        }
        if formula {
            self.0.push('\'');
        }
        self.0.push_str(&cell.replace('"', "\"\""));
        if quoted {
            self.0.push('"');
        }
    }

    /// The table as an answer that a browser saves under this name.
    pub fn answer(self, disposition: &'static str) -> Response {
        let mut response = Response::new(Body::from(self.0));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects whoever opens an export: what a member has typed is text there, and no cell runs into another.
    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(&["1,5", "=1+1"]);
        csv.row(&["-12.50", "-1+cmd|' /C calc'!A0"]);
        csv.row(&["say \"x\"", "@a,b"]);
        csv.row(&["两\n行", " "]);
        let expected = "a,b\r\n\"1,5\",'=1+1\r\n-12.50,'-1+cmd|' /C calc'!A0\r\n\"say \"\"x\"\"\",\"'@a,b\"\r\n\"两\n行\",\" \"\r\n";
        assert_eq!(csv.0, expected);
    }
}
