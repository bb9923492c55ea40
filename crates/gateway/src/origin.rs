//! Where a request comes from, and how many connections one address may have.

use std::convert::Infallible;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::network::{Network, counted};

/// Where a request comes from.
#[derive(Clone)]
pub(crate) struct Peer {
    /// The address, as clients are counted.
    pub address: IpAddr,
    /// The address whose connections are counted; `None`: a proxy speaks for itself.
    pub limited: Option<IpAddr>,
    /// What its connection holds; who goes on beyond the answer keeps it. A request through a router alone has none.
    pub held: Option<Arc<Held>>,
}

/// What an open connection holds: its place among all, which goes with the last handle, and the one among those of its
/// address.
pub(crate) struct Held {
    /// Dropped with this; nobody asks for it.
    _open: Box<dyn Send + Sync>,
    place: Mutex<Option<Place>>,
}

impl Held {
    /// Holds a place among all, and one of an address.
    pub fn new(open: impl Send + Sync + 'static, place: Option<Place>) -> Self {
        Held { _open: Box::new(open), place: Mutex::new(place) }
    }

    /// Gives the place of the address back: the connection is counted elsewhere from now on.
    pub fn leave_place(&self) {
        drop(self.place.lock().take());
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // A router that is called without a connection has no peer.
        let nobody = || Peer { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), limited: None, held: None };
        Ok(parts.extensions.get::<Peer>().cloned().unwrap_or_else(nobody))
    }
}

/// Whether a browser that asks for this names its own machine: there, and only there, a session may do without TLS. Who asks over
/// TLS says so in its `Origin`, also where a proxy on this machine names the host anew.
pub(crate) fn names_own_machine(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let own = name.eq_ignore_ascii_case("localhost") || address(name).is_some_and(|address| address.is_loopback());
    own && !text(header::ORIGIN).is_some_and(|origin| origin.starts_with("https:"))
}

/// Whom a proxy speaks for: of `X-Forwarded-For`, from the right, the first address that is no proxy of ours. What
/// stands to the left of it anybody may have written. `None`: the proxy speaks for itself.
pub(crate) fn forwarded(headers: &HeaderMap, proxies: &[Network]) -> Option<IpAddr> {
    let mut last = None;
    for value in headers.get_all("x-forwarded-for").iter().rev() {
        for entry in value.to_str().ok()?.rsplit(',') {
            // What is no address was not written by a proxy of ours; who sent it to one is known.
            let Some(address) = address(entry.trim()) else { return last };
            last = Some(address);
            if !is_in(proxies, address) {
                return last;
            }
        }
    }
    last
}

/// An address as proxies write it: plain, with a port, or in brackets.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(with_port) = text.parse::<std::net::SocketAddr>() {
        return Some(with_port.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

pub(crate) fn is_in(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// How many of something each address, or each user, has at once.
pub(crate) struct Places<K: Copy + Eq + Hash = IpAddr> {
    most: usize,
    uncounted: Vec<Network>,
    taken: Mutex<HashMap<K, usize>>,
}

/// One of them, while it is held.
pub(crate) struct Place<K: Copy + Eq + Hash = IpAddr> {
    places: Arc<Places<K>>,
    of: K,
}

impl Places {
    /// At most so many for each address that is in none of these networks; 0: no limit.
    pub fn new(most: usize, uncounted: Vec<Network>) -> Self {
        Places { most, uncounted, taken: Mutex::new(HashMap::new()) }
    }

    /// Takes a place. `Ok(None)`: this address is not counted.
    ///
    /// # Errors
    /// The address has as many as it may.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Result<Option<Place>, Full> {
        if is_in(&self.uncounted, address) { Ok(None) } else { self.take_for(counted(address)) }
    }
}

impl<K: Copy + Eq + Hash> Places<K> {
    /// At most so many for each; 0: no limit.
    pub fn each(most: usize) -> Self {
        Places { most, uncounted: Vec::new(), taken: Mutex::new(HashMap::new()) }
    }

    /// Takes a place. `Ok(None)`: there is no limit.
    ///
    /// # Errors
    /// It has as many as it may.
    pub fn take_for(self: &Arc<Self>, of: K) -> Result<Option<Place<K>>, Full> {
        if self.most == 0 {
            return Ok(None);
        }
        let mut taken = self.taken.lock();
        let count = taken.entry(of).or_default();
        if *count >= self.most {
            return Err(Full);
        }
        *count += 1;
        Ok(Some(Place { places: Arc::clone(self), of }))
    }
}

impl<K: Copy + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        if let Some(count) = taken.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

/// It has as many as it may.
#[derive(Debug)]
pub(crate) struct Full;

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that only what our own proxies say is believed: a client cannot write itself another address.
    #[test]
    fn believes_what_proxies_wrote() {
        let proxies: Vec<Network> = ["10.0.0.0/8", "fd00::/8"].iter().map(|text| text.parse().unwrap()).collect();
        for (values, expected) in [
            (&[][..], None),
            (&["203.0.113.7"], Some("203.0.113.7")),
            (&["1.1.1.1, 203.0.113.7"], Some("203.0.113.7")),
            (&["1.1.1.1", "203.0.113.7, 10.0.0.9"], Some("203.0.113.7")),
            (&["203.0.113.7:4711"], Some("203.0.113.7")),
            (&["[2001:db8::7]:4711,fd00::1"], Some("2001:db8::7")),
            (&["[2001:db8::7]"], Some("2001:db8::7")),
            (&["10.0.0.3, 10.0.0.9"], Some("10.0.0.3")),
            (&["unknown, 10.0.0.9"], Some("10.0.0.9")),
            (&["unknown"], None),
            (&[""], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            let expected: Option<IpAddr> = expected.map(|text: &str| text.parse().unwrap());
            assert_eq!(forwarded(&headers, &proxies), expected, "{values:?}");
        }
    }

    /// Protects sessions behind a proxy that ends TLS: whoever does not name its own machine needs TLS, whatever port it writes.
    #[test]
    fn only_its_own_machine_does_without_tls() {
        for (host, origin, own) in [
            ("localhost:8330", "http://localhost:8330", true),
            ("LOCALHOST", "", true),
            ("127.0.0.1:8330", "", true),
            ("[::1]:8330", "http://[::1]:8330", true),
            ("[::1]", "", true),
            ("app.example", "https://app.example", false),
            ("app.example:8330", "http://app.example:8330", false),
            ("localhost.example", "", false),
            ("10.0.0.7:8330", "", false),
            ("[2001:db8::7]", "", false),
            ("", "", false),
            // A proxy on the same machine that names the host anew.
            ("127.0.0.1:8330", "https://app.example", false),
        ] {
            let asked =
                [(header::HOST, host), (header::ORIGIN, origin)].into_iter().filter(|(_, value)| !value.is_empty());
            let headers = asked.map(|(name, value)| (name, value.parse().unwrap())).collect();
            assert_eq!(names_own_machine(&headers), own, "{host} {origin}");
        }
    }

    /// Protects that one address cannot take all places, that others and the uncounted are not touched by it, and that
    /// a place is free again.
    #[test]
    fn an_address_has_its_places() {
        let places = Arc::new(Places::new(2, vec!["127.0.0.0/8".parse().unwrap()]));
        let take = |text: &str| places.take(text.parse().unwrap());
        let mine = [take("203.0.113.7").unwrap(), take("::ffff:203.0.113.7").unwrap()];
        assert!(mine.iter().all(Option::is_some));
        assert!(take("203.0.113.7").is_err());
        assert!(take("203.0.113.8").unwrap().is_some());
        let own: Vec<_> = (0..9).map(|_| take("127.0.0.1").unwrap()).collect();
        assert!(own.iter().all(Option::is_none));
        drop(mine);
        assert!(take("203.0.113.7").unwrap().is_some());
        assert!(places.taken.lock().is_empty(), "what is free is not remembered");
    }
}
