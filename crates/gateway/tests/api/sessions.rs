//! Signing in and out, cookies and origins.

use serde_json::json;

use crate::venue::{PASSWORD, Venue};

/// Protects the answer to a sign-in, what a wrong one hears, and that a token is dead once signed out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_lives_until_signed_out() {
    let venue = Venue::start().await;
    let sign_in = async |body| venue.post("/api/v1/sessions").no_key().json(body).send().await;
    let session = sign_in(json!({"login": "b1", "password": PASSWORD})).await;
    assert_eq!(session.status, 201);
    assert_eq!(session.headers["cache-control"], "no-store");
    let user = &session.json["user"];
    assert_eq!(
        (user["login"].as_str(), user["role"].as_str(), user["member"].as_str()),
        (Some("b1"), Some("trader"), Some("B1"))
    );
    assert!(session.json["expires_at"].as_str().unwrap().ends_with('Z'));
    let staff = sign_in(json!({"login": "op1", "password": PASSWORD, "code": venue.code("op1")})).await;
    assert_eq!(staff.json["user"]["member"], json!(null));

    let wrong = sign_in(json!({"login": "b1", "password": "wrong"})).await;
    wrong.refuses(401, "bad_credentials");
    let unknown = sign_in(json!({"login": "nobody", "password": PASSWORD})).await;
    unknown.refuses(401, "bad_credentials");
    assert_eq!(wrong.body, unknown.body);
    sign_in(json!({"login": "b1"})).await.refuses(400, "invalid_body");
    sign_in(json!({"login": "b1", "password": 1})).await.refuses(400, "invalid_body");
    sign_in(json!({"login": "b1", "password": PASSWORD, "otp": "1"})).await.refuses(400, "invalid_body");

    let token = session.json["token"].as_str().unwrap();
    let who = venue.get("/api/v1/sessions/current").by(token).send().await.json;
    assert_eq!(who["user"], session.json["user"]);
    let out = venue.call(hyper::Method::DELETE, "/api/v1/sessions/current").no_key().by(token).send().await;
    assert_eq!((out.status.as_u16(), out.body.len()), (204, 0));
    venue.get("/api/v1/sessions/current").by(token).send().await.refuses(401, "not_signed_in");
    venue.call(hyper::Method::DELETE, "/api/v1/sessions/current").by(token).send().await.refuses(401, "not_signed_in");
    let basic = venue.get("/api/v1/funds").header("authorization", &format!("Basic {token}")).send().await;
    basic.refuses(401, "not_signed_in");
}

/// Protects members behind a proxy that ends TLS, where the gateway has none itself: their cookie, and its end, are Secure, and the
/// browser is told to come by TLS alone. Only who names its own machine does without.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_is_secure_but_on_its_own_machine() {
    let venue = Venue::start().await;
    for (host, secure) in [("app.example", true), ("localhost:8330", false), ("10.0.0.7:8330", true)] {
        let body = json!({"login": "b1", "password": PASSWORD, "cookie": true});
        let session = venue.post("/api/v1/sessions").json(body).header("host", host).send().await;
        assert_eq!(session.status, 201);
        let set = session.headers["set-cookie"].to_str().unwrap();
        assert_eq!(set.contains("; Secure"), secure, "{host}: {set}");
        assert_eq!(session.headers.contains_key("strict-transport-security"), secure, "{host}");
        let out = venue.call(hyper::Method::DELETE, "/api/v1/sessions/current").header("host", host);
        let out =
            out.header("cookie", set.split(';').next().unwrap()).header("sec-fetch-site", "same-origin").send().await;
        let ended = out.headers["set-cookie"].to_str().unwrap();
        assert_eq!((out.status.as_u16(), ended.contains("; Secure")), (204, secure), "{host}: {ended}");
    }
}

/// Protects that a browser's cookie changes nothing when another site asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_serves_its_own_site_only() {
    let venue = Venue::start().await;
    let body = json!({"login": "set1", "password": PASSWORD, "cookie": true, "code": venue.code("set1")});
    let foreign =
        venue.post("/api/v1/sessions").json(body.clone()).header("origin", "https://evil.example").send().await;
    foreign.refuses(403, "foreign_origin");
    let session = venue.post("/api/v1/sessions").json(body).send().await;
    assert_eq!(session.status, 201);
    assert_eq!(session.json.get("token"), None);
    let cookie = session.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = format!("other=1; {}", cookie.split(';').next().unwrap());
    let own = format!("http://{}", venue.address);
    assert_eq!(venue.get("/api/v1/sessions/current").header("cookie", &cookie).send().await.status, 200);
    let pay = || {
        let body = json!({"amount": "1.00", "reference": "x"});
        venue.post("/api/v1/members/B1/deposits").header("cookie", &cookie).json(body)
    };
    pay().send().await.refuses(403, "foreign_origin");
    pay().header("origin", "https://evil.example").send().await.refuses(403, "foreign_origin");
    pay().header("origin", "null").send().await.refuses(403, "foreign_origin");
    pay().header("sec-fetch-site", "cross-site").send().await.refuses(403, "foreign_origin");
    assert_eq!(pay().header("origin", &own).send().await.status, 201);
    assert_eq!(pay().header("sec-fetch-site", "same-origin").send().await.status, 201);
    let feed = venue.get("/api/v1/feed").header("cookie", &cookie);
    feed.header("origin", "https://evil.example").send().await.refuses(403, "foreign_origin");
    let feed = venue.get("/api/v1/feed").header("cookie", &cookie);
    feed.header("origin", &own).send().await.refuses(426, "upgrade_required");
    let out = venue.call(hyper::Method::DELETE, "/api/v1/sessions/current").header("cookie", &cookie);
    assert_eq!(out.header("origin", &own).send().await.status, 204);
    venue.get("/api/v1/sessions/current").header("cookie", &cookie).send().await.refuses(401, "not_signed_in");
}

/// Protects the tabs of a browser, which share a cookie: one that believes to be somebody else neither acts nor reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_speaks_for_another_is_refused() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (one, two) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let who =
        async |token: &str| venue.get("/api/v1/sessions/current").by(token).send().await.json["user"]["id"].clone();
    let (first, second) = (who(&one).await.to_string(), who(&two).await.to_string());
    assert_ne!(first, second);
    let path = format!("/api/v1/auctions/{id}/lots/1/bids");
    let bid = |expected: &str| {
        venue.post(&path).by(&two).json(json!({"price": "565000.00"})).header("expected-user", expected)
    };
    for expected in [first.as_str(), "", "x", "+1"] {
        bid(expected).send().await.refuses(409, "other_user");
    }
    venue.get("/api/v1/funds").by(&two).header("expected-user", &first).send().await.refuses(409, "other_user");
    venue.get(&format!("/api/v1/feed?user={first}")).by(&two).send().await.refuses(409, "other_user");
    venue.get(&format!("/api/v1/feed?user={second}")).by(&two).send().await.refuses(426, "upgrade_required");
    assert_eq!(venue.get(&path).by(&two).send().await.json["items"], json!([]));
    assert_eq!(bid(&second).send().await.status, 201);
}
