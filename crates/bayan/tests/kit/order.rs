//! Whether the order in which requests were done agrees with the time at which they were asked and answered.

use std::collections::BTreeSet;
use std::time::Instant;

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// When it was first sent.
    pub sent: Instant,
    /// When its answer was there.
    pub got: Instant,
    /// The entry that decided it.
    pub sequence: u64,
}

/// Those that cannot be: asked when a later entry was answered already, or with the entry of another. With one place for each,
/// this is what makes a history linearizable.
pub fn out_of_order(all: &[Asked]) -> Vec<Asked> {
    let mut by_answer: Vec<&Asked> = all.iter().collect();
    by_answer.sort_by_key(|asked| asked.got);
    let mut by_asking: Vec<&Asked> = all.iter().collect();
    by_asking.sort_by_key(|asked| asked.sent);
    let (mut at, mut answered_before) = (0, 0);
    let mut places = BTreeSet::new();
    let mut wrong = Vec::new();
    for asked in by_asking {
        while by_answer[at].got < asked.sent {
            answered_before = answered_before.max(by_answer[at].sequence);
            at += 1;
        }
        if asked.sequence <= answered_before || !places.insert(asked.sequence) {
            wrong.push(*asked);
        }
    }
    wrong
}
