//! Relays before every node, for where there are no network namespaces: what goes from one machine to another passes one of
//! them, and waits there while that way is cut.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::ground::{CLIENTS, Machine};

/// How often it is looked whether a way is open again.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What all relays know.
#[derive(Default)]
struct Known {
    /// The machines of the nodes' processes.
    processes: Mutex<BTreeMap<u32, usize>>,
    cuts: Mutex<BTreeSet<(usize, usize)>>,
}

/// Machines that are one, and the relays between them.
pub struct Relays {
    machines: Vec<Machine>,
    known: Arc<Known>,
}

impl Relays {
    pub fn new(machines: usize, folder: &Path) -> Self {
        let known = Arc::new(Known::default());
        let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        // All are held until all are known, so that none is given twice.
        let held: Vec<(TcpListener, TcpListener)> = (0..machines).map(|_| (free(), free())).collect();
        let relay = |listens: &TcpListener, machine: usize| {
            let (listens, relay, known) = (listens.local_addr().unwrap(), free(), Arc::clone(&known));
            let reached = relay.local_addr().unwrap();
            std::thread::spawn(move || known.relay(&relay, listens, machine));
            (listens, reached)
        };
        let machines = held.iter().zip(1..).map(|((http, peers), machine)| {
            let (http, peers) = (relay(http, machine), relay(peers, machine));
            let disk = folder.join(format!("machine-{machine}"));
            fs::create_dir(&disk).unwrap();
            Machine { listens: (http.0, peers.0), reached: (http.1, peers.1), disk }
        });
        let machines = machines.collect();
        Relays { machines, known }
    }

    pub fn machine(&self, number: usize) -> &Machine {
        &self.machines[number - 1]
    }

    pub fn started(&self, machine: usize, process: u32) {
        let mut processes = self.known.processes.lock().unwrap();
        processes.retain(|_, other| *other != machine);
        processes.insert(process, machine);
    }

    pub fn cut(&self, from: usize, to: usize) {
        self.known.cuts.lock().unwrap().insert((from, to));
    }

    pub fn mend(&self) {
        self.known.cuts.lock().unwrap().clear();
    }

    /// How long a file of the node on machine 1 may be.
    pub fn limit(&self, bytes: Option<u64>) {
        let processes = self.known.processes.lock().unwrap();
        let Some((process, _)) = processes.iter().find(|(_, machine)| **machine == 1) else { return };
        let pid = i32::try_from(*process).ok().and_then(Pid::from_raw);
        // One that has ended has no files; it starts again without a limit.
        let _ = prlimit(pid, Resource::Fsize, Rlimit { current: bytes, maximum: None });
    }
}

impl Known {
    fn relay(self: Arc<Self>, relay: &TcpListener, listens: SocketAddr, to: usize) {
        for client in relay.incoming().map_while(Result::ok) {
            let known = Arc::clone(&self);
            std::thread::spawn(move || known.carry(client, listens, to));
        }
    }

    /// Carries one connection until an end of it goes; whoever asked sees the end of the other.
    fn carry(self: Arc<Self>, client: TcpStream, listens: SocketAddr, to: usize) {
        let Some(from) = client.peer_addr().ok().map(|address| self.machine_of(address)) else { return };
        self.wait_while_cut(from, to);
        let Ok(node) = TcpStream::connect(listens) else { return };
        let nodelay = client.set_nodelay(true).and_then(|()| node.set_nodelay(true));
        let (Ok(()), Ok(from_client), Ok(from_node)) = (nodelay, client.try_clone(), node.try_clone()) else { return };
        let known = Arc::clone(&self);
        std::thread::spawn(move || known.pump(from_client, node, (from, to)));
        self.pump(from_node, client, (to, from));
    }

    fn pump(&self, mut source: TcpStream, mut sink: TcpStream, way: (usize, usize)) {
        let mut bytes = vec![0; 64 << 10];
        loop {
            let read = source.read(&mut bytes).unwrap_or(0);
            self.wait_while_cut(way.0, way.1);
            if read == 0 || sink.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        // Either may be closed already.
        let _ = (source.shutdown(Shutdown::Both), sink.shutdown(Shutdown::Both));
    }

    fn wait_while_cut(&self, from: usize, to: usize) {
        while self.cuts.lock().unwrap().contains(&(from, to)) {
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// On which machine the process is that has this end of a connection.
    fn machine_of(&self, address: SocketAddr) -> usize {
        let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
        let port = format!(":{:04X}", address.port());
        let inode = table.lines().find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            (fields.get(1)?.ends_with(&port)).then(|| fields.get(9).copied()).flatten()
        });
        let Some(inode) = inode else { return CLIENTS };
        let socket = format!("socket:[{inode}]");
        let processes = self.processes.lock().unwrap().clone();
        let has = |process: u32| {
            let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
            files.into_iter().any(|file| fs::read_link(file.path()).is_ok_and(|link| link.as_os_str() == &*socket))
        };
        processes.into_iter().find(|(process, _)| has(*process)).map_or(CLIENTS, |(_, machine)| machine)
    }
}
