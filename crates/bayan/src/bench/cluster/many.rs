//! Many connections over HTTP, spread over three nodes, beside as many before one node, and before three of etcd.

use std::net::SocketAddr;

use super::super::client::load::{self, Asks};
use super::super::figures::{Runs, Unit};
use super::super::market::Market;
use super::super::part::{self, Part};
use super::super::report::Row;
use super::super::seed;
use super::super::server::Server;
use super::super::{Bench, Trouble};
use super::etcd::Etcd;
use super::nodes::{Cluster, Folders};

/// Connections over HTTP.
const MANY: usize = 1_024;
/// For so long, behind a warm-up, in seconds.
const LASTS_S: f64 = 5.0;
const WARM_UP_S: f64 = 1.0;
/// With them, of one node's rate,
const WANTED_OF_ONE: f64 = 0.4;
/// and of etcd's.
const WANTED_OF_ETCD: f64 = 3.0;

/// What each run found.
#[derive(Default)]
struct Found {
    alone: Vec<f64>,
    together: Vec<f64>,
    p99_ms: Vec<f64>,
    accepted: u64,
    answered: u64,
    etcd_json: Vec<f64>,
    etcd_grpc: Vec<f64>,
    etcd_version: Option<String>,
}

/// One after another, so that none has another's work beside it.
pub fn lines(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("cluster-many")?;
    let market = Market::USUAL;
    let alone = scratch.path().join("alone");
    seed::folder(&alone, &market)?;
    let mut folders = Folders::make(scratch.path(), &market)?;
    let mut found = Found::default();
    for turn in 1..=bench.runs as u64 {
        let server = Server::start(&alone)?;
        let load = load(bench, vec![server.address()], Asks::Bids(market), turn)?;
        found.alone.push(load.per_second());
        server.stop()?;
        let cluster = Cluster::start(folders)?;
        let load = self::load(bench, cluster.addresses(), Asks::Bids(market), turn)?;
        found.together.push(load.per_second());
        found.p99_ms.push(load.p99_ms);
        (found.accepted, found.answered) = (found.accepted + load.accepted, found.answered + load.answered);
        folders = cluster.stop()?;
        let beside = bench.scratch("etcd")?;
        if let Some(etcd) = Etcd::start(&beside)? {
            found.etcd_json.push(self::load(bench, etcd.addresses.clone(), Asks::Puts, turn)?.per_second());
            found.etcd_grpc.extend(etcd.puts_by_grpc(MANY, bench.seconds(LASTS_S), bench.seconds(WARM_UP_S))?);
            found.etcd_version = Some(etcd.version);
        }
    }
    bench.accepted("3 nodes, 1,024 connections", found.accepted as f64 / found.answered as f64)?;
    let (alone, together) = (Runs::new(found.alone), Runs::new(found.together));
    let mut rows = vec![
        Row::tells("3 nodes, HTTP, 1,024 connections over all", together.clone(), Unit::PerSecond)
            .beside("one node", alone.median())
            .at_least(WANTED_OF_ONE * alone.median())
            .because("0.4 × one node"),
        Row::tells("… its p99", Runs::new(found.p99_ms), Unit::Ms),
    ];
    match found.etcd_version {
        Some(version) => rows.extend(beside_etcd(bench, &version, together, found.etcd_json, found.etcd_grpc)),
        None => bench.note("etcd is not installed here (Debian: etcd-server); its lines were skipped."),
    }
    super::note_others(bench);
    Ok(rows)
}

fn load(bench: &Bench, addresses: Vec<SocketAddr>, asks: Asks, turn: u64) -> Result<load::Found, Trouble> {
    part::run(&Part::Load(load::Task {
        addresses,
        asks,
        connections: MANY,
        rate: None,
        lasts: bench.seconds(LASTS_S),
        answers_most: None,
        warm_up: bench.seconds(WARM_UP_S),
        turn,
    }))
}

fn beside_etcd(bench: &Bench, version: &str, ours: Runs, json: Vec<f64>, grpc: Vec<f64>) -> Vec<Row> {
    let json = Runs::new(json);
    bench.note(format!(
        "{version}: three nodes on the same disk, default configuration, puts of 100 bytes over the same 1,024 connections. Its JSON gateway \
         turns each request into a gRPC call to its own process and the answer back, which costs more than the put itself; by gRPC \
         that falls away. In both, every put is an entry of its own in etcd's log and a transaction of its B-tree, and each \
         node's goroutines share these two cores; ours are gathered into one entry, one sync and one call between nodes for as \
         many as wait, wherever they came in. A put changes one key; a bid of ours is checked by the rules, moves margins, and \
         is in the log, the feed and the archive."
    ));
    let mut rows = vec![
        Row::tells("… and etcd by its JSON gateway", ours.clone(), Unit::PerSecond)
            .beside("etcd's puts, JSON", json.median())
            .at_least(WANTED_OF_ETCD * json.median())
            .because("3 × etcd"),
    ];
    if grpc.is_empty() {
        bench.note("etcd by gRPC was not measured: its client is built by `make bench`, where protoc is installed.");
    } else {
        rows.push(
            Row::tells("… and etcd by gRPC", ours, Unit::PerSecond)
                .beside("etcd's puts, gRPC", Runs::new(grpc).median()),
        );
    }
    rows
}
