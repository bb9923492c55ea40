//! The catalogue over HTTP.

use hyper::Method;
use serde_json::json;

use crate::venue::Venue;

/// Protects the catalogue: what is said of a product is judged field by field, and what was left out is null.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_is_added_and_read() {
    let venue = Venue::start().await;
    let (admin, trader) = (venue.sign_in("adm1").await, venue.sign_in("b1").await);
    let add = async |body: serde_json::Value| venue.post("/api/v1/products").by(&admin).json(body).send().await;
    let whole = json!({"code": "Nd/2 O3", "name": "氧化钕", "unit": "t", "name_en": "Neodymium oxide", "kind": "oxide",
        "specification": "Nd2O3/TREO ≥ 99.9 %"});
    let added = add(whole.clone()).await;
    assert_eq!((added.status.as_u16(), &added.json["id"]), (201, &json!(1)), "{}", added.json);
    add(whole.clone()).await.refuses(409, "taken");
    for (field, value, reason) in [
        ("code", " ".to_owned(), "invalid_code"),
        ("name", "n".repeat(201), "invalid_name"),
        ("name_en", "".to_owned(), "invalid_name"),
        ("unit", "u".repeat(65), "invalid_unit"),
        ("specification", "s".repeat(1_001), "invalid_specification"),
        ("kind", "rock".to_owned(), "invalid_kind"),
    ] {
        let mut body = whole.clone();
        body[field] = json!(value);
        add(body).await.refuses(422, reason);
    }
    // A product may have whatever unit an announcement may.
    let bare = json!({"code": "P64", "name": "x", "unit": "u".repeat(64)});
    assert_eq!(add(bare.clone()).await.status, 201);
    let mut shown = bare;
    for field in ["name_en", "specification", "kind"] {
        shown[field] = json!(null);
    }
    let products = venue.get("/api/v1/products").by(&trader).send().await.json;
    assert_eq!(products["items"], json!([whole, shown]));
    let one = venue.get("/api/v1/products/Nd%2F2%20O3").by(&trader).send().await;
    assert_eq!((one.status.as_u16(), &one.json), (200, &whole));
    venue.get("/api/v1/products/X").by(&trader).send().await.refuses(404, "unknown_product");
}

/// Protects that an admin replaces what is said of a product, whole, and that its code and unit stay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_is_described_anew() {
    let venue = Venue::start().await;
    let admin = venue.sign_in("adm1").await;
    let body = json!({"code": "Dy", "name": "氧化镝", "unit": "kg", "name_en": "Dysprosium", "kind": "metal"});
    assert_eq!(venue.post("/api/v1/products").by(&admin).json(body).send().await.status, 201);
    let describe = async |code: &str, key: &str, body: serde_json::Value| {
        venue.call(Method::PUT, &format!("/api/v1/products/{code}")).by(&admin).key(key).json(body).send().await
    };
    let new = json!({"name": "氧化镝", "specification": "Dy2O3/TREO ≥ 99.5 %", "kind": "oxide"});
    describe("X", "a", new.clone()).await.refuses(404, "unknown_product");
    describe("Dy", "b", json!({"name": "x", "unit": "t"})).await.refuses(400, "invalid_body");
    describe("Dy", "c", json!({"name": "x", "kind": "Oxide"})).await.refuses(422, "invalid_kind");
    let described = describe("Dy", "d", new.clone()).await;
    assert_eq!(described.status, 200, "{}", described.json);
    let again = describe("Dy", "d", new.clone()).await;
    assert!(again.replayed() && again.body == described.body);
    describe("Dy", "e", new).await.refuses(409, "unchanged");
    let shown = venue.get("/api/v1/products/Dy").by(&admin).send().await.json;
    assert_eq!(
        shown,
        json!({"code": "Dy", "name": "氧化镝", "unit": "kg", "name_en": null,
            "specification": "Dy2O3/TREO ≥ 99.5 %", "kind": "oxide"})
    );
}
