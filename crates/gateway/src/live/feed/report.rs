//! From events to messages: what each channel is told of an entry.
//!
//! Bids are told as they come; lots, auctions and funds once an entry is done, as they then stand, lots first. Refused
//! bids change only a count: it is told at most once a second, by the stamps, with the lot.

use std::collections::BTreeSet;

use exchange::event::Cause;
use exchange::ledger::Account;
use exchange::markets::auction::Side;
use exchange::products::Product;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, ProductId, Sequence, Span};
use exchange::{Change, Event, Happened, Private};

use super::message;
use super::topic::Topic;
use super::{Feed, TokenHash};
use crate::live::picture::{Auction, HeadStill, Lot, LotStill, Picture};
use crate::live::quotes::{QuoteStill, QuoteView};
use crate::live::wire::{AuctionHead, HaltView, LotView, alias_text};

/// How often counts of refused bids are told at the most.
const COUNTS_EVERY: Span = Span::from_seconds(1);

/// What is still to be told.
#[derive(Default)]
pub(in crate::live) struct Report {
    lots: BTreeSet<(AuctionId, LotIndex)>,
    auctions: BTreeSet<AuctionId>,
    funds: BTreeSet<MemberId>,
    quotes: BTreeSet<(ProductId, Side)>,
    /// Lots with bids refused since they were last told.
    counts: BTreeSet<(AuctionId, LotIndex)>,
    counts_told: Instant,
    /// Whether the bid that is told next gives its bidder an alias.
    newcomer: bool,
    sessions: Vec<TokenHash>,
    /// Members that an entry gives notices, or one of whose users has read some.
    notices: BTreeSet<MemberId>,
    /// Members one of whose users follows other announcements than before.
    followed: BTreeSet<MemberId>,
}

impl Report {
    /// Whatever was still to be told is no longer.
    pub fn clear(&mut self) {
        *self = Report::default();
    }

    /// Looks at an event that the picture does not have yet.
    pub fn foresee(&mut self, picture: &Picture, event: &Event) {
        if let Event::BidAccepted { auction, lot, alias, .. } | Event::SealedBidOpened { auction, lot, alias, .. } =
            event
        {
            self.newcomer = lot_of(picture, *auction, *lot).is_some_and(|(_, lot)| !lot.is_given(*alias));
        }
        if let Event::ProfileSet(profile) = event
            && profile.offset() != picture.quotes.offset()
        {
            // With another midnight every day has other figures.
            let both = |product: &Product| Side::BOTH.map(|side| (product.id, side));
            self.quotes.extend(picture.products.iter().flat_map(both));
        }
    }

    /// Whom an event gives notices, or anybody whom it may: what is a notice the archive says, and here it is only told that there
    /// may be new ones to read.
    fn note_notices(&mut self, picture: &Picture, event: &Event) {
        match event {
            Event::BidAccepted { overtaken: Some(member), .. } => {
                self.notices.insert(*member);
            }
            Event::LotEndsSoon { auction, lot, .. } | Event::Awarded { auction, lot, .. } => {
                let Some((auction, lot)) = lot_of(picture, *auction, *lot) else { return };
                self.notices.insert(auction.terms.initiator);
                self.notices.extend(lot.all_bidders());
            }
            Event::AuctionRejected { auction, .. }
            | Event::AuctionChanged { auction, change: Change::Published, .. } => {
                self.notices.extend(picture.auction(*auction).map(|auction| auction.terms.initiator));
            }
            Event::Posted { to: Account::Available(member), cause, .. } => {
                let releases =
                    matches!(cause, Cause::BidReleased(..) | Cause::InitiatorReleased(..) | Cause::Annulled(_));
                self.notices.extend(releases.then_some(*member));
            }
            Event::NoticesRead { user, .. } => {
                self.notices.extend(picture.user(*user).and_then(|user| user.member));
            }
            _ => {}
        }
    }

    /// Takes note of an event. The picture has it already.
    pub fn note(&mut self, feed: &Feed, picture: &Picture, happened: &Happened) {
        if let Event::SessionClosed { token_hash, .. } = &happened.event {
            self.sessions.push(**token_hash);
        }
        if let Event::MemberFrozen { member, frozen: true, .. } = &happened.event {
            // Its keys' sessions rest, and do not end.
            let users = picture.users.iter().filter(|user| user.member == Some(*member));
            self.sessions.extend(users.flat_map(|user| user.sessions.iter().copied()));
        }
        if !feed.is_used() {
            return;
        }
        self.note_notices(picture, &happened.event);
        match &happened.event {
            Event::AuctionRejected { auction, .. } | Event::AuctionChanged { auction, .. } => {
                self.auctions.insert(*auction);
            }
            Event::Followed { user, .. } => {
                self.followed.extend(picture.user(*user).and_then(|user| user.member));
            }
            Event::Halted { halt, .. } | Event::HaltLifted { halt, .. } => {
                let Some(halt) = picture.halts.halt(*halt) else { return };
                feed.publish(Topic::Market, happened.sequence, "halt", || HaltView::of(halt));
            }
            Event::LotChanged { auction, lot, .. } => {
                self.lots.insert((*auction, *lot));
            }
            Event::BidAccepted { auction, lot, member, price, end, alias, overtaken, .. } => {
                let Some((_, row)) = lot_of(picture, *auction, *lot) else { return };
                feed.publish(Topic::Auction(*auction), happened.sequence, "bid", || message::Bid {
                    lot: &row.code,
                    price: *price,
                    bidder: alias_text(*alias),
                    at: happened.at,
                    end: *end,
                });
                if let Some(overtaken) = overtaken {
                    feed.publish(Topic::Member(*overtaken), happened.sequence, "overtaken", || message::Overtaken {
                        auction: auction.0,
                        lot: &row.code,
                        price: *price,
                        bidder: alias_text(*alias),
                        at: happened.at,
                        end: *end,
                    });
                }
                if self.newcomer {
                    name(feed, happened.sequence, *auction, row, *member, *alias);
                }
            }
            Event::BidRefused { auction, lot, .. } => {
                // That somebody bids in a sealed lot is nobody's to know before its end.
                let told =
                    lot_of(picture, *auction, *lot).is_some_and(|(row, lot)| row.figures(lot).rejected.is_some());
                if told {
                    self.counts.insert((*auction, *lot));
                }
            }
            Event::SealedBidOpened { auction, lot, member, alias, .. } => {
                let Some((_, row)) = lot_of(picture, *auction, *lot).filter(|_| self.newcomer) else { return };
                name(feed, happened.sequence, *auction, row, *member, *alias);
            }
            Event::Posted { from, to, amount, cause } => {
                self.posted(feed, picture, happened, (*from, *to), *amount, cause)
            }
            Event::Awarded { auction, .. } => {
                self.quote(picture, *auction);
                awarded(feed, picture, happened);
            }
            Event::LotAnnulled { auction, lot, contract, reason } => {
                self.quote(picture, *auction);
                let (Some((_, row)), Some(contract)) = (lot_of(picture, *auction, *lot), picture.contract(*contract))
                else {
                    return;
                };
                for (member, margin) in
                    [(contract.seller, contract.seller_margin), (contract.buyer, contract.buyer_margin)]
                {
                    feed.publish(Topic::Member(member), happened.sequence, "annulled", || message::Annulled {
                        contract: contract.id.0,
                        auction: auction.0,
                        lot: &row.code,
                        margin,
                        reason,
                        at: happened.at,
                    });
                }
            }
            _ => {}
        }
    }

    /// Takes note of what only one member may know. The picture has it already.
    pub fn note_private(&mut self, feed: &Feed, picture: &Picture, own: &Private) {
        self.funds.insert(own.member);
        let Some((_, lot)) = lot_of(picture, own.auction, own.lot) else { return };
        feed.publish(Topic::Member(own.member), own.sequence, "sealed_bid", || message::SealedBid {
            auction: own.auction.0,
            lot: &lot.code,
            price: own.price,
            margin: own.margin,
            at: own.at,
        });
    }

    /// The quote of what an auction sells or buys has changed.
    fn quote(&mut self, picture: &Picture, auction: AuctionId) {
        let terms = picture.auction(auction).map(|auction| &auction.terms);
        let product = terms.and_then(|terms| picture.product_by_code(&terms.product));
        if let (Some(terms), Some(product)) = (terms, product) {
            self.quotes.insert((product.id, terms.side));
        }
    }

    fn posted(
        &mut self,
        feed: &Feed,
        picture: &Picture,
        happened: &Happened,
        (from, to): (Account, Account),
        amount: Money,
        cause: &Cause,
    ) {
        self.funds.extend([from.member(), to.member()].into_iter().flatten());
        let (auction, lot, margin) = match cause {
            Cause::BidReleased(auction, lot) => (auction, lot, "bid"),
            Cause::InitiatorReleased(auction, lot) => (auction, lot, "initiator"),
            _ => return,
        };
        let (Some(member), Some((_, lot))) = (to.member(), lot_of(picture, *auction, *lot)) else { return };
        feed.publish(Topic::Member(member), happened.sequence, "released", || message::Released {
            auction: auction.0,
            lot: &lot.code,
            margin,
            amount,
        });
    }

    /// An entry is done: tells where lots, auctions and funds stand now.
    pub fn entry_done(&mut self, feed: &Feed, picture: &Picture, sequence: Sequence) {
        for (auction, index) in std::mem::take(&mut self.lots) {
            self.counts.remove(&(auction, index));
            tell_lot(feed, picture, sequence, auction, index);
        }
        for id in std::mem::take(&mut self.auctions) {
            let Some(auction) = picture.auction(id) else { continue };
            if auction.is_public() {
                feed.publish(Topic::Market, sequence, "auction", || AuctionHead::of(&HeadStill::of(auction, picture)));
            }
            feed.publish(Topic::Auction(id), sequence, "auction", || AuctionHead::of(&HeadStill::of(auction, picture)));
            if auction.has_ended() {
                feed.ended(Topic::Auction(id));
            }
        }
        for (product, side) in std::mem::take(&mut self.quotes) {
            let Some(product) = picture.product(product) else { continue };
            let still = QuoteStill::of(product, side, picture, false);
            feed.publish(Topic::Quotes(product.code.as_str().into()), sequence, "quote", || QuoteView::of(&still));
            feed.publish(Topic::Market, sequence, "quote", || QuoteView::of(&still));
        }
        for id in std::mem::take(&mut self.funds) {
            let Some(member) = picture.member(id) else { continue };
            feed.publish(Topic::Member(id), sequence, "funds", || {
                let funds = member.own_funds();
                message::Funds { available: funds.available, held: funds.held }
            });
        }
        for id in std::mem::take(&mut self.notices) {
            feed.publish(Topic::Member(id), sequence, "notices", || message::Notices {});
        }
        for id in std::mem::take(&mut self.followed) {
            feed.publish(Topic::Member(id), sequence, "followed", || message::Followed {});
        }
    }

    /// A run is done, its last entry stamped `at`: tells counts that are due.
    pub fn run_done(&mut self, feed: &Feed, picture: &Picture, sequence: Sequence, at: Instant) {
        if self.counts.is_empty() || at.since(self.counts_told) < COUNTS_EVERY {
            return;
        }
        self.counts_told = at;
        for (auction, lot) in std::mem::take(&mut self.counts) {
            tell_lot(feed, picture, sequence, auction, lot);
        }
    }

    /// The sessions that have ended since this was last asked.
    pub fn sessions_ended(&mut self) -> Vec<TokenHash> {
        std::mem::take(&mut self.sessions)
    }
}

fn lot_of(picture: &Picture, auction: AuctionId, lot: LotIndex) -> Option<(&Auction, &Lot)> {
    let auction = picture.auction(auction)?;
    Some((auction, auction.lots.get(lot.0 as usize)?))
}

fn tell_lot(feed: &Feed, picture: &Picture, sequence: Sequence, auction: AuctionId, index: LotIndex) {
    let Some((row, lot)) = lot_of(picture, auction, index) else { return };
    let terms = &row.terms.lots[usize::from(index.0)];
    let still = LotStill::of(lot, row.terms.is_sealed(), None);
    feed.publish(Topic::Auction(auction), sequence, "lot", || LotView::of(terms, &still));
}

fn name(feed: &Feed, sequence: Sequence, auction: AuctionId, lot: &Lot, member: MemberId, alias: u32) {
    feed.publish(Topic::Member(member), sequence, "alias", || message::Alias {
        auction: auction.0,
        lot: &lot.code,
        alias: alias_text(alias),
    });
}

fn awarded(feed: &Feed, picture: &Picture, happened: &Happened) {
    let Event::Awarded {
        contract,
        auction,
        lot,
        seller,
        buyer,
        winner,
        price,
        quantity,
        amount,
        winner_margin,
        initiator_margin,
        at,
    } = &happened.event
    else {
        return;
    };
    let Some((_, row)) = lot_of(picture, *auction, *lot) else { return };
    for (member, side) in [(seller, "seller"), (buyer, "buyer")] {
        feed.publish(Topic::Member(*member), happened.sequence, "awarded", || message::Awarded {
            contract: contract.0,
            auction: auction.0,
            lot: &row.code,
            side,
            price: *price,
            quantity: *quantity,
            amount: *amount,
            margin: if member == winner { *winner_margin } else { *initiator_margin },
            at: *at,
        });
    }
}
