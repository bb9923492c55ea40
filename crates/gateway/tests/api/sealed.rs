//! A sealed auction: nobody but its bidder sees a price, a margin or a count before the end.

use std::time::Duration;

use serde_json::{Value, json};

use crate::venue::{Venue, later};

/// Protects the secrecy of sealed bids in every answer, that the bidder's own figures add up, and what all see after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_bid_is_its_bidders_alone() {
    let venue = Venue::start().await;
    let id = venue
        .running(|a| {
            a["bidding"]["format"] = json!("sealed");
            a["closes"] = json!(later(Duration::from_secs(8)));
        })
        .await;
    let (one, two, auditor) = (venue.sign_in("b1").await, venue.sign_in("b2").await, venue.sign_in("aud1").await);
    let (path, bids) = (format!("/api/v1/auctions/{id}"), format!("/api/v1/auctions/{id}/lots/1/bids"));

    let first = venue.post(&bids).by(&one).key("s1").json(json!({"price": "570500.00"})).send().await;
    assert_eq!(first.status, 201, "{}", first.json);
    assert_eq!((first.json["price"].as_str(), first.json["margin"].as_str()), (Some("570500.00"), Some("228200.00")));
    assert_eq!(first.json.get("alias"), None);
    let replaced = venue.post(&bids).by(&one).json(json!({"price": "571500.00"})).send().await;
    assert_eq!(replaced.status, 201, "{}", replaced.json);
    let again = venue.post(&bids).by(&one).key("s1").json(json!({"price": "570500.00"})).send().await;
    assert!(again.replayed());
    assert_eq!(again.body, first.body);
    venue.post(&bids).by(&one).json(json!({"price": "570500.10"})).send().await.refuses(409, "off_step");
    assert_eq!(venue.post(&bids).by(&two).json(json!({"price": "565000.00"})).send().await.status, 201);

    // The bidder sees its own, and its sums add up.
    let own = venue.get(&bids).by(&one).send().await.json;
    assert_eq!(own["items"].as_array().unwrap().len(), 2, "{own}");
    assert_eq!(own["items"][1]["price"], "571500.00");
    assert!(own["items"].as_array().unwrap().iter().all(|bid| bid["own"] == true));
    let mine = venue.get("/api/v1/bids").by(&one).send().await.json;
    let of = |n: usize, key: &str| mine["items"][n][key].as_str().map(str::to_owned);
    assert_eq!((of(0, "status"), of(0, "price")), (Some("rejected".into()), None));
    assert_eq!((of(1, "status"), of(1, "price")), (Some("accepted".into()), Some("571500.00".into())));
    assert_eq!((of(2, "status"), of(2, "price")), (Some("replaced".into()), Some("570500.00".into())));
    let funds = venue.get("/api/v1/funds").by(&one).send().await.json;
    assert_eq!((funds["available"].as_str(), funds["held"].as_str()), (Some("9771400.00"), Some("228600.00")));
    let postings = venue.get("/api/v1/funds/postings").by(&one).send().await.json;
    assert_eq!(sum(&postings, |account| account == "available"), 977_140_000);
    assert_eq!(sum(&postings, |account| account != "available"), 22_860_000);

    // Nobody else sees anything.
    let lot = venue.get(&path).by(&two).send().await.json["lots"][0].clone();
    for key in ["best_price", "leader", "accepted", "rejected"] {
        assert_eq!(lot[key], json!(null), "{key}");
    }
    assert_eq!(venue.get(&bids).by(&auditor).send().await.json, json!({"items": [], "next": null}));
    assert_eq!(venue.get(&bids).by(&two).send().await.json["items"].as_array().unwrap().len(), 1);
    let shown = venue.get("/api/v1/members/B1/funds").by(&auditor).send().await.json;
    assert_eq!((shown["available"].as_str(), shown["held"].as_str()), (Some("10000000.00"), Some("0.00")));
    for login in ["s1m", "b2", "op1", "set1", "adm1", "aud1"] {
        let token = venue.sign_in(login).await;
        for path in [&path, &bids, "/api/v1/auctions", "/api/v1/head", "/metrics", "/api/v1/members/B1/funds"] {
            let body = venue.get(path).by(&token).send().await.body;
            let text = String::from_utf8_lossy(&body).into_owned();
            for secret in ["570500", "571500", "228200", "228600", "9771400"] {
                assert!(!text.contains(secret), "{login} reads {secret} at {path}: {text}");
            }
        }
    }

    // From the end on everybody sees all of it.
    let ended = venue.until(&path, &two, |json| json["status"] == "closed").await;
    assert_eq!(ended["lots"][0]["best_price"], "571500.00");
    assert_eq!((ended["lots"][0]["accepted"].as_u64(), ended["lots"][0]["rejected"].as_u64()), (Some(3), Some(1)));
    let all = venue.get(&bids).by(&two).send().await.json;
    assert_eq!(all["items"].as_array().unwrap().len(), 3, "{all}");
    let postings = venue.get("/api/v1/funds/postings").by(&one).send().await.json;
    assert_eq!(sum(&postings, |account| account == "available"), 977_140_000);
    assert_eq!(sum(&postings, |account| account == "contract_margin"), 22_860_000);
}

/// The sum of postings in fen.
fn sum(postings: &Value, account: impl Fn(&str) -> bool) -> i64 {
    let items = postings["items"].as_array().unwrap();
    let of = items.iter().filter(|item| account(item["account"].as_str().unwrap()));
    of.map(|item| item["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap()).sum()
}
