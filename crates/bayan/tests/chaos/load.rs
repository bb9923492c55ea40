//! Clients that bid over HTTP all the while, through the entrance and directly, each bid under one key until it is
//! answered; and what they were answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cluster::PATIENCE;
use super::kit::floor::{Floor, fen, money};
use super::kit::http::{Answer, Client};
use super::kit::order::Asked;
use super::kit::random::Random;

/// How long a client waits for one answer before it asks again, elsewhere where it can.
const ANSWER_MAX: Duration = Duration::from_secs(2);
/// How long it lets pass after a refusal that is none of a rule.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// How long it lets pass between its bids.
const THINKS: Duration = Duration::from_millis(35);
/// After so many bids it reads.
const READS_EVERY: u64 = 8;

/// One bid with its answer.
#[derive(Clone, Debug)]
pub struct Answered {
    pub place: usize,
    pub fen: u64,
    pub accepted: bool,
    pub asked: Asked,
}

/// What the clients share.
pub struct Load {
    pub floor: Floor,
    tokens: Vec<String>,
    /// Where each node is reached.
    doors: Vec<SocketAddr>,
    entrance: Option<SocketAddr>,
    answered: Mutex<Vec<Answered>>,
    /// The latest entry that anybody was answered with.
    newest: AtomicU64,
    reads: AtomicU64,
    /// Reads that showed less than was asked for.
    stale: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Load {
    pub fn new(floor: Floor, tokens: Vec<String>, doors: Vec<SocketAddr>, entrance: Option<SocketAddr>) -> Self {
        Load {
            floor,
            tokens,
            doors,
            entrance,
            answered: Mutex::default(),
            newest: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            stale: Mutex::default(),
            over: AtomicBool::new(false),
        }
    }

    /// Starts the clients, one a trader.
    pub fn begin(self: &Arc<Self>, seed: u64) -> Vec<JoinHandle<()>> {
        let clients = (0..self.tokens.len()).map(|trader| {
            let load = Arc::clone(self);
            std::thread::spawn(move || {
                load.bid(trader, Random::new(seed.wrapping_mul(1_000).wrapping_add(trader as u64)))
            })
        });
        clients.collect()
    }

    /// Lets every client end once its bid is answered.
    pub fn end(&self, clients: Vec<JoinHandle<()>>) {
        self.over.store(true, Ordering::Release);
        for client in clients {
            client.join().unwrap();
        }
    }

    pub fn answered(&self) -> Vec<Answered> {
        self.answered.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.answered.lock().unwrap().len()
    }

    /// How many reads there were, and those that were stale.
    pub fn reads(&self) -> (u64, Vec<String>) {
        (self.reads.load(Ordering::Acquire), self.stale.lock().unwrap().clone())
    }

    fn bid(&self, trader: usize, mut random: Random) {
        let mut door = Door::new(self, trader);
        for count in 0.. {
            if self.over.load(Ordering::Acquire) {
                return;
            }
            let (place, price) = self.floor.choose(&mut random, trader);
            let key = format!("{trader}-{count}");
            let headers = [("Idempotency-Key", key.as_str())];
            let sent = Instant::now();
            let answer = loop {
                let path = self.floor.path(place);
                match door.ask("POST", &path, &headers, Some(&json!({"price": money(price)}))) {
                    Some(answer) if matches!(answer.status, 201 | 409) => break answer,
                    // Of these 502 is the balancer's, whose node broke off.
                    Some(answer) if matches!(answer.status, 429 | 502 | 503 | 504) => door.wait(),
                    Some(answer) => panic!("{key}: {} {}", answer.status, answer.json()),
                    None => door.wait(),
                }
                assert!(sent.elapsed() < PATIENCE, "bid {key} is not answered");
            };
            let asked = Asked { sent, got: Instant::now(), sequence: answer.json()["sequence"].as_u64().unwrap() };
            self.newest.fetch_max(asked.sequence, Ordering::AcqRel);
            let accepted = answer.status == 201;
            if accepted {
                self.floor.accepted(place, price, trader);
            }
            self.answered.lock().unwrap().push(Answered { place, fen: price, accepted, asked });
            if count % READS_EVERY == 0 {
                self.read(&mut door, place);
            }
            std::thread::sleep(THINKS);
        }
    }

    /// Reads a lot on whichever node: it must show what was answered before, if it shows anything.
    fn read(&self, door: &mut Door, place: usize) {
        let best = self.floor.best(place);
        let newest = self.newest.load(Ordering::Acquire);
        let (auction, lot) = self.floor.lot(place);
        let path = format!("/api/v1/auctions/{auction}");
        let answer = door.ask("GET", &path, &[("Min-Sequence", &newest.to_string())], None);
        let Some(shown) = answer.filter(|answer| answer.status == 200).map(|answer| answer.json()) else { return };
        self.reads.fetch_add(1, Ordering::AcqRel);
        let of_lot = &shown["lots"][lot];
        let shows = of_lot["best_price"].as_str().map_or(0, fen);
        if shown["sequence"].as_u64() < Some(newest) || shows < best {
            let text = format!("entry {newest} and {best} fen were known, shown was {}: {of_lot}", shown["sequence"]);
            self.stale.lock().unwrap().push(text);
        }
    }
}

/// A client's way to the nodes: through the entrance, or directly to one after another.
struct Door<'a> {
    load: &'a Load,
    token: String,
    /// Its turn among the doors.
    at: usize,
    through_entrance: bool,
    open: Option<Client>,
}

impl<'a> Door<'a> {
    fn new(load: &'a Load, trader: usize) -> Self {
        let token = format!("Bearer {}", load.tokens[trader]);
        Door { load, token, at: trader / 2, through_entrance: trader.is_multiple_of(2), open: None }
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Option<Answer> {
        if self.open.is_none() {
            let entrance = self.load.entrance.filter(|_| self.through_entrance);
            let address = entrance.unwrap_or(self.load.doors[self.at % self.load.doors.len()]);
            self.open = Client::within(address, ANSWER_MAX).ok();
        }
        let headers = [&[("Authorization", self.token.as_str())], headers].concat();
        let answer = self.open.as_mut()?.ask(method, path, &headers, body).ok();
        if answer.is_none() {
            self.open = None;
        }
        answer
    }

    /// After what was no answer: another node is asked.
    fn wait(&mut self) {
        self.open = None;
        self.at += 1;
        std::thread::sleep(AGAIN_AFTER);
    }
}
