//! A run: a cluster under a seed, from an empty disk to the last check.

use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Body, Principal};
use ordering::Node;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::check::check;
use crate::clients::Clients;
use crate::cluster::{Cluster, Death};
use crate::faults::Faults;
use crate::machine::Machine;
use crate::random::{Dice, seed_system};
use crate::trace::Trace;

/// How long members trade, in milliseconds.
const TRADING_MS: u64 = 60_000;
/// For how long of it things go wrong.
const FAULTS_MS: u64 = 50_000;
/// How long after the last fault was mended a command must be answered, and all nodes be in step.
const LIVELY_MS: u64 = 15_000;
/// No run takes longer than this in its own time.
const WHOLE_MS: u64 = 240_000;
const JOIN_MAX: Duration = Duration::from_secs(20);

/// What every seed must have had.
const AT_LEAST: [(&str, u64); 3] = [("commands", 500), ("fault: ", 5), ("elections", 2)];

/// Runs a seed in a thread of its own, since chance is drawn by thread, and gives its record.
#[must_use]
pub fn run(seed: u64, told: bool) -> Trace {
    let trace = Trace::new(told);
    let its = trace.clone();
    let thread = std::thread::Builder::new().name(format!("seed {seed}")).spawn(move || {
        seed_system(seed);
        run_here(seed, &its);
    });
    if thread.is_ok_and(|thread| thread.join().is_err()) {
        trace.violation("the run ended badly");
    }
    trace
}

fn run_here(seed: u64, trace: &Trace) {
    let Ok(world) = Builder::new_current_thread().enable_time().start_paused(true).build() else {
        trace.violation("no runtime can be made");
        return;
    };
    let mut run = Run { cluster: Cluster::new(seed, trace.clone(), world.handle().clone()), world, seed };
    if let Err(why) = run.whole() {
        trace.violation(why);
    }
    for machine in run.cluster.machines() {
        run.cluster.end(&machine, Death::Killed);
    }
}

struct Run {
    cluster: Cluster,
    world: Runtime,
    seed: u64,
}

impl Run {
    fn whole(&mut self) -> Result<(), String> {
        let trace = self.cluster.trace().clone();
        let mut dice = Dice::new(self.seed, 4);
        let nodes = if dice.one_in(3) { 5 } else { 3 };
        trace.count(&format!("clusters of {nodes}"));
        let cluster = self.cluster.clone();
        self.until_done(async move { found(&cluster, nodes).await })??;
        let clients = Clients::new(&self.cluster, self.seed);
        let its = clients.clone();
        let mut its_dice = Dice::new(self.seed, 5);
        self.until_done(async move { its.open(&mut its_dice).await })??;

        let began_ms = trace.now_ms();
        let (end, over) = watch::channel(false);
        let trading = self.world.spawn({
            let clients = clients.clone();
            async move { clients.run(over).await }
        });
        let mut faults = Faults::new(&self.cluster, self.seed);
        self.until_done(async move { faults.run(began_ms + FAULTS_MS).await })?;

        let mended_ms = trace.now_ms();
        let (its, mut its_dice) = (clients.clone(), Dice::new(self.seed, 6));
        let asked = self.until_done(async move { its.ask(Principal::System, Body::Tick, &mut its_dice, 100).await })?;
        if asked.is_none() {
            return Err("nobody is answered after all was mended".to_owned());
        }
        let took_ms = trace.now_ms() - mended_ms;
        if took_ms > LIVELY_MS {
            return Err(format!("the first answer after all was mended took {took_ms} ms"));
        }
        let most = LIVELY_MS.max((began_ms + TRADING_MS).saturating_sub(mended_ms));
        self.pass_until(mended_ms + most, |run| run.now_ms() >= began_ms + TRADING_MS && run.all_serve())?;
        end.send_replace(true);
        self.finish(trading)?;
        let answered = clients.answered();
        let quiet_ms = trace.now_ms();
        self.pass_until(quiet_ms + LIVELY_MS, |run| run.in_step().is_some_and(|least| least >= answered))?;
        let applied = self.in_step().unwrap_or(answered);
        let machines = self.cluster.machines();
        for machine in &machines {
            let death = if dice.one_in(2) { Death::Killed } else { Death::Power };
            self.cluster.end(machine, death);
        }
        check(&trace, &machines, &clients.asks(), applied);
        for (kind, least) in AT_LEAST {
            let counted = trace.counted(kind);
            if counted < least {
                trace.violation(format_args!("{counted} of \"{kind}\" are fewer than {least}: this seed shows little"));
            }
        }
        Ok(())
    }

    fn now_ms(&self) -> u64 {
        self.cluster.trace().now_ms()
    }

    /// A millisecond for everybody.
    fn tick(&self) {
        self.cluster.tick();
        self.world.block_on(async { sleep(Duration::from_millis(1)).await });
    }

    fn until_done<T: Send + 'static>(&self, what: impl Future<Output = T> + Send + 'static) -> Result<T, String> {
        self.finish(self.world.spawn(what))
    }

    fn finish<T>(&self, task: JoinHandle<T>) -> Result<T, String> {
        while !task.is_finished() {
            if self.now_ms() > WHOLE_MS {
                return Err(format!("it was not over after {WHOLE_MS} ms"));
            }
            self.tick();
        }
        self.world.block_on(task).map_err(|error| error.to_string())
    }

    fn pass_until(&self, until_ms: u64, is_so: impl Fn(&Self) -> bool) -> Result<(), String> {
        while !is_so(self) {
            if self.now_ms() > until_ms {
                let how: Vec<String> = self.cluster.machines().iter().map(how).collect();
                return Err(format!("the nodes are not in step long after all was mended: {}", how.join(", ")));
            }
            self.tick();
        }
        Ok(())
    }

    fn all_serve(&self) -> bool {
        self.cluster.machines().iter().all(|machine| machine.serves())
    }

    /// The entry that all nodes have applied, where it is the same one.
    fn in_step(&self) -> Option<Sequence> {
        let all: Vec<Option<Sequence>> =
            self.cluster.machines().iter().map(|machine| machine.look(Node::sequence)).collect();
        let first = *all.first()?;
        all.iter().all(|one| *one == first).then_some(first)?
    }
}

fn how(machine: &Arc<Machine>) -> String {
    match machine.look(|node| (node.health(), node.sequence())) {
        Some((health, sequence)) => format!("node {} {health:?} at {sequence}", machine.number),
        None => format!("node {} is not there", machine.number),
    }
}

async fn found(cluster: &Cluster, nodes: u64) -> Result<(), String> {
    let first = cluster.found().await?;
    cluster.start(&first);
    while !first.serves() {
        sleep(Duration::from_millis(1)).await;
    }
    for _ in 1..nodes {
        cluster.join(JOIN_MAX).await?;
    }
    Ok(())
}
