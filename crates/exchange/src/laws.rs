//! Laws that hold for every sequence of commands: the sum of the ledger, what is held, replay, snapshots, repetition.

use proptest::prelude::*;

use crate::command::{Body, Command, Payment, Principal};
use crate::exchange::{Exchange, Output};
use crate::files::{FileKind, Owner, Usage};
use crate::kit::{Venue, price, terms, yuan};
use crate::ledger::Balances;
use crate::markets::auction::{Auction, AuctionStatus, CountdownFrom, Format, Lot, LotStatus, Side};
use crate::members::{Affiliate, Applicant, ApplicationStatus, Firm, Role};
use crate::outcome::Answer;
use crate::preview::Preview;
use crate::refusal::Refusal;
use crate::risk::HaltScope;
use crate::units::{ApplicationId, AuctionId, Instant, LotIndex, MemberId, Money, Span, UserId};

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Announce { by: usize, lots: usize, sealed: bool, procurement: bool, opening: bool, limit: bool, soon: i64 },
    Bid { user: usize, auction: usize, lot: u16, ticks: i64 },
    Hand { auction: usize, act: u8, by: i64 },
    Money { member: usize, amount: i128, out: bool },
    Halt { scope: usize, lift: bool },
    Freeze { member: usize, thaw: bool },
    Annul { auction: usize, lot: u16 },
    Correct { payment: usize },
    File { member: usize, which: u8, go: bool },
    Outage(i64),
    Again(usize),
    Profile { window: i64, keys: u32, per_user: u32, outage: Option<i64> },
    Apply { firm: usize, amends: bool },
    Decide { application: u32, admits: bool },
    Role { user: usize, manager: bool },
    Give { user: usize, most: i128 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0i64..400_000_000).prop_map(Step::Wait),
        2 => (0usize..4, 1usize..4, any::<(bool, bool, bool, bool)>(), 0i64..300).prop_map(
            |(by, lots, (sealed, procurement, opening, limit), soon)| Step::Announce { by, lots, sealed, procurement, opening, limit, soon }
        ),
        12 => (0usize..4, 0usize..6, 0u16..4, -2i64..8).prop_map(|(user, auction, lot, ticks)| Step::Bid { user, auction, lot, ticks }),
        3 => (0usize..6, 0u8..4, 0i64..2000).prop_map(|(auction, act, by)| Step::Hand { auction, act, by }),
        2 => (0usize..4, 1i128..600_000_000, any::<bool>()).prop_map(|(member, amount, out)| Step::Money { member, amount, out }),
        2 => (0usize..6, any::<bool>()).prop_map(|(scope, lift)| Step::Halt { scope, lift }),
        1 => (0usize..4, any::<bool>()).prop_map(|(member, thaw)| Step::Freeze { member, thaw }),
        1 => (0usize..6, 0u16..4).prop_map(|(auction, lot)| Step::Annul { auction, lot }),
        1 => (0usize..16).prop_map(|payment| Step::Correct { payment }),
        2 => (0usize..4, 0u8..6, any::<bool>()).prop_map(|(member, which, go)| Step::File { member, which, go }),
        1 => (1i64..500_000_000).prop_map(Step::Outage),
        2 => (0usize..64).prop_map(Step::Again),
        2 => (0usize..3, any::<bool>()).prop_map(|(firm, amends)| Step::Apply { firm, amends }),
        2 => (0u32..4, any::<bool>()).prop_map(|(application, admits)| Step::Decide { application, admits }),
        1 => (0usize..4, any::<bool>()).prop_map(|(user, manager)| Step::Role { user, manager }),
        1 => (0usize..4, 0i128..40_000_000).prop_map(|(user, most)| Step::Give { user, most }),
        1 => (0i64..100, 0u32..40, 0u32..20, proptest::option::of(0i64..8_000_000)).prop_map(
            |(window, keys, per_user, outage)| Step::Profile { window, keys, per_user, outage }
        ),
    ]
}

struct World {
    venue: Venue,
    firms: Vec<(MemberId, UserId)>,
    auctions: Vec<AuctionId>,
    asked: Vec<(Command, Option<crate::units::Price>, crate::outcome::Reply)>,
    /// Whether a profile was set under which answers may be forgotten.
    forgetful: bool,
}

impl World {
    fn new() -> Self {
        let mut venue = Venue::new();
        let firms = (0..4).map(|n| venue.firm(&format!("F{n}"), Role::Trader, "9000000.00")).collect();
        World { venue, firms, auctions: Vec::new(), asked: Vec::new(), forgetful: false }
    }

    /// An act of staff, whose preview is held against what it does.
    fn staff(&mut self, body: Body) -> Result<Answer, Refusal> {
        // What the passing of time does is no part of a preview.
        self.venue.tick(self.venue.at);
        let preview = self.venue.exchange.preview(&body, None, self.venue.at);
        let before = self.venue.exchange.clone();
        let outcome = self.venue.system(body);
        match (preview, &outcome) {
            (Ok(preview), Ok(_)) => holds(&preview, &before, &self.venue.exchange),
            (Err(foreseen), Err(refused)) => assert_eq!(foreseen, *refused),
            // What is held for sealed bids is not for the eyes of staff.
            (Ok(_), Err(Refusal::InsufficientCash { .. } | Refusal::InsufficientMargin { .. })) => {
                assert!(before.ledger().members().iter().any(|balances| !balances.sealed_margin.is_zero()));
            }
            (preview, outcome) => panic!("{preview:?} is not {outcome:?}"),
        }
        outcome
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Wait(us) => self.venue.tick(self.venue.at.plus(Span::from_us(*us))),
            Step::Announce { by, lots, sealed, procurement, opening, limit, soon } => {
                let mut with = terms(self.firms[*by].0, *lots);
                with.opens = self.venue.at.plus(Span::from_seconds(*soon));
                with.closes = with.opens.plus(Span::from_seconds(1800));
                with.start_price = price(10_000);
                if *sealed {
                    with.format = Format::Sealed;
                }
                if *procurement {
                    with.side = Side::Procurement;
                }
                if *opening {
                    with.countdown_from = CountdownFrom::Opening;
                }
                if *limit {
                    with.limit_price = Some(price(if *procurement { 8_000 } else { 12_000 }));
                }
                let Ok(Answer::Submitted(id)) = self.venue.system(Body::Submit(with)) else { panic!("submitted") };
                if self.staff(Body::Publish { auction: id }).is_ok() {
                    self.auctions.push(id);
                }
            }
            Step::Bid { user, auction, lot, ticks } => {
                let Some(id) = self.auctions.get(*auction).copied() else { return };
                let auction = self.venue.auction(id);
                let best = auction.lots.get(usize::from(*lot)).and_then(|lot| lot.lead).map(|lead| lead.price);
                let from = best.unwrap_or(auction.terms.start_price).fen().cast_signed();
                let step = auction.terms.step.fen().cast_signed();
                let sign = if auction.terms.side == Side::Sale { 1 } else { -1 };
                let fen = (from + sign * step * ticks).max(1);
                let bid = crate::units::Price::from_fen(fen.cast_unsigned()).unwrap();
                let (lot, sealed) = (LotIndex(*lot), auction.terms.is_sealed());
                let body = if sealed {
                    Body::SealedBid { auction: id, lot, sealed: vec![7; 40] }
                } else {
                    Body::Bid { auction: id, lot, price: bid, seen_price: None }
                };
                let request = Some(self.venue.new_request());
                let command = Command { principal: Principal::User(self.firms[*user].1), request, body };
                let opened = sealed.then_some(bid);
                let reply = self.venue.run(command.clone(), opened);
                self.asked.push((command, opened, reply));
            }
            Step::Hand { auction, act, by } => {
                let Some(id) = self.auctions.get(*auction).copied() else { return };
                let reason = "why".to_owned();
                let until = self.venue.auction(id).closes.plus(Span::from_seconds(*by));
                let _: Result<Answer, Refusal> = self.staff(match act {
                    0 => Body::Suspend { auction: id, reason },
                    1 => Body::Resume { auction: id, reason },
                    2 => Body::Extend { auction: id, until, reason },
                    _ if *by < 100 => Body::Cancel { auction: id, reason },
                    _ => return,
                });
            }
            Step::Money { member, amount, out } => {
                let member = self.firms[*member].0;
                let payment = Payment { member, amount: Money::from_fen(*amount), reference: "x".to_owned() };
                let _: Result<Answer, Refusal> =
                    self.staff(if *out { Body::Withdraw(payment) } else { Body::Deposit(payment) });
            }
            Step::Halt { scope, lift } => {
                let scope = match scope {
                    0 => HaltScope::Market,
                    1 => HaltScope::Product("PrNd-metal".to_owned()),
                    2 => HaltScope::Side(Side::Sale),
                    3 => HaltScope::Side(Side::Procurement),
                    4 => HaltScope::Format(Format::Open),
                    _ => HaltScope::Format(Format::Sealed),
                };
                let (halts, reason) = (self.venue.exchange.halts(), "why".to_owned());
                let body = match halts.in_force().find(|halt| halt.scope == scope).filter(|_| *lift) {
                    Some(halt) => Body::LiftHalt { halt: halt.id, reason },
                    None => Body::Halt { scope, reason },
                };
                let _: Result<Answer, Refusal> = self.staff(body);
            }
            Step::Freeze { member, thaw } => {
                let (member, reason) = (self.firms[*member].0, "why".to_owned());
                let body =
                    if *thaw { Body::UnfreezeMember { member, reason } } else { Body::FreezeMember { member, reason } };
                let _: Result<Answer, Refusal> = self.staff(body);
            }
            Step::Annul { auction, lot } => {
                let Some(id) = self.auctions.get(*auction).copied() else { return };
                let (lot, reason) = (LotIndex(*lot), "why".to_owned());
                let sold = self.venue.auction(id).lots.get(usize::from(lot.0)).map(|lot| lot.status);
                let outcome = self.staff(Body::Annul { auction: id, lot, reason });
                assert_eq!(outcome.is_ok(), sold == Some(LotStatus::Sold), "what is sold can be annulled once");
            }
            Step::Correct { payment } => {
                let paid = self.venue.exchange.payments().all();
                let Some(paid) = paid.get(payment % paid.len().max(1)).copied() else { return };
                let before = self.venue.exchange.ledger().balances(paid.member).available;
                let correct = Body::Correct { payment: paid.sequence, reason: "why".to_owned() };
                let corrected = self.staff(correct).is_ok();
                let by = if paid.out { paid.amount } else { -paid.amount };
                let after = self.venue.exchange.ledger().balances(paid.member).available;
                assert_eq!(after, if corrected { before + by } else { before }, "the sign is turned round, once");
                let can = paid.corrected.is_none() && (paid.out || before >= paid.amount);
                assert_eq!(corrected, can);
            }
            Step::File { member, which, go } => {
                let (hash, owner) = ([*which; 32].into(), Owner::Member(self.firms[*member].0));
                let kept = self.venue.exchange.files().of(&hash, owner).is_some();
                let body = if *go {
                    Body::DropFile { hash, owner }
                } else {
                    Body::KeepFile { hash, size: 1 + u32::from(*which), kind: FileKind::Pdf, owner, name: None }
                };
                let done = self.venue.system(body).is_ok();
                let files = self.venue.exchange.files();
                assert!(!*go || done == kept, "what is kept and not attached can go, and nothing else");
                assert_eq!(files.of(&hash, owner).is_some(), if *go { false } else { kept || done });
            }
            Step::Outage(us) => {
                self.venue.at = self.venue.at.plus(Span::from_us(*us));
                self.venue.system(Body::Outage).unwrap();
            }
            Step::Profile { window, keys, per_user, outage } => {
                let profile = crate::profile::Profile {
                    outage_after: outage.map(Span::from_us),
                    idempotency_window: Span::from_seconds(*window),
                    idempotency_keys_max: if *keys == 39 { u32::MAX } else { *keys },
                    idempotency_keys_per_user_max: *per_user,
                    ends_soon_before: Some(Span::from_seconds(*window * 3)).filter(|before| before.us() > 0),
                    first_password_lasts: Some(Span::from_seconds(*window * 2)).filter(|lasts| lasts.us() > 0),
                    refused_kept: Some(Span::from_seconds(*window / 2)).filter(|kept| kept.us() > 0),
                    files_per_member_max: Some(*keys % 4),
                    file_bytes_max: (*per_user > 10).then_some(u64::from(*per_user)),
                    ..Default::default()
                };
                let bearable = profile.check().is_ok();
                assert_eq!(self.staff(Body::SetProfile(profile)).is_ok(), bearable);
                self.forgetful |= bearable;
            }
            Step::Apply { firm, amends } => {
                let applications = self.venue.exchange.applications();
                let last = u32::try_from(applications.all().len()).unwrap();
                let (firm, applicant) = applies(*firm, last);
                let body = if *amends && last > 0 {
                    Body::Amend { application: ApplicationId(last), firm, applicant }
                } else {
                    Body::Apply { token_hash: [u8::try_from(last).unwrap(); 32].into(), firm, applicant }
                };
                // Who is not signed in asks twice all the same.
                let command = Command { principal: Principal::System, request: Some(self.venue.new_request()), body };
                let reply = self.venue.run(command.clone(), None);
                self.asked.push((command, None, reply));
            }
            Step::Decide { application, admits } => {
                let application = ApplicationId(*application);
                let body = if *admits {
                    Body::AdmitApplicant {
                        application,
                        code: format!("N{application}"),
                        login_tag: [u8::try_from(200 + application.0).unwrap(); 16].into(),
                        personal: vec![1; 40].into(),
                        password_hash: "hash".to_owned(),
                        amended: None,
                    }
                } else {
                    Body::RefuseApplicant { application, reason: "why".to_owned() }
                };
                let waits = self.venue.exchange.applications().application(application);
                let waits = waits.is_some_and(|application| application.status == ApplicationStatus::Waiting);
                let done = self.staff(body).is_ok();
                assert!(waits || !done, "what is decided is decided once");
            }
            Step::Role { user, manager } => {
                let role = if *manager { Role::Manager } else { Role::Trader };
                let _: Result<Answer, Refusal> = self.venue.system(Body::SetRole { user: self.firms[*user].1, role });
            }
            Step::Give { user, most } => {
                // 10,000 yuan a tonne come to 200,000 in a lot.
                let most = Some(Money::from_fen(*most)).filter(|most| !most.is_zero());
                let _: Result<Answer, Refusal> = self.venue.system(Body::GiveLimit { user: self.firms[*user].1, most });
            }
            Step::Again(at) => {
                let Some((command, opened, first)) = self.asked.get(*at).cloned() else { return };
                let accounts = self.venue.exchange.ledger().clone();
                let again = self.venue.run(command, opened);
                // A profile may let the exchange forget sooner; as it is made, everything here is remembered.
                assert!(again.replayed || self.forgetful, "the same key gets the first answer again");
                if again.replayed {
                    assert_eq!((again.sequence, &again.outcome), (first.sequence, &first.outcome));
                    assert_eq!(accounts.members(), self.venue.exchange.ledger().members());
                } else {
                    // What was forgotten is judged anew, and from then on that answer is the first.
                    self.asked[*at].2 = again;
                }
            }
        }
    }
}

/// One of three firms, the last of which may not apply since its licence has ended, and who applies for it.
fn applies(firm: usize, by: u32) -> (Firm, Applicant) {
    let firm = Firm {
        credit_code: ["91150000701463622D", "9144030071526726XG", "914403001922038216"][firm].to_owned(),
        name: format!("firm {firm}"),
        licence_until: (firm == 2).then(|| crate::units::Day::parse("1970-01-01").unwrap()),
        affiliates: vec![Affiliate { name: Some("affiliate".to_owned()), code: None }],
    };
    let login_tag = [u8::try_from(200 + by).unwrap(); 16].into();
    (firm, Applicant { login_tag, personal: vec![1; 40].into(), contact: vec![2; 40].into() })
}

/// What a preview said is so, and what it did not speak of is as it was.
fn holds(preview: &Preview, before: &Exchange, after: &Exchange) {
    let (members, users) = preview.application.map_or_else(
        || {
            let count = |count: usize| u32::try_from(count).unwrap();
            (count(before.members().members.len()), count(before.members().users.len()))
        },
        |decided| {
            let status = |exchange: &Exchange| exchange.applications().application(decided.application).unwrap().status;
            assert_eq!((status(before), status(after)), (decided.status.now, decided.status.after));
            (decided.members.after, decided.users.after)
        },
    );
    assert_eq!((after.members().members.len(), after.members().users.len()), (members as usize, users as usize));
    let mut moved = vec![Money::ZERO; after.members().members.len()];
    for margin in &preview.margins {
        moved[margin.member.0 as usize - 1] += if margin.released { margin.amount } else { -margin.amount };
    }
    if let Some(funds) = &preview.funds {
        let balances = after.ledger().balances(funds.member).in_public();
        assert_eq!(balances, funds.balances.after);
        moved[funds.member.0 as usize - 1] += balances.available - funds.balances.now.available;
    }
    for (place, by) in (1..).zip(&moved) {
        let available = |exchange: &Exchange| {
            // Who joins by this act had nothing before.
            let was = exchange.ledger().members().get(place as usize - 1);
            was.map_or(Money::ZERO, |balances| balances.in_public().available)
        };
        assert_eq!(available(after) - available(before), *by, "member {place}");
    }
    assert_eq!(preview.auctions_more, 0);
    for (was, is) in before.auctions().iter().zip(after.auctions()) {
        let Some(shown) = preview.auctions.iter().find(|shown| shown.id == is.id) else {
            let row = |auction: &Auction| minicbor::to_vec(auction).unwrap();
            assert!(row(was) == row(is) && was.lots == is.lots, "auction {} is as it was", is.id);
            continue;
        };
        let times = |auction: &Auction| (auction.status, auction.opens, auction.closes);
        assert_eq!(times(was), (shown.times.now.status, shown.times.now.opens, shown.times.now.closes));
        assert_eq!(times(is), (shown.times.after.status, shown.times.after.opens, shown.times.after.closes));
        for (lot, shown) in is.lots.iter().zip(&shown.lots) {
            assert_eq!((lot.status, lot.end), (shown.after.status, shown.after.end));
        }
    }
    for (was, is) in before.contracts().iter().zip(after.contracts()) {
        let cancelled = was.cancelled.is_none() && is.cancelled.is_some();
        assert_eq!(cancelled, preview.contract == Some(is.id));
    }
    for (was, is) in before.members().members.iter().zip(&after.members().members) {
        let frozen = preview.member.filter(|shown| shown.member == is.id).map(|shown| shown.frozen);
        let expected = frozen.map_or((was.frozen.is_some(), is.frozen.is_some()), |frozen| (frozen.now, frozen.after));
        assert_eq!((was.frozen.is_some(), is.frozen.is_some()), expected);
        assert!(frozen.is_some() || was.frozen == is.frozen);
    }
    let profile = preview.profile.as_ref().map_or(before.profile(), |profile| &profile.after);
    assert_eq!(profile, after.profile());
}

/// Law 6 from scratch: every account says what the lots and contracts say, and the sum is zero.
fn audit(exchange: &Exchange) {
    assert!(exchange.ledger().sum_from_scratch().is_zero());
    let mut expected = vec![Balances::default(); exchange.members().members.len()];
    let of = |member: MemberId| member.0 as usize - 1;
    for auction in exchange.auctions() {
        for lot in &auction.lots {
            if lot.status.has_ended() {
                assert!(lot.sealed.is_empty(), "what has ended is opened");
                continue;
            }
            expected[of(auction.terms.initiator)].initiator_margin += lot.initiator_margin;
            if let Some(lead) = lot.lead {
                expected[of(lead.member)].bid_margin += lead.margin;
            }
            for bid in lot.sealed.iter().filter(|bid| !bid.replaced) {
                expected[of(bid.member)].sealed_margin += bid.margin;
            }
        }
        let held = exchange.halts().on(&auction.terms).next().is_some() || auction.own_suspension().is_some();
        let live = auction.lots_running > 0 && auction.status != AuctionStatus::Submitted;
        assert_eq!(auction.status == AuctionStatus::Suspended, live && held, "it runs when nothing holds it");
        let running = auction.lots.iter().filter(|lot| !lot.status.has_ended()).count();
        assert!(auction.lots_running == 0 || usize::from(auction.lots_running) == running);
        let sold = |lot: &&Lot| matches!(lot.status, LotStatus::Sold | LotStatus::Annulled);
        let sold = auction.lots.iter().filter(sold).all(|lot| lot.contract.is_some());
        assert!(sold, "what is sold has a contract");
    }
    for contract in exchange.contracts().iter().filter(|contract| contract.cancelled.is_none()) {
        expected[of(contract.seller)].contract_margin += contract.seller_margin;
        expected[of(contract.buyer)].contract_margin += contract.buyer_margin;
    }
    let (mut all, mut each) = (Usage::default(), std::collections::BTreeMap::<Owner, Usage>::new());
    for file in exchange.files().rows().iter().flatten() {
        for used in [&mut all, each.entry(file.owner).or_default()] {
            (used.files, used.bytes) = (used.files + 1, used.bytes + u64::from(file.size));
        }
    }
    assert_eq!(exchange.files().used(), all, "what is kept is counted");
    assert!(each.iter().all(|(owner, used)| exchange.files().used_by(*owner) == *used));
    for (at, balances) in exchange.ledger().members().iter().enumerate() {
        let expected = Balances { available: balances.available, ..expected[at] };
        assert_eq!(*balances, expected, "member {}", at + 1);
        assert!(!balances.available.is_negative());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Protects laws 2, 5 and 6: no sequence of commands changes the sum of the ledger or loses a margin; the same log
    /// gives the same state, events and digest, also through a snapshot in the middle and through the encoding.
    #[test]
    fn the_same_log_gives_the_same_world(steps in proptest::collection::vec(step(), 1..120), cut in 0usize..120) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            audit(&world.venue.exchange);
        }
        let digest = world.venue.exchange.digest();

        let mut again = Exchange::new();
        let mut out = Output::default();
        let entries = &world.venue.entries;
        let cut = cut % entries.len();
        let mut middle = None;
        for (at, (entry, opened)) in entries.iter().enumerate() {
            if at == cut {
                again.digest();
                middle = Some((Exchange::restore(&again.snapshot().encode()).unwrap(), out.events.len()));
            }
            let decoded = crate::command::Entry::decode(&entry.encode()).unwrap();
            prop_assert_eq!(&decoded, entry);
            again.execute(&decoded, *opened, &mut out);
        }
        prop_assert_eq!(&out.events, &world.venue.out.events);
        prop_assert_eq!(again.digest(), digest);

        let (mut restored, events_before) = middle.unwrap();
        let mut tail = Output::default();
        for (entry, opened) in &entries[cut..] {
            restored.execute(entry, *opened, &mut tail);
        }
        prop_assert_eq!(&tail.events[..], &world.venue.out.events[events_before..]);
        prop_assert_eq!(restored.digest(), digest);
        prop_assert_eq!(restored.next_stamp(), world.venue.exchange.next_stamp());
    }
}

/// Protects the second person: above the limit it waits, the same person may not, and it is judged when decided.
#[test]
fn a_second_person_decides() {
    let mut venue = Venue::new();
    let (member, _) = venue.firm("A", Role::Trader, "0");
    let one = venue.user(Role::Settlement, None);
    let two = venue.user(Role::Settlement, None);
    let operator = venue.user(Role::Operator, None);
    let payment = |amount: &str| Payment { member, amount: yuan(amount), reference: "bank".to_owned() };
    assert!(matches!(venue.ask(one, Body::Deposit(payment("1000000.00"))), Ok(Answer::Funds { .. })));
    let Ok(Answer::Pending(id)) = venue.ask(one, Body::Deposit(payment("1000000.01"))) else { panic!() };
    let reason = |outcome: Result<Answer, Refusal>| outcome.unwrap_err().reason();
    assert_eq!(reason(venue.ask(one, Body::Approve { approval: id, password_hash: None })), "same_person");
    assert_eq!(reason(venue.ask(operator, Body::Approve { approval: id, password_hash: None })), "forbidden");
    assert_eq!(venue.available(member), "1000000.00");
    venue.ask(two, Body::Approve { approval: id, password_hash: None }).unwrap();
    assert_eq!(venue.available(member), "2000000.01");
    assert_eq!(reason(venue.ask(two, Body::Approve { approval: id, password_hash: None })), "already_decided");
    let Ok(Answer::Pending(id)) = venue.ask(one, Body::Withdraw(payment("3000000.00"))) else { panic!() };
    assert_eq!(reason(venue.ask(two, Body::Approve { approval: id, password_hash: None })), "insufficient_cash");
    venue.ask(two, Body::Decline { approval: id }).unwrap();
    assert_eq!(venue.available(member), "2000000.01");
}

/// Protects idempotency: a key with another request, the limit a user, forgetting beyond the table's size and never within the window.
#[test]
fn answers_are_remembered_for_the_window() {
    let mut venue = Venue::new();
    let profile = crate::profile::Profile {
        outage_after: None,
        idempotency_window: Span::from_seconds(600),
        idempotency_keys_max: 3,
        idempotency_keys_per_user_max: 5,
        ..Default::default()
    };
    venue.system(Body::SetProfile(profile)).unwrap();
    let (_, trader) = venue.firm("A", Role::Trader, "0");
    let body = Body::Bid { auction: AuctionId(1), lot: LotIndex(0), price: price(1), seen_price: None };
    let ask = |venue: &mut Venue, n: u8, fingerprint: u8| {
        let request = crate::command::RequestId { key: [n; 16].into(), fingerprint: [fingerprint; 16].into() };
        venue.run(Command { principal: Principal::User(trader), request: Some(request), body: body.clone() }, None)
    };
    for n in 1..=5 {
        assert!(!ask(&mut venue, n, 0).replayed);
    }
    assert!(ask(&mut venue, 1, 0).replayed, "within the window nothing is forgotten");
    assert_eq!(ask(&mut venue, 1, 9).outcome, Err(Refusal::KeyReused));
    assert_eq!(ask(&mut venue, 6, 0).outcome, Err(Refusal::TooManyKeys));
    venue.at = Instant::from_us(600_000_001);
    assert!(!ask(&mut venue, 7, 0).replayed);
    assert!(ask(&mut venue, 5, 0).replayed, "older than the window, but the table has room");
    assert!(!ask(&mut venue, 1, 0).replayed, "forgotten: the oldest beyond the table's size");
}

/// Protects sessions: the oldest goes when there are too many, all go when the user is locked, and they expire.
#[test]
fn sessions_end() {
    let mut venue = Venue::new();
    let profile = crate::profile::Profile { outage_after: None, sessions_per_user_max: 2, ..Default::default() };
    venue.system(Body::SetProfile(profile)).unwrap();
    let user = venue.user(Role::Auditor, None);
    let open =
        |n: u8| Body::OpenSession { user, token_hash: [n; 32].into(), lasts: Span::from_seconds(60), checked: None };
    for n in 1..=3 {
        venue.system(open(n)).unwrap();
    }
    let count = |venue: &Venue| venue.exchange.members().sessions.iter().flatten().count();
    assert_eq!(count(&venue), 2);
    assert_eq!(venue.system(Body::CloseSession { token_hash: [1; 32].into() }), Err(Refusal::UnknownSession));
    assert_eq!(venue.exchange.next_stamp(), Some(Instant::from_us(60_000_000)));
    venue.tick(Instant::from_us(60_000_000));
    assert_eq!(count(&venue), 0);
    venue.system(open(4)).unwrap();
    venue.system(Body::LockUser { user }).unwrap();
    assert_eq!(count(&venue), 0);
    assert_eq!(venue.system(open(5)), Err(Refusal::NotSignedIn));
}
