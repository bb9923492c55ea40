//! Commands on their way from a node that does not lead to the one that does, or from a reader to its source: many at
//! once, over one hop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use minicbor::bytes::ByteVec;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use crate::error::Unavailable;
use crate::net::frame::Kind;
use crate::net::link::{CallError, Link};
use crate::net::message::{self, Commands, Outcomes};
use crate::peers::{Lane, Peers};
use crate::sequencer::{Answer, Job};
use crate::way::Towards;

/// How many commands go at once, and how many such lots are under way.
const COMMANDS_MAX: usize = 512;
const UNDER_WAY_MAX: usize = 16;
/// How many bytes of commands go in one call, where one alone has not more.
const LOT_BYTES: usize = 4 << 20;

/// What passes commands on.
pub(crate) struct Forwarder {
    pub(crate) towards: Towards,
    pub(crate) peers: Arc<Peers>,
    pub(crate) within: Duration,
    pub(crate) count: Arc<AtomicU64>,
}

impl Forwarder {
    /// Runs until `stopping`. Whoever waits behind it hears that nothing was done.
    pub(crate) async fn run(self, mut jobs: mpsc::Receiver<Job>, mut stopping: watch::Receiver<bool>) {
        let under_way = Arc::new(Semaphore::new(UNDER_WAY_MAX));
        let mut taken = Vec::with_capacity(COMMANDS_MAX);
        loop {
            let Ok(permit) = Arc::clone(&under_way).acquire_owned().await else { return };
            let count = tokio::select! {
                biased;
                count = jobs.recv_many(&mut taken, COMMANDS_MAX) => count,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            if count == 0 {
                return;
            }
            let Some(link) = self.towards.link(&self.peers, Lane::Commands) else {
                let replies = taken.drain(..).map(|job| job.reply).collect();
                tell_all(replies, || Err(Unavailable::Leaderless("nobody leads just now".to_owned())));
                continue;
            };
            self.count.fetch_add(count as u64, Ordering::Relaxed);
            let permit = Arc::new(permit);
            let kind = self.towards.kind();
            let mut lot = Lot::default();
            for job in taken.drain(..) {
                let command = minicbor::to_vec(&job.command).expect("writing to memory does not fail");
                if !lot.replies.is_empty() && lot.bytes + command.len() > LOT_BYTES {
                    tokio::spawn(core::mem::take(&mut lot).send(link.clone(), kind, self.within, Arc::clone(&permit)));
                }
                lot.bytes += command.len();
                lot.commands.push(command.into());
                lot.replies.push(job.reply);
            }
            tokio::spawn(lot.send(link, kind, self.within, permit));
        }
    }
}

/// Commands that go in one call, and who waits for them.
#[derive(Default)]
struct Lot {
    commands: Vec<ByteVec>,
    bytes: usize,
    replies: Vec<oneshot::Sender<Answer>>,
}

impl Lot {
    async fn send(self, link: Link, kind: Kind, within: Duration, _permit: Arc<OwnedSemaphorePermit>) {
        let Lot { commands, replies, .. } = self;
        let answer = link.call(kind, message::bytes(&Commands { commands }), within).await;
        let read = answer.and_then(|answer| {
            let read: Outcomes = minicbor::decode(&answer).map_err(|error| CallError::Broken(error.to_string()))?;
            if read.outcomes.len() == replies.len() {
                Ok(read.outcomes)
            } else {
                Err(CallError::Broken("the leader has not answered each command".to_owned()))
            }
        });
        match read {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    // Whoever asked may have gone; what was done stays done.
                    let _ = reply.send(outcome.into());
                }
            }
            Err(CallError::NotSent(why)) => tell_all(replies, || Err(Unavailable::Leaderless(why.clone()))),
            Err(CallError::Broken(why) | CallError::Failed(why)) => {
                tell_all(replies, || Err(Unavailable::Unknown(why.clone())));
            }
        }
    }
}

fn tell_all(replies: Vec<oneshot::Sender<Answer>>, answer: impl Fn() -> Answer) {
    for reply in replies {
        let _ = reply.send(answer());
    }
}
