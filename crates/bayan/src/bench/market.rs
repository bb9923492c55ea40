//! The venue that every line is measured on: members, their traders, and auctions that stay open; and the bids for it.

use exchange::markets::auction::{Announcement, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Span, UserId};
use exchange::{Body, Command, Payment, Principal, RequestId};
use minicbor::bytes::ByteArray;
use serde::{Deserialize, Serialize};

/// The first bid of every lot is at least this: 565,000.00, as in the announcement of 2025-07-16.
pub const START_FEN: u64 = 56_500_000;
/// Bids rise by this, so that a lot can be bid for millions of times.
pub const STEP_FEN: u64 = 1;
/// Of so many bids one comes too late on purpose: it bids what somebody has bid already.
pub const LATE_ONE_IN: u64 = 10;
/// An initiator has so many auctions at the most; the venue's default allows a thousand.
const AUCTIONS_PER_INITIATOR: u32 = 500;
/// How long a session of a trader lasts.
const SESSION: Span = Span::from_seconds(12 * 3600);
/// How long the auctions stay open.
const OPEN_FOR: Span = Span::from_seconds(30 * 24 * 3600);

/// How large the venue is. Its identifiers follow from the order in which it is set up: initiators are the first
/// members, then come the bidders; traders are the users from 1; auctions are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// Members that bid.
    pub members: u32,
    /// Traders; each is of the member with its number modulo the members.
    pub traders: u32,
    /// Auctions.
    pub auctions: u32,
    /// Lots of each.
    pub lots: u16,
}

impl Market {
    /// 1,024 traders of 50 members before 64 lots.
    pub const USUAL: Market = Market { members: 50, traders: 1_024, auctions: 1, lots: 64 };

    fn initiators(&self) -> u32 {
        self.auctions.div_ceil(AUCTIONS_PER_INITIATOR)
    }

    /// All lots of all auctions.
    #[must_use]
    pub fn lots_total(&self) -> u64 {
        u64::from(self.auctions) * u64::from(self.lots)
    }

    /// The auction and the place of a lot among all.
    #[must_use]
    pub fn lot(&self, at: u64) -> (AuctionId, LotIndex) {
        let lots = u64::from(self.lots);
        (AuctionId((at / lots) as u32 + 1), LotIndex((at % lots) as u16))
    }

    /// The bidders' and initiators' firms, their cash and the traders.
    pub fn people(&self) -> impl Iterator<Item = Body> + use<> {
        let (initiators, members) = (self.initiators(), self.members);
        let firms = (1..=initiators + members).flat_map(move |id| {
            let code = if id <= initiators { format!("S{id}") } else { format!("B{}", id - initiators) };
            let payment = |reference: &str| {
                Body::Deposit(Payment { member: MemberId(id), amount: Money::MOST, reference: reference.to_owned() })
            };
            [Body::AdmitMember { name: code.clone(), code }, payment("bench 1"), payment("bench 2")]
        });
        let traders = (0..self.traders).map(move |trader| Body::AddUser {
            role: Role::Trader,
            member: Some(MemberId(initiators + 1 + trader % members)),
            login_tag: ByteArray::from(spread(u64::from(trader), 0x106)),
            personal: vec![0; 96],
            password_hash: "$argon2id$v=19$m=19456,t=2,p=1$YmVuY2htYXJrcw$bm9ib2R5IGtub3dzIGl0".to_owned(),
            single_use: false,
        });
        firms.chain(traders)
    }

    /// A session for every trader; the token is [`token`].
    pub fn sessions(&self) -> impl Iterator<Item = Body> + use<> {
        use sha2::{Digest, Sha256};
        (0..self.traders).map(|trader| Body::OpenSession {
            user: UserId(trader + 1),
            token_hash: ByteArray::from(<[u8; 32]>::from(Sha256::digest(token(trader).as_bytes()))),
            lasts: SESSION,
            checked: None,
        })
    }

    /// The announcements, each submitted and published.
    pub fn announcements(&self, opens: Instant) -> impl Iterator<Item = Body> + use<> {
        let lots = self.lots;
        (0..self.auctions).flat_map(move |n| {
            let announcement = Announcement {
                title: format!("金属镨钕 {}", n + 1),
                side: Side::Sale,
                initiator: MemberId(n / AUCTIONS_PER_INITIATOR + 1),
                product: "PrNd-metal".to_owned(),
                unit: "t".to_owned(),
                opens,
                closes: opens.plus(OPEN_FOR),
                format: Format::Open,
                start_price: price(START_FEN),
                limit_price: None,
                step: price(STEP_FEN),
                max_step: None,
                countdown: Span::from_seconds(180),
                countdown_from: CountdownFrom::Closing,
                consecutive: false,
                margin_rate: Rate::from_millionths(200_000).expect("a fifth is a rate"),
                eligible: None,
                attachments: None,
                lots: (1..=lots)
                    .map(|lot| LotTerms {
                        code: lot.to_string(),
                        quantity: Quantity::from_millionths(20_000_000).expect("20 t is a quantity"),
                    })
                    .collect(),
            };
            [Body::Submit(announcement), Body::Publish { auction: AuctionId(n + 1) }]
        })
    }
}

/// The bearer token of a trader; it opens a venue that exists for minutes on this machine alone.
#[must_use]
pub fn token(trader: u32) -> String {
    format!("bench-{trader:04}-0123456789abcdef0123456789abcdef")
}

fn price(fen: u64) -> Price {
    Price::from_fen(fen).expect("the bench stays far below the highest price")
}

/// One bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bid {
    /// The lot among all.
    pub lot: u64,
    /// Who.
    pub trader: u32,
    /// What.
    pub fen: u64,
}

impl Bid {
    /// The command, under a fresh key.
    #[must_use]
    pub fn command(&self, market: &Market, key: u64) -> Command {
        let (auction, lot) = market.lot(self.lot);
        Command {
            principal: Principal::User(UserId(self.trader + 1)),
            request: Some(RequestId {
                key: ByteArray::from(spread(key, 0x6b65)),
                fingerprint: ByteArray::from(spread(key, 0xf1)),
            }),
            body: Body::Bid { auction, lot, price: price(self.fen), seen_price: None },
        }
    }
}

/// Bidders who know what was bid before them: they choose lot and trader at random and bid one step more, but one in ten
/// bids what was bid already.
pub struct Bidding {
    random: Random,
    lots: u64,
    traders: u64,
    last: Vec<u64>,
}

impl Bidding {
    /// From so many steps above the start on, so that one run goes on above another.
    #[must_use]
    pub fn new(market: &Market, seed: u64, from_step: u64) -> Self {
        let lots = market.lots_total();
        let last = START_FEN + from_step * STEP_FEN;
        Bidding {
            random: Random::new(seed),
            lots,
            traders: u64::from(market.traders),
            last: vec![last; usize::try_from(lots).expect("as many lots as fit memory")],
        }
    }

    /// The next bid.
    pub fn bid(&mut self) -> Bid {
        let (lot, trader) = (self.random.below(self.lots), self.random.below(self.traders) as u32);
        let last = &mut self.last[lot as usize];
        if self.random.below(LATE_ONE_IN) != 0 {
            *last += STEP_FEN;
        }
        Bid { lot, trader, fen: *last }
    }
}

/// A plain generator (splitmix64): the same bids in every run of the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.number()) * u128::from(bound)) >> 64) as u64
    }
}

/// Sixteen bytes that look like a digest and differ for different numbers.
fn spread(number: u64, salt: u64) -> [u8; 16] {
    let mut random = Random::new(number.wrapping_mul(0x0100_0000_01b3) ^ (salt << 48));
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&random.number().to_le_bytes());
    bytes[8..].copy_from_slice(&number.to_le_bytes());
    bytes
}
