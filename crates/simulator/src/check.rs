//! What must be so at the end.
//!
//! Linearizability needs no search here. Every answer names the entry that decided, the entries of the final log are one
//! order in which each command is decided once, and executing that log on an empty exchange gives each the answer that its
//! client had: so that order is a sequential history which explains every answer. It agrees with real time when no command
//! is decided before one that was answered before it was asked, which is seen by comparing each with the highest entry that
//! anybody had been answered by then. Those three are the definition; Porcupine and its like search for an order, and this
//! one is written down. A command that nobody was answered may stand anywhere behind its asking, or nowhere, but not twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use exchange::units::{Instant, Sequence};
use exchange::{Exchange, Output, Reply};
use ordering::sim::{history, verify};

use crate::clients::Asked;
use crate::cluster::{DATA, SECRETS};
use crate::machine::Machine;
use crate::trace::Trace;

/// Checks every disk, and what was answered against them. All nodes have applied `applied`.
pub fn check(trace: &Trace, machines: &[Arc<Machine>], asks: &[Asked], applied: Sequence) {
    let mut states: BTreeMap<Sequence, BTreeMap<[u8; 32], Vec<u64>>> = BTreeMap::new();
    let (mut longest, mut have) = (None, 0);
    for machine in machines {
        let number = machine.number;
        match verify(&machine.disk, Path::new(DATA), Path::new(SECRETS)) {
            Ok(verified) => {
                let at = verified.sequence;
                states.entry(at).or_default().entry(verified.state_digest).or_default().push(number);
                if longest.as_ref().is_none_or(|(most, _)| *most < at) {
                    longest = Some((at, machine));
                }
                have += usize::from(at >= applied);
            }
            Err(damage) => {
                trace.violation(format_args!("the folder of node {number} is not what was written: {damage}"));
            }
        }
    }
    let Some((_, machine)) = longest else {
        trace.violation("nobody is left");
        return;
    };
    // A node may execute what a majority has kept before it has kept it itself.
    if have * 2 <= machines.len() {
        let all = machines.len();
        trace.violation(format_args!("all nodes had applied {applied}, and the logs of {have} of {all} reach so far"));
    }
    match Executed::of(machine, &mut states) {
        Ok(executed) => {
            executed.check(trace, asks, applied);
            trace.note(format_args!("{} entries, {} asked", executed.last, asks.len()));
            trace.count_many("entries", executed.last.0);
        }
        Err(why) => trace.violation(why),
    }
    for (at, digests) in states {
        trace.violation(format_args!("the nodes do not have one state at entry {at}: {:?}", digests.values()));
    }
}

/// The final log, executed on an empty exchange.
struct Executed {
    by_request: BTreeMap<Vec<u8>, Vec<(Sequence, Reply)>>,
    last: Sequence,
}

impl Executed {
    /// Takes out of `states` those that are as they must be.
    fn of(machine: &Machine, states: &mut BTreeMap<Sequence, BTreeMap<[u8; 32], Vec<u64>>>) -> Result<Self, String> {
        let entries =
            history(&machine.disk, Path::new(DATA), Path::new(SECRETS)).map_err(|damage| damage.to_string())?;
        let (mut exchange, mut out) = (Exchange::new(), Output::default());
        let mut executed = Executed { by_request: BTreeMap::new(), last: Sequence(0) };
        let mut at = Instant::from_us(i64::MIN);
        for found in entries {
            let (entry, price) = found.map_err(|damage| damage.to_string())?;
            if entry.at < at {
                return Err(format!("the stamp of entry {} goes back from {at} to {}", entry.sequence, entry.at));
            }
            if entry.sequence.0 != executed.last.0 + 1 {
                return Err(format!("entry {} stands behind {}", entry.sequence, executed.last));
            }
            (at, executed.last) = (entry.at, entry.sequence);
            let reply = exchange.execute(&entry, price, &mut out);
            out.clear();
            if !exchange.ledger().sum_from_scratch().is_zero() {
                return Err(format!("after entry {} the sum of the ledger is not zero", entry.sequence));
            }
            if let Some(digests) = states.get(&entry.sequence)
                && digests.keys().eq([&exchange.digest()])
            {
                states.remove(&entry.sequence);
            }
            if let Some(request) = &entry.command.request {
                executed.by_request.entry(request.key.to_vec()).or_default().push((entry.sequence, reply));
            }
        }
        Ok(executed)
    }

    fn check(&self, trace: &Trace, asks: &[Asked], applied: Sequence) {
        for asked in asks {
            let Some(request) = &asked.command.request else { continue };
            let found = self.by_request.get(request.key.as_slice()).map_or(&[][..], Vec::as_slice);
            let mut decided = found.iter().filter(|(_, reply)| !reply.replayed);
            let first = decided.next();
            if let (Some((first, _)), Some((second, _))) = (first, decided.next()) {
                trace.violation(format_args!("one command was decided at entries {first} and {second}"));
            }
            if let Some((place, _)) = first
                && *place <= asked.floor
            {
                let floor = asked.floor;
                trace.violation(format_args!("entry {place} stands before {floor}, answered before it was asked"));
            }
            let Some(answer) = &asked.reply else { continue };
            match first {
                None => trace.violation(format_args!("entry {} was answered and is not in the log", answer.sequence)),
                Some((place, reply)) => {
                    if *place != answer.sequence || reply.outcome != answer.outcome || reply.at != answer.at {
                        trace.violation(format_args!("entry {place} was answered {answer:?} and is {reply:?}"));
                    }
                    if *place > applied {
                        trace.violation(format_args!("entry {place} was answered, and not all nodes have it"));
                    }
                }
            }
        }
    }
}
