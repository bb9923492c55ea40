//! What the passing of time changes: auctions open, lots end, sessions expire, who applied in vain is forgotten, and the log is
//! watched for outages.

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
            match self.when(at, due) {
                Some(later) if later > at => self.deadlines.add(later, due),
                Some(_) => self.act(due, now, out),
                None => {}
            }
        }
    }

    /// When `due` is really due; `None`: no longer, or not until its auction is resumed.
    fn when(&self, at: Instant, due: Due) -> Option<Instant> {
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
                let auction = self.auction(id).filter(|auction| auction.lots_running > 0 && !auction.watched)?;
                Some(auction.opens.minus(self.profile.outage_after?))
            }
            Due::LotEndsSoon(id, index) => {
                let before = self.profile.ends_soon_before?;
                let auction = auction(id)?;
                auction.tells_end_at(&auction.lots[usize::from(index.0)], before)
            }
            Due::RefusedForgotten(id) => self.forgets_at(id),
            // A session's end never moves: another one means that the place was given to another session, which has
            // an item of its own.
            Due::SessionExpires(place) => {
                let session = self.members.sessions.get(place as usize)?.as_ref()?;
                (session.expires == at).then_some(at)
            }
        }
    }

    fn act(&mut self, due: Due, now: Instant, out: &mut Output) {
        match due {
            Due::LotEnds(id, index) => self.end_lot(id, index, out),
            Due::AuctionOpens(id) => self.open_auction(id, out),
            Due::WatchBegins(id) => self.watch(id, now),
            Due::SessionExpires(place) => self.end_session(place, out),
            Due::LotEndsSoon(id, index) => self.tell_end(id, index, now, out),
            Due::RefusedForgotten(id) => self.forget_in_time(id, out),
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

    /// Says once that a lot ends soon; bids may move its end later after that.
    fn tell_end(&mut self, id: AuctionId, index: LotIndex, now: Instant, out: &mut Output) {
        let lot = &mut self.auction_at(id).lots[usize::from(index.0)];
        lot.end_told = Some(now);
        let end = lot.end;
        self.changed_lot(id, index);
        out.emit(&Event::LotEndsSoon { auction: id, lot: index, end });
    }

    /// When it is to be told that a lot ends soon, once it is published. What moves its end later moves this too.
    pub(crate) fn put_end_told(&mut self, id: AuctionId, index: LotIndex, end: Instant) {
        if let Some(before) = self.profile.ends_soon_before {
            self.deadlines.add(end.minus(before), Due::LotEndsSoon(id, index));
        }
    }

    /// The deadlines of an auction, from its state: after a resumption, and when a snapshot is read.
    pub(crate) fn put_deadlines(&mut self, id: AuctionId) {
        let auction = self.auction(id).expect("a live auction is there");
        let (opens, published) = (auction.opens, auction.status == AuctionStatus::Published);
        let ends: Vec<(Instant, LotIndex)> = (0u16..)
            .zip(&auction.lots)
            .filter(|(_, lot)| !lot.status.has_ended())
            .map(|(index, lot)| (lot.end, LotIndex(index)))
            .collect();
        if published {
            self.deadlines.add(opens, Due::AuctionOpens(id));
        }
        self.watch(id, self.now);
        for (end, index) in ends {
            self.deadlines.add(end, Due::LotEnds(id, index));
            self.put_end_told(id, index, end);
        }
    }

    /// Whether the log is stamped once a second on account of an auction follows from its opening, the profile and the
    /// time; so it is the same on a node that has read a snapshot.
    pub(crate) fn watch(&mut self, id: AuctionId, now: Instant) {
        let begins = self.profile.outage_after.map(|after| self.auction_at(id).opens.minus(after));
        let watched = begins.is_some_and(|begins| now >= begins);
        let before = core::mem::replace(&mut self.auction_at(id).watched, watched);
        self.watched = self.watched + u32::from(watched) - u32::from(before);
        if let Some(begins) = begins
            && !watched
        {
            self.deadlines.add(begins, Due::WatchBegins(id));
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
            match self.when(at, due) {
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
