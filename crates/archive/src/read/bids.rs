//! Bids of a lot and of a member.

use exchange::units::{AuctionId, LotIndex, MemberId, Sequence};
use rusqlite::{Row, params};

use super::{bounded, get, wrong};
use crate::cursor::List;
use crate::scribe::{OPEN, OPENED, REPLACED, SEALED};
use crate::value::Sql;
use crate::{Archive, ArchiveError, Bid, Cursor, Order, Outcome, Page};

const BID: &str =
    "sequence, at, auction, lot, member, user, price, outcome, margin, ends, alias, overtaken, seen_price, NULL";

/// A refused bid in the columns of a bid: it has no outcome.
const REFUSAL: &str = "sequence, at, auction, lot, member, user, price, NULL, NULL, NULL, NULL, NULL, NULL, reason";

impl Archive {
    /// The accepted bids of a lot in this order, those behind the entry `after` in it: what everybody may see. Sealed bids
    /// are among them once they are opened, replaced ones too.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn bids_of_lot(
        &self,
        auction: AuctionId,
        lot: LotIndex,
        order: Order,
        after: Option<Sequence>,
        limit: usize,
    ) -> Result<Page<Bid, Sequence>, ArchiveError> {
        let (limit, most) = bounded(limit);
        let (all, is_behind, by) = match order {
            Order::NewestFirst => (Sequence(i64::MAX as u64), "<", "DESC"),
            Order::OldestFirst => (Sequence(0), ">", "ASC"),
        };
        let items = self.rows(
            "reading the bids of a lot",
            &format!(
                "SELECT {BID} FROM bids WHERE auction = ?1 AND lot = ?2 AND sequence {is_behind} ?3 AND outcome <> 1
                 ORDER BY sequence {by} LIMIT ?4"
            ),
            params![Sql(auction), Sql(lot), Sql(after.unwrap_or(all)), most],
            bid,
        )?;
        Ok(Page::cut(items, limit, |bid| bid.sequence))
    }

    /// Everything a member has bid, refused and sealed bids included: for its own eyes, and an auditor's once sealed
    /// lots have ended.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn bids_of_member(
        &self,
        member: MemberId,
        order: Order,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Bid>, ArchiveError> {
        let from = cursor.map(|cursor| cursor.of(List::BidsOfMember)).transpose()?.map(|key| key[0].cast_signed());
        let (limit, most) = bounded(limit);
        let (from, is_next, by) = match order {
            Order::NewestFirst => (from.unwrap_or(i64::MAX), "<", "DESC"),
            Order::OldestFirst => (from.unwrap_or(0), ">", "ASC"),
        };
        // Two tables, each read as far as a page.
        let page = |columns, table| {
            format!(
                "SELECT * FROM (SELECT {columns} FROM {table} WHERE member = ?1 AND sequence {is_next} ?2
                 ORDER BY sequence {by} LIMIT ?3)"
            )
        };
        let items = self.rows(
            "reading the bids of a member",
            &format!("{} UNION ALL {} ORDER BY sequence {by} LIMIT ?3", page(BID, "bids"), page(REFUSAL, "refusals")),
            params![Sql(member), from, most],
            bid,
        )?;
        Ok(Page::cut(items, limit, |bid| Cursor::new(List::BidsOfMember, [bid.sequence.0, 0, 0])))
    }
}

fn bid(row: &Row<'_>) -> rusqlite::Result<Bid> {
    Ok(Bid {
        sequence: get(row, 0)?,
        at: get(row, 1)?,
        auction: get(row, 2)?,
        lot: get(row, 3)?,
        member: get(row, 4)?,
        user: get(row, 5)?,
        price: get(row, 6)?,
        outcome: match get::<Option<u32>>(row, 7)? {
            None => Outcome::Refused(get(row, 13)?),
            Some(OPEN | OPENED) => Outcome::Accepted,
            Some(SEALED) => Outcome::Sealed,
            Some(REPLACED) => Outcome::Replaced,
            Some(_) => return Err(wrong(7, "no outcome of a bid")),
        },
        margin: get(row, 8)?,
        end: get(row, 9)?,
        alias: get(row, 10)?,
        overtaken: get(row, 11)?,
        seen_price: get(row, 12)?,
    })
}
