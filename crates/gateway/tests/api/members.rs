//! Firms, users and the venue profile over HTTP.

use serde_json::json;

use crate::venue::Venue;

/// Protects that an admitted firm's user signs in with a password that serves once, and must replace it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_user_replaces_its_first_password() {
    let venue = Venue::start().await;
    let admin = venue.sign_in("adm1").await;
    let firm = json!({"code": "N1", "name": "新公司"});
    let admitted = venue.post("/api/v1/members").by(&admin).json(firm.clone()).send().await;
    assert_eq!(admitted.status, 201, "{}", admitted.json);
    venue.post("/api/v1/members").by(&admin).json(firm).send().await.refuses(409, "taken");
    let odd = venue.post("/api/v1/members").by(&admin).json(json!({"code": "", "name": "x"})).send().await;
    odd.refuses(422, "invalid_code");
    for code in [".", "N1\u{200d}", " N1"] {
        let odd = venue.post("/api/v1/members").by(&admin).json(json!({"code": code, "name": "x"})).send().await;
        odd.refuses(422, "invalid_code");
    }
    let user = json!({"login": "neu", "name": "新人", "role": "trader", "member": "N1", "password": "first password"});
    let added = venue.post("/api/v1/users").by(&admin).key("u").json(user.clone()).send().await;
    assert_eq!(added.status, 201, "{}", added.json);
    let again = venue.post("/api/v1/users").by(&admin).key("u").json(user.clone()).send().await;
    assert!(again.replayed() && again.body == added.body);
    venue.post("/api/v1/users").by(&admin).json(user.clone()).send().await.refuses(409, "taken");
    for (key, value, status, reason) in [
        ("member", json!("X"), 404, "unknown_member"),
        ("member", json!(null), 422, "role_mismatch"),
        ("role", json!("boss"), 422, "invalid_role"),
        ("password", json!("short"), 422, "invalid_password"),
        ("login", json!(""), 422, "invalid_login"),
        ("login", json!(".."), 422, "invalid_login"),
        ("login", json!("adm1 "), 422, "invalid_login"),
        ("login", json!("葛\u{e0100}"), 422, "invalid_login"),
        ("login", json!("adm\u{200b}1"), 422, "invalid_login"),
        ("name", json!("\u{202e}neu"), 422, "invalid_name"),
    ] {
        let mut user = user.clone();
        user[key] = value;
        venue.post("/api/v1/users").by(&admin).json(user).send().await.refuses(status, reason);
    }

    let sign_in = async |password: &str| {
        venue.post("/api/v1/sessions").json(json!({"login": "neu", "password": password})).send().await
    };
    let session = sign_in("first password").await;
    assert_eq!(session.json["user"]["new_password_required"], true);
    assert_eq!(session.json["user"]["member"], "N1");
    let token = session.json["token"].as_str().unwrap().to_owned();
    venue.get("/api/v1/auctions").by(&token).send().await.refuses(403, "new_password_required");
    let change = async |current: &str, new: &str, key: &str| {
        let body = json!({"current": current, "new": new});
        venue.post("/api/v1/password").by(&token).key(key).json(body).send().await
    };
    change("wrong password!", "second password", "p0").await.refuses(401, "bad_credentials");
    change("first password", "short", "p0").await.refuses(422, "invalid_password");
    let changed = change("first password", "second password", "p1").await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let again = change("first password", "second password", "p1").await;
    assert!(again.replayed() && again.body == changed.body, "{}", again.json);
    assert_eq!(venue.get("/api/v1/auctions").by(&token).send().await.status, 200);
    sign_in("first password").await.refuses(401, "bad_credentials");
    assert_eq!(sign_in("second password").await.status, 201);
}

/// Protects that whoever is not added leaves no key behind, and that who is added keeps it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_key_is_kept_of_who_is_not_added() {
    let venue = Venue::start().await;
    let admin = venue.sign_in("adm1").await;
    let (before, ever) = venue.persons_keys();
    let user = |login: &str| json!({"login": login, "name": "新人", "role": "trader", "member": "B1", "password": "first password"});
    let add =
        async |key: &str, login: &str| venue.post("/api/v1/users").by(&admin).key(key).json(user(login)).send().await;
    let taken = add("k1", "op1").await;
    taken.refuses(409, "taken");
    assert!(taken.json["sequence"].as_u64().is_some(), "the log has the refusal: {}", taken.json);
    assert!(add("k1", "op1").await.replayed());
    assert_eq!(venue.persons_keys(), (before, ever), "a key was made for a login that is taken");

    let added = add("k2", "neu").await;
    assert_eq!(added.status, 201, "{}", added.json);
    let again = add("k2", "neu").await;
    assert!(again.replayed() && again.body == added.body);
    assert_eq!(venue.persons_keys(), (before + 1, ever + 1));

    // What only the exchange knows: the key of the request was another's.
    add("k2", "anders").await.refuses(422, "idempotency_key_reused");
    assert_eq!(venue.persons_keys().0, before + 1, "the key of a refused person is there");
    let (one, two) = tokio::join!(add("k3", "wer"), add("k4", "wer"));
    assert_eq!(one.status.as_u16() + two.status.as_u16(), 201 + 409, "{} {}", one.json, two.json);
    assert_eq!(venue.persons_keys().0, before + 2);
    let signed_in = venue.post("/api/v1/sessions").json(json!({"login": "wer", "password": "first password"}));
    assert_eq!(signed_in.send().await.json["user"]["login"], "wer");
}

/// Protects that a locked user is out at once and hears what a stranger hears.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_user_is_out_at_once() {
    let venue = Venue::start().await;
    let (admin, trader) = (venue.sign_in("adm1").await, venue.sign_in("b1").await);
    let act = async |path: &str| venue.post(path).by(&admin).json(json!({})).send().await;
    assert_eq!(act("/api/v1/users/b1/lock").await.status, 200);
    act("/api/v1/users/b1/lock").await.refuses(409, "unchanged");
    act("/api/v1/users/nobody/lock").await.refuses(404, "unknown_user");
    venue.get("/api/v1/funds").by(&trader).send().await.refuses(401, "not_signed_in");
    let body = json!({"login": "b1", "password": crate::venue::PASSWORD});
    venue.post("/api/v1/sessions").json(body).send().await.refuses(401, "bad_credentials");
    assert_eq!(act("/api/v1/users/b1/unlock").await.status, 200);
    venue.sign_in("b1").await;
}

/// Protects the list of firms, and that the venue's rules are read and set whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_and_profile() {
    let venue = Venue::start().await;
    let (admin, trader) = (venue.sign_in("adm1").await, venue.sign_in("b1").await);
    let first = venue.get("/api/v1/members?limit=2").by(&admin).send().await.json;
    assert_eq!(first["items"][0], json!({"code": "S1", "name": "Firm S1", "frozen": null}));
    let next = first["next"].as_str().unwrap();
    let second = venue.get(&format!("/api/v1/members?limit=200&cursor={next}")).by(&admin).send().await.json;
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (3, &json!(null)));

    let mut profile = venue.get("/api/v1/profile").by(&trader).send().await.json;
    assert_eq!(profile["second_person_above"], "1000000.00");
    profile["sealed"] = json!(false);
    profile["second_person_above"] = json!(null);
    let set = venue.call(hyper::Method::PUT, "/api/v1/profile").by(&admin).json(profile.clone()).send().await;
    assert_eq!((set.status.as_u16(), set.json["status"].as_str()), (202, Some("pending")), "{}", set.json);
    let settings =
        |mut profile: serde_json::Value| profile.as_object_mut().unwrap().remove("revision").map(|_| profile);
    let now = async || settings(venue.get("/api/v1/profile").by(&trader).send().await.json);
    let wished = settings(profile.clone());
    assert_ne!(now().await, wished);
    let second = venue.sign_in("adm2").await;
    let waiting = venue.get("/api/v1/approvals").by(&second).send().await.json;
    assert_eq!(waiting["items"][0]["act"], "profile");
    assert_eq!(settings(waiting["items"][0]["profile"].clone()), wished);
    let approval = format!("/api/v1/approvals/{}", set.json["id"]);
    venue.post(&approval).by(&admin).json(json!({})).send().await.refuses(403, "same_person");
    assert_eq!(venue.post(&approval).by(&second).json(json!({})).send().await.status, 200);
    assert_eq!(now().await, wished);
    profile["rules"] = json!(99);
    let unknown = venue.call(hyper::Method::PUT, "/api/v1/profile").by(&admin).json(profile).send().await;
    unknown.refuses(422, "invalid_rules");
}

/// Protects a change of the rules from being undone by another that was made from the same ones, and a venue from figures that stop
/// it: both are refused with what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_the_profile_is_lost_or_stops_the_venue() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let read = venue.get("/api/v1/profile").by(&one).send().await.json;
    let put = async |by: &str, field: &str, value: serde_json::Value| {
        let mut wished = read.clone();
        wished[field] = value;
        venue.call(hyper::Method::PUT, "/api/v1/profile").by(by).json(wished).send().await
    };
    let approve = async |by: &str, asked: &crate::venue::Reply| {
        let path = format!("/api/v1/approvals/{}", asked.json["id"]);
        venue.post(&path).by(by).json(json!({})).send().await
    };
    let (first, second) = (put(&one, "lots_max", json!(90)).await, put(&two, "sealed", json!(false)).await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (202, 202), "{} {}", first.json, second.json);
    assert_eq!(approve(&two, &first).await.status, 200);
    let late = approve(&one, &second).await;
    late.refuses(409, "changed_meanwhile");
    assert!(late.json["detail"].as_str().unwrap().contains("look again"), "{}", late.json);
    put(&two, "sealed", json!(false)).await.refuses(409, "changed_meanwhile");
    put(&two, "revision", json!("0")).await.refuses(422, "invalid_revision");
    // Who names nothing changes what is in force.
    assert_eq!(put(&two, "revision", json!(null)).await.status, 202);

    for (field, value) in [
        ("idempotency_keys_per_user_max", json!(1)),
        ("idempotency_keys_max", json!(1)),
        ("idempotency_window", json!("1s")),
        ("approvals_max", json!(1)),
        ("first_password_lasts", json!("1s")),
        ("refused_kept", json!("1h")),
        ("outage_after", json!("1s")),
    ] {
        let refused = put(&one, field, value).await;
        refused.refuses(422, "invalid_profile");
        assert!(refused.json["detail"].as_str().unwrap().contains(field), "{}", refused.json);
    }
}
