//! Members and products.

use exchange::products::Description;
use rusqlite::params;

use super::{bounded, get};
use crate::cursor::List;
use crate::value::Sql;
use crate::{Archive, ArchiveError, Cursor, Member, Page, Product};

impl Archive {
    /// Members, in the order in which they joined.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn members(&self, cursor: Option<Cursor>, limit: usize) -> Result<Page<Member>, ArchiveError> {
        let after = oldest_first(List::Members, cursor)?;
        let (limit, most) = bounded(limit);
        let items = self.rows(
            "reading members",
            "SELECT member, code, name, sequence, at FROM members WHERE member > ?1 ORDER BY member LIMIT ?2",
            params![Sql(after), most],
            |row| {
                Ok(Member {
                    id: get(row, 0)?,
                    code: get(row, 1)?,
                    name: get(row, 2)?,
                    sequence: get(row, 3)?,
                    at: get(row, 4)?,
                })
            },
        )?;
        Ok(Page::cut(items, limit, |member| Cursor::new(List::Members, [u64::from(member.id.0), 0, 0])))
    }

    /// Products, in the order in which they entered the catalogue.
    ///
    /// # Errors
    /// The archive cannot be read, or the cursor is of another list.
    pub fn products(&self, cursor: Option<Cursor>, limit: usize) -> Result<Page<Product>, ArchiveError> {
        let after = oldest_first(List::Products, cursor)?;
        let (limit, most) = bounded(limit);
        let items = self.rows(
            "reading products",
            "SELECT product, code, name, unit, sequence, at, name_en, specification, kind FROM products
             WHERE product > ?1 ORDER BY product LIMIT ?2",
            params![Sql(after), most],
            |row| {
                Ok(Product {
                    id: get(row, 0)?,
                    code: get(row, 1)?,
                    name: get(row, 2)?,
                    unit: get(row, 3)?,
                    description: Description { name_en: get(row, 6)?, specification: get(row, 7)?, kind: get(row, 8)? }
                        .if_any(),
                    sequence: get(row, 4)?,
                    at: get(row, 5)?,
                })
            },
        )?;
        Ok(Page::cut(items, limit, |product| Cursor::new(List::Products, [u64::from(product.id.0), 0, 0])))
    }
}

/// The number behind which a list that begins with its oldest goes on.
fn oldest_first(list: List, cursor: Option<Cursor>) -> Result<u64, ArchiveError> {
    cursor.map_or(Ok(0), |cursor| Ok(cursor.of(list)?[0]))
}
