//! The program: command line, configuration, wiring; `dev`, `serve`, `replay`, `verify`, `init`.
//!
//! It is a library too, so that tests and benchmarks use the same wiring as the program.

pub mod bench;
pub mod cli;
pub mod config;
pub mod dev;
pub mod replay;
pub mod wiring;

mod backup;
mod catch_up;
mod cluster;
mod enter;
mod init;
mod memory;
mod password;
mod serve;
mod verify;
