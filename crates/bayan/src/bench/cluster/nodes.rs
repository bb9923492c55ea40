//! Three nodes of one venue on this machine: their folders, and the real program on each.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use ordering::RealDisk;

use super::super::Trouble;
use super::super::market::Market;
use super::super::postgres::free_port;
use super::super::seed;
use super::super::server::{self, Server};
use crate::cli::Failure;
use crate::cluster::{Answer, Asked, NodeView, ask, make_keys};
use crate::config::Config;

/// How many there are.
pub const NODES: u64 = 3;
/// How long something may take that must come about.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The folders and configurations of all nodes that were made, by number from 1. The first has the venue.
pub struct Folders {
    root: PathBuf,
    configs: Vec<Config>,
}

impl Folders {
    /// Makes the venue in the folder of the first, and folders for the others that the log will fill.
    pub fn make(root: &Path, market: &Market) -> Result<Self, Trouble> {
        let mut folders = Folders { root: root.to_owned(), configs: Vec::new() };
        seed::folder(&root.join("node-1"), market)?;
        for _ in 0..NODES {
            folders.add()?;
        }
        Ok(folders)
    }

    /// Makes the next node, with its certificate and, but for the first, its folder.
    pub fn add(&mut self) -> Result<&Config, Trouble> {
        let node = self.configs.len() as u64 + 1;
        let mut config = server::config(&self.root.join(format!("node-{node}")))?;
        let keys = self.root.join("keys");
        config.cluster.node = node;
        config.cluster.listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        config.cluster.authority = keys.join("authority.pem");
        config.cluster.certificate = keys.join(format!("node-{node}.pem"));
        config.cluster.key = keys.join(format!("node-{node}.key"));
        let first = self.root.join("node-1");
        let (cluster, _) = ordering::node_of(&first, &RealDisk).map_err(Trouble::on("reading a folder"))?;
        make_keys(&cluster, &keys, &[node], 1, false).map_err(failed("making certificates"))?;
        if node > 1 {
            let disk: Arc<dyn ordering::Disk> = Arc::new(RealDisk);
            ordering::prepare(&config.node(), &disk, &ordering::default_secrets(&first))
                .map_err(Trouble::on("making the folder of a node"))?;
        }
        self.configs.push(config);
        Ok(&self.configs[self.configs.len() - 1])
    }

    /// All of them.
    #[must_use]
    pub fn configs(&self) -> &[Config] {
        &self.configs
    }
}

/// The program on each folder; `None`: it is gone.
pub struct Cluster {
    folders: Folders,
    servers: Vec<Option<Server>>,
    runtime: tokio::runtime::Runtime,
}

impl Cluster {
    /// Starts all, and waits until each votes and is ready.
    pub fn start(folders: Folders) -> Result<Self, Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
        let mut cluster = Cluster { folders, servers: Vec::new(), runtime };
        for config in &cluster.folders.configs {
            cluster.servers.push(Some(Server::spawn(config)?));
        }
        cluster.leader()?;
        let voters: Vec<u64> = cluster.status()?.iter().filter(|node| node.votes).map(|node| node.id).collect();
        for node in (1..=cluster.newest()).filter(|node| !voters.contains(node)) {
            cluster.admit(node)?;
        }
        for node in 1..=NODES {
            cluster.server(node)?.until_ready()?;
        }
        Ok(cluster)
    }

    fn server(&mut self, node: u64) -> Result<&mut Server, Trouble> {
        let server = self.servers[node as usize - 1].as_mut();
        server.ok_or_else(|| Trouble::new(format!("node {node} does not run")))
    }

    /// Where those that run are reached.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().flatten().map(Server::address).collect()
    }

    /// Where one is reached.
    pub fn address(&self, node: u64) -> SocketAddr {
        self.folders.configs[node as usize - 1].http.listen
    }

    /// Asks any node that runs and does not refuse, until one has done it.
    fn act(&self, asked: &Asked) -> Result<(), Trouble> {
        let start = Moment::now();
        loop {
            let mut said = String::from("no node runs");
            for (config, _) in self.folders.configs.iter().zip(&self.servers).filter(|(_, server)| server.is_some()) {
                match self.runtime.block_on(ask(&config.node.data, asked)) {
                    Ok(Answer::Refused(why)) => said = why,
                    Ok(_) => return Ok(()),
                    Err(failure) => said = failure.message,
                }
            }
            if start.elapsed() > PATIENCE {
                return Err(Trouble::new(format!("{asked:?}: {said}")));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Adds a node and gives it a vote.
    fn admit(&self, node: u64) -> Result<(), Trouble> {
        let address = self.folders.configs[node as usize - 1].cluster.listen.to_string();
        self.act(&Asked::AddLearner { node, address })?;
        self.act(&Asked::Promote { node })
    }

    fn status(&self) -> Result<Vec<NodeView>, Trouble> {
        for (config, _) in self.folders.configs.iter().zip(&self.servers).filter(|(_, server)| server.is_some()) {
            if let Ok(Answer::Nodes(nodes)) = self.runtime.block_on(ask(&config.node.data, &Asked::Status)) {
                return Ok(nodes);
            }
        }
        Err(Trouble::new("no node says how it is"))
    }

    /// Who leads.
    pub fn leader(&self) -> Result<u64, Trouble> {
        let start = Moment::now();
        loop {
            // One that has just started does not answer yet.
            let status = self.status();
            if let Some(leader) = status.iter().flatten().find(|node| node.leader) {
                return Ok(leader.id);
            }
            if start.elapsed() > PATIENCE {
                return Err(status.err().unwrap_or_else(|| Trouble::new("nobody leads")));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Has another node lead.
    pub fn transfer(&self) -> Result<(), Trouble> {
        let leader = self.leader()?;
        let voters: Vec<u64> = self.status()?.iter().filter(|node| node.votes).map(|node| node.id).collect();
        let next = voters.iter().find(|node| **node > leader).or(voters.first());
        let node = *next.ok_or_else(|| Trouble::new("nobody votes"))?;
        self.act(&Asked::TransferLeader { node })
    }

    /// Ends a node as a crash does.
    pub fn kill(&mut self, node: u64) -> Result<(), Trouble> {
        match self.servers[node as usize - 1].take() {
            Some(server) => server.kill(),
            None => Ok(()),
        }
    }

    /// Starts a node again and waits until it has what the others have.
    pub fn back(&mut self, node: u64) -> Result<(), Trouble> {
        let server = Server::spawn(&self.folders.configs[node as usize - 1])?;
        self.servers[node as usize - 1] = Some(server);
        self.server(node)?.until_ready()
    }

    /// A node loses its disk, and another takes its place: from the start of that one to its vote, in seconds.
    pub fn replace(&mut self, node: u64) -> Result<f64, Trouble> {
        self.kill(node)?;
        let gone = &self.folders.configs[node as usize - 1].node.data;
        fs::remove_dir_all(gone).map_err(Trouble::on("removing the folder of a node"))?;
        let start = Moment::now();
        self.act(&Asked::Remove { node })?;
        let config = self.folders.add()?;
        let (new, server) = (config.cluster.node, Server::spawn(config)?);
        self.servers.push(Some(server));
        self.admit(new)?;
        self.server(new)?.until_ready()?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// The highest number that runs.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.folders.configs.len() as u64
    }

    /// Stops all, followers first. They may be started again.
    pub fn stop(mut self) -> Result<Folders, Trouble> {
        let leader = self.leader()?;
        for node in (1..=self.newest()).filter(|node| *node != leader).chain([leader]) {
            if let Some(server) = self.servers[node as usize - 1].take() {
                server.stop()?;
            }
        }
        Ok(self.folders)
    }
}

fn failed(what: &'static str) -> impl FnOnce(Failure) -> Trouble {
    move |failure| Trouble::on(what)(failure.message)
}
