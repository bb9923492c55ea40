//! How long nobody is answered when the leader dies, and when it hands over.

use std::net::SocketAddr;
use std::time::{Duration, Instant as Moment};

use super::super::client::http::{Connection, bid_request};
use super::super::client::load::{self, Asks};
use super::super::figures::{Runs, Unit, quantile};
use super::super::market::{Bidding, Market};
use super::super::part::{self, Part};
use super::super::report::Row;
use super::super::{Bench, Trouble};
use super::PATIENCE;
use super::nodes::{Cluster, Folders, NODES};

/// Deaths of the leader.
const KILLS: usize = 100;
/// From the kill to the next answer.
const KILL_P50_MS_WANTED: f64 = 500.0;
const KILL_P99_MS_WANTED: f64 = 1_000.0;
/// Leaders that hand over in one run.
const TRANSFERS: u32 = 10;
const TRANSFER_EVERY: Duration = Duration::from_millis(400);
/// Without an answer to anybody.
const TRANSFER_PAUSE_MS_WANTED: f64 = 100.0;
/// Connections meanwhile.
const FEW: usize = 16;
/// How long an answer may take before a client that retries asks elsewhere.
const ANSWER_MAX: Duration = Duration::from_millis(1_000);

/// A client that asks one node after another until it is answered.
struct Retrying {
    runtime: tokio::runtime::Runtime,
    market: Market,
    bidding: Bidding,
    keys: u64,
}

impl Retrying {
    fn new(market: Market) -> Result<Self, Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
        Ok(Retrying { runtime, market, bidding: Bidding::new(&market, 1, 0), keys: 0 })
    }

    /// Bids, first where it did before, and says how long it took.
    fn bid(&mut self, addresses: &[SocketAddr]) -> Result<Duration, Trouble> {
        let mut request = Vec::with_capacity(512);
        self.keys += 1;
        bid_request(&mut request, &self.market, &self.bidding.bid(), &format!("retrying-{}", self.keys));
        let start = Moment::now();
        self.runtime.block_on(async {
            for address in addresses.iter().cycle() {
                let asked = async {
                    let mut connection = Connection::open(*address).await?;
                    connection.ask(&request).await
                };
                match tokio::time::timeout(ANSWER_MAX, asked).await {
                    Ok(Ok(answer)) if matches!(answer.status, 201 | 409) => return Ok(start.elapsed()),
                    Ok(Ok(answer)) if !matches!(answer.status, 503 | 504) => {
                        return Err(Trouble::new(format!("a bid was answered {}", answer.status)));
                    }
                    // Refused, broken off, too late, or not now: asked again with the same key.
                    _ if start.elapsed() > PATIENCE => return Err(Trouble::new("a bid is not answered")),
                    _ => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
            Err(Trouble::new("there is no node to ask"))
        })
    }
}

/// The leader is killed again and again; a client that was with it asks until it is answered.
pub fn deaths(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("cluster-kills")?;
    let market = Market::USUAL;
    let mut cluster = Cluster::start(Folders::make(scratch.path(), &market)?)?;
    let mut client = Retrying::new(market)?;
    let kills = if bench.quick { KILLS / 5 } else { KILLS };
    let mut times = Vec::new();
    for _ in 0..kills {
        let leader = cluster.leader()?;
        let others = (1..=NODES).filter(|node| *node != leader);
        let addresses: Vec<SocketAddr> = [leader].into_iter().chain(others).map(|node| cluster.address(node)).collect();
        client.bid(&addresses)?;
        cluster.kill(leader)?;
        times.push(client.bid(&addresses)?.as_secs_f64() * 1e3);
        cluster.back(leader)?;
    }
    cluster.stop()?;
    times.sort_by(f64::total_cmp);
    let tells = |what: String, share: f64| Row::tells(what, Runs::new(vec![quantile(&times, share)]), Unit::Ms);
    Ok(vec![
        tells(format!("kill -9 of the leader, {kills} times: to the next answer, p50"), 0.5)
            .at_most(KILL_P50_MS_WANTED),
        tells("… p99".to_owned(), 0.99).at_most(KILL_P99_MS_WANTED),
        tells("… longest".to_owned(), 1.0),
    ])
}

/// The lead is handed over under clients of which none may fail.
pub fn transfers(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("cluster-transfers")?;
    let market = Market::USUAL;
    let cluster = Cluster::start(Folders::make(scratch.path(), &market)?)?;
    let mut pauses: Vec<f64> = Vec::new();
    for turn in 1..=bench.runs as u64 {
        let task = load::Task {
            addresses: cluster.addresses(),
            asks: Asks::Bids(market),
            connections: FEW,
            rate: None,
            lasts: TRANSFER_EVERY * (TRANSFERS + 2),
            answers_most: None,
            warm_up: TRANSFER_EVERY,
            turn,
        };
        let clients = std::thread::spawn(move || part::run::<load::Found>(&Part::Load(task)));
        std::thread::sleep(TRANSFER_EVERY * 2);
        for _ in 0..TRANSFERS {
            cluster.transfer()?;
            std::thread::sleep(TRANSFER_EVERY);
        }
        let found = clients.join().map_err(|_| Trouble::new("the clients have panicked"))??;
        pauses.push(found.pause_ms);
    }
    cluster.stop()?;
    let times = TRANSFERS as usize * bench.runs;
    let longest = pauses.iter().copied().fold(0.0, f64::max);
    Ok(vec![
        Row::tells(
            format!("planned transfer of the lead, {times} times, no request failed: longest pause"),
            Runs::new(vec![longest]),
            Unit::Ms,
        )
        .at_most(TRANSFER_PAUSE_MS_WANTED),
    ])
}
