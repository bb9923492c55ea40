//! What is taken out of the picture costs the writer little, and bids nothing.

use std::sync::Arc;
use std::time::Duration;

use exchange::Body;
use exchange::markets::auction::{Format, Side};
use exchange::units::{AuctionId, MemberId};

use super::venue::{Venue, price};
use crate::live::picture::{AuctionStill, Gathering, LOOKED_AT_ONCE};
use crate::live::{AuctionView, Live, Picture};

fn terms(venue: &Venue, id: AuctionId) -> Arc<exchange::markets::auction::Announcement> {
    venue.live.read(|picture| Arc::clone(&picture.auction(id).unwrap().terms))
}

/// Protects that no bid, and no change of status, copies an announcement because somebody is rendering it, and that what
/// is rendered stays as it stood.
#[test]
fn what_is_held_is_not_copied_by_a_bid() {
    let mut venue = Venue::new(Live::new(), 3);
    let id = venue.running(Format::Open, 3);
    venue.bid(2, id, 1, price("1000.00")).outcome.unwrap();
    venue.flush();
    let announced = terms(&venue, id);
    let still = venue.live.read(|p| AuctionStill::of(p.auction(id).unwrap(), p, Some(MemberId(2))));
    assert!(Arc::ptr_eq(&announced, &still.head.terms));
    venue.bid(3, id, 1, price("1001.00")).outcome.unwrap();
    venue.by(venue.operator, Body::Suspend { auction: id, reason: "a look".into() }).unwrap();
    venue.flush();
    assert!(Arc::ptr_eq(&announced, &terms(&venue, id)), "the announcement was copied");
    let view = AuctionView::of(&still);
    assert_eq!((view.head.status, view.lots[1].best_price.as_deref()), ("running", Some("1000.00")));
    assert_eq!(still.lots[1].alias, Some(1));
    let now = venue.live.read(|p| AuctionStill::of(p.auction(id).unwrap(), p, Some(MemberId(3))));
    let view = AuctionView::of(&now);
    assert_eq!((view.head.status, view.lots[1].best_price.as_deref()), ("suspended", Some("1001.00")));
}

/// Protects that a still is rendered while the writer has the picture: texts are not made under its lock.
#[test]
fn rendering_does_not_hold_up_the_writer() {
    let mut venue = Venue::new(Live::new(), 3);
    let mut announcement = venue.announcement(Side::Sale, Format::Open, 2, 1_000, 2_000);
    announcement.eligible = Some(vec![MemberId(3), MemberId(2)]);
    let id = venue.submit(announcement);
    venue.flush();
    let still = venue.live.read(|p| AuctionStill::of(p.auction(id).unwrap(), p, None));
    let _writing = venue.live.inner.picture.try_write_for(Duration::ZERO).expect("a still holds no lock");
    let eligible = AuctionView::of(&still).bidding.eligible.unwrap().unwrap();
    assert_eq!(eligible, ["M3", "M2"]);
    assert_eq!(AuctionView::brief(&still).bidding.eligible, None);
}

/// Protects that one look of a list, whatever it looks for, is bounded, and that looks join without a gap.
#[test]
fn a_list_looks_in_short_looks() {
    let mut venue = Venue::new(Live::new(), 1);
    let count = u32::try_from(LOOKED_AT_ONCE).unwrap() * 2 + 10;
    // The first is a procurement, behind two looks that find nothing.
    let first = venue.announcement(Side::Procurement, Format::Open, 1, 1_000, 2_000);
    venue.submit(first);
    for _ in 1..count {
        let id = venue.submit(venue.announcement(Side::Sale, Format::Open, 1, 1_000, 2_000));
        // A member may have only so many open.
        venue.by(venue.operator, Body::Reject { auction: id, reason: "enough".into() }).unwrap();
    }
    venue.flush();
    let looked = std::cell::Cell::new(0);
    let mut gathering = Gathering::new(None, 10, 100);
    let mut looks = 0;
    loop {
        looked.set(0);
        let done = venue.live.read(|picture| {
            gathering.look(picture, None, |auction| {
                looked.set(looked.get() + 1);
                auction.terms.side == Side::Procurement
            })
        });
        looks += 1;
        assert!(looked.get() <= LOOKED_AT_ONCE, "{} in one look", looked.get());
        if done {
            break;
        }
    }
    assert_eq!(looks, 3);
    let (found, next) = gathering.done();
    assert_eq!((found.iter().map(|still| still.head.id.0).collect::<Vec<_>>(), next), (vec![1], None));
}

/// Protects the bound of a page in lots: it ends early and says where the next begins, and an auction is never cut.
#[test]
fn a_page_is_bounded_in_lots() {
    let mut venue = Venue::new(Live::new(), 1);
    for lots in [2, 9, 3, 3, 1] {
        venue.submit(venue.announcement(Side::Sale, Format::Open, lots, 1_000, 2_000));
    }
    venue.flush();
    let page = |picture: &Picture, below| {
        let mut gathering = Gathering::new(below, 4, 7);
        while !gathering.look(picture, None, |_| true) {}
        let (found, next) = gathering.done();
        (found.iter().map(|still| still.lots.len()).collect::<Vec<_>>(), next)
    };
    venue.live.read(|picture| {
        assert_eq!(page(picture, None), (vec![1, 3, 3], Some(AuctionId(3))));
        assert_eq!(page(picture, Some(AuctionId(3))), (vec![9], Some(AuctionId(2))));
        assert_eq!(page(picture, Some(AuctionId(2))), (vec![2], None));
        assert_eq!(page(picture, Some(AuctionId(1))), (vec![], None));
    });
}
