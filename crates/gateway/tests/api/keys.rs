//! Keys of members' own systems, and traders' own limits.

use std::time::Duration;

use exchange::members::Scope;
use gateway::access::{TABLE, Who};
use hyper::Method;
use serde_json::{Value, json};

use crate::files::pdf;
use crate::roles::path_of;
use crate::venue::{Reply, Venue, later};

async fn add(venue: &Venue, manager: &str, scopes: &[&str], lasts: Duration) -> Reply {
    let body = json!({"name": "ERP 仓库", "scopes": scopes, "expires_at": later(lasts)});
    venue.post("/api/v1/keys").by(manager).json(body).send().await
}

const HOUR: Duration = Duration::from_secs(3600);

/// Protects the table for keys: with every scope a key is admitted where the table names a scope and nowhere else; with one
/// scope, where it names that one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_admits_the_keys_that_the_table_names() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await.to_string();
    let manager = venue.sign_in("b1m").await;
    let file = venue.kept(&manager, &pdf(1)).await;
    let mut keys = Vec::new();
    for scopes in [&["read", "bid", "publish"][..], &["read"][..], &["bid"][..], &["publish"][..]] {
        let added = add(&venue, &manager, scopes, HOUR).await;
        assert_eq!(added.status, 201, "{}", added.json);
        keys.push((scopes, added.json["token"].as_str().unwrap().to_owned()));
    }
    assert!(TABLE.iter().filter(|row| row.scope().is_some()).count() > 10);
    for row in TABLE.iter().filter(|row| row.who != Who::Anyone) {
        let path = path_of(row, if row.path.contains("/files/") { &file } else { &id });
        let method: Method = row.method.parse().unwrap();
        for (scopes, token) in &keys {
            let answer = venue.call(method.clone(), &path).no_key().by(token).text("{}").send().await;
            let named = row.scope().is_some_and(|scope: Scope| scopes.contains(&scope.word()));
            if named {
                let status = answer.status.as_u16();
                assert!(![401, 403, 404, 405].contains(&status) && status < 500, "{path} {scopes:?}: {}", answer.json);
            } else {
                answer.refuses(403, "forbidden");
            }
        }
    }
}

/// Protects a key's life: its token is told once, and again to the same request; it bids as its member, is dead once revoked,
/// and is of its own firm's managers alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_lives_until_it_is_revoked() {
    let venue = Venue::start().await;
    let auction = venue.running(|_| {}).await;
    let (manager, stranger) = (venue.sign_in("b1m").await, venue.sign_in("s1m").await);
    let body = json!({"name": "ERP", "scopes": ["bid", "read"], "expires_at": later(HOUR)});
    let ask = async || venue.post("/api/v1/keys").by(&manager).key("k").json(body.clone()).send().await;
    let (added, again) = (ask().await, ask().await);
    assert!(added.status == 201 && again.replayed() && added.body == again.body, "{}", again.json);
    let (id, token) = (added.json["id"].as_u64().unwrap(), added.json["token"].as_str().unwrap());

    let path = format!("/api/v1/auctions/{auction}/lots/1/bids");
    let bid = venue.post(&path).by(token).json(json!({"price": "565000.00"})).send().await;
    assert_eq!(bid.status, 201, "{}", bid.json);
    let own = venue.get("/api/v1/bids").by(&manager).send().await.json;
    assert_eq!(own["items"][0]["price"], "565000.00", "it is its member's bid: {own}");
    let who = venue.get("/api/v1/sessions/current").by(token).send().await.json;
    assert_eq!((&who["user"]["role"], &who["user"]["member"]), (&json!("key"), &json!("B1")));

    let listed = venue.get("/api/v1/keys").by(&manager).send().await.json;
    let key = &listed["items"][0];
    assert_eq!((&key["name"], &key["status"], &key["made_by"]), (&json!("ERP"), &json!("active"), &json!("b1m")));
    assert!(!listed.to_string().contains(token), "a token is told once");
    assert_eq!(venue.get("/api/v1/keys").by(&stranger).send().await.json["items"], json!([]));
    let users = venue.get("/api/v1/users").by(&manager).send().await.json;
    assert_eq!(users["items"].as_array().unwrap().len(), 2, "a key is no person");

    let revoke = async |by: &str| venue.call(Method::DELETE, &format!("/api/v1/keys/{id}")).by(by).send().await;
    revoke(&stranger).await.refuses(404, "unknown_key");
    let mut feed = venue.feed(token, None).await.unwrap();
    assert_eq!(revoke(&manager).await.status, 200);
    revoke(&manager).await.refuses(409, "unchanged");
    venue.get("/api/v1/funds").by(token).send().await.refuses(401, "not_signed_in");
    let closed = async {
        use futures_util::StreamExt;
        while let Some(Ok(message)) = feed.next().await {
            if message.is_close() {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("its feed ends with it");
    assert_eq!(venue.get("/api/v1/keys").by(&manager).send().await.json["items"][0]["status"], "revoked");
    for (change, status, reason) in [
        (json!({"scopes": ["all"]}), 422, "invalid_scope"),
        (json!({"scopes": []}), 422, "invalid_text"),
        (json!({"name": ""}), 422, "invalid_name"),
        (json!({"expires_at": "2020-01-01T00:00:00Z"}), 422, "invalid_text"),
        (json!({"expires_at": "soon"}), 422, "invalid_time"),
    ] {
        let mut body = body.clone();
        change.as_object().unwrap().iter().for_each(|(field, value)| body[field] = value.clone());
        venue.post("/api/v1/keys").by(&manager).json(body).send().await.refuses(status, reason);
    }
}

/// Protects a trader's own limit: set by itself or a manager of its firm, and read by both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trader_has_its_own_limit() {
    let venue = Venue::start().await;
    let (trader, manager) = (venue.sign_in("b1").await, venue.sign_in("b1m").await);
    let get = async |by: &str, query: &str| venue.get(&format!("/api/v1/limits{query}")).by(by).send().await;
    let put = async |by: &str, body: Value| venue.call(Method::PUT, "/api/v1/limits").by(by).json(body).send().await;
    assert_eq!(get(&trader, "").await.json, json!({"bid_amount_max": null, "given_max": null}));
    assert_eq!(put(&trader, json!({"bid_amount_max": "500000.00"})).await.status, 200);
    assert_eq!(get(&manager, "?login=b1").await.json, json!({"bid_amount_max": "500000.00", "given_max": null}));
    assert_eq!(put(&manager, json!({"login": "b1", "bid_amount_max": null})).await.status, 200);
    assert_eq!(get(&trader, "?login=b1").await.json, json!({"bid_amount_max": null, "given_max": null}));
    put(&manager, json!({"bid_amount_max": "1.00"})).await.refuses(422, "invalid_login");
    put(&manager, json!({"login": "b2", "bid_amount_max": "1.00"})).await.refuses(404, "unknown_user");
    put(&manager, json!({"login": "b1m", "bid_amount_max": "1.00"})).await.refuses(404, "unknown_user");
    put(&trader, json!({"login": "b1m", "bid_amount_max": "1.00"})).await.refuses(403, "forbidden");
    put(&trader, json!({"bid_amount_max": "0"})).await.refuses(422, "invalid_amount");
}

/// Protects the limit that a manager gives: its trader cannot lift it, a bid above it is refused by its own reason, one within it is not,
/// and it is the manager's own people's alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_gives_a_limit() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (trader, manager) = (venue.sign_in("b1").await, venue.sign_in("b1m").await);
    let give = async |by: &str, login: &str, most: Value| {
        let call = venue.call(Method::PUT, &format!("/api/v1/users/{login}/limit")).by(by);
        call.json(json!({"bid_amount_max": most})).send().await
    };
    let bid = async |price: &str| {
        let path = format!("/api/v1/auctions/{id}/lots/1/bids");
        venue.post(&path).by(&trader).json(json!({"price": price})).send().await
    };
    // The lot has 2 t.
    assert_eq!(give(&manager, "b1", json!("1130000.00")).await.status, 200);
    let limits = venue.get("/api/v1/limits").by(&trader).send().await.json;
    assert_eq!(limits, json!({"bid_amount_max": null, "given_max": "1130000.00"}));
    bid("565500.00").await.refuses(409, "above_given_limit");
    assert_eq!(bid("565000.00").await.status, 201);
    give(&trader, "b1", json!(null)).await.refuses(403, "forbidden");
    give(&manager, "s1t", json!(null)).await.refuses(404, "unknown_user");
    give(&manager, "b1m", json!("1.00")).await.refuses(404, "unknown_user");
    give(&manager, "b1", json!("0")).await.refuses(422, "invalid_amount");
    assert_eq!(give(&manager, "b1", json!(null)).await.status, 200);
}
