//! Secrets of second factors: as ciphertext that only the venue can open.
//!
//! 61 bytes: version (1), nonce (24), XChaCha20-Poly1305 of the secret (20 bytes) with its tag (16). The additional data are
//! the user, so that a ciphertext serves nobody else.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use exchange::units::UserId;
use zeroize::Zeroize;

use crate::cluster::random;

const VERSION: u8 = 1;
const LENGTH: usize = 1 + 24 + 20 + 16;

pub(crate) fn seal(key: &[u8; 32], user: UserId, secret: &[u8; 20]) -> Vec<u8> {
    let nonce: [u8; 24] = random();
    let ciphertext = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &user.0.to_be_bytes() })
        .expect("twenty bytes can be encrypted");
    let mut sealed = Vec::with_capacity(LENGTH);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    sealed
}

/// The secret; `None` where the bytes are none of this user under this key.
pub(crate) fn open(key: &[u8; 32], user: UserId, sealed: &[u8]) -> Option<[u8; 20]> {
    if sealed.len() != LENGTH || sealed[0] != VERSION {
        return None;
    }
    let nonce: [u8; 24] = sealed[1..25].try_into().ok()?;
    let mut plain = XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(nonce), Payload { msg: &sealed[25..], aad: &user.0.to_be_bytes() })
        .ok()?;
    let secret = plain.as_slice().try_into().ok();
    plain.zeroize();
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects second factors: a ciphertext opens for its user and key alone, and whole.
    #[test]
    fn a_secret_opens_for_its_user_alone() {
        let (key, user, secret) = ([7; 32], UserId(3), [9; 20]);
        let sealed = seal(&key, user, &secret);
        assert_eq!(open(&key, user, &sealed), Some(secret));
        assert_eq!(open(&key, UserId(4), &sealed), None);
        assert_eq!(open(&[8; 32], user, &sealed), None);
        assert_eq!(open(&key, user, &sealed[..60]), None);
        assert!(!sealed.windows(20).any(|part| part == secret));
        assert_ne!(seal(&key, user, &secret), sealed, "every nonce is new");
    }
}
