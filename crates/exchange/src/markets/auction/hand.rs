//! The exchange's own hand (交易所干预): suspension, resumption, extension, cancellation, outages.

use super::acts::check_reason;
use super::state::{AuctionStatus, LotStatus};
use crate::event::{Cause, Change};
use crate::exchange::{Exchange, Output};
use crate::ledger::Account;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{AuctionId, Instant, LotIndex};

impl Exchange {
    /// The clocks stand still.
    pub(crate) fn suspend(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        auction.judge_hand()?;
        if auction.status == AuctionStatus::Suspended {
            return Err(Refusal::Suspended);
        }
        check_reason(reason)?;
        let now = self.now;
        let auction = self.auction_mut(id);
        auction.status = AuctionStatus::Suspended;
        auction.suspended_at = Some(now);
        reason.clone_into(&mut auction.reason);
        self.auction_changed(id, Change::Suspended, out);
        Ok(Answer::Auction(AuctionStatus::Suspended))
    }

    /// They go on: what was still to come moves later by the time they stood still.
    pub(crate) fn resume(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        auction.judge_hand()?;
        let Some(stopped) = auction.suspended_at else { return Err(Refusal::NotSuspended) };
        check_reason(reason)?;
        let now = self.now;
        let still = now.since(stopped);
        let auction = self.auction_mut(id);
        if auction.opens > stopped {
            auction.opens = auction.opens.plus(still);
        }
        auction.closes = auction.closes.plus(still);
        auction.suspended_at = None;
        reason.clone_into(&mut auction.reason);
        let runs = auction.opens <= now;
        auction.status = if runs { AuctionStatus::Running } else { AuctionStatus::Published };
        let status = auction.status;
        self.auction_changed(id, Change::Resumed, out);
        self.move_ends(id, out, |end| end.plus(still));
        // Deadlines that came up in the meantime were let go: put them in anew.
        self.put_deadlines(id);
        Ok(Answer::Auction(status))
    }

    /// `closes` moves later.
    pub(crate) fn extend(
        &mut self,
        id: AuctionId,
        until: Instant,
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        auction.judge_hand()?;
        if auction.status == AuctionStatus::Suspended {
            return Err(Refusal::Suspended);
        }
        if until <= auction.closes {
            return Err(Refusal::NotLater { closes: auction.closes });
        }
        check_reason(reason)?;
        let auction = self.auction_mut(id);
        auction.closes = until;
        reason.clone_into(&mut auction.reason);
        let (status, cap_only) = (auction.status, auction.extends_cap_only());
        self.auction_changed(id, Change::Extended, out);
        if !cap_only {
            self.move_ends(id, out, |end| end.max(until));
        }
        Ok(Answer::Auction(status))
    }

    /// What has not ended is cancelled now, and all its margins are released.
    pub(crate) fn cancel(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        auction.judge_hand()?;
        check_reason(reason)?;
        let now = self.now;
        let auction = self.auction_mut(id);
        reason.clone_into(&mut auction.reason);
        let sealed = auction.terms.is_sealed();
        for index in self.lots_not_ended(id) {
            if sealed {
                self.open_sealed_bids(id, index, false, out);
            }
            let lot = &mut self.auction_at(id).lots[usize::from(index.0)];
            lot.status = LotStatus::Cancelled;
            lot.end = now;
            let lead = lot.lead.take();
            self.lot_changed(id, index, out);
            if let Some(lead) = lead {
                let accounts = (Account::BidMargin(lead.member), Account::Available(lead.member));
                self.post(accounts, lead.margin, Cause::BidReleased(id, index), out);
            }
            self.release_initiator(id, index, out);
            self.lot_has_ended(id, AuctionStatus::Cancelled, out);
        }
        Ok(Answer::Auction(AuctionStatus::Cancelled))
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
