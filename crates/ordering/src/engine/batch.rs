//! A batch: what the engine carries as one entry. CBOR `[term, [entry, …]]`, each entry a byte string that holds the
//! canonical bytes of one of the exchange's entries.

use core::fmt;

use bytes::Bytes;
use exchange::Entry;
use exchange::units::Sequence;
use minicbor::decode::{Decoder, Error};
use minicbor::encode::Encoder;

/// Entries of the exchange, in order, as they are stored; cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    payload: Bytes,
}

/// Room for what stands before the entries: two array heads and a term.
const PREFIX: usize = 1 + 9 + 9;

/// Puts a batch together.
pub(crate) struct Builder {
    bytes: Vec<u8>,
    scratch: Vec<u8>,
    count: u64,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Builder { bytes: vec![0; PREFIX], scratch: Vec::new(), count: 0 }
    }

    /// Adds an entry, unless it has more bytes than that.
    pub(crate) fn push(&mut self, entry: &Entry, bytes_max: usize) -> bool {
        self.scratch.clear();
        entry.encode_into(&mut self.scratch);
        if self.scratch.len() > bytes_max {
            return false;
        }
        Encoder::new(&mut self.bytes).bytes(&self.scratch).expect("writing to memory does not fail");
        self.count += 1;
        true
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The batch, for a term.
    pub(crate) fn finish(mut self, term: u64) -> Batch {
        let mut prefix = Vec::with_capacity(PREFIX);
        Encoder::new(&mut prefix)
            .array(2)
            .and_then(|encoder| encoder.u64(term))
            .and_then(|encoder| encoder.array(self.count))
            .expect("writing to memory does not fail");
        let start = PREFIX - prefix.len();
        self.bytes[start..PREFIX].copy_from_slice(&prefix);
        Batch { payload: Bytes::from(self.bytes).slice(start..) }
    }
}

impl Batch {
    pub(crate) fn from_payload(payload: Bytes) -> Self {
        Batch { payload }
    }

    pub(crate) fn payload(&self) -> &Bytes {
        &self.payload
    }
}

/// Under which leadership a batch was proposed.
pub(crate) fn term(payload: &[u8]) -> Result<u64, Error> {
    let mut decoder = Decoder::new(payload);
    expect_array(&mut decoder, Some(2))?;
    decoder.u64()
}

/// Whether the batch of a record of this term is void, where `due` is the next entry: nothing of it is done, on any node.
///
/// It is where it was proposed under another leadership than the one that put it in order; and where its first entry comes
/// after the one that is due: a batch before it was refused by the engine, which then took this one. A leader's lease may have
/// ended for a moment in between, or a handing over that came to nothing.
pub(crate) fn is_void(payload: &[u8], term: u64, due: Sequence) -> Result<bool, Error> {
    if self::term(payload)? != term {
        return Ok(true);
    }
    match entries(payload)?.next() {
        Some(first) => Ok(Entry::decode(first?)?.sequence > due),
        None => Ok(false),
    }
}

/// The canonical bytes of each entry of a batch.
pub(crate) fn entries(payload: &[u8]) -> Result<Entries<'_>, Error> {
    let mut decoder = Decoder::new(payload);
    expect_array(&mut decoder, Some(2))?;
    decoder.u64()?;
    let left = expect_array(&mut decoder, None)?;
    Ok(Entries { decoder, left })
}

fn expect_array(decoder: &mut Decoder<'_>, length: Option<u64>) -> Result<u64, Error> {
    match decoder.array()? {
        Some(found) if length.is_none_or(|length| length == found) => Ok(found),
        _ => Err(Error::message("not the array of a batch")),
    }
}

/// Goes through a batch.
pub(crate) struct Entries<'b> {
    decoder: Decoder<'b>,
    left: u64,
}

impl<'b> Iterator for Entries<'b> {
    type Item = Result<&'b [u8], Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return (self.decoder.position() != self.decoder.input().len()).then(|| {
                self.decoder.set_position(self.decoder.input().len());
                Err(Error::message("something stands behind a batch"))
            });
        }
        self.left -= 1;
        let entry = self.decoder.bytes();
        if entry.is_err() {
            self.left = 0;
            self.decoder.set_position(self.decoder.input().len());
        }
        Some(entry)
    }
}

/// The last entry of a batch.
pub(crate) fn last(payload: &[u8]) -> Result<Option<Entry>, Error> {
    let mut found = None;
    for entry in entries(payload)? {
        found = Some(entry?);
    }
    found.map(Entry::decode).transpose()
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a batch of {} bytes", self.payload.len())
    }
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use exchange::units::{Instant, Sequence};
    use exchange::{Body, Command};

    use super::*;

    /// Protects that what is executed is what was put in order, and that a cut batch is seen.
    #[test]
    fn a_batch_gives_back_its_entries() {
        let entry = |sequence| Entry {
            sequence: Sequence(sequence),
            at: Instant::from_us(7),
            command: Command::system(Body::Tick),
        };
        let mut builder = Builder::new();
        for sequence in 1..=300 {
            assert!(builder.push(&entry(sequence), 1_000));
        }
        let batch = builder.finish(9);
        assert_eq!(term(batch.payload()).unwrap(), 9);
        let found: Vec<Entry> =
            entries(batch.payload()).unwrap().map(|bytes| Entry::decode(bytes.unwrap()).unwrap()).collect();
        assert_eq!(found, (1..=300).map(entry).collect::<Vec<_>>());
        assert_eq!(last(batch.payload()).unwrap(), Some(entry(300)));
        let is_void = |term, due| is_void(batch.payload(), term, Sequence(due)).unwrap();
        // One that comes again is no hole but a fault, which executing it finds.
        assert_eq!([is_void(9, 1), is_void(8, 1), is_void(9, 0), is_void(9, 2)], [false, true, true, false]);
        let cut = &batch.payload()[..batch.payload().len() - 1];
        assert!(entries(cut).unwrap().any(|bytes| bytes.is_err()));
        let longer = [batch.payload(), &[0][..]].concat();
        assert!(entries(&longer).unwrap().any(|bytes| bytes.is_err()));
    }
}
