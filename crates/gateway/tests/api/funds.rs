//! Money over HTTP, with and without a second person.

use serde_json::{Value, json};

use crate::venue::Venue;

/// Protects deposits and withdrawals up to the venue's limit, and what cannot be an amount.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_comes_in_and_goes_out() {
    let venue = Venue::start().await;
    let (settlement, manager) = (venue.sign_in("set1").await, venue.sign_in("b1m").await);
    let pay = async |what: &str, body: Value| {
        venue.post(&format!("/api/v1/members/{what}")).by(&settlement).json(body).send().await
    };
    let paid = pay("B1/deposits", json!({"amount": "1000000.00", "reference": "bank 1"})).await;
    assert_eq!((paid.status.as_u16(), paid.json["available"].as_str()), (201, Some("11000000.00")));
    let taken = pay("B1/withdrawals", json!({"amount": "0.01", "reference": "bank 2"})).await;
    assert_eq!((taken.status.as_u16(), taken.json["available"].as_str()), (201, Some("10999999.99")));
    pay("P0/withdrawals", json!({"amount": "1", "reference": "x"})).await.refuses(409, "insufficient_cash");
    pay("B9/deposits", json!({"amount": "1", "reference": "x"})).await.refuses(404, "unknown_member");
    for amount in ["0", "0.00", "-5", "1.001", "", "1e3", "10000000000000.00"] {
        pay("B1/deposits", json!({"amount": amount, "reference": "x"})).await.refuses(422, "invalid_amount");
    }
    pay("B1/deposits", json!({"amount": 5, "reference": "x"})).await.refuses(400, "invalid_body");
    pay("B1/deposits", json!({"amount": "5"})).await.refuses(400, "invalid_body");
    pay("B1/deposits", json!({"amount": "5", "reference": ""})).await.refuses(422, "invalid_reference");
    pay("B1/deposits", json!({"amount": "5", "reference": "x".repeat(141)})).await.refuses(422, "invalid_reference");

    let funds = venue.get("/api/v1/funds").by(&manager).send().await.json;
    assert_eq!((funds["available"].as_str(), funds["held"].as_str()), (Some("10999999.99"), Some("0.00")));
    assert_eq!(funds["sequence"].as_u64().unwrap(), venue.node.sequence().0);
    let shown = venue.get("/api/v1/members/B1/funds").by(&settlement).send().await.json;
    assert_eq!(shown["available"], "10999999.99");
    venue.get("/api/v1/members/B9/funds").by(&settlement).send().await.refuses(404, "unknown_member");

    let mut amounts = Vec::new();
    let mut query = "?limit=1".to_owned();
    loop {
        let page = venue.get(&format!("/api/v1/funds/postings{query}")).by(&manager).send().await;
        assert!(page.headers.contains_key("archive-sequence"));
        let page = page.json;
        amounts.extend(
            page["items"].as_array().unwrap().iter().map(|p| (p["amount"].clone(), p["cause"]["kind"].clone())),
        );
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=1&cursor={next}");
    }
    assert_eq!(
        amounts,
        [("-0.01", "withdrawal"), ("1000000.00", "deposit"), ("10000000.00", "deposit")]
            .map(|(amount, kind)| (json!(amount), json!(kind)))
    );
    venue.get("/api/v1/funds/postings?cursor=1").by(&manager).send().await.refuses(422, "invalid_cursor");
}

/// Protects that what a member's money is held for adds up to what is held, at every moment of an auction and for
/// everyone in it: the leader, the overtaken, the bidder of a sealed lot, the initiator, and both sides of an award.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn margins_add_up_to_what_is_held() {
    let venue = Venue::start().await;
    let (one, two, initiator) = (venue.sign_in("b1").await, venue.sign_in("b2").await, venue.sign_in("s1m").await);
    let add_up = async |token: &str| {
        let seen = venue.get("/api/v1/funds/margins").by(token).send().await.json;
        let funds = venue.get("/api/v1/funds").by(token).send().await.json;
        let fen = |value: &Value| exchange::units::Money::parse(value.as_str().unwrap()).unwrap();
        let items = seen["items"].as_array().unwrap();
        assert_eq!(items.iter().map(|item| fen(&item["amount"])).sum::<exchange::units::Money>(), fen(&funds["held"]));
        assert_eq!(seen["held"], funds["held"]);
        let kind = |item: &Value| format!("{} {}", item["kind"].as_str().unwrap(), item["lot"].as_str().unwrap());
        items.iter().map(kind).collect::<Vec<_>>()
    };
    let bid = async |id: u64, token: &str, price: &str| {
        let bids = venue.post(&format!("/api/v1/auctions/{id}/lots/1/bids"));
        let bid = bids.by(token).json(json!({"price": price})).send().await;
        assert_eq!(bid.status, 201, "{}", bid.json);
    };
    assert!(add_up(&one).await.is_empty());
    let id = venue.running(|a| a["bidding"]["limit_price"] = json!("566000.00")).await;
    let lots = add_up(&initiator).await;
    assert!(lots.len() > 1 && lots.iter().all(|lot| lot.starts_with("initiator ")), "{lots:?}");
    bid(id, &one, "565000.00").await;
    assert_eq!(add_up(&one).await, ["bid 1"]);
    bid(id, &two, "565500.00").await;
    assert!(add_up(&one).await.is_empty());
    bid(id, &one, "566000.00").await;
    assert_eq!(add_up(&one).await, ["contract 1"]);
    assert!(add_up(&two).await.is_empty());
    assert!(add_up(&initiator).await.contains(&"contract 1".to_owned()));
    let sealed = venue.running(|a| a["bidding"]["format"] = json!("sealed")).await;
    bid(sealed, &two, "570500.00").await;
    assert_eq!(add_up(&two).await, ["sealed_bid 1"]);
    venue.get("/api/v1/funds/margins").by(&venue.sign_in("op1").await).send().await.refuses(403, "forbidden");
    // Nobody takes another's figures for those that were asked for.
    let trader = venue.sign_in("b1").await;
    for path in ["/api/v1/funds?member=B2", "/api/v1/funds/margins?member=B2"] {
        venue.get(path).by(&trader).send().await.refuses(400, "unknown_parameter");
    }
}

/// Protects that large sums wait for another person of the same role.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_sums_need_a_second_person() {
    let venue = Venue::start().await;
    let (first, second, admin) =
        (venue.sign_in("set1").await, venue.sign_in("set2").await, venue.sign_in("adm1").await);
    let ask = async || {
        let body = json!({"amount": "1000000.01", "reference": "large"});
        let asked = venue.post("/api/v1/members/B1/deposits").by(&first).json(body).send().await;
        assert_eq!((asked.status.as_u16(), asked.json["status"].as_str()), (202, Some("pending")), "{}", asked.json);
        format!("/api/v1/approvals/{}", asked.json["id"])
    };
    let path = ask().await;
    let waiting = venue.get("/api/v1/approvals").by(&second).send().await.json;
    assert_eq!(waiting["items"][0]["amount"], "1000000.01");
    assert_eq!(waiting["items"][0]["by"], "set1");
    venue.post(&path).by(&first).json(json!({})).send().await.refuses(403, "same_person");
    venue.post(&path).by(&admin).json(json!({})).send().await.refuses(403, "forbidden");
    let done = venue.post(&path).by(&second).key("a").json(json!({})).send().await;
    assert_eq!((done.status.as_u16(), done.json["available"].as_str()), (200, Some("11000000.01")), "{}", done.json);
    let again = venue.post(&path).by(&second).key("a").json(json!({})).send().await;
    assert!(again.replayed());
    assert_eq!(again.body, done.body);
    venue.post(&path).by(&second).json(json!({})).send().await.refuses(409, "already_decided");
    let path = ask().await;
    let declined = venue.call(hyper::Method::DELETE, &path).by(&second).send().await;
    assert_eq!(
        (declined.status.as_u16(), declined.json["status"].as_str()),
        (200, Some("declined")),
        "{}",
        declined.json
    );
    venue.call(hyper::Method::DELETE, &path).by(&second).json(json!({})).send().await.refuses(409, "already_decided");
    venue.post("/api/v1/approvals/99").by(&second).json(json!({})).send().await.refuses(404, "unknown_approval");
    venue.post("/api/v1/approvals/x").by(&second).json(json!({})).send().await.refuses(404, "unknown_approval");
    let funds = venue.get("/api/v1/members/B1/funds").by(&second).send().await.json;
    assert_eq!(funds["available"], "11000000.01");
}
