//! Rooms full of WebSocket clients before one lot, and one bidder on a thread of its own: when each client had each bid,
//! counted from the bidder's answer. All clocks are the same, that of this process. Where it is told the process that serves
//! the first room, it looks at that one's memory before anybody enters, when all are there, and when all is over.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::{Duration, Instant as Moment};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::super::Trouble;
use super::super::figures::quantile;
use super::super::market::{Bid, Market, START_FEN, STEP_FEN, token};
use super::super::server::{processor_seconds, resident_bytes};
use super::http::{Connection, bid_request};

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Whom to bid at.
    pub address: SocketAddr,
    /// Who serves each room; a room has as many clients as any other.
    pub rooms: Vec<SocketAddr>,
    /// The process that serves the first room, where its memory and work are asked for.
    pub process: Option<u32>,
    /// The venue.
    pub market: Market,
    /// The lot among all that everybody watches; its auction has no other.
    pub lot: u64,
    /// How many watch in each room.
    pub clients: u32,
    /// Bids a second.
    pub rate: f64,
    /// How many bids.
    pub bids: u32,
    /// The number of this load among all on the same venue.
    pub turn: u64,
}

/// Each load's prices begin so many steps above those of the load before it.
const STEPS_A_TURN: u64 = 1_000_000;
/// Connections of the bidder.
const BIDDER_CONNECTIONS: usize = 16;
/// How long after the last answer a client may still get a bid.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long all stand still before memory is looked at: the server gives back what only the entering needed.
const STILL: Duration = Duration::from_secs(2);
/// So many clients come from one address: a server lets no more in from one.
const CLIENTS_PER_ADDRESS: u32 = 500;

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    /// Bids that were accepted.
    pub bids: u64,
    /// In so many seconds.
    pub seconds: f64,
    /// What each room saw.
    pub rooms: Vec<Room>,
    /// How the server of the first room fared, where it was looked at.
    pub server: Option<Served>,
}

/// What the clients of one room saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Room {
    /// How often a client got one of the bids.
    pub got: u64,
    /// How often a client was told that it missed something.
    pub conflated: u64,
    /// From the answer to the client, in ms; a client that was faster than the answer counts as nothing.
    pub p50_ms: f64,
    /// The same.
    pub p99_ms: f64,
}

/// A server with a room of clients.
#[derive(Debug, Serialize, Deserialize)]
pub struct Served {
    /// By how much its memory grew with clients that get nothing yet.
    pub idle_bytes: f64,
    /// The same when they have got all.
    pub active_bytes: f64,
    /// The processor time that it needed while bids went out.
    pub processor_seconds: f64,
}

/// The work of the process.
pub fn work(task: Task) -> Result<Found, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
    LocalSet::new().block_on(&runtime, room(task))
}

async fn room(task: Task) -> Result<Found, Trouble> {
    let resident = || task.process.map(resident_bytes).transpose();
    let empty = resident()?;
    let mut rooms = Vec::new();
    for address in &task.rooms {
        let mut watchers = Vec::new();
        for client in 0..task.clients {
            let watcher = Watcher::enter(&task, *address, client).await;
            watchers.push(watcher.map_err(Trouble::on("subscribing to the feed"))?);
        }
        rooms.push(watchers);
    }
    if task.process.is_some() {
        tokio::time::sleep(STILL).await;
    }
    let idle = resident()?;
    let worked = || task.process.map(processor_seconds).transpose();
    let before = worked()?;
    // Every watcher has its snapshot; from here on it must get every bid.
    let (tell, told) = mpsc::channel();
    let rooms: Vec<Vec<_>> = rooms.into_iter().map(|room| room.into_iter().map(Watching::begin).collect()).collect();
    let bidding = task.clone();
    let bidder = tokio::task::spawn_blocking(move || bidder(&bidding, &tell));
    let seconds = bidder.await.map_err(Trouble::on("the bidder"))??;
    let answered: HashMap<u64, Moment> = told.into_iter().collect();
    // Whoever has not got everything by then has not got it.
    let over = Moment::now() + PATIENCE;
    let lacks = |watching: &Watching| watching.seen.borrow().bids.len() < answered.len();
    while Moment::now() < over && rooms.iter().flatten().any(lacks) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (active, after) = (resident()?, worked()?);
    let mut found = Vec::new();
    for room in rooms {
        found.push(Watching::end(room, &answered).await?);
    }
    let grown = |now: Option<u64>| Some(now? as f64 - empty? as f64);
    let served = || {
        let processor_seconds = after? - before?;
        Some(Served { idle_bytes: grown(idle)?, active_bytes: grown(active)?, processor_seconds })
    };
    Ok(Found { bids: answered.len() as u64, seconds, server: served(), rooms: found })
}

/// A client that reads for itself.
struct Watching {
    reads: tokio::task::JoinHandle<io::Result<()>>,
    seen: Rc<RefCell<Seen>>,
}

impl Watching {
    fn begin(watcher: Watcher) -> Self {
        let seen = Rc::new(RefCell::new(Seen::default()));
        Watching { reads: tokio::task::spawn_local(watcher.watch(Rc::clone(&seen))), seen }
    }

    /// Ends a room, and says what it saw of what was answered.
    async fn end(room: Vec<Watching>, answered: &HashMap<u64, Moment>) -> Result<Room, Trouble> {
        let (mut times, mut conflated) = (Vec::new(), 0);
        for Watching { reads, seen } in room {
            if reads.is_finished() {
                reads.await.map_err(Trouble::on("a client of the feed"))?.map_err(Trouble::on("reading the feed"))?;
            } else {
                reads.abort();
            }
            let seen = seen.borrow();
            conflated += seen.conflated;
            let answers = seen.bids.iter().filter_map(|(sequence, at)| Some((answered.get(sequence)?, at)));
            times.extend(answers.map(|(answer, at)| at.saturating_duration_since(*answer).as_secs_f64() * 1e3));
        }
        if times.is_empty() {
            return Err(Trouble::new("no client of the feed got any bid"));
        }
        times.sort_by(f64::total_cmp);
        let (p50_ms, p99_ms) = (quantile(&times, 0.5), quantile(&times, 0.99));
        Ok(Room { got: times.len() as u64, conflated, p50_ms, p99_ms })
    }
}

/// Bids at the rate, each time another member, on several connections: one answer does not wait for another. Tells which
/// entry was answered when, and says how many seconds it took.
fn bidder(task: &Task, tell: &mpsc::Sender<(u64, Moment)>) -> Result<f64, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Trouble::on("starting the runtime"))?.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..BIDDER_CONNECTIONS {
            connections.push(Connection::open(task.address).await.map_err(Trouble::on("connecting"))?);
        }
        let start = Moment::now();
        let bidding: Vec<_> = (0..)
            .zip(connections)
            .map(|(first, connection)| tokio::spawn(bid_in_turn(task.clone(), tell.clone(), connection, start, first)))
            .collect();
        for bidding in bidding {
            bidding.await.map_err(Trouble::on("the bidder"))??;
        }
        Ok(start.elapsed().as_secs_f64())
    })
}

async fn bid_in_turn(
    task: Task,
    tell: mpsc::Sender<(u64, Moment)>,
    mut connection: Connection,
    start: Moment,
    first: u32,
) -> Result<(), Trouble> {
    let mut request = Vec::new();
    for n in (first..task.bids).step_by(BIDDER_CONNECTIONS) {
        tokio::time::sleep_until((start + Duration::from_secs_f64(f64::from(n) / task.rate)).into()).await;
        let fen = START_FEN + STEP_FEN * (task.turn * STEPS_A_TURN + u64::from(n) + 1);
        let bid = Bid { lot: task.lot, trader: n % task.market.traders, fen };
        bid_request(&mut request, &task.market, &bid, &format!("feed-{}-{n}", task.turn));
        let answer = connection.ask(&request).await.map_err(Trouble::on("a bid over HTTP"))?;
        let now = Moment::now();
        let body = connection.body(&answer);
        match (answer.status, number_after(body, b"\"sequence\":")) {
            // Whoever listens may have given up; then there is an error already.
            (201, Some(sequence)) => drop(tell.send((sequence, now))),
            // One that was overtaken on its way; nobody gets it.
            (409, _) => {}
            (status, _) => {
                let body = String::from_utf8_lossy(body).into_owned();
                return Err(Trouble::new(format!("a bid for the feed was answered {status} {body}")));
            }
        }
    }
    Ok(())
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    bids: Vec<(u64, Moment)>,
    conflated: u64,
}

/// One client in the room.
struct Watcher {
    stream: TcpStream,
    bytes: Vec<u8>,
    filled: usize,
}

impl Watcher {
    /// Upgrades, subscribes, and waits for the snapshot.
    async fn enter(task: &Task, address: SocketAddr, client: u32) -> io::Result<Self> {
        let trader = client % task.market.traders;
        let from = Ipv4Addr::from(u32::from(Ipv4Addr::LOCALHOST) + client / CLIENTS_PER_ADDRESS);
        let mut connection = Connection::open_from(from, address).await?;
        let request = format!(
            "GET /api/v1/feed HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YmF5YW4gYmVuY2htYXJrIQ==\r\n\r\n",
            token(trader)
        );
        let answer = connection.ask(request.as_bytes()).await?;
        if answer.status != 101 {
            let body = String::from_utf8_lossy(connection.body(&answer)).into_owned();
            return Err(io::Error::other(format!("the feed answered {} {body}", answer.status)));
        }
        let (mut stream, mut bytes) = connection.into_stream();
        let filled = bytes.len();
        bytes.resize(filled.max(4 << 10), 0);
        let (auction, _) = task.market.lot(task.lot);
        let text = format!(r#"{{"subscribe":["auctions/{auction}"]}}"#);
        // A client's frame is masked; a mask of zeros leaves the text as it is.
        let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).map_err(io::Error::other)?, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        stream.write_all(&frame).await?;
        let mut watcher = Watcher { stream, bytes, filled };
        let mut subscribed = false;
        while !subscribed {
            watcher.take(|payload| subscribed |= contains(payload, b"\"kind\":\"snapshot\""))?;
            if !subscribed {
                watcher.fill().await?;
            }
        }
        Ok(watcher)
    }

    /// Reads until it is stopped.
    async fn watch(mut self, seen: Rc<RefCell<Seen>>) -> io::Result<()> {
        loop {
            self.note(&mut seen.borrow_mut())?;
            self.fill().await?;
        }
    }

    /// Notes what has come.
    fn note(&mut self, seen: &mut Seen) -> io::Result<()> {
        let now = Moment::now();
        self.take(|payload| {
            if contains(payload, b"\"kind\":\"bid\"") {
                seen.bids.extend(number_after(payload, b"\"sequence\":").map(|sequence| (sequence, now)));
            } else if contains(payload, b"\"kind\":\"conflated\"") {
                seen.conflated += 1;
            }
        })
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.filled == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        let read = self.stream.read(&mut self.bytes[self.filled..]).await?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the feed"));
        }
        self.filled += read;
        Ok(())
    }

    /// Hands on the payloads of the whole frames that have come.
    fn take(&mut self, mut payload: impl FnMut(&[u8])) -> io::Result<()> {
        let mut at = 0;
        while let Some((kind, start, end)) = frame(&self.bytes[at..self.filled]) {
            match kind {
                0x8 => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server ended the feed")),
                0x1 => payload(&self.bytes[at + start..at + end]),
                // Pings come only to clients that are silent for longer than a run.
                _ => {}
            }
            at += end;
        }
        self.bytes.copy_within(at..self.filled, 0);
        self.filled -= at;
        Ok(())
    }
}

/// Opcode, start and end of the payload of a server's frame, once it is there whole.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (kind, short) = (*bytes.first()? & 0x0f, *bytes.get(1)? & 0x7f);
    let (start, length): (usize, usize) = match short {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        length => (2, usize::from(length)),
    };
    let end = start.checked_add(length)?;
    (bytes.len() >= end).then_some((kind, start, end))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The whole number behind a key.
fn number_after(bytes: &[u8], key: &[u8]) -> Option<u64> {
    let rest = &bytes[find(bytes, key)? + key.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that frames are cut where they end, whatever their length, and that a bid's entry is read.
    #[test]
    fn frames_and_numbers_are_read() {
        let text = br#"{"channel":"auctions/2","sequence":4711,"previous":4710,"kind":"bid","data":{}}"#;
        let mut bytes = vec![0x81, text.len() as u8];
        bytes.extend_from_slice(text);
        assert_eq!(frame(&bytes), Some((1, 2, bytes.len())));
        assert_eq!(frame(&bytes[..bytes.len() - 1]), None);
        assert_eq!(number_after(text, b"\"sequence\":"), Some(4711));
        let mut long = vec![0x81, 126, 1, 0];
        long.extend_from_slice(&[b'x'; 256]);
        assert_eq!(frame(&long), Some((1, 4, 260)));
        assert_eq!(frame(&long[..3]), None);
        assert_eq!(number_after(b"{}", b"\"sequence\":"), None);
    }
}
