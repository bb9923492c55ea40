//! Where notices arrive in tests: an HTTP server and a mail server on this machine that keep what they are sent, and a browser
//! that took a subscription, with an implementation of its own of how a push is read.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

const PATIENCE: Duration = Duration::from_secs(10);

/// What arrived by HTTP.
#[derive(Debug)]
pub struct Arrived {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Arrived {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

type Answers = Arc<Mutex<VecDeque<(u16, String)>>>;

/// An HTTP server that keeps what it is sent.
pub struct Receiver {
    pub address: SocketAddr,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    answers: Answers,
}

impl Receiver {
    /// It answers what `answers` says, one after the other, and then always as a WeCom robot that is content.
    pub async fn start(answers: &[(u16, &str)]) -> Self {
        Receiver::with(answers, None).await
    }

    pub async fn with(answers: &[(u16, &str)], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, arrived) = mpsc::unbounded_channel();
        let answers: VecDeque<(u16, String)> =
            answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        let answers: Answers = Arc::new(Mutex::new(answers));
        let kept = Arc::clone(&answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sender, answers, tls) = (sender.clone(), Arc::clone(&kept), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, sender, answers).await,
                        Some(tls) => serve(tls.accept(stream).await.unwrap(), sender, answers).await,
                    }
                });
            }
        });
        Receiver { address, arrived, answers }
    }

    /// The next that arrives.
    pub async fn next(&mut self) -> Arrived {
        tokio::time::timeout(PATIENCE, self.arrived.recv()).await.expect("it arrives").unwrap()
    }

    /// What has arrived and was not looked at.
    pub fn rest(&mut self) -> usize {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).count()
    }

    pub fn answer(&self, status: u16) {
        self.answers.lock().unwrap().push_back((status, String::new()));
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin + 'static>(
    stream: S,
    sender: mpsc::UnboundedSender<Arrived>,
    answers: Answers,
) {
    let service = service_fn(async |request: Request<Incoming>| {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let path = parts.uri.path_and_query().unwrap().to_string();
        let _ = sender.send(Arrived { path, headers: parts.headers, body });
        let next = answers.lock().unwrap().pop_front();
        let (status, body) = next.unwrap_or((200, json!({"errcode": 0, "errmsg": "ok"}).to_string()));
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = status.try_into().unwrap();
        if status == 307 {
            response.headers_mut().insert("location", "/elsewhere".parse().unwrap());
        }
        Ok::<_, Infallible>(response)
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// A mail as it arrived: its envelope and its text.
#[derive(Debug)]
pub struct Mail {
    pub said: Vec<String>,
    pub head: String,
    pub body: String,
}

/// A mail server that keeps what it is sent.
pub struct MailServer {
    pub address: SocketAddr,
    mails: mpsc::UnboundedReceiver<Mail>,
}

impl MailServer {
    /// `later` receivers are told to come again first. With TLS it wants STARTTLS.
    pub async fn start(later: usize, tls: Option<TlsAcceptor>) -> Self {
        MailServer::with(later, tls, false).await
    }

    /// `at_once`: with TLS from the start.
    pub async fn with(later: usize, tls: Option<TlsAcceptor>, at_once: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, mails) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut left = later;
            while let Ok((stream, _)) = listener.accept().await {
                if let (Some(tls), true) = (&tls, at_once) {
                    // Who does not believe the certificate hangs up.
                    let Ok(stream) = tls.accept(stream).await else { continue };
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 ready\r\n").await.unwrap();
                    converse(&mut stream, &mut Vec::new(), &mut left, &sender, false).await;
                    continue;
                }
                let mut stream = BufReader::new(stream);
                stream.write_all(b"220-test\r\n220 ready\r\n").await.unwrap();
                let mut said = Vec::new();
                match &tls {
                    None => converse(&mut stream, &mut said, &mut left, &sender, false).await,
                    Some(tls) => {
                        converse(&mut stream, &mut said, &mut left, &sender, true).await;
                        let mut stream = BufReader::new(tls.accept(stream.into_inner()).await.unwrap());
                        converse(&mut stream, &mut said, &mut left, &sender, false).await;
                    }
                }
            }
        });
        MailServer { address, mails }
    }

    pub async fn next(&mut self) -> Mail {
        tokio::time::timeout(PATIENCE, self.mails.recv()).await.expect("a mail arrives").unwrap()
    }
}

/// Until the end, or the word to become secure.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    said: &mut Vec<String>,
    later: &mut usize,
    mails: &mpsc::UnboundedSender<Mail>,
    secure_first: bool,
) {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end().to_owned();
        said.push(line.clone());
        let answer = match line.split(' ').next().unwrap() {
            "EHLO" => "250-test\r\n250 AUTH PLAIN",
            "STARTTLS" if secure_first => {
                stream.write_all(b"220 go on\r\n").await.unwrap();
                return;
            }
            _ if secure_first => "530 STARTTLS first",
            "AUTH" => "235 welcome",
            "RCPT" if *later > 0 => {
                *later -= 1;
                "450 come again"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                let mut text = String::new();
                while !text.ends_with("\r\n.\r\n") {
                    assert!(stream.read_line(&mut text).await.unwrap() > 0, "a message ends with a dot");
                }
                let (head, body) = text.strip_suffix("\r\n.\r\n").unwrap().split_once("\r\n\r\n").unwrap();
                let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
                let body = String::from_utf8(body).unwrap();
                let _ = mails.send(Mail { said: said.clone(), head: head.to_owned(), body });
                "250 taken"
            }
            "QUIT" => return,
            _ => "250 ok",
        };
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A browser with its keys.
pub struct Browser {
    key: SecretKey,
    auth: [u8; 16],
}

impl Browser {
    pub fn new(number: u8) -> Self {
        Browser { key: SecretKey::from_slice(&[number; 32]).unwrap(), auth: [number; 16] }
    }

    fn point(&self) -> Vec<u8> {
        use p256::elliptic_curve::sec1::ToSec1Point;
        self.key.public_key().to_sec1_point(false).as_bytes().to_vec()
    }

    pub fn subscription(&self, endpoint: &str) -> Value {
        json!({"endpoint": endpoint, "p256dh": URL_SAFE_NO_PAD.encode(self.point()),
               "auth": URL_SAFE_NO_PAD.encode(self.auth), "label": "Chromium"})
    }

    /// Reads a push as RFC 8291 says a browser does.
    pub fn read(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert!(u32::from_be_bytes(size.try_into().unwrap()) >= 18 && rest[0] == 65);
        let (sender, sealed) = rest[1..].split_at(65);
        let theirs = PublicKey::from_sec1_bytes(sender).unwrap();
        let shared = p256::ecdh::diffie_hellman(self.key.to_nonzero_scalar(), theirs.as_affine());
        let sign = |key: &[u8], parts: &[&[u8]]| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            hmac::sign(&key, &parts.concat()).as_ref().to_vec()
        };
        let prk = sign(&self.auth, &[shared.raw_secret_bytes()]);
        let ikm = sign(&prk, &[b"WebPush: info\0", &self.point(), sender, &[1]]);
        let prk = sign(salt, &[&ikm]);
        let key = sign(&prk, &[b"Content-Encoding: aes128gcm\0", &[1]]);
        let nonce = sign(&prk, &[b"Content-Encoding: nonce\0", &[1]]);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16]).unwrap());
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).unwrap();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut sealed).expect("it is for this browser");
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], 2, "the last record");
        serde_json::from_slice(&plain[..end]).unwrap()
    }
}

/// What the venue shows a push service of itself, its signature checked (RFC 8292).
pub fn vapid(header: &str, public: &str) -> Value {
    let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, public);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&decode(key)).unwrap();
    key.verify(signed.as_bytes(), &Signature::from_slice(&decode(signature)).unwrap()).expect("the venue's signature");
    let (head, claims) = signed.split_once('.').unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&decode(head)).unwrap(), json!({"typ": "JWT", "alg": "ES256"}));
    serde_json::from_slice(&decode(claims)).unwrap()
}
