//! A disk and a clock for tests: the disk can lose what was not synced, names of files included, tear writes, fail and
//! fill up; the clock moves when it is told to. Production code runs on them unchanged.

mod clock;
mod disk;

pub use clock::SimClock;
pub use disk::SimDisk;
