//! Bidders that make the demonstration move, at the pace of people, in auctions of their own.
//!
//! They ask like everybody else: as users, through the one order, with request ids of their own. New auctions of both
//! directions come as old ones end, and cash is paid in where it runs low, so that the market never dries up.

use std::time::Duration;

use exchange::markets::auction::{Announcement, Auction, AuctionStatus, CountdownFrom, LotStatus, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, LotIndex, MemberId, Money, Price, Span, UserId};
use exchange::{Answer, Body, Command, Exchange, Principal, Reply, RequestId};
use gateway::PasswordCost;
use minicbor::bytes::ByteArray;
use ordering::Node;

use super::catalogue::{self, Goods};
use super::market;
use crate::cli::Failure;
use crate::enter::{self, NewUser};

/// Between two bids: this much at the least, and up to as much again and more.
const PAUSE_MS: u64 = 400;
const PAUSE_MORE_MS: u64 = 1_600;
/// After the node could not: a while.
const PAUSE_AFTER_TROUBLE: Duration = Duration::from_secs(5);
/// How many auctions of each direction are coming or running.
const AUCTIONS_OPEN: usize = 2;
/// When an auction opens after it was announced; the first of all opens at once.
const OPENS_AFTER_S: std::ops::Range<u64> = 40..100;
const OPENS_AT_ONCE_S: u64 = 3;
/// How long an auction is open.
const OPEN_S: std::ops::Range<u64> = 240..480;
pub(super) const COUNTDOWN: Span = Span::from_seconds(45);
/// A firm with less than this is paid in more.
const CASH_LOW: Money = Money::from_fen(3_000_000_000);
const CASH_MORE: Money = Money::from_fen(10_000_000_000);
/// A bot that looks at a lot bids with a probability of this number to itself and the steps that the price has moved: always
/// at the start price, every second time after this many steps. So lots end by their clocks, and not at their limits.
pub(super) const EAGERNESS: u64 = 12;
/// A lot is worth at least so many steps to the bots, and fewer than this many more: beyond that they let it go.
const WORTH_STEPS: u64 = 6;
const WORTH_STEPS_MORE: u64 = 16;

/// A firm that bots act for.
struct Firm {
    member: MemberId,
    trader: UserId,
    manager: UserId,
}

/// The bidders.
pub struct Bots {
    node: Node,
    firms: Vec<Firm>,
    operator: UserId,
    /// Auctions of theirs that have not ended.
    open: Vec<AuctionId>,
    /// Tells the request ids of this process from those of every other.
    nonce: u64,
    count: u64,
}

/// What a bot sees of a lot.
pub(super) struct Seen {
    pub auction: AuctionId,
    pub lot: LotIndex,
    pub initiator: MemberId,
    pub leader: Option<MemberId>,
    pub best: Option<Price>,
    terms: Announcement,
}

/// What keeps a bot from going on.
enum Trouble {
    Node(String),
    Random,
}

impl Bots {
    /// Enters the firms and users that bots act for, or finds them.
    ///
    /// # Errors
    /// The node cannot.
    pub async fn new(node: Node, cost: PasswordCost) -> Result<Self, Failure> {
        let mut firms = Vec::new();
        for firm in catalogue::BOTS {
            let member = market::admit(&node, &firm).await?;
            let code = firm.code.to_lowercase();
            let trader = bot(&node, cost, format!("{code}-trader"), Role::Trader, Some(member)).await?;
            let manager = bot(&node, cost, format!("{code}-manager"), Role::Manager, Some(member)).await?;
            firms.push(Firm { member, trader, manager });
        }
        let operator = bot(&node, cost, "d-operator".to_owned(), Role::Operator, None).await?;
        let nonce =
            getrandom::u64().map_err(|error| Failure::broken(format!("the system gives no random bytes: {error}")))?;
        let mut bots = Bots { node, firms, operator, open: Vec::new(), nonce, count: 0 };
        bots.open = bots.node.read(|exchange| {
            let own = |auction: &&Auction| bots.firms.iter().any(|firm| firm.member == auction.terms.initiator);
            exchange
                .auctions()
                .iter()
                .filter(own)
                .filter(|auction| is_open(auction))
                .map(|auction| auction.id)
                .collect()
        });
        Ok(bots)
    }

    /// Goes on for ever.
    pub async fn run(mut self) {
        loop {
            let pause = match self.round().await {
                Ok(pause) => pause,
                Err(Trouble::Node(why)) => {
                    tracing::warn!("the bots wait: {why}");
                    PAUSE_AFTER_TROUBLE
                }
                Err(Trouble::Random) => {
                    tracing::error!("the bots stop: the system gives no random bytes");
                    return;
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn round(&mut self) -> Result<Duration, Trouble> {
        let known = std::mem::take(&mut self.open);
        self.open = self.node.read(|exchange| known.into_iter().filter(|id| is_open(auction(exchange, *id))).collect());
        for side in [Side::Sale, Side::Procurement] {
            self.announce(side).await?;
        }
        self.bid().await?;
        Ok(Duration::from_millis(PAUSE_MS + random(PAUSE_MORE_MS)?))
    }

    /// Hands in and approves one more auction where there are too few.
    async fn announce(&mut self, side: Side) -> Result<(), Trouble> {
        let open =
            self.node.read(|exchange| self.open.iter().filter(|id| auction(exchange, **id).terms.side == side).count());
        if open >= AUCTIONS_OPEN {
            return Ok(());
        }
        let (initiator, terms, goods): (usize, Announcement, &[Goods]) = match side {
            Side::Sale => (0, catalogue::published_sale(), &catalogue::SOLD),
            Side::Procurement => (1, catalogue::published_procurement(), &catalogue::BOUGHT),
        };
        let after = if open == 0 { OPENS_AT_ONCE_S } else { between(OPENS_AFTER_S)? };
        let opens = market::after(Duration::from_secs(after));
        let closes = opens.plus(Span::from_seconds(between(OPEN_S)?.cast_signed()));
        let (member, manager) = (self.firms[initiator].member, self.firms[initiator].manager);
        self.pay_in_if_low(member).await?;
        let terms = catalogue::moved(terms, member, opens, closes);
        // Lots that count from the opening end soon: so does the first auction of all.
        let countdown_from = if open == 0 || random(2)? == 0 { CountdownFrom::Opening } else { CountdownFrom::Closing };
        let terms = Announcement { countdown: COUNTDOWN, countdown_from, ..terms };
        let terms = goods[usize::try_from(random(goods.len() as u64)?).unwrap_or(0)].announced(terms);
        let reply = self.ask(manager, Body::Submit(terms)).await?;
        let Ok(Answer::Submitted(auction)) = reply.outcome else {
            tracing::warn!("a bot's announcement was not taken: {:?}", reply.outcome);
            return Ok(());
        };
        let reply = self.ask(self.operator, Body::Publish { auction }).await?;
        match reply.outcome {
            Ok(_) => self.open.push(auction),
            Err(refusal) => tracing::warn!("a bot's announcement was not published: {refusal}"),
        }
        Ok(())
    }

    /// One look at one lot, and perhaps one bid.
    async fn bid(&mut self) -> Result<(), Trouble> {
        let lots =
            self.node.read(|exchange| self.open.iter().flat_map(|id| seen(auction(exchange, *id))).collect::<Vec<_>>());
        if lots.is_empty() {
            return Ok(());
        }
        let lot = &lots[usize::try_from(random(lots.len() as u64)?).unwrap_or(0)];
        let bidders: Vec<&Firm> =
            self.firms.iter().filter(|firm| firm.member != lot.initiator && Some(firm.member) != lot.leader).collect();
        let bidder = bidders[usize::try_from(random(bidders.len() as u64)?).unwrap_or(0)];
        let (member, trader) = (bidder.member, bidder.trader);
        let Some(price) = lot.next_price(random(u64::MAX)?) else { return Ok(()) };
        if lot.steps_gone() >= lot.worth_steps() || random(EAGERNESS + lot.steps_gone())? >= EAGERNESS {
            return Ok(());
        }
        self.pay_in_if_low(member).await?;
        let (auction, lot, seen_price) = (lot.auction, lot.lot, lot.best);
        let reply = self.ask(trader, Body::Bid { auction, lot, price, seen_price }).await?;
        if let Err(refusal) = reply.outcome {
            // Somebody was faster, or the lot has ended: such is the market.
            tracing::debug!("a bot's bid was refused: {refusal}");
        }
        Ok(())
    }

    async fn pay_in_if_low(&self, member: MemberId) -> Result<(), Trouble> {
        if self.node.read(|exchange| exchange.ledger().balances(member).available) >= CASH_LOW {
            return Ok(());
        }
        market::pay_in(&self.node, member, CASH_MORE).await.map_err(|failure| Trouble::Node(failure.message))
    }

    async fn ask(&mut self, user: UserId, body: Body) -> Result<Reply, Trouble> {
        self.count += 1;
        let asked = format!("bot {:016x} {}", self.nonce, self.count);
        let vault = self.node.vault();
        let (key, fingerprint) = (vault.request_key(user, &asked), vault.fingerprint(asked.as_bytes()));
        let request = RequestId { key: ByteArray::from(key), fingerprint: ByteArray::from(fingerprint) };
        let command = Command { principal: Principal::User(user), request: Some(request), body };
        self.node.submit(command).await.map_err(|error| Trouble::Node(error.to_string()))
    }
}

async fn bot(
    node: &Node,
    cost: PasswordCost,
    login: String,
    role: Role,
    member: Option<MemberId>,
) -> Result<UserId, Failure> {
    let name = login.clone();
    enter::user(node, cost, NewUser { login, name, password: None, role, member, single_use: false }).await
}

fn auction(exchange: &Exchange, id: AuctionId) -> &Auction {
    &exchange.auctions()[id.0 as usize - 1]
}

fn is_open(auction: &Auction) -> bool {
    matches!(auction.status, AuctionStatus::Published | AuctionStatus::Running | AuctionStatus::Suspended)
}

pub(super) fn seen(auction: &Auction) -> impl Iterator<Item = Seen> {
    let running = auction.status == AuctionStatus::Running;
    let lots = auction.lots.iter().enumerate().filter(move |(_, lot)| running && lot.status == LotStatus::Running);
    lots.filter_map(|(place, lot)| {
        Some(Seen {
            auction: auction.id,
            lot: LotIndex(u16::try_from(place).ok()?),
            initiator: auction.terms.initiator,
            leader: lot.lead.map(|lead| lead.member),
            best: lot.lead.map(|lead| lead.price),
            terms: auction.terms.clone(),
        })
    })
}

impl Seen {
    /// The next bid: one or more steps better, within the largest step; `None` where it would reach the limit.
    pub fn next_price(&self, dice: u64) -> Option<Price> {
        let step = self.terms.step.fen();
        let most = self.terms.max_step.map_or(1, |most| most.fen() / step).max(1);
        let least = u64::from(self.best.is_some());
        let move_fen = (least + dice % most) * step;
        let reference = self.best.unwrap_or(self.terms.start_price).fen();
        let price = match self.terms.side {
            Side::Sale => reference.checked_add(move_fen)?,
            Side::Procurement => reference.checked_sub(move_fen)?,
        };
        let price = Price::from_fen(price)?;
        match self.terms.limit_price {
            Some(limit) if !self.terms.side.beats(limit, price) => None,
            _ => Some(price),
        }
    }

    /// How many steps from the start this lot is worth to the bots: another number for each lot, the same at each look.
    fn worth_steps(&self) -> u64 {
        let mixed = (u64::from(self.auction.0) * 31 + u64::from(self.lot.0)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        WORTH_STEPS + mixed % WORTH_STEPS_MORE
    }

    /// How many steps the price has moved from the start.
    pub fn steps_gone(&self) -> u64 {
        let best = self.best.unwrap_or(self.terms.start_price);
        best.fen().abs_diff(self.terms.start_price.fen()) / self.terms.step.fen()
    }
}

fn random(below: u64) -> Result<u64, Trouble> {
    getrandom::u64().map(|number| number % below.max(1)).map_err(|_| Trouble::Random)
}

fn between(range: std::ops::Range<u64>) -> Result<u64, Trouble> {
    Ok(range.start + random(range.end - range.start)?)
}
