//! Where people open the app: what passkeys are bound to.

use sha2::{Digest, Sha256};

/// The host that passkeys are bound to, and the pages that may use them.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The relying party's id (WebAuthn, 5.1.2).
    pub host: String,
    /// Origins beside `https://HOST`, of this host or below it.
    origins: Vec<String>,
}

impl Site {
    /// Of a host and the origins that the configuration names; those of other hosts are none of a passkey's.
    pub fn new(host: &str, origins: &[String]) -> Self {
        let below = format!(".{host}");
        let own = |origin: &&String| {
            host_of(origin).is_some_and(|(of, _)| of == host || of.ends_with(&below)) && origin.starts_with("https://")
        };
        Site { host: host.to_owned(), origins: origins.iter().filter(own).cloned().collect() }
    }

    /// Whether a page of this origin may use passkeys. Browsers let `http` do so on this machine alone, at any port.
    pub fn admits(&self, origin: &str) -> bool {
        let Some((host, port)) = host_of(origin) else { return false };
        let here =
            host == self.host && (self.host == "localhost" || (port.is_none() && origin.starts_with("https://")));
        here || self.origins.iter().any(|own| own == origin)
    }

    /// What authenticators say instead of the host.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.host.as_bytes()).into()
    }
}

/// The host and port of an origin; `None` where it is none.
fn host_of(origin: &str) -> Option<(&str, Option<&str>)> {
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    match authority.split_once(':') {
        None => Some((authority, None)),
        Some((host, port)) => port.parse::<u16>().is_ok().then_some((host, Some(port))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects passkeys from pages of others: only the venue's own origin, those that are named and lie below its host, and on
    /// this machine any port.
    #[test]
    fn a_page_is_of_the_site() {
        let named = [
            "https://app.bayan.example",
            "https://bayan.example:8443",
            "https://other.example",
            "http://x.bayan.example",
        ];
        let venue = Site::new("bayan.example", &named.map(str::to_owned));
        let here = Site::new("localhost", &[]);
        for (site, origin, expected) in [
            (&venue, "https://bayan.example", true),
            (&venue, "https://app.bayan.example", true),
            (&venue, "https://bayan.example:8443", true),
            (&venue, "https://bayan.example:9443", false),
            (&venue, "http://bayan.example", false),
            (&venue, "http://x.bayan.example", false),
            (&venue, "https://other.example", false),
            (&venue, "https://bayan.example.evil.example", false),
            (&venue, "https://evilbayan.example", false),
            (&venue, "https://bayan.example/", false),
            (&venue, "null", false),
            (&venue, "", false),
            (&here, "http://localhost:8330", true),
            (&here, "http://localhost", true),
            (&here, "https://localhost:1", true),
            (&here, "http://localhost:x", false),
            (&here, "http://localhost.evil.example:8330", false),
            (&here, "http://127.0.0.1:8330", false),
            (&here, "ftp://localhost", false),
        ] {
            assert_eq!(site.admits(origin), expected, "{origin} of {}", site.host);
        }
    }
}
