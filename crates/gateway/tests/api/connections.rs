//! What every answer carries, operations, TLS, and stopping.

use std::sync::Arc;

use gateway::{GatewayConfig, TlsFiles};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::venue::{Venue, config};

/// Protects the headers of every answer, and that a client finds its own request id again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_carry_their_headers() {
    let venue = Venue::start().await;
    let answer = venue.get("/api/v1/head").header("x-request-id", "mine-1").send().await;
    assert_eq!(answer.headers["x-request-id"], "mine-1");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    let (one, two) = (venue.get("/livez").send().await, venue.get("/livez").send().await);
    assert_ne!(one.headers["x-request-id"], two.headers["x-request-id"]);
    for (key, length) in [("hash", 64), ("state_digest", 64), ("signature", 128), ("key", 64)] {
        assert_eq!(answer.json[key].as_str().unwrap().len(), length, "{key}");
    }
    assert!(answer.json["sequence"].as_u64().unwrap() > 0);
}

/// Protects the page, the document, the probes and the metrics.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_answer() {
    let venue = Venue::start().await;
    assert_eq!(venue.get("/readyz").send().await.status, 200);
    let page = venue.get("/").send().await;
    assert!(String::from_utf8(page.body.to_vec()).unwrap().starts_with("<!doctype html>"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("unsafe"));
    let document = venue.get("/api/openapi.json").send().await.json;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let metrics = String::from_utf8(venue.get("/metrics").send().await.body.to_vec()).unwrap();
    for name in ["bayan_http_requests_total", "bayan_commands_total", "bayan_archive_lag_entries", "bayan_feed_clients"]
    {
        assert!(metrics.contains(&format!("\n{name} ")), "{name}: {metrics}");
    }
}

/// Protects that the metrics move away from the API when they have an address of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_on_their_own_address() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut venue = Venue::with(GatewayConfig { metrics_address: Some(address), ..config() }).await;
    venue.get("/metrics").send().await.refuses(404, "unknown_path");
    let text = raw(
        &mut TcpStream::connect(address).await.unwrap(),
        "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(text.contains("bayan_log_sequence"), "{text}");
    venue.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

/// Protects several requests on one connection, sent before the first is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_pipelined() {
    let venue = Venue::start().await;
    let mut stream = TcpStream::connect(venue.address).await.unwrap();
    let one = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3);
    let text = raw(&mut stream, &format!("{one}GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 4, "{text}");
}

/// Protects that what is no HTTP, and connections too many, do not end the gateway.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_connections_are_survived() {
    let venue = Venue::with(GatewayConfig { connections_max: 2, ..config() }).await;
    let text = raw(&mut TcpStream::connect(venue.address).await.unwrap(), "hello\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    let huge = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    let text = raw(&mut TcpStream::connect(venue.address).await.unwrap(), &huge).await;
    // Who still sends may not hear it.
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 431"), "{text}");
    let mut kept = Vec::new();
    while kept.len() < 2 {
        let mut stream = TcpStream::connect(venue.address).await.unwrap();
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).await.unwrap();
        // Those before may not quite have gone yet.
        if begin == *b"HTTP/1.1 200" {
            kept.push(stream);
        }
    }
    let request = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    let text = raw(&mut TcpStream::connect(venue.address).await.unwrap(), request).await;
    refused_at_the_door(&text, 503);
    assert!(text.contains("x-request-id: "), "{text}");
}

/// What a connection too many hears is a whole answer with a problem document.
#[track_caller]
fn refused_at_the_door(text: &str, status: u16) {
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer has a head");
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
    for line in ["content-type: application/problem+json", "retry-after: 1", "connection: close"] {
        assert!(head.lines().any(|found| found == line), "{line}: {text}");
    }
    assert!(head.lines().any(|line| line == format!("content-length: {}", body.len())), "{text}");
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((&problem["status"], &problem["reason"]), (&json!(status), &json!("too_many_connections")));
}

/// Protects that one address cannot take all connections, and has its places back when it closes some.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_so_many_connections() {
    let limited = GatewayConfig { connections_per_address_max: 2, connections_uncounted: Vec::new(), ..config() };
    let venue = Venue::with(limited).await;
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(venue.address).await.unwrap();
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        stream.read_u8().await.unwrap();
        kept.push(stream);
    }
    let request = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    refused_at_the_door(&raw(&mut TcpStream::connect(venue.address).await.unwrap(), request).await, 429);
    kept.clear();
    loop {
        // Those that were closed may not quite have gone yet.
        let text = raw(&mut TcpStream::connect(venue.address).await.unwrap(), request).await;
        if text.starts_with("HTTP/1.1 200") {
            break;
        }
        refused_at_the_door(&text, 429);
    }
}

/// Protects that a head that does not arrive frees its connection, while one that waits for its next request keeps it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_heads_are_given_up() {
    let impatient = GatewayConfig { head_timeout: std::time::Duration::from_millis(150), ..config() };
    let venue = Venue::with(impatient).await;
    let answered = async |stream: &mut TcpStream| -> std::io::Result<()> {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await?;
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n\r\nalive\n") {
            text.push(stream.read_u8().await?);
        }
        Ok(())
    };
    let kept_alive = async || loop {
        let mut stream = TcpStream::connect(venue.address).await.unwrap();
        // On a busy machine the first request, too, may come too late.
        if answered(&mut stream).await.is_ok() {
            return stream;
        }
    };
    let (mut idle, mut half) = (kept_alive().await, kept_alive().await);
    // One that says nothing, and one that stops within a head, are closed; nothing is answered to them.
    let mut silent = TcpStream::connect(venue.address).await.unwrap();
    assert_eq!(raw(&mut silent, "").await, "");
    assert_eq!(raw(&mut half, "GET /livez HTTP/1.1\r\nHos").await, "");
    answered(&mut idle).await.expect("who waits between requests is not cut off");
}

/// Protects that a connection without a next request is closed in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_are_closed() {
    let impatient = GatewayConfig { idle_timeout: std::time::Duration::from_millis(50), ..config() };
    let venue = Venue::with(impatient).await;
    let mut idle = TcpStream::connect(venue.address).await.unwrap();
    let text = raw(&mut idle, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("alive\n"), "{text}");
}

/// Protects TLS from PEM files, and the cookie and header that come with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_by_configuration() {
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles { certificates: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificates, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let venue = Venue::with(GatewayConfig { tls: Some(files), ..config() }).await;
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(venue.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
    let body = json!({"login": "b1", "password": crate::venue::PASSWORD, "cookie": true}).to_string();
    let request = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nConnection: close\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let text = raw(&mut stream, &request).await.to_lowercase();
    assert!(text.starts_with("http/1.1 201"), "{text}");
    assert!(text.contains("; secure") && text.contains("strict-transport-security"), "{text}");
}

/// Protects that a missing certificate is said in one line that names the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_certificate_is_named() {
    let files = TlsFiles { certificates: "nowhere/cert.pem".into(), key: "nowhere/key.pem".into() };
    let venue = Venue::start().await;
    let odd = GatewayConfig { tls: Some(files), ..config() };
    let archive = Arc::new(archive::Archive::open(tempfile::tempdir().unwrap().path().join("a.sqlite")).unwrap());
    let gateway = gateway::Gateway::new(odd, venue.node.clone(), gateway::live::Live::new(), archive).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = gateway.serve(listener, std::future::pending()).await.unwrap_err().to_string();
    assert!(error.contains("nowhere/cert.pem"), "{error}");
}

/// Protects that a stopping gateway takes no new connection and ends the idle ones at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_gracefully() {
    let mut venue = Venue::start().await;
    let mut idle = TcpStream::connect(venue.address).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    idle.read_u8().await.unwrap();
    let begun = std::time::Instant::now();
    venue.stop().await;
    assert!(begun.elapsed() < config().drain);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.unwrap();
    assert!(TcpStream::connect(venue.address).await.is_err());
}

/// Sends a text and reads until the other side closes, or breaks off.
async fn raw(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin), request: &str) -> String {
    // A server that answers early may close before all was sent.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}
