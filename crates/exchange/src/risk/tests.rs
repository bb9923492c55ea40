use super::HaltScope;
use crate::command::{Body, Payment};
use crate::hours::{Hours, Session};
use crate::kit::{Venue, price, s, terms, yuan};
use crate::markets::auction::{AuctionStatus, Format, Side};
use crate::members::Role;
use crate::outcome::Answer;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{AuctionId, HaltId, Instant, UtcOffset};

fn why() -> String {
    "检修".to_owned()
}

fn halt(venue: &mut Venue, scope: HaltScope) -> HaltId {
    let halted = venue.system(Body::Halt { scope, reason: why() });
    let Ok(Answer::Halt(id)) = halted else { panic!("{halted:?}") };
    id
}

fn lift(venue: &mut Venue, halt: HaltId) {
    venue.system(Body::LiftHalt { halt, reason: why() }).unwrap();
}

fn stands(venue: &Venue, id: AuctionId) -> (AuctionStatus, Instant, Instant) {
    (venue.auction(id).status, venue.auction(id).closes, venue.lot(id, 0).end)
}

/// Protects the rule of halts by its table: whatever holds an auction, it runs again when nothing does, later by the
/// time its clocks stood still.
#[test]
fn an_auction_runs_again_when_nothing_holds_it() {
    #[derive(Clone, Copy, Debug)]
    enum Act {
        Halt(usize),
        Lift(usize),
        Suspend,
        Resume,
    }
    use Act::{Halt, Lift, Resume, Suspend};
    // The acts follow one another every 10 s from 200 s on; which of them set the clocks going again.
    for (acts, goes) in [
        (&[Halt(0), Lift(0)][..], 1),
        (&[Halt(0), Halt(1), Lift(0), Lift(1)], 3),
        (&[Suspend, Halt(0), Lift(0), Resume], 3),
        (&[Suspend, Halt(0), Resume, Lift(0)], 3),
        (&[Halt(0), Suspend, Lift(0), Resume], 3),
        (&[Halt(0), Suspend, Resume, Lift(0)], 3),
        (&[Halt(0), Suspend, Lift(0), Halt(1), Resume, Lift(1)], 5),
    ] {
        let mut venue = Venue::new();
        let (initiator, _) = venue.firm("S", Role::Trader, "90000000.00");
        let (_, bidder) = venue.firm("B", Role::Trader, "90000000.00");
        let id = venue.publish(terms(initiator, 1));
        let scopes = [HaltScope::Market, HaltScope::Side(Side::Sale)];
        let mut halts = [HaltId(0); 2];
        venue.tick(s(150));
        let (_, closes, end) = stands(&venue, id);
        for (at, act) in acts.iter().enumerate() {
            venue.at = s(200 + 10 * at as i64);
            match act {
                Halt(which) => halts[*which] = halt(&mut venue, scopes[*which].clone()),
                Lift(which) => lift(&mut venue, halts[*which]),
                Suspend => drop(venue.system(Body::Suspend { auction: id, reason: why() }).unwrap()),
                Resume => drop(venue.system(Body::Resume { auction: id, reason: why() }).unwrap()),
            }
            let runs = at == goes;
            let status = if runs { AuctionStatus::Running } else { AuctionStatus::Suspended };
            assert_eq!(venue.auction(id).status, status, "{acts:?} after {at}");
            let bid = venue.bid(bidder, id, 0, price(565_000));
            assert_eq!(bid.is_ok(), runs, "{acts:?} after {at}: {bid:?}");
        }
        let still = crate::units::Span::from_seconds(10 * goes as i64);
        assert_eq!(stands(&venue, id), (AuctionStatus::Running, closes.plus(still), end.plus(still)), "{acts:?}");
        venue.tick(s(3_000));
        assert_eq!(venue.auction(id).status, AuctionStatus::Closed);
    }
}

/// Protects what a halt concerns, that nothing of it is published meanwhile, and that a lot ends only when it is lifted.
#[test]
fn a_halt_concerns_what_it_names() {
    let mut venue = Venue::new();
    let (initiator, _) = venue.firm("S", Role::Trader, "900000000.00");
    venue
        .system(Body::AddProduct {
            code: "Dy".to_owned(),
            name: "Dy".to_owned(),
            unit: "kg".to_owned(),
            description: None,
        })
        .unwrap();
    let with = |n: usize| {
        let mut terms = terms(initiator, 1);
        match n {
            0 => {}
            1 => terms.side = Side::Procurement,
            2 => terms.format = Format::Sealed,
            _ => terms.product = "Dy".to_owned(),
        }
        terms
    };
    let running: Vec<AuctionId> = (0..4).map(|n| venue.publish(with(n))).collect();
    venue.tick(s(150));
    for (scope, concerns) in [
        (HaltScope::Market, [true; 4]),
        (HaltScope::Product("Dy".to_owned()), [false, false, false, true]),
        (HaltScope::Side(Side::Procurement), [false, true, false, false]),
        (HaltScope::Side(Side::Sale), [true, false, true, true]),
        (HaltScope::Format(Format::Sealed), [false, false, true, false]),
        (HaltScope::Format(Format::Open), [true, true, false, true]),
    ] {
        let id = halt(&mut venue, scope.clone());
        let again = venue.system(Body::Halt { scope: scope.clone(), reason: why() });
        assert_eq!(again, Err(Refusal::Unchanged), "{scope:?}");
        for (n, concerned) in concerns.into_iter().enumerate() {
            let suspended = venue.auction(running[n]).status == AuctionStatus::Suspended;
            assert_eq!(suspended, concerned, "{scope:?} and {n}");
            let late = crate::markets::auction::Announcement { opens: s(5_000), closes: s(9_000), ..with(n) };
            let Ok(Answer::Submitted(auction)) = venue.system(Body::Submit(late)) else { panic!("handed in") };
            let published = venue.system(Body::Publish { auction });
            assert_eq!(published.err(), concerned.then_some(Refusal::Halted), "{scope:?} and {n}");
        }
        lift(&mut venue, id);
        let lifted = venue.system(Body::LiftHalt { halt: id, reason: why() });
        assert_eq!(lifted, Err(Refusal::Unchanged));
        assert!(running.iter().all(|id| venue.auction(*id).status == AuctionStatus::Running));
    }
    let unknown = venue.system(Body::Halt { scope: HaltScope::Product("Tb".to_owned()), reason: why() });
    assert_eq!(unknown, Err(Refusal::UnknownProduct));
    assert_eq!(venue.system(Body::LiftHalt { halt: HaltId(99), reason: why() }), Err(Refusal::UnknownHalt));
    let blank = venue.system(Body::Halt { scope: HaltScope::Market, reason: " ".to_owned() });
    assert_eq!(blank.unwrap_err().reason(), "invalid_text");
    halt(&mut venue, HaltScope::Market);
    venue.tick(s(20_000));
    assert!(running.iter().all(|id| venue.auction(*id).status == AuctionStatus::Suspended));
}

/// Protects the reasons of the publication in their order: frozen, halted, too late, outside hours, then the margin.
#[test]
fn publishing_is_judged_in_order() {
    let mut venue = Venue::new();
    let (initiator, _) = venue.firm("S", Role::Trader, "0");
    let Ok(Answer::Submitted(auction)) = venue.system(Body::Submit(terms(initiator, 1))) else { panic!("handed in") };
    venue.at = s(101);
    let halt = halt(&mut venue, HaltScope::Market);
    venue.system(Body::FreezeMember { member: initiator, reason: why() }).unwrap();
    let publish = |venue: &mut Venue| venue.system(Body::Publish { auction }).unwrap_err().reason();
    assert_eq!(publish(&mut venue), "frozen");
    venue.system(Body::UnfreezeMember { member: initiator, reason: why() }).unwrap();
    assert_eq!(publish(&mut venue), "halted");
    lift(&mut venue, halt);
    assert_eq!(publish(&mut venue), "too_late");
    let soon = crate::markets::auction::Announcement { opens: s(200), ..terms(initiator, 1) };
    let Ok(Answer::Submitted(auction)) = venue.system(Body::Submit(soon)) else { panic!("handed in") };
    let mut open = |from_min: u16, to_min: u16| {
        // 200 s and 1,900 s after midnight of a Thursday lie in its first hour.
        let sessions = vec![Session { from_min, to_min }];
        let hours = Some(Hours { sessions, weekdays: 0b1000, calendar: Vec::new() });
        venue
            .system(Body::SetProfile(Profile {
                outage_after: None,
                hours,
                utc_offset: UtcOffset::from_minutes(0),
                ..Profile::default()
            }))
            .unwrap();
        venue.system(Body::Publish { auction }).unwrap_err().reason()
    };
    assert_eq!(open(4, 60), "outside_hours");
    assert_eq!(open(0, 31), "outside_hours");
    assert_eq!(open(0, 32), "insufficient_margin");
}

/// Protects the freeze: out at once and not in again, no bid (after rule 2), no withdrawal; a lead and what is held stand.
#[test]
fn a_frozen_member_stands_where_it_stood() {
    let mut venue = Venue::new();
    let (initiator, _) = venue.firm("S", Role::Trader, "90000000.00");
    let (member, bidder) = venue.firm("B", Role::Trader, "90000000.00");
    let id = venue.publish(terms(initiator, 2));
    venue.tick(s(150));
    venue.bid(bidder, id, 0, price(565_000)).unwrap();
    let open = |n: u8| {
        let lasts = crate::units::Span::from_seconds(60);
        Body::OpenSession { user: bidder, token_hash: [n; 32].into(), lasts, checked: None }
    };
    venue.system(open(1)).unwrap();
    let (available, held) = (venue.available(member), venue.held(member));
    let freeze = Body::FreezeMember { member, reason: why() };
    venue.system(freeze.clone()).unwrap();
    assert_eq!(venue.system(freeze), Err(Refusal::Unchanged));
    assert_eq!(venue.exchange.members().sessions.iter().flatten().count(), 0);
    assert_eq!(venue.system(open(2)), Err(Refusal::Frozen));
    // Behind rule 2 and before rule 5, which it would break too.
    assert_eq!(venue.bid(bidder, id, 0, price(565_500)), Err(Refusal::Frozen));
    let payment = Payment { member, amount: yuan("1.00"), reference: "x".to_owned() };
    assert_eq!(venue.system(Body::Withdraw(payment.clone())), Err(Refusal::Frozen));
    assert_eq!((venue.available(member), venue.held(member)), (available, held));
    venue.system(Body::Deposit(payment)).unwrap();
    venue.tick(s(3_000));
    assert_eq!(venue.bid(bidder, id, 1, price(565_000)), Err(Refusal::NotOpen));
    assert_eq!(venue.exchange.contracts()[0].buyer, member);
    venue.system(Body::UnfreezeMember { member, reason: why() }).unwrap();
    assert_eq!(venue.system(Body::UnfreezeMember { member, reason: why() }), Err(Refusal::Unchanged));
    venue.system(open(2)).unwrap();
}
