//! A channel: its last messages, encoded once, and who reads them.
//!
//! **Sequences.** A message's `sequence` is the entry that made it, its `previous` the `sequence` of the message before
//! it in this channel. One entry may leave several messages in a channel; they come in order, with the same `sequence`,
//! and the second's `previous` is that `sequence` too. A snapshot has the `sequence` of the last message that it
//! contains, so that the next message's `previous` is the snapshot's `sequence`.
//!
//! **Resumption.** `from` = N says "I have everything up to entry N". Where the channel cannot know that this is so,
//! because entry N left several messages and the client may have got only the first, and where N is too far back, the
//! client gets a snapshot: nothing is lost, and nothing comes twice.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use axum::extract::ws::Utf8Bytes;
use exchange::units::Sequence;
use hashbrown::HashMap;
use parking_lot::{Mutex, MutexGuard, RwLock};
use tokio::sync::Notify;

/// A stream of messages that many read.
pub(super) struct Channel {
    ring: RwLock<Ring>,
    /// The place behind the last message, for readers to see without a lock whether there is something new.
    end: AtomicU64,
    readers: Mutex<HashMap<u64, Arc<Notify>>>,
    /// How many `readers` there are, for the writer to see without waiting for those who are being woken.
    reading: AtomicUsize,
    /// Whether its readers are about to be woken.
    waking: AtomicBool,
    making: Mutex<()>,
}

/// The last messages. Places count from the channel's first message on and are never given twice.
struct Ring {
    kept: VecDeque<(Sequence, Utf8Bytes)>,
    /// The place of the first message that is kept.
    first: u64,
    /// The sequence of the last message, kept or not; before the first, the entry as of which the channel began.
    last: Sequence,
    /// The least `from` that can be served.
    floor: Sequence,
    bytes: usize,
    /// What holds as of `last`, once somebody has asked.
    snapshot: Option<Utf8Bytes>,
}

/// Where a channel stands.
pub(super) struct Stand {
    /// The sequence of the last message.
    pub last: Sequence,
    /// The place behind it.
    pub end: u64,
    /// What holds as of it, if somebody has asked before.
    pub snapshot: Option<Utf8Bytes>,
}

/// What a reader finds.
pub(super) enum Found {
    /// Messages from its place on were added.
    Messages,
    /// It has fallen behind: this many messages are gone.
    Dropped(u64),
}

/// How much a channel may keep.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub read: usize,
    pub idle: usize,
}

impl Channel {
    /// A channel that begins behind entry `at`. `whole`: whoever says it has everything up to `at` surely has.
    pub fn new(at: Sequence, whole: bool) -> Self {
        let floor = if whole { at } else { Sequence(at.0 + 1) };
        Channel {
            ring: RwLock::new(Ring { kept: VecDeque::new(), first: 0, last: at, floor, bytes: 0, snapshot: None }),
            end: AtomicU64::new(0),
            readers: Mutex::new(HashMap::new()),
            reading: AtomicUsize::new(0),
            waking: AtomicBool::new(false),
            making: Mutex::new(()),
        }
    }

    /// Adds a message of entry `sequence`; `encode` is given the sequence of the message before it. Gives by how much
    /// the bytes that are kept have changed.
    pub fn publish(
        &self,
        sequence: Sequence,
        keep: Kept,
        encode: impl FnOnce(Sequence) -> Utf8Bytes,
    ) -> (usize, usize) {
        let keep = if self.is_read() { keep.read } else { keep.idle };
        let mut ring = self.ring.write();
        let text = encode(ring.last);
        let added = text.len();
        ring.kept.push_back((sequence, text));
        ring.last = sequence;
        ring.snapshot = None;
        ring.bytes += added;
        let removed = ring.trim(keep);
        self.end.store(ring.end(), Ordering::Release);
        (added, removed)
    }

    /// Keeps no more than this. Gives the bytes that are free again.
    pub fn trim(&self, keep: usize) -> usize {
        self.ring.write().trim(keep)
    }

    /// Forgets all messages; whoever reads on gets a fresh snapshot. Gives the bytes that are free again.
    pub fn restart(&self, at: Sequence) -> usize {
        let mut ring = self.ring.write();
        // A place that no reader has reached: everyone has fallen behind.
        ring.first += ring.kept.len() as u64 + 1;
        ring.kept = VecDeque::new();
        (ring.last, ring.floor) = (at, Sequence(at.0 + 1));
        ring.snapshot = None;
        self.end.store(ring.first, Ordering::Release);
        std::mem::take(&mut ring.bytes)
    }

    /// Forgets the messages, which nobody reads and hardly anybody will come back for. Gives the bytes that are free.
    pub fn forget(&self) -> usize {
        let mut ring = self.ring.write();
        ring.first += ring.kept.len() as u64;
        ring.kept = VecDeque::new();
        ring.floor = Sequence(ring.last.0 + 1);
        ring.snapshot = None;
        std::mem::take(&mut ring.bytes)
    }

    /// Where a client goes on that has everything up to `from`; `None`: it needs a snapshot. `now` is the last entry
    /// there is.
    pub fn resume(&self, from: Sequence, now: Sequence) -> Option<u64> {
        let ring = self.ring.read();
        if from < ring.floor || from > now {
            return None;
        }
        let behind = ring.kept.partition_point(|(sequence, _)| *sequence <= from);
        let several = behind >= 2 && ring.kept[behind - 1].0 == from && ring.kept[behind - 2].0 == from;
        (!several).then_some(ring.first + behind as u64)
    }

    /// Held while a snapshot that many share is made, so that one makes it and the others find it. To be taken before
    /// the writer is held off, never while it is.
    pub fn make_alone(&self) -> MutexGuard<'_, ()> {
        self.making.lock()
    }

    /// Where the channel stands: while the caller holds off the writer, what the picture shows is as of this.
    pub fn stand(&self) -> Stand {
        let ring = self.ring.read();
        Stand { last: ring.last, end: ring.end(), snapshot: ring.snapshot.clone() }
    }

    /// Keeps the snapshot that was made of this stand for the next who asks, unless there is news already.
    pub fn keep_snapshot(&self, stand: &Stand, snapshot: &Utf8Bytes) {
        let mut ring = self.ring.write();
        if ring.end() == stand.end {
            ring.snapshot = Some(snapshot.clone());
        }
    }

    /// Whether there is something behind this place, as seen without a lock.
    pub fn has_more(&self, place: u64) -> bool {
        self.end.load(Ordering::Acquire) != place
    }

    /// Takes what is ready from `place` on, at most `most` messages, and moves the place behind it.
    pub fn take(&self, place: &mut u64, most: usize, into: &mut Vec<Utf8Bytes>) -> Found {
        let ring = self.ring.read();
        let Some(skip) = place.checked_sub(ring.first) else {
            return Found::Dropped(ring.first - *place);
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        for (_, text) in ring.kept.iter().skip(skip).take(most) {
            into.push(text.clone());
            *place += 1;
        }
        Found::Messages
    }

    /// Wakes this reader whenever there is something new, until it leaves.
    pub fn join(&self, reader: u64, wake: Arc<Notify>) {
        let mut readers = self.readers.lock();
        readers.insert(reader, wake);
        self.reading.store(readers.len(), Ordering::Release);
    }

    /// A reader is gone. Says whether it was the last.
    pub fn leave(&self, reader: u64) -> bool {
        let mut readers = self.readers.lock();
        readers.remove(&reader);
        self.reading.store(readers.len(), Ordering::Release);
        readers.is_empty()
    }

    /// Whether anybody reads.
    pub fn is_read(&self) -> bool {
        self.reading.load(Ordering::Acquire) > 0
    }

    /// Whether its readers are to be put on the list of those to be woken: `false` when they are on it already.
    pub fn wants_waking(&self) -> bool {
        self.is_read() && !self.waking.swap(true, Ordering::AcqRel)
    }

    /// Wakes all readers.
    pub fn wake(&self) {
        self.waking.store(false, Ordering::Release);
        for reader in self.readers.lock().values() {
            reader.notify_one();
        }
    }
}

impl Ring {
    fn trim(&mut self, keep: usize) -> usize {
        let mut removed = 0;
        while self.kept.len() > keep.max(1)
            && let Some((gone, text)) = self.kept.pop_front()
        {
            self.first += 1;
            // Whoever stopped at an entry of which something is gone may lack just that.
            self.floor = Sequence(gone.0 + 1);
            removed += text.len();
        }
        if self.kept.capacity() > 4 * keep.max(64) {
            self.kept.shrink_to(keep);
        }
        self.bytes -= removed;
        removed
    }

    fn end(&self) -> u64 {
        self.first + self.kept.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Kept = Kept { read: 4, idle: 4 };

    fn channel(entries: &[u64]) -> Channel {
        let channel = Channel::new(Sequence(10), true);
        for entry in entries {
            publish(&channel, *entry);
        }
        channel
    }

    fn publish(channel: &Channel, entry: u64) {
        channel.publish(Sequence(entry), KEEP, |previous| format!("{entry} after {previous}").into());
    }

    fn rest(channel: &Channel, mut place: u64) -> Vec<String> {
        let mut texts = Vec::new();
        assert!(matches!(channel.take(&mut place, 100, &mut texts), Found::Messages));
        assert!(!channel.has_more(place));
        texts.iter().map(ToString::to_string).collect()
    }

    /// Protects that a client that was away gets exactly what it missed, or a snapshot where that cannot be known.
    #[test]
    fn resumes_without_loss_or_repetition() {
        let now = Sequence(99);
        let four = channel(&[12, 15, 15, 18]);
        for (from, expected) in [
            (9, None),
            (10, Some(vec!["12 after 10", "15 after 12", "15 after 15", "18 after 15"])),
            (11, Some(vec!["12 after 10", "15 after 12", "15 after 15", "18 after 15"])),
            (12, Some(vec!["15 after 12", "15 after 15", "18 after 15"])),
            (14, Some(vec!["15 after 12", "15 after 15", "18 after 15"])),
            (15, None),
            (16, Some(vec!["18 after 15"])),
            (18, Some(vec![])),
            (99, Some(vec![])),
            (100, None),
        ] {
            let found = four.resume(Sequence(from), now).map(|place| rest(&four, place));
            assert_eq!(found, expected.map(|all| all.into_iter().map(str::to_owned).collect()), "from {from}");
        }
        // The first of the two messages of entry 15 is gone: who stopped there may lack the second, or not.
        publish(&four, 19);
        publish(&four, 20);
        assert_eq!(four.resume(Sequence(15), now), None);
        assert_eq!(four.resume(Sequence(16), now).map(|place| rest(&four, place).len()), Some(3));
    }

    /// Protects that a reader that has fallen behind is told by how much.
    #[test]
    fn tells_how_much_was_dropped() {
        let channel = channel(&[11, 12, 13, 14, 15, 16, 17]);
        let (mut place, mut texts) = (1, Vec::new());
        assert!(matches!(channel.take(&mut place, 100, &mut texts), Found::Dropped(2)));
        assert!(texts.is_empty());
    }

    /// Protects that nothing of a channel that was forgotten is resumed as if it were there.
    #[test]
    fn forgets() {
        let channel = channel(&[11, 12]);
        assert_eq!(channel.resume(Sequence(11), Sequence(12)), Some(1));
        assert!(channel.forget() > 0);
        assert_eq!(channel.resume(Sequence(12), Sequence(12)), None);
        publish(&channel, 14);
        assert_eq!(
            channel.resume(Sequence(13), Sequence(14)).map(|at| rest(&channel, at)),
            Some(vec!["14 after 12".to_owned()])
        );
        channel.restart(Sequence(20));
        let (mut place, mut texts) = (2, Vec::new());
        assert!(matches!(channel.take(&mut place, 100, &mut texts), Found::Dropped(2)));
    }

    /// Protects that a snapshot made beside the writer is kept for others only while it is still what holds.
    #[test]
    fn keeps_no_snapshot_that_news_has_overtaken() {
        let channel = channel(&[11]);
        let (early, text) = (channel.stand(), Utf8Bytes::from_static("as of 11"));
        assert_eq!((early.last, early.snapshot.clone()), (Sequence(11), None));
        channel.keep_snapshot(&early, &text);
        assert_eq!(channel.stand().snapshot, Some(text.clone()));
        publish(&channel, 12);
        channel.keep_snapshot(&early, &text);
        assert_eq!(channel.stand().snapshot, None);
        let late = channel.stand();
        channel.restart(Sequence(12));
        channel.keep_snapshot(&late, &text);
        assert_eq!(channel.stand().snapshot, None);
    }
}
