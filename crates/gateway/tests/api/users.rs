//! Users as admins and managers manage them, and one's own sessions.

use exchange::units::{ApprovalId, UserId};
use exchange::{Body, Command, Principal};
use gateway::Gateway;
use hyper::Method;
use serde_json::json;

use crate::venue::{PASSWORD, Venue, config};

/// Protects the line between firms: a manager manages the people of its own, and to it there are no others, staff neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_manages_its_own_people_only() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("b1m").await;
    let listed = venue.get("/api/v1/users").by(&manager).send().await.json;
    let logins: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|u| u["login"].as_str().unwrap()).collect();
    assert_eq!(logins, ["b1", "b1m"]);
    assert_eq!(venue.get("/api/v1/users?member=S1").by(&manager).send().await.json["items"], json!([]));

    let add = async |body| venue.post("/api/v1/users").by(&manager).json(body).send().await;
    let added = add(json!({"login": "b1n", "name": "新人", "role": "trader"})).await;
    assert_eq!(added.status, 201, "{}", added.json);
    let password = added.json["password"].as_str().unwrap();
    let body = json!({"login": "b1n", "password": password});
    let session = venue.post("/api/v1/sessions").json(body).send().await;
    assert_eq!(session.json["user"]["member"], "B1", "{}", session.json);
    assert_eq!(session.json["user"]["new_password_required"], true);
    add(json!({"login": "x1", "name": "x", "role": "trader", "member": "S1"})).await.refuses(403, "forbidden");
    add(json!({"login": "x2", "name": "x", "role": "admin"})).await.refuses(403, "forbidden");
    add(json!({"login": "x3", "name": "x", "role": "operator", "member": "B1"})).await.refuses(403, "forbidden");

    for act in ["lock", "unlock", "password"] {
        for stranger in ["s1t", "s1m", "op1", "adm1", "nobody"] {
            let path = format!("/api/v1/users/{stranger}/{act}");
            venue.post(&path).by(&manager).json(json!({})).send().await.refuses(404, "unknown_user");
        }
    }
    let lock = venue.post("/api/v1/users/b1/lock").by(&manager).json(json!({})).send().await;
    assert_eq!(lock.status, 200, "{}", lock.json);
    let listed = venue.get("/api/v1/users").by(&manager).send().await.json;
    assert_eq!(listed["items"][0]["locked"], true);
    let unlock = venue.post("/api/v1/users/b1/unlock").by(&manager).json(json!({})).send().await;
    assert_eq!(unlock.status, 200, "{}", unlock.json);
    venue.sign_in("b1").await;
}

/// Protects roles: a manager makes a trader of its own a manager, who signs in anew as one; not of strangers, of itself, or of staff.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_gives_roles() {
    let venue = Venue::start().await;
    let (manager, trader) = (venue.sign_in("b1m").await, venue.sign_in("b1").await);
    let give = async |login: &str, role: &str| {
        let path = format!("/api/v1/users/{login}/role");
        venue.call(Method::PUT, &path).by(&manager).json(json!({"role": role})).send().await
    };
    give("s1t", "manager").await.refuses(404, "unknown_user");
    give("b1m", "trader").await.refuses(403, "same_person");
    give("b1", "admin").await.refuses(422, "role_mismatch");
    give("b1", "king").await.refuses(422, "invalid_role");
    give("b1", "trader").await.refuses(409, "unchanged");
    let given = give("b1", "manager").await;
    assert_eq!(given.status, 200, "{}", given.json);
    venue.get("/api/v1/funds").by(&trader).send().await.refuses(401, "not_signed_in");
    let anew = venue.sign_in("b1").await;
    assert_eq!(venue.get("/api/v1/users").by(&anew).send().await.status, 200);
    let by_trader = venue.sign_in("s1t").await;
    let call = venue.call(Method::PUT, "/api/v1/users/s1t/role").by(&by_trader);
    call.json(json!({"role": "manager"})).send().await.refuses(403, "forbidden");
}

/// Protects that an admin sees everybody, page by page, with names, and of one firm where it names one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sees_everybody() {
    let venue = Venue::start().await;
    let admin = venue.sign_in("adm1").await;
    let first = venue.get("/api/v1/users?limit=10").by(&admin).send().await.json;
    let next = first["next"].as_str().unwrap();
    let second = venue.get(&format!("/api/v1/users?limit=10&cursor={next}")).by(&admin).send().await.json;
    assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (10, 4));
    assert_eq!(second["next"], json!(null));
    let operator = &first["items"][0];
    assert_eq!(
        (&operator["login"], &operator["name"], &operator["role"], &operator["member"]),
        (&json!("op1"), &json!("Person op1"), &json!("operator"), &json!(null))
    );
    let of_b1 = venue.get("/api/v1/users?member=B1").by(&admin).send().await.json;
    assert_eq!(of_b1["items"].as_array().unwrap().len(), 2);
    venue.get("/api/v1/users?member=X").by(&admin).send().await.refuses(404, "unknown_member");
}

/// Protects who has lost a password: a new one that serves once is told, once more when asked again, the old one and all
/// sessions are dead, and nobody gets around the question for one's own old password that way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_password_is_reset() {
    let venue = Venue::start().await;
    let (manager, trader) = (venue.sign_in("b1m").await, venue.sign_in("b1").await);
    let reset = async || venue.post("/api/v1/users/b1/password").by(&manager).key("reset").json(json!({})).send().await;
    let first = reset().await;
    assert_eq!(first.status, 200, "{}", first.json);
    let again = reset().await;
    assert!(again.replayed() && again.body == first.body, "{}", again.json);
    venue.get("/api/v1/funds").by(&trader).send().await.refuses(401, "not_signed_in");
    let sign_in = async |password: &str| {
        venue.post("/api/v1/sessions").json(json!({"login": "b1", "password": password})).send().await
    };
    sign_in(PASSWORD).await.refuses(401, "bad_credentials");
    let session = sign_in(first.json["password"].as_str().unwrap()).await;
    assert_eq!(session.json["user"]["new_password_required"], true, "{}", session.json);
    let own = venue.post("/api/v1/users/b1m/password").by(&manager).json(json!({})).send().await;
    own.refuses(403, "same_person");
    let given = venue.post("/api/v1/users/b1/password").by(&manager).json(json!({"password": "chosen by a person"}));
    assert_eq!(given.send().await.json["password"], json!(null));
    assert_eq!(sign_in("chosen by a person").await.status, 201);
}

/// Protects that one sees one's own sessions with their devices, and nobody else's, and can end each of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_device_is_signed_out() {
    let venue = Venue::start().await;
    let body = json!({"login": "b1", "password": PASSWORD});
    let phone = venue.post("/api/v1/sessions").header("user-agent", "a phone").json(body).send().await;
    let phone = phone.json["token"].as_str().unwrap();
    let (here, other) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let listed = venue.get("/api/v1/sessions").by(&here).send().await.json;
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|item| item["current"].as_bool().unwrap()).collect::<Vec<_>>(), [true, false]);
    assert_eq!((&items[1]["agent"], &items[1]["address"]), (&json!("a phone"), &json!("127.0.0.1")));
    assert!(items.iter().all(|item| item["begun_at"].as_str().is_some_and(|at| at.ends_with('Z'))), "{listed}");
    let end = async |token: &str| {
        let path = format!("/api/v1/sessions/{}", items[1]["id"].as_str().unwrap());
        venue.call(Method::DELETE, &path).no_key().by(token).send().await
    };
    end(&other).await.refuses(404, "unknown_session");
    assert_eq!(end(&here).await.status, 204);
    end(&here).await.refuses(404, "unknown_session");
    venue.get("/api/v1/funds").by(phone).send().await.refuses(401, "not_signed_in");
    assert_eq!(venue.get("/api/v1/sessions").by(&here).send().await.json["items"].as_array().unwrap().len(), 1);
}

/// Protects who wants to be forgotten: two admins decide, then its key is gone, nobody reads its login and name, its sessions
/// are dead, it cannot sign in, and nothing brings it back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_forgotten() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let (operator, b1) = (venue.sign_in("op1").await, venue.sign_in("b1").await);
    let (keys, _) = venue.persons_keys();
    let ask = async || venue.post("/api/v1/users/b1/erasure").by(&one).json(json!({})).send().await;
    let asked = ask().await;
    assert_eq!((asked.status.as_u16(), &asked.json["status"]), (202, &json!("pending")), "{}", asked.json);
    let waiting = venue.get("/api/v1/approvals").by(&two).send().await.json;
    let item = &waiting["items"][0];
    assert_eq!((&item["act"], &item["login"], &item["member"]), (&json!("erasure"), &json!("b1"), &json!(null)));
    let path = format!("/api/v1/approvals/{}", asked.json["id"]);
    let approve = async |by: &str, key: &str| venue.post(&path).by(by).key(key).json(json!({})).send().await;
    approve(&one, "a").await.refuses(403, "same_person");
    approve(&operator, "a").await.refuses(403, "forbidden");
    assert_eq!(venue.get("/api/v1/funds").by(&b1).send().await.status, 200, "nothing is done yet");
    let done = approve(&two, "a").await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert!(approve(&two, "a").await.replayed());

    assert_eq!(venue.persons_keys().0, keys - 1, "its key is destroyed");
    venue.get("/api/v1/funds").by(&b1).send().await.refuses(401, "not_signed_in");
    let body = json!({"login": "b1", "password": PASSWORD});
    venue.post("/api/v1/sessions").json(body).send().await.refuses(401, "bad_credentials");
    let listed = venue.get("/api/v1/users?member=B1").by(&one).send().await.json;
    let gone = &listed["items"][0];
    assert_eq!((&gone["login"], &gone["name"], &gone["forgotten"]), (&json!(null), &json!(null), &json!(true)));
    for act in ["unlock", "lock", "password", "erasure"] {
        let path = format!("/api/v1/users/b1/{act}");
        venue.post(&path).by(&one).json(json!({})).send().await.refuses(409, "forgotten");
    }
    let trail = venue.get("/api/v1/audit?act=person_forgotten").by(&one).send().await.json;
    let line = &trail["items"][0];
    assert_eq!((&line["login"], &line["subject_login"]), (&json!("adm2"), &json!(null)));
    assert_eq!(line["subject"], gone["id"]);
}

/// Protects who was forgotten from a node that ended before the key was destroyed: the next start does it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_destroys_the_keys_of_the_forgotten() {
    let venue = Venue::start().await;
    let (keys, _) = venue.persons_keys();
    let listed = venue.get("/api/v1/users").by(&venue.sign_in("adm1").await).send().await.json;
    let id = |login: &str| {
        let found = listed["items"].as_array().unwrap().iter().find(|user| user["login"] == login).unwrap();
        UserId(u32::try_from(found["id"].as_u64().unwrap()).unwrap())
    };
    let submit = async |by: &str, body| {
        let command = Command { principal: Principal::User(id(by)), request: None, body };
        venue.node.submit(command).await.unwrap().outcome.unwrap()
    };
    submit("adm1", Body::AskErasure { user: id("b2") }).await;
    submit("adm2", Body::Approve { approval: ApprovalId(1), password_hash: None }).await;
    assert_eq!(venue.persons_keys().0, keys, "nobody has destroyed it");
    Gateway::new(config(), venue.node.clone(), venue.live.clone(), venue.archive.clone()).unwrap();
    assert_eq!(venue.persons_keys().0, keys - 1);
}

/// Protects every rule of two persons from one admin who would be both: who joins the staff or gets in anew waits for another admin,
/// who alone is told the password, once more when asked again; what falls leaves no key of the person behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_admin_makes_a_second_person() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let (keys, _) = venue.persons_keys();
    let new = |login: &str| json!({"login": login, "name": "新人", "role": "admin", "password": "chosen by who asks"});
    let add =
        async |login: &str, key: &str| venue.post("/api/v1/users").by(&one).key(key).json(new(login)).send().await;
    let asked = add("adm3", "a").await;
    assert_eq!(asked.status, 202, "{}", asked.json);
    assert_eq!(asked.json["password"], json!(null));
    let again = add("adm3", "a").await;
    assert!(again.replayed() && again.body == asked.body, "{}", again.json);
    assert_eq!(venue.persons_keys().0, keys + 1, "the key of who may join is there, and no other");
    let waiting = venue.get("/api/v1/approvals").by(&two).send().await.json;
    let item = &waiting["items"][0];
    assert_eq!(
        (&item["act"], &item["login"], &item["name"], &item["gets_role"]),
        (&json!("staff_addition"), &json!("adm3"), &json!("新人"), &json!("admin"))
    );
    let path = format!("/api/v1/approvals/{}", asked.json["id"]);
    let shown = json!({"act": "approval", "approval": asked.json["id"]});
    let shown = venue.post("/api/v1/previews").by(&two).no_key().json(shown).send().await.json;
    let after = json!({"role": "admin", "new_password_required": true, "second_factor": false, "sessions": 0});
    assert_eq!(
        shown["staff"],
        json!({"user": null, "now": null, "after": after, "of_role_now": 2, "of_role_after": 3}),
        "{shown}"
    );
    let approve = async || venue.post(&path).by(&two).key("agree").json(json!({})).send().await;
    let agreed = approve().await;
    assert_eq!(agreed.status, 200, "{}", agreed.json);
    let again = approve().await;
    assert!(again.replayed() && again.body == agreed.body, "{}", again.json);
    let sign_in = async |password: &str| {
        venue.post("/api/v1/sessions").json(json!({"login": "adm3", "password": password})).send().await
    };
    sign_in("chosen by who asks").await.refuses(401, "bad_credentials");
    let session = sign_in(agreed.json["password"].as_str().unwrap()).await;
    assert_eq!((session.status.as_u16(), &session.json["user"]["role"]), (201, &json!("admin")), "{}", session.json);

    let reset = venue.post("/api/v1/users/op1/password").by(&one).json(json!({})).send().await;
    assert_eq!((reset.status, &reset.json["password"]), (hyper::StatusCode::ACCEPTED, &json!(null)), "{}", reset.json);
    venue.sign_in("op1").await;
    let agreed = venue.agreed(&two, &reset).await;
    let body = json!({"login": "op1", "password": agreed.json["password"], "code": venue.code("op1")});
    assert_eq!(venue.post("/api/v1/sessions").json(body).send().await.status, 201);

    let falls = add("adm4", "b").await;
    assert_eq!(venue.persons_keys().0, keys + 2);
    let path = format!("/api/v1/approvals/{}", falls.json["id"]);
    let fallen = venue.call(Method::DELETE, &path).by(&two).json(json!({})).send().await;
    assert_eq!(fallen.status, 200, "{}", fallen.json);
    assert_eq!(venue.persons_keys().0, keys + 1, "its key is destroyed");
}

/// Protects who was not let join from a node that ended before the key was destroyed: the next start does it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_destroys_the_keys_of_who_did_not_join() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let (keys, _) = venue.persons_keys();
    let new = json!({"login": "neu", "name": "新人", "role": "auditor"});
    assert_eq!(venue.post("/api/v1/users").by(&one).json(new).send().await.status, 202);
    let listed = venue.get("/api/v1/users").by(&two).send().await.json;
    let found = listed["items"].as_array().unwrap().iter().find(|user| user["login"] == "adm2").unwrap();
    let by = Principal::User(UserId(u32::try_from(found["id"].as_u64().unwrap()).unwrap()));
    let body = Body::Decline { approval: ApprovalId(1) };
    venue.node.submit(Command { principal: by, request: None, body }).await.unwrap().outcome.unwrap();
    assert_eq!(venue.persons_keys().0, keys + 1, "nobody has destroyed it");
    Gateway::new(config(), venue.node.clone(), venue.live.clone(), venue.archive.clone()).unwrap();
    assert_eq!(venue.persons_keys().0, keys);
}
