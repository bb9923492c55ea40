//! `bayan dev --nodes`: the demonstration on several real processes behind one entrance, to see that it goes on when one
//! of them dies.
//!
//! The parent makes the folders, starts the processes, and leads whoever comes to a node that is ready. It knows nothing
//! of the market: the node that leads keeps that going. Whatever the parent has started ends with it, however it ends: each
//! process holds one end of a pipe and ends when nobody holds the other.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ordering::{Health, Node, RealDisk, Seams};
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use super::{Options, Ready, bots, gateway_of, history, listener, market, own_folder, say_json, url, users};
use crate::cli::{Failure, print};
use crate::cluster::{Answer, Asked, Listed, NODES_FILE, Shown, ask, listed, look, make_keys};
use crate::config::{Config, Length, Log, LogLevel};
use crate::serve::write_log;
use crate::wiring::{Venue, asked_to_stop, listen, shown};

/// What the processes say unless they are told otherwise: of the engine's own warnings a demonstration of deaths is full.
const LEVEL: &str = "warn,openraft=error";
/// How long it is until a node that died is started again.
const RESPAWN_AFTER: Duration = Duration::from_secs(2);
/// How long all of it may take to be ready.
const READY_MAX: Duration = Duration::from_secs(120);
/// How often it is looked whether something has come about.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often the entrance asks each node whether it is ready, and how long that may take to answer.
const PROBE_EVERY: Duration = Duration::from_millis(200);
const PROBE_MAX: Duration = Duration::from_millis(500);
/// How long a node may take to end when it is asked to.
const STOP_MAX: Duration = Duration::from_secs(10);

/// A node, as the first line says it.
#[derive(Debug, Serialize)]
pub(super) struct NodeReady {
    id: u64,
    url: String,
    pid: Option<u32>,
    leader: bool,
}

/// Runs the demonstration on several nodes until it is asked to stop.
///
/// # Errors
/// One line that says what to do.
pub async fn several(options: Options, count: u64, respawn: bool) -> Result<(), Failure> {
    let level = env::var("RUST_LOG").unwrap_or_else(|_| LEVEL.to_owned());
    write_log(&Log { level: LogLevel(level), ..Log::default() })?;
    let mut stop = pin!(asked_to_stop()?);
    let entrance = listener(options.listen).await?;
    let folder = options.data.unwrap_or_else(|| own_folder().with_file_name("dev-nodes"));
    fs::create_dir_all(&folder)
        .map_err(|error| Failure::bad_input(format!("{}: {error}; name another folder with --data", shown(&folder))))?;
    let folder = fs::canonicalize(&folder).unwrap_or(folder);
    let nodes = tokio::select! {
        made = make(&folder, count) => made?,
        // What of it was not made yet, the next start makes.
        () = &mut stop => return Ok(()),
    };
    let users = users::load_or_make(&folder)?;
    let all: Vec<Arc<Running>> = nodes.iter().map(|node| Arc::new(Running::new(&folder, node, options.bots))).collect();
    // Each is watched by a task of its own, which ends it when it is dropped.
    let mut watching = tokio::task::JoinSet::new();
    let (stopping, stopped) = tokio::sync::watch::channel(false);
    for running in &all {
        watching.spawn(Arc::clone(running).keep(respawn, stopped.clone()));
    }
    let work = async {
        join(&folder, &nodes).await?;
        ready(&folder, &all).await?;
        let now = look(&folder).await?;
        let address = entrance
            .local_addr()
            .map_err(|error| Failure::broken(format!("the system does not say where it listens: {error}")))?;
        let ready =
            Ready { url: url(address), data: shown(&folder), users: &users, nodes: Some(as_ready(&nodes, &now)) };
        print(|out| if options.json { say_json(out, &ready) } else { super::say(out, &ready) })?;
        lead_in(entrance, &all).await;
        Ok(())
    };
    let done = tokio::select! {
        done = work => done,
        () = &mut stop => Ok(()),
        // One that cannot start says why itself.
        Some(ended) = watching.join_next(), if !watching.is_empty() => match ended {
            Ok(Err(failure)) => Err(failure),
            Ok(Ok(())) => Ok(()),
            Err(error) => Err(Failure::broken(format!("a node is watched no longer: {error}"))),
        },
    };
    stopping.send_replace(true);
    while watching.join_next().await.is_some() {}
    done
}

fn as_ready(nodes: &[Listed], now: &Shown) -> Vec<NodeReady> {
    let ready = nodes.iter().map(|node| {
        let said = now.nodes.iter().find(|said| said.id == node.id);
        NodeReady {
            id: node.id,
            url: node.url(),
            pid: said.and_then(|said| said.pid),
            leader: said.is_some_and(|said| said.leader),
        }
    });
    ready.collect()
}

/// Says which nodes there are, and how to see one die.
pub(super) fn say(out: &mut dyn Write, nodes: &[NodeReady], data: &str) -> io::Result<()> {
    writeln!(out, "\n{:<6} {:<28} {:<10} role", "node", "url", "process")?;
    for node in nodes {
        let pid = node.pid.map_or_else(|| "–".to_owned(), |pid| pid.to_string());
        let role = if node.leader { "leads" } else { "follows" };
        writeln!(out, "{:<6} {:<28} {pid:<10} {role}", node.id, node.url)?;
    }
    if let Some(pid) = nodes.iter().find(|node| node.leader).and_then(|node| node.pid) {
        writeln!(out, "\nSee it go on:    kill -9 {pid}")?;
    }
    writeln!(out, "How they are:    bayan cluster status --data {data}")?;
    writeln!(out, "Bring one back:  bayan dev-node --data {data} --node 1")
}

/// The configuration of a node of the demonstration.
fn config_of(folder: &Path, node: &Listed) -> Config {
    let mut config = Config::default();
    config.node.data = node.data(folder);
    config.http.listen = node.http;
    let keys = folder.join("keys");
    config.cluster.node = node.id;
    config.cluster.listen = node.peers;
    config.cluster.url = Some(node.url());
    config.cluster.authority = keys.join("authority.pem");
    config.cluster.certificate = keys.join(format!("node-{}.pem", node.id));
    config.cluster.key = keys.join(format!("node-{}.key", node.id));
    // A machine that does everything at once is late at times, and a demonstration should not change its leader for that.
    config.cluster.election_after = Length(Duration::from_millis(300));
    config
}

/// Makes the folders of the nodes, or finds them. The first has the whole market before there are others.
async fn make(folder: &Path, count: u64) -> Result<Vec<Listed>, Failure> {
    if let Some(nodes) = listed(folder)? {
        if nodes.len() as u64 != count {
            return Err(Failure::bad_input(format!(
                "{} is a demonstration of {} nodes; name another folder with --data",
                shown(folder),
                nodes.len()
            )));
        }
        return Ok(nodes);
    }
    let mut nodes = Vec::new();
    // All are held until all are known, so that none is given twice.
    let mut held = Vec::new();
    for id in 1..=count {
        let mut free = || -> Result<SocketAddr, Failure> {
            let no_port = |error: io::Error| Failure::broken(format!("the system gives no port: {error}"));
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(no_port)?;
            let address = listener.local_addr().map_err(no_port)?;
            held.push(listener);
            Ok(address)
        };
        nodes.push(Listed { id, http: free()?, peers: free()? });
    }
    drop(held);
    let first = config_of(folder, &nodes[0]);
    set_up(folder, &first).await?;
    let (cluster, _) = ordering::node_of(&first.node.data, &RealDisk).map_err(Failure::broken)?;
    let ids: Vec<u64> = nodes.iter().map(|node| node.id).collect();
    make_keys(&cluster, &folder.join("keys"), &ids, 3_650, true)?;
    let disk: Arc<dyn ordering::Disk> = Arc::new(RealDisk);
    for node in &nodes[1..] {
        let data = node.data(folder);
        // What an interrupted first start has left.
        if data.exists() {
            fs::remove_dir_all(&data).map_err(|error| Failure::bad_input(format!("{}: {error}", shown(&data))))?;
        }
        ordering::prepare(&config_of(folder, node).node(), &disk, &first.node().secrets_folder())
            .map_err(Failure::bad_input)?;
    }
    // Written last: where it is, all of them are.
    let path = folder.join(NODES_FILE);
    let beside = path.with_extension("new");
    let text = serde_json::to_vec_pretty(&nodes).map_err(Failure::broken)?;
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|error| Failure::bad_input(format!("{}: {error}", shown(&path))))?;
    Ok(nodes)
}

/// Enters the market while the first node is alone.
async fn set_up(folder: &Path, config: &Config) -> Result<(), Failure> {
    let alone = ordering::Config { cluster: None, ..config.node() };
    let seams = Seams::of(&alone);
    let node = Node::start(alone, seams, Vec::new()).await.map_err(Failure::bad_input)?;
    let made = keep_going(folder, &node, config).await;
    node.stop().await;
    made
}

/// Enters what is missing of the market.
async fn keep_going(folder: &Path, node: &Node, config: &Config) -> Result<(), Failure> {
    let users = users::load_or_make(folder)?;
    market::set_up(node, config.password(), &users).await?;
    market::second_factors(node, &users).await?;
    market::keep_open(node).await
}

/// Adds the nodes that are not of the cluster yet, and gives each a vote.
async fn join(folder: &Path, nodes: &[Listed]) -> Result<(), Failure> {
    let waiting = async {
        for node in &nodes[1..] {
            loop {
                let asked = match member(folder, node.id).await {
                    None => Asked::AddLearner { node: node.id, address: node.peers.to_string() },
                    Some(false) => Asked::Promote { node: node.id },
                    Some(true) => break,
                };
                // Refused while it has not listened or has not the log yet; asked again until it has.
                if let Ok(Answer::Refused(why)) = ask_first(folder, nodes, &asked).await {
                    tracing::info!("{why}");
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    };
    in_time(waiting, "the nodes do not come together").await
}

/// Whether a node votes; `None`: it is none of the cluster, as far as one can tell.
async fn member(folder: &Path, node: u64) -> Option<bool> {
    let now = look(folder).await.ok()?;
    now.nodes.iter().find(|known| known.id == node).map(|known| known.votes)
}

/// Asks the first node that is of the cluster already and answers.
async fn ask_first(folder: &Path, nodes: &[Listed], asked: &Asked) -> Result<Answer, Failure> {
    let mut last = Err(Failure::broken("no node answers"));
    for node in nodes {
        last = ask(&node.data(folder), asked).await;
        if last.is_ok() {
            break;
        }
    }
    last
}

/// Waits until every node is ready and one of them leads.
async fn ready(folder: &Path, all: &[Arc<Running>]) -> Result<(), Failure> {
    let waiting = async {
        loop {
            let up = all.iter().all(|running| running.ready.load(Ordering::Acquire));
            let led = up && look(folder).await.is_ok_and(|now| now.nodes.iter().any(|node| node.leader));
            if led {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let probing = probe(all);
    tokio::select! {
        waited = in_time(waiting, "the nodes do not become ready") => waited,
        () = probing => Ok(()),
    }
}

async fn in_time(waiting: impl Future<Output = ()>, else_what: &str) -> Result<(), Failure> {
    tokio::time::timeout(READY_MAX, waiting)
        .await
        .map_err(|_| Failure::broken(format!("{else_what} within {READY_MAX:?}; see what they say above")))
}

/// A process and what the entrance knows of it.
struct Running {
    node: Listed,
    folder: PathBuf,
    bots: bool,
    ready: AtomicBool,
}

impl Running {
    fn new(folder: &Path, node: &Listed, bots: bool) -> Self {
        Running { node: node.clone(), folder: folder.to_owned(), bots, ready: AtomicBool::new(false) }
    }

    fn start(&self) -> Result<Child, Failure> {
        let failed = |error: io::Error| Failure::broken(format!("node {} cannot be started: {error}", self.node.id));
        let mut command = Command::new(env::current_exe().map_err(failed)?);
        command.arg("dev-node").arg("--data").arg(&self.folder).arg("--node").arg(self.node.id.to_string());
        command.arg("--with-parent");
        if !self.bots {
            command.arg("--no-bots");
        }
        // It ends when nobody holds the other end of its standard input any more.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
        command.spawn().map_err(failed)
    }

    /// Keeps the process running, if it is to come back, until all of it stops.
    async fn keep(
        self: Arc<Self>,
        respawn: bool,
        mut stopped: tokio::sync::watch::Receiver<bool>,
    ) -> Result<(), Failure> {
        loop {
            let mut child = self.start()?;
            // Held here: whoever waits for a process closes what it has of it.
            let pipe = child.stdin.take();
            let ended = tokio::select! {
                ended = child.wait() => ended,
                () = told(&mut stopped) => {
                    drop(pipe);
                    if tokio::time::timeout(STOP_MAX, child.wait()).await.is_err() {
                        tracing::warn!("node {} does not end, and is killed", self.node.id);
                    }
                    return Ok(());
                }
            };
            self.ready.store(false, Ordering::Release);
            let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
            tracing::warn!("node {} has ended: {how}", self.node.id);
            if !respawn {
                // It stays dead, and the others go on.
                told(&mut stopped).await;
                return Ok(());
            }
            tokio::select! {
                () = tokio::time::sleep(RESPAWN_AFTER) => {}
                () = told(&mut stopped) => return Ok(()),
            }
        }
    }
}

/// Waits until all of it stops.
async fn told(stopped: &mut tokio::sync::watch::Receiver<bool>) {
    // Whoever could say so may be gone, which says the same.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Leads whoever comes to a node that is ready, for ever.
async fn lead_in(entrance: TcpListener, all: &[Arc<Running>]) {
    let turn = AtomicUsize::new(0);
    let leading = async {
        loop {
            let Ok((client, _)) = entrance.accept().await else {
                tokio::time::sleep(LOOK_EVERY).await;
                continue;
            };
            let from = turn.fetch_add(1, Ordering::Relaxed);
            let (before, after) = all.split_at(from % all.len());
            let in_turn = after.iter().chain(before);
            // Those that are not ready too, last: they can say so, and answer what can be read.
            let mut order: Vec<SocketAddr> = Vec::new();
            let mut rest = Vec::new();
            for running in in_turn {
                if running.ready.load(Ordering::Acquire) { &mut order } else { &mut rest }.push(running.node.http);
            }
            order.append(&mut rest);
            tokio::spawn(carry(client, order));
        }
    };
    tokio::join!(leading, probe(all));
}

async fn carry(mut client: TcpStream, order: Vec<SocketAddr>) {
    for address in order {
        let Ok(Ok(mut node)) = tokio::time::timeout(PROBE_MAX, TcpStream::connect(address)).await else { continue };
        // Neither waits for the other's acknowledgements; where that cannot be set it is only slower.
        let _ = (client.set_nodelay(true), node.set_nodelay(true));
        // Whichever end goes, the other sees the end.
        let _ = tokio::io::copy_bidirectional(&mut client, &mut node).await;
        return;
    }
}

/// Asks each node again and again whether it is ready.
async fn probe(all: &[Arc<Running>]) {
    let each = all.iter().map(|running| async move {
        loop {
            let ready = tokio::time::timeout(PROBE_MAX, is_ready(running.node.http)).await;
            running.ready.store(matches!(ready, Ok(Ok(true))), Ordering::Release);
            tokio::time::sleep(PROBE_EVERY).await;
        }
    });
    futures_util::future::join_all(each).await;
}

async fn is_ready(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    Ok(answer.ends_with(b" 200"))
}

/// Runs one node of the demonstration.
///
/// # Errors
/// One line that says what to do.
pub async fn node(folder: &Path, number: u64, with_bots: bool, with_parent: bool) -> Result<(), Failure> {
    let level = env::var("RUST_LOG").unwrap_or_else(|_| LEVEL.to_owned());
    write_log(&Log { level: LogLevel(level), ..Log::default() })?;
    let nodes = listed(folder)?.unwrap_or_default();
    let Some(own) = nodes.iter().find(|node| node.id == number) else {
        let folder = shown(folder);
        return Err(Failure::bad_input(format!("{folder} has no node {number}; make it with `bayan dev --nodes`")));
    };
    let asked = asked_to_stop()?;
    let mut stop = Box::pin(async move {
        tokio::select! {
            () = asked => {}
            () = parent_gone(), if with_parent => {}
        }
    });
    let config = config_of(folder, own);
    let listener = listen(own.http, "by removing the folder for a new start").await?;
    let gateway = gateway_of(&config, Arc::new(history::demonstration()));
    let venue = tokio::select! {
        venue = Venue::start(&config, gateway) => venue?,
        () = &mut stop => return Ok(()),
    };
    let market = tokio::spawn(lead_market(folder.to_owned(), venue.node.clone(), config, with_bots));
    let stopped = async {
        stop.await;
        market.abort();
    };
    venue.serve(listener, stopped).await
}

/// Ends when nobody holds the other end of standard input. A thread of its own waits: it must not keep the program.
async fn parent_gone() {
    let (gone, is_gone) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Nobody writes there; an error is an end too.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = gone.send(());
    });
    // A sender that is gone says the same.
    let _ = is_gone.await;
}

/// Keeps the market going for as long as this node leads, for ever.
async fn lead_market(folder: PathBuf, node: Node, config: Config, with_bots: bool) {
    loop {
        if node.health() != Health::Leading {
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        }
        if let Err(failure) = keep_going(&folder, &node, &config).await {
            tracing::warn!("the market waits: {}", failure.message);
            tokio::time::sleep(RESPAWN_AFTER).await;
            continue;
        }
        let bots = match with_bots {
            true => match bots::Bots::new(node.clone(), config.password()).await {
                Ok(bots) => Some(bots),
                Err(failure) => {
                    tracing::warn!("the bots wait: {}", failure.message);
                    continue;
                }
            },
            false => None,
        };
        let led = async {
            while node.health() == Health::Leading {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        match bots {
            Some(bots) => tokio::select! {
                () = bots.run() => {}
                () = led => {}
            },
            None => led.await,
        }
    }
}
