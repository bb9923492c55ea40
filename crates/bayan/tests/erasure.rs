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
    // Where it is reached by notices is personal too, and under the same key.
    let settings = json!({"language": "zh", "per_hour": 20, "quiet": null, "utc_offset": "+08:00",
        "email": "planted-address@member.example", "phone": "+8613812345678", "wecom": null, "kinds": {}});
    let path = "/api/v1/notices/settings";
    assert_eq!(venue.change("PUT", "b1-trader", path, &settings).status, 200);
    let kept = venue.get(Some("b1-trader"), path).json();
    assert_eq!(kept["settings"]["email"], "planted-address@member.example");
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
        for planted in [b"planted-address".as_slice(), b"13812345678"] {
            let found = bytes.windows(planted.len()).any(|part| part == planted);
            assert!(!found, "{} has an address", file.display());
        }
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

/// Protects who applied for its firm in vain, and the venue: what it said of itself and its documents are in no file, neither before nor
/// after two admins forgot it; its key is gone for good, and history re-executes to the same head.
#[test]
fn an_applicant_is_forgotten_and_history_holds() {
    let mut venue = Venue::make(Settings::default());
    let second = "admin-2 has this once";
    venue.done(
        "admin",
        "/api/v1/users",
        &json!({"login": "admin-2", "name": "二", "role": "admin", "password": second}),
    );
    venue.enter("admin-2", second);
    let application = json!({
        "firm": {"credit_code": "91150000701463622D", "name": "北方稀土"},
        "contact": {"name": "Planted Person", "login": "planted-login", "phone": "+8613987654321",
            "email": "planted@firm.example"},
    });
    let made =
        venue.ask("POST", "/api/v1/applications", &[("Idempotency-Key", "nobody-guesses-this")], Some(&application));
    assert_eq!(made.status, 201);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let document = b"%PDF-1.7\n% planted-document 4711\n%%EOF";
    let added = venue.send(
        "POST",
        "/api/v1/applications/own/documents?name=planted-name.pdf",
        &[("Application-Token", &token)],
        ("application/pdf", document),
    );
    assert_eq!(added.status, 201);
    let planted =
        ["Planted Person", "planted-login", "13987654321", "planted@firm", "planted-document", "planted-name", &token];
    let nowhere = |venue: &Venue| {
        for file in kit::files(&venue.data()) {
            let bytes = std::fs::read(&file).unwrap();
            for text in planted {
                let found = bytes.windows(text.len()).any(|part| part == text.as_bytes());
                assert!(!found, "{} has {text}", file.display());
            }
        }
    };
    nowhere(&venue);
    let keys = |venue: &Venue| {
        let bytes = std::fs::read(venue.data().join("secrets/persons.keys")).unwrap();
        bytes.chunks(64).filter(|slot| slot.iter().any(|byte| *byte != 0)).count()
    };
    let before = keys(&venue);
    venue.done("admin", "/api/v1/applications/1/refusal", &json!({"reason": "执照看不清"}));
    let asked = venue.done("admin", "/api/v1/applications/1/erasure", &json!({}));
    venue.done("admin-2", &format!("/api/v1/approvals/{}", asked["id"]), &json!({}));
    venue.kill();
    assert_eq!(keys(&venue), before - 1);
    nowhere(&venue);
    venue.start();
    let gone = venue.get(Some("admin"), "/api/v1/applications/1").json();
    assert_eq!(
        (&gone["contact"], &gone["forgotten"], &gone["firm"]["name"]),
        (&Value::Null, &json!(true), &json!("北方稀土"))
    );
    assert_eq!(venue.ask("GET", "/api/v1/applications/own", &[("Application-Token", &token)], None).status, 404);
    venue.stop();
    let verified = run(&["verify", text(&venue.data())]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}
