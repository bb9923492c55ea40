//! Challenges: given out without being remembered, and known again by a tag under a key of the venue.
//!
//! Version (1), purpose (1), when in microseconds since 1970 (8, big-endian), random bytes (16), what the user has proved
//! (CBOR), and a tag (32) of the user and all of this. Each serves once and for some minutes; the exchange sees to "once".

use std::time::Duration;

use exchange::Proof;
use exchange::units::{Instant, UserId};
use ordering::Vault;

/// How far the clock of the node that gave it out may be ahead of ours, in microseconds.
const AHEAD_US: i64 = 60_000_000;

const VERSION: u8 = 1;
const TAG: usize = 32;
const HEAD: usize = 26;

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A passkey is added.
    Add = 1,
    /// A passkey is shown.
    Show = 2,
}

/// What was given out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// When.
    pub given: Instant,
    /// What the user had proved then.
    pub proof: Option<Proof>,
}

impl Challenge {
    /// The bytes of a new one.
    pub fn give(&self, vault: &Vault, user: UserId, purpose: Purpose) -> Result<Vec<u8>, getrandom::Error> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)?;
        let mut bytes = vec![VERSION, purpose as u8];
        bytes.extend_from_slice(&self.given.us().to_be_bytes());
        bytes.extend_from_slice(&random);
        minicbor::encode(&self.proof, &mut bytes).expect("writing to memory does not fail");
        let tag = vault.challenge_tag(user, &bytes);
        bytes.extend_from_slice(&tag);
        Ok(bytes)
    }

    /// What was given out to this user for this; `None`: nothing was.
    pub fn read(bytes: &[u8], vault: &Vault, user: UserId, purpose: Purpose) -> Option<Self> {
        let (bytes, tag) = bytes.split_last_chunk::<TAG>()?;
        if !vault.is_challenge_tag(user, bytes, tag) {
            return None;
        }
        let (head, proof) = bytes.split_first_chunk::<HEAD>()?;
        if head[..2] != [VERSION, purpose as u8] {
            return None;
        }
        let given = i64::from_be_bytes(*head[2..].first_chunk()?);
        Some(Challenge { given: Instant::from_us(given), proof: minicbor::decode(proof).ok()? })
    }

    /// Whether it still serves.
    pub fn is_fresh(&self, now: Instant, lasts: Duration) -> bool {
        let age = now.us() - self.given.us();
        let lasts_us = i64::try_from(lasts.as_micros()).unwrap_or(i64::MAX);
        (-AHEAD_US..=lasts_us).contains(&age)
    }
}
