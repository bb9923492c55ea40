//! Bids over HTTP: answers, refusals, keys.

use serde_json::json;

use crate::venue::Venue;

fn bids(id: u64, lot: &str) -> String {
    format!("/api/v1/auctions/{id}/lots/{lot}/bids")
}

/// Protects the answer to a bid, what others and the bidder then see, and that a read knows what was written before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bid_is_accepted_and_seen() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (one, two) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let path = bids(id, "1");

    let first = venue.post(&path).by(&one).json(json!({"price": "565000.00"})).send().await;
    assert_eq!(first.status, 201, "{}", first.json);
    assert_eq!(first.json["status"], "accepted");
    assert_eq!(first.json["price"], "565000.00");
    assert_eq!(first.json["margin"], "226000.00");
    assert_eq!(first.json["alias"], "#1");
    let second = venue.post(&path).by(&two).json(json!({"price": "566000", "seen_price": "565000.00"}));
    let second =
        second.header("content-type", "application/json; Charset=\"UTF-8\"").header("content-encoding", "identity");
    let second = second.send().await;
    assert_eq!(second.status, 201, "{}", second.json);
    assert_eq!(second.json["price"], "566000.00");
    assert_eq!(second.json["best_before"], "565000.00");

    let list = venue.get(&path).by(&one).send().await;
    assert_eq!(
        list.json,
        json!({"items": [
            {"sequence": first.json["sequence"], "at": first.json["at"], "price": "565000.00", "bidder": "#1", "own": true},
            {"sequence": second.json["sequence"], "at": second.json["at"], "price": "566000.00", "bidder": "#2", "own": false},
        ], "next": null})
    );
    let page = venue.get(&format!("{path}?limit=1")).by(&one).send().await;
    assert_eq!(page.json["next"], first.json["sequence"]);
    let after = venue.get(&format!("{path}?limit=1&after={}", page.json["next"])).by(&one).send().await;
    assert_eq!(after.json["items"][0]["price"], "566000.00");
    assert_eq!(after.json["next"], json!(null));
    // From the end, as a screen wants them that shows the last ones.
    let newest = venue.get(&format!("{path}?order=newest&limit=1")).by(&one).send().await;
    assert_eq!(newest.json["items"][0]["price"], "566000.00");
    assert_eq!(newest.json["next"], second.json["sequence"]);
    let before = venue.get(&format!("{path}?order=newest&after={}", newest.json["next"])).by(&one).send().await;
    assert_eq!(before.json["items"][0]["price"], "565000.00");
    assert_eq!((before.json["items"].as_array().unwrap().len(), &before.json["next"]), (1, &json!(null)));
    assert_eq!(venue.get(&format!("{path}?order=oldest")).by(&one).send().await.json, list.json);
    venue.get(&format!("{path}?order=best")).by(&one).send().await.refuses(422, "invalid_order");
    // Behind a sequence that no log reaches there is nothing; it does not begin anew.
    for far in [i64::MAX as u64, 1 << 63, u64::MAX] {
        let page = venue.get(&format!("{path}?after={far}")).by(&one).send().await;
        assert_eq!(page.json, json!({"items": [], "next": null}), "{far}");
    }

    let sequence = second.json["sequence"].as_u64().unwrap();
    let auction = |token: String| {
        let venue = &venue;
        async move {
            let path = format!("/api/v1/auctions/{id}");
            venue.get(&path).by(&token).header("min-sequence", &sequence.to_string()).send().await.json
        }
    };
    let lot = auction(two.clone()).await["lots"][0].clone();
    assert_eq!(lot["leader"], "you");
    assert_eq!(lot["alias"], "#2");
    assert_eq!((lot["accepted"].as_u64(), lot["rejected"].as_u64()), (Some(2), Some(0)));
    let lot = auction(one.clone()).await["lots"][0].clone();
    assert_eq!((lot["leader"].as_str(), lot["alias"].as_str()), (Some("#2"), Some("#1")));
    let lot = auction(venue.sign_in("aud1").await).await["lots"][0].clone();
    assert_eq!((lot["leader"].as_str(), lot.get("alias")), (Some("#2"), None));

    let funds = venue.get("/api/v1/funds").by(&two).send().await.json;
    assert_eq!((funds["available"].as_str(), funds["held"].as_str()), (Some("9773600.00"), Some("226400.00")));
    let own = venue.get("/api/v1/bids").by(&two).send().await.json;
    assert_eq!(own["items"][0]["status"], "accepted");
    assert_eq!(own["items"][0]["lot"], "1");
}

/// Protects that each rule's refusal is 409 with the rule's word and the entry that refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_refuse_with_their_word() {
    let venue = Venue::start().await;
    let id = venue.running(|a| a["bidding"]["eligible"] = json!(["S1", "B1", "B2", "P0"])).await;
    let path = bids(id, "1");
    let tokens = [
        venue.sign_in("b1").await,
        venue.sign_in("s1t").await,
        venue.sign_in("b3").await,
        venue.sign_in("poor").await,
        venue.sign_in("b2").await,
    ];
    let bid =
        async |who: usize, price: &str| venue.post(&path).by(&tokens[who]).json(json!({ "price": price })).send().await;
    assert_eq!(bid(0, "565000.00").await.status, 201);
    for (who, price, reason, figures) in [
        (0, "565500.00", "consecutive_bid", json!(null)),
        (1, "565500.00", "own_auction", json!(null)),
        (2, "565500.00", "not_eligible", json!(null)),
        (4, "565501.00", "off_step", json!({"step": "500.00", "start": "565000.00"})),
        (4, "565000.00", "not_better", json!({"than": "565000.00", "is_bid": true})),
        (4, "567000.00", "above_max_step", json!({"reference": "565000.00", "max_step": "1000.00"})),
        (3, "565500.00", "insufficient_margin", json!({"needs": "226200.00", "has": "0.00"})),
    ] {
        let answer = bid(who, price).await;
        answer.refuses(409, reason);
        assert_eq!(answer.json["figures"], figures, "{}", answer.json);
        assert!(answer.json["sequence"].as_u64().is_some(), "{}", answer.json);
    }
    let own = venue.get("/api/v1/bids").by(&tokens[3]).send().await.json;
    assert_eq!(own["items"][0]["reason"], "insufficient_margin");
    assert_eq!(own["items"][0]["status"], "rejected");
    let waiting =
        venue.post(&bids(id, "%E7%94%B2%2F2")).by(&tokens[4]).json(json!({"price": "565000.00"})).send().await;
    assert_eq!(waiting.status, 201, "{}", waiting.json);
}

/// Protects what is answered before the exchange is asked: no entry is made of what cannot be.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_at_the_door() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let token = venue.sign_in("b1").await;
    let path = bids(id, "1");
    let before = venue.node.sequence();
    for (body, status, reason) in [
        ("", 400, "malformed_json"),
        ("{", 400, "malformed_json"),
        ("[]", 400, "invalid_body"),
        ("[\"565000.00\"]", 400, "invalid_body"),
        ("{}", 400, "invalid_body"),
        ("{\"price\":565000}", 400, "invalid_body"),
        ("{\"price\":null}", 400, "invalid_body"),
        ("{\"price\":\"565000.00\",\"prise\":\"1\"}", 400, "invalid_body"),
        ("{\"price\":\"565000.00\",\"seen_price\":1}", 400, "invalid_body"),
        ("{\"price\":\"565000.001\"}", 422, "invalid_price"),
        ("{\"price\":\"-1\"}", 422, "invalid_price"),
        ("{\"price\":\"0\"}", 422, "invalid_price"),
        ("{\"price\":\"\"}", 422, "invalid_price"),
        ("{\"price\":\"1e5\"}", 422, "invalid_price"),
        ("{\"price\":\"9999999999999999999999999999999\"}", 422, "invalid_price"),
        ("{\"price\":\"565000.00\",\"seen_price\":\"x\"}", 422, "invalid_price"),
    ] {
        venue.post(&path).by(&token).text(body).send().await.refuses(status, reason);
    }
    let good = json!({"price": "565000.00"});
    for (path, reason) in [
        (bids(999, "1"), "unknown_auction"),
        (bids(0, "1"), "unknown_auction"),
        ("/api/v1/auctions/x/lots/1/bids".to_owned(), "unknown_auction"),
        ("/api/v1/auctions/+1/lots/1/bids".to_owned(), "unknown_auction"),
        ("/api/v1/auctions/99999999999999999999/lots/1/bids".to_owned(), "unknown_auction"),
        (bids(id, "3"), "unknown_lot"),
        (bids(id, "%20"), "unknown_lot"),
    ] {
        venue.post(&path).by(&token).json(good.clone()).send().await.refuses(404, reason);
        venue.get(&path).by(&token).send().await.refuses(404, reason);
    }
    let odd = venue.post(&bids(id, "%ff")).by(&token).json(good.clone()).send().await;
    odd.refuses(404, "unknown_path");
    venue.get(&format!("{path}?after=x")).by(&token).send().await.refuses(422, "invalid_after");
    venue.get(&format!("{path}?limit=0")).by(&token).send().await.refuses(422, "invalid_limit");
    venue.get(&format!("{path}?first=1")).by(&token).send().await.refuses(400, "unknown_parameter");
    venue.get("/api/v1/bids?cursor=x").by(&token).send().await.refuses(422, "invalid_cursor");

    venue.post(&path).by(&token).no_key().json(good.clone()).send().await.refuses(400, "idempotency_key_missing");
    for key in ["", "with space", &"k".repeat(65), "schl\u{fc}ssel"] {
        venue.post(&path).by(&token).key(key).json(good.clone()).send().await.refuses(400, "idempotency_key_invalid");
    }
    let form = venue.post(&path).by(&token).json(good.clone()).header("content-type", "text/plain").send().await;
    form.refuses(415, "unsupported_media_type");
    for (name, odd) in [
        ("content-type", "application/json; charset=gbk"),
        ("content-type", "application/json;charset=\"iso-8859-1\""),
        ("content-encoding", "gzip"),
        ("content-encoding", "identity, gzip"),
    ] {
        let sent = venue.post(&path).by(&token).json(good.clone()).header(name, odd).send().await;
        sent.refuses(415, "unsupported_media_type");
    }
    let large = format!("{{\"price\":\"{}\"}}", "1".repeat(600 * 1024));
    venue.post(&path).by(&token).text(large).send().await.refuses(413, "payload_too_large");
    venue.post(&path).json(good.clone()).send().await.refuses(401, "not_signed_in");
    venue.post(&path).by("nonsense").json(good).send().await.refuses(401, "not_signed_in");
    // Sessions apart, which only `sign_in` above opened, nothing has entered the log.
    assert_eq!(venue.node.sequence(), before);
}

/// Protects that a request asked twice happens once and is answered the same, refusals included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_twice_it_happens_once() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (one, two) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let path = bids(id, "1");
    let first = venue.post(&path).by(&one).key("k1").json(json!({"price": "565000.00"})).send().await;
    assert!(!first.replayed());
    let spaced = "{ \"seen_price\" : null , \"price\" : \"565000.00\" }";
    let again = venue.post(&path).by(&one).key("k1").text(spaced).send().await;
    assert!(again.replayed());
    assert_eq!((again.status, &again.body), (first.status, &first.body));

    let other = venue.post(&path).by(&one).key("k1").json(json!({"price": "565500.00"})).send().await;
    other.refuses(422, "idempotency_key_reused");
    let elsewhere =
        venue.post(&bids(id, "%E7%94%B2%2F2")).by(&one).key("k1").json(json!({"price": "565000.00"})).send().await;
    elsewhere.refuses(422, "idempotency_key_reused");

    // Keys belong to a user.
    let others = venue.post(&path).by(&two).key("k1").json(json!({"price": "565500.00"})).send().await;
    assert_eq!(others.status, 201, "{}", others.json);

    let refused = venue.post(&path).by(&two).key("k2").json(json!({"price": "565500.00"})).send().await;
    refused.refuses(409, "consecutive_bid");
    let bid = venue.post(&path).by(&one).json(json!({"price": "566000.00"})).send().await;
    assert_eq!(bid.status, 201);
    let again = venue.post(&path).by(&two).key("k2").json(json!({"price": "565500.00"})).send().await;
    again.refuses(409, "consecutive_bid");
    assert!(again.replayed());
    assert_eq!(again.body, refused.body);
}
