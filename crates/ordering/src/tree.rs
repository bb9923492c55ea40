//! The log's Merkle tree (RFC 6962): its head over all entries, kept as a compact range.
//!
//! A compact range holds the roots of the perfect subtrees that the leaves so far make up, largest first: one for each
//! one-bit of their count. That is all that is needed to add leaves and to say the head.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

/// The tree over the canonical bytes of all entries so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Tree {
    /// How many leaves there are.
    #[n(0)]
    leaves: u64,
    /// The roots of the perfect subtrees, largest first.
    #[n(1)]
    roots: Vec<ByteArray<32>>,
}

/// The hash of an entry's canonical bytes as a leaf.
pub(crate) fn leaf(entry: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

impl Tree {
    /// How many entries it covers.
    pub(crate) fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Adds the next entry's canonical bytes.
    pub(crate) fn push(&mut self, entry: &[u8]) {
        let mut root = leaf(entry);
        // As many subtrees are completed as the count has trailing ones.
        for _ in 0..self.leaves.trailing_ones() {
            let left = self.roots.pop().expect("a root for every one-bit of the count");
            root = node(&left, &root);
        }
        self.roots.push(root.into());
        self.leaves += 1;
    }

    /// The head over all leaves; of none it is the hash of nothing.
    pub(crate) fn head(&self) -> [u8; 32] {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else {
            return Sha256::digest([]).into();
        };
        roots.fold(**last, |right, left| node(left, &right))
    }

    /// Whether this tree may have grown out of another one: where that one is whole perfect subtrees of this one, they must be
    /// the same. Of one that ends in between nothing can be said.
    pub(crate) fn begins_with(&self, other: &Tree) -> bool {
        let mut covered = 0;
        for whole in 1..=self.roots.len() {
            // The next subtree has the largest power of two that is left.
            covered += 1 << (self.leaves - covered).ilog2();
            if covered == other.leaves {
                return self.roots[..whole] == other.roots[..];
            }
        }
        other.leaves < self.leaves
    }

    /// Whether it can be: a root for every one-bit of the count.
    pub(crate) fn is_sound(&self) -> bool {
        self.roots.len() == self.leaves.count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the tree head against any other than RFC 6962's, by a second implementation of it.
    #[test]
    fn agrees_with_another_implementation() {
        let mut theirs = ct_merkle::mem_backed_tree::MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut ours = Tree::default();
        assert_eq!(ours.head(), <[u8; 32]>::from(Sha256::digest([])));
        for count in 0..300_u32 {
            let entry = count.to_le_bytes().repeat(1 + count as usize % 40);
            theirs.push(entry.clone());
            ours.push(&entry);
            assert_eq!(ours.head().as_slice(), theirs.root().as_bytes().as_slice(), "{count}");
            assert!(ours.is_sound());
        }
    }

    /// Protects what is fetched from being believed late: a tree that grows into another one is told from one that does not
    /// where a perfect subtree is whole, and at the latest when it has as many leaves.
    #[test]
    fn a_tree_that_grows_into_another_is_told_from_one_that_does_not() {
        for count in [1_u32, 2, 7, 8, 100, 257] {
            let whole = grown(0..count);
            for upto in 0..=count {
                assert!(whole.begins_with(&grown(0..upto)), "{upto} of {count}");
            }
            assert!(!whole.begins_with(&grown(0..count + 1)));
            for other in 0..count {
                let differs = |upto: u32| grown((0..upto).map(|leaf| if leaf == other { 9_999 } else { leaf }));
                assert!(!whole.begins_with(&differs(count)), "{other} of {count}");
                let seen = (other + 1..=count).find(|upto| !whole.begins_with(&differs(*upto)));
                assert!(seen.is_some_and(|seen| seen <= (other + 1).next_power_of_two().max(count)));
            }
        }
    }

    fn grown(leaves: impl IntoIterator<Item = u32>) -> Tree {
        let mut tree = Tree::default();
        leaves.into_iter().for_each(|leaf| tree.push(&leaf.to_le_bytes()));
        tree
    }
}
