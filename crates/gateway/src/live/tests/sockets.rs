//! The feed as clients see it, over real sockets.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use exchange::Body;
use exchange::markets::auction::{Format, Side};
use exchange::units::{AuctionId, MemberId, Sequence};
use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::venue::{Venue, price};
use crate::live::{CloseCode, FeedLimits, Live, Viewer, serve_socket};

/// Longer than anything here takes: reached only by a failure.
const AT_MOST: Duration = Duration::from_secs(30);

/// A server whose connections are those of the viewers that were let in, by their place.
struct Server {
    address: SocketAddr,
    viewers: Arc<Mutex<Vec<Viewer>>>,
}

#[derive(Clone)]
struct Served {
    live: Live,
    viewers: Arc<Mutex<Vec<Viewer>>>,
}

impl Server {
    async fn start(live: &Live) -> Self {
        let viewers = Arc::new(Mutex::new(Vec::new()));
        let served = Served { live: live.clone(), viewers: Arc::clone(&viewers) };
        // A small buffer in the system, so that a client that does not read is felt here.
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(16 << 10).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(64).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/{viewer}", any(upgrade)).with_state(served);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Server { address, viewers }
    }

    async fn connect(&self, who: Viewer) -> Client {
        let place = {
            let mut viewers = self.viewers.lock();
            viewers.push(who);
            viewers.len() - 1
        };
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let stream = socket.connect(self.address).await.unwrap();
        let url = format!("ws://{}/{place}", self.address);
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        Client { socket }
    }
}

async fn upgrade(State(served): State<Served>, Path(viewer): Path<usize>, upgrade: WebSocketUpgrade) -> Response {
    let who = served.viewers.lock()[viewer];
    let live = served.live;
    live.feed_limits().set_up(upgrade).on_upgrade(move |socket| serve_socket(live, who, socket))
}

struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    async fn say(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message that is not the time.
    async fn next(&mut self) -> Value {
        let next = async {
            loop {
                match self.socket.next().await.expect("the connection is there").expect("the message can be read") {
                    Message::Text(text) => {
                        let message: Value = serde_json::from_str(&text).unwrap();
                        if message["kind"] != "time" {
                            return message;
                        }
                    }
                    Message::Ping(_) | Message::Pong(_) => {}
                    other => panic!("{other:?}"),
                }
            }
        };
        tokio::time::timeout(AT_MOST, next).await.expect("a message comes")
    }

    async fn subscribe(&mut self, channels: &[&str]) -> Vec<Value> {
        self.say(json!({ "subscribe": channels })).await;
        let mut snapshots = Vec::new();
        for channel in channels {
            let snapshot = self.next().await;
            assert_eq!((&snapshot["kind"], &snapshot["channel"]), (&json!("snapshot"), &json!(channel)));
            snapshots.push(snapshot);
        }
        snapshots
    }

    /// The code with which the server closes.
    async fn closed(&mut self) -> Option<u16> {
        let closing = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(Error::ConnectionClosed)) | None => return None,
                    Some(Err(error)) => panic!("{error}"),
                }
            }
        };
        tokio::time::timeout(AT_MOST, closing).await.expect("the server closes")
    }
}

fn prices(from: u64, count: u64) -> impl Iterator<Item = exchange::units::Price> {
    (from..from + count).map(|yuan| exchange::units::Price::from_fen(yuan * 100).unwrap())
}

/// Two members in turn overbid each other.
fn bids(venue: &mut Venue, auction: AuctionId, from: u64, count: u64) {
    for (turn, price) in (from..).zip(prices(from, count)) {
        venue.bid(2 + u32::try_from(turn % 2).unwrap(), auction, 0, price).outcome.unwrap();
        venue.flush();
    }
}

/// Protects what a screen stands on: a snapshot, then every message without a gap, each naming the one before it; and
/// that snapshot and messages together say what is true.
#[tokio::test]
async fn a_snapshot_and_then_every_bid() {
    let mut venue = Venue::new(Live::new(), 3);
    let auction = venue.running(Format::Open, 2);
    let trader = venue.traders[1];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let mut client = server.connect(who).await;
    bids(&mut venue, auction, 1_000, 3);
    let channel = format!("auctions/{auction}");
    let snapshot = client.subscribe(&[&channel]).await.remove(0);
    assert_eq!(snapshot["previous"], Value::Null);
    assert_eq!(snapshot["data"]["status"], "running");
    assert_eq!(snapshot["data"]["lots"][0]["best_price"], "1002.00");
    assert_eq!(snapshot["data"]["lots"][0]["accepted"], 3);
    assert_eq!(snapshot["data"]["lots"][1]["best_price"], Value::Null);

    bids(&mut venue, auction, 1_003, 500);
    let mut last = snapshot["sequence"].clone();
    for expected in prices(1_003, 500) {
        let bid = client.next().await;
        assert_eq!(bid["kind"], "bid");
        assert_eq!(bid["previous"], last);
        assert_eq!(bid["data"]["lot"], "1");
        assert_eq!(bid["data"]["price"], expected.to_string());
        assert_eq!(bid["data"]["bidder"], if expected.fen() / 100 % 2 == 0 { "#1" } else { "#2" });
        last = bid["sequence"].clone();
    }
    assert_eq!(last, venue.live.sequence().0);

    // A bid that is refused changes a count; it is told with the next stamp a second later.
    venue.bid(2, auction, 0, price("1.00")).outcome.unwrap_err();
    venue.pass(1_000);
    venue.flush();
    let lot = client.next().await;
    assert_eq!((&lot["kind"], &lot["data"]["rejected"]), (&json!("lot"), &json!(1)));
    assert_eq!(lot["data"]["accepted"], 503);

    // A lot that ends, and the auction with it.
    venue.by(venue.operator, Body::Cancel { auction, reason: "weather".into() }).unwrap();
    venue.flush();
    let ended = [client.next().await, client.next().await, client.next().await];
    assert_eq!(ended.each_ref().map(|m| m["kind"].as_str().unwrap()), ["lot", "lot", "auction"]);
    assert_eq!(ended[0]["data"]["status"], "cancelled");
    assert_eq!(ended[0]["previous"], lot["sequence"]);
    assert_eq!(ended[1]["previous"], ended[0]["sequence"]);
    assert_eq!((&ended[2]["data"]["status"], &ended[2]["data"]["reason"]), (&json!("cancelled"), &json!("weather")));
}

/// Protects that a client that was away gets exactly what it missed, and a snapshot when that is too far back.
#[tokio::test]
async fn comes_back_where_it_was() {
    let limits = FeedLimits { kept_messages_idle: 100, ..FeedLimits::default() };
    let mut venue = Venue::new(Live::with_limits(limits), 3);
    let auction = venue.running(Format::Open, 1);
    let trader = venue.traders[1];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let channel = format!("auctions/{auction}");
    let mut client = server.connect(who).await;
    client.subscribe(&[&channel]).await;
    bids(&mut venue, auction, 1_000, 1);
    let seen = client.next().await["sequence"].as_u64().unwrap();
    drop(client);

    bids(&mut venue, auction, 1_001, 50);
    let mut client = server.connect(who).await;
    client.say(json!({ "subscribe": [channel], "from": seen })).await;
    let mut last = json!(seen);
    for expected in prices(1_001, 50) {
        let bid = client.next().await;
        assert_eq!((&bid["kind"], &bid["previous"]), (&json!("bid"), &last));
        assert_eq!(bid["data"]["price"], expected.to_string());
        last = bid["sequence"].clone();
    }
    drop(client);

    // Nobody reads: only so much is kept. The connection's end reaches the server in its own time.
    while venue.live.feed_metrics().clients > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bids(&mut venue, auction, 1_051, 200);
    let mut client = server.connect(who).await;
    client.say(json!({ "subscribe": [channel], "from": last })).await;
    let snapshot = client.next().await;
    assert_eq!(snapshot["kind"], "snapshot");
    assert_eq!(snapshot["data"]["lots"][0]["best_price"], "1250.00");
    // Neither does a sequence help that does not exist yet.
    client.say(json!({ "subscribe": [channel], "from": 1_000_000 })).await;
    assert_eq!(client.next().await["kind"], "snapshot");
}

/// Protects that who does not read is told what it missed and gets a fresh snapshot, and that nobody waits for it.
#[tokio::test]
async fn who_does_not_read_is_conflated_and_nobody_waits() {
    const BIDS: u64 = 5_000;
    let limits = FeedLimits { kept_messages: 1_000, ..FeedLimits::default() };
    let mut venue = Venue::new(Live::with_limits(limits), 3);
    let auction = venue.running(Format::Open, 1);
    let trader = venue.traders[1];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let channel = format!("auctions/{auction}");
    let (mut slow, mut quick) = (server.connect(who).await, server.connect(who).await);
    slow.subscribe(&[&channel]).await;
    quick.subscribe(&[&channel]).await;

    // The quick one gets every one of them while the slow one takes nothing.
    let mut made = 0;
    while made < BIDS {
        bids(&mut venue, auction, 1_000 + made, 100);
        for expected in prices(1_000 + made, 100) {
            assert_eq!(quick.next().await["data"]["price"], expected.to_string());
        }
        made += 100;
    }
    assert_eq!(venue.live.feed_metrics().conflations, 0, "the quick one was never conflated");

    let (mut got, mut last) = (0, Value::Null);
    let dropped = loop {
        let message = slow.next().await;
        match message["kind"].as_str().unwrap() {
            "bid" => {
                got += 1;
                last = message["sequence"].clone();
            }
            "conflated" => break message["data"]["dropped"].as_u64().unwrap(),
            other => panic!("{other}"),
        }
    };
    assert!(dropped > 0 && got > 0 && got + dropped <= BIDS, "{got} {dropped}");
    let snapshot = slow.next().await;
    assert_eq!((&snapshot["kind"], &snapshot["channel"]), (&json!("snapshot"), &json!(channel)));
    assert!(snapshot["sequence"].as_u64() > last.as_u64());
    assert_eq!(snapshot["data"]["lots"][0]["best_price"], prices(999 + BIDS, 1).next().unwrap().to_string());
    bids(&mut venue, auction, 1_000 + BIDS, 1);
    assert_eq!(slow.next().await["previous"], snapshot["sequence"]);
    assert_eq!(venue.live.feed_metrics().conflations, 1);
}

/// Protects that a session that ends closes its connections at once, even that of a client that reads nothing, and no
/// other.
#[tokio::test]
async fn the_end_of_a_session_closes() {
    let mut venue = Venue::new(Live::new(), 3);
    let auction = venue.running(Format::Open, 1);
    let (one, other) = (venue.traders[0], venue.traders[1]);
    let (signs_out, locked, expires, stays) =
        (venue.session(one), venue.session(other), venue.session(one), venue.session(one));
    let expires = Viewer { expires: expires.expires.minus(exchange::units::Span::from_seconds(863_999)), ..expires };
    let server = Server::start(&venue.live).await;
    let mut clients = Vec::new();
    for who in [signs_out, locked, expires, stays] {
        let mut client = server.connect(who).await;
        client.subscribe(&["market"]).await;
        clients.push(client);
    }
    assert_eq!(clients[2].closed().await, Some(CloseCode::SessionEnded as u16));
    venue.system(Body::CloseSession { token_hash: signs_out.token_hash.into() }).unwrap();
    venue.flush();
    assert_eq!(clients[0].closed().await, Some(CloseCode::SessionEnded as u16));
    venue.system(Body::LockUser { user: other }).unwrap();
    venue.flush();
    assert_eq!(clients[1].closed().await, Some(CloseCode::SessionEnded as u16));
    // A token that is dead already gets no further.
    assert_eq!(server.connect(locked).await.closed().await, Some(CloseCode::SessionEnded as u16));
    clients[3].subscribe(&[&format!("auctions/{auction}")]).await;
    venue.live.close_feed();
    assert_eq!(clients[3].closed().await, Some(CloseCode::GoingAway as u16));
}

/// Protects that what concerns a member goes to its own traders and managers and to nobody else.
#[tokio::test]
async fn me_is_for_the_member_alone() {
    let mut venue = Venue::new(Live::new(), 3);
    let auction = venue.running(Format::Open, 1);
    let users = [venue.traders[1], venue.managers[1], venue.traders[2], venue.operator];
    let who = users.map(|user| venue.session(user));
    let server = Server::start(&venue.live).await;
    let mut trader = server.connect(who[0]).await;
    let mut manager = server.connect(who[1]).await;
    let mut rival = server.connect(who[2]).await;
    let mut staff = server.connect(who[3]).await;
    let snapshot = trader.subscribe(&["me"]).await.remove(0);
    assert_eq!(snapshot["data"]["member"], "M2");
    assert_eq!(snapshot["data"]["funds"], json!({ "available": "1000000000.00", "held": "0.00" }));
    manager.subscribe(&["me"]).await;
    rival.subscribe(&["me"]).await;
    staff.say(json!({ "subscribe": ["me"] })).await;
    assert_eq!(staff.next().await["reason"], "unknown_channel");

    let kinds =
        |messages: &[Value]| messages.iter().map(|m| m["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    async fn take(client: &mut Client, count: usize) -> Vec<Value> {
        let mut messages = Vec::new();
        for _ in 0..count {
            messages.push(client.next().await);
        }
        messages
    }
    venue.bid(2, auction, 0, price("1000.00")).outcome.unwrap();
    venue.flush();
    for client in [&mut trader, &mut manager] {
        let own = take(client, 2).await;
        assert_eq!(kinds(&own), ["alias", "funds"]);
        assert_eq!(own[0]["data"], json!({ "auction": auction.0, "lot": "1", "alias": "#1" }));
        assert_eq!(own[1]["data"]["held"], "4000.00");
    }
    venue.bid(3, auction, 0, price("1001.00")).outcome.unwrap();
    venue.flush();
    let own = take(&mut trader, 4).await;
    assert_eq!(kinds(&own), ["overtaken", "released", "funds", "notices"]);
    assert_eq!((&own[0]["data"]["price"], &own[0]["data"]["bidder"]), (&json!("1001.00"), &json!("#2")));
    assert_eq!((&own[1]["data"]["margin"], &own[1]["data"]["amount"]), (&json!("bid"), &json!("4000.00")));
    assert_eq!(own[2]["data"], json!({ "available": "1000000000.00", "held": "0.00" }));
    // The rival has heard nothing of what went before.
    assert_eq!(kinds(&take(&mut rival, 2).await), ["alias", "funds"]);
    venue.pass(86_400_000);
    venue.flush();
    let own = take(&mut rival, 3).await;
    assert_eq!(kinds(&own), ["awarded", "funds", "notices"]);
    assert_eq!((&own[0]["data"]["side"], &own[0]["data"]["margin"]), (&json!("buyer"), &json!("4004.00")));
    // Who lost is told that there is something to read.
    assert_eq!(kinds(&take(&mut trader, 1).await), ["notices"]);
    let again = trader.subscribe(&["me"]).await.remove(0);
    assert_eq!(again["data"]["aliases"], json!([]));
}

/// Protects the secret of a sealed lot: until its end nobody hears of a bid but its own member.
#[tokio::test]
async fn a_sealed_lot_says_nothing_before_its_end() {
    let mut venue = Venue::new(Live::new(), 3);
    let auction = venue.running(Format::Sealed, 1);
    let (bidder, rival) = (venue.traders[1], venue.traders[2]);
    let (bidder, rival, staff) = (venue.session(bidder), venue.session(rival), venue.session(venue.operator));
    let server = Server::start(&venue.live).await;
    let channel = format!("auctions/{auction}");
    let mut own = server.connect(bidder).await;
    own.subscribe(&[&channel, "market", "me"]).await;
    let mut others = Vec::new();
    for (who, channels) in [(rival, vec![channel.as_str(), "market", "me"]), (staff, vec![channel.as_str(), "market"])]
    {
        let mut client = server.connect(who).await;
        client.subscribe(&channels).await;
        others.push(client);
    }
    venue.sealed_bid(2, auction, 0, price("1234.00")).outcome.unwrap();
    venue.sealed_bid(2, auction, 0, price("1.00")).outcome.unwrap_err();
    venue.pass(2_000);
    venue.flush();
    let bid = own.next().await;
    assert_eq!(
        (&bid["kind"], &bid["channel"], &bid["data"]["price"]),
        (&json!("sealed_bid"), &json!("me"), &json!("1234.00"))
    );
    assert_eq!(own.next().await["data"], json!({ "available": "999995064.00", "held": "4936.00" }));
    let again = own.subscribe(&["me"]).await.remove(0);
    assert_eq!(again["data"]["sealed_bids"][0]["price"], "1234.00");
    // The others have heard nothing, and a fresh look shows nothing: this is the next that comes.
    for client in &mut others {
        let snapshot = client.subscribe(&[&channel]).await.remove(0);
        let lot = &snapshot["data"]["lots"][0];
        for nothing in ["best_price", "leader", "accepted", "rejected"] {
            assert_eq!(lot[nothing], Value::Null, "{nothing}");
        }
        assert!(!snapshot.to_string().contains("1234"));
    }
    venue.pass(86_400_000);
    venue.flush();
    for client in &mut others {
        let lot = client.next().await;
        assert_eq!((&lot["kind"], &lot["channel"]), (&json!("lot"), &json!(channel)));
        assert_eq!((&lot["data"]["status"], &lot["data"]["best_price"]), (&json!("sold"), &json!("1234.00")));
        assert_eq!((&lot["data"]["accepted"], &lot["data"]["rejected"]), (&json!(1), &json!(1)));
        assert_eq!(lot["data"]["leader"], "#1");
    }
}

/// Protects that an announcement is no channel for those who may not know of it, and is one from its publication on.
#[tokio::test]
async fn an_announcement_is_heard_of_once_published() {
    let mut venue = Venue::new(Live::new(), 2);
    let auction = venue.submit(venue.announcement(Side::Sale, Format::Open, 1, 1_000, 2_000));
    let (own, other) = (venue.managers[0], venue.traders[1]);
    let (own, other) = (venue.session(own), venue.session(other));
    let server = Server::start(&venue.live).await;
    let channel = format!("auctions/{auction}");
    let (mut own, mut other) = (server.connect(own).await, server.connect(other).await);
    let snapshot = own.subscribe(&[&channel]).await.remove(0);
    assert_eq!(snapshot["data"]["status"], "submitted");
    for name in [channel.as_str(), "auctions/99", "auctions/01", "auctions/", "lots", ""] {
        other.say(json!({ "subscribe": [name] })).await;
        let error = other.next().await;
        assert_eq!((&error["kind"], &error["reason"]), (&json!("error"), &json!("unknown_channel")), "{name}");
        assert_eq!(error["channel"], name);
    }
    let market = other.subscribe(&["market"]).await.remove(0);
    assert_eq!(market["data"]["auctions"], json!([]));
    venue.by(venue.operator, Body::Publish { auction }).unwrap();
    venue.flush();
    let told = other.next().await;
    assert_eq!((&told["kind"], &told["data"]["status"]), (&json!("auction"), &json!("published")));
    assert_eq!((&told["data"]["id"], &told["data"]["initiator"]), (&json!(auction.0), &json!("M1")));
    other.subscribe(&[&channel]).await;
}

/// Protects that what is not understood is answered and harms nobody: the connection goes on.
#[tokio::test]
async fn what_is_not_understood_is_answered() {
    let limits = FeedLimits { subscriptions_max: 2, ..FeedLimits::default() };
    let mut venue = Venue::new(Live::with_limits(limits), 2);
    let auction = venue.running(Format::Open, 1);
    let trader = venue.traders[1];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let mut client = server.connect(who).await;
    for text in
        ["", "subscribe", "[]", "{\"subscribe\":\"market\"}", "{\"subscribe\":[1]}", "{\"other\":[]}", "{\"from\":-1}"]
    {
        client.socket.send(Message::text(text)).await.unwrap();
        let error = client.next().await;
        assert_eq!((&error["kind"], &error["reason"]), (&json!("error"), &json!("not_understood")), "{text}");
    }
    client.socket.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(client.next().await["reason"], "not_understood");
    client.say(json!({ "unsubscribe": ["market"] })).await;
    assert_eq!(client.next().await["reason"], "not_subscribed");
    client.subscribe(&["market", "me"]).await;
    client.say(json!({ "subscribe": [format!("auctions/{auction}")] })).await;
    assert_eq!(client.next().await["reason"], "too_many_subscriptions");
    client.say(json!({ "unsubscribe": ["me"] })).await;
    client.subscribe(&[&format!("auctions/{auction}")]).await;
    // What it left is silent, what it reads goes on.
    bids(&mut venue, auction, 1_000, 1);
    assert_eq!(client.next().await["kind"], "bid");
    assert_eq!(venue.live.feed_metrics().errors, 10);
}

/// Protects the limits: a message too large, too many messages, too many connections.
#[tokio::test]
async fn limits_are_kept() {
    let limits = FeedLimits { connections_per_user_max: 2, ..FeedLimits::default() };
    let mut venue = Venue::new(Live::with_limits(limits), 2);
    let (one, other) = (venue.traders[0], venue.traders[1]);
    let (one, other) = (venue.session(one), venue.session(other));
    let server = Server::start(&venue.live).await;
    let mut first = server.connect(one).await;
    first.subscribe(&["market"]).await;
    let mut second = server.connect(one).await;
    second.subscribe(&["market"]).await;
    assert!(!venue.live.feed_has_room(one.user));
    assert_eq!(server.connect(one).await.closed().await, Some(CloseCode::TooMany as u16));
    first.say(json!({ "subscribe": ["x".repeat(5_000)] })).await;
    assert_eq!(first.closed().await, Some(CloseCode::TooLarge as u16));
    for _ in 0..60 {
        second.say(json!({})).await;
    }
    assert_eq!(second.closed().await, Some(CloseCode::TooMany as u16));
    while venue.live.feed_metrics().clients > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(venue.live.feed_has_room(one.user));
    server.connect(other).await.subscribe(&["market"]).await;
}

/// Protects that readers are told the time, that a silent client is pinged, and that a dead one is given up.
#[tokio::test]
async fn time_is_told_and_the_silent_are_given_up() {
    let ms = Duration::from_millis;
    let limits = FeedLimits { time_every: ms(20), ping_after: ms(50), silence_max: ms(400), ..FeedLimits::default() };
    let mut venue = Venue::new(Live::with_limits(limits), 1);
    let trader = venue.traders[0];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let mut client = server.connect(who).await;
    let (mut times, mut pings) = (0, 0);
    // A client that reads answers pings by itself, and stays.
    while times < 30 {
        match tokio::time::timeout(AT_MOST, client.socket.next()).await.unwrap().unwrap().unwrap() {
            Message::Text(text) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(message["kind"], "time");
                assert!(message["data"]["now"].as_str().unwrap().ends_with('Z'));
                times += 1;
            }
            Message::Ping(_) => pings += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(pings > 0);
    // One that does not read does not answer either.
    while venue.live.feed_metrics().clients > 0 {
        tokio::time::sleep(ms(5)).await;
    }
    assert_eq!(venue.live.feed_metrics().stalled, 1);
}

/// Protects that a projection that is taken over anew says so to those who read.
#[tokio::test]
async fn a_new_beginning_is_told() {
    let mut venue = Venue::new(Live::new(), 3);
    let auction = venue.running(Format::Open, 1);
    let trader = venue.traders[1];
    let who = venue.session(trader);
    let server = Server::start(&venue.live).await;
    let mut client = server.connect(who).await;
    let channel = format!("auctions/{auction}");
    client.subscribe(&[&channel]).await;
    bids(&mut venue, auction, 1_000, 2);
    client.next().await;
    client.next().await;
    venue.live.begin(&venue.exchange);
    assert_eq!(client.next().await["kind"], "conflated");
    let snapshot = client.next().await;
    assert_eq!((&snapshot["kind"], &snapshot["data"]["lots"][0]["accepted"]), (&json!("snapshot"), &json!(2)));
    // What was sent before may have come in part: from there on there is only a snapshot.
    client.say(json!({ "subscribe": [channel], "from": snapshot["sequence"] })).await;
    assert_eq!(client.next().await["kind"], "snapshot");
    assert_eq!(venue.live.read(|picture| picture.sequence), Sequence(snapshot["sequence"].as_u64().unwrap()));
    assert!(venue.live.read(|picture| picture.member(MemberId(2)).is_some()));
}
