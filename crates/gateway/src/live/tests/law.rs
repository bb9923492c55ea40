//! The law of the picture: made of events alone, it equals that of the whole state.

use exchange::files::{FileKind, Owner};
use exchange::markets::auction::{Attachment, CountdownFrom, Format, Side};
use exchange::members::{Applicant, Firm, Role};
use exchange::products::{Description, Kind};
use exchange::risk::HaltScope;
use exchange::units::{
    ApplicationId, ApprovalId, AuctionId, HaltId, LotIndex, MemberId, Money, Price, ProductId, Sequence, Span, UserId,
    UtcOffset,
};
use exchange::{Answer, Body, Payment, Profile, Refusal};

use super::venue::Venue;
use crate::live::{Live, Picture};

/// A plain generator, so that a failing seed can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Protects the law over random histories of everything that changes a venue, in runs of random length.
#[test]
fn events_alone_give_the_same_picture() {
    let (mut sold, mut sealed_sold, mut cancelled) = (0, 0, 0);
    for seed in 1..=80 {
        let mut dice = Dice(seed);
        let mut venue = Venue::new(Live::new(), 6);
        let outage_after = (seed % 2 == 0).then_some(Span::from_us(300_000));
        let profile = Profile {
            second_person_above: Some(Money::from_fen(10_000)),
            outage_after,
            ends_soon_before: (seed % 3 == 0).then_some(Span::from_seconds(1)),
            first_password_lasts: (seed % 2 == 0).then_some(Span::from_seconds(1)),
            refused_kept: (seed % 5 == 0).then_some(Span::from_seconds(1)),
            files_per_member_max: (seed % 4 == 0).then_some(2),
            ..Profile::default()
        };
        venue.system(Body::SetProfile(profile.clone())).unwrap();
        for _ in 0..400 {
            step(&mut venue, &mut dice);
            if dice.below(6) == 0 {
                venue.flush();
                venue.live.read(|picture| assert_same(picture, &Picture::of(&venue.exchange), seed));
            }
        }
        // Everything comes to its end.
        let halts: Vec<HaltId> = venue.exchange.halts().in_force().map(|halt| halt.id).collect();
        for halt in halts {
            venue.system(Body::LiftHalt { halt, reason: "done".into() }).unwrap();
        }
        let utc_offset = UtcOffset::from_minutes(-300);
        venue.system(Body::SetProfile(Profile { outage_after: None, utc_offset, ..profile })).unwrap();
        venue.pass(10_000_000);
        venue.flush();
        venue.live.read(|picture| {
            assert_same(picture, &Picture::of(&venue.exchange), seed);
            for auction in &picture.auctions {
                let status = auction.status.word();
                cancelled += usize::from(status == "cancelled");
                let lots = auction.lots.iter().filter(|lot| lot.contract.is_some()).count();
                *(if auction.terms.is_sealed() { &mut sealed_sold } else { &mut sold }) += lots;
            }
        });
    }
    // A law over nothing would hold too.
    assert!(sold > 50 && sealed_sold > 50 && cancelled > 10, "{sold} {sealed_sold} {cancelled}");
}

fn assert_same(applied: &Picture, whole: &Picture, seed: u64) {
    for (one, other) in applied.auctions.iter().zip(&whole.auctions) {
        assert_eq!(one, other, "seed {seed}");
    }
    assert_eq!(applied.members, whole.members, "seed {seed}");
    assert_eq!(applied, whole, "seed {seed}");
}

fn step(venue: &mut Venue, dice: &mut Dice) {
    let auctions = venue.exchange.auctions().len() as u64;
    let auction = AuctionId(u32::try_from(dice.below(auctions.max(1)) + 1).unwrap());
    let member = u32::try_from(dice.below(6) + 1).unwrap();
    let reason = || "because".to_owned();
    let user = venue.traders[member as usize - 1];
    let outcome = match dice.below(32) {
        0 => {
            let side = if dice.below(2) == 0 { Side::Sale } else { Side::Procurement };
            let format = if dice.below(2) == 0 { Format::Open } else { Format::Sealed };
            let (opens, lots) = (dice.below(500).cast_signed() + 1, u16::try_from(dice.below(3) + 1).unwrap());
            let closes = opens + 1 + dice.below(3_000).cast_signed();
            let mut announcement = venue.announcement(side, format, lots, opens, closes);
            announcement.consecutive = dice.below(2) == 0;
            if dice.below(3) == 0 {
                announcement.limit_price =
                    Some(Price::parse(if side == Side::Sale { "1004.00" } else { "996.00" }).unwrap());
            }
            if dice.below(2) == 0 {
                announcement.countdown_from = CountdownFrom::Opening;
            }
            let own = venue.exchange.files().all_of(Owner::Member(MemberId(1)), 0).next();
            if let Some((_, file)) = own.filter(|_| dice.below(2) == 0) {
                announcement.attachments = Some(vec![Attachment { file: file.hash, name: "a.pdf".into() }]);
            }
            let id = venue.submit(announcement);
            if dice.below(4) > 0 { venue.by(venue.operator, Body::Publish { auction: id }) } else { Ok(Answer::Done) }
        }
        1..=9 => {
            let Some(found) = venue.exchange.auctions().get(auction.0 as usize - 1) else { return };
            let lot = u16::try_from(dice.below(4)).unwrap();
            let by = dice.below(7);
            let price = match found.terms.side {
                Side::Sale => 100_000 + by * 100,
                Side::Procurement => 100_000 - by * 100,
            };
            let price = Price::from_fen(price).unwrap();
            if found.terms.is_sealed() {
                venue.sealed_bid(member, auction, lot, price).outcome
            } else {
                venue.bid(member, auction, lot, price).outcome
            }
        }
        30 | 31 => {
            let hash = [u8::try_from(dice.below(4)).unwrap(); 32].into();
            let (own, application) = (Owner::Member(MemberId(member)), Owner::Application(ApplicationId(member)));
            let owner = if dice.below(3) == 0 { application } else { own };
            let name = (owner == application).then(|| vec![7; 30].into());
            match dice.below(3) {
                0 => venue.system(Body::DropFile { hash, owner }),
                _ => venue.system(Body::KeepFile { hash, size: 100, kind: FileKind::Pdf, owner, name }),
            }
        }
        10 => venue.by(venue.operator, Body::Suspend { auction, reason: reason() }),
        11 | 12 => venue.by(venue.operator, Body::Resume { auction, reason: reason() }),
        13 => {
            let until = venue.now.plus(Span::from_us(dice.below(4_000_000).cast_signed()));
            venue.by(venue.operator, Body::Extend { auction, until, reason: reason() })
        }
        14 => match dice.below(3) {
            0 => venue.by(venue.operator, Body::Cancel { auction, reason: reason() }),
            1 => venue.by(venue.operator, Body::Reject { auction, reason: reason() }),
            _ => venue.by(venue.operator, Body::Publish { auction }),
        },
        15 => {
            let amount = Money::from_fen(i128::from(dice.below(20_000)) + 1);
            let payment = Payment { member: MemberId(member), amount, reference: "bank".into() };
            let by = venue.settlement[usize::try_from(dice.below(2)).unwrap()];
            venue.by(by, if dice.below(2) == 0 { Body::Deposit(payment) } else { Body::Withdraw(payment) })
        }
        16 => {
            let by = venue.settlement[usize::try_from(dice.below(2)).unwrap()];
            let waiting = venue.exchange.approvals().len() as u64;
            let approval = ApprovalId(u32::try_from(dice.below(waiting.max(1)) + 1).unwrap());
            venue.by(
                by,
                if dice.below(2) == 0 {
                    Body::Approve { approval, password_hash: None }
                } else {
                    Body::Decline { approval }
                },
            )
        }
        17 => {
            let token_hash = [u8::try_from(dice.below(200)).unwrap(); 32].into();
            let lasts = Span::from_us(dice.below(5_000_000).cast_signed() + 1);
            let hash = venue.exchange.members().user(user).map_or("", |user| &user.password_hash);
            let checked = exchange::members::password_tag(hash);
            if dice.below(2) == 0 {
                venue.system(Body::OpenSession { user, token_hash, lasts, checked: None })
            } else {
                venue.system(Body::SignIn { user, token_hash, lasts, checked, proof: None })
            }
        }
        18 => venue.system(Body::CloseSession { token_hash: [u8::try_from(dice.below(200)).unwrap(); 32].into() }),
        19 => match dice.below(3) {
            0 => venue.system(Body::LockUser { user }),
            1 => venue.system(Body::UnlockUser { user }),
            _ => {
                let own = dice.below(2) == 0;
                let body = Body::SetPassword { user, password_hash: "other".into(), keep: None };
                if own { venue.by(user, body) } else { venue.system(body) }
            }
        },
        20 => {
            let code = format!("P{}", dice.below(20));
            let said = |dice: &mut Dice| {
                let name_en = (dice.below(2) == 0).then(|| format!("n{}", dice.below(3)));
                let kind = (dice.below(2) == 0).then_some(Kind::Oxide);
                Some(Description { name_en, specification: None, kind })
            };
            if dice.below(2) == 0 {
                let description = said(dice);
                venue.system(Body::AddProduct { name: code.clone(), code, unit: "t".into(), description })
            } else {
                let (product, name) = (ProductId(u32::try_from(dice.below(6)).unwrap()), format!("N{}", dice.below(3)));
                let description = said(dice);
                venue.system(Body::DescribeProduct { product, name, description })
            }
        }
        21 if dice.below(2) == 0 => {
            let sequence = Sequence(dice.below(venue.exchange.sequence().0 + 2));
            let before = venue.exchange.members().user(user).and_then(|user| user.notices.as_ref());
            let before = before.map(|sealed| exchange::members::secret_tag(sealed));
            let mut auctions =
                || (0..dice.below(3)).map(|_| AuctionId(1 + u32::try_from(dice.below(6)).unwrap())).collect();
            let (add, remove) = (auctions(), auctions());
            match dice.below(3) {
                0 => venue.by(user, Body::Follow { add, remove }),
                1 => venue.by(user, Body::ReadNotices { up_to: sequence }),
                _ => venue.by(user, Body::SetNotices { user, before, sealed: vec![7; 40] }),
            }
        }
        21 => venue.system(Body::Outage),
        22 if dice.below(10) == 0 => {
            let scope = match dice.below(4) {
                0 => HaltScope::Market,
                1 => HaltScope::Product("PrNd-metal".into()),
                2 => HaltScope::Side(Side::Sale),
                _ => HaltScope::Format(Format::Sealed),
            };
            venue.by(venue.operator, Body::Halt { scope, reason: reason() })
        }
        22 | 23 => {
            let halt = venue.exchange.halts().in_force().next().map_or(HaltId(9_999), |halt| halt.id);
            venue.by(venue.operator, Body::LiftHalt { halt, reason: reason() })
        }
        25 => match dice.below(3) {
            0 => venue.system(Body::Annul { auction, lot: LotIndex(0), reason: reason() }),
            1 => {
                let payments = venue.exchange.payments().all();
                let at = usize::try_from(dice.below(payments.len() as u64)).unwrap();
                let payment = payments[at].sequence;
                venue.system(Body::Correct { payment, reason: reason() })
            }
            _ => venue.by(venue.operator, Body::Annul { auction, lot: LotIndex(0), reason: reason() }),
        },
        24 => {
            let member = MemberId(member);
            let body = if dice.below(10) == 0 {
                Body::FreezeMember { member, reason: reason() }
            } else {
                Body::UnfreezeMember { member, reason: reason() }
            };
            venue.by(venue.operator, body)
        }
        26 => match dice.below(4) {
            0 => {
                let expires = venue.exchange.now().plus(Span::from_us(dice.below(5_000_000).cast_signed() + 1));
                let token_hash = [u8::try_from(dice.below(200)).unwrap(); 32].into();
                let scopes = vec![exchange::members::Scope::Read];
                let by = venue.managers[member as usize - 1];
                venue.by(by, Body::AddKey { label: "key".to_owned(), token_hash, scopes, expires })
            }
            1 => {
                let key = UserId(u32::try_from(venue.exchange.members().users.len()).unwrap());
                let by = venue.managers[member as usize - 1];
                venue.by(by, Body::RevokeKey { key })
            }
            2 => venue.system(Body::BeginTotp { user, sealed: vec![1, 2, 3] }),
            _ => {
                let checked = exchange::members::secret_tag(&[1, 2, 3]);
                let recovery = vec![[7; 32].into()];
                venue.system(Body::ConfirmTotp { user, checked, step: dice.below(9), recovery })
            }
        },
        27 => venue.system(joining(venue, dice, user)),
        28 if dice.below(4) == 0 => {
            let by = venue.managers[member as usize - 1];
            let most = Some(Money::from_fen(i128::from(dice.below(1_000_000)) + 1));
            let body = if dice.below(2) == 0 {
                Body::GiveLimit { user, most: most.filter(|_| dice.below(3) == 0) }
            } else {
                Body::SetPassword { user, password_hash: "given".into(), keep: None }
            };
            venue.by(by, body)
        }
        _ => {
            venue.pass(dice.below(400).cast_signed());
            Ok(Answer::Done)
        }
    };
    if let Ok(Answer::Auction(_)) | Err(Refusal::UnknownLot) = outcome {
        venue.flush();
    }
}

/// A firm that applies or amends, what staff decide about it, or another role.
fn joining(venue: &Venue, dice: &mut Dice, user: UserId) -> Body {
    let all = venue.exchange.applications().all();
    let application = ApplicationId(u32::try_from(dice.below(all.len() as u64 + 1) + 1).unwrap());
    let tag = u8::try_from(100 + all.len()).unwrap();
    let code = ["91150000701463622D", "9144030071526726XG"][usize::try_from(dice.below(2)).unwrap()];
    let firm =
        Firm { credit_code: code.to_owned(), name: "firm".to_owned(), licence_until: None, affiliates: Vec::new() };
    let applicant =
        Applicant { login_tag: [tag; 16].into(), personal: vec![tag; 9].into(), contact: vec![tag; 9].into() };
    match dice.below(6) {
        0 | 1 => Body::Apply { token_hash: [tag; 32].into(), firm, applicant },
        2 => Body::Amend { application, firm, applicant },
        3 => Body::RefuseApplicant { application, reason: "because".to_owned() },
        4 => Body::AdmitApplicant {
            application,
            code: format!("N{application}"),
            login_tag: [tag; 16].into(),
            personal: vec![tag; 9].into(),
            password_hash: "first".to_owned(),
            amended: None,
        },
        // Most bids are of traders: they stay so most of the time.
        _ => Body::SetRole { user, role: if dice.below(8) == 0 { Role::Manager } else { Role::Trader } },
    }
}

/// Protects that what a member has held for sealed bids is shown to it alone, and that a sealed lot gives nothing away.
#[test]
fn sealed_bids_show_to_their_member_alone() {
    let mut venue = Venue::new(Live::new(), 3);
    let id = venue.running(Format::Sealed, 1);
    let before = venue.live.read(|picture| picture.member(MemberId(2)).unwrap().public_funds());
    venue.sealed_bid(2, id, 0, super::venue::price("1010.00")).outcome.unwrap();
    venue.sealed_bid(2, id, 0, super::venue::price("1020.00")).outcome.unwrap();
    venue.sealed_bid(3, id, 0, super::venue::price("900.00")).outcome.unwrap_err();
    venue.flush();
    venue.live.read(|picture| {
        let member = picture.member(MemberId(2)).unwrap();
        assert_eq!(member.public_funds(), before);
        assert_eq!(member.own_funds().held, Money::from_fen(408_000));
        assert_eq!(member.own_funds().available, before.available - Money::from_fen(408_000));
        let auction = picture.auction(id).unwrap();
        let figures = auction.figures(&auction.lots[0]);
        assert_eq!((figures.lead, figures.accepted, figures.rejected), (None, None, None));
        assert_eq!(picture.sealed_bids_of(MemberId(2)).count(), 1);
        assert_eq!(auction.lots[0].sealed_bids(MemberId(2)).count(), 2);
        assert_eq!(picture.sealed_bids_of(MemberId(3)).count(), 0);
    });
    venue.pass(86_500_000);
    venue.flush();
    venue.live.read(|picture| {
        let auction = picture.auction(id).unwrap();
        let figures = auction.figures(&auction.lots[0]);
        assert_eq!((figures.accepted, figures.rejected), (Some(2), Some(1)));
        assert_eq!(figures.lead.map(|lead| (lead.member, lead.alias)), Some((MemberId(2), 1)));
        let member = picture.member(MemberId(2)).unwrap();
        assert_eq!(member.public_funds(), member.own_funds());
        assert_eq!(member.public_balances().contract_margin, Money::from_fen(408_000));
    });
}

/// Protects that an announcement shows to its initiator and staff alone until it is published.
#[test]
fn announcements_show_once_published() {
    use exchange::members::Role;
    let mut venue = Venue::new(Live::new(), 2);
    let id = venue.submit(venue.announcement(Side::Sale, Format::Open, 1, 1_000, 2_000));
    venue.flush();
    let seen = |venue: &Venue, role, member: Option<u32>| {
        venue.live.read(|picture| picture.auction_for(id, role, member.map(MemberId)).is_some())
    };
    assert!(seen(&venue, Role::Trader, Some(1)));
    assert!(!seen(&venue, Role::Trader, Some(2)));
    assert!(seen(&venue, Role::Auditor, None));
    venue.by(venue.operator, Body::Publish { auction: id }).unwrap();
    venue.flush();
    assert!(seen(&venue, Role::Trader, Some(2)));
    let lot = LotIndex(0);
    assert_eq!(
        venue.live.read(|picture| picture.auction(id).unwrap().lots[usize::from(lot.0)].status.word()),
        "waiting"
    );
}

/// Protects that a reader who waits for an entry has it, and that waiting ends.
#[tokio::test]
async fn waits_for_an_entry() {
    use std::time::Duration;
    let mut venue = Venue::new(Live::new(), 1);
    let next = Sequence(venue.live.sequence().0 + 1);
    assert!(venue.live.reached(venue.live.sequence(), Duration::ZERO).await);
    assert!(!venue.live.reached(next, Duration::from_millis(1)).await);
    let waits = tokio::spawn({
        let live = venue.live.clone();
        async move { live.reached(next, Duration::from_secs(60)).await }
    });
    venue.pass(1);
    venue.flush();
    assert!(waits.await.unwrap());
}
