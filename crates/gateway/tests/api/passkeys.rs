//! Passkeys over HTTP, with an authenticator in memory.

use std::time::Duration;

use gateway::GatewayConfig;
use hyper::Method;
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, encode};
use crate::venue::{PASSWORD, Reply, Venue, config};

const PASSKEYS: &str = "/api/v1/second-factor/passkeys";

async fn sign_in(venue: &Venue, login: &str, with: Value) -> Reply {
    let mut body = json!({"login": login, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    venue.post("/api/v1/sessions").no_key().json(body).send().await
}

/// How one may show a passkey, as signing in is told.
async fn asked(venue: &Venue, login: &str) -> Value {
    let answer = sign_in(venue, login, json!({})).await;
    answer.refuses(401, "second_factor_required");
    answer.json["passkey"].clone()
}

/// Signs in with a passkey that counts on before.
async fn enter(venue: &Venue, login: &str, passkey: &mut Authenticator) -> Reply {
    let request = asked(venue, login).await;
    passkey.counter += 1;
    sign_in(venue, login, json!({"passkey": passkey.show(&request)})).await
}

async fn options(venue: &Venue, token: &str, proof: Value) -> Reply {
    venue.post(&format!("{PASSKEYS}/options")).by(token).no_key().json(proof).send().await
}

async fn post(venue: &Venue, token: &str, body: Value) -> Reply {
    venue.post(PASSKEYS).by(token).json(body).send().await
}

/// Adds a passkey with this session, where nothing is to be shown for it.
async fn add(venue: &Venue, token: &str, name: &str) -> (Authenticator, Value) {
    let passkey = Authenticator::new();
    let options = options(venue, token, json!({})).await;
    assert_eq!(options.status, 200, "{}", options.json);
    let added = post(venue, token, passkey.make(&options.json, name)).await;
    assert_eq!(added.status, 201, "{}", added.json);
    assert_eq!(added.json["id"], passkey.id());
    (passkey, added.json)
}

/// Protects the whole way: a member adds a passkey, hears its recovery codes once, signs in with it, sees it used, and removes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_serves() {
    let venue = Venue::start().await;
    let b1 = venue.sign_in("b1").await;
    let asked_for = options(&venue, &b1, json!({})).await.json;
    assert_eq!(asked_for["rp"], json!({"id": "localhost", "name": "Bayan"}));
    assert_eq!(asked_for["user"]["name"], "b1");
    assert_eq!((&asked_for["attestation"], &asked_for["excludeCredentials"]), (&json!("none"), &json!([])));

    let mut passkey = Authenticator::new();
    let body = passkey.make(&asked_for, " 王的手机 ");
    let send = async |body: Value| venue.post(PASSKEYS).by(&b1).key("add").json(body).send().await;
    let added = send(body.clone()).await;
    assert_eq!(added.status, 201, "{}", added.json);
    assert_eq!(added.json["recovery_codes"].as_array().unwrap().len(), 10);
    let again = send(body).await;
    assert!(again.replayed() && again.body == added.body, "{}", again.json);

    let listed = venue.get("/api/v1/second-factor").by(&b1).send().await.json;
    assert_eq!((&listed["totp"], &listed["recovery_codes_left"]), (&json!(false), &json!(10)));
    let one = &listed["passkeys"][0];
    assert_eq!((&one["id"], &one["name"], &one["used_at"]), (&json!(passkey.id()), &json!("王的手机"), &Value::Null));

    // What people call their devices is theirs; what firms call themselves is public, and shows that the test looks.
    assert!(venue.log_says("Firm B1") && !venue.log_says("王的手机"));

    let request = asked(&venue, "b1").await;
    assert_eq!((&request["rpId"], request["allowCredentials"].as_array().unwrap().len()), (&json!("localhost"), 1));
    let session = enter(&venue, "b1", &mut passkey).await;
    assert_eq!(session.status, 201, "{}", session.json);
    let listed = venue.get("/api/v1/second-factor").by(&b1).send().await.json;
    assert!(listed["passkeys"][0]["used_at"].is_string(), "{listed}");
    let code = added.json["recovery_codes"][0].as_str().unwrap();
    assert_eq!(
        sign_in(&venue, "b1", json!({"code": code})).await.status,
        201,
        "a recovery code serves where it is lost"
    );

    let path = format!("{PASSKEYS}/{}", passkey.id());
    let remove = async |body: Value| venue.call(Method::DELETE, &path).by(&b1).key("remove").json(body).send().await;
    let required = venue.call(Method::DELETE, &path).by(&b1).json(json!({})).send().await;
    required.refuses(401, "second_factor_required");
    passkey.counter += 1;
    let shown = json!({"passkey": passkey.show(&required.json["passkey"])});
    let removed = remove(shown.clone()).await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    assert!(remove(shown).await.replayed());
    venue.call(Method::DELETE, &path).by(&b1).json(json!({})).send().await.refuses(404, "unknown_passkey");
    venue.sign_in("b1").await;

    let trail = venue.get("/api/v1/audit").by(&venue.sign_in("aud1").await).send().await.json;
    let acts: Vec<&str> = trail["items"].as_array().unwrap().iter().filter_map(|line| line["act"].as_str()).collect();
    for act in ["passkey_added", "passkey_used", "recovery_code_used", "passkey_removed"] {
        assert!(acts.contains(&act), "{act}: {acts:?}");
    }
}

/// Protects signing in from everything that is nearly right: each way of being wrong is refused in the same words, makes wait, and
/// does not use up the right way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_nearly_right_is_refused() {
    let venue = Venue::with(GatewayConfig { failures_per_login: 1_000, ..config() }).await;
    let (b1, b2) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let (mut passkey, _) = add(&venue, &b1, "one").await;
    let (mut foreign, _) = add(&venue, &b2, "two").await;
    let creation = {
        let request = asked(&venue, "b1").await;
        passkey.counter += 1;
        options(&venue, &b1, json!({"passkey": passkey.show(&request)})).await.json
    };
    passkey.counter = 5;
    let with = async |passkey: Value| sign_in(&venue, "b1", json!({"passkey": passkey})).await;

    let request = asked(&venue, "b1").await;
    let theirs = asked(&venue, "b2").await;
    let mut changed = |change: &dyn Fn(&mut Authenticator)| {
        change(&mut passkey);
        let shown = passkey.show(&request);
        (passkey.origin, passkey.host, passkey.touched) = ("http://localhost:8330".into(), "localhost".into(), true);
        shown
    };
    let mut cases = vec![
        ("another site", changed(&|it| it.origin = "https://localhost.evil.example".into())),
        ("another scheme", changed(&|it| it.origin = "null".into())),
        ("another host", changed(&|it| it.host = "evil.example".into())),
        ("nobody there", changed(&|it| it.touched = false)),
        ("another user's passkey", foreign.show(&request)),
        ("another user's challenge", passkey.show(&theirs)),
        ("a challenge of another kind", passkey.show(&creation)),
        ("an invented challenge", passkey.show(&json!({"challenge": encode(&[7; 32])}))),
        ("no challenge", passkey.show(&json!({"challenge": ""}))),
        ("another act", passkey.sign(&passkey.client("webauthn.create", &request["challenge"]))),
        ("not what browsers say", passkey.sign(b"[]")),
    ];
    let right = passkey.show(&request);
    for (name, part, value) in [
        ("no signature", "signature", json!("")),
        ("another signature", "signature", foreign.show(&request)["signature"].clone()),
        ("another counter", "authenticator_data", {
            foreign.counter = 99;
            foreign.show(&request)["authenticator_data"].clone()
        }),
        ("not base64url", "client_data", json!("+/+/")),
        ("an unknown passkey", "credential", json!(encode(&[1; 20]))),
    ] {
        let mut shown = right.clone();
        shown[part] = value;
        cases.push((name, shown));
    }
    for (name, shown) in cases {
        let answer = with(shown).await;
        assert_eq!((answer.status.as_u16(), answer.json["reason"].as_str()), (401, Some("bad_credentials")), "{name}");
    }
    let wrong_password = json!({"login": "b1", "password": "wrong password", "passkey": right});
    venue.post("/api/v1/sessions").no_key().json(wrong_password).send().await.refuses(401, "bad_credentials");
    assert_eq!(with(right.clone()).await.status, 201);
    with(right).await.refuses(401, "bad_credentials");
    // The next challenge was given out before that one served.
    let (first, second) = (asked(&venue, "b1").await, asked(&venue, "b1").await);
    passkey.counter += 1;
    assert_eq!(with(passkey.show(&second)).await.status, 201);
    passkey.counter += 1;
    with(passkey.show(&first)).await.refuses(401, "bad_credentials");
    sign_in(&venue, "b1", json!({"code": "1", "passkey": passkey.show(&second)})).await.refuses(400, "invalid_body");
}

/// Protects from a copied authenticator: a counter that does not go on is refused with its reason, stands in the trail, and the
/// next right one still serves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_found() {
    let venue = Venue::start().await;
    let b1 = venue.sign_in("b1").await;
    let (mut passkey, _) = add(&venue, &b1, "one").await;
    for counter in [4, 9] {
        passkey.counter = counter;
        assert_eq!(enter(&venue, "b1", &mut passkey).await.status, 201);
    }
    for counter in [9, 8, 0] {
        passkey.counter = counter;
        enter(&venue, "b1", &mut passkey).await.refuses(401, "passkey_copied");
    }
    passkey.counter = 10;
    assert_eq!(enter(&venue, "b1", &mut passkey).await.status, 201);
    let trail = venue.get("/api/v1/audit?act=passkey_copied").by(&venue.sign_in("aud1").await).send().await.json;
    let items = trail["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "{trail}");
    assert!(items.iter().all(|line| line["detail"].as_str().unwrap().starts_with(&passkey.id())), "{trail}");
}

/// Protects from guessing: what a passkey shows wrongly makes wait as a wrong code does, and a code cannot be tried meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passkeys_make_wait() {
    let venue = Venue::with(GatewayConfig { failures_per_login: 2, ..config() }).await;
    let b1 = venue.sign_in("b1").await;
    let (mut passkey, added) = add(&venue, &b1, "one").await;
    let mut stranger = Authenticator::new();
    for _ in 0..3 {
        enter(&venue, "b1", &mut stranger).await.refuses(401, "bad_credentials");
    }
    enter(&venue, "b1", &mut passkey).await.refuses(429, "too_many_attempts");
    let code = &added["recovery_codes"][0];
    sign_in(&venue, "b1", json!({"code": code})).await.refuses(429, "too_many_attempts");
}

/// Protects that nobody learns from outside who has passkeys: without the right password every user hears the same, a stranger too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passkeys_are_told_to_the_password_alone() {
    let venue = Venue::start().await;
    let b1 = venue.sign_in("b1").await;
    let (mut passkey, _) = add(&venue, &b1, "one").await;
    passkey.counter += 1;
    let shown = passkey.show(&asked(&venue, "b1").await);
    let mut answers = Vec::new();
    for login in ["b1", "b2", "op1", "nobody"] {
        for with in [json!({}), json!({"passkey": shown}), json!({"code": "123456"})] {
            let mut body = json!({"login": login, "password": "wrong password"});
            body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
            answers.push(venue.post("/api/v1/sessions").no_key().json(body).send().await.json);
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // Who has codes alone hears nothing of passkeys.
    assert!(asked(&venue, "op1").await.is_null());
}

/// Protects adding: what was made for another user, on another site, without a touch or in another form is none, nor is one twice;
/// what already serves is shown first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_added_with_care() {
    let venue = Venue::start().await;
    let (b1, b2) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let (asked_for, theirs) = (options(&venue, &b1, json!({})).await.json, options(&venue, &b2, json!({})).await.json);
    let made = |change: &dyn Fn(&mut Authenticator)| {
        let mut passkey = Authenticator::new();
        change(&mut passkey);
        passkey.make(&asked_for, "one")
    };
    let mut cases = vec![
        ("another site", made(&|it| it.origin = "https://evil.example".into())),
        ("another host", made(&|it| it.host = "evil.example".into())),
        ("nobody there", made(&|it| it.touched = false)),
        ("another user's challenge", Authenticator::new().make(&theirs, "one")),
        ("an invented challenge", Authenticator::new().make(&json!({"challenge": encode(&[7; 90])}), "one")),
    ];
    let right = Authenticator::new().make(&asked_for, "one");
    for (name, part, value) in [
        ("no attestation", "attestation", json!("")),
        ("half an attestation", "attestation", json!(&right["attestation"].as_str().unwrap()[..200])),
        ("not base64url", "attestation", json!("?")),
        ("not what browsers say", "client_data", json!(encode(b"{}"))),
    ] {
        let mut body = right.clone();
        body[part] = value;
        cases.push((name, body));
    }
    for (name, body) in cases {
        let answer = post(&venue, &b1, body).await;
        assert_eq!((answer.status.as_u16(), answer.json["reason"].as_str()), (422, Some("invalid_passkey")), "{name}");
    }
    for name in ["", " ", "a\nb", &"a".repeat(65)] {
        let mut body = right.clone();
        body["name"] = json!(name);
        post(&venue, &b1, body).await.refuses(422, "invalid_name");
    }
    assert_eq!(post(&venue, &b1, right.clone()).await.status, 201);
    post(&venue, &b1, right).await.refuses(401, "bad_credentials");

    // Another one needs the first, and says so; it serves beside it, and there are no new recovery codes.
    let mut first = Authenticator::new();
    let added = post(&venue, &b2, first.make(&theirs, "one")).await;
    assert_eq!(added.status, 201, "{}", added.json);
    let required = options(&venue, &b2, json!({})).await;
    required.refuses(401, "second_factor_required");
    first.counter += 1;
    let shown = first.show(&required.json["passkey"]);
    let again = options(&venue, &b2, json!({"passkey": shown})).await;
    assert_eq!(again.json["excludeCredentials"].as_array().unwrap().len(), 1, "{}", again.json);
    let mut second = Authenticator::new();
    let added = post(&venue, &b2, second.make(&again.json, "two")).await;
    assert_eq!((added.status.as_u16(), &added.json["recovery_codes"]), (201, &json!([])), "{}", added.json);
    options(&venue, &b2, json!({"passkey": shown})).await.refuses(401, "bad_credentials");
    for passkey in [&mut first, &mut second] {
        assert_eq!(enter(&venue, "b2", passkey).await.status, 201);
    }
}

/// Protects staff accounts: new staff may begin with a passkey, keep one second factor at least, may leave the codes for it, and
/// who has lost it is helped by an admin, whereupon no passkey serves any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_may_have_passkeys_alone() {
    let venue = Venue::start().await;
    let (admin, other) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let help = async |login: &str| {
        let path = format!("/api/v1/users/{login}/second-factor");
        let asked = venue.call(Method::DELETE, &path).by(&admin).json(json!({})).send().await;
        venue.agreed(&other, &asked).await
    };
    assert_eq!(help("op1").await.status, 200);
    let session = sign_in(&venue, "op1", json!({})).await;
    assert_eq!(session.json["user"]["second_factor_enrolment_required"], true);
    let token = session.json["token"].as_str().unwrap().to_owned();
    venue.get("/api/v1/approvals").by(&token).send().await.refuses(403, "second_factor_enrolment_required");
    let (mut passkey, _) = add(&venue, &token, "one").await;
    assert_eq!(venue.get("/api/v1/approvals").by(&token).send().await.status, 200);

    let path = format!("{PASSKEYS}/{}", passkey.id());
    passkey.counter += 1;
    let shown = json!({"passkey": passkey.show(&asked(&venue, "op1").await)});
    venue.call(Method::DELETE, &path).by(&token).json(shown).send().await.refuses(409, "second_factor_needed");
    assert_eq!(help("op1").await.status, 200);
    venue.get("/api/v1/approvals").by(&token).send().await.refuses(401, "not_signed_in");
    assert_eq!(sign_in(&venue, "op1", json!({})).await.json["user"]["second_factor_enrolment_required"], true);

    // Codes may go where a passkey stays.
    let op2 = venue.sign_in("op2").await;
    let proof = json!({"code": venue.code("op2")});
    let asked_for = options(&venue, &op2, proof).await.json;
    let mut passkey = Authenticator::new();
    assert_eq!(post(&venue, &op2, passkey.make(&asked_for, "one")).await.status, 201);
    passkey.counter += 1;
    let shown = json!({"passkey": passkey.show(&asked(&venue, "op2").await)});
    let removed = venue.call(Method::DELETE, "/api/v1/second-factor/totp").by(&op2).json(shown).send().await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    let own = venue.get("/api/v1/second-factor").by(&op2).send().await.json;
    assert_eq!((&own["totp"], own["passkeys"].as_array().unwrap().len()), (&json!(false), 1));
    assert_eq!(enter(&venue, "op2", &mut passkey).await.status, 201);
}

/// Protects challenges from being kept: who takes too long is asked anew, which is no failure, and begins to add anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_challenge_ends() {
    let at_once = GatewayConfig { passkey_timeout: Duration::ZERO, failures_per_login: 0, ..config() };
    let venue = Venue::with(at_once).await;
    let b1 = venue.sign_in("b1").await;
    let asked_for = options(&venue, &b1, json!({})).await.json;
    let passkey = Authenticator::new();
    post(&venue, &b1, passkey.make(&asked_for, "one")).await.refuses(409, "challenge_expired");

    // One that was added while there was time.
    let user = venue.live.read(|picture| picture.user_by_login(&venue.node.vault().login_tag("b1")).unwrap().id);
    let body = exchange::Body::AddPasskey {
        user,
        credential: passkey.credential.to_vec().into(),
        public_key: passkey.public_key().into(),
        counter: 0,
        name: vec![1].into(),
        challenged: exchange::units::Instant::from_us(0),
        proof: None,
        recovery: Vec::new(),
    };
    venue.node.submit(exchange::Command::system(body)).await.unwrap().outcome.unwrap();
    let mut passkey = passkey;
    for _ in 0..3 {
        let answer = enter(&venue, "b1", &mut passkey).await;
        answer.refuses(401, "second_factor_required");
        assert!(answer.json["passkey"]["challenge"].is_string(), "{}", answer.json);
    }
    enter(&venue, "b1", &mut Authenticator::new()).await.refuses(401, "bad_credentials");
}
