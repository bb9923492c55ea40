//! The contracts that both sides read.

use serde_json::json;

use crate::venue::Venue;

/// Protects that an award is a contract for both sides, each with its own part, and for nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_read_their_contract() {
    let venue = Venue::start().await;
    let id = venue.running(|a| a["bidding"]["limit_price"] = json!("566000.00")).await;
    let (buyer, seller, other) = (venue.sign_in("b1").await, venue.sign_in("s1m").await, venue.sign_in("b2").await);
    let path = format!("/api/v1/auctions/{id}/lots/1/bids");
    let bid = venue.post(&path).by(&buyer).json(json!({"price": "566000.00"})).send().await;
    assert_eq!(bid.status, 201, "{}", bid.json);
    // A bid at the limit price ends the lot with the next entry at the latest.
    let path = "/api/v1/contracts";
    let bought = venue.until(path, &buyer, |json| json["items"].as_array().is_some_and(|all| !all.is_empty())).await;
    let bought = &bought["items"][0];
    let sold = venue.get(path).by(&seller).send().await.json;
    let sold = &sold["items"][0];
    for (contract, side, counterpart) in [(bought, "buyer", "S1"), (sold, "seller", "B1")] {
        assert_eq!(contract["side"], side);
        assert_eq!(contract["counterpart"], counterpart);
        assert_eq!(contract["auction"], id);
        assert_eq!((&contract["lot"], &contract["price"]), (&json!("1"), &json!("566000.00")));
    }
    assert_eq!(bought["id"], sold["id"]);
    assert_eq!(bought["margin"], bid.json["margin"]);
    let none = venue.get(path).by(&other).send().await.json;
    assert_eq!(none, json!({"items": [], "next": null}));
}
