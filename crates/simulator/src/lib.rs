//! Whole clusters of the exchange in one thread under a seed: the production code of ordering and exchange on time, network
//! and disks that are simulated. The same seed gives the same run, line by line.

mod check;
mod clients;
mod clock;
mod cluster;
mod faults;
mod machine;
mod many;
mod network;
mod random;
mod run;
mod trace;
mod workers;

pub use many::{Many, report};
pub use run::run;
pub use trace::Trace;
