//! A node that is killed again and again, under clients that ask until they are answered.
//!
//! `BAYAN_KILL_ROUNDS` says how often (5), `BAYAN_SEED` when (1).

mod kit;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use kit::floor::{Floor, fen, money};
use kit::http::{Answer, Client};
use kit::order::{Asked, out_of_order};
use kit::process::{run, text};
use kit::random::Random;
use kit::venue::{Settings, Venue};

const CLIENTS: usize = 64;
/// Managers that hand in files and let the oldest go, all the while.
const UPLOADERS: usize = 4;
/// How many files each of them keeps, and how large they are at the most.
const FILES_KEPT: usize = 12;
const FILE_BYTES_MAX: usize = 200_000;
const TRADERS: usize = 12;
const AUCTIONS: usize = 2;
/// Of each auction: many, so that not everybody bids for the same.
const LOTS: usize = 64;
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

/// The files of one manager, by id: what was answered.
#[derive(Clone, Default)]
struct Filed {
    /// Those that are kept, with their bytes, the oldest first.
    kept: VecDeque<(String, Vec<u8>)>,
    /// One that is to go, until that is answered.
    leaving: Option<String>,
    gone: Vec<String>,
}

/// What the clients and the test share.
struct Shared {
    floor: Floor,
    tokens: Vec<String>,
    managers: Vec<String>,
    files: Vec<Mutex<Filed>>,
    /// Where the node answers; `None` while it is down.
    node: Mutex<Option<String>>,
    up: Condvar,
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
            let (place, price) = self.floor.choose(&mut random, trader);
            let price_text = money(price);
            let (key, path, body) = (format!("{number}-{count}"), self.floor.path(place), json!({"price": price_text}));
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
                self.floor.accepted(place, price, trader);
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

impl Shared {
    /// A manager: it hands in one file after another and lets the oldest go, each asked until it is answered.
    fn file(&self, number: usize) {
        let mut random = Random::new(self.seed.wrapping_mul(7_000).wrapping_add(number as u64));
        let mut connection: Option<Client> = None;
        for count in 0.. {
            if self.over.load(Ordering::Acquire) {
                return;
            }
            let bytes = document(&mut random, number, count);
            let key = format!("file-{number}-{count}");
            let request = ("POST", "/api/v1/files", key.as_str(), ("application/pdf", bytes.as_slice()));
            let Some(added) = self.ask_until_answered(number, &mut connection, request) else { return };
            assert_eq!(added.status, 201, "{key}: {}", added.json());
            let id = added.json()["id"].as_str().unwrap().to_owned();
            let oldest = {
                let mut filed = self.files[number].lock().unwrap();
                filed.kept.push_back((id, bytes));
                let oldest = if filed.kept.len() > FILES_KEPT { filed.kept.pop_front() } else { None };
                filed.leaving = oldest.map(|(id, _)| id);
                filed.leaving.clone()
            };
            let Some(oldest) = oldest else { continue };
            let (path, key) = (format!("/api/v1/files/{oldest}"), format!("drop-{number}-{count}"));
            let request = ("DELETE", path.as_str(), key.as_str(), ("application/json", b"{}".as_slice()));
            let Some(dropped) = self.ask_until_answered(number, &mut connection, request) else { return };
            assert_eq!(dropped.status, 200, "{key}: {}", dropped.json());
            let mut filed = self.files[number].lock().unwrap();
            filed.leaving = None;
            filed.gone.push(oldest);
        }
    }

    /// `None` when a check has failed and there never will be an answer.
    fn ask_until_answered(
        &self,
        number: usize,
        connection: &mut Option<Client>,
        (method, path, key, body): (&str, &str, &str, (&str, &[u8])),
    ) -> Option<Answer> {
        let authorization = format!("Bearer {}", self.managers[number]);
        let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", key)];
        loop {
            if connection.is_none() {
                *connection = Client::connect(&self.address()?).ok();
            }
            match connection.as_mut().and_then(|client| client.send(method, path, &headers, body).ok()) {
                Some(answer) if matches!(answer.status, 503 | 504) => {}
                Some(answer) => return Some(answer),
                None => *connection = None,
            }
            self.asked_again.fetch_add(1, Ordering::Relaxed);
            std::thread::yield_now();
        }
    }
}

/// A document that no other client and count give, mostly small.
fn document(random: &mut Random, number: usize, count: u64) -> Vec<u8> {
    let length = if random.below(8) == 0 { random.below(FILE_BYTES_MAX) } else { random.below(4_000) };
    let mut bytes = format!("%PDF-1.7\n% {number} {count}\n").into_bytes();
    bytes.extend(std::iter::repeat_with(|| random.next().to_le_bytes()[0]).take(length));
    bytes
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
            let amount = |name: &str| fen(funds[name].as_str().unwrap());
            assert_eq!(amount("available") + amount("held"), fen(CASH), "{funds}");
        }
        check_files(venue, shared);
    }

    /// The same request with the same key has the same answer.
    fn repeat(&self, venue: &mut Venue, shared: &Shared, bid: &Answered) {
        let authorization = format!("Bearer {}", shared.tokens[bid.client % TRADERS]);
        let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", bid.key.as_str())];
        let again = venue.ask("POST", &shared.floor.path(bid.place), &headers, Some(&json!({"price": bid.price})));
        let body = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!((again.status, body(&again.body)), (bid.status, body(&bid.body)), "{bid:?}");
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{bid:?}");
    }
}

/// Every file that was kept is there with its bytes, one that was let go is not, and the disk has those that the log names and
/// no other. Says how many that are.
fn check_files(venue: &mut Venue, shared: &Shared) -> usize {
    let mut named = BTreeSet::new();
    for number in 0..UPLOADERS {
        let filed = shared.files[number].lock().unwrap().clone();
        let login = manager(number);
        for (id, bytes) in &filed.kept {
            let found = venue.get(Some(&login), &format!("/api/v1/files/{id}"));
            assert!(found.status == 200 && found.body == *bytes, "{login}: {id}: {} {}", found.status, found.json());
        }
        let list = venue.get(Some(&login), "/api/v1/files?limit=200").json();
        let own: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap()).collect();
        assert!(filed.kept.iter().all(|(id, _)| own.contains(&id.as_str())), "{list}");
        assert!(!filed.gone.iter().any(|id| own.contains(&id.as_str())), "what was let go is back: {list}");
        // Beside those that were answered, one may be on its way in, and one on its way out.
        assert!(own.len() <= filed.kept.len() + 1 + usize::from(filed.leaving.is_some()), "{list}");
        named.extend(own.into_iter().map(str::to_owned));
    }
    let mut lie = BTreeSet::new();
    for folder in std::fs::read_dir(venue.data().join("files")).unwrap() {
        let files = std::fs::read_dir(folder.unwrap().path()).unwrap();
        lie.extend(files.map(|file| file.unwrap().file_name().into_string().unwrap()));
    }
    assert_eq!(lie, named, "the disk has what the log names");
    named.len()
}

fn manager(number: usize) -> String {
    format!("b{}-manager", number + 1)
}

/// Every accepted bid by its sequence, with its lot and its price; within a lot both rise.
fn bids_of_all_lots(venue: &mut Venue, shared: &Shared, newest: u64) -> BTreeMap<u64, (usize, String)> {
    let authorization = format!("Bearer {}", shared.tokens[0]);
    let min_sequence = newest.to_string();
    let headers = [("Authorization", authorization.as_str()), ("Min-Sequence", min_sequence.as_str())];
    let mut found = BTreeMap::new();
    for place in 0..shared.floor.places() {
        let (mut after, mut best) = (0, 0);
        loop {
            let path = format!("{}?limit=500&after={after}", shared.floor.path(place));
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
                assert!(sequence > after && fen(price) > best, "lot {place} goes back with {bid}");
                (after, best) = (sequence, fen(price));
                assert_eq!(found.insert(sequence, (place, price.to_owned())), None, "{sequence} is there twice");
            }
            if page["next"] == Value::Null {
                break;
            }
        }
    }
    found
}

/// Whoever had an answer before another asked comes before it in the order, and each has an entry of its own.
fn check_order(answered: &[Answered]) {
    let asked = answered.iter().map(|bid| Asked { sent: bid.sent, got: bid.got, sequence: bid.sequence });
    let wrong = out_of_order(&asked.collect::<Vec<_>>());
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn verify(venue: &Venue) -> String {
    let verified = run(&["verify", text(&venue.data())]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    String::from_utf8(verified.stdout).unwrap()
}

/// Protects laws 4, 5 and 6 where it hurts: whatever moment a node is killed at, every bid that was answered is there once, in
/// its order, with the same answer when it is asked again, all money is where it was, every file is there with its bytes, and
/// the log verifies.
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
        floor: Floor::open(&mut venue, AUCTIONS, LOTS),
        tokens: (1..=TRADERS).map(|number| venue.tokens[&format!("b{number}-trader")].clone()).collect(),
        managers: (0..UPLOADERS).map(|number| venue.tokens[&manager(number)].clone()).collect(),
        files: (0..UPLOADERS).map(|_| Mutex::default()).collect(),
        node: Mutex::new(None),
        up: Condvar::new(),
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
        let shared = &shared;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| scope.spawn(move || shared.bid(number)))
            .chain((0..UPLOADERS).map(|number| scope.spawn(move || shared.file(number))))
            .collect();
        // A check that fails must not leave the clients waiting for a node that never comes.
        let ended = End(shared);
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
            checker.check(&mut venue, shared);
        }
        shared.publish(Some(&venue.address));
        // Few rounds may be over before anybody had so many files that it let one go.
        while shared.files.iter().all(|filed| filed.lock().unwrap().gone.is_empty()) {
            assert!(clients.iter().all(|client| !client.is_finished()), "a client has failed");
            std::thread::sleep(Duration::from_micros(200));
        }
        shared.over.store(true, Ordering::Release);
        clients.into_iter().for_each(|client| client.join().unwrap());
        drop(ended);
    });

    checker.check(&mut venue, &shared);
    let files = check_files(&mut venue, &shared);
    let gone: usize = shared.files.iter().map(|filed| filed.lock().unwrap().gone.len()).sum();
    assert!(files > 0 && gone > 0, "{files} files are kept, {gone} are gone");
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
    assert!(verified.contains(&format!("files    {files} checked\n")), "{verified}");
    let count = |folder: &str| std::fs::read_dir(venue.data().join(folder)).unwrap().count();
    println!(
        "{rounds} rounds, {} bids answered, {} of them accepted, {} asked again; {files} files kept, {gone} gone; {} segments, \
         {} snapshots\n{verified}",
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
