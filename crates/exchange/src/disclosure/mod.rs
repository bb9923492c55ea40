//! Disclosure: what the public reads of what was traded, sale and procurement apart.
//!
//! Quotes and candles are made of awards and of nothing else: no bid, no announcement, nothing of a lot before its end.
//! They follow from events, and are no part of the state or its digest. Here is the one computation; who keeps what it is
//! made of is the live projection (quotes, the figures of the day) and the archive (candles, history). The same log gives
//! the same quotes, since the venue's midnight is in its profile.

mod calendar;
mod candle;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::markets::auction::Side;
use crate::units::{ContractId, Instant, Money, Price, UtcOffset, Volume};

pub use calendar::{Day, Interval};
use candle::gather;
pub use candle::{Candle, Figures, Trade, candles};

/// The figures of the last day on which a product was traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The day; `None`: nothing of it was ever traded, or all of it was annulled.
    pub day: Option<(Day, Figures)>,
    /// The last price of the day before that on which it was traded.
    pub previous: Option<Price>,
    /// Whether a trade of the day, or one after it, was annulled.
    pub corrected: bool,
}

impl Quote {
    /// The last price less that of the day before.
    #[must_use]
    pub fn change(&self) -> Option<Money> {
        let fen = |price: Price| Money::from_fen(i128::from(price.fen()));
        Some(fen(self.day?.1.close) - fen(self.previous?))
    }

    /// How much was traded on the day.
    #[must_use]
    pub fn volume(&self) -> Volume {
        self.day.map_or(Volume::default(), |(_, figures)| figures.volume)
    }

    /// For how much it was traded on the day.
    #[must_use]
    pub fn turnover(&self) -> Money {
        self.day.map_or(Money::ZERO, |(_, figures)| figures.turnover)
    }
}

/// The quotes of all products, kept up with one award after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes {
    offset: UtcOffset,
    series: Vec<Series>,
    /// Where a product's series of sales and of procurements are.
    places: BTreeMap<String, [Option<usize>; 2]>,
    /// Of each award, by number from 1, in which series it is and when it was; `None`: in none.
    awards: Vec<Option<(usize, Instant)>>,
}

/// The trades of one product on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Series {
    product: String,
    side: Side,
    /// By time and number, annulled ones included.
    trades: Vec<Trade>,
    /// The days that have a trade.
    days: BTreeMap<Day, DayOf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct DayOf {
    /// `None`: all its trades were annulled.
    figures: Option<Figures>,
    corrected: bool,
}

impl Quotes {
    /// Without a trade, in a venue whose clocks stand so.
    #[must_use]
    pub fn new(offset: UtcOffset) -> Self {
        Quotes { offset, ..Quotes::default() }
    }

    /// How the venue's clocks stand.
    #[must_use]
    pub const fn offset(&self) -> UtcOffset {
        self.offset
    }

    /// The venue's midnight is another from now on, for all of its history.
    pub fn set_offset(&mut self, offset: UtcOffset) {
        if self.offset == offset {
            return;
        }
        self.offset = offset;
        for series in &mut self.series {
            series.days.clear();
            for trade in &series.trades {
                series.days.entry(Day::of(trade.at, offset)).or_default().take(trade);
            }
        }
    }

    /// Takes over the next award. `of`: what was sold or bought; `None`: something that is not quoted.
    ///
    /// # Panics
    /// Awards are numbered in their order; another one is a broken invariant.
    pub fn award(&mut self, of: Option<(&str, Side)>, trade: Trade) {
        assert_eq!(trade.contract.0 as usize, self.awards.len() + 1, "awards are numbered in their order");
        let Some((product, side)) = of else { return self.awards.push(None) };
        let place = match self.place(product, side) {
            Some(place) => place,
            None => self.begin(product, side),
        };
        self.awards.push(Some((place, trade.at)));
        let (series, day) = (&mut self.series[place], Day::of(trade.at, self.offset));
        let at = series.trades.partition_point(|before| before.key() < trade.key());
        let newest = at == series.trades.len();
        series.trades.insert(at, trade);
        if newest {
            series.days.entry(day).or_default().take(&trade);
        } else {
            series.recount(day, self.offset);
        }
    }

    /// An award counts no longer: its day is counted anew, and says so. Gives what it was of; `None` where it is not
    /// quoted, or was annulled before.
    pub fn annul(&mut self, contract: ContractId) -> Option<(&str, Side)> {
        let (place, at) = (*self.awards.get((contract.0 as usize).checked_sub(1)?)?)?;
        let (series, offset) = (&mut self.series[place], self.offset);
        let found = series.trades.binary_search_by(|trade| trade.key().cmp(&(at, contract)));
        let trade = &mut series.trades[found.expect("an award that is known is in its series")];
        if std::mem::replace(&mut trade.annulled, true) {
            return None;
        }
        series.recount(Day::of(at, offset), offset);
        Some((&series.product, series.side))
    }

    /// The figures of a product on one side.
    #[must_use]
    pub fn quote(&self, product: &str, side: Side) -> Quote {
        let mut quote = Quote { day: None, previous: None, corrected: false };
        let Some(place) = self.place(product, side) else { return quote };
        for (day, of) in self.series[place].days.iter().rev() {
            match (quote.day, of.figures) {
                (None, figures) => {
                    quote.corrected |= of.corrected;
                    quote.day = figures.map(|figures| (*day, figures));
                }
                (Some(_), Some(figures)) => {
                    quote.previous = Some(figures.close);
                    break;
                }
                (Some(_), None) => {}
            }
        }
        quote
    }

    /// How many awards of a day stand, of all products, and for how much.
    #[must_use]
    pub fn of_day(&self, day: Day) -> (u32, Money) {
        let days = self.series.iter().filter_map(|series| series.days.get(&day)?.figures);
        days.fold((0, Money::ZERO), |(trades, turnover), of| (trades + of.trades, turnover + of.turnover))
    }

    /// The last prices of the last days on which it was traded, at most this many, the oldest first.
    #[must_use]
    pub fn closes(&self, product: &str, side: Side, most: usize) -> Vec<Price> {
        let Some(place) = self.place(product, side) else { return Vec::new() };
        let days = self.series[place].days.values().rev().filter_map(|day| day.figures);
        let mut closes: Vec<Price> = days.take(most).map(|figures| figures.close).collect();
        closes.reverse();
        closes
    }

    /// The trades of a product on one side, in their order, annulled ones included.
    #[must_use]
    pub fn trades(&self, product: &str, side: Side) -> &[Trade] {
        self.place(product, side).map_or(&[], |place| &self.series[place].trades)
    }

    fn place(&self, product: &str, side: Side) -> Option<usize> {
        self.places.get(product)?[index(side)]
    }

    fn begin(&mut self, product: &str, side: Side) -> usize {
        let place = self.series.len();
        self.places.entry(product.to_owned()).or_default()[index(side)] = Some(place);
        let product = product.to_owned();
        self.series.push(Series { product, side, trades: Vec::new(), days: BTreeMap::new() });
        place
    }
}

impl Series {
    /// Counts a day anew, from its trades.
    fn recount(&mut self, day: Day, offset: UtcOffset) {
        let from = self.trades.partition_point(|trade| trade.at < day.start(offset));
        let mut of = DayOf::default();
        for trade in self.trades[from..].iter().take_while(|trade| Day::of(trade.at, offset) == day) {
            of.take(trade);
        }
        self.days.insert(day, of);
    }
}

impl DayOf {
    fn take(&mut self, trade: &Trade) {
        self.corrected |= trade.annulled;
        if !trade.annulled {
            gather(&mut self.figures, trade);
        }
    }
}

const fn index(side: Side) -> usize {
    match side {
        Side::Sale => 0,
        Side::Procurement => 1,
    }
}
