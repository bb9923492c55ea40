//! Notices in the app: what is told, to whom, and what was read.

use std::time::Duration;

use exchange::units::Span;
use exchange::{Body, Command, Profile};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::venue::{Socket, Venue, announcement, later};

pub const PATH: &str = "/api/v1/notices";

/// The kinds of the notices of a user, newest first.
pub fn kinds(notices: &Value) -> Vec<&str> {
    notices["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

pub async fn bid(venue: &Venue, id: u64, token: &str, price: &str) -> u64 {
    let path = format!("/api/v1/auctions/{id}/lots/1/bids");
    let bid = venue.post(&path).by(token).json(json!({"price": price})).send().await;
    assert_eq!(bid.status, 201, "{}", bid.json);
    bid.json["sequence"].as_u64().unwrap()
}

/// A venue that says of a lot that it ends soon this long before.
pub async fn tell_before(venue: &Venue, seconds: i64) {
    let ends_soon_before = Some(Span::from_seconds(seconds));
    let profile = Profile { outage_after: None, ends_soon_before, ..Profile::default() };
    venue.node.submit(Command::system(Body::SetProfile(profile))).await.unwrap().outcome.unwrap();
}

/// Protects every kind of notice and whom it reaches: approved and refused the announcement's firm; overtaken, won and lost the
/// bidders, that the lot ends soon both, once; a margin that is released otherwise than by being overtaken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_reaches_whom_it_concerns() {
    let venue = Venue::start().await;
    tell_before(&venue, 2).await;
    let (manager, operator) = (venue.sign_in("s1m").await, venue.sign_in("op1").await);
    let (first, second, other) = (venue.sign_in("b1").await, venue.sign_in("b2").await, venue.sign_in("b3").await);
    let submitted = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json;
    let rejection = format!("/api/v1/auctions/{}/rejection", submitted["id"]);
    venue.post(&rejection).by(&operator).json(json!({"reason": "the certificate is missing"})).send().await;

    let id = venue
        .running(|a| {
            a["closes"] = json!(later(Duration::from_secs(5)));
            a["bidding"]["countdown"] = json!("1s");
            a["bidding"]["limit_price"] = Value::Null;
        })
        .await;
    bid(&venue, id, &first, "565000.00").await;
    bid(&venue, id, &second, "565500.00").await;
    let sold = venue.until(PATH, &manager, |json| kinds(json).contains(&"sold")).await;
    assert_eq!(
        kinds(&sold),
        ["released", "sold", "ends_soon", "ends_soon", "approved", "refused"],
        "the second lot ended without a bid"
    );
    assert_eq!(sold["items"][5]["reason"], "the certificate is missing");
    let amount = "1131000.00";
    assert_eq!((&sold["items"][1]["price"], &sold["items"][1]["amount"]), (&json!("565500.00"), &json!(amount)));
    let lost = venue.get(PATH).by(&first).send().await.json;
    assert_eq!(kinds(&lost), ["lost", "ends_soon", "overtaken"]);
    let overtaken = &lost["items"][2];
    assert_eq!(
        (&overtaken["auction"], &overtaken["lot"], &overtaken["price"]),
        (&json!(id), &json!("1"), &json!("565500.00"))
    );
    assert_eq!((&overtaken["title"], &overtaken["read"]), (&json!("金属镨钕"), &json!(false)));
    let won = venue.get(PATH).by(&second).send().await.json;
    assert_eq!(kinds(&won), ["won", "ends_soon"]);
    assert_eq!(kinds(&venue.get(PATH).by(&other).send().await.json), [""; 0]);

    // The initiator's margin comes back with a cancellation, and so does that of whoever leads.
    let id = venue.running(|_| {}).await;
    bid(&venue, id, &first, "565000.00").await;
    let path = format!("/api/v1/auctions/{id}/cancellation");
    venue.post(&path).by(&operator).json(json!({"reason": "an error"})).send().await;
    let released = venue.get(PATH).by(&first).send().await.json;
    assert_eq!((kinds(&released)[0], &released["items"][0]["amount"]), ("released", &json!("226000.00")));
}

async fn subscribed(venue: &Venue, token: &str) -> Socket {
    let mut socket = venue.feed(token, None).await.unwrap();
    socket.send(Message::text(json!({"subscribe": ["me"]}).to_string())).await.unwrap();
    next(&mut socket, "snapshot").await;
    socket
}

async fn next(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let Message::Text(text) = socket.next().await.expect("the feed goes on").unwrap() else { continue };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["kind"] == kind {
            return message;
        }
    }
}

/// Protects what is read: it is unread on every device until it is read on one, and then read on all of that user and of nobody
/// else; what was read stays read; and each device is told over the feed that there is something new to look at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_on_one_device_is_read_on_all() {
    let venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let (phone, desktop) = (venue.sign_in("b1").await, venue.sign_in("b1").await);
    let (colleague, rival) = (venue.sign_in("b1m").await, venue.sign_in("b2").await);
    let mut other = subscribed(&venue, &desktop).await;
    bid(&venue, id, &phone, "565000.00").await;
    let overtaken = bid(&venue, id, &rival, "565500.00").await;
    let told = next(&mut other, "notices").await;
    assert_eq!((&told["channel"], &told["sequence"]), (&json!("me"), &json!(overtaken)));
    for token in [&phone, &desktop, &colleague] {
        let notices = venue.get(PATH).by(token).header("min-sequence", &overtaken.to_string()).send().await.json;
        assert_eq!((&notices["unread"], &notices["read_up_to"]), (&json!(1), &json!(0)));
    }
    let path = "/api/v1/notices/read";
    let done = venue.post(path).by(&phone).json(json!({"up_to": overtaken})).send().await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(next(&mut other, "notices").await["sequence"], done.json["sequence"]);
    let notices = venue.get(PATH).by(&desktop).send().await.json;
    assert_eq!((&notices["unread"], &notices["read_up_to"]), (&json!(0), &json!(overtaken)));
    assert_eq!(notices["items"][0]["read"], true);
    assert_eq!(venue.get(PATH).by(&colleague).send().await.json["unread"], 1);
    // Earlier changes nothing, and nothing is read that has not been.
    venue.post(path).by(&phone).json(json!({"up_to": 1})).send().await;
    assert_eq!(venue.get(PATH).by(&phone).send().await.json["read_up_to"], overtaken);
    venue.post(path).by(&phone).json(json!({"up_to": overtaken + 1_000})).send().await.refuses(422, "invalid_text");

    // Page by page there is each of them once.
    for (bidder, price) in [(&phone, "566000.00"), (&rival, "566500.00"), (&phone, "567000.00"), (&rival, "567500.00")]
    {
        bid(&venue, id, bidder, price).await;
    }
    let first = venue.get(&format!("{PATH}?limit=2")).by(&phone).send().await.json;
    let cursor = first["next"].as_str().unwrap();
    let second = venue.get(&format!("{PATH}?limit=2&cursor={cursor}")).by(&phone).send().await.json;
    let prices =
        |page: &Value| page["items"].as_array().unwrap().iter().map(|one| one["price"].clone()).collect::<Vec<_>>();
    assert_eq!([prices(&first), prices(&second)].concat(), ["567500.00", "566500.00", "565500.00"]);
    assert_eq!((&first["unread"], &second["next"]), (&json!(2), &Value::Null));
    venue.get(&format!("{PATH}?cursor=x")).by(&phone).send().await.refuses(422, "invalid_cursor");
}
