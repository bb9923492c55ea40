//! Firms that apply to become members, over HTTP: who is not signed in, and the staff that decide.

use std::time::Duration;

use exchange::units::Span;
use exchange::{Body, Command, Profile};
use gateway::GatewayConfig;
use hyper::Method;
use serde_json::{Value, json};

use crate::venue::{Reply, Venue, config};

const CODE: &str = "91150000701463622D";
const OTHER: &str = "9144030071526726XG";

/// What a firm says, with a contact that is found nowhere by chance.
pub fn application(credit_code: &str, login: &str) -> Value {
    json!({
        "firm": {
            "credit_code": credit_code, "name": format!("Firm {login}"), "licence_until": "2099-05-20",
            "affiliates": [{"name": "包钢集团"}, {"name": "腾讯", "code": OTHER}, {"code": "S1"}],
        },
        "contact": {
            "name": format!("Planted {login}"), "login": login, "phone": "+8613987654321",
            "email": format!("{login}@planted.example"),
        },
    })
}

impl Venue {
    /// Applies, and says the token.
    pub async fn applies(&self, body: Value) -> String {
        let made = self.apply(body, "a key that nobody guesses").await;
        assert_eq!(made.status, 201, "{}", made.json);
        made.json["token"].as_str().unwrap().to_owned()
    }

    async fn apply(&self, body: Value, key: &str) -> Reply {
        let key = format!("{key} {}", body["contact"]["login"]).replace([' ', '"'], "-");
        self.post("/api/v1/applications").key(&key).json(body).send().await
    }

    async fn own(&self, token: &str) -> Reply {
        self.get("/api/v1/applications/own").header("application-token", token).send().await
    }

    async fn amend(&self, token: &str, body: Value, key: &str) -> Reply {
        let call = self.call(Method::PUT, "/api/v1/applications/own").key(key);
        call.header("application-token", token).json(body).send().await
    }

    async fn decide(&self, by: &str, id: &Value, act: &str, body: Value) -> Reply {
        self.post(&format!("/api/v1/applications/{id}/{act}")).by(by).json(body).send().await
    }
}

/// Protects the whole way of a newcomer: it applies without being signed in, staff look and admit, the first user gets in with the
/// password that its link carries and replaces it, and is a manager of the new member.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_firm_applies_is_admitted_and_signs_in() {
    let venue = Venue::start().await;
    let (admin, auditor) = (venue.sign_in("adm1").await, venue.sign_in("aud1").await);
    let made = venue.apply(application(CODE, "neu"), "one and the same").await;
    assert_eq!((made.status.as_u16(), &made.json["status"]), (201, &json!("waiting")), "{}", made.json);
    let again = venue.apply(application(CODE, "neu"), "one and the same").await;
    assert!(again.replayed() && again.body == made.body, "{}", again.json);
    venue.apply(application(OTHER, "neu"), "one and the same").await.refuses(422, "idempotency_key_reused");
    let (id, token) = (&made.json["id"], made.json["token"].as_str().unwrap());

    let own = venue.own(token).await.json;
    assert_eq!((&own["status"], &own["firm"]["licence_until"]), (&json!("waiting"), &json!("2099-05-20")), "{own}");
    assert_eq!((&own["contact"]["phone"], &own["welcome"]), (&json!("+8613987654321"), &Value::Null));
    let listed = venue.get("/api/v1/applications?status=waiting").by(&auditor).send().await;
    assert_eq!(listed.json["items"][0]["firm"]["credit_code"], CODE, "{}", listed.json);
    assert!(!listed.json.to_string().contains("planted"), "a list names nobody");
    let whole = venue.get(&format!("/api/v1/applications/{id}")).by(&auditor).send().await.json;
    assert_eq!((&whole["contact"]["login"], &whole["login_taken"]), (&json!("neu"), &json!(false)), "{whole}");
    let trail = venue.get("/api/v1/audit?act=looked_at_application").by(&auditor).send().await.json;
    assert_eq!((&trail["items"][0]["login"], &trail["items"][0]["detail"]), (&json!("aud1"), &json!("1")), "{trail}");

    venue.decide(&admin, id, "admission", json!({"code": "S1", "version": 0})).await.refuses(409, "taken");
    let taken = venue.decide(&admin, id, "admission", json!({"code": "N1", "version": 0, "login": "b1"})).await;
    taken.refuses(409, "login_taken");
    let path = format!("/api/v1/applications/{id}/admission");
    let admit =
        async || venue.post(&path).by(&admin).key("admits").json(json!({"code": "N1", "version": 0})).send().await;
    let admitted = admit().await;
    assert_eq!((admitted.status.as_u16(), &admitted.json["login"]), (200, &json!("neu")), "{}", admitted.json);
    let replayed = admit().await;
    assert!(replayed.replayed() && replayed.body == admitted.body, "{}", replayed.json);
    venue.decide(&admin, id, "refusal", json!({"reason": "zu spät"})).await.refuses(409, "already_decided");

    let own = venue.own(token).await.json;
    assert_eq!(
        (&own["status"], &own["member"], &own["welcome"]["state"]),
        (&json!("admitted"), &json!("N1"), &json!("open"))
    );
    let password = own["welcome"]["password"].as_str().unwrap();
    assert_eq!(admitted.json["password"], password, "the applicant reads what staff were told");
    let entered = venue.post("/api/v1/sessions").json(json!({"login": "neu", "password": password})).send().await;
    assert_eq!(entered.json["user"]["new_password_required"], true, "{}", entered.json);
    let session = entered.json["token"].as_str().unwrap();
    let replaced = json!({"current": password, "new": "a password of my own"});
    assert_eq!(venue.post("/api/v1/password").by(session).json(replaced).send().await.status, 200);
    let own = venue.own(token).await.json;
    assert_eq!((&own["welcome"]["state"], &own["welcome"]["password"]), (&json!("used"), &Value::Null), "{own}");
    let body = json!({"login": "neu", "password": password});
    venue.post("/api/v1/sessions").json(body).send().await.refuses(401, "bad_credentials");
    let users = venue.get("/api/v1/users").by(session).send().await.json;
    assert_eq!(
        (&users["items"][0]["role"], &users["items"][0]["member"]),
        (&json!("manager"), &json!("N1")),
        "{users}"
    );
    let members = venue.get("/api/v1/members?limit=100").by(&admin).send().await.json;
    assert!(members["items"].as_array().unwrap().iter().any(|one| one["name"] == "Firm neu"), "{members}");
    venue.apply(application(CODE, "nochmal"), "another key").await.refuses(409, "already_applied");
}

/// Protects what a firm may say: what cannot be is told by its name, and leaves no key of a person behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_told() {
    let venue = Venue::start().await;
    let (keys, _) = venue.persons_keys();
    let with = |at: &str, value: Value| {
        let mut body = application(CODE, "neu");
        *body.pointer_mut(at).unwrap() = value;
        body
    };
    for (body, status, reason) in [
        (with("/firm/credit_code", json!("91150000701463622E")), 422, "invalid_credit_code"),
        (with("/firm/credit_code", json!("9115000070146362")), 422, "invalid_credit_code"),
        (with("/firm/credit_code", json!("911500007O1463622D")), 422, "invalid_credit_code"),
        (with("/firm/name", json!(" ")), 422, "invalid_name"),
        (with("/firm/licence_until", json!("2031-02-30")), 422, "invalid_time"),
        (with("/firm/licence_until", json!("2020-01-01")), 409, "licence_ended"),
        (with("/firm/affiliates", json!([{}])), 422, "invalid_affiliate"),
        (with("/firm/affiliates", json!([{"code": "9144030071526726XH"}])), 422, "invalid_credit_code"),
        (with("/firm/affiliates", json!(vec![json!({"name": "x"}); 21])), 422, "invalid_affiliate"),
        (with("/contact/name", json!("")), 422, "invalid_name"),
        (with("/contact/login", json!("x".repeat(65))), 422, "invalid_login"),
        (with("/contact/phone", json!("13987654321")), 422, "invalid_phone"),
        (with("/contact/email", json!("nobody")), 422, "invalid_email"),
        (with("/contact", json!({"name": "x"})), 400, "invalid_body"),
        (with("/firm", json!([CODE, "x", null, []])), 400, "invalid_body"),
    ] {
        let shown = body.to_string();
        let key = format!("key-of-a-test-{}", shown.len());
        let told = venue.post("/api/v1/applications").key(&key).json(body).send().await;
        assert_eq!((told.status.as_u16(), told.json["reason"].as_str()), (status, Some(reason)), "{shown}");
    }
    let short = venue.post("/api/v1/applications").key("short").json(application(CODE, "neu")).send().await;
    short.refuses(400, "idempotency_key_invalid");
    assert_eq!(venue.persons_keys().0, keys);
    let told = venue.get("/api/v1/applications/own").send().await;
    told.refuses(400, "application_token_missing");
    venue.own(&"0".repeat(64)).await.refuses(404, "unknown_application");
    let listed = venue.get("/api/v1/applications?status=odd").by(&venue.sign_in("adm1").await).send().await;
    listed.refuses(422, "invalid_status");
}

/// Protects who was refused: it reads why, amends under the same key and waits again; and who wants to be forgotten then is, by two of
/// the staff, everywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_refused_amends_and_can_be_forgotten() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let token = venue.applies(application(CODE, "neu")).await;
    let (keys, _) = venue.persons_keys();
    venue.decide(&one, &json!(1), "refusal", json!({"reason": " "})).await.refuses(422, "invalid_reason");
    let refused = venue.decide(&one, &json!(1), "refusal", json!({"reason": "执照看不清"})).await;
    assert_eq!((refused.status.as_u16(), &refused.json["status"]), (200, &json!("refused")), "{}", refused.json);
    let own = venue.own(&token).await.json;
    assert_eq!((&own["status"], &own["reason"]), (&json!("refused"), &json!("执照看不清")));

    let amended = venue.amend(&token, application(CODE, "anders"), "amends-for-the-first-time").await;
    assert_eq!((amended.status.as_u16(), &amended.json["status"]), (200, &json!("waiting")), "{}", amended.json);
    let whole = venue.get("/api/v1/applications/1").by(&one).send().await.json;
    assert_eq!((&whole["contact"]["login"], &whole["reason"]), (&json!("anders"), &json!("执照看不清")), "{whole}");
    assert_eq!(venue.persons_keys().0, keys, "it has one key for all that was said");
    venue
        .amend(&"0".repeat(64), application(CODE, "x"), "a-stranger-amends-it")
        .await
        .refuses(404, "unknown_application");
    venue.decide(&one, &json!(1), "erasure", json!({})).await.refuses(409, "not_refused");

    venue.decide(&one, &json!(1), "refusal", json!({"reason": "nein"})).await;
    let asked = venue.decide(&one, &json!(1), "erasure", json!({})).await;
    assert_eq!(asked.status, 202, "{}", asked.json);
    let waiting = venue.get("/api/v1/approvals").by(&two).send().await.json;
    assert_eq!(
        (&waiting["items"][0]["act"], &waiting["items"][0]["application"]),
        (&json!("applicant_erasure"), &json!(1))
    );
    let path = format!("/api/v1/approvals/{}", asked.json["id"]);
    venue.post(&path).by(&one).json(json!({})).send().await.refuses(403, "same_person");
    assert_eq!(venue.post(&path).by(&two).json(json!({})).send().await.status, 200);
    assert_eq!(venue.persons_keys().0, keys - 1, "the key is destroyed");
    venue.own(&token).await.refuses(404, "unknown_application");
    venue.amend(&token, application(CODE, "x"), "amends-for-the-last-time").await.refuses(404, "unknown_application");
    let whole = venue.get("/api/v1/applications/1").by(&one).send().await.json;
    assert_eq!((&whole["contact"], &whole["forgotten"]), (&Value::Null, &json!(true)), "{whole}");
    venue.decide(&one, &json!(1), "erasure", json!({})).await.refuses(409, "forgotten");
    venue.applies(application(CODE, "wieder")).await;
}

/// Protects the person who applies: what it said of itself is in no file, in no list, and for no other role's eyes; and is forgotten
/// with the user that it became.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_applicant_is_kept_secret() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let of = |login: &str| {
        let mut body = application(CODE, login);
        body["firm"]["name"] = json!("北方稀土");
        body
    };
    let token = venue.applies(of("neu")).await;
    venue.amend(&token, of("planted-login"), "amends-what-was-said").await;
    venue.decide(&one, &json!(1), "admission", json!({"code": "N1", "version": 1})).await;
    let own = venue.own(&token).await.json;
    let secrets = ["Planted planted-login", "13987654321", "@planted.example", "planted-login", "Planted neu"];
    let told = [token.as_str(), own["welcome"]["password"].as_str().unwrap()];
    for text in secrets.iter().chain(&told) {
        assert!(!venue.files_hold(text.as_bytes()), "{text} is in a file");
    }
    for login in ["b1", "s1m", "op1", "set1", "aud1"] {
        let by = venue.sign_in(login).await;
        for path in ["/api/v1/applications", "/api/v1/approvals", "/api/v1/audit", "/api/v1/members"] {
            let told = venue.get(path).by(&by).send().await.json.to_string();
            assert!(!secrets[..3].iter().any(|text| told.contains(text)), "{login} reads {path}: {told}");
        }
    }
    let asked = venue.post("/api/v1/users/planted-login/erasure").by(&one).json(json!({})).send().await;
    let path = format!("/api/v1/approvals/{}", asked.json["id"]);
    assert_eq!(venue.post(&path).by(&two).json(json!({})).send().await.status, 200);
    let own = venue.own(&token).await.json;
    assert_eq!((&own["contact"], &own["welcome"]["login"]), (&Value::Null, &Value::Null), "{own}");
    assert_eq!(venue.get("/api/v1/applications/1").by(&one).send().await.json["contact"], Value::Null);
}

/// Protects the end of a link: a first password that was not used in time opens nothing, and staff give another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_password_ends() {
    let venue = Venue::start().await;
    let lasts = Some(Span::from_seconds(1));
    let profile = Profile { outage_after: None, first_password_lasts: lasts, ..Profile::default() };
    venue.node.submit(Command::system(Body::SetProfile(profile))).await.unwrap().outcome.unwrap();
    let admin = venue.sign_in("adm1").await;
    let token = venue.applies(application(CODE, "neu")).await;
    let admitted = venue.decide(&admin, &json!(1), "admission", json!({"code": "N1", "version": 0})).await.json;
    assert!(admitted["ends_at"].is_string(), "{admitted}");
    let patience = std::time::Instant::now() + Duration::from_secs(10);
    while venue.own(&token).await.json["welcome"]["state"] != "ended" {
        assert!(std::time::Instant::now() < patience, "it does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let enter = async |password: &Value| {
        venue.post("/api/v1/sessions").json(json!({"login": "neu", "password": password})).send().await
    };
    enter(&admitted["password"]).await.refuses(401, "first_password_ended");
    enter(&json!("a wrong one that nobody has")).await.refuses(401, "bad_credentials");
    let lasts = Some(Span::from_seconds(3_600));
    let profile = Profile { outage_after: None, first_password_lasts: lasts, ..Profile::default() };
    venue.node.submit(Command::system(Body::SetProfile(profile))).await.unwrap().outcome.unwrap();
    let renewed = venue.post("/api/v1/users/neu/password").by(&admin).json(json!({})).send().await.json;
    assert_eq!(enter(&renewed["password"]).await.status, 201);
    assert_eq!(
        venue.own(&token).await.json["welcome"]["state"],
        "used",
        "what staff gave is not the applicant's to read"
    );
    let users = venue.get("/api/v1/users?member=N1").by(&admin).send().await.json;
    assert!(users["items"][0]["first_password_ends_at"].is_string(), "{users}");
}

/// Protects the venue from a flood: one address makes so many applications an hour, and is told when it may go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_applies_now_and_then() {
    let venue = Venue::with(GatewayConfig { applications_per_hour: 2, ..config() }).await;
    venue.applies(application(CODE, "eins")).await;
    venue.applies(application(OTHER, "zwei")).await;
    let told = venue.apply(application(OTHER, "drei"), "the third").await;
    told.refuses(429, "rate_limited");
    assert!(told.headers.contains_key("retry-after"));
}

/// Protects who applied in vain and was forgotten by an entry whose call nobody finished: the node destroys the key by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_destroys_the_key_of_an_applicant() {
    use exchange::Principal;
    use exchange::units::{ApplicationId, ApprovalId};
    let venue = Venue::start().await;
    venue.applies(application(CODE, "neu")).await;
    let (keys, _) = venue.persons_keys();
    let listed = venue.get("/api/v1/users?limit=100").by(&venue.sign_in("adm1").await).send().await.json;
    let submit = async |login: &str, body| {
        let found = listed["items"].as_array().unwrap().iter().find(|user| user["login"] == login).unwrap();
        let user = exchange::units::UserId(u32::try_from(found["id"].as_u64().unwrap()).unwrap());
        let command = Command { principal: Principal::User(user), request: None, body };
        venue.node.submit(command).await.unwrap().outcome.unwrap()
    };
    let application = ApplicationId(1);
    submit("adm1", Body::RefuseApplicant { application, reason: "nein".to_owned() }).await;
    submit("adm1", Body::AskForgetting { application }).await;
    submit("adm2", Body::Approve { approval: ApprovalId(1), password_hash: None }).await;
    let patience = std::time::Instant::now() + Duration::from_secs(20);
    while venue.persons_keys().0 != keys - 1 {
        assert!(std::time::Instant::now() < patience, "the key is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A small PDF, with a text that is found nowhere by chance.
const LICENCE: &[u8] = b"%PDF-1.7\n% planted-licence 8821\n%%EOF";

/// Protects documents: who has the token hands them in and takes them back, nobody else; their bytes and names are in no file; staff read
/// them, by a look in the trail; they stand still once it is decided, and are gone with the person.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_come_with_an_application() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let token = venue.applies(application(CODE, "neu")).await;
    let add = async |token: &str, kind: &str, body: &'static [u8]| {
        let call = venue.post("/api/v1/applications/own/documents?name=planted-name.pdf").no_key();
        let call = call.header("application-token", token).text(body).header("content-type", kind);
        call.send().await
    };
    add(&"0".repeat(64), "application/pdf", LICENCE).await.refuses(404, "unknown_application");
    add(&token, "application/pdf", b"<html>").await.refuses(415, "type_mismatch");
    add(&token, "text/html", b"<html>").await.refuses(415, "unsupported_media_type");
    add(&token, "image/png", LICENCE).await.refuses(415, "type_mismatch");
    let added = add(&token, "application/pdf", LICENCE).await;
    assert_eq!((added.status.as_u16(), &added.json["size"]), (201, &json!(LICENCE.len())), "{}", added.json);
    let again = add(&token, "application/pdf", LICENCE).await;
    assert_eq!((again.status.as_u16(), &again.json["id"]), (201, &added.json["id"]), "sent twice it is one");
    for text in ["planted-licence", "planted-name"] {
        assert!(!venue.files_hold(text.as_bytes()), "{text} is in a file");
    }
    let listed = venue.own(&token).await.json;
    let id = added.json["id"].as_str().unwrap();
    assert_eq!(
        listed["documents"],
        json!([{"id": id, "name": "planted-name.pdf", "type": "application/pdf"}]),
        "{listed}"
    );
    let whole = venue.get("/api/v1/applications/1").by(&one).send().await.json;
    assert_eq!(whole["documents"], listed["documents"]);
    let path = format!("/api/v1/files/{id}");
    let read = venue.get(&path).by(&one).send().await;
    assert_eq!((read.status.as_u16(), &*read.body), (200, LICENCE));
    venue.get(&path).by(&venue.sign_in("b1m").await).send().await.refuses(404, "unknown_file");
    let trail = venue.get("/api/v1/audit?act=looked_at_document").by(&one).send().await.json;
    assert_eq!(trail["items"][0]["login"], "adm1", "{trail}");

    let second = add(&token, "application/pdf", b"%PDF-1.7 another").await;
    let drop = async |token: &str, id: &Value| {
        let path = format!("/api/v1/applications/own/documents/{}", id.as_str().unwrap());
        venue.call(Method::DELETE, &path).no_key().header("application-token", token).send().await
    };
    drop(&"0".repeat(64), &second.json["id"]).await.refuses(404, "unknown_application");
    assert_eq!(drop(&token, &second.json["id"]).await.status, 200);
    drop(&token, &second.json["id"]).await.refuses(404, "unknown_file");
    assert_eq!(venue.own(&token).await.json["documents"].as_array().unwrap().len(), 1);

    venue.decide(&one, &json!(1), "refusal", json!({"reason": "nein"})).await;
    let asked = venue.decide(&one, &json!(1), "erasure", json!({})).await;
    let approval = format!("/api/v1/approvals/{}", asked.json["id"]);
    assert_eq!(venue.post(&approval).by(&two).json(json!({})).send().await.status, 200);
    venue.get(&path).by(&one).send().await.refuses(410, "erased");
    let whole = venue.get("/api/v1/applications/1").by(&one).send().await.json;
    assert_eq!(whole["documents"][0]["name"], Value::Null, "{whole}");
    add(&token, "application/pdf", LICENCE).await.refuses(404, "unknown_application");

    let token = venue.applies(application(OTHER, "andere")).await;
    venue.decide(&one, &json!(2), "admission", json!({"code": "N2", "version": 0})).await;
    add(&token, "application/pdf", LICENCE).await.refuses(409, "already_decided");
}
