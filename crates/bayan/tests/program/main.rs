//! The program as a process, as a person or a checker uses it.

mod dev;
mod process;
mod serve;
