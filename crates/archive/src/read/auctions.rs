//! Auctions, their lots and what was done with them.

use exchange::units::{AuctionId, Sequence};
use rusqlite::{Row, params};

use super::{bounded, get, get_cbor};
use crate::cursor::List;
use crate::value::Sql;
use crate::{Act, Archive, ArchiveError, Auction, AuctionFilter, Counts, Cursor, Lot, Page, Viewer};

const AUCTION: &str = "auction, sequence, at, status, opens, closes, reason, key, announcement";

impl Archive {
    /// Auctions, the newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn auctions(
        &self,
        filter: &AuctionFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Auction>, ArchiveError> {
        let before = match cursor {
            Some(cursor) => cursor.of(List::Auctions)?[0].cast_signed(),
            None => i64::MAX,
        };
        let (limit, most) = bounded(limit);
        let (staff, viewer) = match filter.viewer {
            Viewer::Public => (false, None),
            Viewer::Member(member) => (false, Some(member)),
            Viewer::Staff => (true, None),
        };
        // A text for each set of filters, so that SQLite can choose the index that serves it.
        let mut sql = format!("SELECT {AUCTION} FROM auctions WHERE auction < ?1");
        sql.push_str(if filter.status.is_some() { " AND status = ?3" } else { " AND ?3 IS NULL" });
        sql.push_str(if filter.side.is_some() { " AND side = ?4" } else { " AND ?4 IS NULL" });
        sql.push_str(if filter.product.is_some() { " AND product = ?5" } else { " AND ?5 IS NULL" });
        sql.push_str(" AND (?6 OR status NOT IN ('submitted', 'rejected') OR initiator = ?7)");
        sql.push_str(" ORDER BY auction DESC LIMIT ?2");
        let items = self.rows(
            "reading auctions",
            &sql,
            params![before, most, Sql(filter.status), Sql(filter.side), filter.product, staff, Sql(viewer)],
            auction,
        )?;
        Ok(Page::cut(items, limit, |auction| Cursor::new(List::Auctions, [u64::from(auction.id.0), 0, 0])))
    }

    /// One auction; `None`: there is none with this number.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn auction(&self, id: AuctionId) -> Result<Option<Auction>, ArchiveError> {
        let sql = format!("SELECT {AUCTION} FROM auctions WHERE auction = ?1");
        Ok(self.rows("reading an auction", &sql, [Sql(id)], auction)?.pop())
    }

    /// The lots of an auction, in the announcement's order; none where there is no such auction. The venue's profile
    /// bounds how many an announcement has.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn lots(&self, auction: AuctionId) -> Result<Vec<Lot>, ArchiveError> {
        self.rows(
            "reading lots",
            "SELECT auction, lot, code, quantity, status, ends, leader, price, accepted, refused, contract, sealed
             FROM lots WHERE auction = ?1 ORDER BY lot",
            [Sql(auction)],
            lot,
        )
    }

    /// What was done with an auction, the oldest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn acts_of_auction(
        &self,
        auction: AuctionId,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Act>, ArchiveError> {
        let [sequence, place, _] = match cursor {
            Some(cursor) => cursor.of(List::Acts)?,
            None => [0; 3],
        };
        let (limit, most) = bounded(limit);
        let items = self.rows(
            "reading acts",
            "SELECT sequence, at, act, user, status, opens, closes, reason, place FROM acts
             WHERE auction = ?1 AND (sequence, place) > (?2, ?3) ORDER BY sequence, place LIMIT ?4",
            params![Sql(auction), Sql(sequence), Sql(place), most],
            |row| Ok((get::<u64>(row, 8)?, act(row)?)),
        )?;
        let page = Page::cut(items, limit, |(place, act): &(u64, Act)| {
            let Sequence(sequence) = act.sequence;
            Cursor::new(List::Acts, [sequence, *place, 0])
        });
        Ok(Page { items: page.items.into_iter().map(|(_, act)| act).collect(), next: page.next })
    }
}

fn auction(row: &Row<'_>) -> rusqlite::Result<Auction> {
    Ok(Auction {
        id: get(row, 0)?,
        sequence: get(row, 1)?,
        at: get(row, 2)?,
        status: get(row, 3)?,
        opens: get(row, 4)?,
        closes: get(row, 5)?,
        reason: get(row, 6)?,
        key: row.get(7)?,
        announcement: get_cbor(row, 8)?,
    })
}

fn lot(row: &Row<'_>) -> rusqlite::Result<Lot> {
    let mut lot = Lot {
        auction: get(row, 0)?,
        lot: get(row, 1)?,
        code: get(row, 2)?,
        quantity: get(row, 3)?,
        status: get(row, 4)?,
        end: get(row, 5)?,
        leader: get(row, 6)?,
        price: get(row, 7)?,
        counts: Some(Counts { accepted: get(row, 8)?, refused: get(row, 9)? }),
        contract: get(row, 10)?,
    };
    // How many have bid for a sealed lot tells something of its price: nobody learns it before the end.
    if get(row, 11)? && !lot.status.has_ended() {
        lot.counts = None;
    }
    Ok(lot)
}

fn act(row: &Row<'_>) -> rusqlite::Result<Act> {
    Ok(Act {
        sequence: get(row, 0)?,
        at: get(row, 1)?,
        kind: get(row, 2)?,
        by: get(row, 3)?,
        status: get(row, 4)?,
        opens: get(row, 5)?,
        closes: get(row, 6)?,
        reason: get(row, 7)?,
    })
}
