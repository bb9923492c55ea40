//! The archive beside a real exchange: whatever is asked of it, both know the same.

mod kit;

use std::sync::Arc;

use archive::{Archive, AuctionFilter, Counts, Order, Outcome, Viewer};
use exchange::markets::auction::{AuctionStatus, CountdownFrom, Format, Side};
use exchange::members::Role;
use exchange::risk::HaltScope;
use exchange::units::{ApprovalId, AuctionId, Instant, LotIndex, MemberId, Price, Sequence, Span, UserId};
use exchange::{Applied, Body, Command, Entry, Exchange, Output, Payment, Principal};
use kit::{feed, open, price, terms};

const MEMBERS: u32 = 6;
const ENTRIES: u64 = 6_000;
/// The last sealed lots of a walk are opened by letting their time pass.
const LATER: Span = Span::from_seconds(100_000);

/// Numbers that look random and are the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % most
    }
}

/// An exchange that is asked all kinds of things, and what it leaves behind.
struct Walk {
    exchange: Exchange,
    at: Instant,
    numbers: Numbers,
    runs: Vec<Arc<Applied>>,
    run: Output,
    first: Sequence,
}

impl Walk {
    fn new(seed: u64) -> Self {
        let mut walk = Walk {
            exchange: Exchange::new(),
            at: Instant::from_us(1_752_631_200_000_000),
            numbers: Numbers(seed),
            runs: Vec::new(),
            run: Output::default(),
            first: Sequence(1),
        };
        walk.system(Body::SetProfile(exchange::Profile::default()));
        for member in 1..=MEMBERS {
            walk.system(Body::AdmitMember { code: format!("M{member}"), name: format!("Firm {member}") });
            for role in [Role::Trader, Role::Operator] {
                walk.system(Body::AddUser {
                    role,
                    member: (role == Role::Trader).then_some(MemberId(member)),
                    login_tag: [member as u8 * 2 + u8::from(role == Role::Trader); 16].into(),
                    personal: vec![0; 16],
                    password_hash: String::new(),
                    single_use: false,
                });
            }
            walk.system(Body::Deposit(payment(member, 20_000_000_000)));
        }
        walk
    }

    fn system(&mut self, body: Body) {
        self.ask(Command::system(body), None);
    }

    fn user(&mut self, user: u32, body: Body, opened: Option<Price>) {
        self.ask(Command { principal: Principal::User(UserId(user)), request: None, body }, opened);
    }

    fn ask(&mut self, command: Command, opened: Option<Price>) {
        let sequence = Sequence(self.exchange.sequence().0 + 1);
        let entry = Entry { sequence, at: self.at, command };
        // A refusal is an answer too; the archive follows what happened, not what was asked.
        let _ = self.exchange.execute(&entry, opened, &mut self.run);
        if self.numbers.below(20) == 0 {
            self.cut();
        }
    }

    /// Ends a run of entries, as the node does with each batch.
    fn cut(&mut self) {
        let last = self.exchange.sequence();
        if last < self.first {
            return;
        }
        let Output { events, private, .. } = std::mem::take(&mut self.run);
        self.runs.push(Arc::new(Applied { first: self.first, last, at: self.at, events, private }));
        self.first = Sequence(last.0 + 1);
    }

    fn step(&mut self) {
        self.at = self.at.plus(Span::from_us(self.numbers.below(500_000).cast_signed()));
        let auctions = self.exchange.auctions().len() as u64;
        let auction =
            AuctionId(self.numbers.below(auctions.min(4) + 1).wrapping_neg().wrapping_add(auctions) as u32 + 1);
        let lot = LotIndex(self.numbers.below(4) as u16);
        let member = self.numbers.below(u64::from(MEMBERS)) as u32 + 1;
        let (trader, operator) = (member * 2 - 1, member * 2);
        let reason = format!("reason {}", self.numbers.below(3));
        match self.numbers.below(100) {
            0 => self.announce(member),
            3 => self.user(operator, Body::Publish { auction }, None),
            4 => self.user(operator, Body::Reject { auction, reason }, None),
            5 => self.user(operator, Body::Suspend { auction, reason }, None),
            6..=8 => self.user(operator, Body::Resume { auction, reason }, None),
            9 => {
                let until = self.at.plus(Span::from_seconds(self.numbers.below(900).cast_signed()));
                self.user(operator, Body::Extend { auction, until, reason }, None);
            }
            10 if self.numbers.below(4) == 0 => self.user(operator, Body::Cancel { auction, reason }, None),
            11..=12 => self.system(Body::Deposit(payment(member, 150_000_000))),
            13 => self.system(Body::Withdraw(payment(member, 90_000_000))),
            14 if self.numbers.below(10) == 0 => {
                self.at = self.at.plus(Span::from_seconds(3 + self.numbers.below(60).cast_signed()));
                self.system(Body::Tick);
            }
            15..=17 => self.system(Body::Tick),
            18 => self.user(operator, Body::Annul { auction, lot, reason }, None),
            19 => self.correct(reason),
            20 => self.halt_or_lift(operator, lot, reason),
            _ => self.bid(trader, auction, lot),
        }
    }

    /// Corrects some payment, or agrees to what waits.
    fn correct(&mut self, reason: String) {
        let payments = self.exchange.payments().all().len() as u64;
        let payment = self.exchange.payments().all()[self.numbers.below(payments) as usize].sequence;
        self.system(Body::Correct { payment, reason });
        let waiting = self.exchange.approvals().len() as u32;
        for approval in (1..=waiting).map(ApprovalId) {
            self.user(2, Body::Approve { approval, password_hash: None }, None);
        }
    }

    fn halt_or_lift(&mut self, operator: u32, lot: LotIndex, reason: String) {
        let halt = self.exchange.halts().in_force().next().map(|halt| halt.id);
        if let Some(halt) = halt {
            self.user(operator, Body::LiftHalt { halt, reason }, None);
        } else if self.numbers.below(3) == 0 {
            let scope = if lot.0 == 0 { HaltScope::Market } else { HaltScope::Side(Side::Sale) };
            self.user(operator, Body::Halt { scope, reason }, None);
        }
    }

    fn announce(&mut self, member: u32) {
        let mut terms = terms(MemberId(member), 1 + self.numbers.below(3) as u16, Format::Open);
        terms.opens = self.at.plus(Span::from_seconds(self.numbers.below(20).cast_signed()));
        terms.closes = terms.opens.plus(Span::from_seconds(60 + self.numbers.below(600).cast_signed()));
        terms.countdown = Span::from_seconds(20);
        terms.max_step = None;
        if self.numbers.below(2) == 0 {
            terms.side = Side::Procurement;
        }
        if self.numbers.below(3) == 0 {
            terms.format = Format::Sealed;
        }
        if self.numbers.below(3) == 0 {
            terms.countdown_from = CountdownFrom::Opening;
        }
        self.system(Body::Submit(terms));
        let auction = AuctionId(self.exchange.auctions().len() as u32);
        if self.numbers.below(5) != 0 {
            self.user(2, Body::Publish { auction }, None);
        }
    }

    /// Around the best price, or the start price: some are accepted, some refused.
    fn bid(&mut self, trader: u32, auction: AuctionId, lot: LotIndex) {
        let steps = self.numbers.below(6) * 500;
        let known = self.exchange.auctions().iter().find(|known| known.id == auction);
        let lead = known.and_then(|known| known.lots.get(usize::from(lot.0))).and_then(|lot| lot.lead);
        let from = lead.map_or(565_000, |lead| lead.price.fen() / 100);
        let bid = match known.map(|known| known.terms.side) {
            Some(Side::Procurement) => price(from.saturating_sub(steps).max(500)),
            _ => price(from + steps),
        };
        match known.map(|known| known.terms.format) {
            Some(Format::Sealed) => {
                self.user(trader, Body::SealedBid { auction, lot, sealed: vec![1; 24] }, Some(bid));
            }
            _ => self.user(trader, Body::Bid { auction, lot, price: bid, seen_price: None }, None),
        }
    }
}

fn payment(member: u32, amount: i128) -> Payment {
    Payment { member: MemberId(member), amount: kit::fen(amount), reference: "walk".to_owned() }
}

/// What the exchange knows now, the archive answers.
fn agree(archive: &Archive, exchange: &Exchange) {
    for member in 1..=MEMBERS {
        let member = MemberId(member);
        assert_eq!(archive.balances(member).unwrap(), exchange.ledger().balances(member).in_public(), "of {member}");
    }
    let (mut contracts, mut sealed_running) = (0, 0);
    for auction in exchange.auctions() {
        let row = archive.auction(auction.id).unwrap().unwrap();
        assert_eq!(row.announcement, auction.terms);
        assert_eq!(
            (row.status, row.opens, row.closes, &row.reason),
            (auction.status, auction.opens, auction.closes, &auction.reason),
            "auction {}",
            auction.id
        );
        let lots = archive.lots(auction.id).unwrap();
        assert_eq!(lots.len(), auction.lots.len());
        for (row, lot) in lots.iter().zip(&auction.lots) {
            let what = format!("lot {} of auction {}", row.lot, auction.id);
            assert_eq!(
                (&row.code, row.quantity, row.status),
                (&lot.terms.code, lot.terms.quantity, lot.status),
                "{what}"
            );
            let published = !matches!(auction.status, AuctionStatus::Submitted | AuctionStatus::Rejected);
            assert!(row.end == lot.end || !published, "{what}");
            assert_eq!(row.leader, lot.lead.map(|lead| lead.member), "{what}");
            assert_eq!(row.price, lot.lead.map(|lead| lead.price), "{what}");
            assert_eq!(row.contract, lot.contract, "{what}");
            let hidden = auction.terms.is_sealed() && !lot.status.has_ended();
            let counts = Counts { accepted: lot.accepted.into(), refused: lot.rejected.into() };
            assert_eq!(row.counts, (!hidden).then_some(counts), "{what}");
            contracts += usize::from(lot.contract.is_some());
            sealed_running += usize::from(hidden && lot.accepted > 0);
            agree_on_bids(archive, auction.id, row, hidden);
        }
    }
    assert_eq!(contracts, exchange.contracts().len());
    for contract in exchange.contracts() {
        let row = archive.contract(contract.id).unwrap().unwrap();
        assert_eq!((row.auction, row.lot, row.at), (contract.auction, contract.lot, contract.at));
        assert_eq!((row.seller, row.buyer), (contract.seller, contract.buyer));
        assert_eq!((row.price, row.quantity, row.amount), (contract.price, contract.quantity, contract.amount));
        assert_eq!((row.seller_margin, row.buyer_margin), (contract.seller_margin, contract.buyer_margin));
        let cancelled = row.cancelled.map(|cancelled| (cancelled.at, cancelled.reason));
        assert_eq!(cancelled, contract.cancelled.clone().map(|cancelled| (cancelled.at, cancelled.reason)));
    }
    let staff = AuctionFilter { viewer: Viewer::Staff, ..AuctionFilter::default() };
    let newest = archive.auctions(&staff, None, 1).unwrap().items;
    assert_eq!(newest.first().map(|auction| auction.id.0 as usize), Some(exchange.auctions().len()));
    assert!(contracts > 10 || sealed_running > 0, "the walk has gone somewhere");
}

fn agree_on_bids(archive: &Archive, auction: AuctionId, row: &archive::Lot, hidden: bool) {
    let bids = archive.bids_of_lot(auction, row.lot, Order::OldestFirst, None, 500).unwrap();
    if hidden {
        assert!(bids.items.is_empty());
        return;
    }
    if bids.next.is_none() {
        assert_eq!(Some(bids.items.len() as u64), row.counts.map(|counts| counts.accepted));
    }
    assert!(bids.items.iter().all(|bid| bid.price.is_some() && bid.user.is_some() && bid.alias.is_some()));
    assert!(bids.items.is_sorted_by_key(|bid| bid.sequence));
}

/// Protects every row against what really happened: after a long walk through sales and procurements, open and sealed,
/// with the exchange's own hand and outages, archive and exchange agree on every auction, lot, bid, contract and fen;
/// in the middle of it, with sealed lots still closed, and at its end.
#[test]
fn archive_and_exchange_agree() {
    let folder = tempfile::tempdir().unwrap();
    let mut sealed_before = 0;
    for seed in 1..=3 {
        let archive = open(&folder.path().join(format!("{seed}.db")));
        let mut walk = Walk::new(seed * 0x9e37_79b9);
        while walk.exchange.sequence().0 < ENTRIES {
            walk.step();
        }
        walk.cut();
        feed(&archive, walk.runs.drain(..));
        agree(&archive, &walk.exchange);
        let sealed = |archive: &Archive| {
            let members = (1..=MEMBERS).map(MemberId);
            let bids =
                members.flat_map(|member| archive.bids_of_member(member, Order::NewestFirst, None, 500).unwrap().items);
            bids.filter(|bid| bid.outcome == Outcome::Sealed).count()
        };
        let before = sealed(&archive);

        walk.at = walk.at.plus(LATER);
        walk.system(Body::SetProfile(exchange::Profile { outage_after: None, ..exchange::Profile::default() }));
        walk.at = walk.at.plus(LATER);
        walk.system(Body::Tick);
        for auction in 1..=walk.exchange.auctions().len() as u32 {
            walk.user(2, Body::Cancel { auction: AuctionId(auction), reason: "the walk ends".to_owned() }, None);
        }
        walk.cut();
        feed(&archive, walk.runs.drain(..));
        agree(&archive, &walk.exchange);
        assert_eq!(sealed(&archive), 0, "all sealed bids are opened");
        sealed_before += before;
    }
    assert!(sealed_before > 0, "some were sealed in the middle of a walk");
}
