//! Previews over HTTP, held against what the acts then do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::venue::{Reply, Venue, later};

async fn preview(venue: &Venue, by: &str, body: Value) -> Reply {
    venue.post("/api/v1/previews").no_key().by(by).json(body).send().await
}

/// Status and times of an auction and of its lots, as a preview shows them.
fn stand(auction: &Value) -> (Value, Vec<Value>) {
    let lots = auction["lots"].as_array().unwrap().iter();
    (
        json!({"status": auction["status"], "opens": auction["opens"], "closes": auction["closes"]}),
        lots.map(|lot| json!({"status": lot["status"], "end": lot["end"]})).collect(),
    )
}

/// As the preview of one auction shows it: `now` or `after`.
fn shown(preview: &Value, when: &str) -> (Value, Vec<Value>) {
    let lots = preview["auctions"][0]["lots"].as_array().unwrap().iter();
    (preview["auctions"][0][when].clone(), lots.map(|lot| lot[when].clone()).collect())
}

/// Protects what an operator is shown before an act on an auction: it is so now, it is so afterwards, and asking leaves
/// no entry.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_operator_is_shown_is_so() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (operator, trader, manager) =
        (venue.sign_in("op1").await, venue.sign_in("b1").await, venue.sign_in("s1m").await);
    let path = format!("/api/v1/auctions/{id}");
    let bid = json!({"price": "565000.00"});
    assert_eq!(venue.post(&format!("{path}/lots/1/bids")).by(&trader).json(bid).send().await.status, 201);
    let until = later(Duration::from_secs(9_000));
    let acts = [
        ("extension", json!({"until": until, "reason": "x"}), true),
        ("suspension", json!({"reason": "x"}), true),
        // How long the clocks stood still is known when they go on.
        ("resumption", json!({"reason": "x"}), false),
    ];
    for (act, body, exact) in acts {
        let now = venue.get(&path).by(&operator).send().await.json;
        let asked = json!({"act": act, "auction": id, "until": body["until"]});
        let seen = preview(&venue, &operator, asked.clone()).await;
        assert_eq!(seen.status, 200, "{act}: {}", seen.json);
        assert_eq!(shown(&seen.json, "now"), stand(&now), "{act}");
        assert_eq!(seen.json["margins"], json!([]), "{act}");
        let again = preview(&venue, &operator, asked).await;
        assert_eq!(again.json["sequence"], seen.json["sequence"], "asking leaves no entry");
        assert_eq!(venue.post(&format!("{path}/{act}")).by(&operator).json(body).send().await.status, 200);
        let after = venue.get(&path).by(&operator).send().await.json;
        let (foreseen, is) = (shown(&seen.json, "after"), stand(&after));
        if exact {
            assert_eq!(foreseen, is, "{act}");
        } else {
            assert_eq!(foreseen.0["status"], is.0["status"]);
            assert!(foreseen.0["closes"].as_str() <= is.0["closes"].as_str());
        }
    }
    // What would be refused is refused alike, and by no entry.
    let refused = preview(&venue, &operator, json!({"act": "resumption", "auction": id})).await;
    refused.refuses(409, "not_suspended");
    assert_eq!(refused.json["sequence"], json!(null));

    let funds = async |token: &str| venue.get("/api/v1/funds").by(token).send().await.json;
    let (bidders, initiators) = (funds(&trader).await, funds(&manager).await);
    let seen = preview(&venue, &operator, json!({"act": "cancellation", "auction": id})).await.json;
    assert_eq!(
        seen["margins"],
        json!([
            {"auction": id, "lot": "1", "member": null, "bidder": "#1", "amount": bidders["held"], "released": true},
            {"auction": id, "lot": "1", "member": "S1", "bidder": null, "amount": "226000.00", "released": true},
            {"auction": id, "lot": "甲/2", "member": "S1", "bidder": null, "amount": "56500.00", "released": true},
        ])
    );
    assert_eq!(initiators["held"], "282500.00");
    let cancel = venue.post(&format!("{path}/cancellation")).by(&operator).json(json!({"reason": "x"})).send().await;
    assert_eq!(cancel.status, 200);
    let after = venue.get(&path).by(&operator).send().await.json;
    assert_eq!(shown(&seen, "after").0, stand(&after).0);
    assert_eq!((&funds(&trader).await["held"], &funds(&manager).await["held"]), (&json!("0.00"), &json!("0.00")));
}

/// Protects previews of halts and freezes, and of the publication of an announcement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn halts_and_freezes_are_shown_before() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (operator, manager) = (venue.sign_in("op1").await, venue.sign_in("s1m").await);
    venue.sign_in("s1t").await;
    let waiting = venue.post("/api/v1/auctions").by(&manager).json(crate::venue::announcement()).send().await.json;
    let seen = preview(&venue, &operator, json!({"act": "publication", "auction": waiting["id"]})).await.json;
    assert_eq!(
        seen["margins"][0],
        json!({"auction": waiting["id"], "lot": "1", "member": "S1", "bidder": null,
        "amount": "226000.00", "released": false})
    );
    let approval = format!("/api/v1/auctions/{}/approval", waiting["id"]);
    assert_eq!(venue.post(&approval).by(&operator).json(json!({})).send().await.status, 200);
    let after = venue.get(&format!("/api/v1/auctions/{}", waiting["id"])).by(&operator).send().await.json;
    assert_eq!(shown(&seen, "after"), stand(&after));

    let scope = json!({"kind": "mode", "mode": "sale"});
    let seen = preview(&venue, &operator, json!({"act": "halt", "scope": scope})).await.json;
    let ids: Vec<u64> = seen["auctions"].as_array().unwrap().iter().map(|a| a["id"].as_u64().unwrap()).collect();
    assert_eq!((ids, &seen["auctions_more"]), (vec![id, waiting["id"].as_u64().unwrap()], &json!(0)));
    let body = json!({"scope": scope, "reason": "x"});
    let halt = venue.post("/api/v1/halts").by(&operator).json(body).send().await.json;
    for auction in seen["auctions"].as_array().unwrap() {
        let after = venue.get(&format!("/api/v1/auctions/{}", auction["id"])).by(&operator).send().await.json;
        assert_eq!(auction["after"], stand(&after).0);
    }
    let lifting = preview(&venue, &operator, json!({"act": "lifting", "halt": halt["id"]})).await.json;
    assert_eq!(lifting["auctions"][0]["after"]["status"], "running");
    preview(&venue, &operator, json!({"act": "lifting", "halt": 77})).await.refuses(404, "unknown_halt");

    let seen = preview(&venue, &operator, json!({"act": "freeze", "member": "S1"})).await.json;
    let expected = json!({"code": "S1", "now": {"frozen": false, "sessions": seen["member"]["now"]["sessions"]},
        "after": {"frozen": true, "sessions": 0}, "leads": 0, "auctions": 2});
    assert_eq!(seen["member"], expected);
    assert!(seen["member"]["now"]["sessions"].as_u64() >= Some(2));
    let freeze = venue.post("/api/v1/members/S1/freeze").by(&operator).json(json!({"reason": "x"})).send().await;
    assert_eq!(freeze.status, 200);
    venue.get("/api/v1/funds").by(&manager).send().await.refuses(401, "not_signed_in");
    preview(&venue, &operator, json!({"act": "freeze", "member": "S1"})).await.refuses(409, "unchanged");
}

/// Protects previews of money and of the profile: who may ask for which, whether a second person is needed, and that the
/// second person is shown the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_is_shown_before_it_moves() {
    let venue = Venue::start().await;
    let (one, two, operator, admin) = (
        venue.sign_in("set1").await,
        venue.sign_in("set2").await,
        venue.sign_in("op1").await,
        venue.sign_in("adm1").await,
    );
    let funds = async || {
        let funds = venue.get("/api/v1/members/B1/funds").by(&one).send().await.json;
        json!({"available": funds["available"], "held": funds["held"]})
    };
    let asked = json!({"act": "deposit", "member": "B1", "amount": "1000000.01"});
    let seen = preview(&venue, &one, asked.clone()).await.json;
    assert_eq!((&seen["second_person"], &seen["funds"]["now"]), (&json!(true), &funds().await));
    let money = json!({"amount": "1000000.01", "reference": "x"});
    let pending = venue.post("/api/v1/members/B1/deposits").by(&one).json(money).send().await.json;
    let approval = json!({"act": "approval", "approval": pending["id"]});
    preview(&venue, &one, approval.clone()).await.refuses(403, "same_person");
    let second = preview(&venue, &two, approval.clone()).await.json;
    assert_eq!((&second["funds"], &second["second_person"]), (&seen["funds"], &json!(false)));
    let approve = format!("/api/v1/approvals/{}", pending["id"]);
    let done = venue.post(&approve).by(&two).json(json!({})).send().await.json;
    assert_eq!(seen["funds"]["after"], funds().await);
    preview(&venue, &two, approval).await.refuses(409, "already_decided");

    let correction = json!({"act": "correction", "sequence": done["sequence"]});
    let seen = preview(&venue, &one, correction).await.json;
    assert_eq!(seen["funds"]["after"]["available"], "10000000.00");
    let dear = json!({"act": "withdrawal", "member": "B1", "amount": "99000000.00"});
    preview(&venue, &one, dear).await.refuses(409, "insufficient_cash");

    preview(&venue, &operator, asked).await.refuses(403, "forbidden");
    preview(&venue, &one, json!({"act": "freeze", "member": "B1"})).await.refuses(403, "forbidden");
    preview(&venue, &one, json!({"act": "robbery"})).await.refuses(422, "invalid_act");
    preview(&venue, &one, json!({"act": "deposit"})).await.refuses(400, "invalid_body");

    let now = venue.get("/api/v1/profile").by(&admin).send().await.json;
    let mut after = now.clone();
    after["sealed"] = json!(false);
    let seen = preview(&venue, &admin, json!({"act": "profile", "profile": after})).await.json;
    assert_eq!(seen["profile"]["now"], now);
    let mut shown = seen["profile"]["after"].clone();
    shown["revision"] = now["revision"].clone();
    assert_eq!(shown, after);
    assert_eq!(seen["second_person"], true);
    after["lots_max"] = json!(0);
    preview(&venue, &admin, json!({"act": "profile", "profile": after})).await.refuses(422, "invalid_profile");
}

/// Protects who forgets a person: what is said to end is there before, and is gone once two admins have agreed; both are shown the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_of_an_erasure_is_so() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let (first, second) = (venue.sign_in("b1").await, venue.sign_in("b1").await);
    let asked = json!({"act": "erasure", "login": "b1"});
    preview(&venue, &first, asked.clone()).await.refuses(403, "forbidden");
    preview(&venue, &one, json!({"act": "erasure", "login": "nobody"})).await.refuses(404, "unknown_user");
    let seen = preview(&venue, &one, asked.clone()).await.json;
    let state =
        |sessions, there| json!({"sessions": sessions, "password": there, "second_factor": false, "notices": false});
    assert_eq!(seen["second_person"], true);
    assert_eq!(seen["person"]["now"], state(2, true));
    assert_eq!(seen["person"]["after"], state(0, false));
    let waits = venue.post("/api/v1/users/b1/erasure").by(&one).json(json!({})).send().await;
    let agreeing = preview(&venue, &two, json!({"act": "approval", "approval": waits.json["id"]})).await.json;
    assert_eq!((&agreeing["person"], &agreeing["second_person"]), (&seen["person"], &json!(false)));
    venue.agreed(&two, &waits).await;
    for token in [first, second] {
        venue.get("/api/v1/funds").by(&token).send().await.refuses(401, "not_signed_in");
    }
    preview(&venue, &one, asked).await.refuses(409, "forgotten");
}
