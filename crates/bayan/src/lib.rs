//! The program: command line, configuration, wiring; `dev`, `serve`, `replay`, `verify`, `init`.
//!
//! It is a library too, so that tests and benchmarks use the same wiring as the program.

pub mod cli;
pub mod replay;
