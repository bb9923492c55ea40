//! Many seeds: each in a process of its own, on all cores, and from where an earlier run was cut off.

use core::fmt::Write as _;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::trace::Trace;

/// A process that takes longer than this for its seed is stuck, and that is a finding.
const STUCK: Duration = Duration::from_secs(300);
/// How often something is said while seeds run.
const SAY_EVERY: Duration = Duration::from_secs(20);

/// What a run of one seed says of itself: read by people, and by whoever runs many.
#[must_use]
pub fn report(trace: &Trace) -> String {
    let mut report = String::new();
    for (kind, count) in trace.counts() {
        let _ = writeln!(report, "{count:>8} {kind}");
    }
    let _ = writeln!(report, "trace {}", trace.hash());
    for violation in trace.violations() {
        let _ = writeln!(report, "VIOLATION {violation}");
    }
    report
}

/// What one seed has shown.
#[derive(Clone, Debug, Default)]
struct Shown {
    counts: BTreeMap<String, u64>,
    violations: Vec<String>,
    took: Duration,
}

impl Shown {
    fn read(report: &str) -> Self {
        let mut shown = Shown::default();
        for line in report.lines() {
            if let Some(violation) = line.strip_prefix("VIOLATION ") {
                shown.violations.push(violation.to_owned());
            } else if let Some((count, kind)) = line.trim_start().split_once(' ')
                && let Ok(count) = count.parse()
            {
                shown.counts.insert(kind.to_owned(), count);
            }
        }
        if shown.counts.is_empty() && shown.violations.is_empty() {
            shown.violations.push("it said nothing".to_owned());
        }
        shown
    }
}

/// Many seeds.
#[derive(Clone, Debug)]
pub struct Many {
    /// How many.
    pub seeds: u64,
    /// The first of them.
    pub first: u64,
    /// How many at once.
    pub jobs: usize,
    /// Where it is kept what is done.
    pub state: Option<PathBuf>,
    /// How long it goes on.
    pub within: Option<Duration>,
    /// Whether the first finding is the end.
    pub until_found: bool,
}

struct All {
    left: VecDeque<u64>,
    done: u64,
    found: BTreeMap<u64, Vec<String>>,
    counts: BTreeMap<String, (u64, u64)>,
    took: Duration,
    kept: Option<File>,
    said: Instant,
    over: bool,
}

impl Many {
    /// Runs them; says whether none showed anything.
    ///
    /// # Errors
    /// No process can be started, or nothing be kept.
    pub fn run(&self) -> io::Result<bool> {
        let program = std::env::current_exe()?;
        let began = Instant::now();
        let (kept, before) = match &self.state {
            Some(path) => {
                let (kept, before) = open(path, &program)?;
                (Some(kept), before)
            }
            None => (None, Vec::new()),
        };
        let wanted = self.first..self.first.saturating_add(self.seeds);
        let mut all = All {
            left: VecDeque::new(),
            done: 0,
            found: BTreeMap::new(),
            counts: BTreeMap::new(),
            took: Duration::ZERO,
            kept,
            said: Instant::now(),
            over: false,
        };
        let mut known = BTreeSet::new();
        for (seed, shown) in before {
            if wanted.contains(&seed) && known.insert(seed) {
                all.take(seed, shown);
            }
        }
        if all.done > 0 {
            println!("{} of {} seeds were run before by this program", all.done, self.seeds);
        }
        all.left = wanted.filter(|seed| !known.contains(seed)).collect();
        let all = Mutex::new(all);
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..self.jobs.max(1)).map(|_| scope.spawn(|| self.work(&program, began, &all))).collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
        })?;
        let all = all.into_inner();
        println!("{}", all.table());
        println!(
            "{} seeds, {} with violations; {:.2} s a seed, {} at once, {:.0} s in this run",
            all.done,
            all.found.len(),
            all.took.as_secs_f64() / (all.done.max(1) as f64),
            self.jobs.max(1),
            began.elapsed().as_secs_f64(),
        );
        if !all.left.is_empty() && !all.over {
            println!("{} seeds are left; the same command goes on with them", all.left.len());
        }
        Ok(all.found.is_empty())
    }

    fn work(&self, program: &Path, began: Instant, all: &Mutex<All>) -> io::Result<()> {
        loop {
            let seed = {
                let mut all = all.lock();
                if all.over || self.within.is_some_and(|within| began.elapsed() >= within) {
                    return Ok(());
                }
                let Some(seed) = all.left.pop_front() else { return Ok(()) };
                seed
            };
            let shown = one(program, seed)?;
            let mut all = all.lock();
            if let Some(kept) = &mut all.kept {
                kept.write_all(kept_line(seed, &shown).as_bytes())?;
            }
            for violation in &shown.violations {
                println!("seed {seed}: VIOLATION {violation}");
            }
            if !shown.violations.is_empty() {
                println!("again: cargo run --release -p simulator -- run {seed} --trace");
            }
            let finds = !shown.violations.is_empty() && all.found.is_empty();
            all.take(seed, shown);
            if finds && self.until_found {
                all.over = true;
                println!("found after {} seeds", all.done);
            }
            if all.said.elapsed() > SAY_EVERY {
                all.said = Instant::now();
                println!("{} of {} seeds, {} with violations", all.done, self.seeds, all.found.len());
            }
        }
    }
}

fn one(program: &Path, seed: u64) -> io::Result<Shown> {
    let mut child =
        Command::new(program).args(["run", &seed.to_string()]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (out, errors) = (child.stdout.take(), child.stderr.take());
    let read = |pipe: Option<Box<dyn io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut pipe) = pipe {
                let _ = pipe.read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let out = read(out.map(|pipe| Box::new(pipe) as _));
    let errors = read(errors.map(|pipe| Box::new(pipe) as _));
    let began = Instant::now();
    let ended = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if began.elapsed() > STUCK {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (out, errors) = (out.join().unwrap_or_default(), errors.join().unwrap_or_default());
    let mut shown = Shown::read(&out);
    shown.took = began.elapsed();
    match ended {
        None => shown.violations.push(format!("it was not over after {STUCK:?}")),
        Some(status) if !status.success() && shown.violations.is_empty() => {
            let said = errors.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            shown.violations.push(format!("it ended with {status}: {said}"));
        }
        Some(_) => {}
    }
    Ok(shown)
}

impl All {
    fn take(&mut self, seed: u64, shown: Shown) {
        self.done += 1;
        self.took += shown.took;
        for (kind, count) in shown.counts {
            let of = self.counts.entry(kind).or_default();
            of.0 += count;
            of.1 += 1;
        }
        if !shown.violations.is_empty() {
            self.found.insert(seed, shown.violations);
        }
    }

    fn table(&self) -> String {
        let mut table = format!("{:>12} {:>8}  what\n", "how often", "in seeds");
        for (kind, (count, seeds)) in &self.counts {
            let _ = writeln!(table, "{count:>12} {seeds:>8}  {kind}");
        }
        table
    }
}

/// What an earlier run of the same program has done; another program begins anew.
fn open(path: &Path, program: &Path) -> io::Result<(File, Vec<(u64, Shown)>)> {
    let name = format!("program {}", blake3::hash(&std::fs::read(program)?).to_hex());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut before = Vec::new();
    let mut same = false;
    if let Ok(file) = File::open(path) {
        let mut lines = BufReader::new(file).lines();
        same = lines.next().transpose()?.is_some_and(|first| first == name);
        if same {
            for line in lines {
                before.extend(read_line(&line?));
            }
        }
    }
    let mut file = OpenOptions::new().create(true).append(same).write(true).truncate(!same).open(path)?;
    // The end of a line that was cut off must not become the beginning of the next.
    writeln!(file, "{}", if same { "" } else { &name })?;
    Ok((file, before))
}

fn kept_line(seed: u64, shown: &Shown) -> String {
    let mut line = format!("{seed}\t{}", shown.took.as_millis());
    for (kind, count) in &shown.counts {
        let _ = write!(line, "\t{count} {kind}");
    }
    for violation in &shown.violations {
        let _ = write!(line, "\tVIOLATION {}", violation.replace(['\t', '\n'], " "));
    }
    line + "\n"
}

/// A line that was cut off is none.
fn read_line(line: &str) -> Option<(u64, Shown)> {
    let mut parts = line.split('\t');
    let seed = parts.next()?.parse().ok()?;
    let took = Duration::from_millis(parts.next()?.parse().ok()?);
    let report: Vec<&str> = parts.collect();
    Some((seed, Shown { took, ..Shown::read(&report.join("\n")) }))
}
