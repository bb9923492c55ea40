//! One POST over HTTP/1.1: no redirect is followed, no more is read of the answer than is needed, and where the address came
//! from a user, only a public one is called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::Failed;

/// How much of an answer is read.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// The longest address.
const URL_MAX: usize = 1_024;

/// Where a call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// By https to public addresses: what users may name.
    Public,
    /// Wherever the configuration says.
    Anywhere,
}

/// What the receiver said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: Bytes,
}

impl Answer {
    /// Whether it has taken the message.
    pub fn accepted(&self) -> Result<(), Failed> {
        match self.status {
            200..=299 => Ok(()),
            429 | 500..=599 => Err(Failed::Later(format!("the receiver answered {}", self.status))),
            status => Err(Failed::Never(format!("the receiver answered {status}"))),
        }
    }
}

/// An address that may be called; what its name stands for is looked at when it is.
///
/// # Errors
/// Why not.
pub(crate) fn destination(text: &str, reach: Reach) -> Result<Uri, String> {
    if text.len() > URL_MAX {
        return Err(format!("an address has at most {URL_MAX} characters"));
    }
    let uri: Uri = text.parse().map_err(|_| "this is no address; expected https://…".to_owned())?;
    let plain = uri.scheme_str() == Some("http");
    if uri.scheme_str() != Some("https") && !(plain && reach == Reach::Anywhere) {
        return Err("the address does not begin with https://".to_owned());
    }
    let authority = uri.authority().ok_or("the address names no host")?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Err("the address may name a host and a port, and no user".to_owned());
    }
    if reach == Reach::Public && authority.port_u16().is_some_and(|port| port != 443) {
        return Err("the address may name no port".to_owned());
    }
    Ok(uri)
}

/// Whether an address is one of the public network: no private, local, shared, reserved or documentation range, and none of
/// them written as IPv6.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || address.is_documentation()
        || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // 2000::/3 is what is given out; of it, what carries an IPv4 address or is for documentation is not called.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

/// Posts; the whole call has this much time.
pub(super) async fn post(
    tls: &TlsConnector,
    timeout: Duration,
    uri: &Uri,
    headers: &[(&'static str, String)],
    body: Vec<u8>,
    reach: Reach,
) -> Result<Answer, Failed> {
    let host = uri.host().ok_or_else(|| Failed::Never("the address names no host".to_owned()))?;
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let mut request = Request::post(uri.path_and_query().map_or("/", |path| path.as_str()));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let host_header = HeaderValue::try_from(authority).map_err(|_| Failed::Never("the host cannot be".to_owned()))?;
    let request = request
        .header(HOST, host_header)
        .header("user-agent", "Bayan")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| Failed::Never(format!("the request cannot be made: {error}")))?;

    let ends = tokio::time::Instant::now() + timeout;
    let late = || Failed::Later("there was no connection in time".to_owned());
    let connected = tokio::time::timeout_at(ends, connect(host, port, reach)).await.map_err(|_| late())?;
    let stream = connected?;
    let unknown = || Failed::Unknown("there was no answer in time".to_owned());
    if !secure {
        return tokio::time::timeout_at(ends, exchange(stream, request)).await.map_err(|_| unknown())?;
    }
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|_| Failed::Never("the host has no name that a certificate could have".to_owned()))?;
    let stream = tokio::time::timeout_at(ends, tls.connect(name, stream)).await.map_err(|_| late())?;
    let stream = stream.map_err(|error| Failed::Later(format!("no secure connection: {error}")))?;
    tokio::time::timeout_at(ends, exchange(stream, request)).await.map_err(|_| unknown())?
}

/// Connects to the first of the host's addresses that may be called and answers. The address that was judged is the one
/// that is called: a name is not asked twice.
pub(super) async fn connect(host: &str, port: u16, reach: Reach) -> Result<TcpStream, Failed> {
    let host = host.trim_matches(['[', ']']);
    let found = tokio::net::lookup_host((host, port)).await;
    let found = found.map_err(|error| Failed::Later(format!("{host} cannot be found: {error}")))?;
    let found: Vec<SocketAddr> = found.filter(|at| reach == Reach::Anywhere || is_public(at.ip())).collect();
    let mut last = None;
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(match last {
        Some(error) => Failed::Later(format!("{host} does not answer: {error}")),
        None => Failed::Never(format!("{host} has no public address")),
    })
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Failed> {
    let broken = |error: hyper::Error| Failed::Unknown(format!("the connection broke off: {error}"));
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driven = async {
        let response = client.send_request(request).await.map_err(broken)?;
        let status = response.status().as_u16();
        // The status has said it; a body that is too long or breaks off is as good as none.
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok(Answer { status, body: body.map(|body| body.to_bytes()).unwrap_or_default() })
    };
    let mut driven = std::pin::pin!(driven);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        biased;
        answer = &mut driven => answer,
        ended = &mut connection => match ended {
            // The connection may end with the answer; what was read of it is there.
            Ok(()) => driven.await,
            Err(error) => Err(broken(error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the machines of the venue: an address that a user gives leads to the public network by https, or nowhere.
    #[test]
    fn users_reach_the_public_network_only() {
        for (text, good) in [
            ("https://push.example.com/x?y=1", true),
            ("https://push.example.com:443/x", true),
            ("http://push.example.com/x", false),
            ("https://push.example.com:8443/x", false),
            ("https://user@push.example.com/x", false),
            ("https://a:b@push.example.com/x", false),
            ("ftp://push.example.com/x", false),
            ("file:///etc/passwd", false),
            ("/relative", false),
            ("push.example.com", false),
            ("https://", false),
        ] {
            assert_eq!(destination(text, Reach::Public).is_ok(), good, "{text}");
        }
        assert!(destination("http://127.0.0.1:8080/sms", Reach::Anywhere).is_ok());
        assert!(destination(&format!("https://h/{}", "x".repeat(URL_MAX)), Reach::Anywhere).is_err());

        for (address, public) in [
            ("8.8.8.8", true),
            ("180.101.50.242", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("0.0.0.0", false),
            ("192.0.0.8", false),
            ("198.18.0.1", false),
            ("203.0.113.7", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2400:3200::1", true),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("fe80::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("2002:7f00:1::", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    /// Protects the same against names: one that stands for this machine is not called.
    #[tokio::test]
    async fn a_name_of_this_machine_is_not_called() {
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let refused = connect(host, 443, Reach::Public).await.unwrap_err();
            assert!(matches!(refused, Failed::Never(_)), "{host}: {refused:?}");
        }
    }
}
