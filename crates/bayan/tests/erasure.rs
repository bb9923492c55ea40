//! A person who is forgotten stays so: through a kill, a start from a snapshot, and under `verify`.

mod kit;

use kit::process::{run, text};
use kit::venue::{Settings, Venue};
use serde_json::{Value, json};

fn person(venue: &mut Venue, number: &Value) -> Value {
    let page = venue.get(Some("admin"), "/api/v1/users").json();
    page["items"].as_array().unwrap().iter().find(|user| user["id"] == *number).unwrap().clone()
}

/// Protects who was forgotten, and the venue: its key is gone from the disk for good, nobody reads its login and name any
/// more, its bids stay its member's, and history re-executes to the same head.
#[test]
fn who_is_forgotten_stays_so_and_history_holds() {
    let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
    let second = "admin-2 has this once";
    venue.done(
        "admin",
        "/api/v1/users",
        &json!({"login": "admin-2", "name": "二", "role": "admin", "password": second}),
    );
    venue.enter("admin-2", second);
    let users = venue.get(Some("admin"), "/api/v1/users").json();
    let trader = users["items"].as_array().unwrap().iter().find(|user| user["login"] == "b1-trader").unwrap().clone();
    let before = std::fs::read(venue.data().join("secrets/persons.keys")).unwrap();
    let asked = venue.done("admin", "/api/v1/users/b1-trader/erasure", &json!({}));
    venue.done("admin-2", &format!("/api/v1/approvals/{}", asked["id"]), &json!({}));
    venue.kill();

    let after = std::fs::read(venue.data().join("secrets/persons.keys")).unwrap();
    let slots = |bytes: &[u8]| bytes.chunks(64).filter(|slot| slot.iter().any(|byte| *byte != 0)).count();
    assert_eq!((after.len(), slots(&after)), (before.len(), slots(&before) - 1));
    let key = before.chunks(64).zip(after.chunks(64)).find(|(was, is)| was != is).unwrap().0[16..48].to_vec();
    for file in kit::files(&venue.data()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(32).any(|part| part == key), "{} has the destroyed key", file.display());
    }
    for _ in 0..2 {
        venue.start();
        let gone = person(&mut venue, &trader["id"]);
        assert_eq!((&gone["login"], &gone["name"], &gone["forgotten"]), (&Value::Null, &Value::Null, &json!(true)));
        let session = json!({"login": "b1-trader", "password": "the same for all of them"});
        assert_eq!(venue.ask("POST", "/api/v1/sessions", &[], Some(&session)).status, 401);
        venue.stop();
        let verified = run(&["verify", text(&venue.data())]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}
