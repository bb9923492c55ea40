//! Tables for the rules of an auction.

use super::{Announcement, AuctionStatus, CountdownFrom, Format, LotStatus, Side};
use crate::command::{Body, Payment};
use crate::event::Event;
use crate::exchange::Exchange;
use crate::kit::{Venue, price, s, terms, yuan};
use crate::members::Role;
use crate::outcome::Answer;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{AuctionId, Instant, LotIndex, MemberId, Price, Span, UserId};

struct Hall {
    venue: Venue,
    initiator: (MemberId, UserId),
    a: (MemberId, UserId),
    b: (MemberId, UserId),
    poor: (MemberId, UserId),
}

fn hall() -> Hall {
    let mut venue = Venue::new();
    let initiator = venue.firm("NRE", Role::Trader, "50000000.00");
    let a = venue.firm("A", Role::Trader, "9000000.00");
    let b = venue.firm("B", Role::Trader, "9000000.00");
    let poor = venue.firm("P", Role::Trader, "2259999.99");
    Hall { venue, initiator, a, b, poor }
}

fn reason(outcome: &Result<crate::outcome::Answer, Refusal>) -> &'static str {
    match outcome {
        Ok(_) => "accepted",
        Err(refusal) => refusal.reason(),
    }
}

/// Protects the ten rules of a bid in an open sale, each by its own name, and their order where two apply.
#[test]
fn every_rule_of_an_open_bid_has_its_reason() {
    let mut hall = hall();
    let mut with = terms(hall.initiator.0, 2);
    with.max_step = Some(price(2_000));
    with.limit_price = Some(price(570_000));
    with.eligible = Some(vec![hall.a.0, hall.b.0, hall.poor.0, hall.initiator.0]);
    let stranger = hall.venue.firm("S", Role::Trader, "9000000.00");
    let id = hall.venue.publish(with);
    let (a, b, poor, own, stranger) = (hall.a.1, hall.b.1, hall.poor.1, hall.initiator.1, stranger.1);
    let at = |second: i64, us: i64| Instant::from_us(second * 1_000_000 + us);
    let table: &[(Instant, UserId, u16, u64, &str)] = &[
        (at(99, 999_999), a, 0, 565_000, "not_open"),
        (at(99, 999_999), a, 7, 565_000, "unknown_lot"),
        (at(100, 0), own, 0, 565_000, "own_auction"),
        (at(100, 0), stranger, 0, 565_000, "not_eligible"),
        (at(100, 0), a, 0, 565_250, "off_step"),
        (at(100, 0), a, 0, 564_500, "not_better"),
        (at(100, 0), a, 0, 567_500, "above_max_step"),
        (at(100, 0), poor, 0, 565_000, "insufficient_margin"),
        (at(100, 0), a, 0, 567_000, "accepted"),
        (at(100, 0), a, 0, 567_250, "consecutive_bid"),
        (at(100, 0), b, 0, 567_000, "not_better"),
        (at(100, 0), b, 0, 569_500, "above_max_step"),
        (at(100, 0), b, 0, 569_000, "accepted"),
        (at(100, 0), a, 0, 571_000, "beyond_limit"),
        (at(100, 0), a, 0, 570_000, "accepted"),
        (at(100, 0), b, 0, 570_000, "not_open"),
        (at(1899, 999_999), b, 1, 565_000, "accepted"),
        (at(2079, 999_999), a, 1, 565_500, "not_open"),
    ];
    for (line, (at, user, lot, bid, expected)) in table.iter().enumerate() {
        hall.venue.at = *at;
        let outcome = hall.venue.bid(*user, id, *lot, price(*bid));
        assert_eq!(reason(&outcome), *expected, "line {line}: {outcome:?}");
    }
    let lot = hall.venue.lot(id, 0);
    assert_eq!((lot.status, lot.accepted, lot.rejected, lot.end), (LotStatus::Sold, 3, 12, at(100, 0)));
    assert_eq!(hall.venue.auction(id).status, AuctionStatus::Closed);
    assert_eq!(hall.venue.exchange.contracts().len(), 2);
}

/// Protects "no trader may bid twice in a row" (`consecutive_bid`), and that an announcement can allow it; the own
/// margin then counts towards the next.
#[test]
fn no_trader_bids_twice_in_a_row_unless_allowed() {
    for (consecutive, expected) in [(false, "consecutive_bid"), (true, "accepted")] {
        let mut hall = hall();
        let mut with = terms(hall.initiator.0, 1);
        with.consecutive = consecutive;
        with.start_price = price(1_000_000);
        let id = hall.venue.publish(with);
        hall.venue.at = s(100);
        assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(1_000_000))), "accepted");
        assert_eq!(hall.venue.held(hall.a.0), "4000000.00");
        assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(2_000_000))), expected);
        let held = if consecutive { "8000000.00" } else { "4000000.00" };
        assert_eq!(hall.venue.held(hall.a.0), held);
        assert_eq!(hall.venue.lot(id, 0).bidders.list().len(), 1);
    }
}

/// Protects the soft close in both manners: where a bid moves the end to, and where it does not.
#[test]
fn a_bid_within_the_countdown_moves_the_end() {
    let cases: &[(CountdownFrom, i64, i64)] = &[
        // closes 1,900; from closing a bid before 1,720 moves nothing.
        (CountdownFrom::Closing, 1719, 1900),
        (CountdownFrom::Closing, 1720, 1900),
        (CountdownFrom::Closing, 1721, 1901),
        (CountdownFrom::Closing, 1899, 2079),
        // from opening the end is the opening and a countdown, and a bid sets it back.
        (CountdownFrom::Opening, 100, 280),
        (CountdownFrom::Opening, 279, 459),
    ];
    for (from, at, end) in cases {
        let mut hall = hall();
        let mut with = terms(hall.initiator.0, 1);
        with.countdown_from = *from;
        let id = hall.venue.publish(with);
        hall.venue.at = s(*at);
        hall.venue.bid(hall.a.1, id, 0, price(565_000)).unwrap();
        assert_eq!(hall.venue.lot(id, 0).end, s(*end), "{from:?} at {at}");
    }
    // Never past closes, counting from the opening.
    let mut hall = hall();
    let mut with = terms(hall.initiator.0, 1);
    with.countdown_from = CountdownFrom::Opening;
    with.closes = s(300);
    let id = hall.venue.publish(with);
    hall.venue.at = s(200);
    hall.venue.bid(hall.a.1, id, 0, price(565_000)).unwrap();
    assert_eq!(hall.venue.lot(id, 0).end, s(300));
    hall.venue.at = s(300);
    assert_eq!(reason(&hall.venue.bid(hall.b.1, id, 0, price(566_000))), "not_open");
}

/// Protects the money of a lot: held, released with the overtaking bid, kept for the contract, released when unsold.
#[test]
fn margins_follow_the_lead() {
    let mut hall = hall();
    let id = hall.venue.publish(terms(hall.initiator.0, 2));
    assert_eq!(hall.venue.held(hall.initiator.0), "4520000.00");
    hall.venue.at = s(100);
    hall.venue.bid(hall.a.1, id, 0, price(565_000)).unwrap();
    assert_eq!(hall.venue.held(hall.a.0), "2260000.00");
    hall.venue.bid(hall.b.1, id, 0, price(565_500)).unwrap();
    assert_eq!((hall.venue.held(hall.a.0), hall.venue.available(hall.a.0)), ("0.00".into(), "9000000.00".into()));
    hall.venue.tick(s(1900));
    assert_eq!(hall.venue.held(hall.b.0), "2262000.00");
    // The initiator's margin stays what it was for the sold lot, and is released for the unsold one.
    assert_eq!(hall.venue.held(hall.initiator.0), "2260000.00");
    let contract = &hall.venue.exchange.contracts()[0];
    assert_eq!((contract.buyer, contract.seller), (hall.b.0, hall.initiator.0));
    assert_eq!(contract.amount.to_string(), "11310000.00");
    assert_eq!(hall.venue.lot(id, 1).status, LotStatus::Unsold);
}

/// Protects that a procurement is a sale turned round.
#[test]
fn a_procurement_falls() {
    let mut hall = hall();
    let mut with = terms(hall.initiator.0, 1);
    with.side = Side::Procurement;
    with.limit_price = Some(price(560_000));
    with.max_step = Some(price(2_500));
    let id = hall.venue.publish(with);
    hall.venue.at = s(100);
    for (user, bid, expected) in [
        (hall.a.1, 565_500, "not_better"),
        (hall.a.1, 562_000, "above_max_step"),
        (hall.a.1, 562_500, "accepted"),
        (hall.b.1, 562_500, "not_better"),
        (hall.b.1, 560_500, "accepted"),
        (hall.a.1, 559_500, "beyond_limit"),
        (hall.a.1, 560_000, "accepted"),
    ] {
        assert_eq!(reason(&hall.venue.bid(user, id, 0, price(bid))), expected, "{bid}");
    }
    let contract = &hall.venue.exchange.contracts()[0];
    assert_eq!((contract.buyer, contract.seller), (hall.initiator.0, hall.a.0));
}

/// Protects a sealed auction: replacement, equal prices to the earlier, a replacement's own time, and the reserve.
#[test]
fn sealed_bids_count_at_the_end() {
    let mut hall = hall();
    let mut with = terms(hall.initiator.0, 1);
    with.format = Format::Sealed;
    with.limit_price = Some(price(600_000));
    let id = hall.venue.publish(with);
    hall.venue.at = s(100);
    assert_eq!(reason(&hall.venue.sealed(hall.a.1, id, 0, price(564_500)).outcome), "not_better");
    assert_eq!(reason(&hall.venue.sealed(hall.a.1, id, 0, price(600_500)).outcome), "beyond_limit");
    assert_eq!(reason(&hall.venue.sealed(hall.a.1, id, 0, price(570_000)).outcome), "accepted");
    assert_eq!(reason(&hall.venue.sealed(hall.b.1, id, 0, price(570_000)).outcome), "accepted");
    // The same price again: it now has the later time and loses.
    assert_eq!(reason(&hall.venue.sealed(hall.a.1, id, 0, price(570_000)).outcome), "accepted");
    assert_eq!(reason(&hall.venue.sealed(hall.poor.1, id, 0, price(565_000)).outcome), "insufficient_margin");
    let public = hall.venue.exchange.ledger().balances(hall.a.0).in_public();
    assert_eq!((public.available.to_string(), public.held().to_string()), ("9000000.00".into(), "0.00".into()));
    assert_eq!(hall.venue.held(hall.a.0), "2280000.00");
    assert!(hall.venue.lot(id, 0).lead.is_none());
    hall.venue.tick(s(1900));
    let lot = hall.venue.lot(id, 0);
    assert_eq!(lot.lead.unwrap().member, hall.b.0);
    assert_eq!((lot.status, lot.accepted, lot.rejected), (LotStatus::Sold, 3, 3));
    assert_eq!(hall.venue.held(hall.a.0), "0.00");
    let opened = hall.venue.events().iter().filter(|e| matches!(e, Event::SealedBidOpened { .. })).count();
    assert_eq!(opened, 3);
}

/// Protects memory from a bidder that replaces its sealed bid without end: the venue's limit counts replacements, stands
/// behind every rule of the book, and holds for each bidder and lot by itself.
#[test]
fn a_bidder_has_so_many_bids_in_a_sealed_lot() {
    let Hall { mut venue, initiator: (seller, _), a: (_, a), b: (_, b), .. } = hall();
    let profile = Profile { outage_after: None, sealed_bids_per_lot_max: 2, ..Profile::default() };
    venue.system(Body::SetProfile(profile)).unwrap();
    let sealed = Announcement { format: Format::Sealed, ..terms(seller, 2) };
    let id = venue.publish(sealed);
    venue.at = s(100);
    let table: &[(UserId, u16, u64, &str)] = &[
        (a, 0, 564_500, "not_better"),
        (a, 0, 565_000, "accepted"),
        (a, 0, 566_000, "accepted"),
        (a, 0, 564_500, "not_better"),
        (a, 0, 5_650_000, "insufficient_margin"),
        (a, 0, 567_000, "limit_reached"),
        (b, 0, 565_000, "accepted"),
        (a, 1, 565_000, "accepted"),
    ];
    for (line, (user, lot, bid, expected)) in table.iter().enumerate() {
        let outcome = venue.sealed(*user, id, *lot, price(*bid)).outcome;
        assert_eq!(reason(&outcome), *expected, "line {line}: {outcome:?}");
    }
    venue.tick(s(1900));
    assert_eq!(venue.lot(id, 0).lead.map(|lead| lead.price), Some(price(566_000)), "the last that was accepted counts");
}

/// Protects secrecy: before the end neither events nor the digest depend on what was bid.
#[test]
fn nothing_of_a_sealed_price_leaves_the_exchange_before_the_end() {
    let run = |bid: u64| {
        let mut hall = hall();
        let mut with = terms(hall.initiator.0, 1);
        with.format = Format::Sealed;
        let id = hall.venue.publish(with);
        let open = hall.venue.publish(terms(hall.initiator.0, 1));
        hall.venue.at = s(100);
        hall.venue.sealed(hall.a.1, id, 0, price(bid)).outcome.unwrap();
        // Available cash must not tell it either: a refused bid elsewhere, a withdrawal that is too large.
        assert_eq!(reason(&hall.venue.bid(hall.a.1, open, 0, price(5_650_000))), "insufficient_margin");
        let payment = Payment { member: hall.a.0, amount: yuan("8999999.00"), reference: "out".into() };
        assert_eq!(reason(&hall.venue.system(Body::Withdraw(payment))), "insufficient_cash");
        let digest = hall.venue.exchange.digest();
        (hall.venue.out.events, digest)
    };
    assert_eq!(run(565_000), run(600_000));
}

/// Protects suspension and resumption: everything still to come moves by the time the clocks stood still.
#[test]
fn a_suspension_moves_what_is_to_come() {
    let mut hall = hall();
    let id = hall.venue.publish(terms(hall.initiator.0, 2));
    let act = |hall: &mut Hall, at: i64, resume: bool| {
        hall.venue.at = s(at);
        let reason = "why".to_owned();
        hall.venue.system(if resume {
            Body::Resume { auction: id, reason }
        } else {
            Body::Suspend { auction: id, reason }
        })
    };
    assert_eq!(reason(&act(&mut hall, 10, true)), "not_suspended");
    assert_eq!(reason(&act(&mut hall, 50, false)), "accepted");
    assert_eq!(reason(&act(&mut hall, 60, false)), "suspended");
    // Over the announced opening: it opens 100 s later.
    assert_eq!(reason(&act(&mut hall, 150, true)), "accepted");
    assert_eq!(hall.venue.auction(id).opens, s(200));
    hall.venue.at = s(199);
    assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(565_000))), "not_open");
    hall.venue.at = s(200);
    assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(565_000))), "accepted");
    assert_eq!(reason(&act(&mut hall, 1990, false)), "accepted");
    hall.venue.at = s(1991);
    assert_eq!(reason(&hall.venue.bid(hall.b.1, id, 0, price(566_000))), "not_open");
    hall.venue.tick(s(2500));
    assert_eq!(hall.venue.lot(id, 0).status, LotStatus::Running);
    assert_eq!(reason(&act(&mut hall, 2990, true)), "accepted");
    let auction = hall.venue.auction(id);
    assert_eq!((auction.opens, auction.closes, auction.lots[0].end), (s(200), s(3000), s(3000)));
    hall.venue.tick(s(3000));
    assert_eq!(hall.venue.auction(id).status, AuctionStatus::Closed);
    assert_eq!(reason(&act(&mut hall, 3001, false)), "ended");
}

/// Protects extension: later only, the ends with it, but for the cap of a countdown from the opening.
#[test]
fn an_extension_moves_the_ends_or_the_cap() {
    for (from, end) in [(CountdownFrom::Closing, 2500), (CountdownFrom::Opening, 280)] {
        let mut hall = hall();
        let mut with = terms(hall.initiator.0, 1);
        with.countdown_from = from;
        let id = hall.venue.publish(with);
        let extend = |until| Body::Extend { auction: id, until: s(until), reason: "why".to_owned() };
        assert_eq!(reason(&hall.venue.system(extend(1900))), "not_later");
        assert_eq!(reason(&hall.venue.system(extend(2500))), "accepted");
        assert_eq!((hall.venue.auction(id).closes, hall.venue.lot(id, 0).end), (s(2500), s(end)));
        hall.venue.system(Body::Suspend { auction: id, reason: "why".to_owned() }).unwrap();
        assert_eq!(reason(&hall.venue.system(extend(2600))), "suspended");
    }
}

/// Protects cancellation: what is sold stays sold, the rest gives back every margin.
#[test]
fn a_cancellation_gives_back_what_is_held() {
    let mut hall = hall();
    let mut with = terms(hall.initiator.0, 3);
    with.limit_price = Some(price(566_000));
    let id = hall.venue.publish(with);
    hall.venue.at = s(100);
    hall.venue.bid(hall.a.1, id, 0, price(566_000)).unwrap();
    hall.venue.bid(hall.b.1, id, 1, price(565_000)).unwrap();
    hall.venue.system(Body::Suspend { auction: id, reason: "why".to_owned() }).unwrap();
    hall.venue.at = s(200);
    hall.venue.system(Body::Cancel { auction: id, reason: "why".to_owned() }).unwrap();
    let auction = hall.venue.auction(id);
    assert_eq!(auction.status, AuctionStatus::Cancelled);
    assert_eq!(auction.lots[0].status, LotStatus::Sold);
    assert_eq!((auction.lots[1].status, auction.lots[1].end), (LotStatus::Cancelled, s(200)));
    assert_eq!((hall.venue.held(hall.b.0), hall.venue.held(hall.initiator.0)), ("0.00".into(), "2260000.00".into()));
}

/// Protects the outage rule: by the gap between two stamps, or declared; nothing ends in it, and who was open gets a countdown.
#[test]
fn an_outage_gives_back_time() {
    let mut hall = hall();
    let profile = crate::profile::Profile { outage_after: Some(Span::from_seconds(2)), ..Default::default() };
    hall.venue.system(Body::SetProfile(profile)).unwrap();
    let one = hall.venue.publish(terms(hall.initiator.0, 1));
    let mut later = terms(hall.initiator.0, 1);
    (later.opens, later.closes) = (s(1000), s(2000));
    let two = hall.venue.publish(later);
    assert_eq!(hall.venue.exchange.next_stamp(), Some(s(98)));
    hall.venue.tick(s(98));
    assert_eq!(hall.venue.exchange.next_stamp(), Some(s(99)), "watched: once a second");
    hall.venue.tick(s(100));
    // A gap of exactly outage_after is none.
    hall.venue.tick(s(102));
    assert_eq!(hall.venue.lot(one, 0).end, s(1900));
    // From 102 to 1,850: 1,798 s were left.
    hall.venue.tick(s(1850));
    assert_eq!(hall.venue.lot(one, 0).end, s(1850 + 1798));
    assert_eq!(hall.venue.auction(one).closes, s(1900 + 1748));
    // The other should have opened within: it opens now, and closes as long after as announced.
    let auction = hall.venue.auction(two);
    assert_eq!((auction.opens, auction.closes, auction.status), (s(1850), s(2850), AuctionStatus::Running));
    let _: (AuctionId, LotIndex, Price) = (one, LotIndex(0), price(1));
}

/// Protects that an outage shortly before the end leaves one full countdown, and that a suspended auction stands as it stood.
#[test]
fn an_outage_at_the_end_leaves_a_countdown() {
    let mut hall = hall();
    let one = hall.venue.publish(terms(hall.initiator.0, 1));
    let two = hall.venue.publish(terms(hall.initiator.0, 1));
    hall.venue.system(Body::Suspend { auction: two, reason: "why".to_owned() }).unwrap();
    hall.venue.tick(s(1890));
    hall.venue.at = s(1900);
    hall.venue.system(Body::Outage).unwrap();
    assert_eq!((hall.venue.lot(one, 0).end, hall.venue.auction(one).closes), (s(2080), s(2080)));
    assert_eq!((hall.venue.lot(two, 0).end, hall.venue.auction(two).closes), (s(1900), s(1900)));
}

/// Protects the publication: too late, or more margin than there is.
#[test]
fn publishing_is_judged() {
    let mut hall = hall();
    let submit = |hall: &mut Hall, with| match hall.venue.system(Body::Submit(with)) {
        Ok(crate::outcome::Answer::Submitted(id)) => id,
        other => panic!("{other:?}"),
    };
    let poor = terms(hall.poor.0, 1);
    let id = submit(&mut hall, poor);
    assert_eq!(reason(&hall.venue.system(Body::Publish { auction: id })), "insufficient_margin");
    let with = terms(hall.initiator.0, 1);
    let id = submit(&mut hall, with);
    hall.venue.at = Instant::from_us(100_000_001);
    assert_eq!(reason(&hall.venue.system(Body::Publish { auction: id })), "too_late");
    assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(565_000))), "unknown_auction");
    let with = crate::markets::auction::Announcement { opens: s(200), ..terms(hall.initiator.0, 1) };
    let id = submit(&mut hall, with);
    hall.venue.at = s(200);
    hall.venue.system(Body::Publish { auction: id }).unwrap();
    assert_eq!(reason(&hall.venue.bid(hall.a.1, id, 0, price(565_000))), "accepted", "published at its opening");
    assert_eq!(reason(&hall.venue.system(Body::Publish { auction: id })), "not_submitted");
}

/// Protects that what the venue has come to forbid is not published, whichever of its settings forbids it.
#[test]
fn a_mode_is_judged_again_at_the_publication() {
    let free = Profile { outage_after: None, ..Profile::default() };
    let sale = |hall: &Hall| terms(hall.initiator.0, 1);
    for (forbids, [of_sale, of_procurement, of_sealed]) in [
        (free.clone(), ["accepted"; 3]),
        (Profile { sale: false, ..free.clone() }, ["mode_not_allowed", "accepted", "mode_not_allowed"]),
        (Profile { procurement: false, ..free.clone() }, ["accepted", "mode_not_allowed", "accepted"]),
        (Profile { sealed: false, ..free.clone() }, ["accepted", "accepted", "mode_not_allowed"]),
    ] {
        let mut hall = hall();
        let procurement = Announcement { side: Side::Procurement, ..sale(&hall) };
        let sealed = Announcement { format: Format::Sealed, ..sale(&hall) };
        let waiting = [sale(&hall), procurement, sealed].map(|with| match hall.venue.system(Body::Submit(with)) {
            Ok(Answer::Submitted(id)) => id,
            other => panic!("{other:?}"),
        });
        hall.venue.system(Body::SetProfile(forbids)).unwrap();
        for (auction, expected) in waiting.into_iter().zip([of_sale, of_procurement, of_sealed]) {
            assert_eq!(reason(&hall.venue.system(Body::Publish { auction })), expected);
        }
        // What was refused waits: it is published when the venue allows it again, or is rejected.
        hall.venue.system(Body::SetProfile(free.clone())).unwrap();
        for (auction, before) in waiting.into_iter().zip([of_sale, of_procurement, of_sealed]) {
            let now = if before == "accepted" { "not_submitted" } else { "accepted" };
            assert_eq!(reason(&hall.venue.system(Body::Publish { auction })), now);
        }
    }
}

/// Protects what is told before the end: once a lot, at the time that the venue says, as bids and suspensions move it; never of
/// a lot that has no longer to go from its opening, and never where the venue says nothing.
#[test]
fn that_a_lot_ends_soon_is_told_once() {
    fn told(venue: &Venue) -> Vec<(u16, Instant)> {
        let of = |event| if let Event::LotEndsSoon { lot, end, .. } = event { Some((lot.0, end)) } else { None };
        venue.events().into_iter().filter_map(of).collect()
    }
    let profile = |minutes: Option<i64>| {
        let ends_soon_before = minutes.map(|minutes| Span::from_seconds(minutes * 60));
        Body::SetProfile(Profile { outage_after: None, ends_soon_before, ..Profile::default() })
    };
    let Hall { mut venue, initiator: (seller, _), a: (_, buyer), .. } = hall();
    let silent = venue.publish(terms(seller, 1));
    venue.tick(s(1_700));
    assert_eq!((told(&venue), venue.lot(silent, 0).end_told), (vec![], None));
    // It is told at once of what runs already.
    venue.system(profile(Some(5))).unwrap();
    assert_eq!(venue.exchange.next_stamp(), Some(s(1_600)));
    venue.tick(s(1_701));
    assert_eq!(told(&venue), [(0, s(1_900))]);
    // A bid moves the end, and nothing is told again.
    venue.tick(s(1_890));
    venue.bid(buyer, silent, 0, price(565_000)).unwrap();
    venue.tick(s(2_069));
    assert_eq!(told(&venue).len(), 1);
    venue.tick(s(3_000));

    // From the opening on, each bid moves the end; told is when it is near at last. A shorter one is never told.
    let mut rolling = terms(seller, 1);
    (rolling.opens, rolling.closes) = (s(3_100), s(9_000));
    (rolling.countdown, rolling.countdown_from) = (Span::from_seconds(600), CountdownFrom::Opening);
    let mut short = rolling.clone();
    short.countdown = Span::from_seconds(300);
    let (rolling, short) = (venue.publish(rolling), venue.publish(short));
    venue.out.clear();
    venue.tick(s(3_399));
    venue.bid(buyer, rolling, 0, price(565_000)).unwrap();
    venue.tick(s(3_698));
    assert_eq!(told(&venue), []);
    venue.system(Body::Suspend { auction: rolling, reason: "why".to_owned() }).unwrap();
    venue.tick(s(3_800));
    venue.system(Body::Resume { auction: rolling, reason: "why".to_owned() }).unwrap();
    venue.tick(s(3_800));
    assert_eq!(told(&venue), []);
    // A node that has read a snapshot tells the same.
    let mut restored = Exchange::restore(&venue.exchange.snapshot().encode()).unwrap();
    let due = venue.lot(rolling, 0).end.minus(Span::from_seconds(300));
    assert_eq!((restored.next_stamp(), venue.exchange.next_stamp()), (Some(due), Some(due)));
    venue.tick(due);
    assert_eq!(told(&venue), [(0, due.plus(Span::from_seconds(300)))]);
    assert_eq!((venue.lot(rolling, 0).end_told, venue.lot(short, 0).end_told), (Some(due), None));
}
