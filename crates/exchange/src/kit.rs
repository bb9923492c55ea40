//! For tests: a venue in a few words, on a clock that the test moves.

use minicbor::bytes::ByteArray;

use crate::command::{Body, Command, Entry, Payment, Principal, RequestId};
use crate::event::{Event, Events};
use crate::exchange::{Exchange, Output};
use crate::markets::auction::{Announcement, Auction, CountdownFrom, Format, Lot, LotTerms, Side};
use crate::members::Role;
use crate::outcome::{Answer, Reply};
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId};

pub(crate) struct Venue {
    pub(crate) exchange: Exchange,
    pub(crate) entries: Vec<(Entry, Option<Price>)>,
    pub(crate) out: Output,
    pub(crate) at: Instant,
    keys: u64,
}

pub(crate) fn yuan(text: &str) -> Money {
    Money::parse(text).unwrap()
}

pub(crate) fn price(yuan: u64) -> Price {
    Price::from_fen(yuan * 100).unwrap()
}

/// Seconds after the epoch of the tests.
pub(crate) fn s(seconds: i64) -> Instant {
    Instant::from_us(seconds * 1_000_000)
}

/// An announcement of `lots` lots of 20 t, start 565,000, step 500, opening at 100 s and closing at 1,900 s.
pub(crate) fn terms(initiator: MemberId, lots: usize) -> Announcement {
    Announcement {
        title: "金属镨钕".to_owned(),
        side: Side::Sale,
        initiator,
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens: s(100),
        closes: s(1900),
        format: Format::Open,
        start_price: price(565_000),
        limit_price: None,
        step: price(500),
        max_step: None,
        countdown: Span::from_seconds(180),
        countdown_from: CountdownFrom::Closing,
        consecutive: false,
        margin_rate: Rate::from_millionths(200_000).unwrap(),
        eligible: None,
        lots: (1..=lots)
            .map(|n| LotTerms { code: n.to_string(), quantity: Quantity::from_millionths(20_000_000).unwrap() })
            .collect(),
        attachments: None,
    }
}

impl Venue {
    /// Without outages by gaps, so that a test may let hours pass.
    pub(crate) fn new() -> Self {
        let mut venue =
            Venue { exchange: Exchange::new(), entries: Vec::new(), out: Output::default(), at: s(0), keys: 0 };
        venue.system(Body::SetProfile(Profile { outage_after: None, ..Profile::default() })).unwrap();
        venue
    }

    pub(crate) fn run(&mut self, command: Command, opened: Option<Price>) -> Reply {
        let sequence = Sequence(self.exchange.sequence().0 + 1);
        let entry = Entry { sequence, at: self.at, command };
        let reply = self.exchange.execute(&entry, opened, &mut self.out);
        self.entries.push((entry, opened));
        reply
    }

    pub(crate) fn system(&mut self, body: Body) -> Result<Answer, Refusal> {
        self.run(Command::system(body), None).outcome
    }

    pub(crate) fn ask(&mut self, user: UserId, body: Body) -> Result<Answer, Refusal> {
        let request = self.new_request();
        self.run(Command { principal: Principal::User(user), request: Some(request), body }, None).outcome
    }

    pub(crate) fn new_request(&mut self) -> RequestId {
        self.keys += 1;
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.keys.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        RequestId { key: ByteArray::from(key), fingerprint: ByteArray::from([0; 16]) }
    }

    /// A firm with one user of the role.
    pub(crate) fn firm(&mut self, code: &str, role: Role, cash: &str) -> (MemberId, UserId) {
        let admitted = self.system(Body::AdmitMember { code: code.to_owned(), name: code.to_owned() });
        let Ok(Answer::Member(member)) = admitted else { panic!("{admitted:?}") };
        if cash != "0" {
            let payment = Payment { member, amount: yuan(cash), reference: "opening".to_owned() };
            self.system(Body::Deposit(payment)).unwrap();
        }
        (member, self.user(role, Some(member)))
    }

    pub(crate) fn user(&mut self, role: Role, member: Option<MemberId>) -> UserId {
        let mut tag = [0; 16];
        tag[..8].copy_from_slice(&(self.exchange.members().users.len() as u64).to_le_bytes());
        let added = self.system(Body::AddUser {
            role,
            member,
            login_tag: ByteArray::from(tag),
            personal: vec![1, 2, 3],
            password_hash: "hash".to_owned(),
            single_use: false,
        });
        let Ok(Answer::User(user)) = added else { panic!("{added:?}") };
        user
    }

    /// Hands in and publishes.
    pub(crate) fn publish(&mut self, terms: Announcement) -> AuctionId {
        let submitted = self.system(Body::Submit(terms));
        let Ok(Answer::Submitted(id)) = submitted else { panic!("{submitted:?}") };
        self.system(Body::Publish { auction: id }).unwrap();
        id
    }

    pub(crate) fn bid(&mut self, user: UserId, auction: AuctionId, lot: u16, price: Price) -> Result<Answer, Refusal> {
        self.ask(user, Body::Bid { auction, lot: LotIndex(lot), price, seen_price: None })
    }

    pub(crate) fn sealed(&mut self, user: UserId, auction: AuctionId, lot: u16, price: Price) -> Reply {
        let request = self.new_request();
        let body = Body::SealedBid { auction, lot: LotIndex(lot), sealed: vec![0; 48] };
        self.run(Command { principal: Principal::User(user), request: Some(request), body }, Some(price))
    }

    pub(crate) fn tick(&mut self, at: Instant) {
        self.at = at;
        self.system(Body::Tick).unwrap();
    }

    pub(crate) fn auction(&self, id: AuctionId) -> &Auction {
        self.exchange.auction(id).unwrap()
    }

    pub(crate) fn lot(&self, id: AuctionId, lot: usize) -> &Lot {
        &self.auction(id).lots[lot]
    }

    pub(crate) fn available(&self, member: MemberId) -> String {
        self.exchange.ledger().balances(member).available.to_string()
    }

    pub(crate) fn held(&self, member: MemberId) -> String {
        self.exchange.ledger().balances(member).held().to_string()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        Events::new(&self.out.events).map(|happened| happened.unwrap().event).collect()
    }
}
