//! What everything durable stands beside: a loop that writes a small record and waits for the disk, and nothing else.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{FallocateFlags, fallocate};

/// How large a record is.
const RECORD_BYTES: usize = 128;
/// How large the file is: as large as a segment of the log by default.
const FILE_BYTES: u64 = 64 << 20;

/// What the loop reached.
#[derive(Clone, Copy, Debug)]
pub struct Raw {
    /// Records a second.
    pub per_second: f64,
    /// The median of one write with its sync, in µs.
    pub p50_us: f64,
}

/// A file of the form of the log's segments: allocated, filled with zeros, synced.
pub struct Loop {
    file: File,
    at: u64,
}

impl Loop {
    /// In a folder of the same disk as the log.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let path = folder.join("raw");
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        match fallocate(&file, FallocateFlags::empty(), 0, FILE_BYTES) {
            Ok(()) | Err(rustix::io::Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
        let zeros = vec![0; 1 << 20];
        for at in (0..FILE_BYTES).step_by(zeros.len()) {
            file.write_all_at(&zeros, at)?;
        }
        file.sync_all()?;
        Ok(Loop { file, at: 0 })
    }

    /// Writes for so long.
    ///
    /// # Errors
    /// The disk fails.
    pub fn run(&mut self, lasts: Duration) -> io::Result<Raw> {
        let record = [0xa5; RECORD_BYTES];
        let mut times = Vec::new();
        let start = Instant::now();
        let mut before = start;
        while before.duration_since(start) < lasts {
            if self.at + RECORD_BYTES as u64 > FILE_BYTES {
                self.at = 0;
            }
            self.file.write_all_at(&record, self.at)?;
            self.file.sync_data()?;
            self.at += RECORD_BYTES as u64;
            let now = Instant::now();
            times.push(now.duration_since(before).as_secs_f64() * 1e6);
            before = now;
        }
        let per_second = times.len() as f64 / before.duration_since(start).as_secs_f64();
        times.sort_by(f64::total_cmp);
        Ok(Raw { per_second, p50_us: super::figures::quantile(&times, 0.5) })
    }
}
