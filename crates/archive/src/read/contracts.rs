//! Contracts, and acts that wait for a second person.

use exchange::units::{ContractId, MemberId};
use rusqlite::{Row, params};

use super::{bounded, get, get_cbor};
use crate::cursor::List;
use crate::value::Sql;
use crate::{Approval, Archive, ArchiveError, Cancelled, Contract, Cursor, Decided, Page};

const CONTRACT: &str = "contract, sequence, at, auction, lot, seller, buyer, winner, price, quantity, amount,
                        seller_margin, buyer_margin, cancelled_sequence, cancelled_at, cancelled_by, cancelled_reason";

impl Archive {
    /// The contracts in which a member sells or buys, the newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn contracts_of_member(
        &self,
        member: MemberId,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Contract>, ArchiveError> {
        let before = newest_first(List::Contracts, cursor)?;
        let (limit, most) = bounded(limit);
        // Two indexes, each read as far as a page: an OR would sort everything the member ever traded.
        let side = |side: &str| {
            format!(
                "SELECT * FROM (SELECT {CONTRACT} FROM contracts WHERE {side} = ?1 AND contract < ?2
                 ORDER BY contract DESC LIMIT ?3)"
            )
        };
        let items = self.rows(
            "reading the contracts of a member",
            &format!("{} UNION {} ORDER BY contract DESC LIMIT ?3", side("seller"), side("buyer")),
            params![Sql(member), before, most],
            contract,
        )?;
        Ok(Page::cut(items, limit, |contract| Cursor::new(List::Contracts, [u64::from(contract.id.0), 0, 0])))
    }

    /// One contract; `None`: there is none with this number.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn contract(&self, id: ContractId) -> Result<Option<Contract>, ArchiveError> {
        let sql = format!("SELECT {CONTRACT} FROM contracts WHERE contract = ?1");
        Ok(self.rows("reading a contract", &sql, [Sql(id)], contract)?.pop())
    }

    /// Acts that wait or waited for a second person, the newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn approvals(&self, cursor: Option<Cursor>, limit: usize) -> Result<Page<Approval>, ArchiveError> {
        let before = newest_first(List::Approvals, cursor)?;
        let (limit, most) = bounded(limit);
        let items = self.rows(
            "reading approvals",
            "SELECT approval, sequence, at, user, role, act, decision, decided_sequence, decided_at, decided_by
             FROM approvals WHERE approval < ?1 ORDER BY approval DESC LIMIT ?2",
            params![before, most],
            approval,
        )?;
        Ok(Page::cut(items, limit, |approval| Cursor::new(List::Approvals, [u64::from(approval.id.0), 0, 0])))
    }
}

/// The number before which a list that begins with its newest goes on.
fn newest_first(list: List, cursor: Option<Cursor>) -> Result<i64, ArchiveError> {
    cursor.map_or(Ok(i64::MAX), |cursor| Ok(cursor.of(list)?[0].cast_signed()))
}

fn contract(row: &Row<'_>) -> rusqlite::Result<Contract> {
    let cancelled = match get::<Option<_>>(row, 13)? {
        Some(sequence) => Some(Cancelled { sequence, at: get(row, 14)?, by: get(row, 15)?, reason: get(row, 16)? }),
        None => None,
    };
    Ok(Contract {
        id: get(row, 0)?,
        sequence: get(row, 1)?,
        at: get(row, 2)?,
        auction: get(row, 3)?,
        lot: get(row, 4)?,
        seller: get(row, 5)?,
        buyer: get(row, 6)?,
        winner: get(row, 7)?,
        price: get(row, 8)?,
        quantity: get(row, 9)?,
        amount: get(row, 10)?,
        seller_margin: get(row, 11)?,
        buyer_margin: get(row, 12)?,
        cancelled,
    })
}

fn approval(row: &Row<'_>) -> rusqlite::Result<Approval> {
    let decided = match get::<Option<_>>(row, 7)? {
        Some(sequence) => Some(Decided { sequence, at: get(row, 8)?, by: get(row, 9)? }),
        None => None,
    };
    Ok(Approval {
        id: get(row, 0)?,
        sequence: get(row, 1)?,
        at: get(row, 2)?,
        by: get(row, 3)?,
        role: get(row, 4)?,
        act: get_cbor(row, 5)?,
        decision: get(row, 6)?,
        decided,
    })
}
