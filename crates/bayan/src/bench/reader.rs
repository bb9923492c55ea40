//! The live feed through readers: 5,000 clients of one, what each costs it, and what a level of a tree adds.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ordering::{RealDisk, Source, called, reader_number};

use super::client::{feed, load};
use super::figures::{Runs, Unit};
use super::http;
use super::market::Market;
use super::part::{self, Part};
use super::postgres::free_port;
use super::report::Row;
use super::seed;
use super::server::{self, Server};
use super::{Bench, Trouble};
use crate::cluster::make_keys;
use crate::config::{Config, SourceName};

/// How many watch through one reader.
const CLIENTS: u32 = 5_000;
/// How many watch at each level, where only the delay is looked at.
const CLIENTS_A_LEVEL: u32 = 20;
/// Bids a second, each of which goes to all.
const RATE: f64 = 10.0;
/// So many of them are accepted at least: one may overtake another on its way.
const RATE_LEAST: f64 = 9.5;
/// From the bidder's answer, by the node, to the client of the reader.
const P99_MS_WANTED: f64 = 100.0;
/// What a client may cost.
const CLIENT_BYTES_WANTED: f64 = 32.0 * 1024.0;
/// Bids a second of the whole venue, where the work of a reader is looked at that nobody watches.
const BIDS_A_SECOND: f64 = 2_000.0;
/// How many readers stand one behind another where the delay is looked at.
const LEVELS: u64 = 3;

/// The lines.
pub fn lines(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("reader")?;
    let market = Market { lots: 1, ..Market::USUAL };
    let tree = Tree::make(scratch.path(), &market)?;
    let node = start(&tree.node)?;
    let bids = (RATE * bench.seconds(10.0).as_secs_f64()) as u32;
    let task = |rooms, process, clients, turn| feed::Task {
        address: node.address(),
        rooms,
        process,
        market,
        lot: 0,
        clients,
        rate: RATE,
        bids,
        turn,
    };
    let mut rows = crowd(bench, &tree, task)?;
    rows.extend(levels(bench, &tree, node.address(), task)?);
    node.stop()?;
    rows.extend(followed(bench)?);
    Ok(rows)
}

/// What each bid costs a reader that nobody watches: what it must do for the whole venue, however small its own audience is.
fn followed(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("followed")?;
    let market = Market::USUAL;
    let tree = Tree::make(scratch.path(), &market)?;
    let (node, reader) = (start(&tree.node)?, start(&tree.readers[0])?);
    let (lasts, warm_up) = (bench.seconds(5.0), bench.seconds(1.0));
    let mut cost = Vec::new();
    for turn in 1..=bench.runs as u64 {
        let before = reader.processor_seconds()?;
        let found: load::Found = part::run(&Part::Load(load::Task {
            address: node.address(),
            market,
            connections: http::CONNECTIONS,
            rate: Some(BIDS_A_SECOND),
            lasts,
            answers_most: None,
            warm_up,
            turn,
        }))?;
        http::caught_up(&reader)?;
        // The warming up is in the time and not in the bids, so its share of the bids is added.
        let bids = found.per_second() * (found.seconds + warm_up.as_secs_f64());
        cost.push((reader.processor_seconds()? - before) * 1e6 / bids);
    }
    reader.stop()?;
    node.stop()?;
    let what = "a reader's processor time for a bid that nobody watches, 64 lots, 2,000 bids a second";
    Ok(vec![Row::tells(what, Runs::new(cost), Unit::Us)])
}

/// What is to be done with these rooms, by which process, with how many clients, as which load.
trait Tasks: Fn(Vec<SocketAddr>, Option<u32>, u32, u64) -> feed::Task {}
impl<T: Fn(Vec<SocketAddr>, Option<u32>, u32, u64) -> feed::Task> Tasks for T {}

/// One reader and all clients.
fn crowd(bench: &Bench, tree: &Tree, task: impl Tasks) -> Result<Vec<Row>, Trouble> {
    let (mut rate, mut p50, mut p99, mut share) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut idle, mut active, mut carried) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..bench.runs as u64 {
        // Started anew for each run: memory that a run has left would be the next one's.
        let reader = start(&tree.readers[0])?;
        let work = task(vec![reader.address()], Some(reader.process()), CLIENTS, turn);
        let found: feed::Found = part::run(&Part::Feed(work))?;
        reader.stop()?;
        let (room, served) = (&found.rooms[0], found.server.ok_or_else(|| Trouble::new("no process was looked at"))?);
        rate.push(found.bids as f64 / found.seconds);
        p50.push(room.p50_ms);
        p99.push(room.p99_ms);
        share.push(room.got as f64 / (found.bids * u64::from(CLIENTS)) as f64 * 100.0);
        idle.push(served.idle_bytes / f64::from(CLIENTS));
        active.push(served.active_bytes / f64::from(CLIENTS));
        carried.push(f64::from(CLIENTS) * found.seconds / served.processor_seconds);
        if room.conflated > 0 {
            bench.note(format!("reader: clients were told {} times that they had missed something.", room.conflated));
        }
    }
    bench.note(
        "reader: node, reader and clients share the cores. The memory of a client is what the reader's resident memory grew by; what \
         the kernel holds for a socket comes on top. Clients a core are those of the run by the processor time that the reader needed.",
    );
    Ok(vec![
        Row::tells("feed through a reader, 5,000 clients, one lot: accepted bids", Runs::new(rate), Unit::PerSecond)
            .at_least(RATE_LEAST),
        Row::tells("… p50 from the node's answer to client", Runs::new(p50), Unit::Ms),
        Row::tells("… p99 from the node's answer to client", Runs::new(p99), Unit::Ms).at_most(P99_MS_WANTED),
        // The worst run counts: every client gets every bid.
        Row::tells(
            "… bids that reached their clients, worst run",
            Runs::new(vec![Runs::new(share).spread().0]),
            Unit::Percent,
        )
        .at_least(100.0),
        Row::tells("… memory of a client that gets nothing yet", Runs::new(idle), Unit::Bytes)
            .at_most(CLIENT_BYTES_WANTED),
        Row::tells("… memory of a client that gets all", Runs::new(active), Unit::Bytes).at_most(CLIENT_BYTES_WANTED),
        Row::tells("… clients that a core of a reader carries", Runs::new(carried), Unit::Count),
    ])
}

/// A few clients of the node and of each of some readers that stand one behind another.
fn levels(bench: &Bench, tree: &Tree, node: SocketAddr, task: impl Tasks) -> Result<Vec<Row>, Trouble> {
    let readers = tree.readers.iter().map(start).collect::<Result<Vec<_>, _>>()?;
    let rooms: Vec<SocketAddr> = std::iter::once(node).chain(readers.iter().map(Server::address)).collect();
    let mut p50 = vec![Vec::new(); rooms.len()];
    for turn in 0..bench.runs {
        // Above the prices of the loads before.
        let work = task(rooms.clone(), None, CLIENTS_A_LEVEL, (bench.runs + turn) as u64);
        let found: feed::Found = part::run(&Part::Feed(work))?;
        for (p50, room) in p50.iter_mut().zip(&found.rooms) {
            p50.push(room.p50_ms);
        }
    }
    readers.into_iter().try_for_each(Server::stop)?;
    let named = |level: usize| match level {
        0 => "feed of a node, 20 clients, p50 from answer to client".to_owned(),
        1 => "… through a reader".to_owned(),
        _ => format!("… through {level} readers, one behind another"),
    };
    Ok(p50.into_iter().enumerate().map(|(level, p50)| Row::tells(named(level), Runs::new(p50), Unit::Ms)).collect())
}

/// A node, a cluster by itself, and readers of which each follows the one before.
struct Tree {
    node: Config,
    readers: Vec<Config>,
}

impl Tree {
    fn make(root: &Path, market: &Market) -> Result<Self, Trouble> {
        let folder = root.join("node-1");
        seed::folder(&folder, market)?;
        let (cluster, _) = ordering::node_of(&folder, &RealDisk).map_err(Trouble::on("reading a folder"))?;
        let keys = root.join("keys");
        let all: Vec<u64> = std::iter::once(1).chain((1..=LEVELS).map(reader_number)).collect();
        make_keys(&cluster, &keys, &all, 1, false)
            .map_err(|failure| Trouble::on("making certificates")(failure.message))?;
        let node = config(folder.clone(), &keys, 1, None)?;
        let mut readers: Vec<Config> = Vec::new();
        for reader in 1..=LEVELS {
            let (number, before) = match readers.last() {
                None => (1, &node),
                Some(before) => (reader_number(reader - 1), before),
            };
            let source = Source { number, address: before.cluster.listen.to_string() };
            let config = config(root.join(format!("reader-{reader}")), &keys, reader, Some(source))?;
            let disk: Arc<dyn ordering::Disk> = Arc::new(RealDisk);
            ordering::prepare(&config.node(), &disk, &ordering::default_secrets(&folder))
                .map_err(Trouble::on("making the folder of a reader"))?;
            readers.push(config);
        }
        Ok(Tree { node, readers })
    }
}

fn config(folder: PathBuf, keys: &Path, number: u64, source: Option<Source>) -> Result<Config, Trouble> {
    let mut config = server::config(&folder)?;
    let name = called(if source.is_some() { reader_number(number) } else { number });
    config.cluster.node = number;
    config.cluster.listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    config.cluster.authority = keys.join("authority.pem");
    config.cluster.certificate = keys.join(format!("{name}.pem"));
    config.cluster.key = keys.join(format!("{name}.key"));
    config.cluster.sources = source.map(SourceName).into_iter().collect();
    Ok(config)
}

fn start(config: &Config) -> Result<Server, Trouble> {
    let mut server = Server::spawn(config)?;
    server.until_ready()?;
    Ok(server)
}
