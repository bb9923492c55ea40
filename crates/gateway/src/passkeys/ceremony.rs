//! What a server checks of a passkey that was made, and of one that was used (WebAuthn level 3, 7.1 and 7.2), as values: no
//! clock, no state. Whether the challenge was given out by this venue is its caller's to judge.
//!
//! No attestation is asked for and none is believed: which make of authenticator it is, the exchange does not ask.

use std::fmt;

use minicbor::Decoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::cose::PublicKey;
use super::site::Site;
use crate::base64url;

/// The bits of an authenticator's data (WebAuthn, 6.1).
const PRESENT: u8 = 0x01;
const MAY_BE_BACKED_UP: u8 = 0x08;
const IS_BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// The most bytes of a credential's id (WebAuthn, 4).
const CREDENTIAL_MAX: usize = 1_023;

/// A passkey as it was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub credential: Vec<u8>,
    /// As its authenticator gave it.
    pub public_key: Vec<u8>,
    pub counter: u32,
    /// What it has answered: to be judged.
    pub challenge: Vec<u8>,
}

/// A passkey as it was used.
#[derive(Debug)]
pub(crate) struct Used {
    pub counter: u32,
    /// What it has answered: to be judged.
    pub challenge: Vec<u8>,
}

/// What is wrong with what a browser says of a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It is not of the form.
    Malformed(&'static str),
    /// It is of another act.
    Kind,
    /// A page of another site asked for it.
    Origin,
    /// It is a passkey of another host.
    Host,
    /// Nobody has touched the authenticator.
    Absent,
    /// Its key is of no kind that was asked for.
    Algorithm,
    /// It was not signed by this passkey.
    Signature,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Malformed(what) => write!(f, "{what} cannot be read; send what the browser gave, as base64url"),
            Wrong::Kind => f.write_str("it answers another question; send what was made for this challenge"),
            Wrong::Origin => f.write_str("it was made on a page of another site; open the exchange at its own address"),
            Wrong::Host => f.write_str("it is bound to another host; open the exchange at its own address"),
            Wrong::Absent => f.write_str("nobody has touched the authenticator; try again"),
            Wrong::Algorithm => f.write_str("its key is of no kind that was asked for; use another authenticator"),
            Wrong::Signature => f.write_str("it was not signed by this passkey"),
        }
    }
}

/// What the browser says of the question (WebAuthn, 5.8.1); later versions may say more.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl ClientData {
    /// The challenge, where a page of this site has asked this.
    fn challenge(bytes: &[u8], kind: &str, site: &Site) -> Result<Vec<u8>, Wrong> {
        let data: ClientData = serde_json::from_slice(bytes).map_err(|_| Wrong::Malformed("client_data"))?;
        if data.kind != kind {
            return Err(Wrong::Kind);
        }
        // Nobody frames the app.
        if data.cross_origin || !site.admits(&data.origin) {
            return Err(Wrong::Origin);
        }
        base64url::decode(&data.challenge).ok_or(Wrong::Malformed("client_data"))
    }
}

/// The part of an authenticator's data that is always there.
struct Head {
    flags: u8,
    counter: u32,
}

impl Head {
    const BYTES: usize = 37;

    fn read(data: &[u8], site: &Site, what: &'static str) -> Result<Self, Wrong> {
        let Some(head) = data.first_chunk::<{ Head::BYTES }>() else { return Err(Wrong::Malformed(what)) };
        if head[..32] != site.hash() {
            return Err(Wrong::Host);
        }
        let flags = head[32];
        if flags & PRESENT == 0 {
            return Err(Wrong::Absent);
        }
        if flags & IS_BACKED_UP != 0 && flags & MAY_BE_BACKED_UP == 0 {
            return Err(Wrong::Malformed(what));
        }
        let counter = u32::from_be_bytes([head[33], head[34], head[35], head[36]]);
        Ok(Head { flags, counter })
    }
}

/// Checks a passkey that was made.
pub(crate) fn made(site: &Site, client_data: &[u8], attestation: &[u8]) -> Result<Made, Wrong> {
    const WHAT: &str = "attestation";
    let challenge = ClientData::challenge(client_data, "webauthn.create", site)?;
    let data = authenticator_data(attestation).map_err(|_| Wrong::Malformed(WHAT))?;
    let head = Head::read(data, site, WHAT)?;
    if head.flags & HAS_KEY == 0 {
        return Err(Wrong::Malformed(WHAT));
    }
    // Behind the head: the make of the authenticator (16), the length of the id (2), the id, the key.
    let rest = data.get(Head::BYTES + 16..).ok_or(Wrong::Malformed(WHAT))?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Wrong::Malformed(WHAT))?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (credential, rest) = rest.split_at_checked(length).ok_or(Wrong::Malformed(WHAT))?;
    if credential.is_empty() || credential.len() > CREDENTIAL_MAX {
        return Err(Wrong::Malformed(WHAT));
    }
    let mut decoder = Decoder::new(rest);
    let key = PublicKey::read(&mut decoder).map_err(|_| Wrong::Malformed(WHAT))?;
    key.ok_or(Wrong::Algorithm)?;
    let public_key = rest[..decoder.position()].to_vec();
    if head.flags & HAS_EXTENSIONS != 0 {
        decoder.skip().map_err(|_| Wrong::Malformed(WHAT))?;
    }
    if decoder.position() != rest.len() {
        return Err(Wrong::Malformed(WHAT));
    }
    Ok(Made { credential: credential.to_vec(), public_key, counter: head.counter, challenge })
}

/// Checks a passkey that was used; its key was checked when it was made.
pub(crate) fn used(
    site: &Site,
    public_key: &[u8],
    client_data: &[u8],
    authenticator_data: &[u8],
    signature: &[u8],
) -> Result<Used, Wrong> {
    let challenge = ClientData::challenge(client_data, "webauthn.get", site)?;
    let head = Head::read(authenticator_data, site, "authenticator_data")?;
    let key = PublicKey::read(&mut Decoder::new(public_key)).ok().flatten().ok_or(Wrong::Algorithm)?;
    let signed = [authenticator_data, &Sha256::digest(client_data)[..]].concat();
    if !key.has_signed(&signed, signature) {
        return Err(Wrong::Signature);
    }
    Ok(Used { counter: head.counter, challenge })
}

/// The authenticator's data within an attestation (WebAuthn, 6.5.4); what it says of its make is passed over.
fn authenticator_data(attestation: &[u8]) -> Result<&[u8], minicbor::decode::Error> {
    let mut decoder = Decoder::new(attestation);
    let missing = || minicbor::decode::Error::message("there is no authenticator data");
    let mut found = None;
    for _ in 0..decoder.map()?.ok_or_else(missing)? {
        match decoder.str()? {
            "authData" => found = Some(decoder.bytes()?),
            _ => decoder.skip()?,
        }
    }
    found.filter(|_| decoder.position() == attestation.len()).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the standard itself: WebAuthn level 3, 16, whose site is `https://example.org`, in hexadecimal digits.
    const VECTORS: &str = include_str!("vectors.json");

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        challenge: String,
        credential: String,
        client_data: String,
        attestation: String,
        shown_challenge: String,
        shown_client_data: String,
        authenticator_data: String,
        signature: String,
    }

    fn bytes(digits: &str) -> Vec<u8> {
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    }

    fn site() -> Site {
        Site::new("example.org", &[])
    }

    impl Vector {
        fn all() -> Vec<Vector> {
            serde_json::from_str(VECTORS).unwrap()
        }

        fn made(&self) -> Result<Made, Wrong> {
            made(&site(), &bytes(&self.client_data), &bytes(&self.attestation))
        }

        fn used(&self, public_key: &[u8]) -> Result<Used, Wrong> {
            let (client_data, data) = (bytes(&self.shown_client_data), bytes(&self.authenticator_data));
            used(&site(), public_key, &client_data, &data, &bytes(&self.signature))
        }
    }

    /// Protects that we read what authenticators write: the standard's own examples of each kind of key that is asked for, with
    /// whatever attestation; what is framed by another page, and a kind that was not asked for, are refused.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        for vector in Vector::all() {
            let name = vector.name.as_str();
            match (name, vector.made()) {
                ("none-es256-crossOrigin", made) => assert_eq!(made.unwrap_err(), Wrong::Origin),
                ("packed-es384", made) => assert_eq!(made.unwrap_err(), Wrong::Algorithm),
                (_, Err(wrong)) => panic!("{name}: {wrong}"),
                (_, Ok(made)) => {
                    assert_eq!(
                        (made.credential, made.challenge),
                        (bytes(&vector.credential), bytes(&vector.challenge)),
                        "{name}"
                    );
                    let used = vector.used(&made.public_key).unwrap();
                    assert_eq!((used.challenge, used.counter), (bytes(&vector.shown_challenge), 0), "{name}");
                }
            }
        }
    }

    /// Protects that nothing is taken for what it is not: each bit of what was signed and of the signature counts, and what is cut,
    /// longer or flipped is refused in words and stops nobody.
    #[test]
    fn every_byte_counts() {
        let vectors = Vector::all();
        let kinds = ["none-es256", "packed-rs256", "packed-eddsa"];
        for vector in vectors.iter().filter(|vector| kinds.contains(&vector.name.as_str())) {
            let key = vector.made().unwrap().public_key;
            let parts =
                [&vector.shown_client_data, &vector.authenticator_data, &vector.signature].map(|part| bytes(part));
            let all = |parts: &[Vec<u8>; 3]| used(&site(), &key, &parts[0], &parts[1], &parts[2]);
            assert!(all(&parts).is_ok());
            for part in 0..3 {
                for at in 0..parts[part].len() {
                    let mut other = parts.clone();
                    other[part][at] ^= 1;
                    assert!(all(&other).is_err(), "{}: byte {at} of part {part}", vector.name);
                }
                let mut longer = parts.clone();
                longer[part].push(0);
                assert!(all(&longer).is_err());
                let mut cut = parts.clone();
                cut[part].pop();
                assert!(all(&cut).is_err());
            }
            let (client_data, attestation) = (bytes(&vector.client_data), bytes(&vector.attestation));
            for length in 0..attestation.len() {
                assert!(
                    made(&site(), &client_data, &attestation[..length]).is_err(),
                    "{}: {length} bytes",
                    vector.name
                );
            }
            assert!(made(&site(), &client_data, &[attestation.as_slice(), &[0]].concat()).is_err());
        }
        // Whatever else it is, it is an answer: bits flipped at will, in what is read before anything is signed.
        let vector = vectors.iter().find(|vector| vector.name == "none-es256").unwrap();
        let (client_data, attestation) = (bytes(&vector.client_data), bytes(&vector.attestation));
        for at in 0..attestation.len() {
            for bit in 0..8 {
                let mut other = attestation.clone();
                other[at] ^= 1 << bit;
                let _: Result<Made, Wrong> = made(&site(), &client_data, &other);
            }
        }
    }

    /// Protects against a page and an authenticator of another site, against nobody being there, and against one answer for
    /// another.
    #[test]
    fn what_is_said_must_be_of_this_site() {
        let vectors = Vector::all();
        let vector = vectors.iter().find(|vector| vector.name == "none-es256").unwrap();
        let key = vector.made().unwrap().public_key;
        let (client_data, data) = (bytes(&vector.shown_client_data), bytes(&vector.authenticator_data));
        let client =
            |from: &str, to: &str| String::from_utf8(client_data.clone()).unwrap().replace(from, to).into_bytes();
        let flags = |flags: u8| [&data[..32], &[flags], &data[33..]].concat();
        let used = |site: &Site, client: &[u8], data: &[u8]| {
            used(site, &key, client, data, &bytes(&vector.signature)).unwrap_err()
        };
        let other = Site::new("example.com", &["https://example.org".to_owned()]);
        for (wrong, expected) in [
            (used(&other, &client_data, &data), Wrong::Origin),
            (used(&Site::new("org", &["https://example.org".to_owned()]), &client_data, &data), Wrong::Host),
            (used(&site(), &client("webauthn.get", "webauthn.create"), &data), Wrong::Kind),
            (used(&site(), &client("example.org", "example.org.evil.example"), &data), Wrong::Origin),
            (used(&site(), &client("https", "http"), &data), Wrong::Origin),
            (used(&site(), &client("false", "true"), &data), Wrong::Origin),
            (used(&site(), &client("{", "["), &data), Wrong::Malformed("client_data")),
            (used(&site(), &client("OcDn", "Oc.n"), &data), Wrong::Malformed("client_data")),
            (used(&site(), &client_data, &flags(0x18)), Wrong::Absent),
            (used(&site(), &client_data, &flags(0x11)), Wrong::Malformed("authenticator_data")),
            (used(&site(), &client_data, &flags(0x1d)), Wrong::Signature),
            (used(&site(), &client_data, &data[..36]), Wrong::Malformed("authenticator_data")),
        ] {
            assert_eq!(wrong, expected);
            assert!(!wrong.to_string().is_empty());
        }
    }
}
