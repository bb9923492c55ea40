//! Web push: a message that only the browser can read (RFC 8291, `aes128gcm`), and who the venue is (RFC 8292, VAPID).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hkdf::Hkdf;
use hyper::Uri;
use p256::ecdh::diffie_hellman;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;

use crate::gateway::Gateway;
use crate::notices::settings::Subscription;

/// The size of a record: a push is one, and push services take 4,096 bytes in all.
const RECORD: u32 = 4_096;
/// The longest message: one record with its header, the byte that ends it, and the tag.
const PLAIN_MAX: usize = RECORD as usize - 86 - 17;
/// How long a signature that shows who the venue is holds, in seconds: no more than a day (RFC 8292).
const TOKEN_LASTS_S: i64 = 12 * 3600;

/// The venue's key pair for push services.
pub(crate) struct VapidKey(SigningKey);

impl VapidKey {
    /// The key that follows from the venue's secret: of the numbers that `seed` gives, the first that is one of a key. All but
    /// one in 2³² are.
    pub fn of(seed: impl Fn(u8) -> [u8; 32]) -> Self {
        let key = (0..=u8::MAX).find_map(|count| SigningKey::from_slice(&seed(count)).ok());
        VapidKey(key.expect("256 numbers in a row are not all out of range"))
    }

    /// The public key as browsers want it: an uncompressed point, Base64url.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.verifying_key().to_sec1_point(false))
    }

    /// `Authorization` for a push service.
    pub fn authorization(&self, to: &Uri, contact: &str) -> String {
        let host = to.authority().map_or("", |authority| authority.as_str());
        let audience = format!("{}://{host}", to.scheme_str().unwrap_or("https"));
        let expires = Gateway::now().us() / 1_000_000 + TOKEN_LASTS_S;
        let head = BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let claims = serde_json::json!({"aud": audience, "exp": expires, "sub": contact});
        let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
        let signature: Signature = self.0.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", BASE64.encode(signature.to_bytes()), self.public())
    }
}

/// Whether these bytes are a public key: an uncompressed point on the curve.
pub(crate) fn is_point(bytes: &[u8]) -> bool {
    bytes.len() == 65 && PublicKey::from_sec1_bytes(bytes).is_ok()
}

/// A message as a browser takes it, under a key pair and a salt of its own.
pub(super) fn encrypt(to: &Subscription, plain: &[u8]) -> Result<Vec<u8>, String> {
    let no_random = |error| format!("the system gave no random bytes: {error}");
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(no_random)?;
    let own = loop {
        let mut number = [0; 32];
        getrandom::fill(&mut number).map_err(no_random)?;
        if let Ok(own) = SecretKey::from_slice(&number) {
            break own;
        }
    };
    encrypt_with(to, plain, salt, &own)
}

fn encrypt_with(to: &Subscription, plain: &[u8], salt: [u8; 16], own: &SecretKey) -> Result<Vec<u8>, String> {
    if plain.len() > PLAIN_MAX {
        return Err("the message is too long for a push".to_owned());
    }
    let theirs = PublicKey::from_sec1_bytes(&to.key).map_err(|_| "the browser's key is none".to_owned())?;
    let own_point = own.public_key().to_sec1_point(false);
    let shared = diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let expand = |salt: &[u8], key: &[u8], info: &[u8], out: &mut [u8]| {
        Hkdf::<Sha256>::new(Some(salt), key).expand(info, out).expect("short outputs can be had");
    };
    let info = [b"WebPush: info\0".as_slice(), &to.key, own_point.as_bytes()].concat();
    let (mut ikm, mut key, mut nonce) = ([0; 32], [0; 16], [0; 12]);
    expand(&*to.auth, shared.raw_secret_bytes(), &info, &mut ikm);
    expand(&salt, &ikm, b"Content-Encoding: aes128gcm\0", &mut key);
    expand(&salt, &ikm, b"Content-Encoding: nonce\0", &mut nonce);

    // One record, its last byte saying that it is the last.
    let mut sealed = [plain, &[2]].concat();
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key has 16 bytes"));
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        .map_err(|_| "the message cannot be encrypted".to_owned())?;
    let mut body = salt.to_vec();
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(own_point.len()).expect("a point has 65 bytes"));
    body.extend_from_slice(own_point.as_bytes());
    body.extend_from_slice(&sealed);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    /// Protects the encryption by the example of RFC 8291, section 5 and appendix A, byte for byte.
    #[test]
    fn the_rfcs_example_comes_out() {
        let to = Subscription {
            endpoint: String::new(),
            key: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
                .into(),
            auth: <[u8; 16]>::try_from(bytes("BTBZMqHH6r4Tts7J_aSIgg")).unwrap().into(),
            label: String::new(),
        };
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let sealed = encrypt_with(&to, b"When I grow up, I want to be a watermelon", salt, &own).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl\
                        zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64.encode(sealed), expected);
        assert!(encrypt_with(&to, &[0; PLAIN_MAX + 1], salt, &own).is_err());
        let longest = encrypt_with(&to, &[0; PLAIN_MAX], salt, &own).unwrap();
        assert!(longest.len() <= 4_096, "{}", longest.len());
        assert!(is_point(&to.key) && !is_point(&[4; 65]) && !is_point(&to.key[..64]));
    }

    /// Protects the venue's key: the same from the same secret.
    #[test]
    fn the_same_secret_gives_the_same_key() {
        let key = |byte: u8| VapidKey::of(|count| [byte ^ count; 32]).public();
        assert_eq!(key(7), key(7));
        assert_ne!(key(7), key(8));
        assert!(is_point(&bytes(&key(7))));
        // A number that is none of a key is passed over.
        let out_of_range = VapidKey::of(|count| if count == 0 { [0xFF; 32] } else { [7; 32] });
        assert_eq!(out_of_range.public(), key(7));
    }
}
