//! The digest of the whole state, computed over what has changed.
//!
//! Every table is a Merkle tree with 256 children a node: a leaf is BLAKE3 over the canonical CBOR of one row, a node
//! BLAKE3 over its children, which are eight of its chunks, so that it hashes them side by side. A change marks its row; [`Tree::settle`] then encodes and hashes the marked rows and
//! the nodes above them, each once, so that a digest costs what has changed and not what there is.

/// Children a node.
const WIDTH: usize = 256;
/// When at least one row in so many has changed, looking at each mark is faster than sorting the list of them.
const MANY: usize = 32;

type Hash = [u8; 32];

/// The commitment to one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// The hashes of the rows, then of each level of nodes above; the last level has one.
    levels: Vec<Vec<Hash>>,
    marked: Vec<u32>,
    is_marked: Vec<bool>,
}

impl Tree {
    /// The row has changed or is new. Rows are numbered from 0 without a gap.
    pub(crate) fn mark(&mut self, row: usize) {
        if row >= self.is_marked.len() {
            self.is_marked.resize(row + 1, false);
        }
        if !self.is_marked[row] {
            self.is_marked[row] = true;
            self.marked.push(u32::try_from(row).expect("a table has fewer than 2^32 rows"));
        }
    }

    /// Hashes what was marked; `encode` appends the canonical bytes of a row.
    pub(crate) fn settle(&mut self, mut encode: impl FnMut(usize, &mut Vec<u8>)) {
        if self.marked.is_empty() {
            return;
        }
        let mut touched = core::mem::take(&mut self.marked);
        let rows = self.is_marked.len();
        if touched.len() >= rows / MANY {
            touched.clear();
            touched.extend((0..).zip(&self.is_marked).filter(|(_, marked)| **marked).map(|(row, _)| row));
        } else {
            touched.sort_unstable();
        }
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        self.levels[0].resize(rows, [0; 32]);
        let mut bytes = Vec::with_capacity(256);
        for row in &touched {
            let row = *row as usize;
            self.is_marked[row] = false;
            bytes.clear();
            encode(row, &mut bytes);
            self.levels[0][row] = *blake3::hash(&bytes).as_bytes();
        }
        let mut level = 0;
        while self.levels[level].len() > 1 {
            let nodes = self.levels[level].len().div_ceil(WIDTH);
            if self.levels.len() == level + 1 {
                self.levels.push(Vec::new());
            }
            self.levels[level + 1].resize(nodes, [0; 32]);
            touched.iter_mut().for_each(|node| *node /= WIDTH as u32);
            touched.dedup();
            let (below, above) = self.levels.split_at_mut(level + 1);
            for node in &touched {
                let first = *node as usize * WIDTH;
                let last = (first + WIDTH).min(below[level].len());
                above[0][*node as usize] = *blake3::hash(below[level][first..last].as_flattened()).as_bytes();
            }
            level += 1;
        }
        touched.clear();
        self.marked = touched;
    }

    /// Whether there never was a row.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_marked.is_empty()
    }

    /// The hash over all rows and their count; what was marked must be settled before.
    pub(crate) fn root(&self) -> Hash {
        debug_assert!(self.marked.is_empty(), "a digest is taken of what is settled");
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(self.is_marked.len() as u64).to_be_bytes());
        hasher.update(self.levels.last().map_or(&[0; 32], |top| &top[0]));
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that the digest over what changed is the digest from scratch, at every size around the width.
    #[test]
    fn changed_rows_give_the_same_root_as_all_rows() {
        let mut rows: Vec<u64> = Vec::new();
        let mut grown = Tree::default();
        for round in 0..1_100u64 {
            rows.push(round);
            grown.mark(rows.len() - 1);
            let touched = usize::try_from(round * 7919).unwrap() % rows.len();
            rows[touched] ^= 0xabcd;
            grown.mark(touched);
            if round % 3 == 0 {
                grown.settle(|row, bytes| bytes.extend(rows[row].to_be_bytes()));
                let mut fresh = Tree::default();
                (0..rows.len()).for_each(|row| fresh.mark(row));
                fresh.settle(|row, bytes| bytes.extend(rows[row].to_be_bytes()));
                assert_eq!(grown.root(), fresh.root(), "after {round}");
            }
        }
    }
}
