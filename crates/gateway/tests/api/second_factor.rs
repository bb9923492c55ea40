//! The second factor over HTTP.

use gateway::GatewayConfig;
use gateway::totp::{STEP_S, TotpSecret};
use hyper::Method;
use serde_json::{Value, json};

use crate::venue::{PASSWORD, Reply, Venue, config, secret_of, unix_s};

async fn sign_in(venue: &Venue, login: &str, password: &str, code: Option<&str>) -> Reply {
    let mut body = json!({"login": login, "password": password});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    venue.post("/api/v1/sessions").no_key().json(body).send().await
}

fn token(session: &Reply) -> String {
    assert_eq!(session.status, 201, "{}", session.json);
    session.json["token"].as_str().unwrap().to_owned()
}

/// Sets up a second factor with this session, and gives its secret and the recovery codes.
async fn enrol(venue: &Venue, token: &str) -> (TotpSecret, Vec<String>) {
    let begun = venue.post("/api/v1/second-factor/totp").by(token).json(json!({})).send().await;
    assert_eq!(begun.status, 201, "{}", begun.json);
    let secret = TotpSecret::parse(begun.json["secret"].as_str().unwrap()).unwrap();
    // The step before, so that the code of this one is still good for signing in.
    let code = secret.code(unix_s() - STEP_S);
    let path = "/api/v1/second-factor/totp/confirmation";
    let confirmed = venue.post(path).by(token).json(json!({"code": code})).send().await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json);
    let codes = confirmed.json["recovery_codes"].as_array().unwrap();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

/// Protects staff accounts: no sign-in without a code, with a wrong one, or with one that has served, or one before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_serves_once() {
    let venue = Venue::start().await;
    let secret = secret_of("op1");
    sign_in(&venue, "op1", PASSWORD, None).await.refuses(401, "second_factor_required");
    sign_in(&venue, "op1", "wrong password", None).await.refuses(401, "bad_credentials");
    sign_in(&venue, "op1", PASSWORD, Some("000 00")).await.refuses(401, "bad_credentials");
    let foreign = secret_of("op2").code(unix_s());
    sign_in(&venue, "op1", PASSWORD, Some(&foreign)).await.refuses(401, "bad_credentials");
    let (now, code) = (unix_s(), secret.code(unix_s()));
    sign_in(&venue, "op1", "wrong password", Some(&code)).await.refuses(401, "bad_credentials");
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    token(&sign_in(&venue, "op1", PASSWORD, Some(&spaced)).await);
    sign_in(&venue, "op1", PASSWORD, Some(&code)).await.refuses(401, "bad_credentials");
    sign_in(&venue, "op1", PASSWORD, Some(&secret.code(now - STEP_S))).await.refuses(401, "bad_credentials");
    let (one, two) = (secret.code(now + STEP_S), secret.code(now + STEP_S));
    let (one, two) =
        tokio::join!(sign_in(&venue, "op1", PASSWORD, Some(&one)), sign_in(&venue, "op1", PASSWORD, Some(&two)));
    assert_eq!(one.status.as_u16() + two.status.as_u16(), 201 + 401, "{} {}", one.json, two.json);
}

/// Protects codes from guessing by who has the password: wrong ones make wait, the right one included, and a right password
/// does not start the count anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_make_wait() {
    let venue = Venue::with(GatewayConfig { failures_per_login: 2, ..config() }).await;
    for _ in 0..3 {
        sign_in(&venue, "op1", PASSWORD, Some("12")).await.refuses(401, "bad_credentials");
    }
    let code = venue.code("op1");
    sign_in(&venue, "op1", PASSWORD, Some(&code)).await.refuses(429, "too_many_attempts");
    token(&sign_in(&venue, "op2", PASSWORD, Some(&venue.code("op2"))).await);
}

/// Protects that new staff set up a second factor before anything else, and that it asked again says the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_staff_enrol_first() {
    let venue = Venue::start().await;
    let admin = venue.sign_in("adm1").await;
    let user = json!({"login": "neu", "name": "新人", "role": "operator"});
    let asked = venue.post("/api/v1/users").by(&admin).json(user).send().await;
    let added = venue.agreed(&venue.sign_in("adm2").await, &asked).await;
    let first = added.json["password"].as_str().unwrap();
    let session = sign_in(&venue, "neu", first, None).await;
    assert_eq!(session.json["user"]["second_factor_enrolment_required"], true);
    let token = token(&session);
    let look = async || venue.get("/api/v1/auctions").by(&token).send().await;
    look().await.refuses(403, "new_password_required");
    let body = json!({"current": first, "new": "a password of my own"});
    assert_eq!(venue.post("/api/v1/password").by(&token).json(body).send().await.status, 200);
    look().await.refuses(403, "second_factor_enrolment_required");

    let begin = async || venue.post("/api/v1/second-factor/totp").by(&token).key("b").json(json!({})).send().await;
    let (begun, again) = (begin().await, begin().await);
    assert!(again.replayed() && begun.body == again.body, "{}", again.json);
    let text = begun.json["secret"].as_str().unwrap();
    assert!(begun.json["uri"].as_str().unwrap().contains(text));
    let secret = TotpSecret::parse(text).unwrap();
    let confirm = async |code: String, key: &str| {
        let path = "/api/v1/second-factor/totp/confirmation";
        venue.post(path).by(&token).key(key).json(json!({"code": code})).send().await
    };
    confirm("999".to_owned(), "c0").await.refuses(401, "bad_credentials");
    look().await.refuses(403, "second_factor_enrolment_required");
    let code = secret.code(unix_s());
    let confirmed = confirm(code.clone(), "c").await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json);
    let again = confirm(code.clone(), "c").await;
    assert!(again.replayed() && confirmed.body == again.body, "{}", again.json);
    confirm(code, "c2").await.refuses(409, "not_begun");
    assert_eq!(look().await.status, 200);
    let own = venue.get("/api/v1/second-factor").by(&token).send().await.json;
    assert_eq!(own, json!({"totp": true, "passkeys": [], "required": true, "recovery_codes_left": 10}));
    let remove = venue.call(Method::DELETE, "/api/v1/second-factor/totp").by(&token).json(json!({})).send().await;
    remove.refuses(409, "second_factor_needed");
}

/// Protects a member's choice: its second factor is asked for from then on, recovery codes serve once each, a new secret and
/// the end of it need a code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_choose_a_second_factor() {
    let venue = Venue::start().await;
    let b1 = venue.sign_in("b1").await;
    let (secret, codes) = enrol(&venue, &b1).await;
    assert_eq!(codes.len(), 10);
    sign_in(&venue, "b1", PASSWORD, None).await.refuses(401, "second_factor_required");
    token(&sign_in(&venue, "b1", PASSWORD, Some(&secret.code(unix_s()))).await);
    token(&sign_in(&venue, "b1", PASSWORD, Some(&codes[3])).await);
    sign_in(&venue, "b1", PASSWORD, Some(&codes[3])).await.refuses(401, "bad_credentials");
    let own = venue.get("/api/v1/second-factor").by(&b1).send().await.json;
    assert_eq!(own, json!({"totp": true, "passkeys": [], "required": false, "recovery_codes_left": 9}));

    let begin = async |body: Value| venue.post("/api/v1/second-factor/totp").by(&b1).json(body).send().await;
    begin(json!({})).await.refuses(401, "second_factor_required");
    let begun = begin(json!({"code": codes[4].to_uppercase().replace('-', " ")})).await;
    assert_eq!(begun.status, 201, "{}", begun.json);

    let remove =
        async |body: Value| venue.call(Method::DELETE, "/api/v1/second-factor/totp").by(&b1).json(body).send().await;
    remove(json!({})).await.refuses(401, "second_factor_required");
    remove(json!({"code": "1"})).await.refuses(401, "bad_credentials");
    let removed = remove(json!({"code": codes[5]})).await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    remove(json!({})).await.refuses(409, "unchanged");
    venue.sign_in("b1").await;
}

/// Protects who has lost its device: who manages it removes the second factor, and sessions end; nobody does so for itself or
/// for others' people.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_second_factor_is_removed() {
    let venue = Venue::start().await;
    let (admin, manager, b1) = (venue.sign_in("adm1").await, venue.sign_in("b1m").await, venue.sign_in("b1").await);
    enrol(&venue, &b1).await;
    let remove = async |by: &str, login: &str| {
        let path = format!("/api/v1/users/{login}/second-factor");
        venue.call(Method::DELETE, &path).by(by).json(json!({})).send().await
    };
    remove(&venue.sign_in("s1m").await, "b1").await.refuses(404, "unknown_user");
    let listed = venue.get("/api/v1/users").by(&manager).send().await.json;
    assert_eq!(listed["items"][0]["second_factor"], true);
    assert_eq!(remove(&manager, "b1").await.status, 200);
    remove(&manager, "b1").await.refuses(409, "unchanged");
    venue.get("/api/v1/funds").by(&b1).send().await.refuses(401, "not_signed_in");
    venue.sign_in("b1").await;
    remove(&admin, "adm1").await.refuses(403, "same_person");
    let asked = remove(&admin, "op1").await;
    assert_eq!(asked.status, 202, "{}", asked.json);
    venue.agreed(&venue.sign_in("adm2").await, &asked).await;
    let session = sign_in(&venue, "op1", PASSWORD, None).await;
    assert_eq!(session.json["user"]["second_factor_enrolment_required"], true);
}
