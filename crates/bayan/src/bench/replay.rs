//! `bayan replay` of a folder with 100,000 bids.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant as Moment;

use exchange::units::{Instant, Span};

use super::figures::{Runs, Unit};
use super::market::{Bidding, Market, START_FEN, STEP_FEN};
use super::report::Row;
use super::server::program;
use super::{Bench, Trouble};

/// Each member with one trader.
const MARKET: Market = Market { members: 50, traders: 50, auctions: 1, lots: 64 };
/// Bids.
const BIDS: i64 = 100_000;
/// The whole program, from its start to its end.
const WANTED_S: f64 = 1.0;

/// The line.
pub fn line(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("replay")?;
    write_folder(scratch.path()).map_err(Trouble::on("writing a scenario"))?;
    let mut times = Vec::new();
    for _ in 0..bench.runs {
        let start = Moment::now();
        let mut command = Command::new(program()?);
        command.arg("replay").arg(scratch.path()).arg("--json").stdout(Stdio::piped());
        let output = command.output().map_err(Trouble::on("running bayan replay"))?;
        times.push(start.elapsed().as_secs_f64());
        if !output.status.success() {
            return Err(Trouble::new(format!("bayan replay ended with {}; it says above why", output.status)));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let accepted =
            said.matches("\"status\":\"accepted\"").count() + said.matches("\"status\": \"accepted\"").count();
        bench.accepted("replay", accepted as f64 / BIDS as f64)?;
    }
    Ok(vec![Row::tells("bayan replay of 100,000 bids, 64 lots", Runs::new(times), Unit::S).at_most(WANTED_S)])
}

fn write_folder(folder: &Path) -> std::io::Result<()> {
    let opens = Instant::from_us(1_752_631_200_000_000);
    let closes = opens.plus(Span::from_seconds(12 * 3600));
    let fen = |fen: u64| format!("{}.{:02}", fen / 100, fen % 100);
    let (start, step) = (fen(START_FEN), fen(STEP_FEN));
    let mut announcement = format!(
        "title = \"金属镨钕竞价交易\"\nside = \"sale\"\ninitiator = \"S\"\nproduct = \"PrNd-metal\"\nunit = \"t\"\n\
         opens = \"{opens}\"\ncloses = \"{closes}\"\n\n[bidding]\nstart_price = \"{start}\"\nstep = \"{step}\"\n\
         margin_rate = \"0.20\"\n"
    );
    let mut members = "code,name,cash\nS,S,9999999999999.99\n".to_owned();
    let mut bids = "at,lot,member,price\n".to_owned();
    // Writing to a string does not fail.
    for lot in 1..=MARKET.lots {
        let _ = write!(announcement, "\n[[lots]]\ncode = \"{lot}\"\nquantity = \"20\"\n");
    }
    for member in 1..=MARKET.members {
        let _ = writeln!(members, "B{member},B{member},9999999999999.99");
    }
    let mut bidding = Bidding::new(&MARKET, 1, 0);
    for n in 0..BIDS {
        let (bid, at) = (bidding.bid(), opens.plus(Span::from_us(n * 100_000)));
        let _ = writeln!(bids, "{at},{},B{},{}", bid.lot + 1, bid.trader + 1, fen(bid.fen));
    }
    fs::write(folder.join("announcement.toml"), announcement)?;
    fs::write(folder.join("members.csv"), members)?;
    fs::write(folder.join("bids.csv"), bids)
}
