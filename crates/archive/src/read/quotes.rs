//! Awards as the public reads them, and the candles they come to.

use exchange::disclosure::{self, Candle, Interval};
use exchange::markets::auction::Side;
use exchange::units::{ContractId, Instant, UtcOffset};
use rusqlite::{Row, params};

use super::get;
use crate::cursor::List;
use crate::schema::failed;
use crate::value::Sql;
use crate::{Archive, ArchiveError, Cursor, Page, Trade};

/// How many rows an export has at the most.
pub const EXPORT_MAX: usize = 10_000;

/// How many trades are read for one page of candles, unless its last candle alone has more.
const TRADES_READ_MAX: usize = 100_000;

const TRADE: &str = "trades.contract, trades.at, contracts.auction, contracts.lot, contracts.price, contracts.quantity,
                     contracts.amount, trades.annulled, trades.side, lots.code";
const FROM: &str = "FROM trades JOIN contracts USING (contract)
                    JOIN lots ON lots.auction = contracts.auction AND lots.lot = contracts.lot";

/// Which trades are wanted.
#[derive(Clone, Debug)]
pub struct TradesWanted {
    /// Of the product with this code.
    pub product: String,
    /// Only of this side; `None`: of both.
    pub side: Option<Side>,
    /// Not before.
    pub from: Instant,
    /// Before.
    pub to: Instant,
    /// From where the list goes on.
    pub cursor: Option<Cursor>,
    /// How many at the most, up to [`EXPORT_MAX`].
    pub limit: usize,
}

/// Which candles are wanted: those that begin in `from..to`, the last `limit` of them.
#[derive(Clone, Debug)]
pub struct CandlesWanted {
    /// Of the product with this code.
    pub product: String,
    /// Of this side.
    pub side: Side,
    /// How long they are.
    pub interval: Interval,
    /// How the venue's clocks stand.
    pub offset: UtcOffset,
    /// None that begins before.
    pub from: Instant,
    /// None that begins then or later.
    pub to: Instant,
    /// How many at the most, up to [`EXPORT_MAX`].
    pub limit: usize,
}

impl Archive {
    /// The trades of a product, the newest first, annulled ones included.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn trades(&self, wanted: &TradesWanted) -> Result<Page<Trade>, ArchiveError> {
        let limit = wanted.limit.clamp(1, EXPORT_MAX);
        let most = i64::try_from(limit + 1).expect("a page is small");
        let (until, contract) = match wanted.cursor {
            Some(cursor) => {
                let [at, contract, _] = cursor.of(List::Trades)?;
                (Instant::from_us(at.cast_signed()), contract)
            }
            None => (Instant::MAX, u64::from(u32::MAX)),
        };
        let items = self.rows(
            "reading trades",
            &format!(
                "SELECT {TRADE} {FROM} WHERE trades.product = ?1 AND (?2 IS NULL OR trades.side = ?2)
                 AND trades.at >= ?3 AND trades.at < ?4 AND (trades.at, trades.contract) < (?5, ?6)
                 ORDER BY trades.at DESC, trades.contract DESC LIMIT ?7"
            ),
            params![
                wanted.product,
                Sql(wanted.side),
                Sql(wanted.from),
                Sql(wanted.to),
                Sql(until),
                Sql(contract),
                most
            ],
            trade,
        )?;
        Ok(Page::cut(items, limit, |item| {
            let (at, ContractId(contract)) = item.trade.key();
            // A lot does not end before 1970: the log began later.
            Cursor::new(List::Trades, [at.us().max(0).cast_unsigned(), u64::from(contract), 0])
        }))
    }

    /// The last candles that were asked for, the oldest first. A page ends early where it would read too many trades;
    /// `next` is the `to` of the page before it.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn candles(&self, wanted: &CandlesWanted) -> Result<Page<Candle, Instant>, ArchiveError> {
        let CandlesWanted { product, side, interval, offset, .. } = wanted;
        let limit = wanted.limit.clamp(1, EXPORT_MAX);
        // Whole candles only: to where the first begins that is not wanted.
        let from = interval.at_or_after(wanted.from, *offset);
        let to = interval.at_or_after(wanted.to, *offset);
        let fail = failed("reading trades for candles", &self.path);
        self.read(|conn| {
            let mut statement = conn
                .prepare_cached(&format!(
                    "SELECT {TRADE} {FROM} WHERE trades.product = ?1 AND trades.side = ?2 AND trades.at >= ?3
                     AND trades.at < ?4 ORDER BY trades.at DESC, trades.contract DESC"
                ))
                .map_err(&fail)?;
            let mut rows = statement.query(params![product, Sql(*side), Sql(from), Sql(to)]).map_err(&fail)?;
            let (mut trades, mut standing, mut next) = (Vec::new(), 0, None);
            let mut current: Option<(Instant, bool)> = None;
            while let Some(row) = rows.next().map_err(&fail)? {
                let trade = trade(row).map_err(&fail)?.trade;
                let start = interval.start(trade.at, *offset);
                if current.is_none_or(|(begun, _)| begun != start) {
                    standing += usize::from(current.is_some_and(|(_, stands)| stands));
                    if standing == limit || trades.len() >= TRADES_READ_MAX {
                        next = current.map(|(begun, _)| begun);
                        break;
                    }
                    current = Some((start, false));
                }
                if let Some((_, stands)) = &mut current {
                    *stands |= !trade.annulled;
                }
                trades.push(trade);
            }
            trades.reverse();
            Ok(Page { items: disclosure::candles(&trades, *interval, *offset), next })
        })
    }
}

fn trade(row: &Row<'_>) -> rusqlite::Result<Trade> {
    let trade = disclosure::Trade {
        contract: get(row, 0)?,
        at: get(row, 1)?,
        auction: get(row, 2)?,
        lot: get(row, 3)?,
        price: get(row, 4)?,
        quantity: get(row, 5)?,
        amount: get(row, 6)?,
        annulled: get(row, 7)?,
    };
    Ok(Trade { trade, side: get(row, 8)?, code: get(row, 9)? })
}
