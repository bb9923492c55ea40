//! What happened, by fault.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::check::Found;
use super::faults::Fault;

/// A fault, from its beginning until every node was well again.
#[derive(Clone, Copy, Debug)]
pub struct Happened {
    pub fault: Fault,
    pub from: Instant,
    pub to: Instant,
}

/// One kind of fault in all its times; `None` in the table is the time between them.
#[derive(Default)]
struct Line {
    answered: usize,
    lost: usize,
    doubled: usize,
    /// The longest time without any answer, of each time.
    pauses: Vec<Duration>,
    /// The longest that one client waited for one answer.
    waited: Duration,
}

/// The lines of all faults so far.
#[derive(Default)]
pub struct Report {
    lines: BTreeMap<Option<Fault>, Line>,
    reads: u64,
    entries: u64,
}

impl Report {
    /// Adds what one cluster went through.
    pub fn add(&mut self, happened: &[Happened], found: &Found) {
        self.reads += found.reads;
        self.entries += found.entries;
        let during = |at: Instant| happened.iter().find(|one| one.from <= at && at <= one.to).map(|one| one.fault);
        for bid in &found.answered {
            let line = self.lines.entry(during(bid.asked.got)).or_default();
            line.answered += 1;
            line.waited = line.waited.max(bid.asked.got - bid.asked.sent);
        }
        for bid in &found.lost {
            self.lines.entry(during(bid.asked.got)).or_default().lost += 1;
        }
        // Where nothing tells when it was, it is the time between.
        self.lines.entry(None).or_default().doubled += found.doubled.len();
        let mut answers: Vec<Instant> = found.answered.iter().map(|bid| bid.asked.got).collect();
        answers.sort_unstable();
        for one in happened {
            let pauses = &mut self.lines.entry(Some(one.fault)).or_default().pauses;
            pauses.push(longest_pause(&answers, one));
        }
    }

    /// The table.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{:<28}{:>6}{:>10}{:>6}{:>9}{:>12}{:>15}{:>13}\n",
            "fault", "times", "answered", "lost", "doubled", "p50 pause", "longest pause", "longest wait"
        );
        for (fault, line) in &self.lines {
            let mut pauses = line.pauses.clone();
            pauses.sort_unstable();
            let shown = |pause: Option<&Duration>| {
                pause.map_or_else(|| "–".to_owned(), |pause| format!("{} ms", pause.as_millis()))
            };
            table.push_str(&format!(
                "{:<28}{:>6}{:>10}{:>6}{:>9}{:>12}{:>15}{:>13}\n",
                fault.map_or("(between them)", Fault::name),
                pauses.len(),
                line.answered,
                line.lost,
                line.doubled,
                shown(pauses.get(pauses.len() / 2)),
                shown(pauses.last()),
                shown(Some(&line.waited)),
            ));
        }
        table.push_str(&format!("{} reads with Min-Sequence, {} entries in all logs\n", self.reads, self.entries));
        table
    }

    /// How long the pauses of a fault were.
    pub fn histogram(&self, fault: Fault) -> String {
        const STEP: u128 = 100;
        const WIDTH: usize = 60;
        let mut pauses = self.lines.get(&Some(fault)).map(|line| line.pauses.clone()).unwrap_or_default();
        pauses.sort_unstable();
        let mut counts: BTreeMap<u128, usize> = BTreeMap::new();
        for pause in &pauses {
            *counts.entry(pause.as_millis() / STEP).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or(1);
        let mut drawn = String::new();
        for step in 0..=counts.keys().max().copied().unwrap_or(0) {
            let count = counts.get(&step).copied().unwrap_or(0);
            let bar = "#".repeat((count * WIDTH).div_ceil(most));
            drawn.push_str(&format!("{:>5} to {:>5} ms {count:>5} {bar}\n", step * STEP, (step + 1) * STEP));
        }
        let at =
            |share: f64| pauses[((pauses.len() as f64 * share).ceil() as usize).clamp(1, pauses.len()) - 1].as_millis();
        if !pauses.is_empty() {
            drawn.push_str(&format!("p50 {} ms, p99 {} ms, longest {} ms\n", at(0.5), at(0.99), at(1.0)));
        }
        drawn
    }
}

/// The longest time without an answer in which some of a fault lies.
fn longest_pause(answers: &[Instant], one: &Happened) -> Duration {
    let first = answers.partition_point(|at| *at < one.from).saturating_sub(1);
    let last = answers.partition_point(|at| *at <= one.to);
    let within = answers[first..(last + 1).min(answers.len())].windows(2).map(|two| two[1] - two[0]);
    within.max().unwrap_or_default()
}
