//! An afternoon of the demonstration on a clock of its own: what its bots trade, and what is disclosed of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use archive::{Archive, CandlesWanted, TradesWanted};
use exchange::disclosure::{self, Interval};
use exchange::markets::auction::{Announcement, CountdownFrom, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, MemberId, Money, Sequence, Span, UserId, UtcOffset};
use exchange::{Answer, Applied, Body, Command, Entry, Exchange, Output, Payment, Principal, Profile, Refusal};
use gateway::live::Live;

use super::bots::{COUNTDOWN, EAGERNESS, Seen, seen};
use super::catalogue::{self, Goods};
use super::products::PRODUCTS;

const HOURS: i64 = 4;

/// A venue whose clock the test moves.
struct Afternoon {
    exchange: Exchange,
    now: Instant,
    entries: Vec<Entry>,
    runs: Vec<Arc<Applied>>,
    dice: u64,
}

impl Afternoon {
    /// As the demonstration begins: its goods, and the firms that bots act for.
    fn begin() -> Self {
        let now = Instant::parse("2026-01-09T13:00:00+08:00").unwrap();
        let (entries, runs) = (Vec::new(), Vec::new());
        let mut afternoon = Afternoon { exchange: Exchange::new(), now, entries, runs, dice: 20_260_109 };
        afternoon.done(Body::SetProfile(Profile { outage_after: None, ..Profile::default() }));
        for product in &PRODUCTS {
            let (code, name, unit) = (product.code.to_owned(), product.name.to_owned(), product.unit.to_owned());
            afternoon.done(Body::AddProduct { code, name, unit, description: Some(product.description()) });
        }
        for firm in catalogue::BOTS {
            let admitted = Body::AdmitMember { code: firm.code.to_owned(), name: firm.name.to_owned() };
            let Answer::Member(member) = afternoon.done(admitted) else { panic!("{} is admitted", firm.code) };
            let (amount, reference) = (Money::parse("9000000000.00").unwrap(), "demonstration".to_owned());
            afternoon.done(Body::Deposit(Payment { member, amount, reference }));
            let tag = u8::try_from(member.0).unwrap();
            afternoon.done(Body::AddUser {
                role: Role::Trader,
                member: Some(member),
                login_tag: [tag; 16].into(),
                personal: vec![tag],
                password_hash: String::new(),
                single_use: false,
            });
        }
        afternoon
    }

    fn below(&mut self, n: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % n
    }

    fn ask(&mut self, command: Command) -> Result<Answer, Refusal> {
        let sequence = Sequence(self.exchange.sequence().0 + 1);
        let entry = Entry { sequence, at: self.now, command };
        let mut out = Output::default();
        let reply = self.exchange.execute(&entry, None, &mut out);
        self.entries.push(entry);
        let run = Applied { first: sequence, last: sequence, at: self.now, events: out.events, private: out.private };
        self.runs.push(Arc::new(run));
        reply.outcome
    }

    fn done(&mut self, body: Body) -> Answer {
        self.ask(Command::system(body)).unwrap()
    }

    /// One announcement of a bot, as bots make them.
    fn announce(&mut self, side: Side) -> AuctionId {
        let (terms, initiator, goods): (Announcement, u32, &[Goods]) = match side {
            Side::Sale => (catalogue::published_sale(), 1, &catalogue::SOLD),
            Side::Procurement => (catalogue::published_procurement(), 2, &catalogue::BOUGHT),
        };
        let opens = self.now.plus(Span::from_seconds(3));
        let closes = opens.plus(Span::from_seconds(240 + self.below(240).cast_signed()));
        let terms = catalogue::moved(terms, MemberId(initiator), opens, closes);
        let countdown_from = if self.below(2) == 0 { CountdownFrom::Opening } else { CountdownFrom::Closing };
        let terms = Announcement { countdown: COUNTDOWN, countdown_from, ..terms };
        let goods = &goods[usize::try_from(self.below(goods.len() as u64)).unwrap()];
        let Answer::Submitted(auction) = self.done(Body::Submit(goods.announced(terms))) else {
            panic!("it is handed in")
        };
        self.done(Body::Publish { auction });
        auction
    }

    /// Trades for some hours: two auctions a side, and a look at a lot every one or two seconds.
    fn trade(&mut self) {
        let over = self.now.plus(Span::from_seconds(HOURS * 3600));
        let mut open: Vec<(AuctionId, Side)> = Vec::new();
        while self.now < over {
            self.now = self.now.plus(Span::from_us(400_000 + self.below(1_600_000).cast_signed()));
            self.done(Body::Tick);
            let auctions = self.exchange.auctions();
            open.retain(|(id, _)| !auctions[id.0 as usize - 1].has_ended());
            for side in Side::BOTH {
                if open.iter().filter(|(_, of)| *of == side).count() < 2 {
                    let id = self.announce(side);
                    open.push((id, side));
                }
            }
            let of = |id: &AuctionId| seen(&self.exchange.auctions()[id.0 as usize - 1]);
            let lots: Vec<Seen> = open.iter().flat_map(|(id, _)| of(id)).collect();
            if lots.is_empty() {
                continue;
            }
            let lot = &lots[usize::try_from(self.below(lots.len() as u64)).unwrap()];
            let member = MemberId(3 + u32::try_from(self.below(6)).unwrap());
            let dice = self.below(u64::MAX >> 33);
            let Some(price) = lot.next_price(dice).filter(|_| Some(member) != lot.leader && member != lot.initiator)
            else {
                continue;
            };
            if self.below(EAGERNESS + lot.steps_gone()) < EAGERNESS {
                // Each firm has one user, and both have the same number.
                let principal = Principal::User(UserId(member.0));
                let body = Body::Bid { auction: lot.auction, lot: lot.lot, price, seen_price: lot.best };
                self.ask(Command { principal, request: None, body }).unwrap();
            }
        }
    }
}

fn archived(path: &Path, runs: &[Arc<Applied>]) -> Archive {
    let archive = Archive::open(path).unwrap();
    for run in runs {
        archive.feed(Arc::clone(run)).unwrap();
    }
    assert!(archive.reached_blocking(runs.last().unwrap().last, Duration::from_secs(60)), "{:?}", archive.health());
    archive
}

fn shown(runs: &[Arc<Applied>]) -> Live {
    let live = Live::new();
    live.begin(&Exchange::new());
    runs.iter().for_each(|run| live.apply(run));
    live
}

/// Awards as an export has them, the oldest first.
fn exported(archive: &Archive, product: &str, side: Side) -> Vec<disclosure::Trade> {
    let (product, side) = (product.to_owned(), Some(side));
    let wanted = TradesWanted { product, side, from: Instant::MIN, to: Instant::MAX, cursor: None, limit: 10_000 };
    let page = archive.trades(&wanted).unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().rev().map(|found| found.trade).collect()
}

fn candles(archive: &Archive, product: &str, side: Side, interval: Interval) -> Vec<disclosure::Candle> {
    let (product, offset) = (product.to_owned(), UtcOffset::CHINA);
    let (from, to, limit) = (Instant::MIN, Instant::MAX, 10_000);
    let page = archive.candles(&CandlesWanted { product, side, interval, offset, from, to, limit }).unwrap();
    assert_eq!(page.next, None);
    page.items
}

/// A candle by a plain computation: start, open, high, low, close, average, volume, turnover.
type Plain = (i64, [u64; 5], u128, i128);

/// By a plain computation. The afternoon is one day, so every interval but the three longest counts from its midnight.
fn plainly(trades: &[disclosure::Trade], seconds: i64) -> Vec<Plain> {
    let midnight = Instant::parse("2026-01-09T00:00:00+08:00").unwrap().us();
    let mut groups: BTreeMap<i64, Vec<&disclosure::Trade>> = BTreeMap::new();
    for trade in trades {
        groups.entry((trade.at.us() - midnight) / (seconds * 1_000_000)).or_default().push(trade);
    }
    let figures = |(place, group): (i64, Vec<&disclosure::Trade>)| {
        let prices: Vec<u64> = group.iter().map(|trade| trade.price.fen()).collect();
        let quantities: Vec<u128> = group.iter().map(|trade| u128::from(trade.quantity.millionths())).collect();
        let volume: u128 = quantities.iter().sum();
        let exact: u128 = prices.iter().zip(&quantities).map(|(price, quantity)| u128::from(*price) * quantity).sum();
        let average = u64::try_from((2 * exact + volume) / (2 * volume)).unwrap();
        let (high, low) = (*prices.iter().max().unwrap(), *prices.iter().min().unwrap());
        let turnover = group.iter().map(|trade| trade.amount.fen()).sum();
        let start = midnight + place * seconds * 1_000_000;
        (start, [prices[0], high, low, prices[prices.len() - 1], average], volume, turnover)
    };
    groups.into_iter().map(figures).collect()
}

/// Protects what the demonstration discloses of an afternoon of its own awards: candles are what a plain computation over
/// the export comes to, live quotes say the same, and so they do after a replay of the log and a rebuild of the archive.
#[test]
fn an_afternoon_is_disclosed_as_it_was() {
    let mut afternoon = Afternoon::begin();
    afternoon.trade();
    let folder = tempfile::tempdir().unwrap();
    let archive = archived(&folder.path().join("archive.sqlite"), &afternoon.runs);
    let live = shown(&afternoon.runs);

    let mut again = Afternoon { exchange: Exchange::new(), entries: Vec::new(), runs: Vec::new(), ..afternoon };
    for entry in &afternoon.entries {
        again.now = entry.at;
        let _ = again.ask(entry.command.clone());
    }
    assert_eq!(again.exchange.digest(), afternoon.exchange.digest());
    let rebuilt = archived(&folder.path().join("rebuilt.sqlite"), &again.runs);
    let replayed = shown(&again.runs);
    let restarted = Live::new();
    restarted.begin(&Exchange::restore(&afternoon.exchange.snapshot().encode()).unwrap());
    let quotes = live.read(|picture| picture.quotes.clone());
    for other in [&replayed, &restarted] {
        assert!(other.read(|picture| picture.quotes == quotes), "a replay, and a restart, show the same quotes");
    }
    assert_eq!(rebuilt.content_hash().unwrap(), archive.content_hash().unwrap());

    let mut awards = 0;
    for (product, side) in PRODUCTS.iter().flat_map(|product| Side::BOTH.map(|side| (product.code, side))) {
        let trades = exported(&archive, product, side);
        assert_eq!(trades, quotes.trades(product, side));
        awards += trades.len();
        let spans = [60, 300, 900, 3600, 86_400, 86_400, 86_400];
        for (interval, seconds) in Interval::ALL.into_iter().zip(spans) {
            let found = candles(&archive, product, side, interval);
            assert_eq!(candles(&rebuilt, product, side, interval), found);
            let as_plain = |candle: &disclosure::Candle| {
                let f = &candle.figures;
                let prices = [f.open, f.high, f.low, f.close, f.average()].map(|price| price.fen());
                (candle.start.us(), prices, f.volume.millionths(), f.turnover.fen())
            };
            let mut expected = plainly(&trades, seconds);
            for (start, ..) in &mut expected {
                let day = match interval {
                    Interval::Week => "2026-01-05T00:00:00+08:00",
                    Interval::Month => "2026-01-01T00:00:00+08:00",
                    _ => continue,
                };
                *start = Instant::parse(day).unwrap().us();
            }
            let found: Vec<Plain> = found.iter().map(as_plain).collect();
            assert_eq!(found, expected, "{product} {} {}", side.word(), interval.word());
        }
        let daily = candles(&archive, product, side, Interval::Day);
        assert_eq!(quotes.quote(product, side).day.map(|(_, figures)| figures), daily.last().map(|day| day.figures));
    }
    assert_eq!(awards, afternoon.exchange.contracts().len(), "every award is quoted");
    assert!(awards > 100, "an afternoon has more than {awards} awards");
}
