//! Notices of a member, and of everybody for those who deliver them.

use exchange::units::{Instant, MemberId, Sequence};
use rusqlite::{Row, params};

use super::{bounded, get, wrong};
use crate::cursor::List;
use crate::value::Sql;
use crate::{Archive, ArchiveError, Cursor, Notice, NoticeKind, Page};

const NOTICE: &str = "member, sequence, place, at, kind, auction, lot, price, amount, ends, reason";

impl Archive {
    /// What a member was told, the newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn notices_of_member(
        &self,
        member: MemberId,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Notice>, ArchiveError> {
        let [sequence, place, _] = match cursor {
            Some(cursor) => cursor.of(List::Notices)?,
            None => [i64::MAX as u64; 3],
        };
        let (limit, most) = bounded(limit);
        let items = self.rows(
            "reading notices",
            &format!(
                "SELECT {NOTICE} FROM notices WHERE member = ?1 AND (sequence, place) < (?2, ?3)
                 ORDER BY sequence DESC, place DESC LIMIT ?4"
            ),
            params![Sql(member), Sql(sequence), Sql(place), most],
            notice,
        )?;
        Ok(Page::cut(items, limit, |one| Cursor::new(List::Notices, [one.sequence.0, u64::from(one.place), 0])))
    }

    /// How many of a member's notices came after an entry, counted up to `most`.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn notices_unread(&self, member: MemberId, read: Sequence, most: usize) -> Result<usize, ArchiveError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let counted = self.rows(
            "counting notices",
            "SELECT count(*) FROM (SELECT 1 FROM notices WHERE member = ?1 AND sequence > ?2 LIMIT ?3)",
            params![Sql(member), Sql(read), most],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(counted.first().and_then(|count| usize::try_from(*count).ok()).unwrap_or_default())
    }

    /// Everybody's notices behind a place, in their order: what is to be delivered. Those of one entry and place, which are of
    /// one event, come together, however many they are.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn notices_after(&self, (sequence, place): (Sequence, u32), limit: usize) -> Result<Vec<Notice>, ArchiveError> {
        let (_, most) = bounded(limit);
        self.rows(
            "reading notices to deliver",
            &format!(
                "SELECT {NOTICE} FROM notices WHERE (sequence, place) IN
                   (SELECT DISTINCT sequence, place FROM notices WHERE (sequence, place) > (?1, ?2)
                    ORDER BY sequence, place LIMIT ?3)
                 ORDER BY sequence, place, member"
            ),
            params![Sql(sequence), place, most],
            notice,
        )
    }

    /// The newest notices that are not older than `since`, in their order, at most `most`.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn notices_since(&self, since: Instant, most: usize) -> Result<Vec<Notice>, ArchiveError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut notices = self.rows(
            "reading the last notices",
            &format!("SELECT {NOTICE} FROM notices ORDER BY sequence DESC, place DESC LIMIT ?1"),
            params![most],
            notice,
        )?;
        notices.retain(|notice| notice.at >= since);
        notices.reverse();
        Ok(notices)
    }
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let kind = row.get_ref(4)?.as_str()?;
    Ok(Notice {
        member: get(row, 0)?,
        sequence: get(row, 1)?,
        place: row.get(2)?,
        at: get(row, 3)?,
        kind: NoticeKind::of(kind).ok_or_else(|| wrong(4, "no kind of a notice"))?,
        auction: get(row, 5)?,
        lot: get(row, 6)?,
        price: get(row, 7)?,
        amount: get(row, 8)?,
        ends: get(row, 9)?,
        reason: row.get(10)?,
    })
}
