//! The table of a run: for people on the terminal, and as docs/benchmarks.md.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::figures::{Runs, Unit};
use super::machine::Machine;

/// One line: what was measured, beside what it is compared with.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figures of all runs, in their unit.
    pub runs: Runs,
    /// In what they are counted.
    pub unit: Unit,
    /// What it is compared with, measured in the same run; empty where there is nothing beside it.
    pub beside: String,
    /// How many times that it is.
    pub ratio: Option<f64>,
    /// What is wanted, in words; empty where the line only tells.
    pub wanted: String,
    /// Whether it is reached.
    pub reached: bool,
}

impl Row {
    /// A line that only tells.
    #[must_use]
    pub fn tells(what: impl Into<String>, runs: Runs, unit: Unit) -> Self {
        let (beside, wanted) = (String::new(), String::new());
        Row { what: what.into(), runs, unit, beside, ratio: None, wanted, reached: true }
    }

    /// What stands beside it, and how many times that it is.
    #[must_use]
    pub fn beside(mut self, what: impl Into<String>, value: f64) -> Self {
        self.beside = format!("{} {}", what.into(), self.unit.show(value));
        self.ratio = Some(self.runs.median() / value);
        self
    }

    /// At least so much is wanted.
    #[must_use]
    pub fn at_least(mut self, wanted: f64) -> Self {
        self.wanted = format!("≥ {}", self.unit.show(wanted));
        self.reached = self.runs.median() >= wanted;
        self
    }

    /// At most so much is wanted.
    #[must_use]
    pub fn at_most(mut self, wanted: f64) -> Self {
        self.wanted = format!("≤ {}", self.unit.show(wanted));
        self.reached = self.runs.median() <= wanted;
        self
    }

    /// How the wanted figure comes about.
    #[must_use]
    pub fn because(mut self, why: &str) -> Self {
        let _ = write!(self.wanted, " ({why})");
        self
    }

    fn cells(&self) -> [String; 7] {
        [
            self.what.clone(),
            self.unit.show(self.runs.median()),
            self.unit.show_spread(&self.runs),
            self.beside.clone(),
            self.ratio.map(|ratio| format!("{ratio:.2} ×")).unwrap_or_default(),
            self.wanted.clone(),
            match (self.wanted.is_empty(), self.reached) {
                (true, _) => "",
                (false, true) => "ok",
                (false, false) => "SHORT",
            }
            .to_owned(),
        ]
    }
}

const HEADS: [&str; 7] = ["what", "median", "spread", "compared with", "ratio", "wanted", ""];

/// The table for a terminal.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 7]> = rows.iter().map(Row::cells).collect();
    let width = |column: usize| {
        let texts = cells.iter().map(|row| row[column].as_str()).chain([HEADS[column]]);
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let mut text = String::new();
    for row in [HEADS.map(str::to_owned)].iter().chain(&cells) {
        let mut line = String::new();
        for ((cell, width), column) in row.iter().zip(&widths).zip(0..) {
            // Figures stand under each other by their units, words by their beginnings.
            let _ = match column {
                1 | 4 => write!(line, "{cell:>width$}  "),
                _ => write!(line, "{cell:<width$}  "),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The page: machine, command, figures, what falls short.
#[must_use]
pub fn page(machine: &Machine, command: &str, runs: usize, rows: &[Row], notes: &[String]) -> String {
    let mut text = String::from("# How fast\n\nWritten by `make bench`; do not edit.\n\n");
    for (name, value) in machine.lines() {
        let _ = writeln!(text, "- {name}: {value}");
    }
    let _ = writeln!(text, "- command: `{command}`");
    let _ = writeln!(
        text,
        "\nMedian and spread (least … most) of {runs} runs. Load generators and rivals run on the same machine at the \
         same time as what they measure. Whatever stands in \"compared with\" was measured in the same run.\n"
    );
    let _ = writeln!(text, "| {} |", HEADS.join(" | "));
    let _ = writeln!(text, "|{}", " --- |".repeat(HEADS.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.cells().join(" | "));
    }
    let short: Vec<&Row> = rows.iter().filter(|row| !row.reached).collect();
    let _ = writeln!(text, "\n## Where we fall short\n");
    if short.is_empty() {
        let _ = writeln!(text, "Nowhere in this run.");
    }
    for row in short {
        let _ = writeln!(text, "- {}: {}, wanted {}.", row.what, row.unit.show(row.runs.median()), row.wanted);
    }
    if !notes.is_empty() {
        let _ = writeln!(text, "\n## How it was measured, and where we lose\n");
        for note in notes {
            let _ = writeln!(text, "- {note}");
        }
    }
    text
}

/// Writes the page whole or not at all.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, page: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("md.new");
    std::fs::write(&beside, page)?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that a line that falls short is named as such, in the table and on the page.
    #[test]
    fn what_falls_short_is_said() {
        let good = Row::tells("good", Runs::new(vec![30.0]), Unit::PerSecond).beside("raw", 10.0).at_least(20.0);
        let bad = Row::tells("bad", Runs::new(vec![30.0]), Unit::Us).at_most(20.0).because("1.5 × raw + 50 µs");
        assert!(good.reached && !bad.reached);
        let table = table(&[good.clone(), bad.clone()]);
        assert!(table.contains("3.00 ×") && table.contains("ok") && table.contains("SHORT"), "{table}");
        let machine = Machine::default();
        let page = page(&machine, "bayan bench", 1, &[good, bad], &[]);
        assert!(page.contains("- bad: 30 µs, wanted ≤ 20 µs (1.5 × raw + 50 µs)."), "{page}");
    }
}
