//! An authenticator in memory: keys of P-256, no attestation, and what a browser says around them (WebAuthn). It lies on request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The page that asks, as the demonstration is opened.
const ORIGIN: &str = "http://localhost:8330";

/// One passkey of a user.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pub credential: [u8; 20],
    pub counter: u32,
    /// The page on which it is asked.
    pub origin: String,
    /// The host to which it says it is bound.
    pub host: String,
    /// Whether somebody touches it.
    pub touched: bool,
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// A new one that has counted nothing.
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let credential: [u8; 20] = Sha256::digest(key.public_key().as_ref())[..20].try_into().unwrap();
        Authenticator {
            key,
            credential,
            counter: 0,
            origin: ORIGIN.to_owned(),
            host: "localhost".to_owned(),
            touched: true,
        }
    }

    /// By what the API names it.
    pub fn id(&self) -> String {
        let tag = exchange::members::passkey_tag(&self.credential);
        tag.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What goes to `POST …/passkeys` for these options.
    pub fn make(&self, options: &Value, name: &str) -> Value {
        let client = self.client("webauthn.create", &options["challenge"]);
        let mut data = self.head(0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&20_u16.to_be_bytes());
        data.extend_from_slice(&self.credential);
        data.extend_from_slice(&self.public_key());
        let mut attestation = Vec::new();
        let mut writer = minicbor::Encoder::new(&mut attestation);
        writer.map(3).unwrap().str("fmt").unwrap().str("none").unwrap().str("attStmt").unwrap().map(0).unwrap();
        writer.str("authData").unwrap().bytes(&data).unwrap();
        json!({"name": name, "client_data": encode(&client), "attestation": encode(&attestation)})
    }

    /// What goes where a passkey is asked for, for this request.
    pub fn show(&self, request: &Value) -> Value {
        let client = self.client("webauthn.get", &request["challenge"]);
        self.sign(&client)
    }

    /// The same, of any client data.
    pub fn sign(&self, client: &[u8]) -> Value {
        let data = self.head(0);
        let signed = [data.as_slice(), &Sha256::digest(client)[..]].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({"credential": encode(&self.credential), "client_data": encode(client),
            "authenticator_data": encode(&data), "signature": encode(signature.as_ref())})
    }

    /// What the browser says of a question.
    pub fn client(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string().into()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.host.as_bytes()).to_vec();
        data.push(flags | u8::from(self.touched));
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    /// As a `COSE_Key`.
    pub fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut bytes = Vec::new();
        let mut writer = minicbor::Encoder::new(&mut bytes);
        writer.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i8(-7).unwrap();
        writer.i8(-1).unwrap().i8(1).unwrap();
        writer.i8(-2).unwrap().bytes(&point[1..33]).unwrap().i8(-3).unwrap().bytes(&point[33..]).unwrap();
        bytes
    }
}
