//! Codes that change with time (RFC 6238), as authenticator apps show them: SHA-1, six digits, a step of 30 seconds.

use totp_rs::{Builder, Secret, Totp};

/// The secret of a second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

/// How long one code is shown, in seconds.
pub const STEP_S: u64 = 30;

impl TotpSecret {
    /// Of its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 20]) -> Self {
        TotpSecret(bytes)
    }

    /// A new one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes)?;
        Ok(TotpSecret(bytes))
    }

    /// Of the text that people type; `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(TotpSecret(Secret::try_from_base32(text).ok()?.as_bytes().try_into().ok()?))
    }

    /// The text that people type into an app: 32 letters and digits (Base32).
    #[must_use]
    pub fn text(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The code that an app shows at this second since 1970.
    #[must_use]
    pub fn code(&self, unix_s: u64) -> String {
        self.totp().generate(unix_s).to_string()
    }

    /// The time step of a code, if it is one of this step, the one before or the one after: clocks differ.
    pub(crate) fn step_of(&self, code: &str, unix_s: u64) -> Option<u64> {
        self.totp().check(code, unix_s)
    }

    /// What an app reads from a picture: everything that it must know.
    pub(crate) fn uri(&self, login: &str) -> String {
        let login: String = login.bytes().map(percent).collect();
        format!("otpauth://totp/Bayan:{login}?secret={}&issuer=Bayan", self.text())
    }

    fn totp(&self) -> Totp {
        Builder::new().with_secret(Secret::new_stack(self.0)).with_step_duration(STEP_S).build_noncompliant()
    }
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that apps show what we expect: the vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret::new(*b"12345678901234567890");
        assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(TotpSecret::parse(&secret.text()).unwrap() == secret);
        for (unix_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(unix_s), code);
            let step = unix_s / STEP_S;
            for around in [unix_s - STEP_S, unix_s, unix_s + STEP_S] {
                assert_eq!(secret.step_of(code, around), Some(step));
            }
            assert_eq!(secret.step_of(code, unix_s + 2 * STEP_S), None);
        }
        for odd in ["", "28708", "2870820", "+87082", "28708２", " 287082"] {
            assert_eq!(secret.step_of(odd, 59), None, "{odd:?}");
        }
        assert!(TotpSecret::parse("GEZDGNBV").is_none());
        let uri = secret.uri("王 a/b");
        assert!(uri.starts_with("otpauth://totp/Bayan:%E7%8E%8B%20a%2Fb?secret=GEZ"), "{uri}");
    }
}
