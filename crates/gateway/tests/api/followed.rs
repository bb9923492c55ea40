//! Announcements that a user follows.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::venue::{Venue, announcement};

const PATH: &str = "/api/v1/followed";

/// Protects following: what is starred on one device is on the other, which is told so over the feed; each user has its own; what a
/// user cannot see, or nobody can, is left out; a repeated call is done once; over the limit is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_followed_is_followed_on_every_device() {
    let venue = Venue::start().await;
    let (first, second) = (venue.running(|_| {}).await, venue.running(|_| {}).await);
    let manager = venue.sign_in("s1m").await;
    let hidden = venue.post("/api/v1/auctions").by(&manager).json(announcement()).send().await.json["id"].clone();
    let (phone, desktop, colleague) =
        (venue.sign_in("b1").await, venue.sign_in("b1").await, venue.sign_in("b1m").await);
    let follow = async |by: &str, body: Value| venue.post(PATH).by(by).json(body).send().await;
    let followed = async |by: &str| venue.get(PATH).by(by).send().await.json["auctions"].clone();
    assert_eq!(followed(&phone).await, json!([]));

    let mut socket = venue.feed(&desktop, None).await.unwrap();
    socket.send(Message::text(json!({"subscribe": ["me"]}).to_string())).await.unwrap();
    let done = follow(&phone, json!({"follow": [second, 9_999, hidden, first]})).await;
    assert_eq!(done.status, 200, "{}", done.json);
    loop {
        let Message::Text(text) = socket.next().await.unwrap().unwrap() else { continue };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["kind"] == "followed" {
            assert_eq!((&message["channel"], &message["sequence"]), (&json!("me"), &done.json["sequence"]));
            break;
        }
    }
    assert_eq!(followed(&desktop).await, json!([second, first]));
    assert_eq!(followed(&colleague).await, json!([]));
    // Its own firm's it may follow before it is public.
    follow(&manager, json!({"follow": [hidden]})).await;
    assert_eq!(followed(&manager).await, json!([hidden]));

    assert_eq!(follow(&desktop, json!({"follow": [first], "unfollow": [second]})).await.status, 200);
    assert_eq!(followed(&phone).await, json!([first]));
    let (key, body) = ("follow-1", json!({"unfollow": [first]}));
    assert_eq!(venue.post(PATH).by(&phone).key(key).json(body.clone()).send().await.status, 200);
    follow(&phone, json!({"follow": [first]})).await;
    assert_eq!(venue.post(PATH).by(&phone).key(key).json(body).send().await.status, 200);
    assert_eq!(followed(&phone).await, json!([first]));

    let many: Vec<u32> = (1..=201).collect();
    follow(&phone, json!({"unfollow": many})).await.refuses(409, "limit_reached");
    follow(&phone, json!({"follow": ["1"]})).await.refuses(400, "invalid_body");
}
