//! What bids and announcements change, once they are judged.

use super::announcement::Announcement;
use super::rules::Bid;
use super::state::{Auction, AuctionStatus, Lead, Lot, LotStatus, SealedBid};
use crate::contracts::Contract;
use crate::event::{Cause, Change, Event, Private};
use crate::exchange::{Exchange, Output, Table};
use crate::ledger::{Account, Eyes};
use crate::markets::auction::Side;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::{check_text, says_something};
use crate::units::{self, AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, Span};

/// The most characters of a title.
const TITLE_MAX: usize = 200;
/// The most characters of the code of a product or a lot, and of a unit.
const CODE_MAX: usize = 64;
/// The most members that an announcement may name as eligible.
const ELIGIBLE_MAX: u16 = 1_000;
/// The longest countdown on a live exchange: with a longer one, a lot might not end in anybody's lifetime.
const COUNTDOWN_MOST: Span = Span::from_seconds(24 * 3600);
/// The most characters of a reason.
pub(crate) const REASON_MAX: usize = 500;

impl Exchange {
    /// An announcement is handed in. Nothing is held until it is published.
    pub(crate) fn submit(&mut self, terms: &Announcement, out: &mut Output) -> Result<Answer, Refusal> {
        let open = self.members.member(terms.initiator).ok_or(Refusal::UnknownMember)?.auctions_open;
        self.judge_announcement(terms)?;
        if open >= self.profile.auctions_per_member_max {
            return Err(Refusal::LimitReached("announcements of one member".to_owned()));
        }
        let id = AuctionId(u32::try_from(self.auctions.len() + 1).expect("fewer than 2^32 auctions"));
        let first_lot = self.lots_total;
        let lots = terms.lots.iter().map(|lot| Lot::new(lot.clone())).collect::<Vec<_>>();
        self.lots_total += u32::try_from(lots.len()).expect("an announcement has at most 65,535 lots");
        let lots_running = u16::try_from(lots.len()).expect("an announcement has at most 65,535 lots");
        out.emit(&Event::AuctionSubmitted { auction: id, announcement: terms.clone() });
        for _ in 0..lots.len() {
            self.lot_owner.push(id);
        }
        for attachment in terms.attachments() {
            self.files.attach(&attachment.file, id);
        }
        self.auctions.push(Auction {
            id,
            terms: terms.clone(),
            status: AuctionStatus::Submitted,
            opens: terms.opens,
            closes: terms.closes,
            suspended_at: None,
            reason: String::new(),
            lots_running,
            key_revealed: false,
            lots,
            first_lot,
            halted: None,
            watched: false,
        });
        self.changed_auction(id);
        for lot in 0..lots_running {
            self.changed_lot(id, LotIndex(lot));
        }
        self.change_auctions_open(terms.initiator, 1);
        Ok(Answer::Submitted(id))
    }

    /// Whether the venue allows this kind of auction now.
    fn judge_mode(&self, terms: &Announcement) -> Result<(), Refusal> {
        let allowed = match terms.side {
            Side::Sale => self.profile.sale,
            Side::Procurement => self.profile.procurement,
        };
        if !allowed || (terms.is_sealed() && !self.profile.sealed) {
            return Err(Refusal::ModeNotAllowed);
        }
        Ok(())
    }

    fn judge_announcement(&self, terms: &Announcement) -> Result<(), Refusal> {
        use crate::markets::auction::AnnouncementError as Wrong;
        self.judge_mode(terms)?;
        let text = |key: &str, value: &str, most: usize| {
            if self.profile.texts_checked && !says_something(value, most) {
                let most = u16::try_from(most).unwrap_or(u16::MAX);
                return Err(Refusal::InvalidAnnouncement(Wrong::Text(key.to_owned(), most)));
            }
            Ok(())
        };
        text("title", &terms.title, TITLE_MAX)?;
        text("product", &terms.product, CODE_MAX)?;
        text("unit", &terms.unit, CODE_MAX)?;
        for lot in &terms.lots {
            text("code", &lot.code, CODE_MAX)?;
        }
        if self.profile.texts_checked && terms.eligible.as_ref().is_some_and(|e| e.len() > usize::from(ELIGIBLE_MAX)) {
            return Err(Refusal::InvalidAnnouncement(Wrong::TooManyEligible(ELIGIBLE_MAX)));
        }
        if self.profile.texts_checked && terms.countdown > COUNTDOWN_MOST {
            return Err(Refusal::InvalidAnnouncement(Wrong::CountdownTooLong));
        }
        if terms.lots.len() > usize::from(self.profile.lots_max) {
            return Err(Refusal::InvalidAnnouncement(Wrong::TooManyLots(self.profile.lots_max)));
        }
        terms.check().map_err(Refusal::InvalidAnnouncement)?;
        if terms.eligible.iter().flatten().any(|member| self.members.member(*member).is_none()) {
            return Err(Refusal::UnknownMember);
        }
        if self.profile.catalogue_closed && self.products.by_code(&terms.product).is_none() {
            return Err(Refusal::UnknownProduct);
        }
        self.judge_attachments(terms)
    }

    /// Staff refuse an announcement.
    pub(crate) fn reject(&mut self, id: AuctionId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        if auction.status != AuctionStatus::Submitted {
            return Err(Refusal::NotSubmitted);
        }
        check_reason(reason)?;
        let initiator = auction.terms.initiator;
        let auction = self.auction_mut(id);
        auction.status = AuctionStatus::Rejected;
        reason.clone_into(&mut auction.reason);
        auction.lots_running = 0;
        self.change_auctions_open(initiator, -1);
        out.emit(&Event::AuctionRejected { auction: id, reason: reason.to_owned() });
        Ok(Answer::Auction(AuctionStatus::Rejected))
    }

    /// Staff approve an announcement: it is published, and the initiator's margin is held for every lot.
    pub(crate) fn publish(&mut self, id: AuctionId, out: &mut Output) -> Result<Answer, Refusal> {
        let margins = self.judge_publication(id, self.now, Eyes::Exchange)?;
        let terms = &self.auction_at(id).terms;
        let (initiator, product, unit) = (terms.initiator, terms.product.clone(), terms.unit.clone());
        if self.products.by_code(&product).is_none() {
            self.enter_product(&product, &product, &unit, None, out);
        }
        let now = self.now;
        let auction = self.auction_mut(id);
        let Publication { status, end } = auction.published_at(now);
        let (opens, closes) = (auction.opens, auction.closes);
        auction.status = status;
        let lots = if status == AuctionStatus::Running { LotStatus::Running } else { LotStatus::Waiting };
        for (lot, margin) in auction.lots.iter_mut().zip(&margins) {
            (lot.status, lot.end, lot.initiator_margin) = (lots, end, *margin);
        }
        self.live.insert(id);
        self.deadlines.add(opens, crate::deadlines::Due::AuctionOpens(id));
        self.watch(id, now);
        let (reason, change) = (String::new(), Change::Published);
        out.emit(&Event::AuctionChanged { auction: id, status, opens, closes, reason, change });
        for (index, margin) in (0u16..).map(LotIndex).zip(margins) {
            let accounts = (Account::Available(initiator), Account::InitiatorMargin(initiator));
            self.post(accounts, margin, Cause::InitiatorHeld(id, index), out);
            self.deadlines.add(end, crate::deadlines::Due::LotEnds(id, index));
            self.put_end_told(id, index, end);
            self.lot_changed(id, index, out);
        }
        Ok(Answer::Auction(status))
    }

    /// "Publication": gives the margin that is to be held for each lot.
    pub(crate) fn judge_publication(&self, id: AuctionId, at: Instant, eyes: Eyes) -> Result<Vec<Money>, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        let terms = &auction.terms;
        if auction.status != AuctionStatus::Submitted {
            return Err(Refusal::NotSubmitted);
        }
        if self.members.is_frozen(terms.initiator) {
            return Err(Refusal::Frozen);
        }
        if self.halts.on(terms).next().is_some() {
            return Err(Refusal::Halted);
        }
        if at > auction.opens {
            return Err(Refusal::TooLate { opens: auction.opens });
        }
        if self.profile.hours.as_ref().is_some_and(|hours| {
            let clocks = self.profile.offset();
            !hours.admit(auction.opens, clocks) || !hours.admit(auction.closes, clocks)
        }) {
            return Err(Refusal::OutsideHours);
        }
        self.judge_mode(terms)?;
        if self.profile.catalogue_closed && self.products.by_code(&terms.product).is_none() {
            return Err(Refusal::UnknownProduct);
        }
        let margins: Vec<Money> =
            terms.lots.iter().map(|lot| units::margin(terms.start_price, lot.quantity, terms.margin_rate)).collect();
        let needs: Money = margins.iter().copied().sum();
        if self.ledger.available(terms.initiator, eyes) < needs {
            // An operator reads this: what is really available would tell what is held for sealed bids.
            return Err(Refusal::InsufficientMargin { needs, has: None });
        }
        Ok(margins)
    }

    /// A bid in an open auction.
    pub(crate) fn bid(
        &mut self,
        (id, index): (AuctionId, LotIndex),
        (bidder, given): (MemberId, Option<Money>),
        price: Price,
        seen_price: Option<Price>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let auction = self.published(id)?;
        if auction.terms.is_sealed() {
            return Err(Refusal::WrongFormat);
        }
        let judged = match auction.lots.get(usize::from(index.0)) {
            None => Err(Refusal::UnknownLot),
            Some(lot) => auction.judge_open_bid(self.now, lot, &self.as_judged((bidder, given), price)),
        };
        let margin = match judged {
            Ok(margin) => margin,
            Err(refusal) => {
                self.bid_refused((id, index), bidder, Some(price), &refusal, out);
                return Err(refusal);
            }
        };

        let (now, sequence) = (self.now, self.sequence);
        let auction = self.auction_at(id);
        let end = auction.end_after_bid(now, &auction.lots[usize::from(index.0)], price);
        let lot = &mut auction.lots[usize::from(index.0)];
        let before = lot.lead.replace(Lead { member: bidder, price, margin, sequence });
        lot.accepted += 1;
        lot.end = end;
        let alias = lot.bidders.enter(bidder);
        self.changed_lot(id, index);
        let overtaken = before.map(|lead| lead.member).filter(|member| *member != bidder);
        // The event comes before its postings, and the end of the lot behind both.
        out.emit(&Event::BidAccepted {
            auction: id,
            lot: index,
            member: bidder,
            price,
            margin,
            end,
            alias,
            overtaken,
            seen_price,
        });
        if let Some(lead) = before {
            let accounts = (Account::BidMargin(lead.member), Account::Available(lead.member));
            self.post(accounts, lead.margin, Cause::BidReleased(id, index), out);
        }
        let accounts = (Account::Available(bidder), Account::BidMargin(bidder));
        self.post(accounts, margin, Cause::BidHeld(id, index), out);
        if end == now {
            self.end_lot(id, index, out);
        }
        Ok(Answer::Bid { price, margin, end, alias: Some(alias), best_before: before.map(|lead| lead.price) })
    }

    /// A bid with what else its rules compare: the bidder's cash, the limit of its person, and those of the venue.
    fn as_judged(&self, (bidder, given): (MemberId, Option<Money>), price: Price) -> Bid {
        let available = self.ledger.balances(bidder).available;
        let frozen = self.members.is_frozen(bidder);
        Bid { bidder, price, given, available, frozen, sealed_bids_max: self.profile.sealed_bids_per_lot_max }
    }

    /// A bid in a sealed auction; `price` is what the ordering layer opened, `None` where it could not.
    pub(crate) fn sealed_bid(
        &mut self,
        (id, index): (AuctionId, LotIndex),
        (bidder, given): (MemberId, Option<Money>),
        price: Option<Price>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let auction = self.published(id)?;
        if !auction.terms.is_sealed() {
            return Err(Refusal::WrongFormat);
        }
        let judged = match (auction.lots.get(usize::from(index.0)), price) {
            (None, _) => Err(Refusal::UnknownLot),
            (Some(_), None) => Err(Refusal::UnreadableBid),
            (Some(lot), Some(price)) => {
                let margin = auction.judge_sealed_bid(self.now, lot, &self.as_judged((bidder, given), price));
                margin.map(|margin| (price, margin))
            }
        };
        let (price, margin) = match judged {
            Ok(judged) => judged,
            Err(refusal) => {
                self.bid_refused((id, index), bidder, None, &refusal, out);
                return Err(refusal);
            }
        };

        let (at, sequence) = (self.now, self.sequence);
        let auction = self.auction_at(id);
        let lot = &mut auction.lots[usize::from(index.0)];
        let end = lot.end;
        let before = lot.sealed.iter_mut().rev().find(|bid| bid.member == bidder && !bid.replaced);
        let released = before.map(|bid| {
            bid.replaced = true;
            bid.margin
        });
        lot.sealed.push(SealedBid { sequence, at, member: bidder, price, margin, replaced: false });
        lot.accepted += 1;
        self.changed_lot(id, index);
        // No posting shows before the end: these two change only what the member itself sees.
        if let Some(released) = released {
            self.ledger.post(Account::SealedMargin(bidder), Account::Available(bidder), released);
        }
        self.ledger.post(Account::Available(bidder), Account::SealedMargin(bidder), margin);
        out.emit(&Event::SealedBidPlaced { auction: id, lot: index, member: bidder });
        let sealed_held = self.ledger.balances(bidder).sealed_margin;
        out.private.push(Private { sequence, at, member: bidder, auction: id, lot: index, price, margin, sealed_held });
        Ok(Answer::Bid { price, margin, end, alias: None, best_before: None })
    }

    fn bid_refused(
        &mut self,
        (id, index): (AuctionId, LotIndex),
        member: MemberId,
        price: Option<Price>,
        refusal: &Refusal,
        out: &mut Output,
    ) {
        if let Some(lot) = self.auction_at(id).lots.get_mut(usize::from(index.0)) {
            lot.rejected += 1;
            self.changed_lot(id, index);
        }
        let reason = match refusal {
            _ if price.is_none() => None,
            // What is really available would tell what is held for sealed bids.
            Refusal::InsufficientMargin { needs, .. } if !self.ledger.balances(member).sealed_margin.is_zero() => {
                Some(Refusal::InsufficientMargin { needs: *needs, has: None })
            }
            other => Some(other.clone()),
        };
        out.emit(&Event::BidRefused { auction: id, lot: index, member, price, reason });
    }

    /// The end of a lot: sold at the leader's price, or unsold.
    pub(crate) fn end_lot(&mut self, id: AuctionId, index: LotIndex, out: &mut Output) {
        if self.auction_at(id).terms.is_sealed() {
            self.open_sealed_bids(id, index, true, out);
        }
        let contract = ContractId(u32::try_from(self.contracts.len() + 1).expect("fewer than 2^32 contracts"));
        let auction = self.auction_at(id);
        let (side, initiator) = (auction.terms.side, auction.terms.initiator);
        let lot = &mut auction.lots[usize::from(index.0)];
        let (lead, at, quantity, initiator_margin) = (lot.lead, lot.end, lot.terms.quantity, lot.initiator_margin);
        match lead {
            Some(_) => (lot.status, lot.contract) = (LotStatus::Sold, Some(contract)),
            None => lot.status = LotStatus::Unsold,
        }
        self.lot_changed(id, index, out);
        let Some(Lead { member: winner, price, margin, .. }) = lead else {
            self.release_initiator(id, index, out);
            return self.lot_has_ended(id, AuctionStatus::Closed, out);
        };
        let (seller, buyer, seller_margin, buyer_margin) = match side {
            Side::Sale => (initiator, winner, initiator_margin, margin),
            Side::Procurement => (winner, initiator, margin, initiator_margin),
        };
        let amount = units::value(price, quantity);
        self.contracts.push(Contract {
            id: contract,
            auction: id,
            lot: index,
            seller,
            buyer,
            price,
            quantity,
            amount,
            seller_margin,
            buyer_margin,
            at,
            cancelled: None,
        });
        self.mark(Table::Contracts, contract.0 as usize - 1);
        out.emit(&Event::Awarded {
            contract,
            auction: id,
            lot: index,
            seller,
            buyer,
            winner,
            price,
            quantity,
            amount,
            winner_margin: margin,
            initiator_margin,
            at,
        });
        let cause = Cause::Awarded(contract);
        self.post((Account::BidMargin(winner), Account::ContractMargin(winner)), margin, cause.clone(), out);
        let accounts = (Account::InitiatorMargin(initiator), Account::ContractMargin(initiator));
        self.post(accounts, initiator_margin, cause, out);
        self.lot_has_ended(id, AuctionStatus::Closed, out);
    }

    /// What nobody saw is shown: the bids become events, the margins postings, and the losers' are released.
    /// `decided` where the lot has come to its end; a cancelled lot has no winner.
    pub(crate) fn open_sealed_bids(&mut self, id: AuctionId, index: LotIndex, decided: bool, out: &mut Output) {
        let auction = self.auction_at(id);
        let side = auction.terms.side;
        let lot = &mut auction.lots[usize::from(index.0)];
        let best = lot.best_sealed(side).copied().filter(|_| decided);
        let sealed = core::mem::take(&mut lot.sealed);
        lot.lead =
            best.map(|bid| Lead { member: bid.member, price: bid.price, margin: bid.margin, sequence: bid.sequence });
        let aliases: Vec<u32> = sealed.iter().map(|bid| lot.bidders.enter(bid.member)).collect();
        self.changed_lot(id, index);
        for (bid, alias) in sealed.iter().zip(aliases) {
            out.emit(&Event::SealedBidOpened {
                auction: id,
                lot: index,
                sequence: bid.sequence,
                at: bid.at,
                member: bid.member,
                price: bid.price,
                alias,
                counts: !bid.replaced,
                margin: bid.margin,
            });
        }
        for bid in sealed.iter().filter(|bid| !bid.replaced) {
            let (available, held) = (Account::Available(bid.member), Account::BidMargin(bid.member));
            self.ledger.post(Account::SealedMargin(bid.member), available, bid.margin);
            self.post((available, held), bid.margin, Cause::BidHeld(id, index), out);
            if best.is_none_or(|best| best.sequence != bid.sequence) {
                self.post((held, available), bid.margin, Cause::BidReleased(id, index), out);
            }
        }
    }

    /// The initiator's margin for a lot that is not sold.
    pub(crate) fn release_initiator(&mut self, id: AuctionId, index: LotIndex, out: &mut Output) {
        let auction = self.auction_at(id);
        let initiator = auction.terms.initiator;
        let margin = core::mem::take(&mut auction.lots[usize::from(index.0)].initiator_margin);
        let accounts = (Account::InitiatorMargin(initiator), Account::Available(initiator));
        self.post(accounts, margin, Cause::InitiatorReleased(id, index), out);
    }

    /// One lot fewer is still to end; with the last one the auction takes its last status.
    pub(crate) fn lot_has_ended(&mut self, id: AuctionId, last: AuctionStatus, out: &mut Output) {
        let auction = self.auction_mut(id);
        auction.lots_running = auction.lots_running.checked_sub(1).expect("a lot ends once");
        if auction.lots_running > 0 {
            return;
        }
        auction.status = last;
        (auction.suspended_at, auction.halted) = (None, None);
        let initiator = auction.terms.initiator;
        if core::mem::take(&mut auction.watched) {
            self.watched -= 1;
        }
        self.live.remove(&id);
        self.change_auctions_open(initiator, -1);
        let change = if last == AuctionStatus::Cancelled { Change::Cancelled } else { Change::Closed };
        self.auction_changed(id, change, out);
    }

    pub(super) fn published(&self, id: AuctionId) -> Result<&Auction, Refusal> {
        match self.auction(id) {
            Some(auction) if !matches!(auction.status, AuctionStatus::Submitted | AuctionStatus::Rejected) => {
                Ok(auction)
            }
            _ => Err(Refusal::UnknownAuction),
        }
    }

    fn change_auctions_open(&mut self, member: MemberId, by: i32) {
        let row = self.members.member_mut(member).expect("an initiator is a member");
        row.auctions_open = row.auctions_open.checked_add_signed(by).expect("what closes was open");
        self.mark(Table::Members, member.0 as usize - 1);
    }
}

/// A reason is there to be read.
pub(crate) fn check_reason(reason: &str) -> Result<(), Refusal> {
    check_text("reason", reason, REASON_MAX)
}

/// What a publication makes of an announcement.
pub(crate) struct Publication {
    pub(crate) status: AuctionStatus,
    /// The end of every lot.
    pub(crate) end: Instant,
}

impl Auction {
    pub(crate) fn published_at(&self, at: Instant) -> Publication {
        let status = if self.opens <= at { AuctionStatus::Running } else { AuctionStatus::Published };
        Publication { status, end: self.first_end() }
    }
}

impl Lot {
    fn new(terms: super::LotTerms) -> Self {
        Lot {
            terms,
            status: LotStatus::Waiting,
            end: Instant::MAX,
            lead: None,
            accepted: 0,
            rejected: 0,
            initiator_margin: Money::ZERO,
            bidders: super::state::Bidders::default(),
            contract: None,
            end_told: None,
            sealed: Vec::new(),
        }
    }
}
