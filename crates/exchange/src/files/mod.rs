//! Files: which are kept, whose they are, and what names them.
//!
//! Here are a file's hash, size and owner; its bytes lie beside the log (`ordering::Files`) and are durable before the
//! command that names them is an entry. A file is what its stored bytes are, so it never changes: it is kept, or let go.

mod acts;
mod limits;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

pub(crate) use acts::Kept;
pub use limits::{APPLICATION_FILES_MAX, FILE_BYTES_MAX, FileLimits, NAME_SEALED_MAX, STORED_BYTES_MAX};

use crate::units::{ApplicationId, AuctionId, Instant, MemberId};

/// SHA-256 of the stored bytes: the file's name on every node and in the API.
pub type FileHash = ByteArray<32>;

/// Whose a file is, which is also what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Owner {
    /// A member: to be attached to its announcements, which everyone may read. Stored as it is.
    #[n(0)]
    Member(#[n(0)] MemberId),
    /// A firm that applies: a document for the eyes of who admits. Stored under the key of a person.
    #[n(1)]
    Application(#[n(0)] ApplicationId),
}

/// What is in a file, found by its content. Numbers are the format and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum FileKind {
    /// A document as it is printed.
    #[n(0)]
    Pdf,
    /// A picture.
    #[n(1)]
    Png,
    /// A picture.
    #[n(2)]
    Jpeg,
    /// A picture.
    #[n(3)]
    Webp,
}

impl FileKind {
    /// All of them.
    pub const ALL: [FileKind; 4] = [FileKind::Pdf, FileKind::Png, FileKind::Jpeg, FileKind::Webp];

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Webp => "image/webp",
        }
    }

    /// How the names of such files end, the first being the usual one.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Png => &["png"],
            FileKind::Jpeg => &["jpg", "jpeg"],
            FileKind::Webp => &["webp"],
        }
    }

    /// The kind with this media type.
    #[must_use]
    pub fn of(media_type: &str) -> Option<Self> {
        FileKind::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }
}

/// A file that somebody keeps. The same bytes kept by two owners are two rows and lie on the disk once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct File {
    /// SHA-256 of the stored bytes.
    #[n(0)]
    pub hash: FileHash,
    /// How many bytes are stored.
    #[n(1)]
    pub size: u32,
    /// What is in it.
    #[n(2)]
    pub kind: FileKind,
    /// Whose it is.
    #[n(3)]
    pub owner: Owner,
    /// Since when it is kept.
    #[n(4)]
    pub at: Instant,
    /// What it is called, under the key of a person. Of an attachment the announcement says it.
    #[n(5)]
    pub name: Option<ByteVec>,
}

/// What somebody keeps in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many files.
    pub files: u64,
    /// How many bytes are stored of them.
    pub bytes: u64,
}

impl Usage {
    fn add(&mut self, file: &File) {
        self.files += 1;
        self.bytes += u64::from(file.size);
    }

    fn take(&mut self, file: &File) {
        self.files -= 1;
        self.bytes -= u64::from(file.size);
    }
}

/// What one owner keeps, and in which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Own {
    used: Usage,
    rows: BTreeSet<usize>,
}

/// All files that are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The rows; one that was let go leaves its place to the next.
    rows: Vec<Option<File>>,

    // What follows from the rest.
    free: BTreeSet<usize>,
    by_hash: BTreeMap<(FileHash, Owner), usize>,
    owners: BTreeMap<Owner, Own>,
    total: Usage,
    attached: BTreeMap<FileHash, Vec<AuctionId>>,
}

impl Files {
    pub(crate) fn restore(rows: Vec<Option<File>>) -> Self {
        let mut files = Files::default();
        for (at, file) in rows.iter().enumerate() {
            match file {
                Some(file) => files.count(at, file),
                None => drop(files.free.insert(at)),
            }
        }
        Files { rows, ..files }
    }

    fn count(&mut self, at: usize, file: &File) {
        self.by_hash.insert((file.hash, file.owner), at);
        let own = self.owners.entry(file.owner).or_default();
        own.used.add(file);
        own.rows.insert(at);
        self.total.add(file);
    }

    /// All rows; one without a file waits for the next.
    #[must_use]
    pub fn rows(&self) -> &[Option<File>] {
        &self.rows
    }

    /// Enters one that is kept, and says its row.
    ///
    /// # Panics
    /// Its owner keeps it already.
    pub fn keep(&mut self, file: File) -> usize {
        assert!(self.of(&file.hash, file.owner).is_none(), "an owner keeps a file once");
        let at = self.free.pop_first().unwrap_or(self.rows.len());
        self.count(at, &file);
        if at == self.rows.len() {
            self.rows.push(Some(file));
        } else {
            self.rows[at] = Some(file);
        }
        at
    }

    /// Takes out one that was let go, and says which row it had.
    ///
    /// # Panics
    /// Its owner does not keep it.
    pub fn let_go(&mut self, hash: &FileHash, owner: Owner) -> usize {
        let at = self.by_hash.remove(&(*hash, owner)).expect("what is let go was kept");
        let file = self.rows[at].take().expect("a row that is found by its hash has a file");
        self.free.insert(at);
        self.total.take(&file);
        let own = self.owners.get_mut(&owner).expect("who keeps a file is counted");
        own.used.take(&file);
        own.rows.remove(&at);
        if own.rows.is_empty() {
            self.owners.remove(&owner);
        }
        at
    }

    /// Notes that an announcement names a file.
    pub fn attach(&mut self, hash: &FileHash, auction: AuctionId) {
        self.attached.entry(*hash).or_default().push(auction);
    }

    /// The file as this owner keeps it.
    #[must_use]
    pub fn of(&self, hash: &FileHash, owner: Owner) -> Option<&File> {
        self.rows[*self.by_hash.get(&(*hash, owner))?].as_ref()
    }

    /// The file as each of its owners keeps it.
    pub fn with_hash(&self, hash: &FileHash) -> impl Iterator<Item = &File> {
        let first = (*hash, Owner::Member(MemberId(0)));
        let rows = self.by_hash.range(first..).take_while(move |((found, _), _)| *found == first.0);
        rows.filter_map(|(_, at)| self.rows[*at].as_ref())
    }

    /// The files of an owner with their rows, from a row on.
    pub fn all_of(&self, owner: Owner, from: usize) -> impl Iterator<Item = (usize, &File)> {
        let rows = self.owners.get(&owner).into_iter().flat_map(move |own| own.rows.range(from..));
        rows.filter_map(|at| Some((*at, self.rows[*at].as_ref()?)))
    }

    /// The announcements that name a file, whatever has become of them.
    #[must_use]
    pub fn attached_to(&self, hash: &FileHash) -> &[AuctionId] {
        self.attached.get(hash).map_or(&[], Vec::as_slice)
    }

    /// What an owner keeps.
    #[must_use]
    pub fn used_by(&self, owner: Owner) -> Usage {
        self.owners.get(&owner).map_or_else(Usage::default, |own| own.used)
    }

    /// What is kept in all.
    #[must_use]
    pub const fn used(&self) -> Usage {
        self.total
    }

    /// The hashes of all files, each once, with how many bytes are stored.
    pub fn hashes(&self) -> impl Iterator<Item = (&FileHash, u32)> {
        let mut before: Option<&FileHash> = None;
        self.by_hash.iter().filter_map(move |((hash, _), at)| {
            let first = before != Some(hash);
            before = Some(hash);
            let size = self.rows[*at].as_ref()?.size;
            first.then_some((hash, size))
        })
    }
}

/// Whether a file may be called so: 1 to 120 characters that say something, no control character, no slash, and none that
/// turns the direction of writing, so that an ending is what it looks like.
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    crate::text::says_something(name, limits::NAME_MAX) && !name.contains(|c| c == '/' || c == '\\' || turns(c))
}
