//! `bayan verify`: the log of a stopped node, re-executed from its first entry or from the snapshot with which it begins,
//! and the files that it names.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use exchange::units::Sequence;
use indicatif::{ProgressBar, ProgressStyle};
use ordering::{Accept, Verified};

use crate::cli::Failure;

/// How often the bar is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// Re-executes the log and says what it leads to.
///
/// # Errors
/// The folder is none (exit status 2), or something in it was altered (exit status 1, with the place).
pub fn verify(data: &Path, secrets: Option<PathBuf>, accept: Accept) -> Result<Verified, Failure> {
    if !data.is_dir() {
        return Err(Failure::bad_input(format!(
            "{}: is not a folder; expected the data folder of a stopped node",
            data.display()
        )));
    }
    let secrets = secrets.unwrap_or_else(|| ordering::default_secrets(data));
    // The bar draws itself on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}  entry {msg}  {eta}")
        .expect("the template is a constant");
    bar.set_style(style);
    bar.enable_steady_tick(DRAW_EVERY);
    let verified = ordering::verify_accepting(data, &secrets, accept, &mut |progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes);
        bar.set_message(progress.sequence.to_string());
    });
    bar.finish_and_clear();
    verified.map_err(Failure::broken)
}

/// Writes what was found; on request also the hash over all events.
///
/// # Errors
/// The stream does not take it.
pub fn write(out: &mut dyn Write, verified: &Verified, events: bool) -> std::io::Result<()> {
    if verified.from > Sequence(1) {
        writeln!(
            out,
            "from     entry {}: this node was given a snapshot first, and its history before that is not complete yet",
            verified.from
        )?;
    }
    writeln!(out, "sequence {}", verified.sequence)?;
    writeln!(out, "hash     {}", hex(&verified.hash))?;
    writeln!(out, "digest   {}", hex(&verified.state_digest))?;
    match verified.signed {
        Some(sequence) => writeln!(out, "signed   up to entry {sequence}")?,
        None if verified.from > Sequence(1) => writeln!(out, "signed   nothing from that entry on")?,
        None => writeln!(out, "signed   nothing: there is no head, so nothing says how far the log went")?,
    }
    writeln!(out, "files    {} checked", verified.files)?;
    if events {
        writeln!(out, "events   {}", hex(&verified.events))?;
    }
    if let Some(torn) = &verified.torn {
        writeln!(out, "torn     {torn} (a last write that was cut and never answered; the next start removes it)")?;
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
