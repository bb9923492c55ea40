//! Limits: sign-ins, rates, sequences that are not there yet.

use std::time::Duration;

use gateway::GatewayConfig;
use serde_json::json;

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
