//! Bids over HTTP, and a rival's puts: each connection asks again as soon as it is answered (closed loop), or all together ask at a rate
//! (open loop), where a bid's time counts from the instant at which it should have been sent: a server that stalls is
//! charged with everything that waited for it.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant as Moment};

use serde::{Deserialize, Serialize};
use tokio::task::LocalSet;

use super::super::Trouble;
use super::super::figures::quantile;
use super::super::market::{Bidding, Market};
use super::http::{Connection, bid_request, put_request};

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Whom to ask: the connections are spread over all.
    pub addresses: Vec<SocketAddr>,
    /// For what.
    pub asks: Asks,
    /// On how many connections.
    pub connections: usize,
    /// Bids a second in all; `None`: a closed loop.
    pub rate: Option<f64>,
    /// How long.
    pub lasts: Duration,
    /// How many answers at the most.
    pub answers_most: Option<u64>,
    /// How long it runs before anything is counted.
    pub warm_up: Duration,
    /// The number of this load among all on the same venue: its keys and prices are above those before it.
    pub turn: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Asks {
    /// A bid.
    Bids(Market),
    /// etcd to keep 100 bytes.
    Puts,
}

/// Each load's prices begin so many steps above those of the load before it.
const STEPS_A_TURN: u64 = 10_000_000;

/// What was found, without the warming up.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// Answers, accepted and refused by a rule.
    pub answered: u64,
    /// Accepted bids among them.
    pub accepted: u64,
    /// In so many seconds.
    pub seconds: f64,
    /// From when it should have been sent (closed loop: was sent) to the answer, in ms.
    pub p50_ms: f64,
    /// The same.
    pub p99_ms: f64,
    /// The same.
    pub most_ms: f64,
    /// The longest time without an answer to anybody, in ms.
    pub pause_ms: f64,
}

impl Found {
    /// Answers a second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }
}

struct Clients {
    task: Task,
    asking: Asking,
    keys: u64,
    answered: u64,
    accepted: u64,
    times_ms: Vec<f64>,
    pause: Duration,
    counted_from: Moment,
    ends: Moment,
    last_answer: Moment,
}

enum Asking {
    Bids(Market, Bidding),
    Puts,
}

impl Clients {
    fn request(&mut self, request: &mut Vec<u8>) {
        self.keys += 1;
        let key = format!("{}-{}", self.task.turn, self.keys);
        match &mut self.asking {
            Asking::Bids(market, bidding) => bid_request(request, market, &bidding.bid(), &key),
            Asking::Puts => put_request(request, &key),
        }
    }

    /// Whether it is an answer to what was asked, if only that a rule says no.
    fn is_answer(&self, status: u16) -> bool {
        match self.asking {
            Asking::Bids(..) => matches!(status, 201 | 409),
            Asking::Puts => status == 200,
        }
    }

    fn is_over(&self, now: Moment) -> bool {
        now >= self.ends || self.task.answers_most.is_some_and(|most| self.answered >= most)
    }

    /// The time counts from `since`.
    fn answered(&mut self, status: u16, since: Moment, now: Moment) {
        if since < self.counted_from {
            return;
        }
        self.answered += 1;
        self.accepted += u64::from(status == 201);
        self.times_ms.push(now.saturating_duration_since(since).as_secs_f64() * 1e3);
        self.pause = self.pause.max(now.saturating_duration_since(self.last_answer));
        self.last_answer = now;
    }
}

/// The work of the process.
pub fn work(task: Task) -> Result<Found, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
    LocalSet::new().block_on(&runtime, drive(task))
}

async fn drive(task: Task) -> Result<Found, Trouble> {
    let mut connections = Vec::new();
    for address in task.addresses.iter().cycle().take(task.connections) {
        connections.push(Connection::open(*address).await.map_err(Trouble::on("connecting"))?);
    }
    let start = Moment::now();
    let counted_from = start + task.warm_up;
    let clients = Rc::new(RefCell::new(Clients {
        asking: match task.asks {
            Asks::Bids(market) => Asking::Bids(market, Bidding::new(&market, task.turn, task.turn * STEPS_A_TURN)),
            Asks::Puts => Asking::Puts,
        },
        keys: 0,
        answered: 0,
        accepted: 0,
        times_ms: Vec::new(),
        pause: Duration::ZERO,
        counted_from,
        ends: counted_from + task.lasts,
        last_answer: counted_from,
        task: task.clone(),
    }));
    let all = task.connections as f64;
    let drivers: Vec<_> = (0..)
        .zip(connections)
        .map(|(n, connection)| {
            let clients = Rc::clone(&clients);
            let pace = task.rate.map(|rate| Pace {
                first: start + Duration::from_secs_f64(f64::from(n) / rate),
                every: Duration::from_secs_f64(all / rate),
            });
            tokio::task::spawn_local(one(clients, connection, pace))
        })
        .collect();
    for driver in drivers {
        driver.await.map_err(Trouble::on("a client"))??;
    }
    let mut clients = clients.borrow_mut();
    let seconds = clients.last_answer.duration_since(counted_from).as_secs_f64();
    let mut times = std::mem::take(&mut clients.times_ms);
    if times.is_empty() {
        return Err(Trouble::new("nothing was answered while it was counted"));
    }
    times.sort_by(f64::total_cmp);
    Ok(Found {
        answered: clients.answered,
        accepted: clients.accepted,
        seconds,
        p50_ms: quantile(&times, 0.5),
        p99_ms: quantile(&times, 0.99),
        most_ms: times[times.len() - 1],
        pause_ms: clients.pause.as_secs_f64() * 1e3,
    })
}

/// When a connection of an open loop should send.
struct Pace {
    first: Moment,
    every: Duration,
}

async fn one(clients: Rc<RefCell<Clients>>, mut connection: Connection, pace: Option<Pace>) -> Result<(), Trouble> {
    let mut request = Vec::with_capacity(512);
    let mut sent = 0;
    loop {
        let since = match &pace {
            None => Moment::now(),
            Some(pace) => {
                let due = pace.first + pace.every * sent;
                tokio::time::sleep_until(due.into()).await;
                due
            }
        };
        if clients.borrow().is_over(since) {
            return Ok(());
        }
        sent += 1;
        clients.borrow_mut().request(&mut request);
        let answer = connection.ask(&request).await.map_err(Trouble::on("a request over HTTP"))?;
        if !clients.borrow().is_answer(answer.status) {
            let body = String::from_utf8_lossy(connection.body(&answer)).into_owned();
            let wrong = io::Error::other(format!("{} {body}", answer.status));
            return Err(Trouble::on("a request over HTTP was answered")(wrong));
        }
        clients.borrow_mut().answered(answer.status, since, Moment::now());
    }
}
