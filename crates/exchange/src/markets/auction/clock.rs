//! What the passing of time changes: auctions open, lots end, sessions expire, and the log is watched for outages.

use super::state::{AuctionStatus, LotStatus};
use crate::deadlines::Due;
use crate::event::{Change, Event};
use crate::exchange::{Exchange, Output, Table};
use crate::units::{AuctionId, Instant, LotIndex, Span};

/// How often the log is stamped at the least while an auction is watched.
const STAMP_EVERY: Span = Span::from_seconds(1);

impl Exchange {
    /// Everything that is due up to `now`, included, in the order of time.
    pub(crate) fn act_on_deadlines(&mut self, now: Instant, out: &mut Output) {
        while let Some((at, due)) = self.deadlines.first() {
            if at > now {
                return;
            }
            self.deadlines.take_first();
            match self.when(due) {
                Some(later) if later > at => self.deadlines.add(later, due),
                Some(_) => self.act(due, out),
                None => {}
            }
        }
    }

    /// When `due` is really due; `None`: no longer, or not until its auction is resumed.
    fn when(&self, due: Due) -> Option<Instant> {
        let auction = |id| self.auction(id).filter(|auction| auction.status != AuctionStatus::Suspended);
        match due {
            Due::LotEnds(id, index) => {
                let lot = &auction(id)?.lots[usize::from(index.0)];
                (!lot.status.has_ended()).then_some(lot.end)
            }
            Due::AuctionOpens(id) => {
                let auction = auction(id)?;
                (auction.status == AuctionStatus::Published).then_some(auction.opens)
            }
            Due::WatchBegins(id) => {
                let auction = auction(id).filter(|auction| auction.lots_running > 0 && !auction.watched)?;
                Some(auction.opens.minus(self.profile.outage_after?))
            }
            Due::SessionExpires(place) => Some(self.members.sessions.get(place as usize)?.as_ref()?.expires),
        }
    }

    fn act(&mut self, due: Due, out: &mut Output) {
        match due {
            Due::LotEnds(id, index) => self.end_lot(id, index, out),
            Due::AuctionOpens(id) => self.open_auction(id, out),
            Due::WatchBegins(id) => {
                self.auction_at(id).watched = true;
                self.watched += 1;
            }
            Due::SessionExpires(place) => self.end_session(place, out),
        }
    }

    fn open_auction(&mut self, id: AuctionId, out: &mut Output) {
        self.auction_mut(id).status = AuctionStatus::Running;
        self.auction_changed(id, Change::Opened, out);
        for index in self.lots_not_ended(id) {
            self.auction_at(id).lots[usize::from(index.0)].status = LotStatus::Running;
            self.lot_changed(id, index, out);
        }
    }

    /// The deadlines of an auction, from its state: after a resumption, and when a snapshot is read.
    pub(crate) fn put_deadlines(&mut self, id: AuctionId) {
        let auction = self.auction(id).expect("a live auction is there");
        let (opens, published) = (auction.opens, auction.status == AuctionStatus::Published);
        let watched = auction.watched;
        let ends: Vec<(Instant, LotIndex)> = (0u16..)
            .zip(&auction.lots)
            .filter(|(_, lot)| !lot.status.has_ended())
            .map(|(index, lot)| (lot.end, LotIndex(index)))
            .collect();
        if published {
            self.deadlines.add(opens, Due::AuctionOpens(id));
        }
        if let Some(outage_after) = self.profile.outage_after
            && !watched
        {
            self.deadlines.add(opens.minus(outage_after), Due::WatchBegins(id));
        }
        for (end, index) in ends {
            self.deadlines.add(end, Due::LotEnds(id, index));
        }
    }

    /// The instant by which the log should be stamped even if nothing is asked: the next deadline, and once a second
    /// from `outage_after` before an auction opens until its last lot has ended (auction.md, "Outage"). `None`:
    /// nothing is due.
    pub fn next_stamp(&mut self) -> Option<Instant> {
        let watch = (self.watched > 0).then(|| {
            let half = self.profile.outage_after.map_or(STAMP_EVERY, |after| Span::from_us(after.us() / 2));
            self.now.plus(STAMP_EVERY.min(half))
        });
        let deadline = loop {
            let Some((at, due)) = self.deadlines.first() else { break None };
            match self.when(due) {
                Some(later) if later > at => {
                    self.deadlines.take_first();
                    self.deadlines.add(later, due);
                }
                Some(_) => break Some(at),
                None => self.deadlines.take_first(),
            }
        };
        match (watch, deadline) {
            (Some(watch), Some(deadline)) => Some(watch.min(deadline)),
            (one, other) => one.or(other),
        }
    }

    /// Says where a lot stands now.
    pub(crate) fn lot_changed(&mut self, id: AuctionId, index: LotIndex, out: &mut Output) {
        let lot = &self.auction_at(id).lots[usize::from(index.0)];
        out.emit(&Event::LotChanged { auction: id, lot: index, status: lot.status, end: lot.end });
        self.changed_lot(id, index);
    }

    /// Says where an auction stands now.
    pub(crate) fn auction_changed(&mut self, id: AuctionId, change: Change, out: &mut Output) {
        let auction = self.auction_at(id);
        out.emit(&Event::AuctionChanged {
            auction: id,
            status: auction.status,
            opens: auction.opens,
            closes: auction.closes,
            reason: auction.reason.clone(),
            change,
        });
        self.mark(Table::Auctions, id.0 as usize - 1);
    }
}
