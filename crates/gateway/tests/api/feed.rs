//! The feed through the door of the gateway. What goes over it is tested where it is made.

use futures_util::{SinkExt, StreamExt};
use hyper::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::venue::Venue;

/// Protects that who is signed in hears of a bid, that a stranger is refused, and that the stop of the node ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_signed_in_hears_of_bids() {
    let mut venue = Venue::start().await;
    let id = venue.running(|_| {}).await;
    let url = format!("ws://{}/api/v1/feed", venue.address);
    let stranger = tokio_tungstenite::connect_async(&url).await.unwrap_err();
    assert!(matches!(stranger, Error::Http(answer) if answer.status() == 401));

    let (bidder, reader) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {reader}")).unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let channel = format!("auctions/{id}");
    socket.send(Message::text(json!({"subscribe": [channel]}).to_string())).await.unwrap();
    let mut next = async |kind: &str| -> Value {
        loop {
            match socket.next().await.expect("the feed goes on").unwrap() {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["kind"] == kind {
                        return message;
                    }
                }
                Message::Close(_) => return json!("closed"),
                _ => {}
            }
        }
    };
    let snapshot = next("snapshot").await;
    assert_eq!(snapshot["channel"], channel);
    assert_eq!(snapshot["data"]["lots"][0]["code"], "1");
    let path = format!("/api/v1/auctions/{id}/lots/1/bids");
    let bid = venue.post(&path).by(&bidder).json(json!({"price": "565000.00"})).send().await.json;
    let message = next("bid").await;
    assert_eq!((&message["sequence"], &message["previous"]), (&bid["sequence"], &snapshot["sequence"]));
    assert_eq!((&message["data"]["price"], &message["data"]["bidder"]), (&bid["price"], &json!("#1")));
    venue.stop().await;
    assert_eq!(next("nothing").await, "closed");
}
