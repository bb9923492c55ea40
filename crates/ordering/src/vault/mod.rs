//! Secrets beside the log.

use std::io;

use exchange::units::{AuctionId, LotIndex, Price, UserId};

/// What the venue knows of a person and must be able to forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalData {
    /// By what it signs in.
    pub login: String,
    /// Its name.
    pub name: String,
}

/// The secrets of the venue and of this node.
pub struct Vault;

impl Vault {
    /// A price under the key of its auction, for the log. Nobody can open it for another auction, lot or user.
    #[must_use]
    pub fn seal_price(&self, auction: AuctionId, lot: LotIndex, user: UserId, price: Price) -> Vec<u8> {
        let _ = (auction, lot, user, price);
        unimplemented!()
    }
    /// By what a login is found: a keyed hash.
    #[must_use]
    pub fn login_tag(&self, login: &str) -> [u8; 16] {
        let _ = login;
        unimplemented!()
    }
    /// By what a request is known again: a keyed hash of the user and its `Idempotency-Key`.
    #[must_use]
    pub fn request_key(&self, user: UserId, key: &str) -> [u8; 16] {
        let _ = (user, key);
        unimplemented!()
    }
    /// A keyed hash of what a request asks.
    #[must_use]
    pub fn fingerprint(&self, asked: &[u8]) -> [u8; 16] {
        let _ = asked;
        unimplemented!()
    }
    /// Makes a key for a person, keeps it, and gives the person's data under it. It waits for the disk: call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// The key could not be kept; the ciphertext must not be used.
    pub fn encrypt_person(&self, person: &PersonalData) -> io::Result<Vec<u8>> {
        let _ = person;
        unimplemented!()
    }
    /// The person behind a ciphertext; `None` where the key is gone or the bytes are none of ours.
    #[must_use]
    pub fn decrypt_person(&self, personal: &[u8]) -> Option<PersonalData> {
        let _ = personal;
        unimplemented!()
    }
    /// Destroys the key of a person for ever. Says whether there was one. It waits for the disk.
    ///
    /// # Errors
    /// The key may still be there.
    pub fn forget_person(&self, personal: &[u8]) -> io::Result<bool> {
        let _ = personal;
        unimplemented!()
    }
}
