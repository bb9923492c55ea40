//! The venue and its node at a glance, and what was paid in and out.

use serde_json::{Value, json};

use crate::venue::{Venue, announcement};

/// Protects the figures of the day: they are those of the auctions, awards, members and acts that there are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_at_a_glance() {
    let venue = Venue::start().await;
    let (operator, second, manager, auditor) = (
        venue.sign_in("op1").await,
        venue.sign_in("op2").await,
        venue.sign_in("s1m").await,
        venue.sign_in("aud1").await,
    );
    let glance = async || venue.get("/api/v1/today").by(&auditor).send().await.json;
    let members = venue.get("/api/v1/members?limit=200").by(&auditor).send().await.json;
    let members = members["items"].as_array().unwrap();
    let first = glance().await;
    assert_eq!((&first["running"], &first["lots_sold"], &first["turnover"]), (&json!(0), &json!(0), &json!("0.00")));
    assert_eq!((&first["next_opens"], &first["people"]), (&Value::Null, &json!(4)));
    assert_eq!(first["members"], members.len());

    let running = venue.running(|_| {}).await;
    // At the limit price the lot ends with the bid.
    let sold = venue.running(|body| body["bidding"]["limit_price"] = json!("565500.00")).await;
    let bidder = venue.sign_in("b1").await;
    let bid = venue.post(&format!("/api/v1/auctions/{sold}/lots/1/bids")).by(&bidder);
    assert_eq!(bid.json(json!({"price": "565500.00"})).send().await.status, 201);
    let waiting = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json["id"].clone();
    let act = async |path: String, body: Value| {
        let answer = venue.post(&path).by(&operator).json(body).send().await;
        assert!(answer.status.is_success(), "{path}: {}", answer.json);
        answer.json
    };
    act(format!("/api/v1/auctions/{waiting}/approval"), json!({})).await;
    let why = json!({"reason": "核查"});
    act(format!("/api/v1/auctions/{running}/suspension"), why.clone()).await;
    let halt = json!({"scope": {"kind": "mode", "mode": "sealed"}, "reason": "核查"});
    act("/api/v1/halts".to_owned(), halt).await;
    act("/api/v1/members/B3/freeze".to_owned(), why.clone()).await;
    let asked = act(format!("/api/v1/auctions/{sold}/lots/1/annulment"), why).await;

    let seen = glance().await;
    let opens = venue.get(&format!("/api/v1/auctions/{waiting}")).by(&auditor).send().await.json["opens"].clone();
    let mut funds = Vec::new();
    for member in members {
        let path = format!("/api/v1/members/{}/funds", member["code"].as_str().unwrap());
        funds.push(venue.get(&path).by(&auditor).send().await.json);
    }
    let sum = |of: &str| {
        let fen = |funds: &Value| funds[of].as_str().unwrap().replace('.', "").parse::<i128>().unwrap();
        let sum: i128 = funds.iter().map(fen).sum();
        format!("{}.{:02}", sum / 100, sum % 100)
    };
    let expected = json!({"running": 1, "suspended": 1, "coming": 1, "lots_open": 5, "next_opens": opens, "lots_sold": 1,
        "turnover": "1131000.00", "held": sum("held"), "available": sum("available"), "members": members.len(),
        "frozen": 1, "halts": 1, "approvals": 1, "people": 5});
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&seen[key], value, "{key}");
    }

    // What is annulled counts no longer.
    let approval = format!("/api/v1/approvals/{}", asked["id"]);
    assert_eq!(venue.post(&approval).by(&second).json(json!({})).send().await.status, 200);
    let seen = glance().await;
    assert_eq!((&seen["lots_sold"], &seen["turnover"], &seen["approvals"]), (&json!(0), &json!("0.00"), &json!(0)));
}

/// Protects what staff read of the node: that it is ready, and how far its log and archive are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_node_at_a_glance() {
    let venue = Venue::start().await;
    let operator = venue.sign_in("op1").await;
    let sequence = venue.node.sequence().0;
    let seen = venue.get("/api/v1/node").by(&operator).send().await.json;
    assert_eq!((&seen["ready"], &seen["why"], &seen["clock_apart"]), (&json!(true), &Value::Null, &json!(false)));
    assert_eq!((&seen["archive_stands_still"], &seen["queue"]), (&Value::Null, &json!(0)));
    assert!(seen["sequence"].as_u64() >= Some(sequence), "{seen}");
    assert!(seen["disk_free_bytes"].as_u64() > Some(0), "{seen}");
    venue
        .until("/api/v1/node", &operator, |json| {
            json["archive_lag"] == 0 && json["archive_sequence"] == json["sequence"]
        })
        .await;
}

/// Protects the list that a correction is chosen from: each payment with what has become of it, and nothing but payments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_say_what_became_of_them() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("set1").await, venue.sign_in("set2").await);
    let id = venue.running(|_| {}).await;
    let bidder = venue.sign_in("b1").await;
    let bid = venue.post(&format!("/api/v1/auctions/{id}/lots/1/bids")).by(&bidder);
    assert_eq!(bid.json(json!({"price": "565000.00"})).send().await.status, 201);
    let pay = async |what: &str, amount: &str| {
        let body = json!({"amount": amount, "reference": format!("slip {amount}")});
        venue.post(&format!("/api/v1/members/B1/{what}")).by(&one).json(body).send().await.json["sequence"].clone()
    };
    let (deposit, withdrawal) = (pay("deposits", "70.00").await, pay("withdrawals", "30.00").await);
    let body = json!({"sequence": deposit, "reason": "another firm's"});
    let asked = venue.post("/api/v1/corrections").by(&one).json(body).send().await.json;
    let approval = format!("/api/v1/approvals/{}", asked["id"]);
    let done = venue.post(&approval).by(&two).json(json!({})).send().await.json["sequence"].clone();

    let page = async |query: &str| {
        let seen = venue.get(&format!("/api/v1/members/B1/payments{query}")).by(&one).send().await;
        assert_eq!(seen.status, 200, "{}", seen.json);
        assert!(seen.headers.contains_key("archive-sequence"));
        seen.json
    };
    let lines = |page: &Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                json!([
                    item["sequence"],
                    item["amount"],
                    item["cause"]["kind"],
                    item["correctable"],
                    item["corrected_by"]
                ])
            })
            .collect()
    };
    let expected = [
        json!([done, "-70.00", "correction", false, null]),
        json!([withdrawal, "-30.00", "withdrawal", true, null]),
        json!([deposit, "70.00", "deposit", false, done]),
    ];
    let all = page("").await;
    assert_eq!(lines(&all)[..3], expected);
    assert!(lines(&all).iter().all(|line| line[2] == "deposit" || line[2] == "withdrawal" || line[2] == "correction"));
    assert_eq!(all["items"][2]["cause"]["reference"], "slip 70.00");

    let first = page("?limit=2").await;
    let rest = page(&format!("?cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!([lines(&first), lines(&rest)].concat(), lines(&all));
    venue.get("/api/v1/members/B9/payments").by(&one).send().await.refuses(404, "unknown_member");
    venue.get("/api/v1/members/B1/payments?cursor=1").by(&one).send().await.refuses(422, "invalid_cursor");
}
