//! A scenario run through a real exchange on a virtual clock, from an empty state.
//!
//! One time line: at one instant ends of lots come first, by the exchange itself; then its own hand; then bids; each in
//! file order.

use exchange::markets::auction::{Auction, AuctionStatus, LotStatus};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, MemberId, Price, Sequence, Span, UserId};
use exchange::{Answer, Body, Command, Entry, Exchange, Output, Payment, Principal, Profile, Refusal, Reply};
use minicbor::bytes::ByteArray;

use super::announcement;
use super::bids::Bid;
use super::folder::Scenario;
use super::hand::{self, Act, Deed};
use super::report::{Judged, LotReport, MemberReport, Report};
use super::wrong::{Wrong, quoted};

/// The only auction of a folder.
const AUCTION: AuctionId = AuctionId(1);

/// Runs a scenario.
///
/// # Errors
/// A suspension that nothing ends, or a lot whose end has no name.
pub fn run(scenario: &Scenario) -> Result<Report, Wrong> {
    let mut world = World::new(start(scenario));
    world.open_venue(scenario);
    if let Err(refusal) = world.publish() {
        return Ok(Report::refused(refusal.reason(), members(&world.exchange, scenario)));
    }
    let mut bids = Vec::with_capacity(scenario.bids.len());
    let mut acts = Vec::new();
    let mut suspended_by = None;
    let hand = scenario.hand.as_deref().unwrap_or_default();
    let mut waiting = scenario.bids.iter().peekable();
    for act in hand {
        while let Some(bid) = waiting.next_if(|bid| bid.at < act.at) {
            bids.push(world.bid(bid));
        }
        let judged = world.act(act);
        if act.deed == Deed::Suspend && judged.reason.is_none() {
            suspended_by = Some(act.line);
        }
        acts.push(judged);
    }
    for bid in waiting {
        bids.push(world.bid(bid));
    }
    world.finish().map_err(|Suspended| {
        let line = suspended_by.expect("an auction is suspended by a line of the file");
        Wrong::new(hand::FILE, line, "the suspension never ends; expected a resume or a cancel behind it")
    })?;
    let auction = world.auction();
    if let Some((lot, terms)) = auction.lots.iter().zip(&scenario.terms.lots).find(|(lot, _)| !lot.end.is_rfc3339()) {
        let what = format!(
            "lot {} would end {} from 1970 on, beyond the years 0 to 9999 of RFC 3339; expected earlier times",
            quoted(&terms.code),
            lot.end
        );
        return Err(Wrong::new(announcement::FILE, 1, what));
    }
    Ok(Report {
        status: auction.status.word(),
        reason: None,
        lots: auction
            .lots
            .iter()
            .zip(&scenario.terms.lots)
            .map(|(lot, terms)| {
                let contract = lot.contract.map(|id| &world.exchange.contracts()[id.0 as usize - 1]);
                assert_eq!(contract.is_some(), lot.status == LotStatus::Sold, "a lot is sold by a contract");
                let winner = lot.lead.filter(|_| contract.is_some()).map(|lead| lead.member);
                LotReport {
                    code: terms.code.clone(),
                    status: lot.status.word(),
                    ended_at: lot.end,
                    winner: winner.map(|member| scenario.firms[member.0 as usize - 1].code.clone()),
                    price: contract.map(|contract| contract.price),
                    quantity: terms.quantity,
                    amount: contract.map(|contract| contract.amount),
                    accepted: lot.accepted,
                    rejected: lot.rejected,
                }
            })
            .collect(),
        bids,
        hand: scenario.hand.is_some().then_some(acts),
        members: members(&world.exchange, scenario),
    })
}

/// The instant before which nothing happens: there the venue is set up and the announcement is published.
fn start(scenario: &Scenario) -> Instant {
    let bid = scenario.bids.first().map(|bid| bid.at);
    let act = scenario.hand.as_ref().and_then(|acts| acts.first()).map(|act| act.at);
    [bid, act].into_iter().flatten().fold(scenario.terms.opens, Instant::min)
}

fn members(exchange: &Exchange, scenario: &Scenario) -> Vec<MemberReport> {
    let balances = |place: usize| exchange.ledger().balances(member(place));
    let report = |(place, firm): (usize, &super::members::Firm)| MemberReport {
        code: firm.code.clone(),
        available: balances(place).available,
        held: balances(place).held(),
    };
    scenario.firms.iter().enumerate().map(report).collect()
}

/// The member at a place of `members.csv`: the exchange numbers members from 1 in the order in which they are admitted.
fn member(place: usize) -> MemberId {
    MemberId(u32::try_from(place + 1).expect("the reader bounds the members"))
}

/// Two stamps further apart have an outage between them: the book's 2 s. The exchange itself is not told of it, since the
/// entries of a scenario are as far apart as they come, and only its outages are gaps.
fn outage_after() -> Span {
    Profile::default().outage_after.expect("the book names one")
}

/// The auction was left suspended.
struct Suspended;

/// An exchange with the clock of its last entry.
struct World {
    exchange: Exchange,
    now: Instant,
    out: Output,
    sealed: bool,
}

impl World {
    fn new(now: Instant) -> Self {
        World { exchange: Exchange::new(), now, out: Output::default(), sealed: false }
    }

    /// Sets the venue up: no limit but those of the rule book, members with their cash, the announcement handed in.
    fn open_venue(&mut self, scenario: &Scenario) {
        self.done(Body::SetProfile(Profile {
            catalogue_closed: false,
            outage_after: None,
            second_person_above: None,
            lots_max: u16::MAX,
            auctions_per_member_max: u32::MAX,
            sealed_bids_per_lot_max: u16::MAX,
            texts_checked: false,
            ..Profile::default()
        }));
        for (place, firm) in scenario.firms.iter().enumerate() {
            let member = member(place);
            let admitted = Body::AdmitMember { code: firm.code.clone(), name: firm.name.clone() };
            assert_eq!(self.done(admitted), Answer::Member(member));
            let mut login_tag = [0; 16];
            login_tag[..4].copy_from_slice(&member.0.to_be_bytes());
            let trader = Body::AddUser {
                role: Role::Trader,
                member: Some(member),
                login_tag: ByteArray::from(login_tag),
                personal: Vec::new(),
                password_hash: String::new(),
                single_use: false,
            };
            assert_eq!(self.done(trader), Answer::User(UserId(member.0)));
            if !firm.cash.is_zero() {
                self.done(Body::Deposit(Payment {
                    member,
                    amount: firm.cash,
                    reference: "opening balance".to_owned(),
                }));
            }
        }
        self.sealed = scenario.terms.is_sealed();
        assert_eq!(self.done(Body::Submit(scenario.terms.clone())), Answer::Submitted(AUCTION));
    }

    fn publish(&mut self) -> Result<(), Refusal> {
        self.execute(Principal::System, Body::Publish { auction: AUCTION }, None).outcome.map(drop)
    }

    fn bid(&mut self, bid: &Bid) -> Judged {
        self.now = bid.at;
        // Every member's only user is its trader, added with it.
        let trader = Principal::User(UserId(bid.member.0));
        let (auction, lot) = (AUCTION, bid.lot);
        let reply = if self.sealed {
            self.execute(trader, Body::SealedBid { auction, lot, sealed: Vec::new() }, Some(bid.price))
        } else {
            self.execute(trader, Body::Bid { auction, lot, price: bid.price, seen_price: None }, None)
        };
        Judged::bid(bid.line, &reply.outcome)
    }

    fn act(&mut self, act: &Act) -> Judged {
        self.now = act.at;
        let (auction, reason) = (AUCTION, "scenario".to_owned());
        let body = match act.deed {
            Deed::Suspend => Body::Suspend { auction, reason },
            Deed::Resume => Body::Resume { auction, reason },
            Deed::Extend(until) => Body::Extend { auction, until, reason },
            Deed::Cancel => Body::Cancel { auction, reason },
            Deed::Outage(until) => {
                self.done(Body::Tick);
                self.now = until;
                // Two stamps that are no further apart have none between them, and lots end in it as usual.
                if until.since(act.at) > outage_after() { Body::Outage } else { Body::Tick }
            }
        };
        Judged::act(act.line, &self.execute(Principal::System, body, None).outcome)
    }

    /// Lets time pass until every lot has ended.
    fn finish(&mut self) -> Result<(), Suspended> {
        while !self.auction().lots.iter().all(|lot| lot.status.has_ended()) {
            if self.auction().status == AuctionStatus::Suspended {
                return Err(Suspended);
            }
            let next = self.exchange.next_stamp().expect("a lot that runs has an end that is due");
            self.now = self.now.max(next);
            self.done(Body::Tick);
        }
        Ok(())
    }

    fn auction(&self) -> &Auction {
        &self.exchange.auctions()[0]
    }

    /// Executes what cannot be refused.
    fn done(&mut self, body: Body) -> Answer {
        match self.execute(Principal::System, body, None).outcome {
            Ok(answer) => answer,
            Err(refusal) => panic!("the set-up of a scenario was refused: {refusal}"),
        }
    }

    fn execute(&mut self, principal: Principal, body: Body, opened: Option<Price>) -> Reply {
        let sequence = Sequence(self.exchange.sequence().0 + 1);
        let entry = Entry { sequence, at: self.now, command: Command { principal, request: None, body } };
        self.out.events.clear();
        self.out.private.clear();
        self.exchange.execute(&entry, opened, &mut self.out)
    }
}
