//! `bayan backup` and `bayan restore`: a copy of a node's folder while it runs, and a folder made of it again.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exchange::units::{Instant, Sequence};
use ordering::{BackedUp, Backup, BackupError, Clock, Disk, RealDisk, Restore, Restored, SystemClock, Until};

use crate::cli::Failure;
use crate::config::Config;
use crate::wiring::shown;

/// What is backed up, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// The configuration of a node on this machine, which may be running
    #[arg(long, conflicts_with = "data", required_unless_present = "data")]
    config: Option<PathBuf>,
    /// The data folder of a node, instead of its configuration
    #[arg(long)]
    data: Option<PathBuf>,
    /// The secrets folder, where --data is given [default: `secrets` within the data folder]
    #[arg(long, conflicts_with = "config")]
    secrets: Option<PathBuf>,
    /// The folder of the backup: the same every time, so that only what is new is copied
    #[arg(long)]
    to: PathBuf,
    /// Where to put the venue's secrets as they are now, away from the backup
    #[arg(long)]
    secrets_to: PathBuf,
    /// Encrypt with age for this recipient (age1…); may be given many times
    #[arg(long = "recipient")]
    recipients: Vec<String>,
}

/// What is made of a backup.
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The folder of the backup
    #[arg(long)]
    from: PathBuf,
    /// Where the secrets were put
    #[arg(long)]
    secrets_from: PathBuf,
    /// The data folder to make; it must be empty, or not there
    #[arg(long)]
    data: PathBuf,
    /// Its secrets folder [default: `secrets` within the data folder]
    #[arg(long)]
    secrets: Option<PathBuf>,
    /// End with this entry
    #[arg(long, conflicts_with = "time")]
    sequence: Option<u64>,
    /// End with the last entry that is not later than this, such as 2026-03-02T15:00:00+08:00
    #[arg(long)]
    time: Option<String>,
    /// The file with the age identity that opens it
    #[arg(long)]
    identity: Option<PathBuf>,
}

/// Backs a node up.
///
/// # Errors
/// One line that says what to do.
pub(crate) fn backup(args: &BackupArgs) -> Result<BackedUp, Failure> {
    let (data, secrets) = match (&args.config, &args.data) {
        (Some(config), _) => {
            let node = Config::read(config).map_err(Failure::bad_input)?.node();
            let secrets = node.secrets_folder();
            (node.data, secrets)
        }
        (None, data) => {
            let data = data.clone().unwrap_or_default();
            let secrets = args.secrets.clone().unwrap_or_else(|| ordering::default_secrets(&data));
            (data, secrets)
        }
    };
    let recipients = args.recipients.iter().map(|text| recipient(text)).collect::<Result<Vec<_>, _>>()?;
    let seal = |bytes: &[u8]| seal(&recipients, bytes);
    let asked = Backup {
        data: &data,
        secrets: &secrets,
        to: &args.to,
        secrets_to: &args.secrets_to,
        seal: if recipients.is_empty() { None } else { Some(&seal) },
    };
    ordering::backup(&asked, &disk()).map_err(|error| failure(&error))
}

/// Makes a folder of a backup.
///
/// # Errors
/// One line that says what to do.
pub(crate) fn restore(args: &RestoreArgs) -> Result<Restored, Failure> {
    let until = match (args.sequence, &args.time) {
        (Some(sequence), _) => Until::Entry(Sequence(sequence)),
        (None, Some(text)) => Until::Time(Instant::parse(text).map_err(|_| {
            Failure::bad_input(format!("{text:?} is no moment; write it as 2026-03-02T15:00:00+08:00"))
        })?),
        (None, None) => Until::End,
    };
    let identities = args.identity.as_deref().map(identities).transpose()?;
    let open = |bytes: &[u8]| open(identities.as_deref().unwrap_or_default(), bytes);
    let secrets = args.secrets.clone().unwrap_or_else(|| ordering::default_secrets(&args.data));
    let asked = Restore {
        from: &args.from,
        secrets_from: &args.secrets_from,
        data: &args.data,
        secrets: &secrets,
        until,
        open: if identities.is_some() { Some(&open) } else { None },
        now: SystemClock::default().now(),
    };
    ordering::restore(&asked, &disk()).map_err(|error| failure(&error))
}

fn disk() -> Arc<dyn Disk> {
    Arc::new(RealDisk)
}

/// What was altered is exit status 1, as of `verify`; what cannot be is 2.
fn failure(error: &BackupError) -> Failure {
    match error {
        BackupError::Damaged(_) | BackupError::Node(_) => Failure::broken(error),
        _ => Failure::bad_input(error),
    }
}

fn recipient(text: &str) -> Result<age::x25519::Recipient, Failure> {
    text.parse().map_err(|why| Failure::bad_input(format!("{text} is no recipient of age: {why}; write age1…")))
}

fn identities(path: &Path) -> Result<Vec<age::x25519::Identity>, Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::bad_input(format!("{}: {why}; name the file that `age-keygen` wrote", shown(path)))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found: Vec<age::x25519::Identity> =
        lines.map(str::parse).collect::<Result<_, _>>().map_err(|why| wrong(&why))?;
    if found.is_empty() {
        return Err(wrong(&"it holds no identity"));
    }
    Ok(found)
}

fn seal(recipients: &[age::x25519::Recipient], bytes: &[u8]) -> io::Result<Vec<u8>> {
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
    let mut sealed = Vec::with_capacity(bytes.len() + 1_024);
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(bytes)?;
    writer.finish()?;
    Ok(sealed)
}

fn open(identities: &[age::x25519::Identity], bytes: &[u8]) -> io::Result<Vec<u8>> {
    let decryptor = age::Decryptor::new_buffered(bytes).map_err(io::Error::other)?;
    let identities = identities.iter().map(|identity| identity as &dyn age::Identity);
    let mut opened = Vec::with_capacity(bytes.len());
    decryptor.decrypt(identities).map_err(io::Error::other)?.read_to_end(&mut opened)?;
    Ok(opened)
}

/// Says what was backed up.
///
/// # Errors
/// The stream does not take it.
pub(crate) fn write_backed_up(out: &mut dyn Write, done: &BackedUp) -> io::Result<()> {
    writeln!(out, "sequence {}", done.sequence)?;
    writeln!(out, "stamp    {}", done.at)?;
    writeln!(out, "files    {}", done.files)?;
    writeln!(out, "new      {} bytes", done.new_bytes)?;
    for damage in &done.damaged {
        writeln!(out, "left out {damage}")?;
    }
    Ok(())
}

/// Says what was made.
///
/// # Errors
/// The stream does not take it.
pub(crate) fn write_restored(out: &mut dyn Write, done: &Restored) -> io::Result<()> {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    writeln!(out, "sequence {}", done.sequence)?;
    writeln!(out, "stamp    {}", done.at)?;
    writeln!(out, "hash     {}", hex(&done.hash))?;
    writeln!(out, "digest   {}", hex(&done.state_digest))?;
    writeln!(out, "node     {}", done.node)?;
    writeln!(out, "files    {}", done.files)?;
    for file in &done.missing {
        writeln!(out, "missing  {} (it had been let go of before it was backed up)", hex(&**file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects a backup that is encrypted: whoever has the identity has its bytes, and nobody else.
    #[test]
    fn what_is_sealed_opens_with_its_identity_alone() {
        let (own, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
        let sealed = seal(&[own.to_public()], b"a piece").unwrap();
        assert!(sealed.starts_with(b"age-encryption.org/v1\n"));
        assert_eq!(open(&[own], &sealed).unwrap(), b"a piece");
        assert!(open(&[other], &sealed).is_err());
    }
}
