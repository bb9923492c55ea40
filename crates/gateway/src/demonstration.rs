//! The made-up history of the demonstration: a series apart, which only `bayan dev` loads. Every answer says that it is made
//! up, so that nobody takes it for what was traded.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use exchange::disclosure::{Day, Interval};
use exchange::units::{Instant, Money, Price, Quantity, UtcOffset, Volume};
use serde::Serialize;
use utoipa::ToSchema;

use crate::csv::Csv;
use crate::gateway::Gateway;
use crate::guard;
use crate::idempotency::json;
use crate::problem::{Document, Problem};
use crate::products::unknown_product;
use crate::query::{At, Params};
use crate::quotes::{between, unknown_interval};
use crate::wire::shown;

/// How many candles an answer has at the most, and usually.
const CANDLES_MAX: usize = 1_000;

/// What people read beside every figure.
const NOTE: &str = "Made up for the demonstration by a seeded model; never traded, here or anywhere.";

/// Days that never were.
#[derive(Clone, Debug, Default)]
pub struct Demonstration {
    /// What the series was made from.
    pub seed: u64,
    /// By product, in the order of the days.
    pub series: BTreeMap<String, Vec<MadeUpDay>>,
}

/// A day that never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeUpDay {
    /// The day, in China.
    pub day: Day,
    /// The first price.
    pub open: Price,
    /// The highest price.
    pub high: Price,
    /// The lowest price.
    pub low: Price,
    /// The last price.
    pub close: Price,
    /// The price weighted by quantity.
    pub average: Price,
    /// How much.
    pub volume: Quantity,
    /// For how much.
    pub turnover: Money,
}

/// A made-up day, week or month.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeUpCandle {
    /// When it begins.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    start: Instant,
    /// The first price.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    open: Price,
    /// The highest price.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    high: Price,
    /// The lowest price.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    low: Price,
    /// The last price.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    close: Price,
    /// The price weighted by quantity.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    average: Price,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    volume: Volume,
    /// For how much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    turnover: Money,
}

/// A made-up series.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeUpHistory {
    /// Always true.
    made_up: bool,
    /// What people read beside it.
    note: &'static str,
    /// What the series was made from.
    seed: u64,
    /// The product's code.
    product: String,
    /// `1d`, `1w` or `1M`.
    interval: &'static str,
    /// The oldest first.
    items: Vec<MadeUpCandle>,
    /// What to give as `to` for those before these; null: there are none.
    #[schema(required)]
    next: Option<String>,
}

/// Made-up candles of a product, the last ones that begin in `from..to`. Only the demonstration has them.
#[utoipa::path(get, path = "/api/v1/demonstration/history/{product}", tag = "demonstration",
    params(("product" = String, Path), ("interval" = Option<String>, Query), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = MadeUpHistory), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn history(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    params: Params,
) -> Result<Response, Problem> {
    let (made, asked) = asked(&gateway, &code, params)?;
    let (items, next) = candles(&made.series[&code], &asked);
    let (interval, next) = (asked.interval.word(), next.map(|next| next.to_string()));
    let body = MadeUpHistory { made_up: true, note: NOTE, seed: made.seed, product: code, interval, items, next };
    Ok(marked(json(StatusCode::OK, &body)))
}

/// The same candles as a table. Only the demonstration has them.
#[utoipa::path(get, path = "/api/v1/demonstration/history/{product}/candles.csv", tag = "demonstration",
    operation_id = "history_csv",
    params(("product" = String, Path), ("interval" = Option<String>, Query), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn history_csv(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    params: Params,
) -> Result<Response, Problem> {
    let (made, asked) = asked(&gateway, &code, params)?;
    let (items, _) = candles(&made.series[&code], &asked);
    let mut csv = Csv::new(&["start", "open", "high", "low", "close", "average", "volume", "turnover", "made_up"]);
    for MadeUpCandle { start, open, high, low, close, average, volume, turnover } in items {
        csv.row(&[
            start.to_string(),
            open.to_string(),
            high.to_string(),
            low.to_string(),
            close.to_string(),
            average.to_string(),
            volume.to_string(),
            turnover.to_string(),
            "true".to_owned(),
        ]);
    }
    Ok(marked(csv.answer("attachment; filename=\"made-up.csv\"")))
}

struct Asked {
    interval: Interval,
    from: Instant,
    to: Instant,
    limit: usize,
}

/// What is asked for; a venue without a made-up history has no such path.
fn asked<'g>(gateway: &'g Gateway, code: &str, mut params: Params) -> Result<(&'g Demonstration, Asked), Problem> {
    let made = gateway.config.demonstration.as_deref().ok_or_else(guard::unknown_path)?;
    let interval = match params.take("interval") {
        None => Interval::Day,
        Some(word) => Interval::of(&word)
            .filter(|interval| matches!(interval, Interval::Day | Interval::Week | Interval::Month))
            .ok_or_else(|| unknown_interval(&word, &[Interval::Day, Interval::Week, Interval::Month]))?,
    };
    let (from, to) = between(&mut params)?;
    let limit = params.limit_or(CANDLES_MAX, CANDLES_MAX)?;
    params.end()?;
    if !made.series.contains_key(code) {
        return Err(unknown_product());
    }
    Ok((made, Asked { interval, from, to, limit }))
}

/// The last candles of a series that are asked for, the oldest first, and where those before them end.
fn candles(days: &[MadeUpDay], asked: &Asked) -> (Vec<MadeUpCandle>, Option<Instant>) {
    let start_of = |day: &MadeUpDay| asked.interval.start(day.day.start(UtcOffset::CHINA), UtcOffset::CHINA);
    let groups = days.chunk_by(|one, next| start_of(one) == start_of(next));
    let wanted = groups.filter(|group| (asked.from..asked.to).contains(&start_of(&group[0])));
    let mut candles: Vec<MadeUpCandle> = wanted.map(|group| candle(start_of(&group[0]), group)).collect();
    let before = candles.len().saturating_sub(asked.limit);
    candles.drain(..before);
    let next = candles.first().filter(|_| before > 0).map(|candle| candle.start);
    (candles, next)
}

/// What some days come to; there is at least one.
fn candle(start: Instant, days: &[MadeUpDay]) -> MadeUpCandle {
    let (first, last) = (&days[0], &days[days.len() - 1]);
    let mut volume = Volume::default();
    let mut weighted = 0;
    for day in days {
        volume += day.volume;
        weighted += u128::from(day.average.fen()) * u128::from(day.volume.millionths());
    }
    let fen = (weighted + volume.millionths() / 2) / volume.millionths();
    let average = u64::try_from(fen).ok().and_then(Price::from_fen);
    MadeUpCandle {
        start,
        open: first.open,
        high: days.iter().map(|day| day.high).max().unwrap_or(first.high),
        low: days.iter().map(|day| day.low).min().unwrap_or(first.low),
        close: last.close,
        average: average.expect("an average lies between its parts"),
        volume,
        turnover: days.iter().map(|day| day.turnover).sum(),
    }
}

/// With a header that says it too, for whoever looks at nothing else.
fn marked(mut response: Response) -> Response {
    const MADE_UP: HeaderName = HeaderName::from_static("made-up");
    response.headers_mut().insert(MADE_UP, HeaderValue::from_static("true"));
    response
}
