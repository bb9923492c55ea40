//! Limits: sign-ins, rates, sequences that are not there yet.

use std::time::Duration;

use gateway::GatewayConfig;
use serde_json::json;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

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

/// Protects that clients behind a proxy are limited each by its own address, by what the feed holds too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_behind_a_proxy_are_counted() {
    let proxies = vec!["127.0.0.1".parse().unwrap()];
    let venue = Venue::with(GatewayConfig { connections_per_address_max: 1, proxies, ..config() }).await;
    let token = venue.sign_in("b1").await;
    let mut request = format!("ws://{}/api/v1/feed", venue.address).into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request.headers_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let look = async |from: &str| venue.get("/livez").header("x-forwarded-for", from).send().await;
    let full = look("203.0.113.7").await;
    full.refuses(429, "too_many_connections");
    assert!(full.headers.contains_key("retry-after") && full.headers.contains_key("x-request-id"));
    assert_eq!(look("203.0.113.8").await.status, 200);
    assert_eq!(venue.get("/livez").send().await.status, 200, "the proxy itself");
    socket.close(None).await.unwrap();
    while look("203.0.113.7").await.status != 200 {}
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
