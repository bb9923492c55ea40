//! Postings: what each account of a member gained and lost. Balances are not stored; they are the sums.

use exchange::Cause;
use exchange::ledger::{Account, Balances};
use exchange::units::{AuctionId, LotIndex, MemberId, Money, Sequence};
use rusqlite::{Row, params};

use super::{bounded, get, wrong};
use crate::cursor::List;
use crate::scribe::{
    ANNULLED, AWARDED, BID_HELD, BID_RELEASED, CORRECTION, DEPOSIT, INITIATOR_HELD, INITIATOR_RELEASED, WITHDRAWAL,
};
use crate::value::{Sql, account_of};
use crate::{Archive, ArchiveError, Cursor, Order, Page, Posting};

const MOVEMENT: &str = "sequence, place, at, source, target, amount, cause, auction, lot, contract, reference, member,
                        corrects";

/// A movement's postings in their order: first what an account lost, then what one gained.
const LOST: u64 = 0;
const GAINED: u64 = 1;

/// A posting with what its cursor needs.
type Placed = (u64, Posting);

impl Archive {
    /// What the accounts of a member gained and lost. The sum over one account is its balance, where what is held for
    /// sealed bids counts as available. Member 0 is the exchange itself, with the bank.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn postings_of_member(
        &self,
        member: MemberId,
        order: Order,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Posting>, ArchiveError> {
        let cursor = cursor.map(|cursor| cursor.of(List::Postings)).transpose()?;
        let (limit, most) = bounded(limit);
        let (from, follows) = match order {
            Order::NewestFirst => (
                cursor.unwrap_or([i64::MAX as u64, i64::MAX as u64, GAINED + 1]),
                "(sequence, place) <= (?2, ?3) ORDER BY sequence DESC, place DESC",
            ),
            Order::OldestFirst => (cursor.unwrap_or([0; 3]), "(sequence, place) >= (?2, ?3) ORDER BY sequence, place"),
        };
        // A page may have ended between the two postings of a movement, so its movement is read again. Every movement
        // gives at least one posting: one row more than are shown, and one that may be spent already, are enough.
        let movements = self.rows(
            "reading postings",
            &format!("SELECT {MOVEMENT} FROM postings WHERE member = ?1 AND {follows} LIMIT ?4"),
            params![Sql(member), Sql(from[0]), Sql(from[1]), most + 1],
            movement,
        )?;
        let key = |(side, posting): &Placed| [posting.sequence.0, u64::from(posting.place), *side];
        let begins = cursor.is_none();
        let items = movements
            .into_iter()
            .flat_map(|[lost, gained]| match order {
                Order::NewestFirst => [gained, lost],
                Order::OldestFirst => [lost, gained],
            })
            .flatten()
            .filter(|placed| {
                begins
                    || match order {
                        Order::NewestFirst => key(placed) < from,
                        Order::OldestFirst => key(placed) > from,
                    }
            })
            .take(limit + 1)
            .collect();
        let page = Page::cut(items, limit, |placed| Cursor::new(List::Postings, key(placed)));
        Ok(Page { items: page.items.into_iter().map(|(_, posting)| posting).collect(), next: page.next })
    }

    /// The deposits and withdrawals of a member and their corrections, each as its available cash gained or lost by it; the
    /// newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn payments_of_member(
        &self,
        member: MemberId,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Posting>, ArchiveError> {
        let cursor = cursor.map(|cursor| cursor.of(List::Payments)).transpose()?;
        let before = cursor.unwrap_or([i64::MAX as u64, i64::MAX as u64, 0]);
        let (limit, most) = bounded(limit);
        // The causes as the index names them, or it would not be used.
        let movements = self.rows(
            "reading the payments of a member",
            &format!(
                "SELECT {MOVEMENT} FROM postings
                 WHERE member = ?1 AND cause IN ({DEPOSIT}, {WITHDRAWAL}, {CORRECTION}) AND (sequence, place) < (?2, ?3)
                 ORDER BY sequence DESC, place DESC LIMIT ?4"
            ),
            params![Sql(member), Sql(before[0]), Sql(before[1]), most],
            movement,
        )?;
        let items = movements.into_iter().flatten().flatten().map(|(_, posting)| posting).collect();
        Ok(Page::cut(items, limit, |posting: &Posting| {
            Cursor::new(List::Payments, [posting.sequence.0, u64::from(posting.place), 0])
        }))
    }

    /// The balances of a member as the sums of its postings: for checks and statements, since it reads them all.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn balances(&self, member: MemberId) -> Result<Balances, ArchiveError> {
        let movements = self.rows(
            "adding up postings",
            &format!("SELECT {MOVEMENT} FROM postings WHERE member = ?1"),
            [Sql(member)],
            movement,
        )?;
        let mut balances = Balances::default();
        for (_, Posting { account, amount, .. }) in movements.into_iter().flatten().flatten() {
            match account {
                Account::Available(_) => balances.available += amount,
                Account::BidMargin(_) => balances.bid_margin += amount,
                Account::InitiatorMargin(_) => balances.initiator_margin += amount,
                Account::ContractMargin(_) => balances.contract_margin += amount,
                Account::SealedMargin(_) => balances.sealed_margin += amount,
                Account::Bank => {}
            }
        }
        Ok(balances)
    }
}

/// A row as what was lost and what was gained.
fn movement(row: &Row<'_>) -> rusqlite::Result<[Option<Placed>; 2]> {
    let member = get(row, 11)?;
    let amount: Money = get(row, 5)?;
    let cause = cause(row)?;
    let side = |column: usize, side: u64, amount: Money| -> rusqlite::Result<Option<Placed>> {
        let Some(kind) = get::<Option<u32>>(row, column)? else { return Ok(None) };
        let account = account_of(member, kind).ok_or_else(|| wrong(column, "no account of a member"))?;
        let posting = Posting {
            sequence: get::<Sequence>(row, 0)?,
            place: get(row, 1)?,
            at: get(row, 2)?,
            account,
            amount,
            cause: cause.clone(),
        };
        Ok(Some((side, posting)))
    };
    Ok([side(3, LOST, -amount)?, side(4, GAINED, amount)?])
}

fn cause(row: &Row<'_>) -> rusqlite::Result<Cause> {
    let lot = || Ok::<(AuctionId, LotIndex), rusqlite::Error>((get(row, 7)?, get(row, 8)?));
    Ok(match get::<u32>(row, 6)? {
        DEPOSIT => Cause::Deposit(get(row, 10)?),
        WITHDRAWAL => Cause::Withdrawal(get(row, 10)?),
        BID_HELD => lot().map(|(auction, lot)| Cause::BidHeld(auction, lot))?,
        BID_RELEASED => lot().map(|(auction, lot)| Cause::BidReleased(auction, lot))?,
        INITIATOR_HELD => lot().map(|(auction, lot)| Cause::InitiatorHeld(auction, lot))?,
        INITIATOR_RELEASED => lot().map(|(auction, lot)| Cause::InitiatorReleased(auction, lot))?,
        AWARDED => Cause::Awarded(get(row, 9)?),
        ANNULLED => Cause::Annulled(get(row, 9)?),
        CORRECTION => Cause::Correction(get(row, 12)?, get(row, 10)?),
        _ => return Err(wrong(6, "no cause of a posting")),
    })
}
