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
}
