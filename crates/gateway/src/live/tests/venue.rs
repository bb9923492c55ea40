//! A small venue to be tested with: a real exchange whose entries go to a live projection, on a clock of its own.

use exchange::markets::auction::{Announcement, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId};
use exchange::{Answer, Applied, Body, Command, Entry, Exchange, Output, Payment, Principal, Profile, Refusal, Reply};

use crate::live::{Live, Viewer};

/// The venue's clock starts now, since sessions are also judged by the clock on the wall.
fn start() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Instant::from_us(i64::try_from(since.as_micros()).unwrap())
}

pub(super) fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

/// Member 1 announces, the others bid; each has a trader and a manager.
pub(super) struct Venue {
    pub exchange: Exchange,
    pub live: Live,
    pub now: Instant,
    run: Applied,
    /// By member, from 1: its trader and its manager.
    pub traders: Vec<UserId>,
    pub managers: Vec<UserId>,
    pub operator: UserId,
    pub settlement: [UserId; 2],
    tokens: u8,
}

impl Venue {
    pub fn new(live: Live, members: u32) -> Self {
        let exchange = Exchange::new();
        live.begin(&exchange);
        let mut venue = Venue {
            exchange,
            live,
            now: start(),
            run: Applied::default(),
            traders: Vec::new(),
            managers: Vec::new(),
            operator: UserId(0),
            settlement: [UserId(0); 2],
            tokens: 0,
        };
        // A clock that jumps is a test's way to pass time, not an outage.
        venue.system(Body::SetProfile(Profile { outage_after: None, ..Profile::default() })).unwrap();
        for id in 1..=members {
            venue.system(Body::AdmitMember { code: format!("M{id}"), name: format!("Member {id}") }).unwrap();
            let payment =
                Payment { member: MemberId(id), amount: Money::from_fen(100_000_000_000), reference: "start".into() };
            venue.system(Body::Deposit(payment)).unwrap();
            let trader = venue.user(Role::Trader, Some(id));
            venue.traders.push(trader);
            let manager = venue.user(Role::Manager, Some(id));
            venue.managers.push(manager);
        }
        venue.operator = venue.user(Role::Operator, None);
        venue.settlement = [venue.user(Role::Settlement, None), venue.user(Role::Settlement, None)];
        venue.flush();
        venue
    }

    pub fn user(&mut self, role: Role, member: Option<u32>) -> UserId {
        let tag = u8::try_from(self.exchange.members().users.len()).unwrap();
        let added = self.system(Body::AddUser {
            role,
            member: member.map(MemberId),
            login_tag: [tag; 16].into(),
            personal: vec![tag],
            password_hash: "hash".into(),
            single_use: true,
        });
        let Ok(Answer::User(user)) = added else { panic!("{added:?}") };
        user
    }

    /// Executes one entry; the projection knows of it only after [`Venue::flush`].
    pub fn entry(&mut self, principal: Principal, body: Body, opened: Option<Price>) -> Reply {
        let sequence = Sequence(self.exchange.sequence().0 + 1);
        let mut out = Output::default();
        let entry = Entry { sequence, at: self.now, command: Command { principal, request: None, body } };
        let reply = self.exchange.execute(&entry, opened, &mut out);
        if self.run.first == Sequence(0) {
            self.run.first = sequence;
        }
        (self.run.last, self.run.at) = (sequence, self.now);
        self.run.events.extend(out.events);
        self.run.private.extend(out.private);
        reply
    }

    pub fn system(&mut self, body: Body) -> Result<Answer, Refusal> {
        self.entry(Principal::System, body, None).outcome
    }

    pub fn by(&mut self, user: UserId, body: Body) -> Result<Answer, Refusal> {
        self.entry(Principal::User(user), body, None).outcome
    }

    /// Gives the projection what has been executed, as one run.
    pub fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.first > Sequence(0) {
            self.live.apply(&run);
        }
    }

    /// Lets time pass, with a stamp at the end of it.
    pub fn pass(&mut self, ms: i64) {
        self.now = self.now.plus(Span::from_us(ms * 1_000));
        self.system(Body::Tick).unwrap();
    }

    pub fn announcement(&self, side: Side, format: Format, lots: u16, opens_ms: i64, closes_ms: i64) -> Announcement {
        let at = |ms| self.now.plus(Span::from_us(ms * 1_000));
        Announcement {
            title: "PrNd".into(),
            side,
            initiator: MemberId(1),
            product: "PrNd-metal".into(),
            unit: "t".into(),
            opens: at(opens_ms),
            closes: at(closes_ms),
            format,
            start_price: price("1000.00"),
            limit_price: None,
            step: price("1.00"),
            max_step: None,
            countdown: Span::from_us(200_000),
            countdown_from: CountdownFrom::Closing,
            consecutive: false,
            margin_rate: Rate::parse("0.2").unwrap(),
            eligible: None,
            attachments: None,
            lots: (1..=lots)
                .map(|lot| LotTerms { code: lot.to_string(), quantity: Quantity::parse("20").unwrap() })
                .collect(),
        }
    }

    /// Submits, without publishing.
    pub fn submit(&mut self, announcement: Announcement) -> AuctionId {
        let manager = self.managers[announcement.initiator.0 as usize - 1];
        match self.by(manager, Body::Submit(announcement)) {
            Ok(Answer::Submitted(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// A published auction of member 1 that opens now and closes in a day.
    pub fn running(&mut self, format: Format, lots: u16) -> AuctionId {
        let id = self.submit(self.announcement(Side::Sale, format, lots, 1, 86_400_000));
        self.by(self.operator, Body::Publish { auction: id }).unwrap();
        self.pass(1);
        self.flush();
        id
    }

    /// A bid of a member's trader.
    pub fn bid(&mut self, member: u32, auction: AuctionId, lot: u16, price: Price) -> Reply {
        let user = Principal::User(self.traders[member as usize - 1]);
        self.entry(user, Body::Bid { auction, lot: LotIndex(lot), price, seen_price: None }, None)
    }

    /// A sealed bid of a member's trader.
    pub fn sealed_bid(&mut self, member: u32, auction: AuctionId, lot: u16, price: Price) -> Reply {
        let user = Principal::User(self.traders[member as usize - 1]);
        self.entry(user, Body::SealedBid { auction, lot: LotIndex(lot), sealed: vec![1] }, Some(price))
    }

    /// Signs a user in.
    pub fn session(&mut self, user: UserId) -> Viewer {
        self.tokens += 1;
        let token_hash = [self.tokens; 32];
        let opened = self.system(Body::OpenSession {
            user,
            token_hash: token_hash.into(),
            lasts: Span::from_seconds(864_000),
            checked: None,
        });
        let Ok(Answer::Session { expires }) = opened else { panic!("{opened:?}") };
        self.flush();
        self.live.read(|picture| {
            let user = picture.user(user).unwrap();
            Viewer { user: user.id, role: user.role, member: user.member, token_hash, expires }
        })
    }
}
