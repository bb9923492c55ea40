//! `bayan replay`: a scenario on disk through a real exchange, on its own, virtual clock (rule book, "A scenario on disk").
//!
//! Here is what reads a folder, runs it and reports. What the rules are is the exchange's alone.

mod announcement;
mod bids;
mod folder;
mod hand;
mod keys;
mod members;
pub mod report;
mod rows;
mod run;
pub mod table;
mod text;
mod toml_1_0;
mod wrong;

use std::path::Path;

use exchange::markets::auction::Announcement;

pub use folder::Scenario;
pub use report::Report;
pub use wrong::Wrong;

/// Reads a folder and runs it.
///
/// # Errors
/// Something in the folder cannot be right; nothing was run, but for a suspension that nothing ends.
pub fn replay(folder: &Path) -> Result<(Scenario, Report), Wrong> {
    let scenario = Scenario::read(folder)?;
    let report = run::run(&scenario)?;
    Ok((scenario, report))
}

/// Reads terms from the text of an announcement and of the members it names, numbered from 1.
///
/// # Errors
/// Something in one of them cannot be right.
pub fn terms(announcement: &str, members: &str) -> Result<Announcement, Wrong> {
    announcement::read(announcement, &members::read(members)?)
}
