//! The made-up history of the demonstration over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use exchange::disclosure::Day;
use exchange::units::{Instant, Price, Quantity, UtcOffset, value};
use gateway::GatewayConfig;
use gateway::demonstration::{Demonstration, MadeUpDay};
use serde_json::json;

use crate::venue::{Venue, config};

/// A venue with a made-up history of twenty days of PrNd metal from Thursday, 2026-01-01, each a yuan higher.
pub fn with_made_up_history() -> GatewayConfig {
    let first = Day::of(Instant::parse("2026-01-01T00:00:00+08:00").unwrap(), UtcOffset::CHINA);
    let days = (0..20).map(|place: u64| {
        let price = |yuan: u64| Price::from_fen((100 + place + yuan) * 100).unwrap();
        let volume = Quantity::from_millionths((place + 1) * 1_000_000).unwrap();
        let (day, average) = (first.plus(place.cast_signed()), price(0));
        let turnover = value(average, volume);
        let (open, high, low, close) = (price(0), price(3), Price::from_fen((90 + place) * 100).unwrap(), price(1));
        MadeUpDay { day, open, high, low, close, average, volume, turnover }
    });
    let series = BTreeMap::from([("PrNd-metal".to_owned(), days.collect())]);
    GatewayConfig { demonstration: Some(Arc::new(Demonstration { seed: 7, series })), ..config() }
}

/// Protects from taking the made-up for the real: every answer says what it is, and weeks are what their days come to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_made_up_series_says_so() {
    let venue = Venue::with(with_made_up_history()).await;
    let trader = venue.sign_in("b1").await;
    let get = async |path: &str| venue.get(&format!("/api/v1/demonstration/history/{path}")).by(&trader).send().await;
    let daily = get("PrNd-metal?limit=2").await;
    assert_eq!((&daily.json["made_up"], daily.headers["made-up"].as_bytes()), (&json!(true), &b"true"[..]));
    assert_eq!((&daily.json["seed"], &daily.json["interval"]), (&json!(7), &json!("1d")));
    assert_eq!(
        daily.json["items"][1],
        json!({"start": "2026-01-19T16:00:00Z", "open": "119.00", "high": "122.00", "low": "109.00", "close": "120.00",
            "average": "119.00", "volume": "20", "turnover": "2380.00"})
    );
    assert_eq!(daily.json["next"], "2026-01-18T16:00:00Z");
    let before = get("PrNd-metal?limit=2&to=2026-01-18T16:00:00Z").await.json;
    assert_eq!(before["items"][1]["start"], "2026-01-17T16:00:00Z");
    let weekly = get("PrNd-metal?interval=1w").await.json;
    assert_eq!((weekly["items"].as_array().unwrap().len(), &weekly["next"]), (4, &json!(null)));
    // Thursday to Sunday: (100 × 1 + 101 × 2 + 102 × 3 + 103 × 4) / 10.
    assert_eq!(
        weekly["items"][0],
        json!({"start": "2025-12-28T16:00:00Z", "open": "100.00", "high": "106.00", "low": "90.00", "close": "104.00",
            "average": "102.00", "volume": "10", "turnover": "1020.00"})
    );
    let table = get("PrNd-metal/candles.csv?interval=1M").await;
    assert_eq!(table.headers["made-up"], "true");
    let text = String::from_utf8(table.body.to_vec()).unwrap();
    assert!(
        text.lines().next().unwrap().ends_with(",made_up") && text.lines().nth(1).unwrap().ends_with(",true"),
        "{text}"
    );
    get("X").await.refuses(404, "unknown_product");
    get("PrNd-metal?interval=1h").await.refuses(422, "invalid_interval");
    get("PrNd-metal?side=sale").await.refuses(400, "unknown_parameter");
    let quote = venue.get("/api/v1/quotes").by(&trader).send().await.json;
    assert_eq!(quote["items"], json!([]), "no quote is made of what is made up");
}

/// Protects a venue: without the demonstration there is no such history, and nothing that looks like it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_venue_has_no_made_up_history() {
    let venue = Venue::start().await;
    let trader = venue.sign_in("b1").await;
    for path in ["PrNd-metal", "PrNd-metal/candles.csv"] {
        let path = format!("/api/v1/demonstration/history/{path}");
        venue.get(&path).by(&trader).send().await.refuses(404, "unknown_path");
    }
}
