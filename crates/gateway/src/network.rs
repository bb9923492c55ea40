//! Networks: addresses that begin with the same bits, as a configuration names them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};

/// Addresses that begin with the same bits: `10.1.0.0/16`, `2001:db8::/32`, or one address such as `10.1.2.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// How many bits an address of this kind has.
const fn bits_of(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The first bits of an address, the others zero.
fn first_bits(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & u32::MAX.checked_shl(32 - bits).unwrap_or(0)).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & u128::MAX.checked_shl(128 - bits).unwrap_or(0)).into()),
    }
}

/// What one client is counted by: its IPv4 address, or the first 64 bits of its IPv6 address, since a client is commonly
/// given all addresses that begin so.
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => first_bits(IpAddr::V6(address), 64),
    }
}

impl Network {
    /// Whether this address is in it. An IPv4 address that is written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        bits_of(address) == bits_of(self.address) && first_bits(address, self.bits) == self.address
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no network; expected an address such as 10.1.2.3, or a prefix such as 10.1.0.0/16");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = bits_of(address);
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
        };
        if first_bits(address, bits) != address {
            return Err(format!("{text:?} has bits behind its prefix; expected {}/{bits}", first_bits(address, bits)));
        }
        Ok(Network { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.bits == bits_of(self.address) { Ok(()) } else { write!(f, "/{}", self.bits) }
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Protects which addresses are in a network, and that it is written as it is read.
    #[test]
    fn holds_what_begins_alike() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.3", "10.2.0.0"),
            ("10.1.2.3", "::ffff:10.1.2.3", "10.1.2.4"),
            ("127.0.0.0/8", "127.9.9.9", "::1"),
            ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
            ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
            ("::1", "::1", "127.0.0.1"),
            ("::/0", "fe80::1", "1.2.3.4"),
        ] {
            let read: Network = network.parse().unwrap();
            assert_eq!(read.to_string(), network);
            assert!(read.contains(address(inside)) && !read.contains(address(outside)), "{network}");
        }
        for odd in ["", "10.1", "10.1.0.0/33", "::/129", "10.1.2.3/16", "localhost", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(odd.parse::<Network>().is_err(), "{odd}");
        }
    }

    /// Protects that nobody is many by having a whole IPv6 network.
    #[test]
    fn a_client_is_counted_by_what_it_is_given() {
        assert_eq!(counted(address("2001:db8::1:2:3")), counted(address("2001:db8::9")));
        assert_ne!(counted(address("2001:db8:0:1::9")), counted(address("2001:db8::9")));
        assert_eq!(counted(address("::ffff:10.1.2.3")), address("10.1.2.3"));
    }
}
