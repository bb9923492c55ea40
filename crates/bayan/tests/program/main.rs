//! The program as a process, as a person or a checker uses it.

mod dev;
#[path = "../kit/process.rs"]
mod process;
mod serve;
