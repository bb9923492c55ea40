//! The exchange's own hand beyond one auction over HTTP: halts, freezes, hours, annulments and corrections.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};

use crate::venue::{Venue, announcement};

/// Protects halts as members see them: suspended with the reason, nothing published, and running again when nothing
/// holds the auction any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_halt_holds_what_it_concerns() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (operator, trader, manager) =
        (venue.sign_in("op1").await, venue.sign_in("b1").await, venue.sign_in("s1m").await);
    let path = format!("/api/v1/auctions/{id}");
    let act = async |path: &str, body: Value| venue.post(path).by(&operator).json(body).send().await;
    let halt = async |scope: Value| act("/api/v1/halts", json!({"scope": scope, "reason": "线路检修"})).await;
    let market = halt(json!({"kind": "market"})).await;
    assert_eq!((market.status.as_u16(), market.json["status"].as_str()), (201, Some("halted")), "{}", market.json);
    halt(json!({"kind": "market"})).await.refuses(409, "unchanged");
    halt(json!({"kind": "product", "product": "Tb"})).await.refuses(409, "unknown_product");
    for scope in [
        json!({"kind": "all"}),
        json!({"kind": "market", "mode": "sale"}),
        json!({"kind": "mode"}),
        json!({"kind": "mode", "mode": "dutch"}),
        json!({"kind": "product"}),
    ] {
        halt(scope).await.refuses(422, "invalid_scope");
    }
    act("/api/v1/halts", json!({"scope": {"kind": "market"}, "reason": " "})).await.refuses(422, "invalid_reason");
    let product = halt(json!({"kind": "product", "product": "PrNd-metal"})).await;
    assert_eq!(product.status, 201, "{}", product.json);

    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((seen["status"].as_str(), seen["reason"].as_str()), (Some("suspended"), Some("线路检修")));
    let scope = json!({"kind": "market", "product": null, "mode": null});
    assert_eq!(
        seen["holds"][0],
        json!({"kind": "halt", "halt": market.json["id"], "scope": scope, "since": seen["suspended_at"],
            "reason": "线路检修"})
    );
    assert_eq!(seen["holds"].as_array().unwrap().len(), 2);
    let bid = venue.post(&format!("{path}/lots/1/bids")).by(&trader).json(json!({"price": "565000.00"})).send().await;
    bid.refuses(409, "not_open");
    let later = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json;
    let approve = format!("/api/v1/auctions/{}/approval", later["id"]);
    act(&approve, json!({})).await.refuses(409, "halted");

    // Beside the halts its own suspension: it holds when they are lifted.
    let why = json!({"reason": "核查"});
    act(&format!("{path}/resumption"), why.clone()).await.refuses(409, "not_suspended");
    let suspended = act(&format!("{path}/suspension"), why.clone()).await;
    assert_eq!(suspended.json["status"], "suspended", "{}", suspended.json);
    let lifting = |id: &Value| format!("/api/v1/halts/{id}/lifting");
    assert_eq!(act(&lifting(&market.json["id"]), why.clone()).await.status, 200);
    act(&lifting(&market.json["id"]), why.clone()).await.refuses(409, "unchanged");
    act("/api/v1/halts/99/lifting", why.clone()).await.refuses(404, "unknown_halt");
    assert_eq!(act(&lifting(&product.json["id"]), why.clone()).await.status, 200);
    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((seen["status"].as_str(), seen["holds"][0]["kind"].as_str()), (Some("suspended"), Some("suspension")));
    assert_eq!(act(&format!("{path}/resumption"), why).await.json["status"], "running");
    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((&seen["holds"], &seen["suspended_at"]), (&json!([]), &json!(null)));
    assert_eq!(act(&approve, json!({})).await.json["status"], "published");

    let halts = venue.get("/api/v1/halts?limit=1").by(&trader).send().await.json;
    assert_eq!(halts["items"][0]["scope"], json!({"kind": "product", "product": "PrNd-metal", "mode": null}));
    assert_eq!(halts["items"][0]["lifted_reason"], "核查");
    let next = halts["next"].as_str().unwrap();
    let rest = venue.get(&format!("/api/v1/halts?cursor={next}")).by(&trader).send().await.json;
    assert_eq!((rest["items"][0]["id"].as_u64(), &rest["next"]), (market.json["id"].as_u64(), &json!(null)));
    let none = venue.get("/api/v1/halts?in_force=true").by(&trader).send().await.json;
    assert_eq!(none["items"], json!([]));
}

/// Protects that the feed tells a halt to everybody and shows its reason in every auction that it holds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_tells_of_a_halt() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (operator, trader) = (venue.sign_in("op1").await, venue.sign_in("b1").await);
    let mut socket = venue.feed(&trader, None).await.unwrap();
    let subscribe = json!({"subscribe": ["market"]}).to_string();
    socket.send(tokio_tungstenite::tungstenite::Message::text(subscribe)).await.unwrap();
    let mut next = async |kind: &str| loop {
        let message = socket.next().await.unwrap().unwrap();
        let Ok(text) = message.to_text() else { continue };
        let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
        if value["kind"] == kind {
            return value["data"].clone();
        }
    };
    assert_eq!(next("snapshot").await["halts"], json!([]));
    let body = json!({"scope": {"kind": "mode", "mode": "sale"}, "reason": "核查"});
    assert_eq!(venue.post("/api/v1/halts").by(&operator).json(body).send().await.status, 201);
    let halt = next("halt").await;
    assert_eq!((halt["scope"]["mode"].as_str(), halt["reason"].as_str()), (Some("sale"), Some("核查")));
    let auction = next("auction").await;
    assert_eq!((auction["id"].as_u64(), auction["status"].as_str()), (Some(id), Some("suspended")));
    assert_eq!(auction["holds"][0]["reason"], "核查");
}

/// Protects a freeze: out at once, told why at the next sign-in, no withdrawal, no publication; and its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_member_is_out() {
    let venue = Venue::start().await;
    let (operator, settlement, manager) =
        (venue.sign_in("op1").await, venue.sign_in("set1").await, venue.sign_in("s1m").await);
    let waiting = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json;
    let act = async |path: &str| venue.post(path).by(&operator).json(json!({"reason": "涉嫌串通"})).send().await;
    assert_eq!(act("/api/v1/members/S1/freeze").await.status, 200);
    act("/api/v1/members/S1/freeze").await.refuses(409, "unchanged");
    act("/api/v1/members/XX/freeze").await.refuses(404, "unknown_member");
    act("/api/v1/members/B1/unfreeze").await.refuses(409, "unchanged");
    venue.get("/api/v1/funds").by(&manager).send().await.refuses(401, "not_signed_in");
    let sign_in = async |password: &str| {
        venue.post("/api/v1/sessions").json(json!({"login": "s1m", "password": password})).send().await
    };
    let refused = sign_in(crate::venue::PASSWORD).await;
    refused.refuses(403, "frozen");
    assert!(refused.json["detail"].as_str().unwrap().contains("涉嫌串通"), "{}", refused.json);
    sign_in("a wrong password").await.refuses(401, "bad_credentials");
    let money = json!({"amount": "1.00", "reference": "x"});
    let withdrawal = venue.post("/api/v1/members/S1/withdrawals").by(&settlement).json(money).send().await;
    withdrawal.refuses(409, "frozen");
    let approval = format!("/api/v1/auctions/{}/approval", waiting["id"]);
    venue.post(&approval).by(&operator).json(json!({})).send().await.refuses(409, "frozen");
    let members = venue.get("/api/v1/members?limit=1").by(&operator).send().await.json;
    assert_eq!(members["items"][0]["frozen"]["reason"], "涉嫌串通");
    assert_eq!(act("/api/v1/members/S1/unfreeze").await.status, 200);
    venue.sign_in("s1m").await;
    assert_eq!(venue.post(&approval).by(&operator).json(json!({})).send().await.status, 200);
}

/// Protects the annulment: asked, refused to the same person, done by another; the lot says so and the money is free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sold_lot_is_annulled_by_two() {
    let venue = Venue::start().await;
    let id = venue.running(|body| body["bidding"]["countdown"] = json!("1s")).await;
    let (one, two, trader) = (venue.sign_in("op1").await, venue.sign_in("op2").await, venue.sign_in("b1").await);
    let path = format!("/api/v1/auctions/{id}");
    // At the limit price the lot ends with the bid.
    let mut price = 565_000;
    while price < 575_000 {
        let (bidder, other) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
        for token in [&bidder, &other] {
            if price < 575_000 {
                price = (price + 1_000).min(575_000);
                let body = json!({"price": format!("{price}.00")});
                let bid = venue.post(&format!("{path}/lots/1/bids")).by(token).json(body).send().await;
                assert_eq!(bid.status, 201, "{}", bid.json);
            }
        }
    }
    let seen = venue.get(&path).by(&trader).send().await.json;
    assert_eq!((seen["lots"][0]["status"].as_str(), &seen["lots"][0]["annulled"]), (Some("sold"), &json!(null)));
    let winner = venue.sign_in("b2").await;
    let held = async || venue.get("/api/v1/funds").by(&winner).send().await.json["held"].clone();
    assert_eq!(held().await, "230000.00");

    let why = json!({"reason": "串通"});
    let ask =
        async |lot: &str| venue.post(&format!("{path}/lots/{lot}/annulment")).by(&one).json(why.clone()).send().await;
    ask("9").await.refuses(404, "unknown_lot");
    let running = ask("%E7%94%B2%2F2").await;
    assert_eq!(running.status, 202, "{}", running.json);
    let approve =
        async |id: &Value, by: &str| venue.post(&format!("/api/v1/approvals/{id}")).by(by).json(json!({})).send().await;
    approve(&running.json["id"], &two).await.refuses(409, "not_sold");
    let asked = ask("1").await;
    assert_eq!((asked.status.as_u16(), asked.json["status"].as_str()), (202, Some("pending")));
    approve(&asked.json["id"], &one).await.refuses(403, "same_person");
    let waiting = venue.get("/api/v1/approvals").by(&two).send().await.json;
    let item = waiting["items"].as_array().unwrap().iter().find(|item| item["id"] == asked.json["id"]).unwrap();
    assert_eq!((item["act"].as_str(), item["lot"].as_str()), (Some("annulment"), Some("1")));
    assert_eq!(held().await, "230000.00");
    let done = approve(&asked.json["id"], &two).await;
    assert_eq!((done.status.as_u16(), done.json["status"].as_str()), (200, Some("annulled")), "{}", done.json);
    assert_eq!(held().await, "0.00");
    let seen = venue.get(&path).by(&trader).send().await.json;
    let lot = &seen["lots"][0];
    assert_eq!((lot["status"].as_str(), lot["annulled"].as_str()), (Some("annulled"), Some("串通")));
    assert_eq!((seen["status"].as_str(), lot["best_price"].as_str()), (Some("running"), Some("575000.00")));
    let postings = venue.get("/api/v1/funds/postings?limit=2").by(&winner).send().await.json;
    assert_eq!(postings["items"][0]["cause"], json!({"kind": "annulled", "contract": done.json["contract"]}));
    let quote = venue.get("/api/v1/quotes/PrNd-metal?side=sale").by(&trader).send().await.json["items"][0].clone();
    assert_eq!((&quote["last"], &quote["corrected"], &quote["volume"]), (&json!(null), &json!(true), &json!("0")));
    let trades = venue.get("/api/v1/quotes/PrNd-metal/trades?side=sale").by(&trader).send().await.json;
    assert_eq!((&trades["items"][0]["price"], &trades["items"][0]["corrected"]), (&json!("575000.00"), &json!(true)));
    let contract = venue.get("/api/v1/contracts").by(&winner).send().await.json["items"][0].clone();
    assert_eq!((&contract["id"], &contract["cancelled"]["reason"]), (&done.json["contract"], &json!("串通")));
    approve(&ask("1").await.json["id"], &two).await.refuses(409, "not_sold");
}

/// Protects the correction: asked, done by another, once; the posting has the sign turned round and names the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deposit_is_corrected_by_two() {
    let venue = Venue::start().await;
    let (one, two, manager) = (venue.sign_in("set1").await, venue.sign_in("set2").await, venue.sign_in("b1m").await);
    let money = json!({"amount": "250.00", "reference": "for another firm"});
    let deposit = venue.post("/api/v1/members/B1/deposits").by(&one).json(money).send().await.json["sequence"].clone();
    let ask = async |sequence: &Value| {
        let body = json!({"sequence": sequence, "reason": "入错户"});
        venue.post("/api/v1/corrections").by(&one).json(body).send().await
    };
    ask(&json!(1)).await.refuses(404, "unknown_payment");
    ask(&json!("1")).await.refuses(400, "invalid_body");
    let asked = ask(&deposit).await;
    assert_eq!((asked.status.as_u16(), asked.json["status"].as_str()), (202, Some("pending")), "{}", asked.json);
    let twice = ask(&deposit).await;
    let approve =
        async |id: &Value, by: &str| venue.post(&format!("/api/v1/approvals/{id}")).by(by).json(json!({})).send().await;
    approve(&asked.json["id"], &one).await.refuses(403, "same_person");
    let waiting = venue.get("/api/v1/approvals").by(&two).send().await.json;
    assert_eq!(waiting["items"][0]["corrects"], deposit);
    assert_eq!((&waiting["items"][0]["member"], &waiting["items"][0]["amount"]), (&json!("B1"), &json!("250.00")));
    let done = approve(&asked.json["id"], &two).await;
    assert_eq!((done.status.as_u16(), done.json["available"].as_str()), (200, Some("10000000.00")), "{}", done.json);
    approve(&twice.json["id"], &two).await.refuses(409, "already_corrected");
    let postings = venue.get("/api/v1/funds/postings?limit=1").by(&manager).send().await.json;
    assert_eq!(
        postings["items"][0],
        json!({"sequence": done.json["sequence"], "at": postings["items"][0]["at"], "account": "available",
            "amount": "-250.00", "cause": {"kind": "correction", "corrects": deposit, "reason": "入错户"}})
    );
    // A withdrawal that leaves nothing, and a deposit that cannot be taken back.
    let cash = json!({"amount": "700.00", "reference": "x"});
    let deposit = venue.post("/api/v1/members/P0/deposits").by(&one).json(cash.clone()).send().await.json;
    assert_eq!(venue.post("/api/v1/members/P0/withdrawals").by(&one).json(cash).send().await.status, 201);
    let asked = ask(&deposit["sequence"]).await;
    approve(&asked.json["id"], &two).await.refuses(409, "insufficient_cash");
}

/// Protects the hours of a venue: set by two, kept by the approval of announcements, none by default.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_keeps_the_hours() {
    let venue = Venue::start().await;
    let (one, two) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    let (manager, operator) = (venue.sign_in("s1m").await, venue.sign_in("op1").await);
    let mut profile = venue.get("/api/v1/profile").by(&one).send().await.json;
    assert_eq!(profile["hours"], json!(null));
    let put = async |profile: &Value| {
        venue.call(hyper::Method::PUT, "/api/v1/profile").by(&one).json(profile.clone()).send().await
    };
    let hours = json!({"sessions": [{"from": "09:00", "to": "16:00"}],
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "calendar": [{"date": "2099-10-01", "working": false}, {"date": "2099-10-10", "working": true}]});
    profile["hours"] = hours.clone();
    profile["hours"]["sessions"][0]["from"] = json!("9 am");
    put(&profile).await.refuses(422, "invalid_hours");
    profile["hours"]["sessions"][0]["from"] = json!("17:00");
    put(&profile).await.refuses(422, "invalid_profile");
    profile["hours"] = hours;
    let asked = put(&profile).await;
    assert_eq!(asked.status, 202, "{}", asked.json);
    let approval = format!("/api/v1/approvals/{}", asked.json["id"]);
    assert_eq!(venue.post(&approval).by(&two).json(json!({})).send().await.status, 200);
    assert_eq!(venue.get("/api/v1/profile").by(&manager).send().await.json["hours"], profile["hours"]);
    for (opens, closes, fits) in [
        ("2099-09-30T09:00:00+08:00", "2099-09-30T16:00:00+08:00", true),
        ("2099-09-30T08:59:59+08:00", "2099-09-30T16:00:00+08:00", false),
        ("2099-09-30T09:00:00+08:00", "2099-09-30T16:00:01+08:00", false),
        ("2099-10-01T10:00:00+08:00", "2099-10-01T11:00:00+08:00", false),
        ("2099-10-10T10:00:00+08:00", "2099-10-10T11:00:00+08:00", true),
    ] {
        let mut body = announcement();
        (body["opens"], body["closes"]) = (json!(opens), json!(closes));
        let submitted = venue.post("/api/v1/auctions").by(&manager).json(body).send().await.json;
        let approval = format!("/api/v1/auctions/{}/approval", submitted["id"]);
        let approved = venue.post(&approval).by(&operator).json(json!({})).send().await;
        if fits {
            assert_eq!(approved.status, 200, "{opens}: {}", approved.json);
        } else {
            approved.refuses(409, "outside_hours");
        }
    }
}

/// Protects that the keys of a frozen member's systems rest while it is frozen, and serve again afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_of_a_frozen_member_rest() {
    let venue = Venue::start().await;
    let (operator, manager) = (venue.sign_in("op1").await, venue.sign_in("b1m").await);
    let expires = crate::venue::later(std::time::Duration::from_secs(86_400));
    let key = json!({"name": "ERP", "scopes": ["read"], "expires_at": expires});
    let made = venue.post("/api/v1/keys").by(&manager).json(key).send().await;
    assert_eq!(made.status, 201, "{}", made.json);
    let token = made.json["token"].as_str().unwrap();
    assert_eq!(venue.get("/api/v1/auctions").by(token).send().await.status, 200);
    let mut socket = venue.feed(token, None).await.unwrap();
    let act = async |path: &str| venue.post(path).by(&operator).json(json!({"reason": "x"})).send().await.status;
    assert_eq!(act("/api/v1/members/B1/freeze").await, 200);
    venue.get("/api/v1/auctions").by(token).send().await.refuses(401, "not_signed_in");
    while let Some(Ok(message)) = socket.next().await {
        assert!(!message.is_text() || !message.to_string().contains("subscribe"));
    }
    assert_eq!(act("/api/v1/members/B1/unfreeze").await, 200);
    assert_eq!(venue.get("/api/v1/auctions").by(token).send().await.status, 200);
}
