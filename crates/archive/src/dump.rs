//! The whole content in one canonical form, so that two archives can be compared: rows as SQL, tables in a fixed order,
//! each by its key.

use std::io::{self, Write};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::ArchiveError;
use crate::schema::{FORMAT, failed};
use crate::{Archive, schema};

/// Every table with its key.
const TABLES: [(&str, &str); 16] = [
    ("archive", "only"),
    ("members", "member"),
    ("products", "product"),
    ("auctions", "auction"),
    ("lots", "auction, lot"),
    ("bids", "auction, lot, sequence"),
    ("refusals", "sequence"),
    ("postings", "member, sequence, place"),
    ("contracts", "contract"),
    ("acts", "auction, sequence, place"),
    ("approvals", "approval"),
    ("halts", "halt"),
    ("freezes", "member, sequence"),
    ("audit", "sequence, place"),
    ("trades", "product, at, contract"),
    ("notices", "member, sequence, place"),
];

impl Archive {
    /// Writes the whole content as SQL that makes it again: the same content gives the same bytes. It sees one state
    /// of the archive, however long it takes.
    ///
    /// # Errors
    /// The archive cannot be read, or the writer fails.
    pub fn dump(&self, out: &mut dyn Write) -> Result<(), ArchiveError> {
        self.read(|conn| {
            let fail = failed("dumping", &self.path);
            conn.execute_batch("BEGIN").map_err(&fail)?;
            let dumped = dump(conn, out);
            conn.execute_batch("COMMIT").map_err(&fail)?;
            dumped.map_err(|error| match error {
                Dump::Read(source) => fail(source),
                Dump::Write(source) => ArchiveError::File { path: self.path.clone(), source },
            })
        })
    }

    /// The digest (BLAKE3) of what [`Archive::dump`] writes. Two archives of one venue (`Options::venue`) fed with the same
    /// entries have the same one, however the entries were cut into runs.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn content_hash(&self) -> Result<[u8; 32], ArchiveError> {
        let mut hasher = io::BufWriter::with_capacity(1 << 16, blake3::Hasher::new());
        self.dump(&mut hasher)?;
        let hasher = hasher
            .into_inner()
            .map_err(|error| ArchiveError::File { path: self.path.clone(), source: error.into_error() })?;
        Ok(*hasher.finalize().as_bytes())
    }
}

enum Dump {
    Read(rusqlite::Error),
    Write(io::Error),
}

impl From<rusqlite::Error> for Dump {
    fn from(error: rusqlite::Error) -> Self {
        Dump::Read(error)
    }
}

impl From<io::Error> for Dump {
    fn from(error: io::Error) -> Self {
        Dump::Write(error)
    }
}

fn dump(conn: &Connection, out: &mut dyn Write) -> Result<(), Dump> {
    writeln!(out, "PRAGMA application_id = {};", schema::APPLICATION)?;
    writeln!(out, "PRAGMA user_version = {FORMAT};")?;
    let mut schema = conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")?;
    let mut rows = schema.query([])?;
    while let Some(row) = rows.next()? {
        writeln!(out, "{};", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
    }
    for (table, key) in TABLES {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {key}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            write!(out, "INSERT INTO {table} VALUES (")?;
            for column in 0..columns {
                out.write_all(if column == 0 { b"" } else { b", " })?;
                literal(out, row.get_ref(column)?)?;
            }
            out.write_all(b");\n")?;
        }
    }
    Ok(())
}

fn literal(out: &mut dyn Write, value: ValueRef<'_>) -> io::Result<()> {
    match value {
        ValueRef::Null => out.write_all(b"NULL"),
        ValueRef::Integer(number) => write!(out, "{number}"),
        ValueRef::Real(number) => write!(out, "{number:?}"),
        ValueRef::Text(text) => {
            out.write_all(b"'")?;
            for (place, part) in text.split(|byte| *byte == b'\'').enumerate() {
                out.write_all(if place == 0 { b"" } else { b"''" })?;
                out.write_all(part)?;
            }
            out.write_all(b"'")
        }
        ValueRef::Blob(bytes) => {
            out.write_all(b"x'")?;
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))?;
            out.write_all(b"'")
        }
    }
}
