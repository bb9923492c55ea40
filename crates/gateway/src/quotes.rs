//! Quotes, candles and trades: what the public reads of what was traded. Live figures come from the picture, history from
//! the archive; both are made of awards alone.

use std::sync::Arc;

use archive::{CandlesWanted, EXPORT_MAX, LIMIT_MAX, Trade, TradesWanted};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use exchange::disclosure::{Candle, Interval};
use exchange::markets::auction::Side;
use exchange::units::{Instant, Money, Price, Quantity, UtcOffset, Volume};
use serde::Serialize;
use utoipa::ToSchema;

use crate::csv::Csv;
use crate::gateway::Gateway;
use crate::history::{self, Position, Wanted};
use crate::idempotency::json;
use crate::live::{QuoteStill, SparkView};
use crate::members::after;
use crate::problem::{Document, Problem};
use crate::products::unknown_product;
use crate::query::{At, PAGE_MAX, Params};
use crate::wire::{self, shown};

/// Where an export that did not reach its end goes on: what to give as `to`, or as `cursor`.
const NEXT: HeaderName = HeaderName::from_static("next");

/// A page of quotes.
#[derive(Serialize, ToSchema)]
#[schema(as = Quotes)]
pub(crate) struct QuotesSeen {
    /// By product, in the order of the catalogue; sale before procurement.
    items: Vec<SparkView>,
    /// What to give as `cursor` for the next page; null: this is the last one.
    #[schema(required)]
    next: Option<String>,
    /// The last entry that this answer knows.
    sequence: u64,
}

/// What the awards of one interval came to.
#[derive(Serialize, ToSchema)]
#[schema(as = Candle)]
pub(crate) struct CandleView {
    /// When the interval begins.
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
    /// How much was awarded.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    volume: Volume,
    /// For how much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    turnover: Money,
    /// How many awards there were.
    trades: u32,
    /// Whether an award of the interval was annulled since; it counts no longer.
    corrected: bool,
}

/// Candles of a product on one side.
#[derive(Serialize, ToSchema)]
#[schema(as = Candles)]
pub(crate) struct CandlesSeen {
    /// The product's code.
    product: String,
    /// `sale` or `procurement`.
    side: &'static str,
    /// `1m`, `5m`, `15m`, `1h`, `1d`, `1w` or `1M`.
    interval: &'static str,
    /// How the venue's clocks stand, by which days, weeks and months begin.
    utc_offset: String,
    /// The oldest first. An interval without an award has none.
    items: Vec<CandleView>,
    /// What to give as `to` for the candles before these; null: there are none.
    #[schema(required)]
    next: Option<String>,
}

/// An award.
#[derive(Serialize, ToSchema)]
#[schema(as = Trade)]
pub(crate) struct TradeView {
    /// When the lot ended.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// `sale` or `procurement`.
    side: &'static str,
    /// The price per unit.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    price: Price,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    quantity: Quantity,
    /// price × quantity.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// Of which auction.
    auction: u32,
    /// The lot's code.
    lot: String,
    /// Whether it was annulled since, and counts nowhere.
    corrected: bool,
}

/// A page of awards.
#[derive(Serialize, ToSchema)]
#[schema(as = Trades)]
pub(crate) struct TradesSeen {
    /// The newest first.
    items: Vec<TradeView>,
    /// What to give as `cursor` for the next page; null: this is the last one.
    #[schema(required)]
    next: Option<String>,
}

/// The quotes of all products.
#[utoipa::path(get, path = "/api/v1/quotes", tag = "quotes",
    params(("side" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = QuotesSeen), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let side = side(&mut params)?;
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    params.end()?;
    let (stills, next, sequence) = gateway.live.read(|picture| {
        let rest = picture.products.get(after..).unwrap_or_default();
        let stills: Vec<QuoteStill> = rest
            .iter()
            .take(limit)
            .flat_map(|product| sides(side).map(move |side| QuoteStill::of(product, side, picture, true)))
            .collect();
        (stills, (rest.len() > limit).then(|| (after + limit).to_string()), picture.sequence)
    });
    let items = stills.iter().map(SparkView::of).collect();
    Ok(json(StatusCode::OK, &QuotesSeen { items, next, sequence: sequence.0 }))
}

/// The quotes of one product.
#[utoipa::path(get, path = "/api/v1/quotes/{product}", tag = "quotes",
    params(("product" = String, Path), ("side" = Option<String>, Query)),
    responses((status = 200, body = QuotesSeen), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    mut params: Params,
) -> Result<Response, Problem> {
    let side = side(&mut params)?;
    params.end()?;
    let (stills, sequence) = gateway.live.read(|picture| {
        let product = picture.product_by_code(&code).ok_or_else(unknown_product)?;
        let stills: Vec<QuoteStill> = sides(side).map(|side| QuoteStill::of(product, side, picture, true)).collect();
        Ok::<_, Problem>((stills, picture.sequence))
    })?;
    let items = stills.iter().map(SparkView::of).collect();
    Ok(json(StatusCode::OK, &QuotesSeen { items, next: None, sequence: sequence.0 }))
}

/// What a candle is asked for.
struct Asked {
    wanted: CandlesWanted,
    position: Position,
}

/// The last candles of a product on one side that begin in `from..to`, the oldest first.
#[utoipa::path(get, path = "/api/v1/quotes/{product}/candles", tag = "quotes",
    params(("product" = String, Path), ("side" = String, Query), ("interval" = Option<String>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = CandlesSeen), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn candles(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit(LIMIT_MAX)?;
    let Asked { wanted, position } = candles_wanted(&gateway, code, params, limit, wanted).await?;
    let (product, side, interval) = (wanted.product.clone(), wanted.side.word(), wanted.interval.word());
    let utc_offset = wanted.offset.to_string();
    let archive = Arc::clone(&gateway.archive);
    let found = history::read(move || archive.candles(&wanted)).await?;
    let (items, next) = (found.items.iter().map(CandleView::of).collect(), found.next.map(|next| next.to_string()));
    let body = CandlesSeen { product, side, interval, utc_offset, items, next };
    Ok(position.mark(json(StatusCode::OK, &body)))
}

/// The same candles as a table, up to 10,000. The header `Next` is there where there are more, and says the `to` of those
/// before.
#[utoipa::path(get, path = "/api/v1/quotes/{product}/candles.csv", tag = "quotes",
    operation_id = "candles_csv",
    params(("product" = String, Path), ("side" = String, Query), ("interval" = Option<String>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn candles_csv(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit_or(EXPORT_MAX, EXPORT_MAX)?;
    let Asked { wanted, position } = candles_wanted(&gateway, code, params, limit, wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let found = history::read(move || archive.candles(&wanted)).await?;
    let heading = ["start", "open", "high", "low", "close", "average", "volume", "turnover", "trades", "corrected"];
    let mut csv = Csv::new(&heading);
    for candle in found.items.iter().map(CandleView::of) {
        let CandleView { start, open, high, low, close, average, volume, turnover, trades, corrected } = candle;
        csv.row(&[
            start.to_string(),
            open.to_string(),
            high.to_string(),
            low.to_string(),
            close.to_string(),
            average.to_string(),
            volume.to_string(),
            turnover.to_string(),
            trades.to_string(),
            corrected.to_string(),
        ]);
    }
    let answer = csv.answer("attachment; filename=\"candles.csv\"");
    Ok(position.mark(with_next(answer, found.next.map(|next| next.to_string()))))
}

/// The awards of a product, the newest first, annulled ones included.
#[utoipa::path(get, path = "/api/v1/quotes/{product}/trades", tag = "quotes",
    params(("product" = String, Path), ("side" = Option<String>, Query), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = TradesSeen), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn trades(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit(LIMIT_MAX)?;
    let (items, next, position) = trades_read(&gateway, code, params, limit, wanted).await?;
    Ok(position.mark(json(StatusCode::OK, &TradesSeen { items, next })))
}

/// The same awards as a table, up to 10,000. The header `Next` is there where there are more, and says the `cursor`.
#[utoipa::path(get, path = "/api/v1/quotes/{product}/trades.csv", tag = "quotes",
    operation_id = "trades_csv",
    params(("product" = String, Path), ("side" = Option<String>, Query), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn trades_csv(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit_or(EXPORT_MAX, EXPORT_MAX)?;
    let (items, next, position) = trades_read(&gateway, code, params, limit, wanted).await?;
    let mut csv = Csv::new(&["at", "side", "price", "quantity", "amount", "auction", "lot", "corrected"]);
    for TradeView { at, side, price, quantity, amount, auction, lot, corrected } in items {
        csv.row(&[
            at.to_string(),
            side.to_owned(),
            price.to_string(),
            quantity.to_string(),
            amount.to_string(),
            auction.to_string(),
            lot,
            corrected.to_string(),
        ]);
    }
    Ok(position.mark(with_next(csv.answer("attachment; filename=\"trades.csv\""), next)))
}

/// What candles are asked for, and how far the archive is.
async fn candles_wanted(
    gateway: &Gateway,
    product: String,
    mut params: Params,
    limit: usize,
    wanted: Wanted,
) -> Result<Asked, Problem> {
    let side = side(&mut params)?
        .ok_or_else(|| Problem::invalid("invalid_side", "side is missing; expected sale or procurement"))?;
    let interval = match params.take("interval") {
        None => Interval::Day,
        Some(word) => Interval::of(&word).ok_or_else(|| unknown_interval(&word, &Interval::ALL))?,
    };
    let (from, to) = between(&mut params)?;
    params.end()?;
    let offset = offset_of(gateway, &product)?;
    let position = gateway.history(wanted).await?;
    Ok(Asked { wanted: CandlesWanted { product, side, interval, offset, from, to, limit }, position })
}

async fn trades_read(
    gateway: &Gateway,
    product: String,
    mut params: Params,
    limit: usize,
    wanted: Wanted,
) -> Result<(Vec<TradeView>, Option<String>, Position), Problem> {
    let side = side(&mut params)?;
    let (from, to) = between(&mut params)?;
    let cursor = history::cursor(&mut params)?;
    params.end()?;
    offset_of(gateway, &product)?;
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let wanted = TradesWanted { product, side, from, to, cursor, limit };
    let page = history::read(move || archive.trades(&wanted)).await?;
    let next = page.next.map(|next| next.to_string());
    Ok((page.items.into_iter().map(TradeView::of).collect(), next, position))
}

/// How the venue's clocks stand; 404 where there is no such product.
fn offset_of(gateway: &Gateway, product: &str) -> Result<UtcOffset, Problem> {
    gateway
        .live
        .read(|picture| picture.product_by_code(product).map(|_| picture.profile.offset()).ok_or_else(unknown_product))
}

fn side(params: &mut Params) -> Result<Option<Side>, Problem> {
    let Some(word) = params.take("side") else { return Ok(None) };
    wire::side(&word).map(Some).ok_or_else(|| {
        let short: String = word.chars().take(80).collect();
        Problem::invalid("invalid_side", format!("side {short:?} does not exist; expected sale or procurement"))
    })
}

fn sides(side: Option<Side>) -> impl Iterator<Item = Side> {
    Side::BOTH.into_iter().filter(move |each| side.is_none_or(|side| side == *each))
}

pub(crate) fn between(params: &mut Params) -> Result<(Instant, Instant), Problem> {
    let from = params.take("from").map(|text| wire::instant("from", &text)).transpose()?;
    let to = params.take("to").map(|text| wire::instant("to", &text)).transpose()?;
    Ok((from.unwrap_or(Instant::MIN), to.unwrap_or(Instant::MAX)))
}

pub(crate) fn unknown_interval(word: &str, known: &[Interval]) -> Problem {
    let short: String = word.chars().take(80).collect();
    let words: Vec<&str> = known.iter().map(|interval| interval.word()).collect();
    let words = words.join(", ");
    Problem::invalid("invalid_interval", format!("interval {short:?} does not exist; expected one of {words}"))
}

fn with_next(mut answer: Response, next: Option<String>) -> Response {
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
        answer.headers_mut().insert(NEXT, next);
    }
    answer
}

impl CandleView {
    fn of(candle: &Candle) -> Self {
        let figures = &candle.figures;
        CandleView {
            start: candle.start,
            open: figures.open,
            high: figures.high,
            low: figures.low,
            close: figures.close,
            average: figures.average(),
            volume: figures.volume,
            turnover: figures.turnover,
            trades: figures.trades,
            corrected: candle.corrected,
        }
    }
}

impl TradeView {
    fn of(found: Trade) -> Self {
        let Trade { trade, side, code } = found;
        TradeView {
            at: trade.at,
            side: side.word(),
            price: trade.price,
            quantity: trade.quantity,
            amount: trade.amount,
            auction: trade.auction.0,
            lot: code,
            corrected: trade.annulled,
        }
    }
}
