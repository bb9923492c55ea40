//! What the figures were measured on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::statfs;

/// File systems that lie in memory (`linux/magic.h`): there an fsync costs nothing, and the figures would say nothing.
const IN_MEMORY: [i64; 2] = [0x0102_1994, 0x8584_58f6];

/// The machine, in words.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Its processor.
    pub processor: String,
    /// How many cores this process may use.
    pub cores: usize,
    /// Its memory, in GB.
    pub memory_gb: u64,
    /// Its kernel.
    pub kernel: String,
    /// The file system of the data folder, with its device.
    pub disk: String,
    /// How many processes wanted a core on average in the minute before.
    pub load: String,
    /// The compiler's settings.
    pub build: &'static str,
}

impl Machine {
    /// This machine, with the disk of a folder.
    #[must_use]
    pub fn here(data: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        let kib: u64 = memory.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0);
        Machine {
            processor: field(&read("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gb: kib * 1024 / 1_000_000_000,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            disk: mount(data),
            load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
            build: if cfg!(debug_assertions) { "debug: these figures mean nothing" } else { "release" },
        }
    }

    /// Name and value of each thing worth knowing.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, String); 6] {
        [
            ("machine", format!("{}, {} cores, {} GB of memory", self.processor, self.cores, self.memory_gb)),
            ("kernel", self.kernel.clone()),
            ("disk", self.disk.clone()),
            ("busy with other things", format!("{} processes wanted a core in the minute before", self.load)),
            ("build", self.build.to_owned()),
            ("version", format!("bayan {}", env!("CARGO_PKG_VERSION"))),
        ]
    }
}

/// Processor time of the whole machine since it started, in the kernel's ticks.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    all: u64,
    taken: u64,
}

impl Ticks {
    /// Now; nothing where the kernel does not tell.
    #[must_use]
    pub fn now() -> Option<Self> {
        Self::read(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// `cpu user nice system idle iowait irq softirq steal …` (proc(5)); what guests used is in `user` already.
    fn read(stat: &str) -> Option<Self> {
        let counts = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().take(8);
        let counts: Vec<u64> = counts.map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Ticks { all: counts.iter().sum(), taken: *counts.get(7)? })
    }

    /// The share of the processors' time that the host of a virtual machine has given to others since `before`, in %.
    #[must_use]
    pub fn taken_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1);
        self.taken.saturating_sub(before.taken) as f64 * 100.0 / all as f64
    }
}

/// Device, type and options of the file system on which a folder lies.
fn mount(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let on = mounts.lines().filter_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let [device, at, kind, ..] = words[..] else { return None };
        folder.starts_with(at).then(|| (at.len(), format!("{kind} on {device}")))
    });
    on.max_by_key(|(length, _)| *length).map(|(_, text)| text).unwrap_or_else(|| "unknown".to_owned())
}

/// A fresh folder for one part of the measurement; it goes with the value.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Below `data`, which must lie on a real disk.
    ///
    /// # Errors
    /// The folder cannot be made, or lies in memory.
    pub fn new(data: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(data)?;
        let data = data.canonicalize()?;
        let kind = statfs(&data)?.f_type;
        #[allow(clippy::useless_conversion, clippy::unnecessary_cast, reason = "the type differs between machines")]
        if IN_MEMORY.contains(&(kind as i64 & 0xffff_ffff)) {
            return Err(io::Error::other(format!(
                "{} lies in memory, where a sync costs nothing; name a folder on a disk with --data",
                data.display()
            )));
        }
        let folder = data.join(format!("{name}-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        super::server::goes(&folder);
        Ok(Scratch { folder })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("bayan bench: {} is left behind: {error}", self.folder.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects what is said of a machine whose processors were given to others meanwhile.
    #[test]
    fn what_the_host_took_is_counted() {
        let before = Ticks::read("cpu  100 0 50 800 0 0 0 50 0 0\ncpu0 1 2 3").unwrap();
        let after = Ticks::read("cpu  160 0 60 820 0 0 0 60 30 0\n").unwrap();
        assert!((after.taken_since(before) - 10.0).abs() < 1e-9);
        assert!(Ticks::read("intr 5").is_none() && Ticks::read("cpu  1 2 3").is_none());
    }
}
