//! Quotes: how they are taken out of the picture, and how they look on the wire, the same in answers and in the feed.

use exchange::disclosure::{Quote, Quotes, Trade};
use exchange::markets::auction::{Announcement, Side};
use exchange::products::Product;
use exchange::units::Price;
use serde::Serialize;
use utoipa::ToSchema;

use super::picture::Picture;

/// How many days a spark line has at the most.
const SPARK_DAYS: usize = 30;

/// A product's quote on one side, as it stood.
#[derive(Clone, Debug)]
pub struct QuoteStill {
    product: String,
    unit: String,
    side: Side,
    quote: Quote,
    closes: Vec<Price>,
}

/// The figures of a product on one side: of the last day on which it was traded there. Without such a day they are null,
/// and volume, turnover and trades are nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteView {
    /// The product's code.
    pub product: String,
    /// The quoting unit, of prices and quantities.
    pub unit: String,
    /// `sale` or `procurement`.
    pub side: &'static str,
    /// The day of the venue, such as `2026-01-09`.
    #[schema(required)]
    pub day: Option<String>,
    /// When the last award was.
    #[schema(required)]
    pub at: Option<String>,
    /// Its price.
    #[schema(required)]
    pub last: Option<String>,
    /// The last price less that of the day before with an award; null also where there is no such day.
    #[schema(required)]
    pub change: Option<String>,
    /// The first price of the day.
    #[schema(required)]
    pub open: Option<String>,
    /// The highest price of the day.
    #[schema(required)]
    pub high: Option<String>,
    /// The lowest price of the day.
    #[schema(required)]
    pub low: Option<String>,
    /// The price of the day, weighted by quantity.
    #[schema(required)]
    pub average: Option<String>,
    /// How much was awarded on the day.
    pub volume: String,
    /// For how much.
    pub turnover: String,
    /// How many awards there were.
    pub trades: u32,
    /// Whether an award of the day, or one since, was annulled.
    pub corrected: bool,
}

/// A quote with its spark line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuoteWithSpark)]
pub struct SparkView {
    /// The figures.
    #[serde(flatten)]
    pub quote: QuoteView,
    /// The last prices of the last days with an award, at most 30, the oldest first.
    pub spark: Vec<String>,
}

impl QuoteStill {
    /// Of a product on one side, with its spark line or without.
    #[must_use]
    pub fn of(product: &Product, side: Side, picture: &Picture, with_spark: bool) -> Self {
        let days = if with_spark { SPARK_DAYS } else { 0 };
        QuoteStill {
            product: product.code.clone(),
            unit: product.unit.clone(),
            side,
            quote: picture.quotes.quote(&product.code, side),
            closes: picture.quotes.closes(&product.code, side, days),
        }
    }

    /// Whether anything of it was ever awarded and stands.
    #[must_use]
    pub const fn is_quoted(&self) -> bool {
        self.quote.day.is_some()
    }
}

impl QuoteView {
    /// A quote as it stood.
    #[must_use]
    pub fn of(still: &QuoteStill) -> Self {
        let QuoteStill { product, unit, side, quote, .. } = still;
        let figures = quote.day.map(|(_, figures)| figures);
        QuoteView {
            product: product.clone(),
            unit: unit.clone(),
            side: side.word(),
            day: quote.day.map(|(day, _)| day.to_string()),
            at: figures.map(|figures| figures.last_at.to_string()),
            last: figures.map(|figures| figures.close.to_string()),
            change: quote.change().map(|change| change.to_string()),
            open: figures.map(|figures| figures.open.to_string()),
            high: figures.map(|figures| figures.high.to_string()),
            low: figures.map(|figures| figures.low.to_string()),
            average: figures.map(|figures| figures.average().to_string()),
            volume: quote.volume().to_string(),
            turnover: quote.turnover().to_string(),
            trades: figures.map_or(0, |figures| figures.trades),
            corrected: quote.corrected,
        }
    }
}

impl SparkView {
    /// A quote as it stood, with its spark line.
    #[must_use]
    pub fn of(still: &QuoteStill) -> Self {
        SparkView { quote: QuoteView::of(still), spark: still.closes.iter().map(ToString::to_string).collect() }
    }
}

/// Takes an award over, in the order of their numbers. One in another unit than the catalogue's is not quoted.
pub(super) fn take(quotes: &mut Quotes, product: Option<&Product>, terms: &Announcement, trade: Trade) {
    let quoted = product.filter(|product| product.unit == terms.unit);
    quotes.award(quoted.map(|product| (product.code.as_str(), terms.side)), trade);
}
