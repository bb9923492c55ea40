//! Rows of a CSV file: quoted cells, CRLF, columns in any order, each row with the physical line where it starts.
//!
//! Strict where a lenient reader would guess: a quote that is not closed, text behind a closing quote, and a row with
//! too few or too many cells are errors. Cells are borrowed from the text, so that a long file costs no allocation a cell.

use std::borrow::Cow;

use super::wrong::{Wrong, quoted};

/// A file with a heading, read row by row.
pub struct Rows<'t> {
    file: &'static str,
    rest: &'t str,
    line: usize,
    /// Where in a row each wanted column stands.
    places: Vec<usize>,
    cells: Vec<Cow<'t, str>>,
}

/// One row: its line and its cells in the order in which the columns were asked for.
pub struct Row<'r, 't> {
    /// The physical line where the row starts, from 1.
    pub line: usize,
    cells: &'r [Cow<'t, str>],
    places: &'r [usize],
}

impl Row<'_, '_> {
    /// The cell of the column that was asked for at this place.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        &self.cells[self.places[column]]
    }
}

impl<'t> Rows<'t> {
    /// Reads the heading: exactly these columns, in any order.
    ///
    /// # Errors
    /// There is no heading, or a column is unknown, repeated or missing.
    pub fn new(file: &'static str, text: &'t str, columns: &[&str]) -> Result<Self, Wrong> {
        let mut rows = Rows { file, rest: text, line: 1, places: Vec::new(), cells: Vec::new() };
        let expected = columns.join(",");
        let Some(line) = rows.advance()? else {
            return Err(Wrong::new(file, 1, format!("there is no heading; expected the columns {expected}")));
        };
        let mut places = vec![None; columns.len()];
        for (place, cell) in rows.cells.iter().enumerate() {
            let Some(column) = columns.iter().position(|column| column == cell) else {
                let cell = quoted(cell);
                return Err(Wrong::new(file, line, format!("column {cell} is unknown; expected {expected}")));
            };
            if places[column].replace(place).is_some() {
                let cell = quoted(cell);
                return Err(Wrong::new(file, line, format!("column {cell} is there twice; expected {expected}")));
            }
        }
        for (column, place) in columns.iter().zip(places) {
            let Some(place) = place else {
                return Err(Wrong::new(file, line, format!("column \"{column}\" is missing; expected {expected}")));
            };
            rows.places.push(place);
        }
        Ok(rows)
    }

    /// The next row; `None` at the end. Lines without a single character are no rows.
    ///
    /// # Errors
    /// The row has too few or too many cells, or its quotes are wrong.
    pub fn next(&mut self) -> Option<Result<Row<'_, 't>, Wrong>> {
        let line = match self.advance() {
            Ok(line) => line?,
            Err(wrong) => return Some(Err(wrong)),
        };
        let (given, expected) = (self.cells.len(), self.places.len());
        if given != expected {
            let cells = if given == 1 { "cell" } else { "cells" };
            return Some(Err(Wrong::new(
                self.file,
                line,
                format!("the row has {given} {cells}; expected {expected}, one for each column"),
            )));
        }
        Some(Ok(Row { line, cells: &self.cells, places: &self.places }))
    }

    /// Reads the next row into `cells` and says the line where it starts.
    fn advance(&mut self) -> Result<Option<usize>, Wrong> {
        while let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let start = self.line;
        self.cells.clear();
        loop {
            let cell = match self.rest.strip_prefix('"') {
                Some(inside) => self.quoted_cell(inside, start)?,
                None => Cow::Borrowed(self.plain_cell()),
            };
            self.cells.push(cell);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            if let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
                self.rest = rest;
                self.line += 1;
            }
            return Ok(Some(start));
        }
    }

    fn plain_cell(&mut self) -> &'t str {
        let bytes = self.rest.as_bytes();
        let mut end = bytes.iter().position(|byte| matches!(byte, b',' | b'\n')).unwrap_or(bytes.len());
        if bytes.get(end) == Some(&b'\n') && end > 0 && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        let (cell, rest) = self.rest.split_at(end);
        self.rest = rest;
        cell
    }

    /// `inside` begins behind the opening quote.
    fn quoted_cell(&mut self, inside: &'t str, start: usize) -> Result<Cow<'t, str>, Wrong> {
        let mut cell = Cow::Borrowed("");
        let mut rest = inside;
        loop {
            let Some(end) = rest.find('"') else {
                return Err(Wrong::new(self.file, start, "a quote is not closed; expected \" at the end of the cell"));
            };
            self.line += rest[..end].bytes().filter(|byte| *byte == b'\n').count();
            if cell.is_empty() {
                cell = Cow::Borrowed(&rest[..end]);
            } else {
                cell.to_mut().push_str(&rest[..end]);
            }
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                // Two quotes are one quote of the cell's text.
                Some(behind) => {
                    cell.to_mut().push('"');
                    rest = behind;
                }
                None => break,
            }
        }
        let closed = rest.is_empty() || [",", "\n", "\r\n"].iter().any(|end| rest.starts_with(end));
        if !closed {
            return Err(Wrong::new(
                self.file,
                start,
                "there is text behind a closing quote; expected a comma or the end of the line",
            ));
        }
        self.rest = rest;
        Ok(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, columns: &[&str]) -> Result<Vec<(usize, Vec<String>)>, Wrong> {
        let mut rows = Rows::new("bids.csv", text, columns)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next() {
            let row = row?;
            all.push((row.line, (0..columns.len()).map(|column| row.cell(column).to_owned()).collect()));
        }
        Ok(all)
    }

    /// Protects that a row keeps the number of the physical line where it starts, whatever stands before it.
    #[test]
    fn rows_know_their_physical_line() {
        let text = "b,a\r\n1,\"x\r\ny\"\r\n\r\n\n\"2\",\"\"\"z\"\"\"\n3,\n";
        let expected = [(2, ["x\r\ny", "1"]), (6, ["\"z\"", "2"]), (7, ["", "3"])];
        let expected: Vec<_> =
            expected.into_iter().map(|(line, cells)| (line, cells.map(str::to_owned).to_vec())).collect();
        assert_eq!(read(text, &["a", "b"]).unwrap(), expected);
        assert_eq!(read("a,b\n1,2", &["a", "b"]).unwrap().len(), 1, "the last line need not be closed");
        assert_eq!(read("\"a\",b\n", &["a", "b"]).unwrap(), []);
    }

    /// Protects that what a lenient reader would guess at is an error with its line.
    #[test]
    fn malformed_rows_are_errors() {
        for (text, expected) in [
            ("", "bids.csv:1: there is no heading; expected the columns a,b"),
            ("\n\n", "bids.csv:1: there is no heading; expected the columns a,b"),
            ("a,c\n", "bids.csv:1: column \"c\" is unknown; expected a,b"),
            ("a, b\n", "bids.csv:1: column \" b\" is unknown; expected a,b"),
            ("a,b,a\n", "bids.csv:1: column \"a\" is there twice; expected a,b"),
            ("a\n", "bids.csv:1: column \"b\" is missing; expected a,b"),
            ("a,b\n1\n", "bids.csv:2: the row has 1 cell; expected 2, one for each column"),
            ("a,b\n1,2\n1,2,3\n", "bids.csv:3: the row has 3 cells; expected 2, one for each column"),
            ("a,b\n1,2\n \n", "bids.csv:3: the row has 1 cell; expected 2, one for each column"),
            ("a,b\n1,\"2\n", "bids.csv:2: a quote is not closed; expected \" at the end of the cell"),
            (
                "a,b\n\"1\"x,2\n",
                "bids.csv:2: there is text behind a closing quote; expected a comma or the end of the line",
            ),
        ] {
            assert_eq!(read(text, &["a", "b"]).unwrap_err().to_string(), expected, "{text:?}");
        }
    }
}
