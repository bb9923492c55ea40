//! A node: one order for all commands, durable before anyone is answered.

use std::sync::Arc;

use exchange::units::Sequence;
use exchange::{Applied, Command, Exchange, Reply};

use crate::config::{Config, Seams};
use crate::error::{StartError, Unavailable};
use crate::head::SignedHead;
use crate::metrics::Metrics;
use crate::vault::Vault;

/// Told of everything that is applied, on the applying thread, in order, before anyone is answered. It must not block.
pub trait Observer: Send {
    /// The state from which this node goes on: that of the snapshot it started from, or the empty exchange. Every
    /// entry after it comes through [`Observer::applied`], those that recovery finds in the log included.
    fn begin(&mut self, exchange: &Exchange);
    /// A run of entries was applied; `exchange` is the state after it.
    fn applied(&mut self, run: &Arc<Applied>, exchange: &Exchange);
}

/// How a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It leads, and all that is committed is applied.
    Leading,
    /// It cannot take commands now, but may later.
    Following,
    /// Its log has failed; only a restart helps. Reads go on.
    Failed(String),
    /// It was stopped.
    Stopped,
}

/// A running node; cheap to clone.
#[derive(Clone)]
pub struct Node(());

impl Node {
    /// Recovers (the newest snapshot that verifies and the log after it), starts consensus, and returns once it leads
    /// and all is applied.
    ///
    /// # Errors
    /// Why it does not start.
    pub async fn start(config: Config, seams: Seams, observers: Vec<Box<dyn Observer>>) -> Result<Node, StartError> {
        let _ = (config, seams, observers);
        unimplemented!()
    }

    /// Puts a command in the one order and answers once it is durable and executed. A refusal by a rule is an answer.
    ///
    /// # Errors
    /// It surely was not done, or nobody knows.
    pub async fn submit(&self, command: Command) -> Result<Reply, Unavailable> {
        let _ = command;
        unimplemented!()
    }

    /// The last entry applied.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        unimplemented!()
    }

    /// A signed head that covers at least this entry.
    ///
    /// # Errors
    /// The node has not applied it, or the head could not be kept.
    pub async fn head(&self, at_least: Sequence) -> Result<SignedHead, Unavailable> {
        let _ = at_least;
        unimplemented!()
    }

    /// Reads the state under its lock, which holds up the applying: copy what is wanted and return.
    pub fn read<T>(&self, read: impl FnOnce(&Exchange) -> T) -> T {
        let _ = read;
        unimplemented!()
    }

    /// The secrets beside the log.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        unimplemented!()
    }

    /// Counters and gauges.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        unimplemented!()
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        unimplemented!()
    }

    /// Stops: the queue is drained, a head is signed, a snapshot is taken where it pays, and the folder is free.
    pub async fn stop(&self) {
        unimplemented!()
    }
}
