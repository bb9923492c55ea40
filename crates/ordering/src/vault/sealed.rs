//! Sealed bids: a price as ciphertext that only the venue can open before its auction has ended.
//!
//! 49 bytes: version (1), nonce (24), XChaCha20-Poly1305 of the price in fen (8 bytes, big-endian) with its tag (16).
//! The additional data are auction, lot and user, so that a ciphertext serves nobody elsewhere. The plaintext has always
//! the same length, so that the length tells nothing.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use exchange::units::{AuctionId, LotIndex, Price, UserId};

use crate::cluster::random;

const VERSION: u8 = 1;
const LENGTH: usize = 1 + 24 + 8 + 16;

/// The key of an auction, derived from the sealing secret.
pub(crate) fn auction_key(sealing: &[u8; 32], auction: AuctionId) -> [u8; 32] {
    let mut deriving = blake3::Hasher::new_derive_key("bayan 2026 sealed bids of one auction v1");
    deriving.update(sealing);
    deriving.update(&auction.0.to_be_bytes());
    *deriving.finalize().as_bytes()
}

pub(crate) fn seal(key: &[u8; 32], auction: AuctionId, lot: LotIndex, user: UserId, price: Price) -> Vec<u8> {
    let nonce: [u8; 24] = random();
    let place = place(auction, lot, user);
    let ciphertext = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), Payload { msg: &price.fen().to_be_bytes(), aad: &place })
        .expect("eight bytes can be encrypted");
    let mut sealed = Vec::with_capacity(LENGTH);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    sealed
}

/// The price; `None` where the bytes are no bid of this user for this lot under this key.
pub(crate) fn open(key: &[u8; 32], auction: AuctionId, lot: LotIndex, user: UserId, sealed: &[u8]) -> Option<Price> {
    if sealed.len() != LENGTH || sealed[0] != VERSION {
        return None;
    }
    let nonce: [u8; 24] = sealed[1..25].try_into().ok()?;
    let place = place(auction, lot, user);
    let plain = XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(nonce), Payload { msg: &sealed[25..], aad: &place })
        .ok()?;
    Price::from_fen(u64::from_be_bytes(plain.try_into().ok()?))
}

fn place(auction: AuctionId, lot: LotIndex, user: UserId) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&auction.0.to_be_bytes());
    bytes[4..6].copy_from_slice(&lot.0.to_be_bytes());
    bytes[6..].copy_from_slice(&user.0.to_be_bytes());
    bytes
}
