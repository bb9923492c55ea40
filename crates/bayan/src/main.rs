//! The program `bayan`; everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bayan::cli::main()
}
