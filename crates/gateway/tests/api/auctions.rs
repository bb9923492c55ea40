//! Announcements and the exchange's own hand over HTTP.

use std::time::Duration;

use serde_json::{Value, json};

use crate::venue::{Reply, Venue, announcement, later};

/// Protects the way of an announcement: handed in, hidden, approved, seen with its defaults.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_is_hidden_until_it_is_approved() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    let strangers = [venue.sign_in("b1").await, venue.sign_in("b1m").await];
    let submitted = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await;
    assert_eq!(submitted.status, 201, "{}", submitted.json);
    assert_eq!(submitted.json["status"], "submitted");
    let path = format!("/api/v1/auctions/{}", submitted.json["id"]);
    for stranger in &strangers {
        venue.get(&path).by(stranger).send().await.refuses(404, "unknown_auction");
        let list = venue.get("/api/v1/auctions").by(stranger).send().await;
        assert_eq!(list.json, json!({"items": [], "next": null}));
    }
    for login in ["s1m", "s1t", "op1", "set1", "adm1", "aud1"] {
        let token = venue.sign_in(login).await;
        let seen = venue.get(&path).by(&token).send().await;
        assert_eq!(seen.json["status"], "submitted", "{login}: {}", seen.json);
        assert_eq!(seen.json["lots"][0]["status"], "waiting");
    }
    let trader = venue.sign_in("s1t").await;
    let bid = venue.post(&format!("{path}/lots/1/bids")).by(&trader).json(json!({"price": "565000.00"})).send().await;
    bid.refuses(404, "unknown_auction");

    let operator = venue.sign_in("op1").await;
    let approved = venue.post(&format!("{path}/approval")).by(&operator).json(json!({})).send().await;
    assert_eq!((approved.status.as_u16(), approved.json["status"].as_str()), (200, Some("published")));
    let again = venue.post(&format!("{path}/approval")).by(&operator).json(json!({})).send().await;
    again.refuses(409, "not_submitted");
    let seen = venue.get(&path).by(&strangers[0]).send().await.json;
    let expected = announcement();
    for key in ["title", "side", "product", "unit"] {
        assert_eq!(seen[key], expected[key]);
    }
    assert_eq!(seen["initiator"], "S1");
    assert_eq!(
        seen["bidding"],
        json!({
            "format": "open", "start_price": "565000.00", "limit_price": "575000.00", "step": "500.00",
            "max_step": "1000.00", "countdown": "180s", "countdown_from": "closing", "consecutive": false,
            "margin_rate": "0.2", "eligible": null
        })
    );
    assert_eq!(
        seen["lots"][1],
        json!({
            "code": "甲/2", "quantity": "0.5", "status": "waiting", "best_price": null, "leader": null,
            "end": seen["closes"], "accepted": 0, "rejected": 0, "annulled": null
        })
    );
    let funds = venue.get("/api/v1/funds").by(&manager).send().await.json;
    assert_eq!(funds["held"], "282500.00");
}

/// Protects rejection, and that the initiator may come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_announcement_may_come_again() {
    let venue = Venue::start().await;
    let (manager, operator) = (venue.sign_in("s1m").await, venue.sign_in("op1").await);
    let submitted = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json;
    let path = format!("/api/v1/auctions/{}", submitted["id"]);
    venue.post(&format!("{path}/rejection")).by(&operator).json(json!({})).send().await.refuses(400, "invalid_body");
    let blank = venue.post(&format!("{path}/rejection")).by(&operator).json(json!({"reason": " "})).send().await;
    blank.refuses(422, "invalid_reason");
    let rejected =
        venue.post(&format!("{path}/rejection")).by(&operator).json(json!({"reason": "规格不全"})).send().await;
    assert_eq!((rejected.status.as_u16(), rejected.json["status"].as_str()), (200, Some("rejected")));
    assert_eq!(venue.get(&path).by(&manager).send().await.json["reason"], "规格不全");
    let late = venue.post(&format!("{path}/approval")).by(&operator).json(json!({})).send().await;
    assert!([404, 409].contains(&late.status.as_u16()), "{}", late.json);
    let anew = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await;
    assert_eq!(anew.status, 201);
    assert_ne!(anew.json["id"], submitted["id"]);
}

/// Protects the words for what cannot be in an announcement, and for an approval that comes too late or is not covered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn announcements_that_cannot_be() {
    let venue = Venue::start().await;
    let (manager, operator) = (venue.sign_in("s1m").await, venue.sign_in("op1").await);
    let hand_in = async |change: &dyn Fn(&mut Value)| -> Reply {
        let mut body = announcement();
        change(&mut body);
        venue.post("/api/v1/auctions").by(&manager).json(body).send().await
    };
    assert_eq!(hand_in(&|a| a["initiator"] = json!("S1")).await.status, 201);
    hand_in(&|a| a["initiator"] = json!("B1")).await.refuses(422, "invalid_initiator");
    hand_in(&|a| a["opens"] = json!("2026-01-01")).await.refuses(422, "invalid_time");
    hand_in(&|a| a["closes"] = a["opens"].clone()).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["lots"] = json!([])).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["lots"][1]["code"] = json!("1")).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["title"] = json!("")).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["title"] = json!("x".repeat(10_000))).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["lots"][0]["quantity"] = json!("0")).await.refuses(422, "invalid_quantity");
    hand_in(&|a| a["bidding"]["start_price"] = json!("5.001")).await.refuses(422, "invalid_price");
    hand_in(&|a| a["bidding"]["limit_price"] = json!("1.00")).await.refuses(422, "invalid_announcement");
    hand_in(&|a| a["bidding"]["eligible"] = json!(["B9"])).await.refuses(422, "unknown_member");
    hand_in(&|a| a["bidding"]["eligible"] = json!("B1")).await.refuses(400, "invalid_body");
    hand_in(&|a| a["bidding"]["tick"] = json!("1")).await.refuses(400, "invalid_body");
    hand_in(&|a| a["bidding"] = json!([])).await.refuses(400, "invalid_body");
    hand_in(&|a| a["side"] = json!(1)).await.refuses(400, "invalid_body");
    hand_in(&|a| a.as_object_mut().unwrap().remove("unit").map(drop).unwrap()).await.refuses(400, "invalid_body");
    let many: Vec<Value> = (0..201).map(|n| json!({"code": n.to_string(), "quantity": "1"})).collect();
    hand_in(&|a| a["lots"] = json!(many)).await.refuses(422, "invalid_announcement");

    let dear = hand_in(&|a| a["lots"][0]["quantity"] = json!("1000000")).await.json;
    let approve = async |id: &Value| {
        venue.post(&format!("/api/v1/auctions/{id}/approval")).by(&operator).json(json!({})).send().await
    };
    approve(&dear["id"]).await.refuses(409, "insufficient_margin");
    let past = hand_in(&|a| a["opens"] = json!("2025-01-01T00:00:00+08:00")).await.json;
    approve(&past["id"]).await.refuses(409, "too_late");
    approve(&json!(999)).await.refuses(404, "unknown_auction");
}

/// Protects suspension, resumption, extension and cancellation with their refusals.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_control_a_running_auction() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (operator, trader) = (venue.sign_in("op2").await, venue.sign_in("b1").await);
    let path = format!("/api/v1/auctions/{id}");
    let act = async |act: &str, body: Value| venue.post(&format!("{path}/{act}")).by(&operator).json(body).send().await;
    let why = json!({"reason": "核查 check"});
    act("resumption", why.clone()).await.refuses(409, "not_suspended");
    let suspended = act("suspension", why.clone()).await;
    assert_eq!((suspended.status.as_u16(), suspended.json["status"].as_str()), (200, Some("suspended")));
    act("suspension", why.clone()).await.refuses(409, "suspended");
    let until = |span| json!({"until": later(Duration::from_secs(span)), "reason": "more time"});
    act("extension", until(9_000)).await.refuses(409, "suspended");
    let bid = venue.post(&format!("{path}/lots/1/bids")).by(&trader).json(json!({"price": "565000.00"})).send().await;
    bid.refuses(409, "not_open");
    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((seen["status"].as_str(), seen["reason"].as_str()), (Some("suspended"), Some("核查 check")));
    assert!(seen["suspended_at"].as_str().is_some());
    assert_eq!(act("resumption", why.clone()).await.json["status"], "running");
    act("extension", until(60)).await.refuses(409, "not_later");
    act("extension", json!({"until": "soon", "reason": "x"})).await.refuses(422, "invalid_time");
    act("extension", json!({"reason": "x"})).await.refuses(400, "invalid_body");
    let extended = act("extension", until(9_000)).await;
    assert_eq!(extended.json["status"], "running", "{}", extended.json);
    assert!(venue.get(&path).by(&trader).send().await.json["closes"].as_str() > seen["closes"].as_str());
    let cancelled = act("cancellation", why.clone()).await;
    assert_eq!((cancelled.status.as_u16(), cancelled.json["status"].as_str()), (200, Some("cancelled")));
    act("cancellation", why.clone()).await.refuses(409, "ended");
    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((seen["status"].as_str(), seen["lots"][0]["status"].as_str()), (Some("cancelled"), Some("cancelled")));
    let unknown = venue.post("/api/v1/auctions/77/suspension").by(&operator).json(why).send().await;
    unknown.refuses(404, "unknown_auction");
}

/// Protects the list: its filters, its pages, and what cannot be asked of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_filtered_and_paged() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    for n in 0..5 {
        let mut body = announcement();
        if n == 2 {
            body["side"] = json!("procurement");
            body["bidding"]["limit_price"] = json!("500000.00");
            body["product"] = json!("废料 scrap");
        }
        assert_eq!(venue.post("/api/v1/auctions").by(&manager).json(body).send().await.status, 201);
    }
    let ids = async |query: &str| -> Vec<u64> {
        let answer = venue.get(&format!("/api/v1/auctions{query}")).by(&manager).send().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json["items"].as_array().unwrap().iter().map(|a| a["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids("").await, [5, 4, 3, 2, 1]);
    assert_eq!(ids("?status=&side=&product=&limit=&cursor=").await, [5, 4, 3, 2, 1]);
    assert_eq!(ids("?side=procurement").await, [3]);
    assert_eq!(ids("?product=%E5%BA%9F%E6%96%99%20scrap&status=submitted").await, [3]);
    assert_eq!(ids("?status=running").await, [0; 0]);
    assert_eq!(ids("?initiator=S1&side=procurement").await, [3]);
    assert_eq!(ids("?initiator=B1").await, [0; 0]);
    assert_eq!(ids("?initiator=nobody").await, [0; 0]);
    let mut seen = Vec::new();
    let mut query = "?limit=2&side=sale".to_owned();
    loop {
        let page = venue.get(&format!("/api/v1/auctions{query}")).by(&manager).send().await.json;
        seen.extend(page["items"].as_array().unwrap().iter().map(|a| a["id"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&side=sale&cursor={next}");
    }
    assert_eq!(seen, [5, 4, 2, 1]);
    for (query, status, reason) in [
        ("?status=open", 422, "invalid_status"),
        ("?side=buy", 422, "invalid_side"),
        ("?limit=x", 422, "invalid_limit"),
        ("?limit=-1", 422, "invalid_limit"),
        ("?cursor=abc", 422, "invalid_cursor"),
        ("?statuses=running", 400, "unknown_parameter"),
        ("?side=sale&side=sale", 400, "unknown_parameter"),
    ] {
        venue.get(&format!("/api/v1/auctions{query}")).by(&manager).send().await.refuses(status, reason);
    }
    assert_eq!(ids("?limit=100000").await.len(), 5);
}

/// Protects that a list leaves out who may bid, which may be a thousand names for each auction, and that the auction
/// itself says it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_leaves_out_who_may_bid() {
    let venue = Venue::start().await;
    let manager = venue.sign_in("s1m").await;
    let mut body = announcement();
    body["bidding"]["eligible"] = json!(["B2", "B1"]);
    let id = venue.post("/api/v1/auctions").by(&manager).json(body).send().await.json["id"].clone();
    let one = venue.get(&format!("/api/v1/auctions/{id}")).by(&manager).send().await.json;
    assert_eq!(one["bidding"]["eligible"], json!(["B2", "B1"]));
    let list = venue.get("/api/v1/auctions").by(&manager).send().await.json;
    let mut expected = one;
    expected["bidding"].as_object_mut().unwrap().remove("eligible");
    assert_eq!(list["items"], json!([expected]));
}
