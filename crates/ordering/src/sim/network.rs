//! A network in memory: connections between nodes of one process, which a test can cut, one way or both, and mend.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::net::{Arrived, Arriving, Listener, Network, Opening, Stream};
use crate::number::called;

/// How many bytes may be on their way in one direction.
const IN_FLIGHT: usize = 256 << 10;
/// How many connections may wait to be taken.
const BACKLOG: usize = 64;

/// A network in memory; cheap to clone, all clones are the same network. Addresses are the numbers of nodes.
#[derive(Clone, Default)]
pub struct SimNetwork(Arc<Mutex<Wires>>);

#[derive(Default)]
struct Wires {
    listening: BTreeMap<u64, mpsc::Sender<Arriving>>,
    open: Vec<(u64, u64, AbortHandle)>,
    /// From where to where nothing comes through.
    cut: BTreeSet<(u64, u64)>,
}

impl SimNetwork {
    /// The network as one of its nodes sees it.
    #[must_use]
    pub fn of(&self, node: u64) -> Arc<dyn Network> {
        Arc::new(End { network: self.clone(), node })
    }

    /// Breaks what is open between two nodes, whoever opened it, and lets nothing be opened until [`SimNetwork::mend`].
    pub fn cut(&self, one: u64, other: u64) {
        let mut wires = self.0.lock();
        wires.cut.extend([(one, other), (other, one)]);
        wires.drop_where(|from, to| (from, to) == (one, other) || (from, to) == (other, one));
    }

    /// Lets connections be opened between two nodes again.
    pub fn mend(&self, one: u64, other: u64) {
        let mut wires = self.0.lock();
        wires.cut.remove(&(one, other));
        wires.cut.remove(&(other, one));
    }

    /// A node's process is gone: whatever it had open breaks, and nobody listens there until it does so anew.
    pub fn gone(&self, node: u64) {
        let mut wires = self.0.lock();
        wires.listening.remove(&node);
        wires.drop_where(|from, to| from == node || to == node);
    }

    /// Opens a connection to a node as a stranger would, who can show nothing.
    ///
    /// # Errors
    /// Nobody listens there.
    pub async fn strange(&self, node: u64) -> io::Result<Stream> {
        self.open(0, node).await
    }

    async fn open(&self, from: u64, to: u64) -> io::Result<Stream> {
        let refused = |what: &str| io::Error::new(io::ErrorKind::ConnectionRefused, what.to_owned());
        let (here, mut near) = tokio::io::duplex(IN_FLIGHT);
        let (mut far, there) = tokio::io::duplex(IN_FLIGHT);
        let (listening, arriving) = {
            let mut wires = self.0.lock();
            if wires.cut.contains(&(from, to)) {
                return Err(refused("the way is cut"));
            }
            let listening = wires.listening.get(&to).cloned().ok_or_else(|| refused("nobody listens"))?;
            let carried = tokio::spawn(async move {
                // Either end may go at any time; then the other sees the end.
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                let _ = (near.shutdown().await, far.shutdown().await);
            });
            wires.open.retain(|(.., open)| !open.is_finished());
            wires.open.push((from, to, carried.abort_handle()));
            let bears = Box::new(move |name: &str| name.starts_with(&format!("{}.", called(from))));
            let arrived = Arrived { stream: Box::new(there), bears };
            let shown: Opening<'static, Arrived> = Box::pin(async move { Ok(arrived) });
            (listening, Arriving { from: called(from), shown })
        };
        listening.send(arriving).await.map_err(|_| refused("nobody listens"))?;
        Ok(Box::new(here))
    }
}

impl Wires {
    fn drop_where(&mut self, is: impl Fn(u64, u64) -> bool) {
        self.open.retain(|(from, to, open)| {
            let gone = is(*from, *to);
            if gone {
                open.abort();
            }
            !gone
        });
    }
}

struct End {
    network: SimNetwork,
    node: u64,
}

impl Network for End {
    fn dial<'n>(&'n self, name: &'n str, address: &'n str) -> Opening<'n, Stream> {
        Box::pin(async move {
            let to = address.parse().map_err(io::Error::other)?;
            if !name.starts_with(&format!("{}.", called(to))) {
                return Err(io::Error::other(format!("{} does not bear the name {name}", called(to))));
            }
            self.network.open(self.node, to).await
        })
    }

    fn listen(&self) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move {
            let (arrived, arriving) = mpsc::channel(BACKLOG);
            self.network.0.lock().listening.insert(self.node, arrived);
            Ok(Box::new(Arrivals(arriving)) as Box<dyn Listener>)
        })
    }
}

struct Arrivals(mpsc::Receiver<Arriving>);

impl Listener for Arrivals {
    fn accept(&mut self) -> Opening<'_, Arriving> {
        Box::pin(async move {
            match self.0.recv().await {
                Some(arriving) => Ok(arriving),
                // Nobody can come any more: the process is gone for the others.
                None => core::future::pending().await,
            }
        })
    }
}
