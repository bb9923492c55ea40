//! A venue that runs: node, live picture, archive and gateway, put together the same way for `serve`, `dev` and `bench`.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive::{Archive, ArchiveError, Options};
use exchange::{Applied, Exchange};
use gateway::Gateway;
use gateway::live::Live;
use ordering::{Node, Observer, Seams, StartError};
use parking_lot::Mutex;
use tokio::net::TcpListener;

use crate::catch_up::{CatchUp, Tail};
use crate::cli::Failure;
use crate::cluster::Desk;
use crate::config::Config;

/// The archive's file within the data folder.
const ARCHIVE_FILE: &str = "archive.sqlite";

/// A node with everything that stands before and behind it.
pub struct Venue {
    /// The one order.
    pub node: Node,
    /// What is true now.
    pub live: Live,
    /// What happened.
    pub archive: Arc<Archive>,
    /// The way in.
    pub gateway: Gateway,
    catch_up: CatchUp,
    /// Where operators are answered, where it is one of several nodes.
    desk: Option<Desk>,
}

impl Venue {
    /// Starts a node on its folder, with the archive following and the gateway ready to serve.
    ///
    /// # Errors
    /// One line that says what to do.
    pub async fn start(config: &Config, gateway: gateway::GatewayConfig) -> Result<Self, StartFailure> {
        let node_config = config.node();
        let (data, secrets) = (node_config.data.clone(), node_config.secrets_folder());
        let network = config.cluster.network().map_err(|what| StartFailure::Other(Failure::bad_input(what)))?;
        let seams = Seams { network, ..Seams::of(&node_config) };
        let live = Live::with_limits(config.feed());
        let tail = Tail::default();
        let opened = Opened::default();
        let observer = Following {
            live: live.clone(),
            tail: tail.clone(),
            data: data.clone(),
            options: config.archive(),
            opened: Arc::clone(&opened),
            feeding: None,
        };
        let several = node_config.cluster.is_some();
        let node = Node::start(node_config, seams, vec![Box::new(observer)]).await.map_err(StartFailure::Node)?;
        let desk = if several { Some(Desk::open(&data, &node)) } else { None };
        let desk = match desk.transpose() {
            Ok(desk) => desk,
            Err(failure) => {
                node.stop().await;
                return Err(StartFailure::Other(failure));
            }
        };
        // What this node shows is not older than what the cluster had when it came.
        if let Err(error) = node.caught_up().await {
            node.stop().await;
            return Err(StartFailure::Node(error));
        }
        let opened = opened.lock().take();
        match Venue::open(&node, live, opened, gateway, tail, data, secrets) {
            Ok(venue) => Ok(Venue { desk, ..venue }),
            Err(failure) => {
                node.stop().await;
                Err(StartFailure::Other(failure))
            }
        }
    }

    fn open(
        node: &Node,
        live: Live,
        opened: Option<Result<Arc<Archive>, ArchiveError>>,
        gateway: gateway::GatewayConfig,
        tail: Tail,
        data: PathBuf,
        secrets: PathBuf,
    ) -> Result<Self, Failure> {
        let archive = opened.expect("a node tells its observers where it begins").map_err(Failure::bad_input)?;
        let (sequence, now) = node.read(|exchange| (exchange.sequence(), exchange.now()));
        archive.begin(sequence, now).map_err(Failure::bad_input)?;
        let gateway =
            Gateway::new(gateway, node.clone(), live.clone(), Arc::clone(&archive)).map_err(Failure::bad_input)?;
        let catch_up = CatchUp::start(Arc::clone(&archive), tail, data, secrets)
            .map_err(|error| Failure::broken(format!("the system gives no thread to feed the archive: {error}")))?;
        // What recovery needed and nobody needs any more.
        crate::memory::give_back();
        Ok(Venue { node: node.clone(), live, archive, gateway, catch_up, desk: None })
    }

    /// Serves until `shutdown`, then lets requests under way end and stops.
    ///
    /// # Errors
    /// The gateway could not serve.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<(), Failure> {
        let served = self.gateway.serve(listener, shutdown).await;
        let stopped = self.stop().await;
        served.map_err(Failure::bad_input)?;
        stopped
    }

    /// Stops: the queue is drained, a head is signed, the archive is written out, and the folder is free.
    ///
    /// # Errors
    /// The archive has failed; it is rebuilt at the next start.
    pub async fn stop(self) -> Result<(), Failure> {
        let Venue { node, archive, catch_up, desk, .. } = self;
        node.stop().await;
        drop(desk);
        let closed = tokio::task::spawn_blocking(move || {
            catch_up.stop();
            archive.close()
        });
        match closed.await {
            Ok(closed) => closed.map_err(Failure::broken),
            Err(error) => Err(Failure::broken(format!("the archive could not be closed: {error}"))),
        }
    }
}

/// Why a venue does not start.
#[derive(Debug)]
pub enum StartFailure {
    /// The node does not.
    Node(StartError),
    /// Something else does not.
    Other(Failure),
}

impl From<StartFailure> for Failure {
    fn from(failure: StartFailure) -> Self {
        match failure {
            StartFailure::Node(error) => Failure::bad_input(error),
            StartFailure::Other(failure) => failure,
        }
    }
}

/// The archive once the node has begun.
type Opened = Arc<Mutex<Option<Result<Arc<Archive>, ArchiveError>>>>;

/// What feeds picture and archive. The archive is opened when the node begins: then the folder is this node's alone.
struct Following {
    live: Live,
    tail: Tail,
    data: PathBuf,
    options: Options,
    opened: Opened,
    feeding: Option<Box<dyn Observer>>,
}

impl Following {
    /// Another venue's archive, copied into the folder, would show its history as this one's.
    fn open(&self) -> Result<Archive, ArchiveError> {
        let path = self.data.join(ARCHIVE_FILE);
        let unknown = |error: StartError| ArchiveError::File { path: path.clone(), source: io::Error::other(error) };
        let venue = Some(ordering::venue_of(&self.data).map_err(unknown)?);
        Archive::open_or_renew(&path, Options { venue, ..self.options.clone() })
    }
}

impl Observer for Following {
    fn begin(&mut self, exchange: &Exchange) {
        self.tail.begin(exchange);
        // A node that was given a snapshot begins a second time.
        if let Some(feeding) = &mut self.feeding {
            feeding.begin(exchange);
            return;
        }
        let opened = self.open().map(Arc::new);
        if let Ok(archive) = &opened {
            let mut feeding = gateway::observer(self.live.clone(), Arc::clone(archive));
            feeding.begin(exchange);
            self.feeding = Some(feeding);
        }
        *self.opened.lock() = Some(opened);
    }

    fn applied(&mut self, run: &Arc<Applied>, exchange: &Exchange) {
        // The tail first: see there.
        self.tail.applied(run);
        if let Some(feeding) = &mut self.feeding {
            feeding.applied(run, exchange);
        }
    }
}

/// Takes an address to listen on.
///
/// # Errors
/// One line that says what to do, such as when the port is in use.
pub async fn listen(address: SocketAddr, how: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::bad_input(refused(address, &error, how)))
}

fn refused(address: SocketAddr, error: &io::Error, how: &str) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program; stop that one or name another address {how}")
        }
        _ => format!("cannot listen on {address}: {error}; name another address {how}"),
    }
}

/// Ends when the program is asked to stop: ctrl-c or SIGTERM.
///
/// # Errors
/// The system does not hand signals out.
pub fn asked_to_stop() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let broken = |error: io::Error| Failure::broken(format!("the system hands no signals out: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(broken)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(broken)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Whether the venue behind a node has been made.
#[must_use]
pub fn has_venue(node: &Node) -> bool {
    node.read(|exchange| !exchange.members().users.is_empty())
}

/// A folder as a message names it.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}
