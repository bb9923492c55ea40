//! `bayan dev` as whoever checks from outside uses it.

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use crate::process::{Running, ask, refused, run, text};
use gateway::totp::TotpSecret;
use serde_json::{Value, json};

/// Starts the demonstration and gives what it says, and the address in its url.
fn start(data: &str, more: &[&str]) -> (Running, Value, String) {
    let mut program = Running::start(&[&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data], more].concat());
    let ready: Value = serde_json::from_str(&program.first_line()).unwrap();
    let port = ready["url"].as_str().unwrap().strip_prefix("http://localhost:").unwrap();
    let address = format!("127.0.0.1:{port}");
    (program, ready, address)
}

fn sign_in(address: &str, user: &Value) -> String {
    let mut body = json!({"login": user["login"], "password": user["password"]});
    if let Some(secret) = user["totp_secret"].as_str() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        body["code"] = json!(TotpSecret::parse(secret).unwrap().code(now));
    }
    let (status, session) = ask(address, "POST", "/api/v1/sessions", &[], Some(&body));
    assert_eq!(status, 201, "{session}");
    assert_eq!(session["user"]["role"], user["role"]);
    format!("Bearer {}", session["token"].as_str().unwrap())
}

fn running(address: &str, token: &str, side: &str) -> Vec<Value> {
    let path = format!("/api/v1/auctions?status=running&side={side}");
    let (status, page) = ask(address, "GET", &path, &[("Authorization", token)], None);
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// Protects what api.md promises of the demonstration: who is there, what runs, that a stop
/// loses nothing, that the archive is rebuilt, and that `verify` agrees.
#[test]
fn the_demonstration_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let (program, ready, address) = start(data, &["--no-bots"]);
    let users = ready["users"].as_array().unwrap();
    let mut roles: HashMap<&str, usize> = HashMap::new();
    for user in users {
        *roles.entry(user["role"].as_str().unwrap()).or_default() += 1;
    }
    for (role, least) in
        [("operator", 2), ("settlement", 2), ("admin", 2), ("auditor", 2), ("trader", 12), ("manager", 12)]
    {
        assert!(roles[role] >= least, "{roles:?}");
    }
    let mode = fs::metadata(folder.path().join("dev-users.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only the owner reads the passwords");

    for user in users {
        assert_eq!(user["totp_secret"].is_string(), user["member"].is_null(), "staff have a second factor: {user}");
    }
    let operator = users.iter().find(|user| user["role"] == "operator").unwrap();
    let without = json!({"login": operator["login"], "password": operator["password"]});
    let (status, refused_without) = ask(&address, "POST", "/api/v1/sessions", &[], Some(&without));
    assert_eq!((status, &refused_without["reason"]), (401, &json!("second_factor_required")));
    sign_in(&address, operator);

    let trader = users.iter().find(|user| user["role"] == "trader").unwrap();
    let token = sign_in(&address, trader);
    let path = "/api/v1/demonstration/history/PrNd-oxide?limit=1";
    let made_up = ask(&address, "GET", path, &[("Authorization", &token)], None).1;
    assert_eq!((&made_up["made_up"], &made_up["items"][0]["close"]), (&json!(true), &json!("624900.00")));
    let sale = running(&address, &token, "sale").remove(0);
    let procurement = running(&address, &token, "procurement").remove(0);
    let auction =
        |id: &Value| ask(&address, "GET", &format!("/api/v1/auctions/{id}"), &[("Authorization", &token)], None).1;
    assert_eq!(auction(&sale["id"])["lots"].as_array().unwrap().len(), 5);
    assert_eq!(auction(&procurement["id"])["lots"].as_array().unwrap().len(), 3);

    let path = format!("/api/v1/auctions/{}/lots/1/bids", sale["id"]);
    let headers = [("Authorization", token.as_str()), ("Idempotency-Key", "first")];
    let bid = json!({"price": "565000.00"});
    let (status, first) = ask(&address, "POST", &path, &headers, Some(&bid));
    assert_eq!(status, 201, "{first}");
    assert!(refused(&["dev", "--data", data, "--listen", "127.0.0.1:0"]).contains("in use by another node"));
    program.stop();

    for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
        if text(&file).contains("archive.sqlite") {
            fs::remove_file(file).unwrap();
        }
    }
    let (program, again, address) = start(data, &["--no-bots"]);
    assert_eq!(again["users"], ready["users"]);
    let (status, repeated) = ask(&address, "POST", &path, &headers, Some(&bid));
    assert_eq!((status, &repeated["sequence"]), (201, &first["sequence"]));
    assert_eq!(running(&address, &token, "sale").len(), 1, "no second demonstration is made");
    let history = || ask(&address, "GET", &path, &[("Authorization", &token)], None).1["items"].clone();
    let rebuilt = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        history()[0]["price"] == "565000.00"
    });
    assert!(rebuilt, "an archive that was deleted is rebuilt: {}", history());
    program.stop();

    let verified = run(&["verify", data]);
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    for word in ["sequence ", "hash     ", "digest   "] {
        assert!(said.lines().any(|line| line.starts_with(word)), "{said}");
    }
}

/// Protects a demonstration whose people have halted it and ended its auctions: it starts again, and leaves that as it is.
#[test]
fn a_halted_demonstration_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let (program, ready, address) = start(data, &["--no-bots"]);
    let operator = ready["users"].as_array().unwrap().iter().find(|user| user["role"] == "operator").unwrap();
    let token = sign_in(&address, operator);
    let act = |path: &str, body: Value| {
        let headers = [("Authorization", token.as_str()), ("Idempotency-Key", path)];
        let (status, said) = ask(&address, "POST", path, &headers, Some(&body));
        assert!(matches!(status, 200 | 201), "{path}: {said}");
    };
    for side in ["sale", "procurement"] {
        for auction in running(&address, &token, side) {
            act(&format!("/api/v1/auctions/{}/cancellation", auction["id"]), json!({"reason": "盘点"}));
        }
    }
    act("/api/v1/halts", json!({"scope": {"kind": "market"}, "reason": "盘点"}));
    program.stop();
    let (program, again, address) = start(data, &["--no-bots"]);
    assert_eq!(again["users"], ready["users"]);
    assert!(running(&address, &token, "sale").is_empty() && running(&address, &token, "procurement").is_empty());
    program.stop();
}

/// Protects that bots make the market move, in auctions of their own.
#[test]
fn bots_bid_in_auctions_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (program, ready, address) = start(text(folder.path()), &[]);
    let trader = ready["users"].as_array().unwrap().iter().find(|user| user["role"] == "trader").unwrap();
    let token = sign_in(&address, trader);
    let read = |path: &str| ask(&address, "GET", path, &[("Authorization", &token)], None).1;
    let bids_of = |auction: &Value| {
        let lots = read(&format!("/api/v1/auctions/{}", auction["id"]))["lots"].clone();
        lots.as_array().unwrap().iter().map(|lot| lot["accepted"].as_u64().unwrap()).sum::<u64>()
    };
    // Their first auctions open after three seconds, and then a bid comes every second or so.
    let moved = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        running(&address, &token, "sale").iter().any(|auction| bids_of(auction) > 0)
    });
    assert!(moved, "no bot has bid within a minute");
    for auction in running(&address, &token, "sale") {
        if auction["initiator"] == "NRE" {
            assert_eq!(bids_of(&auction), 0, "the auction that stays open is left to visitors");
        }
    }
    program.stop();
}

/// Protects that an address that was asked for and is taken is said in one line.
#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let message = refused(&["dev", "--listen", &address, "--data", text(folder.path())]);
    assert!(message.starts_with(&format!("{address} is in use by another program;")), "{message}");
}
