//! What was answered to whom, so that asking twice happens once (docs/api.md, "Ask twice, happen once").
//!
//! Every outcome that the log has is remembered: surely for the window, then until the table is over its size, oldest
//! first. Records are kept as CBOR in chunks that never change once they are full, so that a snapshot shares them and a digest hashes each once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::command::RequestId;
use crate::index::Index;
use crate::outcome::Answer;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{Instant, Sequence, UserId};

/// Records a chunk.
const CHUNK: usize = 4096;
/// One answer. The key stands first, so that it is found in the encoding without reading the rest.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Record {
    #[n(0)]
    key: ByteArray<16>,
    #[n(1)]
    fingerprint: ByteArray<16>,
    #[n(2)]
    user: UserId,
    #[n(3)]
    sequence: Sequence,
    #[n(4)]
    at: Instant,
    #[n(5)]
    outcome: Remembered,
}

/// An outcome as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Remembered {
    #[n(0)]
    Accepted(#[n(0)] Answer),
    #[n(1)]
    Refused(#[n(0)] Refusal),
    /// It says something of a sealed bid and stands apart, where no digest sees it.
    #[n(2)]
    Apart,
}

/// What is found under a request.
pub(crate) enum Found {
    /// Nothing: it is new.
    New,
    /// The first answer.
    Before { sequence: Sequence, at: Instant, outcome: Result<Answer, Refusal> },
    /// The key was used with another request.
    Reused,
    /// The user has too many keys younger than the window.
    TooMany,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    bytes: Vec<u8>,
    /// Where each record begins, whose it is, and when it was made.
    heads: Vec<(u32, UserId, Instant)>,
}

impl Chunk {
    fn key(&self, at: usize) -> &[u8] {
        // An array of six (one byte), a string of sixteen (one byte), the key.
        let start = self.heads[at].0 as usize + 2;
        &self.bytes[start..start + 16]
    }

    fn record(&self, at: usize) -> Record {
        minicbor::decode(&self.bytes[self.heads[at].0 as usize..]).expect("what was encoded here is read here")
    }

    fn push(&mut self, record: &Record) {
        let start = u32::try_from(self.bytes.len()).expect("a chunk is far smaller than 4 GiB");
        crate::cbor::append(record, &mut self.bytes);
        self.heads.push((start, record.user, record.at));
    }

    /// Whether the heads are those of the records, as far as reading a key goes.
    fn check(&self) -> Result<(), minicbor::decode::Error> {
        let fits = self.heads.iter().all(|(start, ..)| *start as usize + 18 <= self.bytes.len());
        if fits && self.heads.len() <= CHUNK {
            return Ok(());
        }
        Err(minicbor::decode::Error::message("the remembered answers of a snapshot do not fit their heads"))
    }

    fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.bytes).as_bytes()
    }
}

/// All that is remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Full chunks with their hashes, oldest first.
    full: VecDeque<(Arc<Chunk>, [u8; 32])>,
    /// The chunk that is being filled.
    tail: Chunk,
    /// The number of the first record of the oldest chunk; records are numbered from 0 for ever.
    base: u64,
    /// The oldest record that is still remembered.
    first: u64,
    /// The oldest record that is younger than the window.
    young: u64,
    /// How many records younger than the window each user has.
    young_by_user: Vec<u32>,
    index: Index,
    /// Outcomes that no digest may see, by record.
    apart: BTreeMap<u64, Remembered>,
}

impl Memory {
    fn next(&self) -> u64 {
        self.base + (self.full.len() * CHUNK + self.tail.heads.len()) as u64
    }

    fn at(&self, record: u64) -> (&Chunk, usize) {
        let place = usize::try_from(record - self.base).expect("what is remembered fits memory");
        match self.full.get(place / CHUNK) {
            Some((chunk, _)) => (chunk, place % CHUNK),
            None => (&self.tail, place % CHUNK),
        }
    }

    /// Looks a request up.
    pub(crate) fn look(&mut self, user: UserId, request: &RequestId, now: Instant, profile: &Profile) -> Found {
        if let Some(number) = self.find(&request.key) {
            let (chunk, at) = self.at(number);
            let record = chunk.record(at);
            if record.fingerprint != request.fingerprint || record.user != user {
                return Found::Reused;
            }
            let remembered = match record.outcome {
                Remembered::Apart => self.apart[&number].clone(),
                other => other,
            };
            let outcome = match remembered {
                Remembered::Accepted(answer) => Ok(answer),
                Remembered::Refused(refusal) => Err(refusal),
                Remembered::Apart => unreachable!("what stands apart is an outcome"),
            };
            return Found::Before { sequence: record.sequence, at: record.at, outcome };
        }
        self.grow_old(now, profile);
        // A user who is not in the table has none: the table's length follows from what was remembered, and a node that
        // has read a snapshot must not answer otherwise than one that never stopped.
        let young = self.young_by_user.get(user.0 as usize).copied().unwrap_or(0);
        if young >= profile.idempotency_keys_per_user_max { Found::TooMany } else { Found::New }
    }

    /// Reads what looking the request up will read first.
    pub(crate) fn touch(&self, request: &RequestId) -> u64 {
        self.index.touch(&request.key)
    }

    fn find(&self, key: &[u8; 16]) -> Option<u64> {
        self.index.find(key, self.base, |number| {
            let (chunk, at) = self.at(number);
            chunk.key(at) == key
        })
    }

    /// Remembers an outcome; `apart` where it says something of a sealed bid.
    pub(crate) fn remember(
        &mut self,
        user: UserId,
        request: &RequestId,
        (sequence, at): (Sequence, Instant),
        outcome: &Result<Answer, Refusal>,
        apart: bool,
        profile: &Profile,
    ) {
        let number = self.next();
        let remembered = match outcome {
            Ok(answer) => Remembered::Accepted(answer.clone()),
            Err(refusal) => Remembered::Refused(refusal.clone()),
        };
        let outcome = if apart {
            self.apart.insert(number, remembered);
            Remembered::Apart
        } else {
            remembered
        };
        self.push(&Record { key: request.key, fingerprint: request.fingerprint, user, sequence, at, outcome });
        self.index.add(&request.key, number);
        self.count_young(user, 1);
        self.forget(profile);
    }

    fn push(&mut self, record: &Record) {
        self.tail.push(record);
        if self.tail.heads.len() == CHUNK {
            let full = core::mem::take(&mut self.tail);
            let hash = full.hash();
            self.tail.bytes.reserve(full.bytes.len() + full.bytes.len() / 8);
            self.tail.heads.reserve_exact(CHUNK);
            self.full.push_back((Arc::new(full), hash));
        }
    }

    fn count_young(&mut self, user: UserId, by: i32) {
        let at = user.0 as usize;
        if at >= self.young_by_user.len() {
            self.young_by_user.resize(at + 1, 0);
        }
        self.young_by_user[at] = self.young_by_user[at].checked_add_signed(by).expect("what grows old was young");
    }

    /// Counts out of the window what is older than it.
    fn grow_old(&mut self, now: Instant, profile: &Profile) {
        let edge = now.minus(profile.idempotency_window);
        while self.young < self.next() {
            let (chunk, at) = self.at(self.young);
            let (_, user, made) = chunk.heads[at];
            if made >= edge {
                break;
            }
            self.count_young(user, -1);
            self.young += 1;
        }
    }

    /// Forgets the oldest beyond the table's size, never what is younger than the window.
    fn forget(&mut self, profile: &Profile) {
        while self.next() - self.first > u64::from(profile.idempotency_keys_max) && self.first < self.young {
            let (chunk, at) = self.at(self.first);
            let key: [u8; 16] = chunk.key(at).try_into().expect("a key has sixteen bytes");
            let number = self.first;
            self.index.remove(&key, number);
            self.apart.remove(&number);
            self.first += 1;
            if self.first - self.base == CHUNK as u64 {
                self.full.pop_front();
                self.base += CHUNK as u64;
            }
        }
    }

    /// The digest over what is remembered, but for what stands apart.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for number in [self.base, self.first, self.young, self.next()] {
            hasher.update(&number.to_be_bytes());
        }
        for (_, hash) in &self.full {
            hasher.update(hash);
        }
        hasher.update(&self.tail.hash());
        *hasher.finalize().as_bytes()
    }
}

/// What is remembered, as a snapshot keeps it; full chunks are shared.
#[derive(Clone, Debug)]
pub(crate) struct MemorySnapshot {
    full: Vec<Arc<Chunk>>,
    tail: Chunk,
    base: u64,
    first: u64,
    young: u64,
    apart: BTreeMap<u64, Remembered>,
}

/// The encoded form.
#[derive(Encode, Decode)]
struct Encoded<'b> {
    #[n(0)]
    base: u64,
    #[n(1)]
    first: u64,
    #[n(2)]
    young: u64,
    #[b(3)]
    chunks: Vec<EncodedChunk<'b>>,
    #[n(4)]
    apart: BTreeMap<u64, Remembered>,
}

/// The heads stand beside the records, so that reading a snapshot need not read every record.
#[derive(Encode, Decode)]
struct EncodedChunk<'b> {
    #[b(0)]
    records: &'b minicbor::bytes::ByteSlice,
    #[n(1)]
    heads: Vec<(u32, UserId, Instant)>,
}

impl MemorySnapshot {
    pub(crate) fn encode(&self, bytes: &mut Vec<u8>) {
        fn chunk(chunk: &Chunk) -> EncodedChunk<'_> {
            EncodedChunk { records: chunk.bytes.as_slice().into(), heads: chunk.heads.clone() }
        }
        let chunks = self.full.iter().map(|full| &**full).chain([&self.tail]).map(chunk).collect();
        let encoded =
            Encoded { base: self.base, first: self.first, young: self.young, chunks, apart: self.apart.clone() };
        minicbor::encode(&encoded, bytes).expect("writing to memory does not fail");
    }
}

impl Memory {
    pub(crate) fn snapshot(&self) -> MemorySnapshot {
        MemorySnapshot {
            full: self.full.iter().map(|(chunk, _)| Arc::clone(chunk)).collect(),
            tail: self.tail.clone(),
            base: self.base,
            first: self.first,
            young: self.young,
            apart: self.apart.clone(),
        }
    }

    pub(crate) fn restore(d: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let encoded: Encoded<'_> = d.decode()?;
        let mut memory = Memory { base: encoded.base, first: encoded.first, young: encoded.young, ..Memory::default() };
        memory.apart = encoded.apart;
        for EncodedChunk { records, heads } in encoded.chunks {
            let chunk = Chunk { bytes: records.to_vec(), heads };
            chunk.check()?;
            let (from, count) = (memory.next(), chunk.heads.len());
            if count < CHUNK {
                memory.tail = chunk;
            } else {
                let hash = chunk.hash();
                memory.full.push_back((Arc::new(chunk), hash));
            }
            for number in from..from + count as u64 {
                let (chunk, at) = memory.at(number);
                let (user, key) = (chunk.heads[at].1, chunk.key(at).try_into().expect("a key has sixteen bytes"));
                if number >= memory.first {
                    memory.index.add(&key, number);
                }
                if number >= memory.young {
                    memory.count_young(user, 1);
                }
            }
        }
        Ok(memory)
    }
}
