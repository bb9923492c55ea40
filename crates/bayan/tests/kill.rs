//! A node that is killed again and again, under clients that ask until they are answered.
//!
//! `BAYAN_KILL_ROUNDS` says how often (5), `BAYAN_SEED` when (1).

mod kit;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use kit::http::Client;
use kit::process::{run, text};
use kit::random::Random;
use kit::venue::{Settings, Venue};

const CLIENTS: usize = 64;
const TRADERS: usize = 12;
const AUCTIONS: usize = 2;
/// Of each auction: many, so that not everybody bids for the same.
const LOTS: usize = 64;
/// In fen.
const START: u64 = 10_000;
const CASH: &str = "1000000.00";
/// A killed log is verified every so many rounds, and behind the last.
const VERIFY_EVERY: usize = 10;
/// How many older answers are asked for again after each restart, besides all the new ones.
const OLDER: usize = 100;

/// One bid with its answer.
#[derive(Clone, Debug)]
struct Answered {
    client: usize,
    key: String,
    place: usize,
    price: String,
    /// When it was first sent, and when the answer was there.
    sent: Instant,
    got: Instant,
    status: u16,
    sequence: u64,
    body: Vec<u8>,
}

/// What clients know of a lot: the best price, and which trader has it.
#[derive(Clone, Copy)]
struct Lot {
    best: u64,
    leader: Option<usize>,
}

/// What the clients and the test share.
struct Shared {
    auctions: Vec<u64>,
    tokens: Vec<String>,
    /// Where the node answers; `None` while it is down.
    node: Mutex<Option<String>>,
    up: Condvar,
    lots: Vec<Mutex<Lot>>,
    answered: Mutex<Vec<Answered>>,
    count: AtomicUsize,
    over: AtomicBool,
    failed: AtomicBool,
    seed: u64,
    asked_again: AtomicUsize,
}

impl Shared {
    /// The address of the node, once it is up; `None` when a check has failed and it never will be.
    fn address(&self) -> Option<String> {
        let mut node = self.node.lock().unwrap();
        loop {
            if self.failed.load(Ordering::Acquire) {
                return None;
            }
            if let Some(address) = &*node {
                return Some(address.clone());
            }
            node = self.up.wait(node).unwrap();
        }
    }

    fn publish(&self, address: Option<&str>) {
        *self.node.lock().unwrap() = address.map(str::to_owned);
        self.up.notify_all();
    }

    fn path(&self, place: usize) -> String {
        format!("/api/v1/auctions/{}/lots/{}/bids", self.auctions[place / LOTS], place % LOTS + 1)
    }

    /// A client: it bids for one lot after another until it is over, each bid asked until it is answered.
    fn bid(&self, number: usize) {
        let mut random = Random::new(self.seed.wrapping_mul(1_000).wrapping_add(number as u64));
        let trader = number % TRADERS;
        let authorization = format!("Bearer {}", self.tokens[trader]);
        let mut connection: Option<Client> = None;
        for count in 0.. {
            if self.over.load(Ordering::Acquire) {
                return;
            }
            let (place, price) = loop {
                let place = random.below(self.lots.len());
                let lot = *self.lots[place].lock().unwrap();
                if lot.leader != Some(trader) {
                    break (place, if lot.leader.is_none() { START } else { lot.best + 1 + random.next() % 5 });
                }
            };
            let price_text = money(price);
            let (key, path, body) = (format!("{number}-{count}"), self.path(place), json!({"price": price_text}));
            let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", key.as_str())];
            let sent = Instant::now();
            let answer = loop {
                if connection.is_none() {
                    let Some(address) = self.address() else { return };
                    connection = Client::connect(&address).ok();
                }
                let answer = connection.as_mut().and_then(|c| c.ask("POST", &path, &headers, Some(&body)).ok());
                match answer {
                    Some(answer) if answer.status == 201 || answer.status == 409 => break answer,
                    Some(answer) => {
                        assert!(matches!(answer.status, 503 | 504), "{key}: {} {}", answer.status, answer.json());
                    }
                    None => connection = None,
                }
                self.asked_again.fetch_add(1, Ordering::Relaxed);
                std::thread::yield_now();
            };
            let got = Instant::now();
            let sequence = answer.json()["sequence"].as_u64().unwrap();
            if answer.status == 201 {
                let mut lot = self.lots[place].lock().unwrap();
                if lot.leader.is_none() || price > lot.best {
                    *lot = Lot { best: price, leader: Some(trader) };
                }
            }
            self.answered.lock().unwrap().push(Answered {
                client: number,
                key,
                place,
                price: price_text,
                sent,
                got,
                status: answer.status,
                sequence,
                body: answer.body,
            });
            self.count.fetch_add(1, Ordering::Release);
        }
    }
}

fn money(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// The test's own view: what was looked at already.
struct Checker {
    checked: usize,
    random: Random,
}

impl Checker {
    /// After a restart, before the clients go on: every answer stands.
    fn check(&mut self, venue: &mut Venue, shared: &Shared) {
        let answered = shared.answered.lock().unwrap().clone();
        let newest = answered.iter().map(|bid| bid.sequence).max().unwrap_or(0);
        let found = bids_of_all_lots(venue, shared, newest);
        for bid in answered.iter().filter(|bid| bid.status == 201) {
            assert_eq!(found.get(&bid.sequence), Some(&(bid.place, bid.price.clone())), "{bid:?} is not there");
        }
        let older = (0..OLDER.min(self.checked)).map(|_| self.random.below(self.checked)).collect::<Vec<_>>();
        for bid in older.into_iter().chain(self.checked..answered.len()).map(|at| &answered[at]) {
            self.repeat(venue, shared, bid);
        }
        self.checked = answered.len();
        for number in 1..=TRADERS {
            let funds = venue.get(Some("settlement"), &format!("/api/v1/members/B{number}/funds")).json();
            let fen = |name: &str| funds[name].as_str().unwrap().replace('.', "").parse::<u64>().unwrap();
            assert_eq!(fen("available") + fen("held"), CASH.replace('.', "").parse::<u64>().unwrap(), "{funds}");
        }
    }

    /// The same request with the same key has the same answer.
    fn repeat(&self, venue: &mut Venue, shared: &Shared, bid: &Answered) {
        let authorization = format!("Bearer {}", shared.tokens[bid.client % TRADERS]);
        let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", bid.key.as_str())];
        let again = venue.ask("POST", &shared.path(bid.place), &headers, Some(&json!({"price": bid.price})));
        let body = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!((again.status, body(&again.body)), (bid.status, body(&bid.body)), "{bid:?}");
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{bid:?}");
    }
}

/// Every accepted bid by its sequence, with its lot and its price; within a lot both rise.
fn bids_of_all_lots(venue: &mut Venue, shared: &Shared, newest: u64) -> BTreeMap<u64, (usize, String)> {
    let authorization = format!("Bearer {}", shared.tokens[0]);
    let min_sequence = newest.to_string();
    let headers = [("Authorization", authorization.as_str()), ("Min-Sequence", min_sequence.as_str())];
    let mut found = BTreeMap::new();
    for place in 0..AUCTIONS * LOTS {
        let (mut after, mut best) = (0, 0);
        loop {
            let path = format!("{}?limit=500&after={after}", shared.path(place));
            let begun = Instant::now();
            let page = loop {
                let page = venue.ask("GET", &path, &headers, None);
                // The archive may be caught up only now; it says so for as long as that takes.
                let archived = page.header("archive-sequence").and_then(|text| text.parse::<u64>().ok());
                if page.status == 200 && archived.is_some_and(|archived| archived >= newest) {
                    break page.json();
                }
                assert!(page.status == 200 || page.status == 503, "{}: {}", page.status, page.json());
                assert!(begun.elapsed() < kit::venue::PATIENCE, "the archive does not catch up: {}", page.json());
            };
            for bid in page["items"].as_array().unwrap() {
                let (sequence, price) = (bid["sequence"].as_u64().unwrap(), bid["price"].as_str().unwrap());
                let fen = price.replace('.', "").parse::<u64>().unwrap();
                assert!(sequence > after && fen > best, "lot {place} goes back with {bid}");
                (after, best) = (sequence, fen);
                assert_eq!(found.insert(sequence, (place, price.to_owned())), None, "{sequence} is there twice");
            }
            if page["next"] == Value::Null {
                break;
            }
        }
    }
    found
}

/// Whoever had an answer before another asked comes before it in the order.
fn check_order(answered: &[Answered]) {
    let mut sent: Vec<&Answered> = answered.iter().collect();
    sent.sort_by_key(|bid| bid.sent);
    let mut got: Vec<&Answered> = answered.iter().collect();
    got.sort_by_key(|bid| bid.got);
    let (mut at, mut before) = (0, 0);
    for bid in sent {
        while got[at].got < bid.sent {
            before = before.max(got[at].sequence);
            at += 1;
        }
        assert!(bid.sequence > before, "{bid:?} was asked when entry {before} was answered already");
    }
    let keys: HashMap<&str, u64> = answered.iter().map(|bid| (bid.key.as_str(), bid.sequence)).collect();
    let mut sequences: Vec<u64> = keys.values().copied().collect();
    sequences.sort_unstable();
    sequences.dedup();
    assert_eq!((keys.len(), sequences.len()), (answered.len(), answered.len()), "each has an entry of its own");
}

/// The auctions that are bid in, open for a day.
fn announce(venue: &mut Venue) -> Vec<u64> {
    let lots: Vec<Value> = (1..=LOTS).map(|code| json!({"code": code.to_string(), "quantity": "1"})).collect();
    let bidding = json!({"start_price": money(START), "step": "0.01", "margin_rate": "0.2"});
    let terms = json!({"bidding": bidding, "lots": lots});
    let mut auctions = Vec::new();
    let mut lead = Duration::from_secs(1);
    while auctions.len() < AUCTIONS {
        match venue.announce(&terms, lead, Duration::from_secs(86_400)) {
            Some(auction) => auctions.push(auction),
            None => lead *= 2,
        }
    }
    for auction in &auctions {
        venue.wait_for(*auction, "running");
    }
    auctions
}

fn verify(venue: &Venue) -> String {
    let verified = run(&["verify", text(&venue.data())]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    String::from_utf8(verified.stdout).unwrap()
}

/// Protects laws 4, 5 and 6 where it hurts: whatever moment a node is killed at, every bid that was answered is there once, in
/// its order, with the same answer when it is asked again, all money is where it was, and the log verifies.
#[test]
fn nothing_that_was_answered_is_lost() {
    let (rounds, seed) = (from_env("BAYAN_KILL_ROUNDS", 5) as usize, from_env("BAYAN_SEED", 1));
    let settings = Settings {
        traders: TRADERS,
        cash: CASH,
        segment_bytes: 256 << 10,
        snapshot_every: 1_000,
        snapshot_on_stop_from: 1_000,
    };
    let mut venue = Venue::make(settings);
    let shared = Shared {
        auctions: announce(&mut venue),
        tokens: (1..=TRADERS).map(|number| venue.tokens[&format!("b{number}-trader")].clone()).collect(),
        node: Mutex::new(None),
        up: Condvar::new(),
        lots: (0..AUCTIONS * LOTS).map(|_| Mutex::new(Lot { best: 0, leader: None })).collect(),
        answered: Mutex::default(),
        count: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        failed: AtomicBool::new(false),
        seed,
        asked_again: AtomicUsize::new(0),
    };
    let mut random = Random::new(seed);
    let mut checker = Checker { checked: 0, random: Random::new(seed + 1) };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                scope.spawn({
                    let shared = &shared;
                    move || shared.bid(number)
                })
            })
            .collect();
        // A check that fails must not leave the clients waiting for a node that never comes.
        let ended = End(&shared);
        for round in 1..=rounds {
            shared.publish(Some(&venue.address));
            let until = shared.count.load(Ordering::Acquire) + 1 + random.below(600);
            while shared.count.load(Ordering::Acquire) < until {
                assert!(clients.iter().all(|client| !client.is_finished()), "a client has failed");
                std::thread::sleep(Duration::from_micros(200 + random.next() % 800));
            }
            shared.publish(None);
            venue.kill();
            if random.below(4) == 0 {
                // Killed while it recovers, too.
                venue.spawn();
                std::thread::sleep(Duration::from_millis(random.next() % 300));
                venue.kill();
            }
            if round % VERIFY_EVERY == 0 {
                verify(&venue);
            }
            venue.start();
            checker.check(&mut venue, &shared);
        }
        shared.over.store(true, Ordering::Release);
        shared.publish(Some(&venue.address));
        clients.into_iter().for_each(|client| client.join().unwrap());
        drop(ended);
    });

    checker.check(&mut venue, &shared);
    let answered = shared.answered.lock().unwrap().clone();
    let accepted: BTreeMap<u64, (usize, String)> = answered
        .iter()
        .filter(|bid| bid.status == 201)
        .map(|bid| (bid.sequence, (bid.place, bid.price.clone())))
        .collect();
    let newest = answered.iter().map(|bid| bid.sequence).max().unwrap();
    assert_eq!(bids_of_all_lots(&mut venue, &shared, newest), accepted, "every bid that counts was answered");
    check_order(&answered);
    assert!(accepted.len() * 2 >= answered.len(), "{} of {} were accepted", accepted.len(), answered.len());
    venue.stop();
    let verified = verify(&venue);
    let count = |folder: &str| std::fs::read_dir(venue.data().join(folder)).unwrap().count();
    println!(
        "{rounds} rounds, {} bids answered, {} of them accepted, {} asked again; {} segments, {} snapshots\n{verified}",
        answered.len(),
        accepted.len(),
        shared.asked_again.load(Ordering::Relaxed),
        count("log"),
        count("snapshots"),
    );
}

/// Lets the clients go when a check fails, so that its failure is what is seen and not a test that hangs.
struct End<'a>(&'a Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.failed.store(std::thread::panicking(), Ordering::Release);
        self.0.up.notify_all();
    }
}
