//! Golden files of the formats that outlive us: every later version must read them and reach the same state.
//!
//! `BAYAN_WRITE_GOLDEN=1 cargo test -p exchange --test golden` writes those that are missing, and never one that is
//! there. To write one anew, delete it first; that is right only for a format that has never been released.

use std::path::PathBuf;

use exchange::markets::auction::{Announcement, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{
    ApprovalId, AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId,
};
use exchange::{Body, Command, Entry, Event, Events, Exchange, Output, Payment, Principal, Profile, RequestId};

fn s(seconds: i64) -> Instant {
    Instant::from_us(1_752_631_200_000_000 + seconds * 1_000_000)
}

fn price(yuan: u64) -> Price {
    Price::from_fen(yuan * 100).unwrap()
}

fn terms(title: &str, format: Format, limit: Option<u64>) -> Announcement {
    Announcement {
        title: title.to_owned(),
        side: if limit.is_some() { Side::Procurement } else { Side::Sale },
        initiator: MemberId(1),
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens: s(100),
        closes: s(1900),
        format,
        start_price: price(565_000),
        limit_price: limit.map(price),
        step: price(500),
        max_step: Some(price(2_000)),
        countdown: Span::from_seconds(180),
        countdown_from: CountdownFrom::Opening,
        consecutive: false,
        margin_rate: Rate::from_millionths(200_000).unwrap(),
        eligible: Some(vec![MemberId(2), MemberId(3)]),
        attachments: None,
        lots: ["1", "2"]
            .map(|code| LotTerms { code: code.to_owned(), quantity: Quantity::from_millionths(20_500_000).unwrap() })
            .into(),
    }
}

/// A history in which every kind of command of the first version stands at least once, with the price of each sealed
/// bid. Later commands have histories of their own beside this one.
fn history() -> Vec<(Entry, Option<Price>)> {
    let member = |code: &str| Body::AdmitMember { code: code.to_owned(), name: format!("{code}有限公司") };
    let user = |tag: u8, role: Role, member: Option<u32>| Body::AddUser {
        role,
        member: member.map(MemberId),
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40],
        password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
        single_use: tag == 1,
    };
    let payment = |member: u32, fen: i128| Payment {
        member: MemberId(member),
        amount: Money::from_fen(fen),
        reference: "流水 0001".to_owned(),
    };
    let product = |code: &str, name: &str, unit: &str| Body::AddProduct {
        code: code.to_owned(),
        name: name.to_owned(),
        unit: unit.to_owned(),
        description: None,
    };
    let why = || "检修".to_owned();
    let auction = AuctionId;
    let bid = |n: u32, lot: u16, yuan: u64| Body::Bid {
        auction: auction(n),
        lot: LotIndex(lot),
        price: price(yuan),
        seen_price: Some(price(565_000)),
    };
    let sealed = || Body::SealedBid { auction: auction(2), lot: LotIndex(0), sealed: vec![9; 48] };
    let steps: Vec<(i64, Option<u32>, Body, Option<Price>)> = vec![
        (0, None, Body::SetProfile(Profile { rules: 1, outage_after: None, ..Profile::default() }), None),
        (0, None, member("NRE"), None),
        (0, None, member("B1"), None),
        (0, None, member("B2"), None),
        (0, None, user(1, Role::Admin, None), None),
        (0, None, user(2, Role::Settlement, None), None),
        (0, None, user(3, Role::Settlement, None), None),
        (0, None, user(4, Role::Operator, None), None),
        (0, None, user(5, Role::Trader, Some(2)), None),
        (0, None, user(6, Role::Trader, Some(3)), None),
        (0, None, user(7, Role::Manager, Some(1)), None),
        (
            1,
            None,
            Body::OpenSession {
                user: UserId(5),
                token_hash: [5; 32].into(),
                lasts: Span::from_seconds(60),
                checked: None,
            },
            None,
        ),
        (
            1,
            None,
            Body::OpenSession {
                user: UserId(6),
                token_hash: [6; 32].into(),
                lasts: Span::from_seconds(60),
                checked: None,
            },
            None,
        ),
        (2, None, Body::CloseSession { token_hash: [5; 32].into() }, None),
        (
            2,
            Some(5),
            Body::SetPassword { user: UserId(5), password_hash: "$argon2id$new".to_owned(), keep: None },
            None,
        ),
        (2, Some(1), Body::LockUser { user: UserId(6) }, None),
        (2, Some(1), Body::UnlockUser { user: UserId(6) }, None),
        (2, Some(1), product("Dy-oxide", "氧化镝", "kg"), None),
        (3, Some(2), Body::Deposit(payment(2, 99_000_000)), None),
        (3, Some(2), Body::Deposit(payment(1, 5_000_000_000)), None),
        (3, Some(3), Body::Approve { approval: ApprovalId(1), password_hash: None }, None),
        (3, Some(2), Body::Deposit(payment(2, 4_000_000_000)), None),
        (3, Some(3), Body::Approve { approval: ApprovalId(2), password_hash: None }, None),
        (3, Some(2), Body::Deposit(payment(3, 4_000_000_000)), None),
        (3, Some(3), Body::Approve { approval: ApprovalId(3), password_hash: None }, None),
        (4, Some(2), Body::Withdraw(payment(2, 200_000_000)), None),
        (4, Some(3), Body::Decline { approval: ApprovalId(4) }, None),
        (4, Some(3), Body::Withdraw(payment(2, 50)), None),
        (5, Some(7), Body::Submit(terms("金属镨钕", Format::Open, None)), None),
        (5, Some(7), Body::Submit(terms("密封", Format::Sealed, None)), None),
        (5, Some(7), Body::Submit(terms("采购", Format::Open, Some(560_000))), None),
        (5, Some(7), Body::Submit(terms("退回", Format::Open, None)), None),
        (6, Some(4), Body::Publish { auction: auction(1) }, None),
        (6, Some(4), Body::Publish { auction: auction(2) }, None),
        (6, Some(4), Body::Publish { auction: auction(3) }, None),
        (6, Some(4), Body::Reject { auction: auction(4), reason: why() }, None),
        (100, Some(5), bid(1, 0, 565_000), None),
        (101, Some(6), bid(1, 0, 565_500), None),
        (102, Some(6), bid(1, 0, 566_000), None),
        (102, Some(5), bid(1, 7, 566_000), None),
        (103, Some(5), sealed(), Some(price(566_000))),
        (104, Some(5), sealed(), Some(price(566_500))),
        (104, Some(6), sealed(), Some(price(566_500))),
        (105, Some(6), sealed(), None),
        (106, Some(5), bid(3, 0, 563_000), None),
        (107, Some(6), bid(3, 0, 561_000), None),
        (108, Some(5), bid(3, 0, 560_000), None),
        (110, Some(4), Body::Suspend { auction: auction(1), reason: why() }, None),
        (120, Some(4), Body::Resume { auction: auction(1), reason: why() }, None),
        (121, Some(4), Body::Extend { auction: auction(1), until: s(2500), reason: why() }, None),
        (122, None, Body::Tick, None),
        (130, None, Body::Outage, None),
        (131, Some(4), Body::Cancel { auction: auction(3), reason: why() }, None),
        (4000, None, Body::Tick, None),
        (4000, None, Body::RevealKey { auction: auction(2), key: [7; 32].into() }, None),
    ];
    let mut entries = Vec::new();
    for (at, (seconds, user, body, opened)) in (1u64..).zip(steps) {
        let mut key = [0xa5; 16];
        key[8..].copy_from_slice(&at.to_be_bytes());
        let command = match user {
            None => Command::system(body),
            Some(user) => Command {
                principal: Principal::User(UserId(user)),
                request: Some(RequestId { key: key.into(), fingerprint: [0x5a; 16].into() }),
                body,
            },
        };
        entries.push((Entry { sequence: Sequence(at), at: s(seconds), command }, opened));
    }
    entries
}

fn golden(name: &str, bytes: &[u8]) -> Vec<u8> {
    if !path(name).exists() && std::env::var_os("BAYAN_WRITE_GOLDEN").is_some() {
        std::fs::write(path(name), bytes).unwrap();
    }
    kept(name)
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn kept(name: &str) -> Vec<u8> {
    let path = path(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Protects the formats of entries, events and snapshots, and that an old log leads to the same state in every later version.
#[test]
fn an_old_history_reads_and_runs_as_it_did() {
    let history = history();
    let mut bytes = Vec::new();
    for (entry, _) in &history {
        entry.encode_into(&mut bytes);
    }
    let kept = golden("entries-1.cbor", &bytes);
    let mut decoder = minicbor::Decoder::new(&kept);
    let mut exchange = Exchange::new();
    let mut out = Output::default();
    let mut middle = None;
    for (expected, opened) in &history {
        let entry: Entry = decoder.decode().unwrap();
        assert_eq!(&entry, expected);
        exchange.execute(&entry, *opened, &mut out);
        if entry.sequence == Sequence(50) {
            middle = Some((exchange.snapshot().encode(), out.events.len()));
        }
    }
    assert_eq!(decoder.position(), kept.len());
    assert_eq!(bytes, kept, "what is written is what was written");

    let events = golden("events-1.cbor", &out.events);
    assert!(events == out.events, "the same log gives the same events, byte for byte");
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(golden("digest-1.txt", digest.as_bytes()), digest.as_bytes());

    let (snapshot, events_before) = middle.unwrap();
    let kept = golden("snapshot-1.cbor", &snapshot);
    assert!(kept == snapshot, "what is written is what was written");
    let mut restored = Exchange::restore(&kept).unwrap();
    let mut tail = Output::default();
    for (entry, opened) in &history[50..] {
        restored.execute(entry, *opened, &mut tail);
    }
    assert_eq!(tail.events, events[events_before..]);
    assert_eq!(restored.digest(), exchange.digest());
}

/// Protects that the golden files cover what there is: every kind of event but those named stands in them.
#[test]
fn every_kind_of_event_is_in_the_golden_file() {
    let events = kept("events-1.cbor");
    let mut kinds: Vec<u64> = Vec::new();
    for happened in Events::new(&events) {
        let bytes = minicbor::to_vec(&happened.unwrap().event).unwrap();
        let mut decoder = minicbor::Decoder::new(&bytes);
        decoder.array().unwrap();
        kinds.push(decoder.u64().unwrap());
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, (1..=21).collect::<Vec<_>>(), "0 is the stamp, which Events takes in");
    let stamp = Event::Stamped { sequence: Sequence(1), at: s(0), by: None };
    assert_eq!(minicbor::to_vec(&stamp).unwrap()[1], 0);
}
