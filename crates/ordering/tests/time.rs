//! Time, secrets and failures of a running node, on a simulated disk and a simulated clock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::markets::auction::{Announcement, AuctionStatus, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId};
use exchange::{Answer, Body, Command, Exchange, Payment, Principal, Profile, Reply};
use ordering::sim::{SimClock, SimDisk, verify};
use ordering::{Accept, Clock, Config, Health, Node, Seams, SyncPoint, Unavailable};

const MANAGER: UserId = UserId(1);
const OPERATOR: UserId = UserId(2);
const SETTLEMENT: UserId = UserId(3);
const TRADER: UserId = UserId(4);
/// No other number in the logs of these tests has these digits.
const PLANTED_FEN: u64 = 4_848_484_800;

fn at(seconds: i64) -> Instant {
    Instant::from_us(1_800_000_000_000_000).plus(Span::from_seconds(seconds))
}

struct Venue {
    disk: SimDisk,
    clock: Arc<SimClock>,
    node: Node,
}

fn config() -> Config {
    Config {
        segment_bytes: 64 << 10,
        batch_bytes_max: 8 << 10,
        // What is kept of sealed bids must be kept well, so snapshots are taken all the time.
        snapshot_every: 2,
        head_every: Duration::from_millis(5),
        ..Config::new("/d/data")
    }
}

async fn start(disk: &SimDisk, clock: &Arc<SimClock>) -> Node {
    let seams =
        Seams { disk: disk.process(), clock: Arc::clone(clock) as Arc<dyn Clock>, network: None, ..Seams::default() };
    Node::start(config(), seams, Vec::new()).await.expect("the node starts")
}

impl Venue {
    /// A venue with a seller, a buyer with cash, and the staff that is needed.
    async fn open() -> Self {
        let (disk, clock) = (SimDisk::new("/d"), Arc::new(SimClock::at(at(0))));
        let venue = Venue { node: start(&disk, &clock).await, disk, clock };
        let user = |tag: u8, role, member: Option<u32>| Body::AddUser {
            role,
            member: member.map(MemberId),
            login_tag: [tag; 16].into(),
            personal: vec![tag; 40],
            password_hash: String::new(),
            single_use: false,
        };
        let member = |code: &str| Body::AdmitMember { code: code.to_owned(), name: code.to_owned() };
        let profile = Profile { second_person_above: None, outage_after: None, ..Profile::default() };
        for body in [
            Body::SetProfile(profile),
            member("S1"),
            member("B1"),
            user(1, Role::Manager, Some(1)),
            user(2, Role::Operator, None),
            user(3, Role::Settlement, None),
            user(4, Role::Trader, Some(2)),
        ] {
            venue.accepted(Command::system(body)).await;
        }
        for member in [1, 2] {
            let payment = Payment {
                member: MemberId(member),
                amount: Money::from_fen(900_000_000_000),
                reference: "1".to_owned(),
            };
            venue.by(SETTLEMENT, Body::Deposit(payment)).await;
        }
        venue
    }

    async fn accepted(&self, command: Command) -> Reply {
        let reply = self.node.submit(command).await.expect("it is answered");
        assert!(reply.outcome.is_ok(), "{reply:?}");
        reply
    }

    async fn by(&self, user: UserId, body: Body) -> Reply {
        self.accepted(Command { principal: Principal::User(user), request: None, body }).await
    }

    /// An auction that opens in ten seconds and closes in twenty.
    async fn publish(&self, format: Format) -> AuctionId {
        let announcement = Announcement {
            title: "PrNd".to_owned(),
            side: Side::Sale,
            initiator: MemberId(1),
            product: "PrNd".to_owned(),
            unit: "t".to_owned(),
            opens: at(10),
            closes: at(20),
            format,
            start_price: Price::from_fen(100).unwrap(),
            limit_price: None,
            step: Price::from_fen(100).unwrap(),
            max_step: None,
            countdown: Span::from_seconds(5),
            countdown_from: CountdownFrom::Closing,
            consecutive: false,
            margin_rate: Rate::from_millionths(1_000_000).unwrap(),
            eligible: None,
            attachments: None,
            lots: vec![LotTerms { code: "1".to_owned(), quantity: Quantity::from_millionths(1_000_000).unwrap() }],
        };
        let reply = self.by(MANAGER, Body::Submit(announcement)).await;
        let Ok(Answer::Submitted(auction)) = reply.outcome else { panic!("{reply:?}") };
        self.by(OPERATOR, Body::Publish { auction }).await;
        auction
    }

    async fn until(&self, what: &str, so: impl Fn(&Exchange) -> bool) {
        let waiting = async {
            while !self.node.read(|exchange| so(exchange)) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}

fn status(exchange: &Exchange, auction: AuctionId) -> AuctionStatus {
    exchange.auctions()[auction.0 as usize - 1].status
}

/// Protects deadlines: nobody asks anything, and the auction opens and ends by entries of the node itself.
#[tokio::test]
async fn deadlines_become_entries() {
    let venue = Venue::open().await;
    let auction = venue.publish(Format::Open).await;
    venue.clock.set(at(10));
    venue.until("it opens", |exchange| status(exchange, auction) == AuctionStatus::Running).await;
    assert_eq!(venue.node.read(Exchange::now), at(10), "not before it is due");
    venue.clock.set(at(20));
    venue.until("it closes", |exchange| status(exchange, auction) == AuctionStatus::Closed).await;
    venue.node.stop().await;
}

/// Protects stamps: they never go back, whatever the clock does, over a restart too.
#[tokio::test]
async fn stamps_never_go_back() {
    let venue = Venue::open().await;
    venue.clock.set(at(100));
    let first = venue.accepted(Command::system(Body::Tick)).await;
    assert_eq!(first.at, at(100));
    venue.clock.set(at(50));
    assert_eq!(venue.accepted(Command::system(Body::Tick)).await.at, at(100));
    venue.node.stop().await;
    let node = start(&venue.disk, &venue.clock).await;
    assert_eq!(node.submit(Command::system(Body::Tick)).await.unwrap().at, at(100));
    node.stop().await;
}

/// Protects stamps against a machine's clock that leaps: it is not followed, time goes on at its pace, deadlines come when
/// they are due, and whoever watches sees it. A small difference is made good slowly.
#[tokio::test]
async fn a_clock_that_leaps_is_not_followed() {
    let venue = Venue::open().await;
    let auction = venue.publish(Format::Open).await;
    let day = 86_400_000_000;
    venue.clock.set_machine_ahead(day);
    assert_eq!(venue.accepted(Command::system(Body::Tick)).await.at, at(0));
    let metrics = venue.node.metrics();
    assert_eq!((metrics.clock_ahead_us, metrics.clock_apart), (day, true));
    venue.clock.advance(Span::from_seconds(10));
    venue.until("it opens", |exchange| status(exchange, auction) == AuctionStatus::Running).await;
    assert_eq!(venue.node.read(Exchange::now), at(10));
    venue.clock.set_machine_ahead(0);
    assert_eq!(venue.accepted(Command::system(Body::Tick)).await.at, at(10), "nothing is left of it");
    assert!(!venue.node.metrics().clock_apart);
    venue.clock.set_machine_ahead(2_000_000);
    venue.clock.advance(Span::from_seconds(1));
    assert_eq!(venue.accepted(Command::system(Body::Tick)).await.at, at(11).plus(Span::from_us(500)));
    venue.node.stop().await;
}

/// Protects whoever starts a node whose clock cannot be right: it is said, and seen in the metrics.
#[tokio::test]
async fn a_clock_that_does_not_fit_the_log_is_said_at_the_start() {
    let venue = Venue::open().await;
    venue.clock.set(at(100));
    venue.accepted(Command::system(Body::Tick)).await;
    venue.node.stop().await;
    for (seconds, said) in
        [(40, Some("60 s earlier")), (96, None), (3_600, None), (100 + 86_401, Some("86401 s later"))]
    {
        let clock = Arc::new(SimClock::at(at(seconds)));
        let node = start(&venue.disk, &clock).await;
        let warnings = node.warnings();
        assert_eq!(warnings.len(), usize::from(said.is_some()), "{seconds}: {warnings:?}");
        assert!(said.is_none_or(|said| warnings[0].contains(said)), "{warnings:?}");
        let behind = (100 - seconds).max(0) * 1_000_000;
        assert_eq!(node.metrics().clock_behind_stamp_us, behind, "{seconds}");
        node.stop().await;
    }
}

/// Protects sealed bids: while the auction runs, no file holds the price or the margin, with snapshots taken all the
/// time; a restart opens the bid again; when it has ended the key is in the log, and history can be verified without the
/// sealing secret.
#[tokio::test]
async fn a_sealed_bid_is_in_no_file_until_its_key_is() {
    let venue = Venue::open().await;
    let auction = venue.publish(Format::Sealed).await;
    venue.clock.set(at(10));
    venue.until("it opens", |exchange| status(exchange, auction) == AuctionStatus::Running).await;
    let price = Price::from_fen(PLANTED_FEN).unwrap();
    let sealed = venue.node.vault().seal_price(auction, LotIndex(0), TRADER, price);
    let reply = venue.by(TRADER, Body::SealedBid { auction, lot: LotIndex(0), sealed }).await;
    assert!(matches!(reply.outcome, Ok(Answer::Bid { price: found, .. }) if found == price));
    venue.accepted(Command::system(Body::Tick)).await;
    venue.node.stop().await;

    let secrets = Path::new("/d/data/secrets");
    let process = venue.disk.process();
    let mut files = 0;
    for folder in ["/d/data", "/d/data/log", "/d/data/snapshots", "/d/data/secrets"].map(Path::new) {
        for name in process.list(folder).unwrap() {
            let Some(bytes) = venue.disk.contents(&folder.join(&name)) else { continue };
            files += 1;
            let digits = (PLANTED_FEN / 100).to_string();
            let needles: [Vec<u8>; 4] = [
                PLANTED_FEN.to_be_bytes()[4..].to_vec(),
                PLANTED_FEN.to_le_bytes()[..4].to_vec(),
                digits.into_bytes(),
                PLANTED_FEN.to_string().into_bytes(),
            ];
            for needle in needles {
                let found = bytes.windows(needle.len()).any(|window| window == needle);
                assert!(!found, "{} of {} holds the price", name, folder.display());
            }
        }
    }
    assert!(files >= 8);
    // Without the secret nobody can verify yet, and is told why.
    let elsewhere = Path::new("/d/data/log");
    let sealed_still = verify(&venue.disk, Path::new("/d/data"), elsewhere).unwrap_err();
    assert!(sealed_still.what.contains("still sealed"), "{sealed_still}");

    let node = start(&venue.disk, &venue.clock).await;
    venue.clock.set(at(20));
    let venue = Venue { node, ..venue };
    venue.until("the key is revealed", |exchange| exchange.auctions()[auction.0 as usize - 1].key_revealed).await;
    let won = venue.node.read(|exchange| exchange.contracts()[0].price);
    assert_eq!(won, price, "what was opened after a restart is what was sealed");
    venue.node.stop().await;
    let with = verify(&venue.disk, Path::new("/d/data"), secrets).unwrap();
    let without = verify(&venue.disk, Path::new("/d/data"), elsewhere).unwrap();
    assert_eq!(with, without);
}

/// Protects a key that is due while nobody runs: the next start reveals it.
#[tokio::test]
async fn a_key_that_came_due_in_between_is_revealed_by_the_next_start() {
    let venue = Venue::open().await;
    let auction = venue.publish(Format::Sealed).await;
    // Closed by an act, and the process dies before the key can be an entry.
    venue.by(OPERATOR, Body::Cancel { auction, reason: "1".to_owned() }).await;
    venue.disk.kill();
    let node = start(&venue.disk, &venue.clock).await;
    let venue = Venue { node, ..venue };
    venue.until("the key is revealed", |exchange| exchange.auctions()[auction.0 as usize - 1].key_revealed).await;
    venue.node.stop().await;
}

/// Protects the rule of a failing disk: what was under way is unknown, what comes later is surely not done, reads go
/// on, and a restart recovers everything that was answered.
#[tokio::test]
async fn after_a_failed_sync_nothing_is_taken_until_a_restart() {
    type Break = fn(&SimDisk);
    let ways: [(Break, &str); 2] =
        [(|disk| disk.fail_sync_of(SyncPoint::Append), "sync"), (|disk| disk.fail_write_after(0), "write")];
    for (way, name) in ways {
        // Snapshots and heads keep quiet here, so that the failure meets the log.
        let quiet = Config { snapshot_every: 1_000_000, head_every: Duration::from_secs(3_600), ..config() };
        let disk = SimDisk::new("/d");
        let clock: Arc<dyn Clock> = Arc::new(SimClock::at(at(0)));
        let seams = Seams { disk: disk.process(), clock: Arc::clone(&clock), network: None, ..Seams::default() };
        let node = Node::start(quiet.clone(), seams, Vec::new()).await.unwrap();
        node.submit(Command::system(Body::Tick)).await.unwrap();
        node.head(Sequence(1)).await.unwrap();
        way(&disk);
        let in_flight = node.submit(Command::system(Body::Tick)).await;
        assert!(matches!(in_flight, Err(Unavailable::Unknown(_))), "{name}: {in_flight:?}");
        let later = node.submit(Command::system(Body::Tick)).await;
        assert!(matches!(later, Err(Unavailable::Refused(_))), "{name}: {later:?}");
        assert!(matches!(node.health(), Health::Failed(_)) && node.metrics().failed);
        assert_eq!(node.read(Exchange::sequence), Sequence(1));
        node.stop().await;
        let node =
            Node::start(quiet, Seams { disk: disk.process(), clock, network: None, ..Seams::default() }, Vec::new())
                .await
                .unwrap();
        assert!(node.sequence() >= Sequence(1));
        node.submit(Command::system(Body::Tick)).await.unwrap();
        node.stop().await;
    }
}

/// Protects against a queue without an end: at the limit a command is refused, and surely not done.
#[tokio::test]
async fn a_full_queue_refuses() {
    let disk = SimDisk::new("/d");
    let clock: Arc<dyn Clock> = Arc::new(SimClock::at(at(0)));
    let config = Config { queue_max: 4, ..config() };
    let node =
        Node::start(config, Seams { disk: disk.process(), clock, network: None, ..Seams::default() }, Vec::new())
            .await
            .unwrap();
    let all = futures_util::future::join_all((0..64).map(|_| node.submit(Command::system(Body::Tick)))).await;
    let refused = all.iter().filter(|answer| matches!(answer, Err(Unavailable::Refused(_)))).count();
    let done = all.iter().filter(|answer| answer.is_ok()).count();
    assert!(refused > 0 && done >= 4 && refused + done == 64, "{refused} {done}");
    assert_eq!(node.sequence(), Sequence(done as u64));
    assert_eq!(node.metrics().refused_full, refused as u64);
    node.stop().await;
}

/// Protects `verify`: a byte changed anywhere is found; an entry rewritten with valid checksums is found by the head;
/// so is a history cut short behind it.
#[tokio::test]
async fn whatever_is_altered_is_found() {
    let venue = Venue::open().await;
    venue.node.head(venue.node.sequence()).await.unwrap();
    venue.node.stop().await;
    let (data, secrets) = (Path::new("/d/data"), Path::new("/d/data/secrets"));
    let segment = Path::new("/d/data/log/00000000000000000000.seg");
    let sound = verify(&venue.disk, data, secrets).unwrap();
    let bytes = venue.disk.contents(segment).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 2_000;
    for at in (0..end).step_by(7).chain((end..bytes.len()).step_by(4_099)) {
        venue.disk.corrupt(segment, |bytes| bytes[at] ^= 0x20);
        let damage = verify(&venue.disk, data, secrets).expect_err("a changed byte is found");
        assert_eq!(damage.file, segment, "{damage}");
        venue.disk.corrupt(segment, |bytes| bytes[at] ^= 0x20);
    }
    // Beside the log: the engine's marks, the head, and of snapshots the header and the length.
    let beside =
        files(&venue.disk).into_iter().filter(|(path, _)| !path.contains("/log/") && !path.contains("/secrets/"));
    for (path, bytes) in beside {
        let path = Path::new(&path);
        let header = 24 + header_length(&bytes, 12);
        for at in 0..header {
            venue.disk.corrupt(path, |bytes| bytes[at] ^= 0x20);
            let damage = verify(&venue.disk, data, secrets).expect_err("a changed byte is found");
            assert_eq!(damage.file, path, "{damage}");
            venue.disk.corrupt(path, |bytes| bytes[at] ^= 0x20);
        }
        venue.disk.corrupt(path, |bytes| bytes.truncate(bytes.len() - 1));
        let damage = verify(&venue.disk, data, secrets).expect_err("a missing byte is found");
        assert_eq!(damage.file, path, "{damage}");
        venue.disk.corrupt(path, |now| now.clone_from(&bytes));
    }
    // The name of member B1, with all checksums made right again.
    let name = bytes.windows(6).position(|window| window == b"bB1bB1").expect("the entry is there") + 4;
    let payload = (0..name).rev().find(|at| at % 8 == 0 && record_at(&bytes, *at).is_some()).unwrap();
    venue.disk.corrupt(segment, |bytes| {
        bytes[name] ^= 1;
        let length = header_length(bytes, payload);
        let crc = crc32c::crc32c(&bytes[payload + 40..payload + 40 + length]);
        bytes[payload + 4..payload + 8].copy_from_slice(&crc.to_le_bytes());
        let crc = crc32c::crc32c_append(salt(bytes), &bytes[payload..payload + 36]);
        bytes[payload + 36..payload + 40].copy_from_slice(&crc.to_le_bytes());
    });
    let damage = verify(&venue.disk, data, secrets).unwrap_err();
    assert!(damage.what.contains("the hash over all entries"), "{damage}");
    let refused = Node::start(
        config(),
        Seams { disk: venue.disk.process(), clock: venue.clock.clone(), network: None, ..Seams::default() },
        Vec::new(),
    );
    let snapshots = venue.disk.process().list(Path::new("/d/data/snapshots")).unwrap();
    for name in snapshots {
        venue.disk.process().remove(&Path::new("/d/data/snapshots").join(name)).unwrap();
    }
    assert!(refused.await.err().expect("it does not start").to_string().contains("the hash over all entries"));
    venue.disk.corrupt(segment, |now| now.copy_from_slice(&bytes));

    // Without its last record.
    let last = (0..bytes.len() - 40).step_by(8).rfind(|at| record_at(&bytes, *at).is_some()).unwrap();
    venue.disk.corrupt(segment, |bytes| bytes[last..].fill(0));
    let damage = verify(&venue.disk, data, secrets).unwrap_err();
    assert!(damage.what.contains("the log ends with entry"), "{damage}");
    venue.disk.corrupt(segment, |now| now.copy_from_slice(&bytes));
    assert_eq!(verify(&venue.disk, data, secrets).unwrap(), sound);
}

/// What is in the data folder of a simulated disk, but for its lock.
fn files(disk: &SimDisk) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for folder in ["/d/data", "/d/data/log", "/d/data/snapshots", "/d/data/secrets"].map(Path::new) {
        for name in disk.process().list(folder).unwrap() {
            if name != "lock"
                && let Some(bytes) = disk.contents(&folder.join(&name))
            {
                files.push((folder.join(&name).display().to_string(), bytes));
            }
        }
    }
    files
}

async fn refused(disk: &SimDisk, config: &Config) -> String {
    let seams = Seams { disk: disk.process(), clock: Arc::new(SimClock::at(at(0))), network: None, ..Seams::default() };
    Node::start(config.clone(), seams, Vec::new()).await.err().expect("it does not start").to_string()
}

/// Protects against a history that is cut short together with the head that would show it, and against a lost vote: both
/// are refused, nothing is changed, and only an operator who says so goes on without them.
#[tokio::test]
async fn a_log_without_its_head_or_its_marks_is_refused() {
    for (snapshots, name, option) in [
        (false, "head", "--accept-missing-head"),
        (true, "head", "--accept-missing-head"),
        (false, "engine", "--accept-missing-engine"),
        (true, "engine", "--accept-missing-engine"),
    ] {
        let quiet =
            Config { snapshot_every: 1_000, snapshot_on_stop_from: if snapshots { 1 } else { 1_000 }, ..config() };
        let (disk, clock) = (SimDisk::new("/d"), Arc::new(SimClock::at(at(0))));
        let seams = || Seams {
            disk: disk.process(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            network: None,
            ..Seams::default()
        };
        let node = Node::start(quiet.clone(), seams(), Vec::new()).await.unwrap();
        node.submit(Command::system(Body::Tick)).await.unwrap();
        let term = node.metrics().term;
        node.stop().await;
        assert_eq!(files(&disk).iter().any(|(path, _)| path.ends_with(".snapshot")), snapshots);
        let (data, secrets) = (Path::new("/d/data"), Path::new("/d/data/secrets"));
        let path = data.join(name);
        let segment = Path::new("/d/data/log/00000000000000000000.seg");
        let kept = disk.contents(&path).unwrap();
        disk.process().remove(&path).unwrap();
        let before = files(&disk);
        let line = refused(&disk, &quiet).await;
        assert!(line.contains(&path.display().to_string()) && line.contains(option), "{line}");
        assert!(files(&disk) == before, "nothing is changed");
        let damage = verify(&disk, data, secrets).unwrap_err();
        assert!(damage.file == path && damage.what.contains(option), "{damage}");

        let accept = Accept { missing_head: name == "head", missing_engine: name == "engine" };
        let accepting = Config { accept, ..quiet.clone() };
        let node = Node::start(accepting, seams(), Vec::new()).await.unwrap();
        assert!(node.warnings().iter().any(|warning| warning.contains("was accepted")), "{:?}", node.warnings());
        assert_eq!(node.sequence(), Sequence(1));
        assert!(node.metrics().term > term, "no term is used twice");
        node.stop().await;
        verify(&disk, data, secrets).unwrap();
        let node = Node::start(quiet.clone(), seams(), Vec::new()).await.unwrap();
        assert_eq!(node.warnings(), [] as [String; 0]);
        node.stop().await;

        // What is left beside a log that is gone altogether is no new folder.
        for lost in files(&disk) {
            if lost.0 != path.display().to_string() && !lost.0.contains("/secrets/") && !lost.0.ends_with("/cluster") {
                disk.process().remove(Path::new(&lost.0)).unwrap();
            }
        }
        assert!(disk.contents(segment).is_none() && !kept.is_empty());
        let before = files(&disk);
        let line = refused(&disk, &quiet).await;
        assert!(line.contains("there is no segment") && line.contains(&path.display().to_string()), "{line}");
        assert!(files(&disk) == before, "nothing is made");
    }
}

/// Protects the first start: whenever it is cut short, the next one goes on, and takes nothing for lost.
#[tokio::test]
async fn a_first_start_that_was_cut_short_is_begun_again() {
    let mut cut_short = 0;
    for stop in 1.. {
        let (disk, clock) = (SimDisk::new("/d"), Arc::new(SimClock::at(at(0))));
        disk.stop_after(stop);
        let seams = Seams {
            disk: disk.process(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            network: None,
            ..Seams::default()
        };
        let first = Node::start(config(), seams, Vec::new()).await;
        let over = first.is_ok();
        drop(first);
        if stop % 2 == 0 {
            disk.kill()
        } else {
            disk.lose_power(stop)
        }
        let node = start(&disk, &clock).await;
        assert_eq!(node.warnings(), [] as [String; 0], "{stop}");
        node.submit(Command::system(Body::Tick)).await.unwrap();
        node.stop().await;
        if over {
            break;
        }
        cut_short += 1;
    }
    assert!(cut_short > 40, "{cut_short}");
}

/// The length of the payload of the record that begins here (docs/formats.md).
fn record_at(bytes: &[u8], at: usize) -> Option<usize> {
    let header = bytes.get(at..at + 40)?;
    let sound =
        crc32c::crc32c_append(salt(bytes), &header[..36]).to_le_bytes() == header[36..40] && header[..4] != [0; 4];
    sound.then(|| header_length(bytes, at))
}

/// The checksum of the segment's salt, the last 8 bytes of the header's body.
fn salt(bytes: &[u8]) -> u32 {
    let body = 24 + header_length(bytes, 12);
    crc32c::crc32c(&bytes[body - 8..body])
}

fn header_length(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}
