//! The certificates of a cluster: an authority of its own, and one certificate for each node that bears its name.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::cli::Failure;
use crate::wiring::shown;

/// How long the authority is valid: longer than any of its certificates.
const AUTHORITY_DAYS: u32 = 3_650;
/// Certificates are valid from a little before they are made: clocks differ.
const BEFORE: Duration = Duration::from_secs(3_600);

/// Which files were written.
pub(crate) type Made = Vec<PathBuf>;

/// Makes the authority of a cluster, where there is none in the folder, and certificates of nodes
/// and readers.
pub(crate) fn make_keys(cluster: &str, out: &Path, nodes: &[u64], days: u32, renew: bool) -> Result<Made, Failure> {
    fs::create_dir_all(out).map_err(|error| Failure::bad_input(format!("{}: {error}", shown(out))))?;
    let mut made = Made::new();
    let (authority, authority_key) = (out.join("authority.pem"), out.join("authority.key"));
    let key = if authority.exists() {
        let text = fs::read_to_string(&authority_key).map_err(|error| {
            Failure::bad_input(format!(
                "{}: {error}; without it no further certificate can be made",
                shown(&authority_key)
            ))
        })?;
        KeyPair::from_pem(&text).map_err(|error| wrong(&authority_key, &error))?
    } else {
        let key = KeyPair::generate().map_err(|error| wrong(&authority_key, &error))?;
        let certificate = of_authority(cluster).self_signed(&key).map_err(|error| wrong(&authority, &error))?;
        write(&authority_key, &key.serialize_pem(), false, &mut made)?;
        write(&authority, &certificate.pem(), false, &mut made)?;
        key
    };
    let issuer = Issuer::new(of_authority(cluster), key);
    for node in nodes {
        let called = ordering::called(*node);
        let (path, key_path) = (out.join(format!("{called}.pem")), out.join(format!("{called}.key")));
        if path.exists() && !renew {
            return Err(Failure::bad_input(format!("{} is there already; replace it with --renew", shown(&path))));
        }
        let name = ordering::certificate_name(cluster, *node);
        let mut params = CertificateParams::new(vec![name.clone()]).map_err(|error| wrong(&path, &error))?;
        params.distinguished_name = named(&name);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        valid(&mut params, days.min(AUTHORITY_DAYS));
        let key = KeyPair::generate().map_err(|error| wrong(&key_path, &error))?;
        let certificate = params.signed_by(&key, &issuer).map_err(|error| wrong(&path, &error))?;
        write(&key_path, &key.serialize_pem(), renew, &mut made)?;
        write(&path, &certificate.pem(), renew, &mut made)?;
    }
    Ok(made)
}

fn of_authority(cluster: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(&format!("authority of {cluster}.bayan"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    valid(&mut params, AUTHORITY_DAYS);
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn valid(params: &mut CertificateParams, days: u32) {
    let now = SystemTime::now();
    params.not_before = (now - BEFORE).into();
    params.not_after = (now + Duration::from_secs(u64::from(days) * 86_400)).into();
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::bad_input(format!("{}: {error}", shown(path)))
}

/// Written beside and swapped, for its owner alone, so that a node that looks at the file sees the old or the new one.
fn write(path: &Path, text: &str, replace: bool, made: &mut Made) -> Result<(), Failure> {
    let failed = |error: io::Error| wrong(path, &error);
    if path.exists() && !replace {
        return Err(Failure::bad_input(format!("{} is there already", shown(path))));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    made.push(path.to_owned());
    Ok(())
}
