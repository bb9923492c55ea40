//! The rival: etcd on three nodes of this machine and this disk, where it is installed, asked to keep 100 bytes by its JSON
//! gateway, and by gRPC through a program of its own (`tests/rivals/etcd`), which `make bench` builds beside this one.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant as Moment};

use serde::Deserialize;

use super::super::Trouble;
use super::super::machine::Scratch;
use super::super::postgres::free_port;
use super::super::server::{Ends, program};
use super::nodes::NODES;

/// How long they may take to start.
const START: Duration = Duration::from_secs(30);

/// Three that run; they end with the value.
pub struct Etcd {
    /// Where they are asked.
    pub addresses: Vec<SocketAddr>,
    /// What they say they are.
    pub version: String,
    _nodes: Vec<Ends>,
}

/// A node before it is started.
struct Planned {
    name: String,
    clients: SocketAddr,
    peers: SocketAddr,
}

impl Etcd {
    /// Starts them; `None`: it is not installed.
    pub fn start(scratch: &Scratch) -> Result<Option<Self>, Trouble> {
        let Ok(said) = Command::new("etcd").arg("--version").stdin(Stdio::null()).output() else { return Ok(None) };
        let version = String::from_utf8_lossy(&said.stdout).lines().next().unwrap_or_default().to_owned();
        let address = || Ok::<_, Trouble>(SocketAddr::from(([127, 0, 0, 1], free_port()?)));
        let mut planned = Vec::new();
        for node in 1..=NODES {
            planned.push(Planned { name: format!("n{node}"), clients: address()?, peers: address()? });
        }
        let all: Vec<String> = planned.iter().map(|node| format!("{}=http://{}", node.name, node.peers)).collect();
        let mut nodes = Vec::new();
        for node in &planned {
            let (clients, peers) = (format!("http://{}", node.clients), format!("http://{}", node.peers));
            let log = fs::File::create(scratch.path().join(format!("{}.log", node.name)));
            let mut command = Command::new("etcd");
            command.args(["--name", &node.name, "--data-dir"]).arg(scratch.path().join(&node.name));
            command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
            command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
            command.args(["--initial-cluster", &all.join(","), "--initial-cluster-state", "new"]);
            command.args(["--logger", "zap", "--log-level", "error"]);
            command.stdin(Stdio::null()).stdout(Stdio::null());
            command.stderr(log.map_err(Trouble::on("making etcd's log"))?);
            nodes.push(Ends::start(&mut command).map_err(Trouble::on("starting etcd"))?);
        }
        let addresses: Vec<SocketAddr> = planned.iter().map(|node| node.clients).collect();
        let start = Moment::now();
        while !addresses.iter().all(|address| is_well(*address)) {
            if start.elapsed() > START {
                let said = fs::read_to_string(scratch.path().join("n1.log")).unwrap_or_default();
                return Err(Trouble::new(format!("etcd does not become healthy; it says: {said}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(Etcd { addresses, version, _nodes: nodes }))
    }
}

/// The program that asks by gRPC.
const BY_GRPC: &str = "etcd-puts";

/// What that program says.
#[derive(Deserialize)]
struct Puts {
    per_second: f64,
}

impl Etcd {
    /// Puts a second by gRPC on so many connections; `None`: there is no program that asks so.
    pub fn puts_by_grpc(&self, connections: usize, lasts: Duration, warm_up: Duration) -> Result<Option<f64>, Trouble> {
        let program = program()?.with_file_name(BY_GRPC);
        if !program.exists() {
            return Ok(None);
        }
        let mut command = Command::new(program);
        command.args([lasts.as_secs_f64(), warm_up.as_secs_f64()].map(|seconds| seconds.to_string()));
        command.arg(connections.to_string()).args(self.addresses.iter().map(SocketAddr::to_string));
        let said = command.stdin(Stdio::null()).output().map_err(Trouble::on("starting the client of etcd"))?;
        if !said.status.success() {
            return Err(Trouble::new(format!("the client of etcd: {}", String::from_utf8_lossy(&said.stderr))));
        }
        let puts: Puts =
            serde_json::from_slice(&said.stdout).map_err(Trouble::on("reading what etcd's client found"))?;
        Ok(Some(puts.per_second))
    }
}

fn is_well(address: SocketAddr) -> bool {
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        stream.set_read_timeout(Some(START))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    });
    asked.is_ok_and(|answer| answer.contains(r#""health":"true""#))
}
