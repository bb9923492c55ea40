//! HTTP/1.1 as far as a load generator needs it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::super::market::{Bid, Market, token};

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    bytes: Vec<u8>,
    filled: usize,
    consumed: usize,
}

/// An answer; its body stays in the connection until the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    body: (usize, usize),
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        Connection::open_from(Ipv4Addr::LOCALHOST, address).await
    }

    /// Connects from an address of this machine: a server counts how many come from one.
    pub async fn open_from(from: Ipv4Addr, address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((from, 0)))?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, bytes: vec![0; 16 << 10], filled: 0, consumed: 0 })
    }

    /// Sends a request and waits for its answer.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.bytes.copy_within(self.consumed..self.filled, 0);
        self.filled -= self.consumed;
        self.consumed = 0;
        self.stream.write_all(request).await?;
        loop {
            if let Some((answer, end)) = parse(&self.bytes[..self.filled])? {
                self.consumed = end;
                return Ok(answer);
            }
            if self.filled == self.bytes.len() {
                self.bytes.resize(self.bytes.len() * 2, 0);
            }
            let read = self.stream.read(&mut self.bytes[self.filled..]).await?;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"));
            }
            self.filled += read;
        }
    }

    /// The body of the last answer.
    #[must_use]
    pub fn body(&self, answer: &Answer) -> &[u8] {
        &self.bytes[answer.body.0..answer.body.1]
    }

    /// The stream after an upgrade, with what has come already.
    #[must_use]
    pub fn into_stream(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.bytes[self.consumed..self.filled].to_vec())
    }
}

/// An answer and where it ends, once it is there whole.
fn parse(bytes: &[u8]) -> io::Result<Option<(Answer, usize)>> {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP/1.1 that this client understands");
    let text = std::str::from_utf8(&bytes[..head]).map_err(|_| wrong())?;
    let status: u16 = text.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    let mut length = 0;
    for line in text.split("\r\n").skip(1) {
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(|_| wrong())?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(wrong());
            }
        }
    }
    let (start, end) = (head + 4, head + 4 + length);
    Ok((bytes.len() >= end).then_some((Answer { status, body: (start, end) }, end)))
}

/// Writes the request of a bid.
pub fn bid_request(request: &mut Vec<u8>, market: &Market, bid: &Bid, key: &str) {
    use std::io::Write;
    let (auction, lot) = market.lot(bid.lot);
    let (yuan, fen) = (bid.fen / 100, bid.fen % 100);
    let length = r#"{"price":"."}"#.len() + yuan.max(1).ilog10() as usize + 1 + 2;
    request.clear();
    write!(
        request,
        "POST /api/v1/auctions/{auction}/lots/{}/bids HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {length}\r\n\r\n\
         {{\"price\":\"{yuan}.{fen:02}\"}}",
        lot.0 + 1,
        token(bid.trader),
    )
    .expect("writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that a request says how long its body is, and that an answer is read to its end and no further.
    #[test]
    fn requests_and_answers_are_whole() {
        let mut request = Vec::new();
        let bid = Bid { lot: 3, trader: 7, fen: 56_500_001 };
        bid_request(&mut request, &Market::USUAL, &bid, "k-1");
        let text = String::from_utf8(request).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, r#"{"price":"565000.01"}"#);
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len()).trim_end().to_owned()), "{head}");
        assert!(head.starts_with("POST /api/v1/auctions/1/lots/4/bids HTTP/1.1\r\n"));

        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nx: y\r\n\r\n{}HTTP/1.1 409";
        assert_eq!(parse(&answer[..20]).unwrap(), None);
        assert_eq!(parse(&answer[..50]).unwrap(), None);
        let (parsed, end) = parse(answer).unwrap().unwrap();
        assert_eq!((parsed.status, &answer[parsed.body.0..parsed.body.1]), (201, &b"{}"[..]));
        assert_eq!(&answer[end..], b"HTTP/1.1 409");
        assert!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
