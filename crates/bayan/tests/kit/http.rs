//! A client of the API that keeps its connection, and the feed.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

/// Longer than any answer takes: reached only by a failure.
const AT_MOST: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// One connection.
pub struct Client {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(AT_MOST))?;
        Ok(Client { address: address.to_owned(), stream: BufReader::new(stream) })
    }

    /// Connects, and waits for no answer longer than this, as where a network may swallow what is sent.
    pub fn within(address: SocketAddr, most: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, most)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(most))?;
        Ok(Client { address: address.to_string(), stream: BufReader::new(stream) })
    }

    /// Asks, and reads the answer.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, headers, ("application/json", body.as_bytes()))
    }

    /// Asks with a body of this type, and reads the answer.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        (media_type, body): (&str, &[u8]),
    ) -> io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Type: {media_type}\r\nContent-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        self.stream.get_mut().write_all(&[request.as_bytes(), body].concat())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "the answer broke off");
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(broken)?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if !line.ends_with("\r\n") {
                return Err(broken());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, value)| value.parse().unwrap());
        assert!(headers.iter().all(|(name, _)| name != "transfer-encoding"), "{headers:?}");
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }
}

/// The live feed as one user hears it.
pub struct Feed(WebSocket<TcpStream>);

impl Feed {
    pub fn subscribe(address: &str, token: &str, channels: &[String]) -> Self {
        let mut request = format!("ws://{address}/api/v1/feed").into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(AT_MOST)).unwrap();
        let (mut socket, _) = client(request, stream).unwrap();
        socket.send(Message::text(json!({"subscribe": channels}).to_string())).unwrap();
        Feed(socket)
    }

    /// Everything it hears, up to and with the first message that `last` knows.
    pub fn hear(&mut self, mut last: impl FnMut(&Value) -> bool) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let Message::Text(text) = self.0.read().unwrap() else { continue };
            heard.push(text.to_string());
            if last(&serde_json::from_str(&text).unwrap()) {
                return heard;
            }
        }
    }
}
