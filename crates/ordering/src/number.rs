//! The numbers by which nodes and readers know each other. Nodes of the cluster have small ones; readers have theirs above
//! all of those, so that no reader is ever taken for somebody who votes.

/// Reader 1 has this number and one.
const READERS: u64 = 1 << 32;

/// The number of a reader among nodes and readers; readers count from 1.
#[must_use]
pub const fn reader_number(reader: u64) -> u64 {
    READERS + reader
}

/// Whether a number is that of a reader.
#[must_use]
pub const fn is_reader(number: u64) -> bool {
    number >= READERS
}

/// Who has a number, as certificates, settings and messages name it: `node-3`, `reader-1`.
#[must_use]
pub fn called(number: u64) -> String {
    match number.checked_sub(READERS) {
        Some(reader) => format!("reader-{reader}"),
        None => format!("node-{number}"),
    }
}

/// The number of whom a name names.
#[must_use]
pub(crate) fn number_called(name: &str) -> Option<u64> {
    let (number, reader) = match (name.strip_prefix("node-"), name.strip_prefix("reader-")) {
        (Some(number), _) => (number, false),
        (_, Some(number)) => (number, true),
        _ => return None,
    };
    let number: u64 = number.parse().ok().filter(|number| (1..READERS).contains(number))?;
    Some(if reader { reader_number(number) } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the cluster from a reader that is taken for a node: no name and no number serves for both.
    #[test]
    fn a_number_is_a_nodes_or_a_readers() {
        for (number, name) in [(1, "node-1"), (5, "node-5"), (reader_number(1), "reader-1")] {
            assert_eq!(called(number), name);
            assert_eq!(number_called(name), Some(number));
        }
        assert!(is_reader(reader_number(1)) && !is_reader(5));
        for wrong in ["1", "node-0", "reader-0", "reader-", "node-4294967297", "voter-1"] {
            assert_eq!(number_called(wrong), None, "{wrong}");
        }
    }
}
