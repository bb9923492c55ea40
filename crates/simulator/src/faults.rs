//! What goes wrong, and when it is mended.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ordering::ClusterAct;
use tokio::time::sleep;

use crate::cluster::{Cluster, DATA, Death};
use crate::machine::Machine;
use crate::network::Weather;
use crate::random::Dice;

/// The longest that an operator tries to replace a machine while everything else goes wrong.
const REPLACE_MAX: Duration = Duration::from_secs(40);

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Killed,
    PowerLost,
    ManyLost,
    DiesInWrite,
    Frozen,
    Isolated,
    DeafOrMute,
    Split,
    Ring,
    BadWeather,
    Resets,
    Repeated,
    SlowDisk,
    StalledDisk,
    FullDisk,
    FailedWrite,
    FailedSync,
    FlippedBits,
    ClockSet,
    Restarted,
    LeadHandedOver,
    MachineLost,
    Wiped,
}

/// How often each is chosen.
const FAULTS: [(Fault, u64); 23] = [
    (Fault::Killed, 6),
    (Fault::PowerLost, 6),
    (Fault::ManyLost, 2),
    (Fault::DiesInWrite, 8),
    (Fault::Frozen, 5),
    (Fault::Isolated, 5),
    (Fault::DeafOrMute, 4),
    (Fault::Split, 4),
    (Fault::Ring, 2),
    (Fault::BadWeather, 4),
    (Fault::Resets, 3),
    (Fault::Repeated, 3),
    (Fault::SlowDisk, 4),
    (Fault::StalledDisk, 4),
    (Fault::FullDisk, 2),
    (Fault::FailedWrite, 2),
    (Fault::FailedSync, 3),
    (Fault::FlippedBits, 2),
    (Fault::ClockSet, 4),
    (Fault::Restarted, 3),
    (Fault::LeadHandedOver, 3),
    (Fault::MachineLost, 2),
    (Fault::Wiped, 2),
];

fn draw(dice: &mut Dice) -> Fault {
    let all = FAULTS.iter().map(|(_, weight)| weight).sum();
    let mut at = dice.below(all);
    for (fault, weight) in FAULTS {
        if at < weight {
            return fault;
        }
        at -= weight;
    }
    Fault::Killed
}

/// What makes things go wrong.
pub struct Faults {
    cluster: Cluster,
    dice: Dice,
    /// Until when something is done to the network.
    network_until_ms: u64,
    replacing: Option<tokio::task::JoinHandle<()>>,
}

impl Faults {
    /// Nothing is wrong yet.
    #[must_use]
    pub fn new(cluster: &Cluster, seed: u64) -> Self {
        Faults { cluster: cluster.clone(), dice: Dice::new(seed, 3), network_until_ms: 0, replacing: None }
    }

    /// Until then one thing after the other goes wrong, the first with whoever leads; then all of it is mended, and what was
    /// lost is replaced.
    pub async fn run(&mut self, until_ms: u64) {
        let trace = self.cluster.trace().clone();
        sleep(Duration::from_millis(self.dice.within(500, 2_000))).await;
        let first = [Fault::Killed, Fault::PowerLost, Fault::Frozen, Fault::Isolated, Fault::DiesInWrite];
        let mut next = self.dice.pick(&first).copied();
        while trace.now_ms() < until_ms {
            if trace.now_ms() >= self.network_until_ms && self.network_until_ms > 0 {
                self.cluster.wires().mend_all();
                self.network_until_ms = 0;
            }
            let fault = next.take().unwrap_or_else(|| draw(&mut self.dice));
            if self.begin(fault) {
                trace.count(&format!("fault: {fault:?}"));
            }
            let pause = if self.dice.one_in(4) { self.dice.within(1, 100) } else { self.dice.within(200, 3_000) };
            sleep(Duration::from_millis(pause)).await;
        }
        self.mend().await;
    }

    async fn mend(&mut self) {
        let trace = self.cluster.trace();
        trace.note(format_args!("all is mended"));
        self.cluster.wires().mend_all();
        for machine in self.cluster.machines() {
            machine.pace.mend();
            machine.freeze(0);
            machine.disk.set_room(None);
            machine.disk.mend();
            machine.crystal.set_ahead(0);
        }
        if let Some(replacing) = self.replacing.take()
            && replacing.await.is_err()
        {
            trace.violation("replacing a machine ended badly");
        }
    }

    /// Whoever leads, or any.
    fn some(&mut self) -> Option<Arc<Machine>> {
        let leader = self.cluster.leader().filter(|_| self.dice.one_in(2));
        leader.or_else(|| self.dice.pick(&self.cluster.machines()).cloned())
    }

    fn some_up(&mut self) -> Option<Arc<Machine>> {
        self.some().filter(|machine| machine.is_up())
    }

    /// Says whether it could go wrong.
    fn begin(&mut self, fault: Fault) -> bool {
        self.begin_with(fault).is_some()
    }

    fn begin_with(&mut self, fault: Fault) -> Option<()> {
        let cluster = self.cluster.clone();
        let trace = cluster.trace();
        trace.note(format_args!("fault: {fault:?}"));
        match fault {
            Fault::Killed => cluster.crash(&*self.some_up()?, Death::Killed),
            Fault::PowerLost => cluster.crash(&*self.some_up()?, Death::Power),
            Fault::ManyLost => {
                let mut all: Vec<_> = cluster.machines().into_iter().filter(|machine| machine.is_up()).collect();
                self.dice.shuffle(&mut all);
                let most = self.dice.within(2, all.len().max(2) as u64);
                for machine in all.iter().take(usize::try_from(most).unwrap_or(2)) {
                    cluster.crash(machine, Death::Power);
                }
            }
            Fault::DiesInWrite => self.some_up()?.disk.stop_after(self.dice.within(1, 60)),
            Fault::Frozen => self.some_up()?.freeze(self.dice.within(50, 3_000)),
            Fault::Isolated | Fault::DeafOrMute | Fault::Split | Fault::Ring => self.cut(fault)?,
            Fault::BadWeather => {
                let lost_one_in = self.dice.within(0, 1) * self.dice.within(5, 50);
                let (delay_ms, again_ms) = (self.dice.within(3, 60), self.dice.within(50, 600));
                self.network_for()?;
                cluster.wires().set_weather(Weather { delay_ms, lost_one_in, again_ms });
            }
            Fault::Resets => cluster.wires().reset_some(),
            Fault::Repeated => {
                if !cluster.wires().repeat_one() {
                    return None;
                }
            }
            Fault::SlowDisk => {
                let machine = self.some()?;
                machine.pace.slow(self.dice.within(5, 80));
                self.mend_after(machine, |machine| machine.pace.mend());
            }
            Fault::StalledDisk => self.some()?.pace.stall(self.dice.within(100, 3_000)),
            Fault::FullDisk => {
                let machine = self.some()?;
                machine.hurt();
                let room = machine.disk.used() + self.dice.below(20_000);
                machine.disk.set_room(Some(room));
                self.mend_after(machine, |machine| machine.disk.set_room(None));
            }
            Fault::FailedWrite => {
                let machine = self.some_up()?;
                machine.hurt();
                machine.disk.fail_write_after(self.dice.below(20));
            }
            Fault::FailedSync => {
                let machine = self.some_up()?;
                machine.hurt();
                machine.disk.fail_sync_after(self.dice.below(20));
            }
            Fault::ClockSet => {
                let machine = self.some()?;
                let ms = i64::try_from(self.dice.within(100, 90_000)).unwrap_or(0);
                machine.crystal.set_ahead(if self.dice.one_in(2) { ms * 1_000 } else { -ms * 1_000 });
                self.mend_after(machine, |machine| machine.crystal.set_ahead(0));
            }
            Fault::Restarted => {
                let machine = self.some().filter(|machine| machine.serves())?;
                tokio::spawn(async move { cluster.restart(&machine).await });
            }
            Fault::LeadHandedOver => {
                let to = self.some()?.number;
                tokio::spawn(async move { cluster.act(ClusterAct::TransferLeader(to), Duration::from_secs(1)).await });
            }
            Fault::FlippedBits | Fault::MachineLost | Fault::Wiped => self.lose_one(fault)?,
        }
        Some(())
    }

    fn mend_after(&mut self, machine: Arc<Machine>, mend: impl FnOnce(&Machine) + Send + 'static) {
        let after = Duration::from_millis(self.dice.within(300, 5_000));
        tokio::spawn(async move {
            sleep(after).await;
            mend(&machine);
        });
    }

    /// One thing at a time is done to the network.
    fn network_for(&mut self) -> Option<()> {
        let now_ms = self.cluster.trace().now_ms();
        if self.network_until_ms > now_ms {
            return None;
        }
        self.cluster.wires().mend_all();
        self.network_until_ms = now_ms + self.dice.within(300, 6_000);
        Some(())
    }

    fn cut(&mut self, fault: Fault) -> Option<()> {
        let mut all: Vec<u64> = self.cluster.machines().iter().map(|machine| machine.number).collect();
        let one = self.some()?.number;
        self.network_for()?;
        let wires = self.cluster.wires();
        self.dice.shuffle(&mut all);
        let others = all.iter().copied().filter(|other| *other != one);
        match fault {
            Fault::Isolated => others.for_each(|other| {
                wires.cut(one, other);
                wires.cut(other, one);
            }),
            Fault::DeafOrMute => {
                let mute = self.dice.one_in(2);
                others.for_each(|other| if mute { wires.cut(one, other) } else { wires.cut(other, one) });
            }
            Fault::Split => {
                let at = usize::try_from(self.dice.within(1, all.len().saturating_sub(1).max(1) as u64)).unwrap_or(1);
                let (here, there) = all.split_at(at.min(all.len()));
                for (one, other) in here.iter().flat_map(|one| there.iter().map(move |other| (*one, *other))) {
                    wires.cut(one, other);
                    wires.cut(other, one);
                }
            }
            _ => {
                for (place, one) in all.iter().enumerate() {
                    let near = [(place + 1) % all.len(), (place + all.len() - 1) % all.len(), place];
                    let far = all.iter().enumerate().filter(|(other, _)| !near.contains(other));
                    far.for_each(|(_, other)| wires.cut(*one, *other));
                }
                // Of three each is next to each, so one of the ways is missing.
                if all.len() < 4 {
                    wires.cut(all[0], all[all.len() - 1]);
                    wires.cut(all[all.len() - 1], all[0]);
                }
            }
        }
        Some(())
    }

    /// What a machine had is lost for good, and an operator replaces it: one machine at a time.
    fn lose_one(&mut self, fault: Fault) -> Option<()> {
        if self.replacing.as_ref().is_some_and(|replacing| !replacing.is_finished()) {
            return None;
        }
        let machine = self.some()?;
        let cluster = self.cluster.clone();
        let wait_ms = match fault {
            Fault::FlippedBits => {
                flip(&machine, &mut self.dice)?;
                machine.spoil();
                if self.dice.one_in(2) {
                    cluster.crash(&machine, Death::Killed);
                }
                self.dice.within(500, 5_000)
            }
            Fault::Wiped => {
                // Somebody puts an empty disk in and makes the folder anew, under the number that it had.
                machine.spoil();
                cluster.end(&machine, Death::Power);
                machine.disk.wipe();
                if cluster.prepare(&machine).is_err() {
                    cluster.trace().violation("a wiped machine cannot be prepared");
                }
                cluster.start(&machine);
                self.dice.within(1_000, 6_000)
            }
            _ => 0,
        };
        self.replacing = Some(tokio::spawn(async move {
            sleep(Duration::from_millis(wait_ms)).await;
            if let Err(why) = cluster.replace(&machine, REPLACE_MAX).await {
                cluster.trace().violation(format_args!("machine {} cannot be replaced: {why}", machine.number));
            }
        }));
        Some(())
    }
}

/// Flips some bits of a segment of the log.
fn flip(machine: &Machine, dice: &mut Dice) -> Option<()> {
    let folder = PathBuf::from(DATA).join("log");
    let names = machine.disk.names(&folder);
    let path = Path::new(&folder).join(dice.pick(&names)?);
    let (at, bits) = (dice.draw(), dice.within(1, 255));
    let mut flipped = false;
    machine.disk.corrupt(&path, |bytes| {
        // Zeros are room that nothing was written to yet, or the end of a page.
        let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1);
        let place = at.checked_rem(written).and_then(|at| usize::try_from(at).ok());
        if let Some(byte) = place.and_then(|place| bytes.get_mut(place)) {
            *byte ^= u8::try_from(bits).unwrap_or(1);
            flipped = true;
        }
    });
    flipped.then_some(())
}
