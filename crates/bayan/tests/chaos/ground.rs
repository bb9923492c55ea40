//! Where machines stand, and what can be done to what is between them.
//!
//! Every node has a machine of its own, numbered from 1; the clients, and the entrance, have machine 0.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::relay::Relays;

/// The machine of the clients.
pub const CLIENTS: usize = 0;

/// A machine's addresses.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Where its node listens for members and for other nodes.
    pub listens: (SocketAddr, SocketAddr),
    /// Where members and other nodes reach it.
    pub reached: (SocketAddr, SocketAddr),
    /// What its disk is.
    pub disk: PathBuf,
}

/// The machines, and the network and disks that they have.
pub enum Ground {
    /// Each machine is a network namespace on a bridge.
    Spaces(Spaces),
    /// All machines are this one, and what they say to each other goes through relays.
    Relays(Relays),
}

impl Ground {
    /// So many machines, with folders in this one.
    pub fn new(machines: usize, folder: &Path, spaces: bool) -> Self {
        if spaces {
            Ground::Spaces(Spaces::new(machines, folder))
        } else {
            Ground::Relays(Relays::new(machines, folder))
        }
    }

    pub fn machine(&self, number: usize) -> &Machine {
        match self {
            Ground::Spaces(spaces) => &spaces.machines[number - 1],
            Ground::Relays(relays) => relays.machine(number),
        }
    }

    /// What starts a program on a machine.
    pub fn command(&self, machine: usize, program: &str) -> Command {
        match self {
            Ground::Spaces(spaces) => spaces.within(machine, program),
            Ground::Relays(_) => {
                // A disk that is full is made by a limit here, which must be an error and not the end.
                let mut command = Command::new("env");
                command.arg("--ignore-signal=XFSZ").arg(program);
                command
            }
        }
    }

    /// A node runs on a machine, as this process.
    pub fn started(&mut self, machine: usize, process: u32) {
        if let Ground::Relays(relays) = self {
            relays.started(machine, process);
        }
    }

    /// What one machine sends to another is lost.
    pub fn cut(&mut self, from: usize, to: usize) {
        match self {
            Ground::Spaces(spaces) => spaces.cut(from, to),
            Ground::Relays(relays) => relays.cut(from, to),
        }
    }

    /// Every cut is mended, and every narrow link is wide again.
    pub fn mend(&mut self) {
        match self {
            Ground::Spaces(spaces) => spaces.mend(),
            Ground::Relays(relays) => relays.mend(),
        }
    }

    /// What a machine sends is late and partly lost. False: that cannot be done here.
    pub fn disturb(&mut self, machine: usize) -> bool {
        match self {
            Ground::Spaces(spaces) => {
                spaces.disturb(machine);
                true
            }
            Ground::Relays(_) => false,
        }
    }

    /// The disk of machine 1 has no more room.
    pub fn fill(&self) {
        match self {
            Ground::Spaces(spaces) => spaces.fill(),
            Ground::Relays(relays) => relays.limit(Some(0)),
        }
    }

    /// The disk of machine 1 has room again.
    pub fn make_room(&self) {
        match self {
            Ground::Spaces(spaces) => spaces.resize(SMALL_DISK),
            Ground::Relays(relays) => relays.limit(None),
        }
    }

    /// What ran here, in a line, with what was left out.
    pub fn said(&self) -> String {
        match self {
            Ground::Spaces(spaces) if spaces.netem => {
                "network namespaces on a bridge, delay and loss by netem; nothing was skipped".to_owned()
            }
            Ground::Spaces(_) => "network namespaces on a bridge; SKIPPED: netem, which this kernel has not. \
                                  Delay and loss are those of a narrow link (tbf) that is overloaded"
                .to_owned(),
            Ground::Relays(_) => "relays, as there are no network namespaces here; SKIPPED: delay and loss".to_owned(),
        }
    }
}

/// How large the disk of machine 1 is, which fills up.
const SMALL_DISK: &str = "1g";
/// The link of a machine whose network is disturbed, by whichever of both the kernel has.
const NETEM: &str = "netem delay 40ms 30ms loss 5%";
const NARROW: &str = "tbf rate 1500kbit burst 6kb latency 40ms";

/// Network namespaces, made within one that this process has to itself; they end with the processes that hold them.
pub struct Spaces {
    machines: Vec<Machine>,
    holders: Vec<Child>,
    netem: bool,
    cuts: BTreeSet<(usize, usize)>,
    disturbed: BTreeSet<usize>,
}

impl Spaces {
    fn new(machines: usize, folder: &Path) -> Self {
        sh("ip link set lo up");
        sh("ip link add bridge type bridge");
        sh(&format!("ip addr add {}/24 dev bridge", address(CLIENTS)));
        sh("ip link set bridge up");
        let mut spaces = Spaces {
            machines: Vec::new(),
            holders: Vec::new(),
            netem: false,
            cuts: BTreeSet::new(),
            disturbed: BTreeSet::new(),
        };
        for number in 1..=machines {
            // It holds the namespace until its input ends, which it does with this process.
            let mut holder = Command::new("unshare");
            holder.args(["--net", "sh", "-c", "echo; cat"]).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut holder = holder.spawn().unwrap();
            // Until it has said something, the namespace may not be there.
            std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut [0]).unwrap();
            let process = holder.id();
            spaces.holders.push(holder);
            sh(&format!("ip link add wire{number} type veth peer name wire netns {process}"));
            sh(&format!("ip link set wire{number} master bridge up"));
            spaces.sh(number, "ip link set lo up");
            spaces.sh(number, &format!("ip addr add {}/24 dev wire", address(number)));
            spaces.sh(number, "ip link set wire up");
            let disk = folder.join(format!("machine-{number}"));
            std::fs::create_dir(&disk).unwrap();
            let at = (ip(number, 8330), ip(number, 7330));
            spaces.machines.push(Machine { listens: at, reached: at, disk });
        }
        sh(&format!("mount -t tmpfs -o size={SMALL_DISK} small {}", spaces.machines[0].disk.display()));
        spaces.netem = try_sh(&format!("tc qdisc add dev wire1 root {NETEM}"));
        if spaces.netem {
            sh("tc qdisc del dev wire1 root");
        }
        spaces
    }

    fn within(&self, machine: usize, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/proc/{}/ns/net", self.holders[machine - 1].id())).arg("--").arg(program);
        command
    }

    /// Runs a command on a machine.
    fn sh(&self, machine: usize, line: &str) {
        if machine == CLIENTS {
            return sh(line);
        }
        let done = self.within(machine, "sh").args(["-ec", line]).output().unwrap();
        assert!(done.status.success(), "{line} on machine {machine}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Frames are sent to an address of the network that no machine has, so that nobody is told.
    fn cut(&mut self, from: usize, to: usize) {
        let wire = wire(from);
        self.sh(from, &format!("ip neigh replace {} lladdr 02:00:00:00:00:ff nud permanent dev {wire}", address(to)));
        self.cuts.insert((from, to));
    }

    fn disturb(&mut self, machine: usize) {
        let how = if self.netem { NETEM } else { NARROW };
        self.sh(machine, &format!("tc qdisc replace dev wire root {how}"));
        self.disturbed.insert(machine);
    }

    fn mend(&mut self) {
        for (from, to) in std::mem::take(&mut self.cuts) {
            self.sh(from, &format!("ip neigh del {} dev {}", address(to), wire(from)));
        }
        for machine in std::mem::take(&mut self.disturbed) {
            self.sh(machine, "tc qdisc del dev wire root");
        }
    }

    /// Made as small as what is on it; as it is written to meanwhile, that is tried until it is so.
    fn fill(&self) {
        let small = self.machines[0].disk.display();
        let full = format!("used=$(df -k --output=used {small} | tail -1); mount -o remount,size=$((used))k {small}");
        for _ in 0..100 {
            if try_sh(&full) {
                return;
            }
        }
        panic!("the small disk cannot be made full");
    }

    fn resize(&self, size: &str) {
        sh(&format!("mount -o remount,size={size} {}", self.machines[0].disk.display()));
    }
}

impl Drop for Spaces {
    fn drop(&mut self) {
        for holder in &mut self.holders {
            holder.kill().unwrap();
            holder.wait().unwrap();
        }
        // With the namespaces their ends of the wires go, and with those the others. What is left goes with this process.
        try_sh("ip link del bridge");
        try_sh(&format!("umount -l {}", self.machines[0].disk.display()));
    }
}

/// An address of the namespaces' own network, which is connected to no other.
fn ip(machine: usize, port: u16) -> SocketAddr {
    let host = if machine == CLIENTS { 254 } else { u8::try_from(machine).unwrap() };
    SocketAddr::from(([10, 77, 0, host], port))
}

fn address(machine: usize) -> std::net::IpAddr {
    ip(machine, 0).ip()
}

fn wire(machine: usize) -> &'static str {
    if machine == CLIENTS { "bridge" } else { "wire" }
}

/// Runs a line of the shell, which must succeed.
pub fn sh(line: &str) {
    let done = Command::new("sh").args(["-ec", line]).output().unwrap();
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Runs a line of the shell, and says whether it succeeded.
pub fn try_sh(line: &str) -> bool {
    Command::new("sh").args(["-ec", line]).output().is_ok_and(|done| done.status.success())
}
