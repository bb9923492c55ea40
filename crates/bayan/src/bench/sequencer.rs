//! From a command to durable, through the one order: one client after another, and 1,024 at once, each beside a loop
//! that does nothing but write and sync.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant as Moment};

use ordering::{Config, Node, Seams};

use super::figures::{Runs, Unit, quantile};
use super::machine::Scratch;
use super::market::{Bid, LATE_ONE_IN, Market, Random, START_FEN, STEP_FEN};
use super::raw::{Loop, Raw};
use super::report::Row;
use super::seed;
use super::{Bench, Trouble};

/// Clients at once.
const CLIENTS: u32 = Market::USUAL.traders;
/// So many times the raw loop's rate is wanted with all of them,
const MANY_WANTED_RAW: f64 = 40.0;
/// or this where it is less.
const MANY_WANTED_MOST: f64 = 300_000.0;

/// Lots that many clients bid for at once, each knowing what was bid last.
pub struct Floor {
    market: Market,
    last: Vec<AtomicU64>,
    keys: AtomicU64,
}

impl Floor {
    /// Of a market that nobody has bid in.
    #[must_use]
    pub fn new(market: Market) -> Arc<Self> {
        let last = (0..market.lots_total()).map(|_| AtomicU64::new(START_FEN)).collect();
        Arc::new(Floor { market, last, keys: AtomicU64::new(0) })
    }

    /// The next bid of a trader.
    fn command(&self, trader: u32, random: &mut Random) -> exchange::Command {
        let lot = random.below(self.market.lots_total());
        let step = if random.below(LATE_ONE_IN) == 0 { 0 } else { STEP_FEN };
        let fen = self.last[lot as usize].fetch_add(step, Ordering::Relaxed) + step;
        Bid { lot, trader, fen }.command(&self.market, self.keys.fetch_add(1, Ordering::Relaxed))
    }
}

/// What all runs found.
#[derive(Default)]
struct Found {
    raw_per_second: Vec<f64>,
    raw_p50_us: Vec<f64>,
    one_p50_us: Vec<f64>,
    many_per_second: Vec<f64>,
    accepted: u64,
    answered: u64,
}

impl Found {
    fn raw(&mut self, raw: Raw) {
        self.raw_per_second.push(raw.per_second);
        self.raw_p50_us.push(raw.p50_us);
    }
}

/// The lines.
pub fn lines(bench: &Bench, one: bool, many: bool) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("sequencer")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
    let found = runtime.block_on(measure(bench, &scratch, one, many))?;
    if many {
        let share = found.accepted as f64 / found.answered as f64;
        bench.accepted("sequencer, 1,024 clients", share)?;
        bench.note(format!("sequencer, 1,024 clients: {:.0} % of the bids were accepted.", share * 100.0));
    }
    let (raw_rate, raw_p50) = (Runs::new(found.raw_per_second), Runs::new(found.raw_p50_us));
    let mut rows = Vec::new();
    if one {
        rows.push(
            Row::tells("sequencer, one client after another, p50", Runs::new(found.one_p50_us), Unit::Us)
                .beside("raw loop", raw_p50.median())
                .at_most(1.5 * raw_p50.median() + 50.0)
                .because("1.5 × raw + 50 µs"),
        );
    }
    if many {
        let wanted = (MANY_WANTED_RAW * raw_rate.median()).min(MANY_WANTED_MOST);
        rows.push(
            Row::tells("sequencer, 1,024 clients", Runs::new(found.many_per_second), Unit::PerSecond)
                .beside("raw loop", raw_rate.median())
                .at_least(wanted)
                .because("40 × raw, at most 300,000/s"),
        );
    }
    Ok(rows)
}

async fn measure(bench: &Bench, scratch: &Scratch, one: bool, many: bool) -> Result<Found, Trouble> {
    let raw_for = bench.seconds(1.0);
    let mut raw = Loop::new(scratch.path()).map_err(Trouble::on("making the file of the raw loop"))?;
    let mut raw = |found: &mut Found| {
        found.raw(raw.run(raw_for).map_err(Trouble::on("the raw loop"))?);
        Ok::<(), Trouble>(())
    };
    let config = Config::new(scratch.path().join("node"));
    let node = Node::start(config, Seams::default(), Vec::new()).await.map_err(Trouble::on("starting a node"))?;
    let market = Market::USUAL;
    seed::set_up(&node, &market, false).await?;
    seed::wait_until_open(&node, &market).await?;
    let floor = Floor::new(market);
    let mut found = Found::default();
    raw(&mut found)?;
    for _ in 0..bench.runs {
        if one {
            // Where the handlers of HTTP run: on a worker of the runtime, not on the thread that waits for it.
            let client = tokio::spawn(one_by_one(node.clone(), Arc::clone(&floor), bench.seconds(1.5)));
            found.one_p50_us.push(client.await.map_err(Trouble::on("the client of the sequencer"))??);
            raw(&mut found)?;
        }
        if many {
            let (per_second, accepted, answered) = all_at_once(&node, &floor, bench.seconds(3.0)).await?;
            found.many_per_second.push(per_second);
            found.accepted += accepted;
            found.answered += answered;
            raw(&mut found)?;
        }
    }
    node.stop().await;
    Ok(found)
}

/// The median in µs.
pub async fn one_by_one(node: Node, floor: Arc<Floor>, lasts: Duration) -> Result<f64, Trouble> {
    let mut random = Random::new(7);
    let mut times = Vec::new();
    let start = Moment::now();
    while start.elapsed() < lasts {
        let command = floor.command(random.below(u64::from(CLIENTS)) as u32, &mut random);
        let before = Moment::now();
        node.submit(command).await.map_err(Trouble::on("one client's bid"))?;
        times.push(before.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(quantile(&times, 0.5))
}

/// Answers a second, and how many of how many were accepted.
async fn all_at_once(node: &Node, floor: &Arc<Floor>, lasts: Duration) -> Result<(f64, u64, u64), Trouble> {
    #[derive(Default)]
    struct Count {
        answered: AtomicU64,
        accepted: AtomicU64,
        stop: AtomicBool,
    }
    let count = Arc::new(Count::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|trader| {
            let (node, floor, count) = (node.clone(), Arc::clone(floor), Arc::clone(&count));
            tokio::spawn(async move {
                let mut random = Random::new(u64::from(trader) << 32);
                while !count.stop.load(Ordering::Relaxed) {
                    let reply = node.submit(floor.command(trader, &mut random)).await?;
                    count.accepted.fetch_add(u64::from(reply.outcome.is_ok()), Ordering::Relaxed);
                    count.answered.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), ordering::Unavailable>(())
            })
        })
        .collect();
    tokio::time::sleep(lasts / 6).await;
    let (start, before) = (Moment::now(), count.answered.load(Ordering::Relaxed));
    tokio::time::sleep(lasts).await;
    let (passed, after) = (start.elapsed(), count.answered.load(Ordering::Relaxed));
    count.stop.store(true, Ordering::Relaxed);
    for client in clients {
        let ended = client.await.map_err(Trouble::on("a client of the sequencer"))?;
        ended.map_err(Trouble::on("a client's bid"))?;
    }
    let all = count.answered.load(Ordering::Relaxed);
    Ok(((after - before) as f64 / passed.as_secs_f64(), count.accepted.load(Ordering::Relaxed), all))
}
