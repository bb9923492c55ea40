//! The exchange itself: pure, single-threaded, deterministic.
//!
//! Only [`Exchange::execute`] changes what is true. It reads no clock, no random number, no disk, no thread, no
//! hash-map order and no float; time is what the entry says. A command is accepted whole or refused whole: checks
//! stand in a column, each with its own named reason, and below them nothing can fail.
#![forbid(unsafe_code)]

mod ahead;
pub mod approvals;
mod cbor;
pub mod command;
mod commitment;
pub mod contracts;
mod deadlines;
pub mod disclosure;
pub mod event;
mod exchange;
pub mod files;
pub mod hours;
mod index;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod laws;
pub mod ledger;
pub mod markets;
pub mod members;
mod memory;
pub mod outcome;
pub mod preview;
pub mod products;
pub mod profile;
pub mod refusal;
pub mod risk;
mod snapshot;
pub mod text;
pub mod units;

pub use command::{Body, Command, Entry, Payment, Principal, Proof, RequestId};
pub use event::{Applied, Cause, Change, Event, Events, Happened, Private, SecondChange};
pub use exchange::{Exchange, Output};
pub use outcome::{Answer, Reply};
pub use profile::Profile;
pub use refusal::Refusal;
pub use snapshot::Snapshot;
