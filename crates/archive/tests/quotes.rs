//! Candles and trades against a plain computation of their own, on random awards over two years.

mod kit;

use std::collections::BTreeMap;
use std::path::Path;

use archive::{Archive, CandlesWanted, Trade, TradesWanted};
use exchange::Event;
use exchange::disclosure::{self, Candle, Interval, Quotes};
use exchange::markets::auction::{Announcement, Format, LotStatus, Side};
use exchange::units::{AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, Quantity, UtcOffset, value};
use kit::{Log, admitted, feed, lot_changed, open, product, submitted, terms};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Two years of awards: auction 1 sells, 2 buys, 3 sells in a unit that the catalogue has not.
fn history(count: u32) -> (Log, Vec<(Option<Side>, disclosure::Trade)>) {
    let mut log = Log::default();
    log.entry([admitted(1), admitted(2), product(1, "PrNd-metal")]);
    let of = |side, unit: &str| Announcement { side, unit: unit.to_owned(), ..terms(MemberId(1), 1, Format::Open) };
    log.entry([
        submitted(1, of(Side::Sale, "t")),
        submitted(2, of(Side::Procurement, "t")),
        submitted(3, of(Side::Sale, "kg")),
    ]);
    let (mut dice, mut at, mut awards) = (Dice(7), Instant::parse("2024-12-30T15:00:00Z").unwrap().us(), Vec::new());
    for number in 1..=count {
        // Mostly minutes apart, now and then days, sometimes at once.
        at += match dice.below(20) {
            0 => dice.below(8 * 86_400),
            1..=3 => 0,
            _ => dice.below(4_000),
        }
        .cast_signed()
            * 1_000_000
            + dice.below(2).cast_signed();
        let auction = u32::try_from(dice.below(3)).unwrap() + 1;
        let price = Price::from_fen(60_000_000 + dice.below(5_000_000)).unwrap();
        let quantity = Quantity::from_millionths(1 + dice.below(30_000_000)).unwrap();
        let (amount, at) = (value(price, quantity), Instant::from_us(at));
        log.entry([
            lot_changed(auction, 0, LotStatus::Sold, at),
            Event::Awarded {
                contract: ContractId(number),
                auction: AuctionId(auction),
                lot: LotIndex(0),
                seller: MemberId(1),
                buyer: MemberId(2),
                winner: MemberId(2),
                price,
                quantity,
                amount,
                winner_margin: Money::ZERO,
                initiator_margin: Money::ZERO,
                at,
            },
        ]);
        let trade = disclosure::Trade {
            contract: ContractId(number),
            at,
            auction: AuctionId(auction),
            lot: LotIndex(0),
            price,
            quantity,
            amount,
            annulled: false,
        };
        awards.push(([Some(Side::Sale), Some(Side::Procurement), None][auction as usize - 1], trade));
    }
    (log, awards)
}

fn exported(archive: &Archive, side: Option<Side>, limit: usize) -> Vec<Trade> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let wanted = TradesWanted {
            product: "PrNd-metal".to_owned(),
            side,
            from: Instant::MIN,
            to: Instant::MAX,
            cursor,
            limit,
        };
        let page = archive.trades(&wanted).unwrap();
        assert!(page.items.len() <= limit);
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn candles(archive: &Archive, side: Side, interval: Interval, limit: usize) -> Vec<Candle> {
    let (mut all, mut to) = (Vec::new(), Instant::MAX);
    loop {
        let (product, offset, from) = ("PrNd-metal".to_owned(), UtcOffset::CHINA, Instant::MIN);
        let page = archive.candles(&CandlesWanted { product, side, interval, offset, from, to, limit }).unwrap();
        assert!(page.items.len() <= limit);
        all.splice(0..0, page.items);
        match page.next {
            Some(next) => to = next,
            None => return all,
        }
    }
}

/// Where an interval begins, by a plain count from days that the calendar names.
fn begins(interval: Interval, at: Instant) -> String {
    let named = |text: &str| Instant::parse(text).unwrap().us();
    let monday = named("2024-12-30T00:00:00+08:00");
    let every = |us: i64| Instant::from_us(monday + (at.us() - monday).div_euclid(us) * us).to_string();
    match interval {
        Interval::Minute => every(60_000_000),
        Interval::Minutes5 => every(300_000_000),
        Interval::Minutes15 => every(900_000_000),
        Interval::Hour => every(3_600_000_000),
        Interval::Day => every(86_400_000_000),
        Interval::Week => every(7 * 86_400_000_000),
        Interval::Month => {
            let months = (2024..2028).flat_map(|year| (1..=12).map(move |month| (year, month)));
            let firsts = months.map(|(year, month)| named(&format!("{year}-{month:02}-01T00:00:00+08:00")));
            Instant::from_us(firsts.filter(|first| *first <= at.us()).max().unwrap()).to_string()
        }
    }
}

/// Candles by a plain computation over an export: what stands in each, as text.
fn plainly(trades: &[Trade], interval: Interval) -> BTreeMap<String, [String; 8]> {
    let mut groups: BTreeMap<String, Vec<&disclosure::Trade>> = BTreeMap::new();
    for found in trades.iter().rev() {
        groups.entry(begins(interval, found.trade.at)).or_default().push(&found.trade);
    }
    let figures = |group: Vec<&disclosure::Trade>| {
        let millionths: u128 = group.iter().map(|trade| u128::from(trade.quantity.millionths())).sum();
        let exact: u128 = group.iter().map(|t| u128::from(t.price.fen()) * u128::from(t.quantity.millionths())).sum();
        let average = u64::try_from((2 * exact + millionths) / (2 * millionths)).unwrap();
        [
            group[0].price.to_string(),
            group.iter().map(|trade| trade.price).max().unwrap().to_string(),
            group.iter().map(|trade| trade.price).min().unwrap().to_string(),
            group[group.len() - 1].price.to_string(),
            Price::from_fen(average).unwrap().to_string(),
            millionths.to_string(),
            group.iter().map(|trade| trade.amount).sum::<Money>().to_string(),
            group.len().to_string(),
        ]
    };
    groups.into_iter().map(|(start, group)| (start, figures(group))).collect()
}

fn as_text(candles: &[Candle]) -> BTreeMap<String, [String; 8]> {
    let row = |candle: &Candle| {
        let f = &candle.figures;
        let [open, high, low, close, average] = [f.open, f.high, f.low, f.close, f.average()].map(|p| p.to_string());
        let (volume, turnover) = (f.volume.millionths().to_string(), f.turnover.to_string());
        (candle.start.to_string(), [open, high, low, close, average, volume, turnover, f.trades.to_string()])
    };
    candles.iter().map(row).collect()
}

/// Protects the candles of every interval against a plain computation over the export, whatever the pages are, and that
/// live quotes made of the same awards say the same; also of an archive that was rebuilt.
#[test]
fn candles_are_what_the_exported_awards_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let (log, awards) = history(1_500);
    let fed = |path: &Path, of: u64| {
        let archive = open(path);
        feed(&archive, log.runs(of));
        archive
    };
    let archive = fed(&folder.path().join("archive.db"), 100);
    let rebuilt = fed(&folder.path().join("rebuilt.db"), 7);
    let mut quotes = Quotes::default();
    for (side, trade) in &awards {
        quotes.award(side.map(|side| ("PrNd-metal", side)), *trade);
    }
    assert_eq!(exported(&archive, None, 90).len(), awards.iter().filter(|(side, _)| side.is_some()).count());
    for side in Side::BOTH {
        let trades = exported(&archive, Some(side), 7);
        let own: Vec<_> = awards.iter().filter(|(of, _)| *of == Some(side)).map(|(_, trade)| *trade).rev().collect();
        assert_eq!(trades.iter().map(|found| found.trade).collect::<Vec<_>>(), own);
        assert_eq!(exported(&archive, Some(side), 10_000), trades);
        for interval in Interval::ALL {
            let all = candles(&archive, side, interval, 10_000);
            assert_eq!(as_text(&all), plainly(&trades, interval), "{}", interval.word());
            assert!(all.is_sorted_by_key(|candle| candle.start) && all.iter().all(|candle| !candle.corrected));
            assert_eq!(candles(&archive, side, interval, 40), all, "{} in pages", interval.word());
            assert_eq!(candles(&rebuilt, side, interval, 10_000), all, "{} rebuilt", interval.word());
            assert_eq!(disclosure::candles(quotes.trades("PrNd-metal", side), interval, UtcOffset::CHINA), all);
        }
        let daily = candles(&archive, side, Interval::Day, 10_000);
        let quote = quotes.quote("PrNd-metal", side);
        assert_eq!(quote.day.map(|(_, figures)| figures), daily.last().map(|candle| candle.figures));
        assert_eq!(quote.previous, daily.get(daily.len() - 2).map(|candle| candle.figures.close));
    }
}

/// Protects the bounds of a question: whole candles that begin in `from..to`, and no other.
#[test]
fn candles_begin_within_what_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = history(400);
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, log.runs(50));
    for interval in [Interval::Hour, Interval::Day, Interval::Week, Interval::Month] {
        let all = candles(&archive, Side::Sale, interval, 10_000);
        let (second, last) = (all[1].start.us(), all[all.len() - 1].start.us());
        for (from, to, first, behind) in [
            (second, last, 1, all.len() - 1),
            (second - 1, last, 1, all.len() - 1),
            (second + 1, last, 2, all.len() - 1),
            (second, last + 1, 1, all.len()),
            (second, last - 1, 1, all.len() - 1),
        ] {
            let wanted = CandlesWanted {
                product: "PrNd-metal".to_owned(),
                side: Side::Sale,
                interval,
                offset: UtcOffset::CHINA,
                from: Instant::from_us(from),
                to: Instant::from_us(to),
                limit: 10_000,
            };
            assert_eq!(archive.candles(&wanted).unwrap().items, all[first..behind], "{}", interval.word());
        }
    }
}
