//! Limits: sign-ins, rates, sequences that are not there yet.

use std::net::SocketAddr;
use std::time::Duration;

use gateway::GatewayConfig;
use gateway::live::FeedLimits;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::venue::{PASSWORD, Venue, config};

/// Protects that wrong passwords make their sender wait, for known and unknown logins alike, the right one included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_make_wait() {
    let venue =
        Venue::with(GatewayConfig { failures_per_login: 2, back_off_max: Duration::from_secs(60), ..config() }).await;
    for login in ["b1", "nobody"] {
        let sign_in = async |password: &str| {
            venue.post("/api/v1/sessions").json(json!({"login": login, "password": password})).send().await
        };
        for _ in 0..3 {
            sign_in("wrong").await.refuses(401, "bad_credentials");
        }
        let told = sign_in(PASSWORD).await;
        told.refuses(429, "too_many_attempts");
        assert_eq!(told.headers["retry-after"], "1");
    }
    venue.sign_in("b2").await;
}

/// Protects that one address that tries many logins must wait too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_may_not_try_many_logins() {
    let venue = Venue::with(GatewayConfig { failures_per_address: 3, ..config() }).await;
    for n in 0..4 {
        let body = json!({"login": format!("user{n}"), "password": "x"});
        venue.post("/api/v1/sessions").json(body).send().await.refuses(401, "bad_credentials");
    }
    let body = json!({"login": "b1", "password": PASSWORD});
    venue.post("/api/v1/sessions").json(body).send().await.refuses(429, "too_many_attempts");
}

/// Protects that whoever tries passwords does not get a new address by writing one, and that a proxy of ours is believed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_proxies_say_where_a_request_comes_from() {
    for (proxies, believed) in [(vec![], false), (vec!["127.0.0.0/8".parse().unwrap()], true)] {
        let venue = Venue::with(GatewayConfig { failures_per_address: 1, proxies, ..config() }).await;
        let sign_in = async |from: &str, login: &str, password: &str| {
            let body = json!({"login": login, "password": password});
            venue.post("/api/v1/sessions").header("x-forwarded-for", from).json(body).send().await
        };
        for login in ["user1", "user2"] {
            sign_in("1.1.1.1, 203.0.113.7", login, "x").await.refuses(401, "bad_credentials");
        }
        sign_in("2.2.2.2, 203.0.113.7", "b1", PASSWORD).await.refuses(429, "too_many_attempts");
        let other = sign_in("203.0.113.8", "b1", PASSWORD).await;
        assert_eq!(other.status == 201, believed, "{}", other.json);
    }
}

/// Protects that clients behind a proxy are limited each by its own address, in the feed too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_behind_a_proxy_are_counted() {
    let proxies = vec!["127.0.0.1".parse().unwrap()];
    let limits = FeedLimits { connections_per_address_max: 1, ..FeedLimits::default() };
    let limited = GatewayConfig { connections_per_address_max: 1, proxies, ..config() };
    let venue = Venue::with_feed(limited, limits).await;
    let token = venue.sign_in("b1").await;
    let mut first = venue.feed(&token, Some("203.0.113.7")).await.unwrap();
    venue.feed_refused(&token, "203.0.113.7").await.refuses(429, "too_many_connections");
    let look = async |from: &str| venue.get("/livez").header("x-forwarded-for", from).send().await;
    assert_eq!(look("203.0.113.7").await.status, 200, "a feed is none of the requests");
    let other = venue.feed(&token, Some("203.0.113.8")).await.unwrap();
    // A request that waits for its body has the only place of its address.
    let mut slow = TcpStream::connect(venue.address).await.unwrap();
    let head = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\
                Content-Type: application/json\r\nContent-Length: 9\r\n\r\n";
    slow.write_all(head.as_bytes()).await.unwrap();
    let full = loop {
        let answer = look("203.0.113.7").await;
        if answer.status != 200 {
            break answer;
        }
    };
    full.refuses(429, "too_many_connections");
    assert!(full.headers.contains_key("retry-after") && full.headers.contains_key("x-request-id"));
    assert_eq!(look("203.0.113.8").await.status, 200);
    assert_eq!(venue.get("/livez").send().await.status, 200, "the proxy itself");
    drop(slow);
    while look("203.0.113.7").await.status != 200 {}
    first.close(None).await.unwrap();
    while venue.feed(&token, Some("203.0.113.7")).await.is_err() {}
    drop(other);
}

/// Protects that an open feed counts among all connections and among the feeds of its address until it closes, and among
/// the requests of its address never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_feed_keeps_its_places() {
    let limits = FeedLimits { connections_per_address_max: 2, ..FeedLimits::default() };
    let limited = GatewayConfig {
        connections_max: 4,
        connections_per_address_max: 2,
        connections_uncounted: Vec::new(),
        ..config()
    };
    let venue = Venue::with_feed(limited, limits).await;
    let token = venue.sign_in("b1").await;
    // Connections that were closed may not quite have gone yet.
    let open = async || loop {
        if let Ok(socket) = venue.feed(&token, None).await {
            return socket;
        }
    };
    let (mut one, two) = (open().await, open().await);
    loop {
        let full = venue.feed_refused(&token, "203.0.113.7").await;
        full.refuses(429, "too_many_connections");
        // At the door it would be told to wait for one second.
        if full.headers["retry-after"] == "5" {
            break;
        }
    }
    let mut kept = Vec::new();
    while kept.len() < 2 {
        kept.extend(alive(venue.address).await.ok());
    }
    let text = alive(venue.address).await.unwrap_err();
    assert!(text.starts_with("HTTP/1.1 503 ") && text.contains("too_many_connections"), "all four are taken: {text}");
    one.close(None).await.unwrap();
    drop(one);
    // Its place among all is free again, and its address still has two connections beside the feed.
    while !alive(venue.address).await.unwrap_err().starts_with("HTTP/1.1 429 ") {}
    kept.pop();
    let metrics = loop {
        if let Ok(mut stream) = alive(venue.address).await {
            break ask(&mut stream, "/metrics").await;
        }
    };
    assert!(metrics.contains("\nbayan_http_connections 3\n"), "a feed, two others: {metrics}");
    assert!(metrics.contains("\nbayan_feed_refused_total 1\n"), "{metrics}");
    drop((kept, two));
    open().await;
}

/// A connection that is kept open, or what it heard instead.
async fn alive(address: SocketAddr) -> Result<TcpStream, String> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = ask(&mut stream, "/livez").await;
    if text.starts_with("HTTP/1.1 200 ") { Ok(stream) } else { Err(text) }
}

/// Asks on a connection, and reads the one answer.
async fn ask(stream: &mut TcpStream, path: &str) -> String {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return text.into_owned();
            }
        }
        bytes.push(stream.read_u8().await.unwrap());
    }
}

/// Protects that one user's loop is slowed and another's request is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_has_a_rate() {
    let slow = GatewayConfig { user_requests_per_second: 1, user_requests_burst: 5, ..config() };
    let venue = Venue::with(slow).await;
    let (one, two) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let mut limited = None;
    for _ in 0..50 {
        let answer = venue.get("/api/v1/funds").by(&one).send().await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.expect("fifty requests at once are too many");
    limited.refuses(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "1");
    assert_eq!(venue.get("/api/v1/funds").by(&two).send().await.status, 200);
}

/// Protects that a read knows the entry that it names, or says that it is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_knows_what_it_names() {
    let patience = GatewayConfig { min_sequence_wait: Duration::from_millis(200), ..config() };
    let venue = Venue::with(patience).await;
    let token = venue.sign_in("b1").await;
    let known = venue.node.sequence().0;
    for path in ["/api/v1/funds", "/api/v1/funds/postings", "/api/v1/bids", "/api/v1/auctions", "/api/v1/head"] {
        let read = |sequence: String| venue.get(path).by(&token).header("min-sequence", &sequence).send();
        let there = read(known.to_string()).await;
        assert_eq!(there.status, 200, "{path}: {}", there.json);
        let ahead = read((known + 1_000).to_string()).await;
        ahead.refuses(503, "not_there_yet");
        assert!(ahead.headers.contains_key("retry-after"));
        for odd in ["-1", "x", "", "1.5", "99999999999999999999999"] {
            read(odd.to_owned()).await.refuses(400, "min_sequence_invalid");
        }
    }
}
