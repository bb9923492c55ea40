//! Secrets beside the log: the log lasts for years, so what must be secret or forgotten is never plain in it.
//!
//! The folder holds one file each for the venue's secret (keyed hashes of logins and requests), the sealing secret
//! (sealed bids, snapshots), the node's key (signed heads) and the persons' keys. It belongs in no backup that also
//! holds the log.

mod opener;
mod persons;
mod sealed;
mod secret;
mod totp;

use std::io;
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use exchange::units::{AuctionId, LotIndex, Price, UserId};
use exchange::{Body, Command, Principal, RequestId};
use parking_lot::Mutex;
use zeroize::Zeroizing;

use self::persons::{DocumentPart, Persons};
use self::secret::Secret;
use crate::cluster::ClusterId;
use crate::disk::{Disk, SyncPoint, create_folder, put, read_all};
use crate::error::{OnPath, StartError};

pub(crate) use opener::Opener;
pub(crate) use persons::number_of;

/// What the venue knows of a person and must be able to forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalData {
    /// By what it signs in.
    pub login: String,
    /// Its name.
    pub name: String,
}

/// The secrets of the venue and of this node.
pub struct Vault {
    sealing: Secret,
    login_key: Secret,
    request_key: Secret,
    fingerprint_key: Secret,
    one_time_key: Secret,
    second_key: Secret,
    recovery_key: Secret,
    challenge_key: Secret,
    push_key: Secret,
    node: SigningKey,
    persons: Mutex<Persons>,
}

const VENUE: (&str, &str) = ("venue.key", "keyed hashes of logins and requests, blake3");
const SEALING: (&str, &str) = ("sealing.key", "sealed bids and snapshots, blake3 derive-key");
const NODE: (&str, &str) = ("node.key", "signed heads, ed25519");
const PERSONS: &str = "persons.keys";

/// The bytes of a file of secrets, which go from memory with their owner.
pub(crate) type Plain = Zeroizing<Vec<u8>>;

impl Vault {
    /// The cluster of the secrets in a folder, where there are any.
    pub(crate) fn cluster_of(disk: &dyn Disk, folder: &Path) -> Result<Option<ClusterId>, StartError> {
        Ok(secret::read(disk, &folder.join(VENUE.0), VENUE.1)?.map(|(cluster, _)| cluster))
    }

    /// Makes what a first start that was interrupted has not made yet.
    pub(crate) fn make(disk: &dyn Disk, folder: &Path, cluster: ClusterId) -> Result<(), StartError> {
        create_folder(disk, folder).on(folder)?;
        for (name, purpose) in [VENUE, SEALING, NODE] {
            let path = folder.join(name);
            if !disk.exists(&path).on(&path)? {
                secret::make(disk, &path, cluster, purpose)?;
            }
        }
        let path = folder.join(PERSONS);
        if !disk.exists(&path).on(&path)? {
            persons::make(disk, &path, cluster)?;
        }
        disk.sync_folder(folder, SyncPoint::SecretName).on(folder)
    }

    /// The files that all nodes of a venue share; each has a key of its own beside them.
    pub(crate) const SHARED: [&'static str; 3] = [VENUE.0, SEALING.0, PERSONS];

    /// Makes the secrets of another node of the same venue: a copy of those that all nodes share, and a key of its own.
    /// Says to which cluster they belong.
    pub(crate) fn copy(disk: &dyn Disk, from: &Path, folder: &Path) -> Result<ClusterId, StartError> {
        let venue = from.join(VENUE.0);
        let (cluster, _) =
            secret::read(disk, &venue, VENUE.1)?.ok_or_else(|| StartError::SecretMissing(venue.clone()))?;
        // What cannot be read there is no secret here either.
        Vault::open(disk, from, cluster)?;
        Vault::settle(disk, folder, cluster, &|name| {
            let source = from.join(name);
            let bytes =
                read_all(disk, &source).on(&source)?.ok_or_else(|| StartError::SecretMissing(source.clone()))?;
            Ok::<_, StartError>(Zeroizing::new(bytes))
        })?;
        Ok(cluster)
    }

    /// Puts the secrets that all nodes share in a folder, as `read` gives each, and a new key of the node's own.
    pub(crate) fn settle<E: From<StartError>>(
        disk: &dyn Disk,
        folder: &Path,
        cluster: ClusterId,
        read: &dyn Fn(&str) -> Result<Plain, E>,
    ) -> Result<(), E> {
        create_folder(disk, folder).on(folder)?;
        for name in Vault::SHARED {
            let path = folder.join(name);
            put(disk, &path, &read(name)?, SyncPoint::SecretData).on(&path)?;
        }
        let path = folder.join(NODE.0);
        if !disk.exists(&path).on(&path)? {
            secret::make(disk, &path, cluster, NODE.1)?;
        }
        Ok(disk.sync_folder(folder, SyncPoint::SecretName).on(folder)?)
    }

    /// Reads the secrets; each of them must be there.
    pub(crate) fn open(disk: &dyn Disk, folder: &Path, cluster: ClusterId) -> Result<Self, StartError> {
        let read = |(name, purpose): (&str, &str)| {
            let path = folder.join(name);
            let Some((found, secret)) = secret::read(disk, &path, purpose)? else {
                return Err(StartError::SecretMissing(path));
            };
            if found != cluster {
                let (found, expected) = (found.to_string(), cluster.to_string());
                return Err(StartError::OtherCluster { path, found, expected });
            }
            Ok(secret)
        };
        let venue = read(VENUE)?;
        let derive = |context: &str| Secret::new(blake3::derive_key(context, &*venue));
        let path = folder.join(PERSONS);
        let persons = Persons::open(disk, &path, cluster)?.ok_or(StartError::SecretMissing(path))?;
        Ok(Vault {
            sealing: read(SEALING)?,
            login_key: derive("bayan 2026 login tags v1"),
            request_key: derive("bayan 2026 idempotency keys v1"),
            fingerprint_key: derive("bayan 2026 request fingerprints v1"),
            one_time_key: derive("bayan 2026 told once v1"),
            second_key: derive("bayan 2026 second factors v1"),
            recovery_key: derive("bayan 2026 recovery codes v1"),
            challenge_key: derive("bayan 2026 passkey challenges v1"),
            push_key: derive("bayan 2026 web push v1"),
            node: SigningKey::from_bytes(&*read(NODE)?),
            persons: Mutex::new(persons),
        })
    }

    /// A price under the key of its auction, for the log. Nobody can open it for another auction, lot or user.
    #[must_use]
    pub fn seal_price(&self, auction: AuctionId, lot: LotIndex, user: UserId, price: Price) -> Vec<u8> {
        sealed::seal(&self.auction_key(auction), auction, lot, user, price)
    }

    /// The price that a command's sealed bid hides; `None` for every other command, and where it cannot be opened.
    pub(crate) fn opened(&self, command: &Command) -> Option<Price> {
        let (Body::SealedBid { auction, lot, sealed }, Principal::User(user)) = (&command.body, command.principal)
        else {
            return None;
        };
        sealed::open(&self.auction_key(*auction), *auction, *lot, user, sealed)
    }

    /// The key of an auction's sealed bids, which becomes an entry when the auction has ended.
    pub(crate) fn auction_key(&self, auction: AuctionId) -> [u8; 32] {
        sealed::auction_key(&self.sealing, auction)
    }

    /// The key of one snapshot file, which holds what sealed bids hold.
    pub(crate) fn snapshot_key(&self, file: &[u8; 16]) -> Secret {
        let mut deriving = blake3::Hasher::new_derive_key("bayan 2026 one snapshot v1");
        deriving.update(&*self.sealing);
        deriving.update(file);
        Secret::new(*deriving.finalize().as_bytes())
    }

    /// By what a login is found: a keyed hash.
    #[must_use]
    pub fn login_tag(&self, login: &str) -> [u8; 16] {
        keyed(&self.login_key, &[login.as_bytes()])
    }

    /// By what a request is known again: a keyed hash of the user and its `Idempotency-Key`.
    #[must_use]
    pub fn request_key(&self, user: UserId, key: &str) -> [u8; 16] {
        keyed(&self.request_key, &[&user.0.to_be_bytes(), key.as_bytes()])
    }

    /// What is told once in an answer and is in no log, such as a password that serves once: random bytes to whoever does
    /// not know the venue's secret, and the same again for the same request and purpose, so that the
    /// answer can be given again.
    #[must_use]
    pub fn one_time<const N: usize>(&self, request: &RequestId, purpose: &str) -> [u8; N] {
        let mut known = [0; 32];
        known[..16].copy_from_slice(&*request.key);
        known[16..].copy_from_slice(&*request.fingerprint);
        self.told_of(&known, purpose)
    }

    /// The same of what the log knows by a hash, such as an application by that of its token: whoever may read it can be told
    /// as long as it serves.
    #[must_use]
    pub fn told_of<const N: usize>(&self, known: &[u8; 32], purpose: &str) -> [u8; N] {
        let mut bytes = [0; N];
        let mut hash = blake3::Hasher::new_keyed(&self.one_time_key);
        hash.update(known).update(purpose.as_bytes());
        hash.finalize_xof().fill(&mut bytes);
        bytes
    }

    /// The secret of a user's second factor as ciphertext, for the log. Nobody can open it for another user.
    #[must_use]
    pub fn seal_totp(&self, user: UserId, secret: &[u8; 20]) -> Vec<u8> {
        totp::seal(&self.second_key, user, secret)
    }

    /// The secret of a user's second factor; `None` where the bytes are none of this user's.
    #[must_use]
    pub fn open_totp(&self, user: UserId, sealed: &[u8]) -> Option<[u8; 20]> {
        totp::open(&self.second_key, user, sealed)
    }

    /// By what a user's recovery code is known: a keyed hash.
    #[must_use]
    pub fn recovery_tag(&self, user: UserId, code: &str) -> [u8; 32] {
        let mut hash = blake3::Hasher::new_keyed(&self.recovery_key);
        *hash.update(&user.0.to_be_bytes()).update(code.as_bytes()).finalize().as_bytes()
    }

    /// What shows that a challenge for a user's passkey was given out by this venue: a keyed hash of both.
    #[must_use]
    pub fn challenge_tag(&self, user: UserId, challenge: &[u8]) -> [u8; 32] {
        *self.challenge_hash(user, challenge).as_bytes()
    }

    /// Whether that is the tag of this challenge, in the same time for every answer.
    #[must_use]
    pub fn is_challenge_tag(&self, user: UserId, challenge: &[u8], tag: &[u8; 32]) -> bool {
        self.challenge_hash(user, challenge) == blake3::Hash::from_bytes(*tag)
    }

    fn challenge_hash(&self, user: UserId, challenge: &[u8]) -> blake3::Hash {
        let mut hash = blake3::Hasher::new_keyed(&self.challenge_key);
        hash.update(&user.0.to_be_bytes()).update(challenge).finalize()
    }

    /// By what authenticators know a user: nobody else can tell from it who it is.
    #[must_use]
    pub fn user_handle(&self, user: UserId) -> [u8; 16] {
        keyed(&self.challenge_key, &[b"user handle", &user.0.to_be_bytes()])
    }

    /// A keyed hash of what a request asks: method, path and parsed body, put in one row by the caller.
    #[must_use]
    pub fn fingerprint(&self, asked: &[u8]) -> [u8; 16] {
        keyed(&self.fingerprint_key, &[asked])
    }

    /// Makes a key for a person, keeps it, and gives the person's data under it. It waits for the disk: call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// The key could not be kept; there is no ciphertext, and nothing may be proposed.
    pub fn encrypt_person(&self, person: &PersonalData) -> io::Result<Vec<u8>> {
        self.persons.lock().encrypt(person)
    }

    /// The person behind a ciphertext; `None` where the key is gone or the bytes are none of ours.
    #[must_use]
    pub fn decrypt_person(&self, personal: &[u8]) -> Option<PersonalData> {
        self.persons.lock().decrypt(personal)
    }

    /// Further data of a person under its key, for the log; `None` where the key is gone.
    #[must_use]
    pub fn seal_for(&self, personal: &[u8], user: UserId, plain: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().encrypt_more(personal, user, plain)
    }

    /// Further data of a person; `None` where the key is gone or the bytes are none of this user's.
    #[must_use]
    pub fn open_for(&self, user: UserId, sealed: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().decrypt_more(user, sealed)
    }

    /// What is now said of a person, under the key that it has, for the log; `None` where the key is gone.
    #[must_use]
    pub fn encrypt_person_again(&self, personal: &[u8], person: &PersonalData) -> Option<Vec<u8>> {
        self.persons.lock().encrypt_again(personal, person)
    }

    /// How an applicant is reached, under the key that it has, for the log; `None` where the key is gone.
    #[must_use]
    pub fn seal_contact(&self, personal: &[u8], token_hash: &[u8; 32], plain: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().encrypt_contact(personal, token_hash, plain)
    }

    /// How an applicant is reached; `None` where the key is gone or the bytes are none of this application's.
    #[must_use]
    pub fn open_contact(&self, token_hash: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().decrypt_contact(token_hash, sealed)
    }

    /// A document of a person under its key, to be kept as a file; `None` where the key is gone. The same document is the
    /// same bytes again.
    #[must_use]
    pub fn seal_document(&self, personal: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().encrypt_document(personal, DocumentPart::Bytes, plain)
    }

    /// A document of a person; `None` where the key is gone or the bytes are none.
    #[must_use]
    pub fn open_document(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.persons.lock().decrypt_document(DocumentPart::Bytes, sealed)
    }

    /// What a document of a person is called, under its key, for the log; `None` where the key is gone.
    #[must_use]
    pub fn seal_document_name(&self, personal: &[u8], name: &str) -> Option<Vec<u8>> {
        self.persons.lock().encrypt_document(personal, DocumentPart::Name, name.as_bytes())
    }

    /// What a document of a person is called; `None` where the key is gone or the bytes are none.
    #[must_use]
    pub fn open_document_name(&self, sealed: &[u8]) -> Option<String> {
        let name = self.persons.lock().decrypt_document(DocumentPart::Name, sealed)?;
        String::from_utf8(name).ok()
    }

    /// From what the key pair follows with which the venue shows push services who it is: the same on every node, and as
    /// long as the venue has its key.
    #[must_use]
    pub fn push_seed(&self, count: u8) -> [u8; 32] {
        *blake3::keyed_hash(&self.push_key, &[count]).as_bytes()
    }

    /// Destroys the key of a person for ever. Says whether there was one. It waits for the disk.
    ///
    /// # Errors
    /// The key may still be on the disk, and still serves.
    pub fn forget_person(&self, personal: &[u8]) -> io::Result<bool> {
        self.persons.lock().forget(personal)
    }

    /// Keeps a person's key that another node has made.
    pub(crate) fn keep_key(&self, number: [u8; 16], key: Zeroizing<[u8; 32]>) -> io::Result<()> {
        self.persons.lock().keep(number, key)
    }

    /// A person's key, for another node.
    pub(crate) fn person_key(&self, number: &[u8; 16]) -> Option<Zeroizing<[u8; 32]>> {
        self.persons.lock().key(number)
    }

    /// Whether a person's key is here.
    pub(crate) fn has_key(&self, number: &[u8; 16]) -> bool {
        self.persons.lock().key(number).is_some()
    }

    /// Destroys a person's key by its number.
    pub(crate) fn forget_key(&self, number: &[u8; 16]) -> io::Result<bool> {
        self.persons.lock().forget_key(number)
    }

    /// Tells whether two nodes have the same secrets, and nothing of them.
    pub(crate) fn fingerprint_of_secrets(&self) -> [u8; 32] {
        let mut deriving = blake3::Hasher::new_derive_key("bayan 2026 the same secrets v1");
        deriving.update(&*self.sealing).update(&*self.login_key);
        *deriving.finalize().as_bytes()
    }

    /// The node's signature.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.node.sign(bytes).to_bytes()
    }

    /// The node's public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.node.verifying_key().to_bytes()
    }
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = blake3::Hasher::new_keyed(key);
    for part in parts {
        hash.update(part);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    short
}

/// A vault whose secrets are known, for golden files.
#[cfg(test)]
pub(crate) mod golden {
    use std::path::Path;

    use super::*;
    use crate::sim::SimDisk;

    /// A vault with fixed secrets.
    pub(crate) fn node() -> Vault {
        let cluster = ClusterId::of([1; 16]);
        let disk = SimDisk::new("/d");
        let process = disk.process();
        Vault::make(&*process, Path::new("/d/secrets"), cluster).unwrap();
        let derive = |number: u8| Secret::new([number; 32]);
        let persons = Persons::open(&*process, Path::new("/d/secrets/persons.keys"), cluster).unwrap().unwrap();
        Vault {
            sealing: derive(2),
            login_key: derive(3),
            request_key: derive(4),
            fingerprint_key: derive(5),
            one_time_key: derive(7),
            second_key: derive(8),
            recovery_key: derive(9),
            challenge_key: derive(10),
            push_key: derive(11),
            node: SigningKey::from_bytes(&[6; 32]),
            persons: Mutex::new(persons),
        }
    }
}
