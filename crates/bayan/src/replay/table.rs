//! A report as a table for people. Colour is written always; the stream takes it away where nobody would see it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use exchange::units::Money;
use unicode_width::UnicodeWidthStr;

use super::folder::Scenario;
use super::report::{Judged, Report};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// Where the text of a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Writes the table.
///
/// # Errors
/// The stream does not take it.
pub fn write(out: &mut (impl Write + ?Sized), scenario: &Scenario, report: &Report) -> io::Result<()> {
    let terms = &scenario.terms;
    writeln!(out, "{BOLD}{}{BOLD:#}  {DIM}{}, {}{DIM:#}", terms.title, terms.side.word(), terms.product)?;
    match report.reason {
        Some(reason) => writeln!(out, "{BAD}{}{BAD:#}: {reason}", report.status)?,
        None => writeln!(out, "{}", report.status)?,
    }
    if !report.lots.is_empty() {
        lots(out, scenario, report)?;
    }
    members(out, scenario, report)?;
    refused(out, "Refused bids", &report.bids)?;
    refused(out, "Refused acts of the exchange", report.hand.as_deref().unwrap_or_default())
}

fn lots(out: &mut (impl Write + ?Sized), scenario: &Scenario, report: &Report) -> io::Result<()> {
    let heading = ["lot", "quantity", "status", "ended", "winner", "price", "amount", "accepted", "rejected"];
    let sides = [
        Side::Left,
        Side::Right,
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Right,
    ];
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let rows = report.lots.iter().map(|lot| {
        let style = if lot.status == "sold" { GOOD } else { DIM };
        let cells = [
            lot.code.clone(),
            format!("{} {}", lot.quantity, scenario.terms.unit),
            lot.status.to_owned(),
            lot.ended_at.to_string(),
            or_dash(lot.winner.clone()),
            or_dash(lot.price.map(|price| grouped(&price.to_string()))),
            or_dash(lot.amount.map(|amount| grouped(&amount.to_string()))),
            lot.accepted.to_string(),
            lot.rejected.to_string(),
        ];
        (style, cells)
    });
    table(out, heading, sides, rows.collect())
}

fn members(out: &mut (impl Write + ?Sized), scenario: &Scenario, report: &Report) -> io::Result<()> {
    let sides = [Side::Left, Side::Right, Side::Right, Side::Left];
    let money = |money: Money| grouped(&money.to_string());
    let rows = report.members.iter().zip(&scenario.firms).map(|(member, firm)| {
        let cells = [member.code.clone(), money(member.available), money(member.held), firm.name.clone()];
        (Style::new(), cells)
    });
    table(out, ["member", "available", "held", "name"], sides, rows.collect())
}

fn refused(out: &mut (impl Write + ?Sized), title: &str, judged: &[Judged]) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in judged {
        if let Some(reason) = line.reason {
            reasons.entry(reason).or_insert((0, line.line)).0 += 1;
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let sides = [Side::Left, Side::Right, Side::Right];
    let rows = reasons
        .into_iter()
        .map(|(reason, (count, first))| (Style::new(), [reason.to_owned(), count.to_string(), first.to_string()]));
    table(out, [title, "count", "first on line"], sides, rows.collect())
}

fn table<const N: usize>(
    out: &mut (impl Write + ?Sized),
    heading: [&str; N],
    sides: [Side; N],
    rows: Vec<(Style, [String; N])>,
) -> io::Result<()> {
    let mut widths = heading.map(UnicodeWidthStr::width);
    for (_, cells) in &rows {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.width());
        }
    }
    let mut line = |style: Style, cells: [&str; N]| -> io::Result<()> {
        let mut text = String::new();
        for ((cell, side), width) in cells.iter().zip(sides).zip(widths) {
            let pad = " ".repeat(width - cell.width());
            let (before, after) = if side == Side::Right { (pad.as_str(), "") } else { ("", pad.as_str()) };
            text.push_str("  ");
            text.push_str(before);
            text.push_str(cell);
            text.push_str(after);
        }
        writeln!(out, "{style}{}{style:#}", text.trim_end())
    };
    line(Style::new(), [""; N])?;
    line(BOLD, heading)?;
    for (style, cells) in &rows {
        line(*style, cells.each_ref().map(String::as_str))?;
    }
    Ok(())
}

/// Thousands grouped, as the trade writes them.
fn grouped(decimal: &str) -> String {
    let (whole, fraction) = decimal.split_at(decimal.find('.').unwrap_or(decimal.len()));
    let mut text = String::with_capacity(decimal.len() + whole.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(fraction);
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    /// Protects how people read amounts: thousands grouped, two decimals kept.
    #[test]
    fn groups_thousands() {
        for (plain, expected) in
            [("0.00", "0.00"), ("999.10", "999.10"), ("1000.00", "1,000.00"), ("11360000.00", "11,360,000.00")]
        {
            assert_eq!(grouped(plain), expected);
        }
    }
}
