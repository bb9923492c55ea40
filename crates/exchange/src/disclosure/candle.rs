//! What awards come to: the figures of a day, or of any other interval.

use super::calendar::Interval;
use crate::units::{AuctionId, ContractId, Instant, LotIndex, Money, Price, Quantity, UtcOffset, Volume};

/// An award as the public reads it: a price and a quantity, and nobody's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Its number among all awards.
    pub contract: ContractId,
    /// When the lot ended.
    pub at: Instant,
    /// Of which auction.
    pub auction: AuctionId,
    /// Of which lot.
    pub lot: LotIndex,
    /// The price per unit.
    pub price: Price,
    /// How much.
    pub quantity: Quantity,
    /// price × quantity, as the contract has it.
    pub amount: Money,
    /// Whether it was annulled since: then it counts nowhere.
    pub annulled: bool,
}

impl Trade {
    /// By what trades are ordered: their time, then their number.
    #[must_use]
    pub const fn key(&self) -> (Instant, ContractId) {
        (self.at, self.contract)
    }
}

/// What some trades come to; there is at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The first price.
    pub open: Price,
    /// The highest price.
    pub high: Price,
    /// The lowest price.
    pub low: Price,
    /// The last price.
    pub close: Price,
    /// The sum of the quantities.
    pub volume: Volume,
    /// The sum of the amounts, each rounded as its contract has it.
    pub turnover: Money,
    /// How many trades there were.
    pub trades: u32,
    /// When the last one was.
    pub last_at: Instant,
    /// The sum of price × quantity in fen and millionths, exact.
    weighted: u128,
}

impl Figures {
    /// Of one trade.
    #[must_use]
    pub fn of(trade: &Trade) -> Self {
        let mut volume = Volume::default();
        volume += trade.quantity;
        Figures {
            open: trade.price,
            high: trade.price,
            low: trade.price,
            close: trade.price,
            volume,
            turnover: trade.amount,
            trades: 1,
            last_at: trade.at,
            weighted: weight(trade),
        }
    }

    /// With the next trade.
    pub fn add(&mut self, trade: &Trade) {
        self.high = self.high.max(trade.price);
        self.low = self.low.min(trade.price);
        self.close = trade.price;
        self.volume += trade.quantity;
        self.turnover += trade.amount;
        self.trades += 1;
        self.last_at = trade.at;
        self.weighted = self.weighted.checked_add(weight(trade)).expect("a sum of amounts fits 128 bits");
    }

    /// The price weighted by quantity: the exact sum of price × quantity by the sum of quantities, rounded half up to
    /// the fen, once.
    #[must_use]
    pub fn average(&self) -> Price {
        let volume = self.volume.millionths();
        let (whole, rest) = (self.weighted / volume, self.weighted % volume);
        let fen = whole + u128::from(rest >= volume - rest);
        let price = u64::try_from(fen).ok().and_then(Price::from_fen);
        price.expect("an average lies between the lowest and the highest price")
    }
}

/// The largest product is 1e14 × 1e15 = 1e29: three thousand million of them fit 128 bits.
fn weight(trade: &Trade) -> u128 {
    u128::from(trade.price.fen()) * u128::from(trade.quantity.millionths())
}

/// What the trades of one interval came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candle {
    /// When the interval begins.
    pub start: Instant,
    /// What its trades came to.
    pub figures: Figures,
    /// Whether a trade of it was annulled since.
    pub corrected: bool,
}

/// The candles of trades that come in their order. An interval without a trade that stands has none.
pub fn candles<'t>(trades: impl IntoIterator<Item = &'t Trade>, interval: Interval, offset: UtcOffset) -> Vec<Candle> {
    let mut candles = Vec::new();
    let mut current: Option<(Instant, Option<Figures>, bool)> = None;
    for trade in trades {
        let start = interval.start(trade.at, offset);
        if current.is_none_or(|(begun, ..)| begun != start) {
            candles.extend(current.take().and_then(candle));
        }
        let (_, figures, corrected) = current.get_or_insert((start, None, false));
        *corrected |= trade.annulled;
        if !trade.annulled {
            gather(figures, trade);
        }
    }
    candles.extend(current.and_then(candle));
    candles
}

fn candle((start, figures, corrected): (Instant, Option<Figures>, bool)) -> Option<Candle> {
    figures.map(|figures| Candle { start, figures, corrected })
}

/// Adds a trade that stands to the figures, if there are any yet.
pub(super) fn gather(figures: &mut Option<Figures>, trade: &Trade) {
    match figures {
        Some(figures) => figures.add(trade),
        None => *figures = Some(Figures::of(trade)),
    }
}
