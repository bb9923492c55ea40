//! Where a request's record stands: the table behind [`crate::memory`].
//!
//! Two things that a hash table from a library does cost more here than all else that a bid does. A table that doubles
//! moves all it has at once: with a million keys, one bid would wait a third of a second; so the keys are spread
//! over many small tables, each of which grows by itself. And where the keys are far more than a processor's cache
//! holds, every place in memory that is visited is waited for; so a place holds enough of its key to be told apart, moved
//! and taken out without looking at anything else, and a key that is new is looked for and added in one visit's reach.

/// Tables. With ten million keys, the most that a profile allows, one has 40,000 and moves them well under a millisecond.
const SHARDS: usize = 256;
/// The places a table begins with.
const FIRST: usize = 16;

/// One record: in the high half a part of its key that is never zero, in the low half the low half of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u64);

impl Place {
    const EMPTY: Place = Place(0);

    fn new(number: u64, key: &[u8; 16]) -> Self {
        let tag = u32::from_le_bytes([key[0], key[1], key[2], key[3]]) | 1;
        Place(u64::from(tag) << 32 | number & u64::from(u32::MAX))
    }

    const fn tag(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The number, which is at `base` or above: fewer than 2^32 are remembered at one time.
    const fn number(self, base: u64) -> u64 {
        base + (self.0 as u32).wrapping_sub(base as u32) as u64
    }
}

/// Places in a ring; a record stands in the place that its key says, or in the next empty one behind it.
#[derive(Clone, Debug)]
struct Shard {
    places: Vec<Place>,
    taken: usize,
}

impl Shard {
    /// Where the search for a tag begins. A key is a digest already, so a part of it is as good as any hash.
    fn home(&self, place: Place) -> usize {
        (place.tag() >> 1) as usize & (self.places.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.places.len() - 1)
    }

    /// The first place from its home on that is empty or that `is_it`.
    fn search(&self, place: Place, is_it: impl Fn(Place) -> bool) -> usize {
        let mut at = self.home(place);
        while self.places[at] != Place::EMPTY && !is_it(self.places[at]) {
            at = self.after(at);
        }
        at
    }

    fn add(&mut self, place: Place) {
        // Up to two thirds are taken: beyond, the ways become long.
        if self.taken * 3 >= self.places.len() * 2 {
            let twice = vec![Place::EMPTY; self.places.len() * 2];
            let before = core::mem::replace(&mut self.places, twice);
            for place in before.into_iter().filter(|place| *place != Place::EMPTY) {
                let at = self.search(place, |_| false);
                self.places[at] = place;
            }
        }
        let at = self.search(place, |_| false);
        self.places[at] = place;
        self.taken += 1;
    }

    fn remove(&mut self, place: Place) {
        let mut hole = self.search(place, |other| other == place);
        if self.places[hole] == Place::EMPTY {
            return;
        }
        self.taken -= 1;
        // What stands behind moves up where its way from home leads over the hole.
        let mut at = self.after(hole);
        while self.places[at] != Place::EMPTY {
            let mask = self.places.len() - 1;
            let way = at.wrapping_sub(self.home(self.places[at])) & mask;
            if way >= at.wrapping_sub(hole) & mask {
                self.places[hole] = self.places[at];
                hole = at;
            }
            at = self.after(at);
        }
        self.places[hole] = Place::EMPTY;
    }
}

/// Records by key.
#[derive(Clone, Debug)]
pub(crate) struct Index(Vec<Shard>);

impl Default for Index {
    fn default() -> Self {
        Index(vec![Shard { places: vec![Place::EMPTY; FIRST], taken: 0 }; SHARDS])
    }
}

impl Index {
    const fn shard(key: &[u8; 16]) -> usize {
        key[4] as usize % SHARDS
    }

    /// The record with this key. Numbers are at `base` or above; `is_it` reads the whole key of one.
    pub(crate) fn find(&self, key: &[u8; 16], base: u64, is_it: impl Fn(u64) -> bool) -> Option<u64> {
        let wanted = Place::new(0, key);
        let shard = &self.0[Index::shard(key)];
        let found = shard.search(wanted, |place| place.tag() == wanted.tag() && is_it(place.number(base)));
        let place = shard.places[found];
        (place != Place::EMPTY).then(|| place.number(base))
    }

    /// Reads the place where the search for the key begins.
    pub(crate) fn touch(&self, key: &[u8; 16]) -> u64 {
        let shard = &self.0[Index::shard(key)];
        shard.places[shard.home(Place::new(0, key))].0
    }

    /// Adds a record whose key is not there.
    pub(crate) fn add(&mut self, key: &[u8; 16], number: u64) {
        self.0[Index::shard(key)].add(Place::new(number, key));
    }

    /// Takes a record out.
    pub(crate) fn remove(&mut self, key: &[u8; 16], number: u64) {
        self.0[Index::shard(key)].remove(Place::new(number, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> [u8; 16] {
        let mut key = [0; 16];
        // Two neighbours share tag and table: only the rest of the key tells them apart.
        key[..8].copy_from_slice(&(number / 2).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        key[8..].copy_from_slice(&number.to_le_bytes());
        key
    }

    /// Protects that every key finds its own record and none after it was taken out, also where numbers pass 2^32.
    #[test]
    fn every_key_finds_its_own_record() {
        let base = (1 << 32) - 5_000;
        let mut index = Index::default();
        let find = |index: &Index, n: u64, base: u64| index.find(&key(n), base, |record| record == n);
        for n in base..base + 100_000 {
            assert_eq!(find(&index, n, base), None, "{n} is not there yet");
            index.add(&key(n), n);
        }
        assert!((base..base + 100_000).all(|n| find(&index, n, base) == Some(n)));
        (base..base + 60_000).for_each(|n| index.remove(&key(n), n));
        let later = base + 60_000;
        assert!((base..later).all(|n| find(&index, n, later).is_none()));
        assert!((later..base + 100_000).all(|n| find(&index, n, later) == Some(n)));
    }
}
