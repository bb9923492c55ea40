//! What the tests of golden files share.

#![allow(dead_code, reason = "each test uses a part")]

use std::path::PathBuf;

use exchange::units::{Instant, Sequence, UserId};
use exchange::{Body, Command, Entry, Principal, RequestId};

/// An entry as it stands in the golden histories: of the system, or of a user under a key that its place gives.
pub fn entry(at: u64, stamp: Instant, user: Option<u32>, body: Body) -> Entry {
    let mut key = [0xa5; 16];
    key[8..].copy_from_slice(&at.to_be_bytes());
    let request = RequestId { key: key.into(), fingerprint: [0x5a; 16].into() };
    let command = match user {
        None => Command::system(body),
        Some(user) => Command { principal: Principal::User(UserId(user)), request: Some(request), body },
    };
    Entry { sequence: Sequence(at), at: stamp, command }
}

/// The golden file of this name. `BAYAN_WRITE_GOLDEN=1` writes one that is missing, never one that is there.
pub fn golden(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("BAYAN_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
