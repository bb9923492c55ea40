//! What is done to a cluster: each fault is begun, held for a while, and taken away again.

use std::time::Duration;

use rustix::process::Signal;

use super::cluster::{Cluster, ELECTION};
use super::ground::CLIENTS;
use super::kit::random::Random;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The leader ends at once.
    Kill,
    /// The leader is frozen for longer than an election takes, and goes on as if nothing had been.
    Freeze,
    /// The leader reaches nobody, neither nodes nor clients.
    CutWhole,
    /// One node is heard by the others and hears nothing, or the reverse.
    CutOneWay,
    /// The leader is on the side of fewer nodes; clients reach both.
    CutMinority,
    /// No side has a majority.
    CutMajority,
    /// Every node hears its two neighbours alone; of three, two hear the third alone.
    CutRing,
    /// What a node sends is late and partly lost.
    Disturb,
    /// The disk of one node is full.
    FullDisk,
    /// The clock of one node is a minute off.
    Clock,
    /// A node loses its disk, and a new one takes its place.
    Replace,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 11] = [
        Fault::Kill,
        Fault::Freeze,
        Fault::CutWhole,
        Fault::CutOneWay,
        Fault::CutMinority,
        Fault::CutMajority,
        Fault::CutRing,
        Fault::Disturb,
        Fault::FullDisk,
        Fault::Clock,
        Fault::Replace,
    ];

    /// As the table has it.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Kill => "kill -9 of the leader",
            Fault::Freeze => "SIGSTOP of the leader",
            Fault::CutWhole => "cut: the leader, whole",
            Fault::CutOneWay => "cut: one node, one way",
            Fault::CutMinority => "cut: the leader's minority",
            Fault::CutMajority => "cut: no majority anywhere",
            Fault::CutRing => "cut: a ring",
            Fault::Disturb => "delay and loss",
            Fault::FullDisk => "full disk",
            Fault::Clock => "clock off by a minute",
            Fault::Replace => "wiped and replaced",
        }
    }

    /// Does it, and takes it away. False: it cannot be done here.
    pub fn inflict(self, cluster: &mut Cluster, random: &mut Random) -> bool {
        let leader = cluster.leader();
        let any = 1 + random.below(cluster.machines().count());
        match self {
            Fault::Kill => {
                cluster.kill(leader);
                hold(random);
            }
            Fault::Freeze => {
                cluster.signal(leader, Signal::STOP);
                std::thread::sleep(ELECTION * 3);
                hold(random);
                cluster.signal(leader, Signal::CONT);
            }
            Fault::CutWhole => {
                let others = cluster.machines().filter(|other| *other != leader).chain([CLIENTS]);
                split(cluster, &[leader], &others.collect::<Vec<_>>());
                hold(random);
            }
            Fault::CutOneWay => {
                let hears = random.below(2) == 0;
                for other in cluster.machines().filter(|other| *other != any).collect::<Vec<_>>() {
                    let (from, to) = if hears { (any, other) } else { (other, any) };
                    cluster.ground.cut(from, to);
                }
                hold(random);
            }
            Fault::CutMinority => {
                let (few, rest) = sides(cluster, leader, random);
                split(cluster, &few, &rest);
                hold(random);
            }
            Fault::CutMajority => {
                let (few, mut rest) = sides(cluster, leader, random);
                split(cluster, &few, &rest);
                let last = rest.split_off(few.len());
                split(cluster, &rest, &last);
                hold(random);
            }
            Fault::CutRing => {
                let all = shuffled(cluster.machines(), random);
                for (at, one) in all.iter().enumerate() {
                    for (apart, other) in all.iter().enumerate().skip(at + 1).map(|(place, other)| (place - at, other))
                    {
                        // Of three in a ring all are neighbours: there one link is missing.
                        if apart > 1 && (apart < all.len() - 1 || all.len() == 3) {
                            split(cluster, &[*one], &[*other]);
                        }
                    }
                }
                hold(random);
            }
            Fault::Disturb => {
                if !cluster.ground.disturb(leader) {
                    return false;
                }
                cluster.ground.disturb(any);
                hold(random);
                hold(random);
            }
            Fault::FullDisk => {
                // Half of the time it is the leader's.
                if random.below(2) == 0 && leader != 1 {
                    cluster.give_lead(1);
                }
                cluster.ground.fill();
                hold(random);
                hold(random);
                cluster.ground.make_room();
                cluster.restart_unless_ready(1);
            }
            Fault::Clock => {
                let off = if random.below(2) == 0 { 60 } else { -60 };
                let one = if random.below(2) == 0 { leader } else { any };
                if !cluster.set_clock(one, off) {
                    return false;
                }
                if random.below(2) == 0 {
                    // A node that starts has no clock of its own yet to hold the machine's against.
                    cluster.kill(one);
                    cluster.start(one);
                }
                hold(random);
                hold(random);
                cluster.set_clock(one, 0);
            }
            Fault::Replace => cluster.replace(any),
        }
        cluster.ground.mend();
        true
    }
}

/// For longer than an election, most of the time.
fn hold(random: &mut Random) {
    std::thread::sleep(ELECTION + Duration::from_millis(random.next() % 1_500));
}

/// Nothing passes between both sides.
fn split(cluster: &mut Cluster, one: &[usize], other: &[usize]) {
    for from in one {
        for to in other {
            cluster.ground.cut(*from, *to);
            cluster.ground.cut(*to, *from);
        }
    }
}

/// The largest side that is no majority, with the leader, and the rest.
fn sides(cluster: &Cluster, leader: usize, random: &mut Random) -> (Vec<usize>, Vec<usize>) {
    let mut few = vec![leader];
    let mut rest: Vec<usize> =
        shuffled(cluster.machines(), random).into_iter().filter(|machine| *machine != leader).collect();
    while few.len() + 1 < rest.len() {
        few.extend(rest.pop());
    }
    (few, rest)
}

fn shuffled(machines: impl Iterator<Item = usize>, random: &mut Random) -> Vec<usize> {
    let mut left: Vec<usize> = machines.collect();
    let mut all = Vec::new();
    while !left.is_empty() {
        all.push(left.swap_remove(random.below(left.len())));
    }
    all
}

/// The faults in an order of this round.
pub fn in_some_order(faults: &[Fault], random: &mut Random) -> Vec<Fault> {
    shuffled(0..faults.len(), random).into_iter().map(|at| faults[at]).collect()
}
