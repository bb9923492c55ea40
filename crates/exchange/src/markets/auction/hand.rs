//! The exchange's own hand (交易所干预): suspension, resumption, extension, cancellation, outages.

use super::acts::check_reason;
use super::state::{Auction, AuctionStatus, Halted, Lot, LotStatus, Suspension};
use crate::event::{Cause, Change};
use crate::exchange::{Exchange, Output};
use crate::ledger::Account;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{AuctionId, HaltId, Instant, LotIndex, MemberId, Money, Span};

impl Exchange {
    /// The clocks stand still.
    pub(crate) fn suspend(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let clocks = self.judge_suspension(id)?;
        check_reason(reason)?;
        let now = self.now;
        let auction = self.auction_mut(id);
        if let Some(halted) = &mut auction.halted {
            // The clocks stand still already; now they do when the halt is lifted, too.
            halted.own = Some(Suspension { since: now, reason: reason.to_owned() });
        }
        self.set_clocks(id, clocks, (reason, Change::Suspended), out);
        Ok(Answer::Auction(clocks.status))
    }

    pub(crate) fn judge_suspension(&self, id: AuctionId) -> Result<Clocks, Refusal> {
        let auction = self.judge_hand(id)?;
        if auction.own_suspension().is_some() {
            return Err(Refusal::Suspended);
        }
        Ok(auction.clocks_stopped())
    }

    /// They go on, where no halt holds them: what was still to come moves later by the time they stood still.
    pub(crate) fn resume(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let clocks = self.judge_resumption(id, self.now)?;
        check_reason(reason)?;
        if let Some(halted) = &mut self.auction_mut(id).halted {
            halted.own = None;
        }
        self.set_clocks(id, clocks, (reason, Change::Resumed), out);
        Ok(Answer::Auction(clocks.status))
    }

    /// What a resumption at `at` makes of the clocks.
    pub(crate) fn judge_resumption(&self, id: AuctionId, at: Instant) -> Result<Clocks, Refusal> {
        let auction = self.judge_hand(id)?;
        if auction.own_suspension().is_none() {
            return Err(Refusal::NotSuspended);
        }
        let held = self.halts.on(&auction.terms).next().is_some();
        Ok(if held { auction.clocks_stopped() } else { auction.clocks_going_on(at) })
    }

    /// A halt that concerns it begins.
    pub(crate) fn hold(&mut self, id: AuctionId, reason: &str, out: &mut Output) {
        let auction = self.auction_mut(id);
        if auction.halted.is_none() {
            auction.halted = Some(Halted { own: auction.own_suspension() });
        }
        let clocks = auction.clocks_stopped();
        self.set_clocks(id, clocks, (reason, Change::Halted), out);
    }

    /// A halt that concerned it is lifted.
    pub(crate) fn let_go(&mut self, (id, halt): (AuctionId, HaltId), reason: &str, out: &mut Output) {
        let clocks = self.clocks_without(id, halt, self.now);
        self.set_clocks(id, clocks, (reason, Change::Lifted), out);
    }

    /// What the end of a halt that concerns it makes of the clocks: they go on unless something else holds them.
    pub(crate) fn clocks_without(&self, id: AuctionId, halt: HaltId, at: Instant) -> Clocks {
        let auction = self.auction(id).expect("what a halt holds is there");
        let held = auction.own_suspension_beside_halts().is_some()
            || self.halts.on(&auction.terms).any(|other| other.id != halt);
        if held { auction.clocks_stopped() } else { auction.clocks_going_on(at) }
    }

    /// `closes` moves later.
    pub(crate) fn extend(
        &mut self,
        id: AuctionId,
        until: Instant,
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let clocks = self.judge_extension(id, until)?;
        check_reason(reason)?;
        self.set_clocks(id, clocks, (reason, Change::Extended), out);
        Ok(Answer::Auction(clocks.status))
    }

    pub(crate) fn judge_extension(&self, id: AuctionId, until: Instant) -> Result<Clocks, Refusal> {
        let auction = self.judge_hand(id)?;
        if auction.status == AuctionStatus::Suspended {
            return Err(Refusal::Suspended);
        }
        if until <= auction.closes {
            return Err(Refusal::NotLater { closes: auction.closes });
        }
        Ok(auction.clocks_extended(until))
    }

    /// What has not ended is cancelled now, and all its margins are released.
    pub(crate) fn cancel(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_hand(id)?;
        check_reason(reason)?;
        let now = self.now;
        let auction = self.auction_mut(id);
        reason.clone_into(&mut auction.reason);
        let sealed = auction.terms.is_sealed();
        for index in self.lots_not_ended(id) {
            if sealed {
                self.open_sealed_bids(id, index, false, out);
            }
            let auction = self.auction_at(id);
            let released = auction.lots[usize::from(index.0)].margins(auction.terms.initiator);
            let lot = &mut auction.lots[usize::from(index.0)];
            lot.status = LotStatus::Cancelled;
            lot.end = now;
            lot.lead = None;
            lot.initiator_margin = Money::ZERO;
            self.lot_changed(id, index, out);
            for held in released.into_iter().flatten() {
                self.post(held.accounts(), held.amount, held.cause(id, index), out);
            }
            self.lot_has_ended(id, AuctionStatus::Cancelled, out);
        }
        Ok(Answer::Auction(AuctionStatus::Cancelled))
    }

    /// Suspend, resume, extend and cancel begin with `unknown_auction` and `ended`.
    pub(crate) fn judge_hand(&self, id: AuctionId) -> Result<&Auction, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        auction.judge_hand()?;
        Ok(auction)
    }

    /// Sets the clocks of an auction as they were worked out, with what staff say about it.
    fn set_clocks(&mut self, id: AuctionId, clocks: Clocks, (reason, change): (&str, Change), out: &mut Output) {
        let now = self.now;
        let Clocks { status, opens, closes, ends } = clocks;
        let auction = self.auction_mut(id);
        let went_on = auction.status == AuctionStatus::Suspended && status != AuctionStatus::Suspended;
        (auction.status, auction.opens, auction.closes) = (status, opens, closes);
        reason.clone_into(&mut auction.reason);
        if status == AuctionStatus::Suspended {
            auction.suspended_at.get_or_insert(now);
        } else {
            (auction.suspended_at, auction.halted) = (None, None);
        }
        self.auction_changed(id, change, out);
        self.move_ends(id, out, |end| ends.of(end));
        if went_on {
            // Deadlines that came up in the meantime were let go: put them in anew.
            self.put_deadlines(id);
        }
    }

    /// Between the stamps `first` and `second` nobody could bid (auction.md, "Outage").
    pub(crate) fn outage(&mut self, first: Instant, second: Instant, out: &mut Output) {
        let live: Vec<AuctionId> = self.live.iter().copied().collect();
        for id in live {
            let auction = self.auction_at(id);
            if auction.status == AuctionStatus::Suspended || auction.opens > second {
                continue;
            }
            if auction.opens > first {
                let later = second.since(auction.opens);
                auction.opens = second;
                auction.closes = auction.closes.plus(later);
                self.changed_auction(id);
                self.auction_changed(id, Change::Outage, out);
                self.move_ends(id, out, |end| end.plus(later));
                self.watch(id, second);
            } else {
                let (countdown, length) = (auction.terms.countdown, second.since(first));
                let mut closes = auction.closes.plus(length);
                for lot in auction.lots.iter().filter(|lot| !lot.status.has_ended()) {
                    closes = closes.max(second.plus(lot.end.since(first).max(countdown)));
                }
                auction.closes = closes;
                self.changed_auction(id);
                self.auction_changed(id, Change::Outage, out);
                self.move_ends(id, out, |end| second.plus(end.since(first).max(countdown)));
            }
        }
    }

    /// Moves the end of every lot that has not ended.
    fn move_ends(&mut self, id: AuctionId, out: &mut Output, later: impl Fn(Instant) -> Instant) {
        for index in self.lots_not_ended(id) {
            let lot = &mut self.auction_at(id).lots[usize::from(index.0)];
            let end = later(lot.end);
            if end != lot.end {
                lot.end = end;
                self.lot_changed(id, index, out);
            }
        }
    }

    pub(crate) fn lots_not_ended(&mut self, id: AuctionId) -> Vec<LotIndex> {
        let lots = &self.auction_at(id).lots;
        (0u16..).zip(lots).filter(|(_, lot)| !lot.status.has_ended()).map(|(index, _)| LotIndex(index)).collect()
    }
}

/// Where an act leaves the clocks of an auction. Worked out before anything changes: the act sets it, a preview shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) status: AuctionStatus,
    pub(crate) opens: Instant,
    pub(crate) closes: Instant,
    pub(crate) ends: Ends,
}

/// What becomes of the end of each lot that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// It stays.
    Stay,
    /// It moves later by so much.
    Later(Span),
    /// It is then at the earliest.
    AtLeast(Instant),
}

impl Ends {
    pub(crate) fn of(self, end: Instant) -> Instant {
        match self {
            Ends::Stay => end,
            Ends::Later(by) => end.plus(by),
            Ends::AtLeast(until) => end.max(until),
        }
    }
}

impl Auction {
    pub(crate) const fn clocks_stopped(&self) -> Clocks {
        let (opens, closes) = (self.opens, self.closes);
        Clocks { status: AuctionStatus::Suspended, opens, closes, ends: Ends::Stay }
    }

    fn clocks_going_on(&self, at: Instant) -> Clocks {
        let stopped = self.suspended_at.expect("what is held has stopped");
        let still = at.since(stopped);
        let opens = if self.opens > stopped { self.opens.plus(still) } else { self.opens };
        let status = if opens <= at { AuctionStatus::Running } else { AuctionStatus::Published };
        Clocks { status, opens, closes: self.closes.plus(still), ends: Ends::Later(still) }
    }

    fn clocks_extended(&self, until: Instant) -> Clocks {
        let ends = if self.extends_cap_only() { Ends::Stay } else { Ends::AtLeast(until) };
        Clocks { status: self.status, opens: self.opens, closes: until, ends }
    }
}

/// What is held for a lot that has not ended, in the open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) member: MemberId,
    /// Whether it is the initiator's and not the leader's.
    pub(crate) initiator: bool,
    pub(crate) amount: Money,
}

impl Held {
    /// From where to where it goes when it is released.
    pub(crate) const fn accounts(&self) -> (Account, Account) {
        let member = self.member;
        let held = if self.initiator { Account::InitiatorMargin(member) } else { Account::BidMargin(member) };
        (held, Account::Available(member))
    }

    const fn cause(&self, id: AuctionId, index: LotIndex) -> Cause {
        if self.initiator { Cause::InitiatorReleased(id, index) } else { Cause::BidReleased(id, index) }
    }
}

impl Lot {
    /// What is held for it, the leader's first.
    pub(crate) fn margins(&self, initiator: MemberId) -> [Option<Held>; 2] {
        let leads = self.lead.map(|lead| Held { member: lead.member, initiator: false, amount: lead.margin });
        [leads, Some(Held { member: initiator, initiator: true, amount: self.initiator_margin })]
    }
}
