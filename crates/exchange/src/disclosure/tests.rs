//! Quotes by table, and against a plain computation of their own.

use proptest::prelude::*;

use super::*;
use crate::units::{AuctionId, LotIndex, Quantity, value};

fn trade(contract: u32, at: &str, price: &str, quantity: &str) -> Trade {
    let (price, quantity) = (Price::parse(price).unwrap(), Quantity::parse(quantity).unwrap());
    Trade {
        contract: ContractId(contract),
        at: Instant::parse(at).unwrap(),
        auction: AuctionId(contract),
        lot: LotIndex(0),
        price,
        quantity,
        amount: value(price, quantity),
        annulled: false,
    }
}

const SALE: Option<(&str, Side)> = Some(("PrNd", Side::Sale));

fn text(quote: Quote) -> [String; 7] {
    let (_, figures) = quote.day.unwrap();
    let change = quote.change().map_or("none".to_owned(), |change| change.to_string());
    [
        figures.close.to_string(),
        change,
        figures.high.to_string(),
        figures.low.to_string(),
        figures.average().to_string(),
        figures.volume.to_string(),
        figures.turnover.to_string(),
    ]
}

/// Protects the figures of a day by hand: the venue's midnight, the change against the last day with a trade, the two
/// sides apart, and the rounding of the average.
#[test]
fn the_figures_of_a_day() {
    let mut quotes = Quotes::default();
    assert_eq!(quotes.quote("PrNd", Side::Sale), Quote { day: None, previous: None, corrected: false });
    quotes.award(SALE, trade(1, "2026-01-08T15:59:59Z", "620000.00", "1"));
    assert_eq!(quotes.quote("PrNd", Side::Sale).change(), None, "there is no day before");
    quotes.award(SALE, trade(2, "2026-01-08T16:00:00Z", "624000.00", "20"));
    quotes.award(Some(("PrNd", Side::Procurement)), trade(3, "2026-01-09T01:00:00Z", "1.00", "1"));
    quotes.award(None, trade(4, "2026-01-09T01:00:00Z", "2.00", "1"));
    quotes.award(SALE, trade(5, "2026-01-09T02:00:00Z", "626000.00", "10.000001"));
    quotes.award(SALE, trade(6, "2026-01-09T03:00:00Z", "624900.00", "0.5"));
    let quote = quotes.quote("PrNd", Side::Sale);
    assert_eq!(quote.day.unwrap().0.to_string(), "2026-01-09");
    // (624,000 × 20 + 626,000 × 10.000001 + 624,900 × 0.5) / 30.500001 = 624,670.4917…
    let expected = ["624900.00", "4900.00", "626000.00", "624000.00", "624670.49", "30.500001", "19052450.63"];
    assert_eq!(text(quote), expected);
    assert_eq!(
        quotes.closes("PrNd", Side::Sale, 30).iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["620000.00", "624900.00"]
    );
    assert_eq!(quotes.closes("PrNd", Side::Sale, 1).len(), 1);
    assert_eq!(quotes.quote("PrNd", Side::Procurement).turnover().to_string(), "1.00");

    let mut half = Quotes::default();
    half.award(SALE, trade(1, "2026-01-09T01:00:00Z", "0.01", "1"));
    half.award(SALE, trade(2, "2026-01-09T01:00:00Z", "0.02", "1"));
    assert_eq!(half.quote("PrNd", Side::Sale).day.unwrap().1.average().to_string(), "0.02", "half a fen goes up");
}

/// Protects that an annulled award counts nowhere and that its day says so, also when nothing of the day is left.
#[test]
fn an_annulled_award_is_corrected_visibly() {
    let mut quotes = Quotes::default();
    quotes.award(SALE, trade(1, "2026-01-08T01:00:00Z", "100.00", "1"));
    quotes.award(SALE, trade(2, "2026-01-09T01:00:00Z", "300.00", "2"));
    quotes.award(SALE, trade(3, "2026-01-09T02:00:00Z", "200.00", "1"));
    quotes.award(None, trade(4, "2026-01-09T02:00:00Z", "1.00", "1"));
    assert_eq!(quotes.annul(ContractId(4)), None);
    assert_eq!(quotes.annul(ContractId(5)), None);
    assert_eq!(quotes.annul(ContractId(3)), SALE);
    assert_eq!(quotes.annul(ContractId(3)), None, "it is annulled once");
    let quote = quotes.quote("PrNd", Side::Sale);
    assert!(quote.corrected);
    assert_eq!(text(quote), ["300.00", "200.00", "300.00", "300.00", "300.00", "2", "600.00"]);
    let daily = candles(quotes.trades("PrNd", Side::Sale), Interval::Day, quotes.offset());
    assert_eq!(
        daily.iter().map(|candle| (candle.figures.trades, candle.corrected)).collect::<Vec<_>>(),
        [(1, false), (1, true)]
    );

    assert_eq!(quotes.annul(ContractId(2)), SALE);
    let quote = quotes.quote("PrNd", Side::Sale);
    assert_eq!(
        (quote.day.unwrap().0.to_string().as_str(), quote.corrected, quote.change()),
        ("2026-01-08", true, None)
    );
    assert_eq!(candles(quotes.trades("PrNd", Side::Sale), Interval::Day, quotes.offset()).len(), 1);
    assert_eq!(quotes.trades("PrNd", Side::Sale).len(), 3, "what was annulled is still in the list");
    quotes.award(SALE, trade(5, "2026-01-10T01:00:00Z", "110.00", "1"));
    let quote = quotes.quote("PrNd", Side::Sale);
    assert_eq!((quote.change().unwrap().to_string().as_str(), quote.corrected), ("10.00", false));
}

/// A day's figures by a plain computation: sums in whole millionths of a fen, without the code above.
fn plainly(trades: &[Trade]) -> Option<(u64, u64, u64, u64, u128, i128, u64)> {
    let stand: Vec<&Trade> = trades.iter().filter(|trade| !trade.annulled).collect();
    let quantity: u128 = stand.iter().map(|trade| u128::from(trade.quantity.millionths())).sum();
    let exact: u128 = stand.iter().map(|t| u128::from(t.price.fen()) * u128::from(t.quantity.millionths())).sum();
    Some((
        stand.first()?.price.fen(),
        stand.iter().map(|trade| trade.price.fen()).max()?,
        stand.iter().map(|trade| trade.price.fen()).min()?,
        stand.last()?.price.fen(),
        quantity,
        stand.iter().map(|trade| trade.amount.fen()).sum(),
        u64::try_from((2 * exact + quantity) / (2 * quantity)).unwrap(),
    ))
}

proptest! {
    /// Protects the kept figures against a plain computation: whatever is awarded, in whatever order of time, and
    /// annulled, every day and its candle are what the day's trades come to, also once midnight is another.
    #[test]
    fn kept_and_counted_figures_agree(
        awards in prop::collection::vec((0i64..4 * 86_400, 1u64..1_000_000_000, 1u64..50_000_000, 0u8..8), 1..60),
        hours in -12i16..=14,
    ) {
        let mut quotes = Quotes::default();
        let mut all = Vec::new();
        for ((seconds, fen, millionths, annul), contract) in awards.into_iter().zip(1u32..) {
            let (price, quantity) = (Price::from_fen(fen).unwrap(), Quantity::from_millionths(millionths).unwrap());
            let at = Instant::from_us(1_767_916_800_000_000 + seconds * 1_000_000);
            let mut new = Trade {
                contract: ContractId(contract),
                at,
                auction: AuctionId(1),
                lot: LotIndex(0),
                price,
                quantity,
                amount: value(price, quantity),
                annulled: false,
            };
            quotes.award(SALE, new);
            if annul == 0 {
                prop_assert_eq!(quotes.annul(new.contract), SALE);
                new.annulled = true;
            }
            all.push(new);
        }
        all.sort_by_key(Trade::key);
        for offset in [UtcOffset::CHINA, UtcOffset::from_minutes(hours * 60).unwrap()] {
            quotes.set_offset(offset);
            prop_assert_eq!(quotes.trades("PrNd", Side::Sale), &all[..]);
            let day_of = |trade: &Trade| (trade.at.us() + i64::from(offset.minutes()) * 60_000_000).div_euclid(86_400_000_000);
            let counted: Vec<_> = all.chunk_by(|one, next| day_of(one) == day_of(next)).collect();
            let daily = candles(&all, Interval::Day, offset);
            let expected: Vec<_> = counted.iter().filter_map(|trades| plainly(trades)).collect();
            let found: Vec<_> = daily.iter().map(|candle| {
                let f = candle.figures;
                (f.open.fen(), f.high.fen(), f.low.fen(), f.close.fen(), f.volume.millionths(), f.turnover.fen(), f.average().fen())
            }).collect();
            prop_assert_eq!(&found, &expected);
            let quote = quotes.quote("PrNd", Side::Sale);
            prop_assert_eq!(quote.day.map(|(_, figures)| figures), daily.last().map(|candle| candle.figures));
            prop_assert_eq!(quote.previous, daily.len().checked_sub(2).map(|at| daily[at].figures.close));
            let closes: Vec<Price> = daily.iter().map(|candle| candle.figures.close).collect();
            prop_assert_eq!(quotes.closes("PrNd", Side::Sale, 30), closes);
        }
    }
}
