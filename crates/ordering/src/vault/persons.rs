//! The keys of persons, so that each can be forgotten: without its key a person's data in the log are noise.
//!
//! The file `persons.keys` is a row of slots of 64 bytes. The first says what the file is (magic `BAYANPER`, version,
//! CRC-32C of the slot without it, cluster); every other is empty (zero) or holds a key: its number (16 random bytes),
//! the key (32), CRC-32C of these, zeros. A slot lies within one sector, so that a write keeps or loses it whole. To
//! destroy a key its slot is overwritten with zeros in place: a rewritten file would leave the old blocks on the disk.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use exchange::units::UserId;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use zeroize::{Zeroize, Zeroizing};

use super::PersonalData;
use crate::cluster::{ClusterId, random};
use crate::disk::{Disk, File, SyncPoint, put};
use crate::error::{Damage, OnPath, StartError};

const MAGIC: [u8; 8] = *b"BAYANPER";
const VERSION: u32 = 1;
const SLOT: usize = 64;
/// Further data of a person: how its notices are delivered, what it calls its passkeys.
const MORE: u8 = 3;
/// How a person is reached who applies for its firm, and is no user yet.
const CONTACT: u8 = 4;
/// A document of a person.
const DOCUMENT: u8 = 5;
/// What a document of a person is called.
const DOCUMENT_NAME: u8 = 6;

/// The keys in memory and the file that keeps them.
pub(crate) struct Persons {
    file: Arc<dyn File>,
    keys: HashMap<[u8; 16], Held>,
    /// The first slot that nobody has.
    end: u64,
}

struct Held {
    slot: u64,
    key: Zeroizing<[u8; 32]>,
}

/// What stands in the log for a person.
#[derive(Encode, Decode)]
struct Ciphertext {
    /// XChaCha20-Poly1305 of 1: the CBOR of login and name, 3: further data of the person, its user's number (4, big-endian)
    /// being the additional data, 4: how an applicant is reached, the SHA-256 of its token being the additional data,
    /// 5: a document of the person, 6: what that is called. The nonce of 5 and 6 follows from key and content, and the
    /// algorithm (1 byte) is the additional data.
    #[n(0)]
    algorithm: u8,
    /// The key's number.
    #[n(1)]
    key: ByteArray<16>,
    #[n(2)]
    nonce: ByteArray<24>,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    bytes: Vec<u8>,
}

#[derive(Encode, Decode)]
struct Plain {
    #[n(0)]
    login: String,
    #[n(1)]
    name: String,
}

/// Makes an empty file of keys; its name is kept by the caller.
pub(crate) fn make(disk: &dyn Disk, path: &Path, cluster: ClusterId) -> Result<(), StartError> {
    put(disk, path, &first_slot(cluster), SyncPoint::SecretData).on(path)
}

fn first_slot(cluster: ClusterId) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[..8].copy_from_slice(&MAGIC);
    slot[8..12].copy_from_slice(&VERSION.to_le_bytes());
    slot[16..48].copy_from_slice(cluster.to_string().as_bytes());
    let crc = crc32c::crc32c(&slot);
    slot[12..16].copy_from_slice(&crc.to_le_bytes());
    slot
}

impl Persons {
    /// Reads the keys; `None` where there is no file.
    pub(crate) fn open(disk: &dyn Disk, path: &Path, cluster: ClusterId) -> Result<Option<Self>, StartError> {
        if !disk.exists(path).on(path)? {
            return Ok(None);
        }
        let file = disk.open(path).on(path)?;
        let length = file.len().on(path)?;
        let mut bytes = Zeroizing::new(vec![0; usize::try_from(length).unwrap_or(usize::MAX)]);
        file.read_at(0, &mut bytes).on(path)?;
        let damage = |offset: u64, what: &str| StartError::Damage(Damage::new(path, offset, what));
        let Some(first) = bytes.get(..SLOT) else {
            return Err(damage(0, "shorter than its first slot"));
        };
        if first[..8] != MAGIC {
            return Err(damage(0, "not a file of persons' keys"));
        }
        let mut copy = <[u8; SLOT]>::try_from(first).expect("a slot");
        copy[12..16].fill(0);
        if crc32c::crc32c(&copy).to_le_bytes() != first[12..16] {
            return Err(damage(12, "the checksum of the first slot differs"));
        }
        // The checksum is looked at first, so that a flipped bit is not taken for a newer program.
        let version = u32::from_le_bytes(first[8..12].try_into().expect("four bytes"));
        if version > VERSION {
            return Err(StartError::Newer { path: path.to_owned(), version, known: VERSION });
        }
        if first != first_slot(cluster) {
            return Err(StartError::OtherCluster {
                path: path.to_owned(),
                found: String::from_utf8_lossy(&first[16..48]).into_owned(),
                expected: cluster.to_string(),
            });
        }
        // A write of a slot makes the file longer by a whole slot or not at all, so no crash leaves a part of one.
        let over = bytes.len() % SLOT;
        if over != 0 {
            let at = (bytes.len() - over) as u64;
            return Err(damage(at, "the file ends within a slot, so keys that were behind it may be missing"));
        }
        let mut keys = HashMap::new();
        let mut end = 1;
        for (slot, bytes) in bytes.chunks_exact(SLOT).enumerate().skip(1) {
            if bytes.iter().all(|byte| *byte == 0) {
                continue;
            }
            if crc32c::crc32c(&bytes[..48]).to_le_bytes() != bytes[48..52] || bytes[52..] != [0; 12] {
                return Err(damage((slot * SLOT) as u64, "the checksum of this slot differs"));
            }
            let number: [u8; 16] = bytes[..16].try_into().expect("sixteen bytes");
            let key = Zeroizing::new(<[u8; 32]>::try_from(&bytes[16..48]).expect("thirty-two bytes"));
            keys.insert(number, Held { slot: slot as u64, key });
            end = slot as u64 + 1;
        }
        Ok(Some(Persons { file, keys, end }))
    }

    /// Makes and keeps a key, then gives the person's data under it.
    pub(crate) fn encrypt(&mut self, person: &PersonalData) -> io::Result<Vec<u8>> {
        let number: [u8; 16] = random();
        let key = Zeroizing::new(random::<32>());
        self.keep(number, Zeroizing::clone(&key))?;

        Ok(under(number, &key, person))
    }

    /// Keeps a key under its number; one that is there stays as it is.
    pub(crate) fn keep(&mut self, number: [u8; 16], key: Zeroizing<[u8; 32]>) -> io::Result<()> {
        if self.keys.contains_key(&number) {
            return Ok(());
        }
        let mut slot = Zeroizing::new([0; SLOT]);
        slot[..16].copy_from_slice(&number);
        slot[16..48].copy_from_slice(&*key);
        let crc = crc32c::crc32c(&slot[..48]);
        slot[48..52].copy_from_slice(&crc.to_le_bytes());
        // A slot whose write or sync failed is never used again: nobody knows what is in it.
        let place = self.end;
        self.end += 1;
        self.file.write_at(place * SLOT as u64, &*slot)?;
        self.file.sync(SyncPoint::PersonAdded)?;
        self.keys.insert(number, Held { slot: place, key });
        Ok(())
    }

    /// The key with a number.
    pub(crate) fn key(&self, number: &[u8; 16]) -> Option<Zeroizing<[u8; 32]>> {
        self.keys.get(number).map(|held| Zeroizing::clone(&held.key))
    }

    /// What is now said of a person, under the key that it has; `None` where that is gone.
    pub(crate) fn encrypt_again(&self, personal: &[u8], person: &PersonalData) -> Option<Vec<u8>> {
        let number = number_of(personal)?;
        Some(under(number, &self.keys.get(&number)?.key, person))
    }

    pub(crate) fn decrypt(&self, personal: &[u8]) -> Option<PersonalData> {
        let ciphertext: Ciphertext = minicbor::decode(personal).ok()?;
        if ciphertext.algorithm != 1 {
            return None;
        }
        let held = self.keys.get(&*ciphertext.key)?;
        let plain = XChaCha20Poly1305::new(&Key::from(*held.key))
            .decrypt(&XNonce::from(*ciphertext.nonce), ciphertext.bytes.as_slice())
            .ok()?;
        let plain: Plain = minicbor::decode(&plain).ok()?;
        Some(PersonalData { login: plain.login, name: plain.name })
    }

    /// Further data of a person under the key that it has; `None` where the key is gone.
    pub(crate) fn encrypt_more(&self, personal: &[u8], user: UserId, plain: &[u8]) -> Option<Vec<u8>> {
        self.encrypt_beside(MORE, personal, &user.0.to_be_bytes(), plain)
    }

    /// What [`Persons::encrypt_more`] has encrypted.
    pub(crate) fn decrypt_more(&self, user: UserId, sealed: &[u8]) -> Option<Vec<u8>> {
        self.decrypt_beside(MORE, &user.0.to_be_bytes(), sealed)
    }

    /// How an applicant is reached, under the key that it has; `None` where the key is gone.
    pub(crate) fn encrypt_contact(&self, personal: &[u8], token_hash: &[u8; 32], plain: &[u8]) -> Option<Vec<u8>> {
        self.encrypt_beside(CONTACT, personal, token_hash, plain)
    }

    /// What [`Persons::encrypt_contact`] has encrypted.
    pub(crate) fn decrypt_contact(&self, token_hash: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
        self.decrypt_beside(CONTACT, token_hash, sealed)
    }

    fn encrypt_beside(&self, algorithm: u8, personal: &[u8], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let number = minicbor::decode::<Ciphertext>(personal).ok()?.key;
        let held = self.keys.get(&*number)?;
        let nonce: [u8; 24] = random();
        let bytes = XChaCha20Poly1305::new(&Key::from(*held.key))
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad })
            .ok()?;
        let ciphertext = Ciphertext { algorithm, key: number, nonce: nonce.into(), bytes };
        Some(minicbor::to_vec(&ciphertext).expect("writing to memory does not fail"))
    }

    fn decrypt_beside(&self, algorithm: u8, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let ciphertext: Ciphertext = minicbor::decode(sealed).ok()?;
        if ciphertext.algorithm != algorithm {
            return None;
        }
        let held = self.keys.get(&*ciphertext.key)?;
        XChaCha20Poly1305::new(&Key::from(*held.key))
            .decrypt(&XNonce::from(*ciphertext.nonce), Payload { msg: &ciphertext.bytes, aad })
            .ok()
    }

    /// A document of a person, or what it is called, under the key that the person has; `None` where the key is gone. The
    /// nonce is drawn from key and content (a synthetic one), so that the same document is the same file again: whoever is
    /// not signed in asks twice without harm, and nobody learns more than that the two are the same.
    pub(crate) fn encrypt_document(&self, personal: &[u8], part: DocumentPart, plain: &[u8]) -> Option<Vec<u8>> {
        let number = minicbor::decode::<Ciphertext>(personal).ok()?.key;
        let held = self.keys.get(&*number)?;
        let mut drawing = blake3::Hasher::new_derive_key("bayan 2026 nonces of documents v1");
        drawing.update(&*held.key).update(&[part.algorithm()]).update(plain);
        let mut nonce = [0; 24];
        drawing.finalize_xof().fill(&mut nonce);
        let bytes = XChaCha20Poly1305::new(&Key::from(*held.key))
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &[part.algorithm()] })
            .ok()?;
        let ciphertext = Ciphertext { algorithm: part.algorithm(), key: number, nonce: nonce.into(), bytes };
        Some(minicbor::to_vec(&ciphertext).expect("writing to memory does not fail"))
    }

    /// What [`Persons::encrypt_document`] has encrypted.
    pub(crate) fn decrypt_document(&self, part: DocumentPart, sealed: &[u8]) -> Option<Vec<u8>> {
        let Ciphertext { algorithm, key, nonce, bytes } = minicbor::decode(sealed).ok()?;
        let held = self.keys.get(&*key).filter(|_| algorithm == part.algorithm())?;
        XChaCha20Poly1305::new(&Key::from(*held.key))
            .decrypt(&XNonce::from(*nonce), Payload { msg: &bytes, aad: &[algorithm] })
            .ok()
    }

    /// Destroys a key; says whether it was there.
    pub(crate) fn forget(&mut self, personal: &[u8]) -> io::Result<bool> {
        number_of(personal).map_or(Ok(false), |number| self.forget_key(&number))
    }

    /// Destroys the key with a number; says whether it was there.
    pub(crate) fn forget_key(&mut self, number: &[u8; 16]) -> io::Result<bool> {
        let Some(held) = self.keys.get(number) else {
            return Ok(false);
        };
        self.file.write_at(held.slot * SLOT as u64, &[0; SLOT])?;
        self.file.sync(SyncPoint::PersonForgotten)?;
        self.keys.remove(number);
        Ok(true)
    }
}

/// The number of the key under which a person's data are.
pub(crate) fn number_of(personal: &[u8]) -> Option<[u8; 16]> {
    minicbor::decode::<Ciphertext>(personal).ok().map(|ciphertext| *ciphertext.key)
}

/// Login and name under a key with this number.
fn under(number: [u8; 16], key: &[u8; 32], person: &PersonalData) -> Vec<u8> {
    let plain = Plain { login: person.login.clone(), name: person.name.clone() };
    let mut plain = minicbor::to_vec(&plain).expect("writing to memory does not fail");
    let nonce: [u8; 24] = random();
    let bytes = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), plain.as_slice())
        .expect("a name is short enough to be encrypted");
    plain.zeroize();
    let ciphertext = Ciphertext { algorithm: 1, key: number.into(), nonce: nonce.into(), bytes };
    minicbor::to_vec(&ciphertext).expect("writing to memory does not fail")
}

/// What of a document is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentPart {
    Bytes,
    Name,
}

impl DocumentPart {
    const fn algorithm(self) -> u8 {
        match self {
            DocumentPart::Bytes => DOCUMENT,
            DocumentPart::Name => DOCUMENT_NAME,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::SimDisk;

    /// Protects documents of a person: the same one is the same ciphertext, another person's is another, a name is no
    /// document, and nobody reads either once the key is destroyed.
    #[test]
    fn documents_go_with_the_key() {
        use DocumentPart::{Bytes, Name};
        let cluster = ClusterId::of([1; 16]);
        let process = SimDisk::new("/d").process();
        let path = Path::new("/d/persons.keys");
        make(&*process, path, cluster).unwrap();
        let mut persons = Persons::open(&*process, path, cluster).unwrap().unwrap();
        let person = |login: &str| PersonalData { login: login.to_owned(), name: login.to_owned() };
        let (one, other) = (persons.encrypt(&person("one")).unwrap(), persons.encrypt(&person("other")).unwrap());
        let sealed = persons.encrypt_document(&one, Bytes, b"a licence").unwrap();
        assert_eq!(persons.encrypt_document(&one, Bytes, b"a licence").as_ref(), Some(&sealed));
        let others = [(&one, Bytes, "another"), (&one, Name, "a licence"), (&other, Bytes, "a licence")];
        let nonce = |sealed: &[u8]| minicbor::decode::<Ciphertext>(sealed).unwrap().nonce;
        for (personal, part, plain) in others {
            let different = persons.encrypt_document(personal, part, plain.as_bytes()).unwrap();
            assert_ne!(nonce(&different), nonce(&sealed), "no nonce serves twice");
        }
        assert_eq!(persons.decrypt_document(Bytes, &sealed).as_deref(), Some(b"a licence".as_slice()));
        assert_eq!(persons.decrypt_document(Name, &sealed), None);
        assert_eq!((persons.decrypt(&sealed), persons.decrypt_more(UserId(1), &sealed)), (None, None));
        assert!(persons.forget(&one).unwrap());
        assert_eq!(persons.decrypt_document(Bytes, &sealed), None);
        assert_eq!(persons.encrypt_document(&one, Bytes, b"x"), None);
    }

    /// Protects the format of documents: what this version has encrypted, every later one opens, and makes again.
    #[test]
    fn a_document_of_version_1_is_opened_and_made_again() {
        let cluster = ClusterId::of([1; 16]);
        let mut slot = [0; SLOT];
        slot[..16].fill(3);
        slot[16..48].fill(4);
        let crc = crc32c::crc32c(&slot[..48]);
        slot[48..52].copy_from_slice(&crc.to_le_bytes());
        let process = SimDisk::new("/d").process();
        let path = Path::new("/d/persons.keys");
        process.create(path).unwrap().write_at(0, &[first_slot(cluster), slot].concat()).unwrap();
        let persons = Persons::open(&*process, path, cluster).unwrap().unwrap();
        let (key, nonce) = (ByteArray::from([3; 16]), ByteArray::from([0; 24]));
        let personal = minicbor::to_vec(Ciphertext { algorithm: 1, key, nonce, bytes: Vec::new() }).unwrap();
        for (part, plain, name) in [
            (DocumentPart::Bytes, "%PDF-1.7 营业执照", "document-1"),
            (DocumentPart::Name, "营业执照.pdf", "document-name-1"),
        ] {
            let made = persons.encrypt_document(&personal, part, plain.as_bytes()).unwrap();
            let kept = crate::golden::golden(name, &made);
            assert_eq!(persons.decrypt_document(part, &kept).as_deref(), Some(plain.as_bytes()));
            assert_eq!(made, kept, "what is written is what was written");
        }
    }

    /// Protects further data of a person: they open for its user alone, and for nobody once the key is destroyed.
    #[test]
    fn further_data_go_with_the_key() {
        let cluster = ClusterId::of([1; 16]);
        let disk = SimDisk::new("/d");
        let process = disk.process();
        let path = Path::new("/d/persons.keys");
        make(&*process, path, cluster).unwrap();
        let mut persons = Persons::open(&*process, path, cluster).unwrap().unwrap();
        let person = |login: &str| PersonalData { login: login.to_owned(), name: login.to_owned() };
        let (one, other) = (persons.encrypt(&person("one")).unwrap(), persons.encrypt(&person("other")).unwrap());
        let sealed = persons.encrypt_more(&one, UserId(1), b"an address").unwrap();
        assert_eq!(persons.decrypt_more(UserId(1), &sealed).as_deref(), Some(b"an address".as_slice()));
        assert_eq!((persons.decrypt_more(UserId(2), &sealed), persons.decrypt(&sealed)), (None, None));
        assert_eq!(persons.decrypt_more(UserId(1), &one), None, "a name is no address");
        let again = persons.encrypt_again(&one, &person("another login")).unwrap();
        assert_eq!(persons.decrypt(&again).unwrap().login, "another login");
        let contact = persons.encrypt_contact(&one, &[7; 32], b"a phone").unwrap();
        assert_eq!(persons.decrypt_contact(&[7; 32], &contact).as_deref(), Some(b"a phone".as_slice()));
        assert_eq!(persons.decrypt_contact(&[8; 32], &contact), None, "another application's");
        assert_eq!(persons.decrypt_more(UserId(1), &contact), None);
        assert!(persons.forget(&one).unwrap());
        assert_eq!(persons.decrypt_more(UserId(1), &sealed), None);
        assert_eq!((persons.decrypt(&again), persons.decrypt_contact(&[7; 32], &contact)), (None, None));
        assert_eq!(persons.encrypt_again(&one, &person("one")), None);
        assert_eq!(persons.encrypt_more(&one, UserId(1), b"x"), None);
        assert!(persons.encrypt_more(&other, UserId(2), b"x").is_some());
    }

    /// Protects what an operator is told of a file of keys that is not as it was written: a flipped bit is no newer program,
    /// and a file that was cut is not taken for one with fewer persons.
    #[test]
    fn a_damaged_file_of_keys_is_named_as_such() {
        let cluster = ClusterId::of([1; 16]);
        let path = Path::new("/d/persons.keys");
        let opened = |bytes: &[u8]| {
            let process = SimDisk::new("/d").process();
            process.create(path).unwrap().write_at(0, bytes).unwrap();
            Persons::open(&*process, path, cluster).map(|persons| persons.unwrap().end)
        };
        let mut key = [7; SLOT];
        key[48..52].copy_from_slice(&crc32c::crc32c(&[7; 48]).to_le_bytes());
        key[52..].fill(0);
        let whole = [first_slot(cluster), key, key].concat();
        assert_eq!(opened(&whole).unwrap(), 3);

        let damaged = |bytes: &[u8], offset: u64, what: &str| match opened(bytes) {
            Err(StartError::Damage(damage)) => {
                assert!(damage.offset == offset && damage.what.contains(what), "{damage}");
            }
            other => panic!("{other:?}"),
        };
        for at in [8, 11, 12, 20, 60] {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x80;
            damaged(&flipped, 12, "the checksum of the first slot differs");
        }
        for length in [2 * SLOT + 1, 3 * SLOT - 1] {
            damaged(&whole[..length], 2 * SLOT as u64, "ends within a slot");
        }
        let mut newer = whole.clone();
        newer[8] = 2;
        newer[12..16].fill(0);
        let crc = crc32c::crc32c(&newer[..SLOT]);
        newer[12..16].copy_from_slice(&crc.to_le_bytes());
        assert!(matches!(opened(&newer), Err(StartError::Newer { version: 2, known: 1, .. })));
    }
}
