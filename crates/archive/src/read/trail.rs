//! The audit trail, the newest first.

use rusqlite::{Row, params};

use super::{bounded, get};
use crate::cursor::List;
use crate::value::Sql;
use crate::{Archive, ArchiveError, Cursor, Page, TrailFilter, TrailLine};

impl Archive {
    /// The acts that somebody answers for, the newest first.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn trail(
        &self,
        filter: &TrailFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<TrailLine>, ArchiveError> {
        let [sequence, place, _] = match cursor {
            Some(cursor) => cursor.of(List::Trail)?,
            None => [i64::MAX as u64; 3],
        };
        let (limit, most) = bounded(limit);
        // A text for each set of filters, so that SQLite can choose the index that serves it.
        let mut sql = String::from(
            "SELECT sequence, place, at, user, act, member, auction, subject, detail FROM audit
             WHERE (sequence, place) < (?1, ?2)",
        );
        sql.push_str(if filter.user.is_some() { " AND (user = ?4 OR subject = ?4)" } else { " AND ?4 IS NULL" });
        sql.push_str(if filter.act.is_some() { " AND act = ?5" } else { " AND ?5 IS NULL" });
        sql.push_str(if filter.member.is_some() { " AND member = ?6" } else { " AND ?6 IS NULL" });
        sql.push_str(if filter.auction.is_some() { " AND auction = ?7" } else { " AND ?7 IS NULL" });
        sql.push_str(if filter.from.is_some() { " AND at >= ?8" } else { " AND ?8 IS NULL" });
        sql.push_str(if filter.to.is_some() { " AND at < ?9" } else { " AND ?9 IS NULL" });
        sql.push_str(" ORDER BY sequence DESC, place DESC LIMIT ?3");
        let items = self.rows(
            "reading the audit trail",
            &sql,
            params![
                Sql(sequence),
                Sql(place),
                most,
                Sql(filter.user),
                filter.act,
                Sql(filter.member),
                Sql(filter.auction),
                Sql(filter.from),
                Sql(filter.to)
            ],
            line,
        )?;
        Ok(Page::cut(items, limit, |line| Cursor::new(List::Trail, [line.sequence.0, u64::from(line.place), 0])))
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<TrailLine> {
    Ok(TrailLine {
        sequence: get(row, 0)?,
        place: row.get(1)?,
        at: get(row, 2)?,
        user: get(row, 3)?,
        act: row.get(4)?,
        member: get(row, 5)?,
        auction: get(row, 6)?,
        subject: get(row, 7)?,
        detail: row.get(8)?,
    })
}
