//! Public keys as authenticators give them (`COSE_Key`, RFC 9052), and whether a signature is theirs.

use minicbor::Decoder;
use minicbor::decode::Error;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// The algorithms that are asked for, the best known first: `ES256`, `EdDSA` with Ed25519, and `RS256`, which is all that some
/// machines' own chips have (RFC 8812, RFC 9053).
pub(crate) const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
/// The kind of an RSA key (RFC 8230, 4).
const RSA: i64 = 3;

/// A public key of one of the [`ALGORITHMS`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// A point of P-256, uncompressed (SEC 1, 2.3.3).
    Es256([u8; 65]),
    /// Of Ed25519.
    EdDsa([u8; 32]),
    /// Modulus and exponent, big-endian.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

/// What a `COSE_Key` says, as far as it is asked.
#[derive(Default)]
struct Parts<'b> {
    kind: Option<i64>,
    algorithm: Option<i64>,
    /// -1: the curve, or the modulus.
    curve: Option<i64>,
    n: Option<&'b [u8]>,
    /// -2: x, or the exponent.
    second: Option<&'b [u8]>,
    y: Option<&'b [u8]>,
}

impl PublicKey {
    /// Reads one; the decoder stands behind it then. `None`: it is of no algorithm that was asked for.
    pub fn read(decoder: &mut Decoder<'_>) -> Result<Option<Self>, Error> {
        let count = decoder.map()?.ok_or_else(|| Error::message("a key has a length"))?;
        let mut parts = Parts::default();
        for _ in 0..count {
            match decoder.i64()? {
                1 => parts.kind = Some(decoder.i64()?),
                3 => parts.algorithm = Some(decoder.i64()?),
                -1 if parts.kind == Some(RSA) => parts.n = Some(decoder.bytes()?),
                -1 => parts.curve = Some(decoder.i64()?),
                -2 => parts.second = Some(decoder.bytes()?),
                -3 => parts.y = Some(decoder.bytes()?),
                _ => decoder.skip()?,
            }
        }
        Ok(parts.key())
    }

    /// Whether this key has signed the message.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            PublicKey::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            PublicKey::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        checked.is_ok()
    }
}

impl Parts<'_> {
    fn key(&self) -> Option<PublicKey> {
        // The numbers of RFC 9053, 7.
        const OKP: i64 = 1;
        const EC2: i64 = 2;
        const P256: i64 = 1;
        const CURVE_25519: i64 = 6;
        match (self.kind?, self.algorithm?) {
            (EC2, ES256) if self.curve == Some(P256) => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(self.second.filter(|x| x.len() == 32)?);
                point[33..].copy_from_slice(self.y.filter(|y| y.len() == 32)?);
                Some(PublicKey::Es256(point))
            }
            (OKP, EDDSA) if self.curve == Some(CURVE_25519) => Some(PublicKey::EdDsa(self.second?.try_into().ok()?)),
            (RSA, RS256) => Some(PublicKey::Rs256 { n: self.n?.to_vec(), e: self.second?.to_vec() }),
            _ => None,
        }
    }
}
