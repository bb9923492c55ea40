//! The machines of a cluster and whoever looks after them: what has died is started again, and a machine that has lost its
//! disk is replaced.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::{Applied, Exchange};
use ordering::{ClusterAct, ClusterConfig, Config, Health, Node, Observer, prepare};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

use crate::machine::{Ended, Machine};
use crate::network::Wires;
use crate::random::Dice;
use crate::trace::Trace;

/// Where a node's files lie on each disk.
pub const DATA: &str = "/d/data";
/// Where its secrets lie.
pub const SECRETS: &str = "/d/data/secrets";
const COPIED: &str = "/d/copied";
const SECRET_FILES: [&str; 4] = ["venue.key", "sealing.key", "persons.keys", "node.key"];

/// How often it is looked how a node is, in milliseconds.
const LOOK_EVERY_MS: u64 = 5;

/// What an operator is told of a number that was used, and of one that is not of the cluster.
const USED: &str = "was used before";
const NOT_THERE: &str = "there is no node";

/// How a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// It is killed; the machine goes on.
    Killed,
    /// The power goes.
    Power,
}

/// The cluster; cheap to clone.
#[derive(Clone)]
pub struct Cluster(Arc<Inner>);

struct Inner {
    seed: u64,
    trace: Trace,
    wires: Wires,
    dice: Mutex<Dice>,
    machines: Mutex<BTreeMap<u64, Arc<Machine>>>,
    secrets: Mutex<Vec<Vec<u8>>>,
    /// Who led in each term.
    led: Mutex<BTreeMap<u64, u64>>,
}

/// Tells the trace what every node applies.
struct Watching {
    number: u64,
    trace: Trace,
}

impl Observer for Watching {
    fn begin(&mut self, exchange: &Exchange) {
        let (number, sequence) = (self.number, exchange.sequence());
        self.trace.note(format_args!("node {number} begins behind entry {sequence}"));
        if sequence.0 > 0 {
            self.trace.count("starts from a snapshot");
        }
    }

    fn applied(&mut self, run: &Arc<Applied>, _exchange: &Exchange) {
        let (number, events) = (self.number, crc(&run.events));
        self.trace.note(format_args!("node {number} applies {}..{} {events:08x}", run.first, run.last));
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let hash = blake3::hash(bytes);
    let first: [u8; 4] = hash.as_bytes()[..4].try_into().unwrap_or_default();
    u32::from_le_bytes(first)
}

impl Cluster {
    /// No machine yet.
    #[must_use]
    pub fn new(seed: u64, trace: Trace, world: Handle) -> Self {
        Cluster(Arc::new(Inner {
            seed,
            wires: Wires::new(Dice::new(seed, 1), trace.clone(), world),
            trace,
            dice: Mutex::new(Dice::new(seed, 2)),
            machines: Mutex::default(),
            secrets: Mutex::default(),
            led: Mutex::default(),
        }))
    }

    /// The record of the run.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.0.trace
    }

    /// The network between the machines.
    #[must_use]
    pub fn wires(&self) -> &Wires {
        &self.0.wires
    }

    pub(crate) fn dice<T>(&self, draw: impl FnOnce(&mut Dice) -> T) -> T {
        draw(&mut self.0.dice.lock())
    }

    /// The machines that are not retired.
    #[must_use]
    pub fn machines(&self) -> Vec<Arc<Machine>> {
        self.0.machines.lock().values().filter(|machine| !machine.state.lock().retired).cloned().collect()
    }

    /// The machines on which a node serves members.
    #[must_use]
    pub fn serving(&self) -> Vec<Arc<Machine>> {
        self.machines().into_iter().filter(|machine| machine.serves()).collect()
    }

    /// Who leads, as far as anybody does.
    #[must_use]
    pub fn leader(&self) -> Option<Arc<Machine>> {
        let led = self.0.led.lock().values().next_back().copied()?;
        self.machines().into_iter().find(|machine| machine.number == led && machine.look(Node::leads) == Some(true))
    }

    /// A new machine.
    pub fn add_machine(&self) -> Arc<Machine> {
        // Three in a hundred is far more than a crystal has: what counts on an hour being an hour is to be found out.
        let drift_ppm = self.dice(|dice| if dice.one_in(3) { dice.below(60_001) } else { dice.below(401) });
        let drift_ppm = i64::try_from(drift_ppm).unwrap_or(0) * if self.dice(|dice| dice.one_in(2)) { -1 } else { 1 };
        let mut machines = self.0.machines.lock();
        let number = machines.keys().max().map_or(1, |most| most + 1);
        let dice = Dice::new(self.0.seed, 100 + number);
        let machine = Arc::new(Machine::new(number, drift_ppm, dice, &self.0.trace));
        machines.insert(number, Arc::clone(&machine));
        machine
    }

    /// What a node is told.
    #[must_use]
    pub fn config(number: u64) -> Config {
        let cluster = ClusterConfig { checkpoint_every: 16, ..ClusterConfig::new(number, number.to_string()) };
        Config {
            segment_bytes: 32 << 10,
            batch_bytes_max: 8 << 10,
            snapshot_every: 100,
            snapshot_on_stop_from: 20,
            log_memory_bytes: 4 << 10,
            files_reserve_bytes: 0,
            cluster: Some(cluster),
            ..Config::new(DATA)
        }
    }

    fn start_as(&self, machine: &Machine, config: Config) {
        self.0.trace.note(format_args!("node {} starts", machine.number));
        self.0.trace.count("starts");
        let watching = Watching { number: machine.number, trace: self.0.trace.clone() };
        machine.start(config, &self.0.wires, Box::new(watching));
    }

    /// Starts a process on a machine, unless there is one.
    pub fn start(&self, machine: &Machine) {
        if !machine.is_up() && !machine.state.lock().retired {
            self.start_as(machine, Self::config(machine.number));
        }
    }

    /// Makes the venue on the first machine, where it runs alone once, as those do that become clusters later.
    ///
    /// # Errors
    /// It does not start.
    pub async fn found(&self) -> Result<Arc<Machine>, String> {
        let machine = self.add_machine();
        self.start_as(&machine, Config { cluster: None, ..Self::config(1) });
        let started = timeout(Duration::from_secs(5), async {
            while !machine.serves() {
                sleep(Duration::from_millis(1)).await;
            }
        });
        started.await.map_err(|_| "the first node does not start".to_owned())?;
        machine.ask(|node| async move { node.stop().await }).await.ok_or("the first node has died")?;
        self.end(&machine, Death::Killed);
        let read = |name: &&str| machine.disk.contents(&Path::new(SECRETS).join(name));
        *self.0.secrets.lock() = SECRET_FILES.iter().filter_map(read).collect();
        Ok(machine)
    }

    /// Makes the folder of a new node with the venue's secrets, as an operator copies them.
    ///
    /// # Errors
    /// The disk says no.
    pub fn prepare(&self, machine: &Machine) -> Result<(), String> {
        let disk = machine.disk.process();
        let said = |error: std::io::Error| error.to_string();
        disk.create_folder(Path::new(COPIED)).map_err(said)?;
        for (name, bytes) in SECRET_FILES.iter().zip(&*self.0.secrets.lock()) {
            let file = disk.create(&Path::new(COPIED).join(name)).map_err(said)?;
            file.write_at(0, bytes).map_err(said)?;
        }
        prepare(&Self::config(machine.number), &disk, Path::new(COPIED)).map_err(|error| error.to_string())
    }

    /// What happens by itself each millisecond: processes have their time, and whoever looks after them sees to them.
    pub fn tick(&self) {
        self.0.trace.pass();
        for machine in self.machines() {
            machine.tick();
            self.look_after(&machine);
        }
    }

    fn look_after(&self, machine: &Machine) {
        let now_ms = self.0.trace.now_ms();
        if machine.disk.is_off() {
            let death = if self.dice(|dice| dice.one_in(3)) { Death::Killed } else { Death::Power };
            self.0.trace.count(if machine.serves() { "deaths in a write" } else { "deaths in a start" });
            self.crash(machine, death);
            return;
        }
        if let Some(ended) = machine.ended() {
            self.has_ended(machine, &ended);
        }
        let due = machine.state.lock().start_at_ms.take_if(|at| *at <= now_ms);
        if due.is_some() {
            self.start(machine);
        }
        if now_ms.is_multiple_of(LOOK_EVERY_MS) {
            self.look_how(machine);
        }
    }

    fn look_how(&self, machine: &Machine) {
        let number = machine.number;
        let Some(health) = machine.look(Node::health) else { return };
        match health {
            Health::Leading => {
                let term = machine.look(|node| node.metrics().term).unwrap_or(0);
                match self.0.led.lock().insert(term, number) {
                    None => {
                        self.0.trace.note(format_args!("node {number} leads term {term}"));
                        self.0.trace.count("elections");
                    }
                    Some(other) if other != number => {
                        self.0.trace.violation(format_args!("nodes {other} and {number} both lead term {term}"));
                    }
                    Some(_) => {}
                }
            }
            Health::Failed(why) => {
                self.0.trace.note(format_args!("node {number} has failed: {why}"));
                if machine.state.lock().hurt {
                    self.0.trace.count("nodes that stopped for their disk");
                } else {
                    self.0.trace.violation(format_args!("node {number} stopped by itself: {why}"));
                }
                self.crash(machine, Death::Killed);
            }
            _ => {}
        }
    }

    fn has_ended(&self, machine: &Machine, ended: &Ended) {
        let (hurt, spoilt) = {
            let state = machine.state.lock();
            (state.hurt, state.spoilt)
        };
        let number = machine.number;
        let Ended { why, shut_out } = ended;
        let what = if *shut_out { "is shut out" } else { "does not start" };
        self.0.trace.note(format_args!("node {number} {what}: {why}"));
        self.end(machine, Death::Killed);
        if spoilt {
            self.0.trace.count("spoilt nodes that were refused");
        } else if hurt && !shut_out {
            self.0.trace.count("starts that failed for the disk");
            self.start_again(machine);
        } else {
            self.0.trace.violation(format_args!("node {number} {what}: {why}"));
        }
    }

    /// A process dies, and is started again after a while.
    pub fn crash(&self, machine: &Machine, death: Death) {
        self.0.trace.note(format_args!("node {} dies: {death:?}", machine.number));
        self.end(machine, death);
        self.start_again(machine);
    }

    /// A process dies.
    pub fn end(&self, machine: &Machine, death: Death) {
        self.0.wires.gone(machine.number, death == Death::Power);
        let seed = self.dice(Dice::draw);
        machine.end(|disk| match death {
            Death::Killed => disk.kill(),
            Death::Power => disk.lose_power(seed),
        });
        machine.disk.set_room(None);
        machine.state.lock().frozen_until_ms = 0;
    }

    fn start_again(&self, machine: &Machine) {
        let after_ms = self.dice(|dice| if dice.one_in(3) { dice.within(1, 100) } else { dice.within(50, 3_000) });
        machine.state.lock().start_at_ms = Some(self.0.trace.now_ms() + after_ms);
    }

    /// Stops a process as an operator does, and starts it again.
    pub async fn restart(&self, machine: &Arc<Machine>) {
        let stopping = machine.ask(|node| async move { node.stop().await });
        match timeout(Duration::from_secs(10), stopping).await {
            Ok(None) => return,
            Ok(Some(())) => self.0.trace.count("stops in order"),
            Err(_) => self.0.trace.note(format_args!("node {} was not stopped in time", machine.number)),
        }
        self.crash(machine, Death::Killed);
    }

    /// Does something that only the leader can, until it is done or it is too late.
    ///
    /// # Errors
    /// Why it was not done in this time.
    pub async fn act(&self, act: ClusterAct, within: Duration) -> Result<(), String> {
        let until = Instant::now() + within;
        let mut why = "nobody is there".to_owned();
        while Instant::now() < until {
            let serving = self.serving();
            if let Some(machine) = self.dice(|dice| dice.pick(&serving).cloned()) {
                let its = act.clone();
                match machine.ask(|node| async move { node.act(its).await }).await {
                    Some(Ok(())) => return Ok(()),
                    Some(Err(no)) => why = no,
                    None => {}
                }
                let is_so = match &act {
                    ClusterAct::AddLearner { .. } => why.contains("already"),
                    ClusterAct::Promote(_) => why.contains("votes already"),
                    ClusterAct::Remove(_) => why.contains("there is no node"),
                    ClusterAct::TransferLeader(_) => why.contains("leads already"),
                };
                if is_so {
                    return Ok(());
                }
                let is_gone = match &act {
                    ClusterAct::AddLearner { .. } => why.contains(USED),
                    ClusterAct::Promote(_) => why.contains(NOT_THERE),
                    _ => false,
                };
                if is_gone {
                    return Err(why);
                }
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(why)
    }

    /// Brings a new machine into the cluster.
    ///
    /// # Errors
    /// Why not, in this time.
    pub async fn join(&self, within: Duration) -> Result<Arc<Machine>, String> {
        let until = Instant::now() + within;
        loop {
            let machine = self.add_machine();
            let number = machine.number;
            self.prepare(&machine)?;
            self.start(&machine);
            let left = until.saturating_duration_since(Instant::now());
            let added = self.act(ClusterAct::AddLearner { node: number, address: number.to_string() }, left).await;
            match added {
                Ok(()) => {
                    let left = until.saturating_duration_since(Instant::now());
                    match self.act(ClusterAct::Promote(number), left).await {
                        Ok(()) => return Ok(machine),
                        Err(why) if why.contains(NOT_THERE) => {}
                        Err(why) => return Err(why),
                    }
                }
                Err(why) if why.contains(USED) => {}
                Err(why) => return Err(why),
            }
            // It was added, and another leader has taken that back: the number is gone.
            self.0.trace.count("learners taken back");
            machine.state.lock().retired = true;
            self.end(&machine, Death::Killed);
        }
    }

    /// A machine is lost. A new one takes its place, under a number of its own.
    ///
    /// # Errors
    /// What could not be done in this time.
    pub async fn replace(&self, machine: &Machine, within: Duration) -> Result<(), String> {
        self.0.trace.note(format_args!("machine {} is lost", machine.number));
        machine.state.lock().retired = true;
        self.end(machine, Death::Power);
        self.act(ClusterAct::Remove(machine.number), within).await?;
        let fresh = self.join(within).await?;
        self.0.trace.count("replacements");
        self.0.trace.note(format_args!("node {} has taken the place of {}", fresh.number, machine.number));
        Ok(())
    }
}
