//! Passwords that the program makes itself, for a first admin and for the demonstration.

use crate::cli::Failure;

/// No letter that is taken for another, so that it can be read out: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 4;
const GROUP_LEN: usize = 5;

/// A password of a hundred random bits, in groups.
///
/// # Errors
/// The system gives no random bytes.
pub fn random() -> Result<String, Failure> {
    let mut bytes = [0; GROUPS * GROUP_LEN];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::broken(format!("the system gives no random bytes: {error}")))?;
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    let groups: Vec<String> = letters.chunks(GROUP_LEN).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}
