//! Golden files of what came with rules 2: halts, freezes, hours, annulled lots, corrections, the second person for the
//! profile. Written and kept as `golden.rs` says.

mod kit;

use exchange::hours::{Exception, Hours, Session};
use exchange::markets::auction::{Announcement, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::risk::HaltScope;
use exchange::units::{
    ApprovalId, AuctionId, Day, HaltId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span,
};
use exchange::{Body, Entry, Events, Exchange, Output, Payment, Profile};

use kit::{entry, golden};

fn s(seconds: i64) -> Instant {
    Instant::from_us(1_752_631_200_000_000 + seconds * 1_000_000)
}

fn price(yuan: u64) -> Price {
    Price::from_fen(yuan * 100).unwrap()
}

fn terms() -> Announcement {
    Announcement {
        title: "金属镨钕".to_owned(),
        side: Side::Sale,
        initiator: MemberId(1),
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens: s(100),
        closes: s(1900),
        format: Format::Open,
        start_price: price(565_000),
        limit_price: None,
        step: price(500),
        max_step: None,
        countdown: Span::from_seconds(180),
        countdown_from: CountdownFrom::Closing,
        consecutive: false,
        margin_rate: Rate::from_millionths(200_000).unwrap(),
        eligible: None,
        attachments: None,
        lots: ["1", "2"]
            .map(|code| LotTerms { code: code.to_owned(), quantity: Quantity::from_millionths(20_500_000).unwrap() })
            .into(),
    }
}

fn history() -> Vec<Entry> {
    let why = || "检修".to_owned();
    let member = |code: &str| Body::AdmitMember { code: code.to_owned(), name: format!("{code}有限公司") };
    let user = |tag: u8, role: Role, member: Option<u32>| Body::AddUser {
        role,
        member: member.map(MemberId),
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40],
        password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
        single_use: false,
    };
    let payment = |member: u32, fen: i128| Payment {
        member: MemberId(member),
        amount: Money::from_fen(fen),
        reference: "流水 0001".to_owned(),
    };
    let profile = Profile {
        rules: 2,
        sale: true,
        procurement: true,
        sealed: true,
        catalogue_closed: false,
        outage_after: None,
        second_person_above: None,
        idempotency_window: Span::from_seconds(600),
        idempotency_keys_max: 1_000_000,
        idempotency_keys_per_user_max: 20_000,
        lots_max: 200,
        auctions_per_member_max: 1_000,
        sessions_per_user_max: 32,
        approvals_max: 10_000,
        sealed_bids_per_lot_max: 100,
        texts_checked: true,
        hours: None,
        utc_offset: None,
        ends_soon_before: None,
        first_password_lasts: None,
        refused_kept: None,
        file_bytes_per_member_max: None,
        files_per_member_max: None,
        file_bytes_max: None,
    };
    let hours = Hours {
        sessions: vec![Session { from_min: 540, to_min: 690 }, Session { from_min: 810, to_min: 960 }],
        weekdays: 0b1_1111,
        calendar: vec![Exception { day: Day::parse("2025-10-01").unwrap(), working: false }],
    };
    let auction = AuctionId;
    let bid = |yuan: u64| Body::Bid { auction: auction(1), lot: LotIndex(0), price: price(yuan), seen_price: None };
    let halt = |scope| Body::Halt { scope, reason: why() };
    let lift = |n: u32| Body::LiftHalt { halt: HaltId(n), reason: why() };
    let steps: Vec<(i64, Option<u32>, Body)> = vec![
        (0, None, Body::SetProfile(profile.clone())),
        (0, None, member("NRE")),
        (0, None, member("B1")),
        (0, None, user(1, Role::Admin, None)),
        (0, None, user(2, Role::Admin, None)),
        (0, None, user(3, Role::Operator, None)),
        (0, None, user(4, Role::Operator, None)),
        (0, None, user(5, Role::Settlement, None)),
        (0, None, user(6, Role::Settlement, None)),
        (0, None, user(7, Role::Trader, Some(2))),
        (1, Some(1), Body::SetProfile(Profile { hours: Some(hours), ..profile })),
        (2, Some(2), Body::Approve { approval: ApprovalId(1), password_hash: None }),
        (3, Some(5), Body::Deposit(payment(1, 5_000_000_000))),
        (3, Some(5), Body::Deposit(payment(2, 4_000_000_000))),
        (3, Some(5), Body::Deposit(payment(2, 700))),
        (3, Some(5), Body::Withdraw(payment(2, 300))),
        (4, Some(5), Body::Correct { payment: Sequence(15), reason: why() }),
        (5, Some(6), Body::Approve { approval: ApprovalId(2), password_hash: None }),
        (6, None, Body::Submit(terms())),
        (6, Some(3), Body::Publish { auction: auction(1) }),
        (100, Some(7), bid(565_000)),
        (110, Some(3), halt(HaltScope::Market)),
        (111, Some(3), halt(HaltScope::Product("PrNd-metal".to_owned()))),
        (112, Some(3), halt(HaltScope::Side(Side::Procurement))),
        (113, Some(3), halt(HaltScope::Format(Format::Sealed))),
        (114, Some(3), Body::Suspend { auction: auction(1), reason: why() }),
        (120, Some(3), lift(1)),
        (121, Some(3), lift(2)),
        (122, Some(3), Body::FreezeMember { member: MemberId(2), reason: why() }),
        (130, Some(3), Body::Resume { auction: auction(1), reason: why() }),
        (131, Some(7), bid(566_000)),
        (132, Some(3), Body::UnfreezeMember { member: MemberId(2), reason: why() }),
        (133, Some(3), Body::FreezeMember { member: MemberId(1), reason: why() }),
        (3000, None, Body::Tick),
        (3001, Some(3), Body::Annul { auction: auction(1), lot: LotIndex(0), reason: why() }),
        (3002, Some(4), Body::Approve { approval: ApprovalId(3), password_hash: None }),
        (3003, Some(5), Body::Correct { payment: Sequence(13), reason: why() }),
    ];
    (1..).zip(steps).map(|(at, (seconds, user, body))| entry(at, s(seconds), user, body)).collect()
}

/// Protects the formats that came with rules 2, and that a log with them leads to the same state in every later version.
#[test]
fn a_history_under_rules_2_reads_and_runs_as_it_did() {
    const MIDDLE: usize = 29;
    let history = history();
    let mut bytes = Vec::new();
    history.iter().for_each(|entry| entry.encode_into(&mut bytes));
    let kept = golden("hand-entries-1.cbor", &bytes);
    assert_eq!(bytes, kept, "what is written is what was written");
    let mut decoder = minicbor::Decoder::new(&kept);
    let mut exchange = Exchange::new();
    let mut out = Output::default();
    let mut middle = None;
    for expected in &history {
        let entry: Entry = decoder.decode().unwrap();
        assert_eq!(&entry, expected);
        exchange.execute(&entry, None, &mut out);
        if entry.sequence == Sequence(MIDDLE as u64) {
            middle = Some((exchange.snapshot().encode(), out.events.len()));
        }
    }
    assert_eq!(decoder.position(), kept.len());
    assert!(golden("hand-events-1.cbor", &out.events) == out.events, "the same log gives the same events");
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(golden("hand-digest-1.txt", digest.as_bytes()), digest.as_bytes());

    // In the middle the auction stands by its own suspension, two halts are in force and a member is frozen.
    let (snapshot, events_before) = middle.unwrap();
    let kept = golden("hand-snapshot-1.cbor", &snapshot);
    assert!(kept == snapshot, "what is written is what was written");
    let mut restored = Exchange::restore(&kept).unwrap();
    let mut tail = Output::default();
    history[MIDDLE..].iter().for_each(|entry| drop(restored.execute(entry, None, &mut tail)));
    assert_eq!(tail.events, out.events[events_before..]);
    assert_eq!(restored.digest(), exchange.digest());

    let mut kinds: Vec<u64> = Vec::new();
    for happened in Events::new(&out.events) {
        let bytes = minicbor::to_vec(&happened.unwrap().event).unwrap();
        let mut decoder = minicbor::Decoder::new(&bytes);
        decoder.array().unwrap();
        kinds.push(decoder.u64().unwrap());
    }
    for kind in 50..=53 {
        assert!(kinds.contains(&kind), "event {kind} stands in the golden file");
    }
}
