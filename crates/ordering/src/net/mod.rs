//! Between the nodes of a cluster: the seam behind which connections stand, what is said on them, and how each node shows
//! who it is. Production stands on [`TlsNetwork`], tests on `sim::SimNetwork`; both run the same handshake and frames.

pub(crate) mod fetching;
pub(crate) mod frame;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod server;
mod tls;

use core::future::Future;
use core::pin::Pin;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use minicbor::bytes::ByteArray;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::cluster::ClusterId;

pub use tls::{TlsFiles, TlsNetwork};

/// Bytes both ways.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection that is open.
pub type Stream = Box<dyn Duplex>;

/// What ends with a value once the network has it.
pub type Opening<'n, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'n>>;

/// Connections to the other nodes of a cluster. A node is known to it by a name, which its certificate bears.
pub trait Network: Send + Sync {
    /// Opens a connection to an address. Who answers has shown that it bears this name.
    ///
    /// # Errors
    /// Nobody answers, or somebody else.
    fn dial<'n>(&'n self, name: &'n str, address: &'n str) -> Opening<'n, Stream>;
    /// Begins to take connections.
    ///
    /// # Errors
    /// The address is taken, or cannot be listened on.
    fn listen(&self) -> Opening<'_, Box<dyn Listener>>;
}

/// Takes connections.
pub trait Listener: Send {
    /// The next connection.
    ///
    /// # Errors
    /// None can be taken just now.
    fn accept(&mut self) -> Opening<'_, Arriving>;
}

/// A connection that has not shown yet whose it is.
pub struct Arriving {
    /// From where it comes, for people.
    pub from: String,
    /// Ends when it has shown whose it is.
    pub shown: Opening<'static, Arrived>,
}

/// A connection that has shown whose it is.
pub struct Arrived {
    /// The connection.
    pub stream: Stream,
    /// Whether it may bear this name.
    pub bears: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// The name of a node, as its certificate bears it.
#[must_use]
pub(crate) fn name_of(cluster: ClusterId, node: u64) -> String {
    crate::prepare::certificate_name(&cluster.to_string(), node)
}

/// The identity of a data folder, drawn when it becomes a node of a cluster. A node that lost its folder has another one.
pub(crate) type Instance = ByteArray<16>;

/// What a node says of itself to the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) cluster: ClusterId,
    pub(crate) node: u64,
    pub(crate) instance: Instance,
    /// Tells whether two nodes have the same secrets, and nothing of them.
    pub(crate) secrets: ByteArray<32>,
}

/// What has been counted of connections since the start.
#[derive(Debug, Default)]
pub(crate) struct NetCounters {
    pub(crate) accepted: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) dialled: AtomicU64,
    pub(crate) broken: AtomicU64,
}

impl NetCounters {
    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
