//! Whether this node may lead. Not while a majority of the voters agree on another time than its clock says, since stamps
//! cannot be taken back; and not while its disk stands still, since everybody would wait with it. A node that is unfit says
//! so, does not stand for election, takes no lead that is handed over, and hands over the one it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use openraft::type_config::async_runtime::watch::WatchReceiver;
use tokio::sync::watch;
use tokio::time::Instant as Moment;

use crate::clock::Clock;
use crate::engine::{Peer, Raft};
use crate::log::Log;
use crate::membership::Acting;
use crate::net::frame::Kind;
use crate::net::message::Checkpoints;
use crate::peers::{Lane, Peers};

/// How often clocks are compared.
const COMPARE_EVERY: Duration = Duration::from_secs(1);
/// How often that is tried while it was never done: until then nobody knows whether the clock is right.
const FIRST_EVERY: Duration = Duration::from_millis(100);
/// How long another node may take to say what time it is.
const ASK_MAX: Duration = Duration::from_millis(500);
/// How long handing over may take before it is tried again.
const HAND_OVER_MAX: Duration = Duration::from_secs(2);

/// What keeps a node from leading. Shared by all who must know.
#[derive(Debug)]
pub(crate) struct Fit {
    /// The clock is wrong, or was never compared.
    clock: AtomicBool,
    /// It was compared.
    compared: AtomicBool,
    /// The disk stands still.
    disk: AtomicBool,
}

impl Fit {
    /// As a node is that has not compared its clock yet.
    pub(crate) const fn unknown() -> Self {
        Fit { clock: AtomicBool::new(true), compared: AtomicBool::new(false), disk: AtomicBool::new(false) }
    }

    /// Whether its stamps may not be given out: it is wrong, or was never compared.
    pub(crate) fn clock_is_wrong(&self) -> bool {
        self.clock.load(Ordering::Acquire)
    }

    /// Whether its clock is known to be wrong.
    pub(crate) fn clock_is_off(&self) -> bool {
        self.clock_is_wrong() && self.compared.load(Ordering::Acquire)
    }

    /// Whether it may lead.
    pub(crate) fn may_lead(&self) -> bool {
        !self.clock_is_wrong() && !self.disk.load(Ordering::Acquire)
    }
}

/// What looks after it.
#[derive(Clone)]
pub(crate) struct Fitness {
    pub(crate) fit: Arc<Fit>,
    pub(crate) raft: Raft,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) log: Arc<Log>,
    pub(crate) peers: Arc<Peers>,
    pub(crate) acting: Acting,
    /// By how much a clock may be off.
    pub(crate) apart_max: Duration,
    /// How long the disk may stand still: as long as a leader may be silent.
    pub(crate) stall_max: Duration,
}

impl Fitness {
    /// Compares clocks until `stopping`.
    pub(crate) async fn watch_clock(self, mut stopping: watch::Receiver<bool>) {
        let mut found = None;
        self.settle().await;
        loop {
            if let Some(off_us) = self.compare().await {
                let was_off = found.replace(off_us.is_some()) == Some(true);
                say(off_us, was_off);
                self.fit.clock.store(off_us.is_some(), Ordering::Release);
                self.fit.compared.store(true, Ordering::Release);
                self.settle().await;
            }
            tokio::select! {
                () = tokio::time::sleep(if found.is_some() { COMPARE_EVERY } else { FIRST_EVERY }) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
        }
    }

    /// Watches the disk until `stopping`.
    pub(crate) async fn watch_disk(self, mut stopping: watch::Receiver<bool>) {
        let mut stall = Stall { done: 0, since: Moment::now() };
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.stall_max / 4) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            let (asked, done) = self.log.progress();
            let stands = stall.look(asked, done, Moment::now()) >= self.stall_max;
            if self.fit.disk.swap(stands, Ordering::AcqRel) != stands {
                if stands {
                    tracing::error!(
                        "the disk has stood still for {:?}: this node does not lead until it goes on",
                        self.stall_max
                    );
                } else {
                    tracing::info!("the disk goes on");
                }
            }
            self.settle().await;
        }
    }

    /// Has the engine do as is fit.
    async fn settle(&self) {
        let may_lead = self.fit.may_lead();
        self.raft.runtime_config().elect(may_lead);
        if may_lead || !self.raft.is_leader() {
            return;
        }
        let Some(to) = self.acting.successor() else { return };
        match tokio::time::timeout(HAND_OVER_MAX, self.acting.transfer(to)).await {
            Ok(Ok(())) => tracing::info!("node {to} leads from now on"),
            Ok(Err(why)) => tracing::warn!("the lead could not be handed over, which is tried again: {why}"),
            Err(_) => tracing::warn!("node {to} has not taken the lead within {HAND_OVER_MAX:?}, which is tried again"),
        }
    }

    /// By how much the clocks of a majority are ahead of this one, where they agree on another time; nothing where too few
    /// answer to say.
    async fn compare(&self) -> Option<Option<i64>> {
        let (voters, others) = self.voters();
        let asked = others.into_iter().map(|(node, peer)| {
            let (link, clock) = (self.peers.link_to(node, &peer, Lane::Word), Arc::clone(&self.clock));
            async move {
                let before = clock.now().us();
                let answer = link.call(Kind::Checkpoints, bytes::Bytes::new(), ASK_MAX).await.ok()?;
                let said = minicbor::decode::<Checkpoints>(&answer).ok()?;
                let (after, machine) = (clock.now().us(), clock.machine_ahead_us());
                // A node of before does not say.
                let Some(now) = said.now else { return Some(None) };
                let stamps = now.us() - (before + (after - before) / 2);
                let machines = stamps + said.machine_ahead_us.unwrap_or(0) - machine;
                Some(Some(Ahead { stamps, machines, unsure: (after - before).max(0) / 2 }))
            }
        });
        let answers: Vec<Option<Ahead>> = futures_util::future::join_all(asked).await.into_iter().flatten().collect();
        if (answers.len() + 1) * 2 <= voters {
            return None;
        }
        let heard: Vec<Ahead> = answers.into_iter().flatten().collect();
        let max = i64::try_from(self.apart_max.as_micros()).unwrap_or(i64::MAX);
        let by = |which: fn(&Ahead) -> i64| heard.iter().map(|ahead| (which(ahead), ahead.unsure)).collect();
        Some(off(by(|ahead| ahead.stamps), voters, max).or_else(|| off(by(|ahead| ahead.machines), voters, max)))
    }

    /// How many vote, and the others among them.
    fn voters(&self) -> (usize, Vec<(u64, Peer)>) {
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let membership = metrics.membership_config.membership();
        let own = self.acting.node;
        let others = membership.voter_ids().filter(|node| *node != own);
        let others = others.filter_map(|node| Some((node, membership.get_node(&node)?.clone()))).collect();
        (membership.voter_ids().count(), others)
    }
}

fn say(off_us: Option<i64>, was_off: bool) {
    match off_us {
        Some(off_us) if !was_off => tracing::error!(
            "the clocks of a majority of the nodes are {:+.1} s from this node's, which does not lead; set its clock right, and start it again where it began with the wrong one",
            off_us as f64 / 1e6
        ),
        None if was_off => tracing::info!("this node's clock agrees with those of the others again"),
        _ => {}
    }
}

/// By how many microseconds another node is ahead.
struct Ahead {
    /// By the clock that stamps.
    stamps: i64,
    /// By the machine's.
    machines: i64,
    /// How much of that may be the way of the question.
    unsure: i64,
}

/// By how much a majority of all voters is ahead of this node, where those are further away than `max` and within it of
/// each other. Where nobody has a majority for another time, nobody knows who is wrong.
fn off(mut others: Vec<(i64, i64)>, voters: usize, max: i64) -> Option<i64> {
    others.retain(|(ahead, unsure)| ahead.unsigned_abs() > max.saturating_add(*unsure).unsigned_abs());
    others.sort_unstable();
    let need = voters / 2 + 1;
    let agree = |some: &&[(i64, i64)]| some[need - 1].0.saturating_sub(some[0].0) <= max;
    others.windows(need).find(agree).map(|some| some[need / 2].0)
}

/// How long the disk has done nothing of what it was asked.
struct Stall {
    done: u64,
    since: Moment,
}

impl Stall {
    fn look(&mut self, asked: u64, done: u64, now: Moment) -> Duration {
        if asked == done || done != self.done {
            *self = Stall { done, since: now };
        }
        now.duration_since(self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects healthy nodes from one whose clock is wrong, and a cluster from losing all its leaders: only who has a majority
    /// of one mind against itself is off, however many answer.
    #[test]
    fn only_who_has_a_majority_against_itself_is_off() {
        let off = |others: &[i64], voters| super::off(others.iter().map(|ahead| (*ahead, 0)).collect(), voters, 5);
        assert_eq!(off(&[60, 61], 3), Some(61));
        assert_eq!(off(&[-60, -58], 3), Some(-58));
        assert_eq!(off(&[0, 60], 3), None, "the other one is wrong");
        assert_eq!(off(&[60], 3), None, "one against one");
        assert_eq!(off(&[60, -60], 3), None, "no two agree");
        assert_eq!(off(&[5, 5], 3), None, "within the limit");
        assert_eq!(off(&[60, 61, 0, 1], 5), None);
        assert_eq!(off(&[60, 61, 62, 0], 5), Some(61));
        assert_eq!(off(&[], 1), None);
        assert_eq!(super::off(vec![(60, 100), (61, 100)], 3, 5), None, "the way of the question took longer");
    }

    /// Protects a leader whose disk is slow, and one that has nothing to write: only who does nothing of what was asked stands
    /// still.
    #[test]
    fn only_a_disk_that_does_nothing_stands_still() {
        let begin = Moment::now();
        let at = |ms| begin + Duration::from_millis(ms);
        let mut stall = Stall { done: 0, since: begin };
        assert_eq!(stall.look(0, 0, at(500)), Duration::ZERO, "nothing was asked");
        assert_eq!(stall.look(5, 0, at(600)), Duration::from_millis(100));
        assert_eq!(stall.look(9, 3, at(700)), Duration::ZERO, "it goes on");
        assert_eq!(stall.look(9, 3, at(1_000)), Duration::from_millis(300));
        assert_eq!(stall.look(9, 9, at(1_100)), Duration::ZERO);
    }
}
