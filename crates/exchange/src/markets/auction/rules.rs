//! The checks of an auction, each in the order of the rule book (auction.md). They read and change nothing; below the
//! last guard of each, nothing can fail.

use super::announcement::{Announcement, CountdownFrom, Side};
use super::state::{Auction, AuctionStatus, Lot, LotStatus};
use crate::refusal::Refusal;
use crate::units::{self, Instant, MemberId, Money, Price, Span};

/// A bid as it is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bid {
    pub(crate) bidder: MemberId,
    pub(crate) price: Price,
    /// The largest amount that the person who bids may bid for, where its manager has said so.
    pub(crate) given: Option<Money>,
    /// The bidder's available cash.
    pub(crate) available: Money,
    /// Whether the bidder is frozen.
    pub(crate) frozen: bool,
    /// How many sealed bids the venue allows one bidder in one lot ([`crate::Profile::sealed_bids_per_lot_max`]).
    pub(crate) sealed_bids_max: u16,
}

impl Auction {
    /// "An open auction": the ten rules, and `frozen` behind the second ("The exchange's own hand"). Gives the margin to be held.
    pub(crate) fn judge_open_bid(&self, at: Instant, lot: &Lot, bid: &Bid) -> Result<Money, Refusal> {
        let terms = &self.terms;
        // Rule 1, unknown_lot, is judged where the lot is looked up.
        if !self.accepts_bids(at, lot) {
            return Err(Refusal::NotOpen);
        }
        if bid.frozen {
            return Err(Refusal::Frozen);
        }
        if bid.bidder == terms.initiator {
            return Err(Refusal::OwnAuction);
        }
        if !terms.admits(bid.bidder) {
            return Err(Refusal::NotEligible);
        }
        if !terms.consecutive && lot.lead.is_some_and(|lead| lead.member == bid.bidder) {
            return Err(Refusal::ConsecutiveBid);
        }
        if !terms.is_on_step(bid.price) {
            return Err(Refusal::OffStep { step: terms.step, start: terms.start_price });
        }
        if !lot.is_bettered_by(terms, bid.price) {
            return Err(lot.not_better(terms));
        }
        if terms.is_above_max_step(bid.price, lot.reference(terms)) {
            return Err(Refusal::AboveMaxStep {
                reference: lot.reference(terms),
                max_step: terms.max_step.unwrap_or(terms.step),
            });
        }
        if let Some(limit) = terms.limit_price
            && terms.side.beats(bid.price, limit)
        {
            return Err(Refusal::BeyondLimit { limit });
        }
        let needs = units::margin(bid.price, lot.terms.quantity, terms.margin_rate);
        let own = lot.lead.filter(|lead| lead.member == bid.bidder).map_or(Money::ZERO, |lead| lead.margin);
        let has = bid.available + own;
        if has < needs {
            return Err(Refusal::InsufficientMargin { needs, has: Some(has) });
        }
        lot.judge_given(bid)?;
        Ok(needs)
    }

    /// "A sealed auction": rules 1 to 4 with `frozen` behind the second, 6, 7 with the start price as the reserve, 9 and 10, and the venue's limit. Gives
    /// the margin to be held.
    pub(crate) fn judge_sealed_bid(&self, at: Instant, lot: &Lot, bid: &Bid) -> Result<Money, Refusal> {
        let terms = &self.terms;
        if !self.accepts_bids(at, lot) {
            return Err(Refusal::NotOpen);
        }
        if bid.frozen {
            return Err(Refusal::Frozen);
        }
        if bid.bidder == terms.initiator {
            return Err(Refusal::OwnAuction);
        }
        if !terms.admits(bid.bidder) {
            return Err(Refusal::NotEligible);
        }
        if !terms.is_on_step(bid.price) {
            return Err(Refusal::OffStep { step: terms.step, start: terms.start_price });
        }
        if terms.side.beats(terms.start_price, bid.price) {
            return Err(Refusal::NotBetter { than: terms.start_price, bid: false });
        }
        if let Some(limit) = terms.limit_price
            && terms.side.beats(bid.price, limit)
        {
            return Err(Refusal::BeyondLimit { limit });
        }
        let needs = units::margin(bid.price, lot.terms.quantity, terms.margin_rate);
        let has = bid.available + lot.sealed_bid(bid.bidder).map_or(Money::ZERO, |own| own.margin);
        if has < needs {
            return Err(Refusal::InsufficientMargin { needs, has: Some(has) });
        }
        let made = lot.sealed.iter().filter(|sealed| sealed.member == bid.bidder).count();
        if made >= usize::from(bid.sealed_bids_max) {
            return Err(Refusal::LimitReached("bids of one bidder in one sealed lot".to_owned()));
        }
        lot.judge_given(bid)?;
        Ok(needs)
    }

    /// Suspend, resume, extend and cancel begin with these two ("The exchange's own hand").
    pub(crate) fn judge_hand(&self) -> Result<(), Refusal> {
        if matches!(self.status, AuctionStatus::Submitted | AuctionStatus::Rejected) {
            return Err(Refusal::UnknownAuction);
        }
        if self.lots_running == 0 {
            return Err(Refusal::Ended);
        }
        Ok(())
    }

    /// From `opens`, included, to the lot's `end`, excluded; not while the clocks stand still.
    fn accepts_bids(&self, at: Instant, lot: &Lot) -> bool {
        self.status == AuctionStatus::Running && lot.status == LotStatus::Running && at >= self.opens && at < lot.end
    }

    /// Where a valid bid at `at` moves the end of an open lot.
    pub(crate) fn end_after_bid(&self, at: Instant, lot: &Lot, price: Price) -> Instant {
        let terms = &self.terms;
        if terms.limit_price == Some(price) {
            // A bid at the limit price cannot be beaten: the lot ends with it.
            return at;
        }
        let soft = at.plus(terms.countdown);
        match terms.countdown_from {
            CountdownFrom::Closing if at >= lot.end.minus(terms.countdown) => soft.max(lot.end),
            CountdownFrom::Closing => lot.end,
            CountdownFrom::Opening => soft.min(self.closes).max(lot.end),
        }
    }

    /// The end of a lot as announced.
    pub(crate) fn first_end(&self) -> Instant {
        match self.terms.countdown_from {
            CountdownFrom::Opening if !self.terms.is_sealed() => self.opens.plus(self.terms.countdown).min(self.closes),
            _ => self.closes,
        }
    }

    /// When those who take part are told that a lot ends soon (people.md, "Notices"); `None`: they were, or it never has longer
    /// to go than that.
    pub(crate) fn tells_end_at(&self, lot: &Lot, before: Span) -> Option<Instant> {
        if lot.status.has_ended() || lot.end_told.is_some() || self.first_end().minus(before) <= self.opens {
            return None;
        }
        // At the opening itself nothing is told of a lot whose end was moved: it opens first.
        Some(lot.end.minus(before).max(self.opens))
    }

    /// Whether an extension moves only the cap and not the ends.
    pub(crate) fn extends_cap_only(&self) -> bool {
        self.terms.countdown_from == CountdownFrom::Opening && !self.terms.is_sealed()
    }
}

impl Announcement {
    fn admits(&self, member: MemberId) -> bool {
        self.eligible.as_ref().is_none_or(|eligible| eligible.contains(&member))
    }

    fn is_on_step(&self, price: Price) -> bool {
        price.fen().abs_diff(self.start_price.fen()).is_multiple_of(self.step.fen())
    }

    fn is_above_max_step(&self, price: Price, reference: Price) -> bool {
        self.max_step.is_some_and(|most| self.side.lead_fen(price, reference) > most.fen().cast_signed())
    }
}

impl Lot {
    /// Best price, or the start price before the first bid.
    fn reference(&self, terms: &Announcement) -> Price {
        self.lead.map_or(terms.start_price, |lead| lead.price)
    }

    /// Behind all rules of the book: what the bid comes to, against what the person's manager lets it bid for.
    fn judge_given(&self, bid: &Bid) -> Result<(), Refusal> {
        match bid.given {
            Some(most) if units::value(bid.price, self.terms.quantity) > most => Err(Refusal::AboveGivenLimit { most }),
            _ => Ok(()),
        }
    }

    fn is_bettered_by(&self, terms: &Announcement, price: Price) -> bool {
        match self.lead {
            None => !terms.side.beats(terms.start_price, price),
            Some(lead) => terms.side.beats(price, lead.price),
        }
    }

    fn not_better(&self, terms: &Announcement) -> Refusal {
        Refusal::NotBetter { than: self.reference(terms), bid: self.lead.is_some() }
    }

    /// The sealed bid of a member that counts.
    pub(crate) fn sealed_bid(&self, member: MemberId) -> Option<&super::state::SealedBid> {
        self.sealed.iter().rev().find(|bid| bid.member == member && !bid.replaced)
    }

    /// Of the sealed bids that count the best price wins, of equal prices the earlier.
    pub(crate) fn best_sealed(&self, side: Side) -> Option<&super::state::SealedBid> {
        self.sealed.iter().filter(|bid| !bid.replaced).reduce(|best, bid| {
            // They stand in the order in which they were made, so an equal price later does not win.
            if side.beats(bid.price, best.price) { bid } else { best }
        })
    }
}
