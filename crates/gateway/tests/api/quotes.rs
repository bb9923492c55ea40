//! Quotes, candles and trades over HTTP and the feed.

use std::collections::BTreeMap;
use std::time::Duration;

use exchange::units::Instant;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::venue::{Socket, Venue, later};

/// A sale whose first bid at this price ends the lot.
async fn sold_at(venue: &Venue, bidder: &str, lot: &str, price: &str) -> u64 {
    let id = venue
        .running(|a| {
            a["bidding"]["limit_price"] = json!(price);
            a["bidding"].as_object_mut().unwrap().remove("max_step");
        })
        .await;
    let token = venue.sign_in(bidder).await;
    let bid = venue.post(&format!("/api/v1/auctions/{id}/lots/{lot}/bids")).by(&token);
    let bid = bid.json(json!({"price": price})).send().await;
    assert_eq!(bid.status, 201, "{}", bid.json);
    id
}

/// Reads the next message of this kind in this channel.
async fn next(socket: &mut Socket, channel: &str, kind: &str) -> Value {
    loop {
        if let Message::Text(text) = socket.next().await.expect("the feed goes on").unwrap() {
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["channel"] == channel && message["kind"] == kind {
                return message;
            }
        }
    }
}

/// The figures of each day by a plain computation over an export: in fen and millionths, days counted in Shanghai.
fn plainly(csv: &str) -> BTreeMap<i64, Value> {
    let scaled = |text: &str, decimals: usize| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{fraction:0<decimals$}").parse::<i128>().unwrap()
    };
    let mut days: BTreeMap<i64, Vec<(i128, i128, i128)>> = BTreeMap::new();
    // The newest is first.
    let lines: Vec<&str> = csv.lines().skip(1).collect();
    for line in lines.iter().rev() {
        let cells: Vec<&str> = line.split(',').collect();
        let day = (Instant::parse(cells[0]).unwrap().us() / 1_000_000 + 8 * 3600).div_euclid(86_400);
        days.entry(day).or_default().push((scaled(cells[2], 2), scaled(cells[3], 6), scaled(cells[4], 2)));
    }
    let money = |fen: i128| format!("{}.{:02}", fen / 100, fen % 100);
    let figures = |trades: &Vec<(i128, i128, i128)>| {
        let quantity: i128 = trades.iter().map(|trade| trade.1).sum();
        let exact: i128 = trades.iter().map(|trade| trade.0 * trade.1).sum();
        json!({
            "open": money(trades[0].0), "high": money(trades.iter().map(|t| t.0).max().unwrap()),
            "low": money(trades.iter().map(|t| t.0).min().unwrap()), "close": money(trades[trades.len() - 1].0),
            "average": money((2 * exact + quantity) / (2 * quantity)),
            "turnover": money(trades.iter().map(|t| t.2).sum()), "trades": trades.len(),
        })
    };
    days.iter().map(|(day, trades)| (*day, figures(trades))).collect()
}

/// Protects that quotes, candles, exports and the feed say the same of the same awards, and each what a plain
/// computation over the export says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_say_the_same_of_an_award() {
    let venue = Venue::start().await;
    let trader = venue.sign_in("b1").await;
    let get = async |path: &str| venue.get(path).by(&trader).send().await;
    let first = sold_at(&venue, "b1", "1", "575000.00").await;

    let mut socket = venue.feed(&trader, None).await.unwrap();
    let ask = json!({"subscribe": ["quotes/PrNd-metal", "market", "quotes/none"]}).to_string();
    socket.send(Message::text(ask)).await.unwrap();
    let snapshot = next(&mut socket, "quotes/PrNd-metal", "snapshot").await;
    assert_eq!(snapshot["data"]["items"], get("/api/v1/quotes/PrNd-metal").await.json["items"]);
    assert_eq!(snapshot["data"]["items"][0]["spark"], json!(["575000.00"]));
    let market = next(&mut socket, "market", "snapshot").await;
    assert_eq!(market["data"]["quotes"][0]["last"], "575000.00");
    let unknown = next(&mut socket, "quotes/none", "error").await;
    assert_eq!(unknown["reason"], "unknown_channel");

    let second = sold_at(&venue, "b2", "%E7%94%B2%2F2", "581000.00").await;
    let told = next(&mut socket, "quotes/PrNd-metal", "quote").await;
    assert_eq!((&told["previous"], &told["data"]["last"]), (&snapshot["sequence"], &json!("581000.00")));
    assert_eq!(next(&mut socket, "market", "quote").await["data"], told["data"]);

    let min = told["sequence"].as_u64().unwrap().to_string();
    let quote = venue.get("/api/v1/quotes?side=sale").by(&trader).header("min-sequence", &min).send().await.json;
    let mut shown = quote["items"][0].clone();
    assert_eq!((quote["items"].as_array().unwrap().len(), &quote["next"]), (1, &json!(null)));
    shown.as_object_mut().unwrap().remove("spark");
    assert_eq!(shown, told["data"]);

    let export = get("/api/v1/quotes/PrNd-metal/trades.csv?side=sale").await;
    assert_eq!(export.headers["content-type"], "text/csv; charset=utf-8");
    let text = String::from_utf8(export.body.to_vec()).unwrap();
    let expected = plainly(&text);
    let daily = get("/api/v1/quotes/PrNd-metal/candles?side=sale").await.json;
    let items = daily["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &daily["interval"], &daily["utc_offset"]),
        (expected.len(), &json!("1d"), &json!("+08:00"))
    );
    for (candle, (day, figures)) in items.iter().zip(&expected) {
        assert_eq!(Instant::parse(candle["start"].as_str().unwrap()).unwrap().us(), (day * 24 - 8) * 3_600_000_000);
        for (field, value) in figures.as_object().unwrap() {
            assert_eq!(&candle[field], value, "{field} of {candle}");
        }
    }
    let (last, figures) = (&quote["items"][0], expected.last_key_value().unwrap().1);
    for (field, of) in [("last", "close"), ("open", "open"), ("high", "high"), ("low", "low"), ("average", "average")] {
        assert_eq!(last[field], figures[of], "{field}");
    }
    assert_eq!((&last["turnover"], &last["trades"]), (&figures["turnover"], &figures["trades"]));
    let table = get("/api/v1/quotes/PrNd-metal/candles.csv?side=sale&interval=1d").await;
    let rows = String::from_utf8(table.body.to_vec()).unwrap();
    assert_eq!(rows.lines().count(), items.len() + 1);
    assert!(rows.lines().last().unwrap().starts_with(items[items.len() - 1]["start"].as_str().unwrap()), "{rows}");

    let trades = get("/api/v1/quotes/PrNd-metal/trades?limit=1").await.json;
    assert_eq!(trades["items"][0]["auction"], json!(second));
    assert_eq!(trades["items"][0]["lot"], "甲/2");
    assert_eq!(trades["items"][0]["corrected"], false);
    let rest = get(&format!("/api/v1/quotes/PrNd-metal/trades?cursor={}", trades["next"].as_str().unwrap())).await.json;
    assert_eq!((&rest["items"][0]["auction"], &rest["next"]), (&json!(first), &json!(null)));
    let path = get(&format!("/api/v1/auctions/{second}/lots/%E7%94%B2%2F2/path")).await.json;
    assert_eq!((&path["price"], &path["next"]), (&json!(["581000.00"]), &json!(null)));
    assert_eq!(path["at"].as_array().unwrap().len(), 1);
}

/// Protects that what was not traded is null and not nought, and that a bad question is told so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_traded_has_no_quote() {
    let venue = Venue::start().await;
    let trader = venue.sign_in("b1").await;
    venue.running(|_| {}).await;
    let get = async |path: &str| venue.get(path).by(&trader).send().await;
    let both = get("/api/v1/quotes/PrNd-metal").await.json;
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    let bought = json!({"product": "PrNd-metal", "unit": "t", "side": "procurement", "day": null, "at": null, "last": null,
        "change": null, "open": null, "high": null, "low": null, "average": null, "volume": "0", "turnover": "0.00",
        "trades": 0, "corrected": false, "spark": []});
    assert_eq!(both["items"][1], bought);
    assert_eq!(get("/api/v1/quotes/PrNd-metal/candles?side=sale&interval=1M").await.json["items"], json!([]));
    for (path, status, reason) in [
        ("/api/v1/quotes/X", 404, "unknown_product"),
        ("/api/v1/quotes/X/candles?side=sale", 404, "unknown_product"),
        ("/api/v1/quotes/X/trades.csv", 404, "unknown_product"),
        ("/api/v1/quotes?side=both", 422, "invalid_side"),
        ("/api/v1/quotes/PrNd-metal/candles", 422, "invalid_side"),
        ("/api/v1/quotes/PrNd-metal/candles?side=sale&interval=2h", 422, "invalid_interval"),
        ("/api/v1/quotes/PrNd-metal/candles?side=sale&from=now", 422, "invalid_time"),
        ("/api/v1/quotes/PrNd-metal/candles.csv?side=sale&limit=0", 422, "invalid_limit"),
        ("/api/v1/quotes/PrNd-metal/trades?cursor=1g1g1g1", 422, "invalid_cursor"),
        ("/api/v1/quotes/PrNd-metal/trades?interval=1d", 400, "unknown_parameter"),
    ] {
        get(path).await.refuses(status, reason);
    }
}

/// Protects a sealed lot: neither quote, nor trade, nor path says anything of it before its end, and all of them do then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_lot_is_not_quoted_before_its_end() {
    let venue = Venue::start().await;
    let id = venue
        .running(|a| {
            a["bidding"]["format"] = json!("sealed");
            a["closes"] = json!(later(Duration::from_secs(8)));
        })
        .await;
    let (one, auditor) = (venue.sign_in("b1").await, venue.sign_in("aud1").await);
    let bids = format!("/api/v1/auctions/{id}/lots/1/bids");
    assert_eq!(venue.post(&bids).by(&one).json(json!({"price": "570500.00"})).send().await.status, 201);
    let path = format!("/api/v1/auctions/{id}/lots/1/path");
    for token in [&one, &auditor] {
        let hidden = venue.get(&path).by(token).send().await.json;
        assert_eq!(hidden, json!({"at": [], "price": [], "next": null}));
    }
    let quotes = venue.get("/api/v1/quotes?side=sale").by(&one).send().await.json;
    assert_eq!(quotes["items"][0]["last"], json!(null));
    let ended = venue.until("/api/v1/quotes?side=sale", &one, |json| json["items"][0]["last"] == "570500.00").await;
    let min = ended["sequence"].as_u64().unwrap().to_string();
    let shown = venue.get(&path).by(&auditor).header("min-sequence", &min).send().await.json;
    assert_eq!(shown["price"], json!(["570500.00"]));
}

/// Protects that another midnight changes the days of all history, and nothing else of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_venues_midnight_is_its_profiles() {
    let venue = Venue::start().await;
    let (admin, second) = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
    sold_at(&venue, "b1", "1", "575000.00").await;
    let mut profile = venue.get("/api/v1/profile").by(&admin).send().await.json;
    assert_eq!(profile["utc_offset"], "+08:00");
    let put = async |profile: &Value| {
        venue.call(hyper::Method::PUT, "/api/v1/profile").by(&admin).json(profile.clone()).send().await
    };
    let set = async |profile: &Value| {
        let asked = put(profile).await;
        assert_eq!(asked.status, 202, "{}", asked.json);
        let approval = format!("/api/v1/approvals/{}", asked.json["id"]);
        venue.post(&approval).by(&second).json(json!({})).send().await.status
    };
    // Each is made from whatever is in force.
    profile["revision"] = json!(null);
    profile["utc_offset"] = json!("+8");
    put(&profile).await.refuses(422, "invalid_offset");
    for offset in ["-11:00", "+13:00"] {
        profile["utc_offset"] = json!(offset);
        assert_eq!(set(&profile).await, 200);
        let quote = venue.get("/api/v1/quotes/PrNd-metal?side=sale").by(&admin).send().await.json["items"][0].clone();
        let candles = venue.get("/api/v1/quotes/PrNd-metal/candles?side=sale").by(&admin).send().await.json;
        let start = Instant::parse(candles["items"][0]["start"].as_str().unwrap()).unwrap();
        let hours = if offset == "-11:00" { -11 } else { 13 };
        let local = Instant::from_us(start.us() + hours * 3_600_000_000).to_string();
        assert_eq!(local, format!("{}T00:00:00Z", quote["day"].as_str().unwrap()));
    }
    profile.as_object_mut().unwrap().remove("utc_offset");
    assert_eq!(set(&profile).await, 200);
    assert_eq!(venue.get("/api/v1/profile").by(&admin).send().await.json["utc_offset"], "+08:00");
}
