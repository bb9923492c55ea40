//! For tests: events by hand, as an exchange would write them, and archives fed with them.
#![allow(dead_code, reason = "each test file uses its own part of the kit")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use archive::{Archive, Options};
use exchange::command::Sight;
use exchange::ledger::Account;
use exchange::markets::auction::{Announcement, AuctionStatus, CountdownFrom, Format, LotStatus, LotTerms, Side};
use exchange::units::{
    AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, ProductId, Quantity, Rate, Sequence, Span, UserId,
};
use exchange::{Applied, Cause, Change, Event, Refusal};

/// How long a test waits for what must come about.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Entries with their events; each is one microsecond times its sequence after the epoch of the tests.
#[derive(Default)]
pub struct Log {
    entries: Vec<(Option<UserId>, Vec<Event>)>,
}

impl Log {
    /// An entry of the node itself.
    pub fn entry(&mut self, events: impl IntoIterator<Item = Event>) -> Sequence {
        self.entry_by(None, events)
    }

    pub fn entry_by(&mut self, by: Option<UserId>, events: impl IntoIterator<Item = Event>) -> Sequence {
        self.entries.push((by, events.into_iter().collect()));
        self.last()
    }

    pub fn last(&self) -> Sequence {
        Sequence(self.entries.len() as u64)
    }

    /// The entries `first..=last` as one run.
    pub fn run(&self, first: u64, last: u64) -> Arc<Applied> {
        let mut applied = Applied { first: Sequence(first), last: Sequence(last), at: at(last), ..Applied::default() };
        for number in first..=last {
            let (by, events) = &self.entries[number as usize - 1];
            if events.is_empty() {
                continue;
            }
            let stamp = Event::Stamped { sequence: Sequence(number), at: at(number), by: *by };
            for event in std::iter::once(&stamp).chain(events) {
                minicbor::encode(event, &mut applied.events).unwrap();
            }
        }
        Arc::new(applied)
    }

    /// All entries in runs of this many.
    pub fn runs(&self, of: u64) -> impl Iterator<Item = Arc<Applied>> + '_ {
        let last = self.last().0;
        (1..=last).step_by(of as usize).map(move |first| self.run(first, last.min(first + of - 1)))
    }
}

pub fn at(sequence: u64) -> Instant {
    Instant::from_us(1_752_631_200_000_000 + sequence.cast_signed())
}

pub fn price(yuan: u64) -> Price {
    Price::from_fen(yuan * 100).unwrap()
}

pub fn fen(fen: i128) -> Money {
    Money::from_fen(fen)
}

pub fn terms(initiator: MemberId, lots: u16, format: Format) -> Announcement {
    Announcement {
        title: "金属镨钕 20 t 'x'".to_owned(),
        side: Side::Sale,
        initiator,
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens: at(0),
        closes: at(1_800_000_000),
        format,
        start_price: price(565_000),
        limit_price: None,
        step: price(500),
        max_step: Some(price(1000)),
        countdown: Span::from_seconds(180),
        countdown_from: CountdownFrom::Closing,
        consecutive: false,
        margin_rate: Rate::from_millionths(200_000).unwrap(),
        eligible: None,
        attachments: None,
        lots: (1..=lots)
            .map(|n| LotTerms { code: format!("L{n}"), quantity: Quantity::from_millionths(20_000_000).unwrap() })
            .collect(),
    }
}

pub fn admitted(member: u32) -> Event {
    Event::MemberAdmitted {
        member: MemberId(member),
        code: format!("B{member}"),
        name: format!("Firm {member}"),
        firm: None,
    }
}

pub fn product(product: u32, code: &str) -> Event {
    let code = code.to_owned();
    Event::ProductAdded {
        product: ProductId(product),
        name: code.clone(),
        code,
        unit: "t".to_owned(),
        description: None,
    }
}

pub fn deposited(member: u32, amount: i128) -> Event {
    posted(Account::Bank, Account::Available(MemberId(member)), amount, Cause::Deposit(format!("statement '{member}'")))
}

pub fn posted(from: Account, to: Account, amount: i128, cause: Cause) -> Event {
    Event::Posted { from, to, amount: fen(amount), cause }
}

pub fn submitted(auction: u32, announcement: Announcement) -> Event {
    Event::AuctionSubmitted { auction: AuctionId(auction), announcement }
}

pub fn lot_changed(auction: u32, lot: u16, status: LotStatus, end: Instant) -> Event {
    Event::LotChanged { auction: AuctionId(auction), lot: LotIndex(lot), status, end }
}

/// A bid with the two postings it usually has: the margin of whom it overtakes is released, its own is held.
pub fn bid(auction: u32, lot: u16, member: u32, yuan: u64, overtaken: Option<(u32, i128)>, margin: i128) -> Vec<Event> {
    let (id, index) = (AuctionId(auction), LotIndex(lot));
    let mut events = vec![Event::BidAccepted {
        auction: id,
        lot: index,
        member: MemberId(member),
        price: price(yuan),
        margin: fen(margin),
        end: at(1_900_000_000),
        alias: member,
        overtaken: overtaken.map(|(member, _)| MemberId(member)),
        seen_price: Some(price(yuan - 500)),
    }];
    if let Some((leader, margin)) = overtaken {
        let leader = MemberId(leader);
        events.push(posted(
            Account::BidMargin(leader),
            Account::Available(leader),
            margin,
            Cause::BidReleased(id, index),
        ));
    }
    let member = MemberId(member);
    events.push(posted(Account::Available(member), Account::BidMargin(member), margin, Cause::BidHeld(id, index)));
    events
}

pub fn refused(auction: u32, lot: u16, member: u32, yuan: u64, reason: Refusal) -> Event {
    Event::BidRefused {
        auction: AuctionId(auction),
        lot: LotIndex(lot),
        member: MemberId(member),
        price: Some(price(yuan)),
        reason: Some(reason),
    }
}

/// An archive that commits at once.
pub fn open(path: &Path) -> Archive {
    Archive::open_with(path, Options { commit_every: Duration::ZERO, ..Options::default() }).unwrap()
}

/// Feeds all runs and waits until they are written.
pub fn feed(archive: &Archive, runs: impl IntoIterator<Item = Arc<Applied>>) {
    let mut last = archive.position();
    for run in runs {
        last = last.max(run.last);
        archive.feed(run).unwrap();
    }
    assert!(archive.reached_blocking(last, PATIENCE), "{:?}", archive.health());
}

/// A log in which everything happens at least once. Its first 20 entries are what `golden/v1.sql` holds: they stay.
pub fn tour() -> Log {
    use exchange::approvals::Act;
    use exchange::members::Role;
    let (seller, first, second) = (MemberId(1), MemberId(2), MemberId(3));
    let staff = Some(UserId(9));
    let user = Event::UserAdded {
        user: UserId(9),
        role: Role::Operator,
        member: None,
        login_tag: [0xAA; 16].into(),
        personal: b"planted person".to_vec(),
        password_hash: "planted hash".to_owned(),
        single_use: true,
        until: None,
    };
    let mut log = Log::default();
    log.entry([Event::ProfileSet(exchange::Profile::default())]);
    log.entry((1..=3).map(admitted).chain([user]));
    log.entry([]);
    log.entry([Event::SessionOpened { user: UserId(9), token_hash: [0xBB; 32].into(), expires: at(99) }]);
    log.entry([product(1, "PrNd-metal"), deposited(1, 1 << 40), deposited(2, 1 << 41), deposited(3, 1 << 80)]);

    // An open auction: bids, a refusal, a bid for a lot that does not exist, one lot sold, one cancelled with a leader.
    let open = AuctionId(1);
    log.entry_by(Some(UserId(4)), [submitted(1, terms(seller, 2, Format::Open))]);
    let held = |lot| {
        let accounts = (Account::Available(seller), Account::InitiatorMargin(seller));
        posted(accounts.0, accounts.1, 226_000_000, Cause::InitiatorHeld(open, LotIndex(lot)))
    };
    let changed = |auction, change, status, reason: &str| Event::AuctionChanged {
        auction,
        status,
        opens: at(0),
        closes: at(1_800_000_000),
        reason: reason.to_owned(),
        change,
    };
    log.entry_by(
        staff,
        [
            changed(open, Change::Published, AuctionStatus::Running, ""),
            held(0),
            held(1),
            lot_changed(1, 0, LotStatus::Running, at(1_800_000_000)),
            lot_changed(1, 1, LotStatus::Running, at(1_800_000_000)),
        ],
    );
    log.entry_by(Some(UserId(2)), bid(1, 0, 2, 565_500, None, 226_200_000));
    log.entry_by(Some(UserId(2)), [refused(1, 0, 2, 566_000, Refusal::ConsecutiveBid)]);
    log.entry_by(Some(UserId(3)), [refused(1, 7, 3, 566_000, Refusal::UnknownLot)]);
    log.entry_by(Some(UserId(3)), bid(1, 0, 3, 566_000, Some((2, 226_200_000)), 226_400_000));
    log.entry_by(Some(UserId(2)), bid(1, 1, 2, 565_500, None, 226_200_000));
    let amount = i128::from(u64::MAX) * 3;
    let awarded = |contract, auction, lot, winner, price| Event::Awarded {
        contract: ContractId(contract),
        auction,
        lot: LotIndex(lot),
        seller,
        buyer: winner,
        winner,
        price,
        quantity: Quantity::from_millionths(20_000_000).unwrap(),
        amount: fen(amount),
        winner_margin: fen(226_400_000),
        initiator_margin: fen(226_000_000),
        at: at(500),
    };
    let to_contract = |contract, from: Account, amount| {
        let to = Account::ContractMargin(from.member().unwrap());
        posted(from, to, amount, Cause::Awarded(ContractId(contract)))
    };
    log.entry([
        lot_changed(1, 0, LotStatus::Sold, at(500)),
        awarded(1, open, 0, second, price(566_000)),
        to_contract(1, Account::BidMargin(second), 226_400_000),
        to_contract(1, Account::InitiatorMargin(seller), 226_000_000),
    ]);
    log.entry_by(
        staff,
        [
            lot_changed(1, 1, LotStatus::Cancelled, at(600)),
            posted(
                Account::BidMargin(first),
                Account::Available(first),
                226_200_000,
                Cause::BidReleased(open, LotIndex(1)),
            ),
            posted(
                Account::InitiatorMargin(seller),
                Account::Available(seller),
                226_000_000,
                Cause::InitiatorReleased(open, LotIndex(1)),
            ),
            changed(open, Change::Cancelled, AuctionStatus::Cancelled, "the notary's line is cut"),
        ],
    );

    // A sealed auction: two bidders, one of whom replaces its bid, a refusal that says nothing, opened at its end.
    let sealed = AuctionId(2);
    let lot = LotIndex(0);
    log.entry_by(Some(UserId(4)), [submitted(2, terms(seller, 1, Format::Sealed))]);
    log.entry_by(staff, [changed(sealed, Change::Published, AuctionStatus::Running, "")]);
    let placed = |member| Event::SealedBidPlaced { auction: sealed, lot, member };
    let replaced = log.entry_by(Some(UserId(2)), [placed(first)]);
    let winning = log.entry_by(Some(UserId(3)), [placed(second)]);
    log.entry_by(
        Some(UserId(3)),
        [Event::BidRefused { auction: sealed, lot, member: second, price: None, reason: None }],
    );
    let losing = log.entry_by(Some(UserId(2)), [placed(first)]);
    let opened = |sequence: Sequence, member, yuan, counts| Event::SealedBidOpened {
        auction: sealed,
        lot,
        sequence,
        at: at(sequence.0),
        member,
        price: price(yuan),
        alias: member.0,
        counts,
        margin: fen(226_400_000),
    };
    let hold = |member: MemberId| {
        posted(Account::Available(member), Account::BidMargin(member), 226_400_000, Cause::BidHeld(sealed, lot))
    };
    log.entry([
        opened(replaced, first, 565_000, false),
        opened(winning, second, 566_000, true),
        opened(losing, first, 565_500, true),
        hold(first),
        hold(second),
        posted(Account::BidMargin(first), Account::Available(first), 226_400_000, Cause::BidReleased(sealed, lot)),
        lot_changed(2, 0, LotStatus::Sold, at(700)),
        awarded(2, sealed, 0, second, price(566_000)),
        to_contract(2, Account::BidMargin(second), 226_400_000),
        changed(sealed, Change::Closed, AuctionStatus::Closed, ""),
    ]);
    log.entry([Event::KeyRevealed { auction: sealed, key: [0xCC; 32].into() }]);

    // An announcement that is refused, and acts with a second person.
    log.entry_by(Some(UserId(4)), [submitted(3, terms(seller, 1, Format::Open))]);
    log.entry_by(
        staff,
        [Event::AuctionRejected { auction: AuctionId(3), reason: "the certificate is missing".to_owned() }],
    );
    let payment = |amount| exchange::Payment { member: first, amount: fen(amount), reference: "2025-0716".to_owned() };
    let asked = |approval, act| Event::ApprovalAsked {
        approval: exchange::units::ApprovalId(approval),
        by: UserId(10),
        role: Role::Settlement,
        act,
    };
    let decided = |approval, done| Event::ApprovalDecided {
        approval: exchange::units::ApprovalId(approval),
        by: UserId(11),
        done,
    };
    log.entry_by(Some(UserId(10)), [asked(1, Act::Deposit(payment(1 << 50)))]);
    log.entry_by(Some(UserId(10)), [asked(2, Act::Withdraw(payment(1 << 51)))]);
    log.entry_by(
        Some(UserId(11)),
        [
            decided(1, true),
            posted(Account::Bank, Account::Available(first), 1 << 50, Cause::Deposit("2025-0716".to_owned())),
        ],
    );
    log.entry_by(Some(UserId(10)), [decided(2, false)]);
    log.entry_by(
        Some(UserId(10)),
        [posted(Account::Available(first), Account::Bank, 23, Cause::Withdrawal("out".to_owned()))],
    );
    log.entry([Event::SessionClosed { user: UserId(9), token_hash: [0xBB; 32].into() }]);
    log.entry([]);
    log.entry([Event::SignInsFailed { user: Some(UserId(9)), count: 7, since: at(10) }]);
    log.entry([Event::SignInsFailed { user: None, count: 2, since: at(11) }]);
    log.entry([Event::SignedIn { user: UserId(9), token_hash: [0xBB; 32].into(), expires: at(99) }]);
    for (sight, member) in [(Sight::Funds, Some(first)), (Sight::Users, None), (Sight::Audit, None)] {
        log.entry_by(staff, [Event::Looked { sight, member, file: None, application: None }]);
    }
    log.entry_by(
        staff,
        [Event::PasswordSet {
            user: UserId(9),
            password_hash: "planted hash".to_owned(),
            single_use: false,
            until: None,
        }],
    );
    log.entry_by(
        staff,
        [Event::PasswordSet {
            user: UserId(8),
            password_hash: "planted hash".to_owned(),
            single_use: true,
            until: None,
        }],
    );
    log.entry_by(staff, [Event::UserLocked { user: UserId(8), locked: true }]);
    log.entry_by(staff, [Event::UserLocked { user: UserId(8), locked: false }]);
    log
}
