//! Three real processes behind one entrance, as whoever checks from outside uses them: the leader is killed again and
//! again under load, and nothing that was answered is lost or done twice.

mod kit;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use kit::demonstration::{Demonstration, PATIENCE, address_of, ask, cents, kill, pay_in};
use kit::process::{self, Running, run, text};

/// How often the leader is killed.
const KILLS: usize = 3;
/// How many clients pay in at once.
const CLIENTS: u64 = 4;

/// Protects the first promise of the whole: the leader dies three times under load, and every payment that was answered is
/// there once, in its place, on every node; asked again on any of them it has the same answer; the states agree, and every
/// node's history verifies.
#[test]
fn the_leader_dies_and_nothing_answered_is_lost() {
    let _alone = kit::alone();
    let mut demonstration = Demonstration::start(&["--respawn"]);
    assert_eq!(demonstration.ready["nodes"].as_array().unwrap().len(), 3);
    let token = demonstration.sign_in("settlement");
    let funds = |address: &str| {
        let headers = [("Authorization", token.as_str())];
        let funds = ask(address, "GET", "/api/v1/members/B1/funds", &headers, None);
        funds.filter(|(status, ..)| *status == 200).map(|(.., funds)| cents(&funds["available"]))
    };
    let before = funds(&demonstration.entrance).unwrap();
    let (count, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let answered = Arc::new(Mutex::new(BTreeMap::new()));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (count, over, answered) = (Arc::clone(&count), Arc::clone(&over), Arc::clone(&answered));
            let (entrance, token) = (demonstration.entrance.clone(), token.clone());
            std::thread::spawn(move || {
                while !over.load(Ordering::Acquire) {
                    let number = count.fetch_add(1, Ordering::AcqRel);
                    let sequence = pay_in(&entrance, &token, number);
                    answered.lock().unwrap().insert(number, sequence);
                }
            })
        })
        .collect();
    let more = |than: usize| {
        let since = Instant::now();
        while answered.lock().unwrap().len() < than {
            assert!(since.elapsed() < PATIENCE, "payments go on");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    for _ in 0..KILLS {
        let so_far = answered.lock().unwrap().len();
        more(so_far + 20);
        let leader = demonstration.leader();
        kill(&leader);
        let at_death = answered.lock().unwrap().len();
        let since = Instant::now();
        // Whoever was on the way when the leader died is answered first; more than those shows that it goes on.
        more(at_death + usize::try_from(CLIENTS).unwrap() + 1);
        println!("after the death of node {}: {:?} to the next answers", leader["id"], since.elapsed());
        let back = |nodes: &[Value]| {
            let again = nodes.iter().find(|node| node["id"] == leader["id"]);
            again.is_some_and(|node| !node["pid"].is_null() && node["pid"] != leader["pid"])
        };
        demonstration.until("it comes back", back);
    }
    over.store(true, Ordering::Release);
    for client in clients {
        client.join().unwrap();
    }
    let answered = answered.lock().unwrap().clone();
    let mut places: Vec<u64> = answered.values().copied().collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), answered.len(), "each has a place of its own");

    let same = |nodes: &[Value]| {
        let first = &nodes[0];
        nodes.len() == 3
            && !first["digest"].is_null()
            && nodes.iter().all(|node| node["digest"] == first["digest"] && node["sequence"] == first["sequence"])
    };
    let status = demonstration.until("all nodes agree", |nodes| !nodes.is_empty() && same(nodes));
    let last = (answered.len() as u64) - 1;
    for node in &status {
        let address = address_of(&node["url"]);
        assert_eq!(funds(&address), Some(before + answered.len() as u64), "each payment once, on node {}", node["id"]);
        for number in [0, last] {
            let key = format!("pay-{number}");
            let body = json!({"amount": "0.01", "reference": format!("payment {number}")});
            let headers = [("Authorization", token.as_str()), ("Idempotency-Key", key.as_str())];
            let (status, head, again) =
                ask(&address, "POST", "/api/v1/members/B1/deposits", &headers, Some(&body)).unwrap();
            assert_eq!((status, again["sequence"].as_u64()), (201, Some(answered[&number])));
            assert!(head.to_lowercase().contains("idempotent-replayed: true"), "{head}");
        }
    }
    demonstration.stop();
    demonstration.verify_all();
}

/// Protects what api.md says of a demonstration that is not told to bring nodes back: one death is borne, two are said, and
/// one that comes back heals it; and all of it ends with its parent, however that ends.
#[test]
fn two_deaths_are_too_many_and_one_back_heals() {
    let _alone = kit::alone();
    let demonstration = Demonstration::start(&[]);
    let token = demonstration.sign_in("settlement");
    pay_in(&demonstration.entrance, &token, 1);
    let dead = demonstration.leader();
    kill(&dead);
    pay_in(&demonstration.entrance, &token, 2);
    kill(&demonstration.leader());
    let body = json!({"amount": "0.01", "reference": "payment 3"});
    let headers = [("Authorization", token.as_str()), ("Idempotency-Key", "pay-3")];
    let since = Instant::now();
    loop {
        match ask(&demonstration.entrance, "POST", "/api/v1/members/B1/deposits", &headers, Some(&body)) {
            Some((503, _, problem)) => {
                assert_eq!(problem["reason"], "unavailable");
                break;
            }
            Some((504, ..)) | None => {}
            other => panic!("{other:?}"),
        }
        assert!(since.elapsed() < PATIENCE);
    }
    let not_ready = ask(&demonstration.entrance, "GET", "/readyz", &[], None).unwrap();
    assert_eq!((not_ready.0, &not_ready.2["reason"]), (503, &json!("not_ready")));
    let read = ask(&demonstration.entrance, "GET", "/api/v1/head", &[], None).unwrap();
    assert!(read.0 == 200 && read.1.to_lowercase().contains("bayan-stale: true"), "{}", read.1);
    let id = dead["id"].to_string();
    let back = Running::start(&["dev-node", "--data", text(demonstration.folder.path()), "--node", &id, "--no-bots"]);
    pay_in(&demonstration.entrance, &token, 3);
    back.stop();
    let alive: Vec<u64> =
        demonstration.status().unwrap_or_default().iter().filter_map(|node| node["pid"].as_u64()).collect();
    assert!(!alive.is_empty());
    drop(demonstration);
    let since = Instant::now();
    while alive.iter().any(|pid| Path::new(&format!("/proc/{pid}")).exists() && !is_zombie(*pid)) {
        assert!(since.elapsed() < PATIENCE, "{alive:?} outlive their parent");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn is_zombie(pid: u64) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// Protects a cluster from what is not of it, as it is set up by hand: certificates that do not fit, another venue, a taken
/// number, a configuration without its files. Each is one line.
#[test]
fn what_does_not_fit_is_refused_in_one_line() {
    let _alone = kit::alone();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, toml: &str| {
        std::fs::write(at(name), toml).unwrap();
        text(&at(name)).to_owned()
    };
    let data = |name: &str| {
        format!("[node]\ndata = {:?}\n[http]\nlisten = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"\n", at(name))
    };
    let first = write("first.toml", &data("first"));
    let made = run(&["init", "--config", &first]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let keys = run(&[
        "cluster",
        "keys",
        "--data",
        text(&at("first")),
        "--out",
        text(&at("keys")),
        "--node",
        "1",
        "--node",
        "2",
    ]);
    assert!(keys.status.success(), "{}", String::from_utf8_lossy(&keys.stderr));
    let again =
        process::refused(&["cluster", "keys", "--data", text(&at("first")), "--out", text(&at("keys")), "--node", "1"]);
    assert!(again.contains("--renew"), "{again}");
    let renewed =
        run(&["cluster", "keys", "--data", text(&at("first")), "--out", text(&at("keys")), "--node", "1", "--renew"]);
    assert!(renewed.status.success());

    let cluster = |node: u64, certificate: u64| {
        format!(
            "[cluster]\nnode = {node}\nlisten = \"127.0.0.1:0\"\naddress = \"127.0.0.1:1\"\nauthority = {:?}\ncertificate = {:?}\nkey = {:?}\n",
            at("keys").join("authority.pem"),
            at("keys").join(format!("node-{certificate}.pem")),
            at("keys").join(format!("node-{certificate}.key")),
        )
    };
    let wrong_number = write("wrong.toml", &(data("first") + &cluster(2, 2)));
    let why = process::refused(&["serve", "--config", &wrong_number]);
    assert!(why.contains("the folder of node 1, and the configuration says node 2"), "{why}");
    let no_files = write("none.toml", &(data("first") + "[cluster]\nnode = 1\nlisten = \"127.0.0.1:0\"\n"));
    let why = process::refused(&["serve", "--config", &no_files]);
    assert!(why.contains("bayan cluster keys"), "{why}");
    let second = write("second.toml", &(data("second") + &cluster(2, 2)));
    let why = process::refused(&["cluster", "init", "--config", &second, "--secrets", text(&at("nowhere"))]);
    assert!(why.contains("venue.key is missing"), "{why}");
    let secrets = at("first").join("secrets");
    let made = run(&["cluster", "init", "--config", &second, "--secrets", text(&secrets)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let why = process::refused(&["cluster", "init", "--config", &second, "--secrets", text(&secrets)]);
    assert!(why.contains("begins with an empty folder"), "{why}");
    let alone = run(&["cluster", "status", "--config", &first]);
    assert!(!alone.status.success());
    let why = String::from_utf8(alone.stderr).unwrap();
    assert!(why.contains("no node answers") && why.lines().count() == 1, "{why}");
}
